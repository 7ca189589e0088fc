"""slicelab as a plug-in of napari: opens projects for looking, and offers phantoms. It needs no window of slicelab's.

``slicelab/napari.yaml`` names these functions. They give napari plain arrays and settings; napari itself is not
imported here.
"""

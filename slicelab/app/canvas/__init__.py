"""The pictures one looks at and paints on; the only part of the window that knows napari.

Nothing is imported here: napari takes about two seconds, and the window is shown before that.
"""

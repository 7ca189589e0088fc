"""Foreign volumes (NIfTI, DICOM, NRRD, MHA) read safely: what is in a folder, and a volume from a file."""

from slicelab.data.dataset_folders import case_name, label_names_near
from slicelab.data.grids import check_same_grid
from slicelab.data.readers.model import Discovery, ReadVolume, Refusal, Source
from slicelab.data.readers.reader import VolumeReader

__all__ = [
    "Discovery",
    "ReadVolume",
    "Refusal",
    "Source",
    "VolumeReader",
    "case_name",
    "check_same_grid",
    "label_names_near",
]

"""A DICOM series for tests, its pictures written by GDCM."""

from __future__ import annotations

from pathlib import Path

import pydicom
import SimpleITK as sitk
from pydicom.uid import generate_uid


def dicom_series(folder: Path, image: sitk.Image, **fields: str) -> Path:
    """Write an image as a folder of single pictures.

    Args:
        folder: made here.
        image: 3D, int16.
        fields: DICOM keywords to values, in every picture; ``PrivateNote`` goes into a private tag.

    """
    folder.mkdir(parents=True)
    across, down, _ = (image.GetDirection()[k::3] for k in range(3))
    orientation = "\\".join(f"{cosine:g}" for cosine in (*across, *down))
    study, series = generate_uid(), generate_uid()
    private = fields.pop("PrivateNote", None)
    writer = sitk.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    for k in range(image.GetSize()[2]):
        picture = image[:, :, k]
        tags = {
            "0008|0060": "MR", "0020|000d": study, "0020|000e": series, "0020|0013": str(k + 1),
            "0020|0032": "\\".join(f"{mm:g}" for mm in image.TransformIndexToPhysicalPoint((0, 0, k))),
            "0020|0037": orientation,
        }  # fmt: skip
        for tag, value in tags.items():
            picture.SetMetaData(tag, value)
        path = folder / f"{k}.dcm"
        writer.SetFileName(str(path))
        writer.Execute(picture)
        dataset = pydicom.dcmread(path)
        dataset.SeriesDescription = "t2"
        for keyword, value in fields.items():
            setattr(dataset, keyword, value)
        if private is not None:
            dataset.private_block(0x0029, "A MAKER", create=True).add_new(1, "LO", private)
        dataset.save_as(path)
    return folder

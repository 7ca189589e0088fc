"""Foreign files for the tests, written by the libraries that other people write them with."""

from __future__ import annotations

from itertools import permutations, product
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

SHAPE = (7, 6, 5)
SPACING = (0.9, 1.1, 3.3)
FORMATS = ("nii", "nii.gz", "nrrd", "mha", "dicom")


def voxels(shape=SHAPE, seed=0, dtype=np.int16):
    """Voxels that are all different, so that any flip or permutation shows."""
    order = np.random.default_rng(seed).permutation(int(np.prod(shape)))
    return order.reshape(shape).astype(dtype)


def orientations():
    """The 48 ways in which three array axes can run along the patient's: 3x3 signed permutation matrices."""
    for axes in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            matrix = np.zeros((3, 3))
            matrix[list(axes), range(3)] = signs
            yield matrix


def rotation(seed):
    """A random rotation, 3x3."""
    rng = np.random.default_rng(seed)
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q if np.linalg.det(q) > 0 else -q


def affine_of(directions=None, spacing=SPACING, origin=(-11.5, 20.25, 33.0)):
    """A 4x4 affine to RAS+ mm."""
    affine = np.eye(4)
    affine[:3, :3] = (np.eye(3) if directions is None else directions) * np.array(spacing)
    affine[:3, 3] = origin
    return affine


def write_nifti(path: Path, array, affine, *, kind=nibabel.Nifti1Image) -> Path:
    """One NIfTI file with sform and qform."""
    image = kind(array, affine, dtype=array.dtype)
    image.set_sform(affine, 1)
    image.set_qform(affine, 1)
    nibabel.save(image, path)
    return path


def write_itk(path: Path, array, affine, *, compress=False) -> Path:
    """NRRD or MetaImage, chosen by the ending, by SimpleITK."""
    image = sitk.GetImageFromArray(np.ascontiguousarray(array.T))
    lps = np.diag([-1, -1, 1, 1]) @ affine
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin(lps[:3, 3].tolist())
    sitk.WriteImage(image, str(path), useCompression=compress)
    return path


def dicom_slice(
    pixels, *, position, orientation=(1, 0, 0, 0, 1, 0), spacing=(1.0, 1.0), number=1, series="1.2.3.4", **more
):
    """One DICOM picture; ``pixels`` (row, column) uint16."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[series, str(number), str(more)])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    ds.SOPClassUID, ds.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
    ds.Modality, ds.PatientID, ds.PatientName = "MR", "planted-id-4711", "Planted^Name"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", series
    ds.SeriesNumber, ds.SeriesDescription, ds.InstanceNumber = 4, "t2_tse_tra", number
    ds.Rows, ds.Columns = pixels.shape
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 0
    ds.PixelSpacing, ds.SliceThickness = [str(s)[:16] for s in spacing], 3.3
    ds.ImagePositionPatient = [f"{p:.10g}" for p in position]
    ds.ImageOrientationPatient = [f"{o:.10g}" for o in orientation]
    ds.WindowCenter, ds.WindowWidth = 100, 80
    ds.PixelData = pixels.astype("<u2").tobytes()
    for key, value in more.items():
        setattr(ds, key, value)
    return ds


def write_dicom(folder: Path, array, affine, *, series="1.2.3.4", shuffle=0, **more) -> Path:
    """A series of single pictures, file names in random order; ``array`` (column, row, slice)."""
    folder.mkdir(parents=True, exist_ok=True)
    lps = np.diag([-1, -1, 1, 1]) @ affine
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    directions = lps[:3, :3] / spacing
    names = np.random.default_rng(shuffle).permutation(array.shape[2])
    for k in range(array.shape[2]):
        ds = dicom_slice(
            array[:, :, k].T,
            position=lps[:3, 3] + k * lps[:3, 2],
            orientation=[*directions[:, 0], *directions[:, 1]],
            spacing=(float(spacing[1]), float(spacing[0])),
            number=k + 1,
            series=series,
            **more,
        )
        save(ds, folder / f"{names[k]:03d}_{series[-1]}")
    return folder


def save(ds, path: Path) -> Path:
    """Write a DICOM data set."""
    pydicom.dcmwrite(path, ds, enforce_file_format=True)
    return path


def write(folder: Path, format_name: str, array, affine) -> Path:
    """The same volume in any of :data:`FORMATS`."""
    folder.mkdir(parents=True, exist_ok=True)
    if format_name == "dicom":
        return write_dicom(folder / "series", array, affine)
    path = folder / f"volume.{format_name}"
    return write_nifti(path, array, affine) if "nii" in format_name else write_itk(path, array, affine, compress=True)

"""Files of per-coil data: what is read, and what is refused before anything large is allocated."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from slicelab.core.errors import UnreadableFileError
from slicelab.data.radial.coil_file import is_numpy, read_coil_file

IMAGES = (np.arange(3 * 20 * 18).reshape(3, 20, 18) + 1j).astype(np.complex64)
SPOKES = np.ones((2, 10, 32), np.complex128)
ANGLES = np.arange(10) * np.pi / 10


class Trap:
    """Would leave a file behind if anybody unpickled it."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple:
        return Path.touch, (self.target,)


def saved(folder: Path, **arrays: object) -> Path:
    path = folder / "coils.npz"
    np.savez(path, **arrays)
    return path


def zipped(folder: Path, **members: bytes) -> Path:
    path = folder / "made.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array)
    return buffer.getvalue()


def npy_claiming(shape: str, descr: str = "<c8", content: bytes = b"") -> bytes:
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def test_images_are_read_with_what_is_known_of_them(tmp_path: Path) -> None:
    region = np.zeros((20, 18), np.uint8)
    region[:3] = 1
    data = read_coil_file(
        saved(tmp_path, images=IMAGES, pixel_size=[1.5, 1.25], slice_spacing=6, affine=np.diag([2, 3, 4, 1]),
              region=region)
    )  # fmt: skip
    np.testing.assert_array_equal(data.samples[:, 0], IMAGES)
    assert data.has_phase
    assert data.angles is None
    assert (data.matrix, data.pixel_mm, data.slice_mm, data.notes) == ((20, 18), (1.5, 1.25), 6.0, ())
    assert data.affine is not None
    assert data.region is not None
    assert data.region.sum() == 54


def test_kspace_of_a_stack_is_read(tmp_path: Path) -> None:
    kspace = np.stack([SPOKES, 2 * SPOKES], axis=1)
    data = read_coil_file(saved(tmp_path, kspace=kspace, angles=ANGLES, matrix=16, pixel_size=2.0))
    assert data.samples.shape == (2, 2, 10, 32)
    assert (data.matrix, data.pixel_mm, data.slice_mm) == ((16, 16), (2.0, 2.0), 2.0)
    np.testing.assert_array_equal(data.angles, ANGLES)


def test_a_plain_npy_file_holds_images(tmp_path: Path) -> None:
    np.save(tmp_path / "magnitudes.npy", np.abs(IMAGES))
    data = read_coil_file(tmp_path / "magnitudes.npy")
    assert not data.has_phase
    assert data.pixel_mm == (1.0, 1.0)
    assert "1 mm was assumed" in " ".join(data.notes)


@pytest.mark.parametrize("dtype", [np.int16, np.uint8, np.float16, np.float64, np.complex128, ">c8", ">f4"])
def test_any_kind_of_number_is_read(tmp_path: Path, dtype: str) -> None:
    values = (np.arange(2 * 16 * 16) % 50).reshape(2, 16, 16).astype(dtype)
    data = read_coil_file(saved(tmp_path, images=np.asfortranarray(values)))
    np.testing.assert_array_equal(data.samples[:, 0].real, values.real.astype(np.float32))


def test_nothing_is_ever_unpickled(tmp_path: Path) -> None:
    trap = np.empty((2, 16, 16), object)
    trap[0, 0, 0] = Trap(tmp_path / "sprung")
    np.save(tmp_path / "trap.npy", trap, allow_pickle=True)
    for path in (saved(tmp_path, images=trap), saved(tmp_path, images=IMAGES, region=trap), tmp_path / "trap.npy"):
        with pytest.raises(UnreadableFileError, match="no plain numbers"):
            read_coil_file(path)
    assert not (tmp_path / "sprung").exists()


LIES = {
    "more than the file has": npy_claiming("(8, 512, 512)", content=b"\0" * 64),
    "terabytes": npy_claiming("(8, 1000000, 1000000)", content=b"\0" * 64),
    "overflowing": npy_claiming("(4294967296, 4294967296, 4294967296)"),
    "negative": npy_claiming("(2, -16, 16)"),
    "empty": npy_claiming("(0, 16, 16)"),
    "too long": npy(IMAGES) + b"more",
    "cut": npy(IMAGES)[:-5],
    "text": npy(np.full((2, 16, 16), "x")),
    "records": npy_claiming("(2, 16, 16)", descr="|V8", content=b"\0" * 4096),
    "no header": b"\x93NUMPY\x01\x00",
    "wrong version": b"\x93NUMPY\x07\x00" + b"\0" * 200,
    "endless header": b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31) + b" " * 20_000,
    "header that is code": npy_claiming("__import__('os').getcwd()"),
    "nothing": b"",
}


@pytest.mark.parametrize("content", LIES.values(), ids=LIES)
def test_an_array_that_lies_about_itself_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_coil_file(zipped(tmp_path, images=content))
    if is_numpy(_written(tmp_path / "alone.npy", content)):
        with pytest.raises(UnreadableFileError):
            read_coil_file(tmp_path / "alone.npy")


def test_a_bomb_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    path = zipped(tmp_path, images=npy_claiming("(16, 16, 400, 1024)", content=bytes(16 * 16 * 400 * 1024 * 8 // 64)))
    assert path.stat().st_size < 200_000
    with pytest.raises(UnreadableFileError, match="truncated"):
        read_coil_file(path)


BAD = {
    "neither": ({"other": IMAGES}, "neither images nor k-space"),
    "both": ({"images": IMAGES, "kspace": SPOKES}, "both images and k-space"),
    "one picture": ({"images": IMAGES[0]}, "2 axes"),
    "one coil": ({"images": IMAGES[:1]}, "1 coils"),
    "too many axes": ({"images": IMAGES[None, None]}, "5 axes"),
    "tiny": ({"images": IMAGES[:, :3, :3]}, "3 x 3 pixels"),
    "not finite": ({"images": np.where(np.arange(18) == 4, np.nan, IMAGES)}, "not finite"),
    "too large for a float": ({"images": np.full((2, 16, 16), 1e300)}, "not finite"),
    "all zero": ({"images": np.zeros((2, 16, 16))}, "all zero"),
    "no angles": ({"kspace": SPOKES}, "without the angles"),
    "too few angles": ({"kspace": SPOKES, "angles": ANGLES[:9]}, "10 spokes"),
    "axes swapped": ({"kspace": SPOKES.swapaxes(1, 2), "angles": ANGLES}, "32 spokes"),
    "angles not finite": ({"kspace": SPOKES, "angles": ANGLES * np.nan}, "finite numbers"),
    "real k-space": ({"kspace": SPOKES.real, "angles": ANGLES}, "not complex"),
    "few spokes": ({"kspace": SPOKES[:, :5], "angles": ANGLES[:5]}, "5 spokes"),
    "matrix too large": ({"kspace": SPOKES, "angles": ANGLES, "matrix": 64}, "larger than a spoke"),
    "matrix of nothing": ({"kspace": SPOKES, "angles": ANGLES, "matrix": 0}, "0 x 0 pixels"),
    "pixel of nothing": ({"images": IMAGES, "pixel_size": 0.0}, "impossible"),
    "pixel not a number": ({"images": IMAGES, "pixel_size": np.nan}, "impossible"),
    "pixel complex": ({"images": IMAGES, "pixel_size": 1j}, "impossible"),
    "affine of another shape": ({"images": IMAGES, "affine": np.eye(3)}, "affine"),
    "region of another shape": ({"images": IMAGES, "region": np.ones((5, 5))}, "region"),
}


@pytest.mark.parametrize(("arrays", "words"), BAD.values(), ids=BAD)
def test_data_that_cannot_be_meant_are_refused_in_words(tmp_path: Path, arrays: dict, words: str) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        read_coil_file(saved(tmp_path, **arrays))


def test_damage_anywhere_is_refused_or_harmless(tmp_path: Path, rng: np.random.Generator) -> None:
    whole = bytearray(saved(tmp_path, images=IMAGES, pixel_size=1.0).read_bytes())
    for length in range(0, len(whole), 613):
        _outcome(_written(tmp_path / "cut.npz", bytes(whole[:length])))
    for place in rng.integers(len(whole), size=150):
        changed = bytearray(whole)
        changed[place] ^= 1 << int(rng.integers(8))
        _outcome(_written(tmp_path / "changed.npz", bytes(changed)))


def _outcome(path: Path) -> None:
    """Reading either works or is refused as it should; any other error ends the test."""
    with contextlib.suppress(UnreadableFileError):
        read_coil_file(path)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path

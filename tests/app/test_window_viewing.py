"""How pictures and masks look, and what is said of the place under the mouse: judged from pixels and from the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtTest import QTest

from slicelab.app.canvas.tools import MaskLook

pytestmark = pytest.mark.window


@pytest.fixture
def looking(person: Person) -> Iterator[Person]:
    """Somebody with the labelled case open on the slice with most of the liver; looks are put back afterwards."""
    person.open_case("phantom_01")
    person.canvas.set_slice(int(np.argmax((person.shown == 1).sum(axis=(1, 2)))))
    person.pause(0.1)
    yield person
    screen = person.window.screen_
    screen.looks.change(**vars(MaskLook()))
    if not screen.looks.smooth:
        screen.looks.toggle_smooth()


def rgb(picture: QImage | QPixmap) -> np.ndarray:
    """Pixels ``(row, column, 3)``."""
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return pixels[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def rendered(person: Person) -> np.ndarray:
    """What the large plane's canvas has drawn, without the sheet of lines and words above it."""
    return rgb(person.canvas.main.native.grabFramebuffer())


def inside(person: Person, value: int) -> tuple[int, int]:
    """The voxel ``(row, column)`` of a class that is farthest from its edge on the slice shown."""
    from scipy.ndimage import distance_transform_edt

    far = distance_transform_edt(person.shown[person.canvas.slice] == value)
    row, column = np.unravel_index(int(np.argmax(far)), far.shape)
    return int(row), int(column)


def tint(person: Person, value: int) -> int:
    """How far the pixel in the middle of a class is from grey."""
    at = person.canvas.main.position_of(*inside(person, value)).toPoint()
    return int(np.ptp(rendered(person)[at.y(), at.x()]))


def test_the_mouse_reads_class_intensity_voxel_and_place_in_the_patient(looking: Person, study: Path) -> None:
    canvas, at = looking.canvas.main, looking.canvas.slice
    row, column = inside(looking, 1)
    QTest.mouseMove(canvas.native, canvas.position_of(row, column).toPoint())
    looking.until(lambda: canvas.overlay.state.readout, what="something read")
    file = nib.as_closest_canonical(nib.load(study / "imagesTr" / "phantom_01.nii.gz"))
    x, y, z = file.shape[0] - 1 - column, file.shape[1] - 1 - row, at
    right, front, head = (file.affine @ (x, y, z, 1))[:3]
    said, voxel, place = canvas.overlay.state.readout
    assert said == f"liver · intensity {np.asarray(file.dataobj)[x, y, z]:,.4g}"
    assert voxel == f"voxel {column + 1}, {row + 1}, {at + 1}"
    sides = ["LR"[int(right >= 0)], "PA"[int(front >= 0)], "IS"[int(head >= 0)]]
    assert place == "  ".join(f"{s} {abs(mm):.0f}" for s, mm in zip(sides, (right, front, head), strict=True)) + " mm"
    looking.key(Qt.Key.Key_Up)
    looking.until(
        lambda: canvas.overlay.state.readout[1:2] == (f"voxel {column + 1}, {row + 1}, {at + 2}",),
        what="what lies under a mouse that rests, on the next slice",
    )
    QTest.mouseMove(looking.window.work.cases, QPoint(20, 10))
    looking.until(lambda: canvas.overlay.state.readout == (), what="nothing read outside")


def test_the_scale_bar_is_as_long_as_it_says_at_every_zoom(looking: Person) -> None:
    canvas = looking.canvas.main
    said = set()
    for _ in range(3):
        lower = rgb(canvas.grab())[-60:, : canvas.width() // 3].min(axis=2) > 150
        row = int(np.argmax(lower.sum(axis=1)))
        long = np.flatnonzero(lower[row])
        one_mm = (canvas.position_of(0, 10).x() - canvas.position_of(0, 0).x()) / 56.0
        bars = {mm: mm * one_mm for mm in (5, 10, 20, 50, 100, 200)}
        mm = min(bars, key=lambda bar: abs(bars[bar] - long.size))
        assert abs(bars[mm] - (long[-1] - long[0])) < 4
        said.add(mm)
        looking.wheel(8, ctrl=True)
    assert len(said) > 1


def test_i_shows_voxels_as_squares_or_smooth(looking: Person) -> None:
    def steps() -> float:
        """The share of pixels that are as their left neighbour."""
        grey = rendered(looking)[..., 0]
        body = grey[:, 1:] > 20
        return float((grey[:, 1:] == grey[:, :-1])[body].mean())

    looking.key(Qt.Key.Key_S)
    smooth = steps()
    looking.key(Qt.Key.Key_I)
    assert steps() > smooth + 0.3
    looking.key(Qt.Key.Key_I)
    assert steps() == pytest.approx(smooth, abs=0.05)
    looking.key(Qt.Key.Key_S)


def test_masks_are_filled_outlined_or_both_and_as_strong_as_wanted(looking: Person) -> None:
    state = looking.canvas.main.overlay.state
    filled = tint(looking, 1)
    assert filled > 20
    assert state.outlines
    looking.key(Qt.Key.Key_D)
    assert tint(looking, 1) > filled + 5
    looking.key(Qt.Key.Key_A)
    looking.key(Qt.Key.Key_A)
    assert tint(looking, 1) < filled - 3
    looking.key(Qt.Key.Key_D)
    looking.key(Qt.Key.Key_C)
    assert abs(tint(looking, 1) - filled) <= 2
    assert not state.outlines
    looking.key(Qt.Key.Key_C)
    assert tint(looking, 1) <= 2
    assert state.outlines
    looking.key(Qt.Key.Key_S)
    assert not state.outlines
    looking.key(Qt.Key.Key_S)
    assert state.outlines


def test_the_crosshair_follows_clicks_and_is_drawn_in_the_large_view_if_wanted(looking: Person) -> None:
    canvas = looking.canvas
    looking.key(Qt.Key.Key_5)
    at = canvas.main.position_of(20, 40).toPoint()
    QTest.mouseClick(canvas.main.native, Qt.MouseButton.LeftButton, pos=at)
    sagittal, coronal = canvas.side
    assert sagittal.slice == 63 - 40  # of 64 columns, the first on the patient's right
    assert coronal.slice == 63 - 20
    assert coronal.overlay.state.crosshair_mm == pytest.approx((18.0 * (9 - canvas.slice), 5.6 * 40))
    place = canvas.main.native.mapTo(canvas.main, QPoint(at.x() + 60, at.y()))

    def bright() -> int:
        return int(rgb(canvas.main.grab())[place.y() - 1 : place.y() + 2, place.x()].min(axis=1).max())

    dark = bright()
    looking.key(Qt.Key.Key_H)
    assert bright() > dark + 40
    looking.key(Qt.Key.Key_H)
    assert bright() == dark


def test_the_eye_hides_one_class_in_every_plane(looking: Person) -> None:
    canvas = looking.canvas
    other = next(v for v in (2, 3, 4) if (looking.shown[canvas.slice] == v).sum() > 8)
    before = tint(looking, other)
    lines = [len(one.overlay.state.outlines) for one in (canvas.main, *canvas.side)]
    eye = looking.window.work.classes._rows[1]._eye
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton)
    looking.pause(0.1)
    assert tint(looking, 1) <= 2
    assert tint(looking, other) == pytest.approx(before, abs=2)
    assert len(canvas.main.overlay.state.outlines) == lines[0] - 1
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton)
    looking.pause(0.1)
    assert [len(one.overlay.state.outlines) for one in (canvas.main, *canvas.side)] == lines

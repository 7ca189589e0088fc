"""The same head up, the same side left, whichever way a file stores its voxels: judged from rendered pixels."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from slicelab.engine.session import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from slicelab.app.window import MainWindow

pytestmark = pytest.mark.window

GLYPHS = {
    "R": ("###.", "#..#", "###.", "#.#.", "#..#"),
    "L": ("#...", "#...", "#...", "#...", "####"),
    "A": (".##.", "#..#", "####", "#..#", "#..#"),
    "P": ("###.", "#..#", "###.", "#...", "#..."),
    "S": (".###", "#...", ".##.", "...#", "###."),
    "I": ("###.", ".#..", ".#..", ".#..", "###."),
}
SHAPE = (33, 29, 25)  # left to right, posterior to anterior, inferior to superior
SPACING = (2.0, 2.2, 3.0)
MIDDLE = tuple(n // 2 for n in SHAPE)
GREY, WHITE = 400, 1000
ORIENTATIONS = [
    tuple(direction[at] for direction, at in zip(axes, signs, strict=True))
    for axes in itertools.permutations(("LR", "PA", "IS"))
    for signs in itertools.product((0, 1), repeat=3)
]
SOME = ORIENTATIONS[::7]
"""Every order of the axes, each mirrored another way."""


def page(rows: int, columns: int, left: str, right: str, top: str, bottom: str) -> np.ndarray:
    """A picture ``(row, column)`` bool with a letter at each side, as a reader sees it."""
    drawn = np.zeros((rows, columns), bool)
    row, column = rows // 2 - 6, columns // 2 + 2  # beside the lines where another middle slice crosses this one
    for letter, at in ((left, (row, 1)), (right, (row, columns - 5)), (top, (1, column)), (bottom, (rows - 6, column))):
        drawn[at[0] : at[0] + 5, at[1] : at[1] + 4] = [[dot == "#" for dot in line] for line in GLYPHS[letter]]
    return drawn


X, Y, Z = SHAPE
PAGES = {
    "axial": page(Y, X, "R", "L", "A", "P"),
    "coronal": page(Z, X, "R", "L", "S", "I"),
    "sagittal": page(Z, Y, "A", "P", "S", "I"),
}
"""The three middle slices as a radiologist reads them: the patient's right on the left, front and head up."""


def lettered() -> np.ndarray:
    """The volume ``(x, y, z)``, towards right, front and head: each middle slice bears its letters and nothing else."""
    volume = np.full(SHAPE, GREY, np.int16)
    # Off the middle slices enough black and white that the percentiles of the window are those, not the letters'.
    rest = np.ones(SHAPE, bool)
    rest[MIDDLE[0]] = rest[:, MIDDLE[1]] = rest[:, :, MIDDLE[2]] = False
    volume[rest] = np.resize((0, GREY, WHITE), rest.sum())
    for picture, place in (
        (PAGES["axial"], lambda row, column: (X - 1 - column, Y - 1 - row, MIDDLE[2])),
        (PAGES["coronal"], lambda row, column: (X - 1 - column, MIDDLE[1], Z - 1 - row)),
        (PAGES["sagittal"], lambda row, column: (MIDDLE[0], Y - 1 - column, Z - 1 - row)),
    ):
        for row, column in np.argwhere(picture):
            volume[place(row, column)] = WHITE
    return volume


def read(which: object, rows: int, columns: int) -> np.ndarray:
    """What is lit of a picture, voxel by voxel: found by where the rendered pixels stop being black."""
    frame = which.native.grabFramebuffer().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(frame.constBits(), np.uint8).reshape(frame.height(), frame.bytesPerLine())
    pixels = pixels[:, : frame.width()]
    lit = pixels > 40
    down, across = (np.flatnonzero(lit.mean(axis=axis) > 0.3) for axis in (1, 0))
    y = down[0] + (np.arange(rows) + 0.5) * (down[-1] + 1 - down[0]) / rows
    x = across[0] + (np.arange(columns) + 0.5) * (across[-1] + 1 - across[0]) / columns
    return pixels[np.ix_(y.astype(int), x.astype(int))] > 180


def check(person: Person, expected: dict[str, np.ndarray]) -> None:
    """All three planes show these pictures."""
    canvas = person.canvas
    for plane, which in zip(("axial", "sagittal", "coronal"), (canvas.main, *canvas.side), strict=True):
        np.testing.assert_array_equal(read(which, *expected[plane].shape), expected[plane], err_msg=plane)


@pytest.fixture(
    scope="module",
    params=[pytest.param(ORIENTATIONS, marks=pytest.mark.slow, id="all 48"), pytest.param(SOME, id="seven of 48")],
)
def stored(request: pytest.FixtureRequest) -> list[tuple[str, ...]]:
    """The orientations looked at."""
    return request.param


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory, stored: list[tuple[str, ...]]) -> Path:
    """A project with the lettered volume, stored in each of these orientations."""
    folder = tmp_path_factory.mktemp("turned")
    files = folder / "files"
    files.mkdir()
    image = nib.Nifti1Image(lettered(), np.diag([*SPACING, 1.0]))
    for codes in stored:
        change = nib.orientations.ornt_transform(
            nib.io_orientation(image.affine), nib.orientations.axcodes2ornt("".join(codes))
        )
        saved = image.as_reoriented(change)
        assert nib.aff2axcodes(saved.affine) == codes
        nib.save(saved, files / f"{''.join(codes)}.nii")
    with Session.create(folder / "project", ["anything"]) as made:
        made.import_paths([files])
    return folder / "project"


@pytest.fixture
def reader(first_window: MainWindow, qapp: QApplication, turned: Path) -> Iterator[Person]:
    """Somebody with that project open, looking at voxels as they are."""
    someone = Person(first_window, qapp, turned)
    someone.open_project(turned)
    someone.key(Qt.Key.Key_I)
    someone.rest_the_mouse()
    yield someone
    someone.key(Qt.Key.Key_I)
    first_window.desk.close()
    qapp.processEvents()


def test_a_volume_shows_the_same_picture_in_whichever_orientation_it_is_stored(
    reader: Person, stored: list[tuple[str, ...]]
) -> None:
    """The letters of its sides are drawn into its voxels; all three planes are read voxel by voxel."""
    person, screen = reader, reader.window.screen_
    seen = set()
    for _ in stored:
        person.until(lambda: screen.case_id not in seen, what="the next case")
        seen.add(screen.case_id)
        assert person.canvas.slice == MIDDLE[2]
        check(person, PAGES)
        person.key(Qt.Key.Key_PageDown, ctrl=True)
    assert len(seen) == len(stored)
    assert {case.name for case in person.window._cases} == {"".join(codes) for codes in stored}


def test_the_orientations_looked_at_hold_every_order_of_the_axes_and_mirror_each_axis() -> None:
    assert len({tuple("RLPAIS".index(code) // 2 for code in codes) for codes in SOME}) == 6
    assert {code for codes in SOME for code in codes} == set("RLPAIS")
    assert len(set(ORIENTATIONS)) == 48


def test_the_neurological_convention_mirrors_pictures_letters_and_painting(person: Person) -> None:
    """Chosen in the View menu, remembered for the next window; a stroke lands where it was drawn."""
    from slicelab.app import recent
    from slicelab.app.application import make_window

    person.open_case("phantom_02")
    person.wheel(3, ctrl=True)
    person.pause(0.1)
    before, zoom = grey(person), person.canvas.main.overlay.state.camera.zoom
    switch = person.window.actions_["view.neurological"]
    switch.trigger()
    try:
        person.pause(0.1)
        assert recent.view_choice("neurological")
        another = make_window(None)
        assert another.actions_["view.neurological"].isChecked()
        another.close()
        another.deleteLater()
        after = grey(person)
        assert person.canvas.main.overlay.state.camera.zoom == zoom  # what was looked at is looked at still
        assert np.corrcoef(after[:, ::-1].ravel(), before.ravel())[0, 1] > 0.98
        assert np.corrcoef(after.ravel(), before.ravel())[0, 1] < 0.9
        state = person.canvas.main.overlay.state
        assert (state.letters["left"], state.letters["right"], state.convention) == ("L", "R", "Neurological")
        sagittal, coronal = (side.overlay.state.letters for side in person.canvas.side)
        assert (sagittal["left"], coronal["left"]) == ("A", "L")
        at = person.canvas.slice
        person.stroke((20, 8), (20, 12))
        person.saved()
        person.until(lambda: person.edits("phantom_02") == ["brush"], what="the stroke saved")
        columns = np.flatnonzero(person.mask_on_disk("phantom_02", at)[20])
        assert 50 <= columns.min() <= columns.max() <= 56  # of 64: the patient's left, mirrored on the screen alone
    finally:
        switch.trigger()
    assert person.canvas.main.overlay.state.convention == "Radiological"
    assert not recent.view_choice("neurological")


def grey(person: Person) -> np.ndarray:
    """The large plane's rendered picture."""
    frame = person.canvas.main.native.grabFramebuffer().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(frame.constBits(), np.uint8).reshape(frame.height(), frame.bytesPerLine())
    return pixels[:, : frame.width()].astype(float)

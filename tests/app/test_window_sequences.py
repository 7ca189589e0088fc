"""A second sequence of a case: added, flipped to, blended, with a window of its own, removed and restored."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QMessageBox, QPushButton
from test_window_orientation import PAGES, SHAPE, SPACING, check, lettered

from slicelab.app.series_dialog import SeriesDialog
from slicelab.data.store import ProjectStore
from slicelab.engine.session import Session

pytestmark = pytest.mark.window
MIRRORED = {plane: page if plane == "sagittal" else page[:, ::-1] for plane, page in PAGES.items()}


def saved(path: Path, voxels: np.ndarray, codes: str = "RAS") -> Path:
    """A volume of the lettered one's grid, its axes stored in some order and direction."""
    image = nib.Nifti1Image(voxels, np.diag([*SPACING, 1.0]))
    turn = nib.orientations.ornt_transform(
        nib.io_orientation(image.affine), nib.orientations.axcodes2ornt(tuple(codes))
    )
    nib.save(image.as_reoriented(turn), path)
    return path


def plain() -> np.ndarray:
    """A volume that is bright towards the patient's right: the labelled image."""
    ramp = np.linspace(0, 3000, SHAPE[0])[:, None, None]
    return np.broadcast_to(ramp, SHAPE).astype(np.int16)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of one examination: ``T2`` for the case, ``T1`` with letters, its axes stored otherwise, and others."""
    folder = tmp_path_factory.mktemp("examination")
    saved(folder / "T2.nii", plain())
    saved(folder / "T1.nii", lettered(), "IPL")
    away = nib.load(folder / "T1.nii")
    nib.save(
        nib.Nifti1Image(np.asarray(away.dataobj) + 1, away.affine + np.eye(4, k=3) * 900),
        folder / "far.nii",
    )
    finer = np.diag([1.0, 1.1, 1.5, 1.0])
    nib.save(nib.Nifti1Image(np.kron(plain(), np.ones((2, 2, 2), np.int16)) + np.int16(7), finer), folder / "fine.nii")
    return folder


@pytest.fixture(scope="module")
def examined(tmp_path_factory: pytest.TempPathFactory, files: Path) -> Path:
    """A closed project with the one case; copied, never opened."""
    folder = tmp_path_factory.mktemp("examined") / "project"
    with Session.create(folder, ["liver", "spleen"]) as made:
        made.import_paths([files / "T2.nii"])
    return folder


@pytest.fixture
def project(tmp_path: Path, examined: Path) -> Path:
    return Path(shutil.copytree(examined, tmp_path / "project"))


@pytest.fixture
def looking(person: Person) -> Iterator[Person]:
    """Somebody who looks at voxels as they are, the mouse at rest."""
    person.key(Qt.Key.Key_I)
    person.rest_the_mouse()
    yield person
    person.key(Qt.Key.Key_I)


def command(person: Person, words: str) -> None:
    """Look a command up in the palette, and press Enter."""

    def type_in(palette: QDialog) -> None:
        QTest.keyClicks(palette.findChild(QLineEdit), words)
        QTest.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)

    person.answer(QDialog, type_in)
    person.key(Qt.Key.Key_K, ctrl=True)


def add(person: Person, file: Path) -> None:
    before = len(person.rows("SELECT 1 FROM sequences WHERE removed = 0"))
    person.window.sequences.add(person.window.screen_.case_id or "", file)
    person.until(lambda: len(person.rows("SELECT 1 FROM sequences WHERE removed = 0")) > before, what="a sequence")
    person.until(lambda: person.canvas.second is not None and person.canvas.second.name == file.stem, what="read")


def line_over(person: Person) -> str:
    return person.canvas.main.overlay.state.seen


def test_a_second_sequence_is_added_by_the_file_dialog_and_flipped_to_in_every_plane(
    looking: Person, files: Path
) -> None:
    """Stored in another orientation, it shows the same picture, in both conventions; labels stay the first's."""
    person = looking
    person.answer_files_dialog(files, "T1.nii")
    command(person, "another sequence")
    person.until(lambda: "was added as a further sequence" in person.notice, what="said")
    assert person.rows("SELECT name, role, path FROM sequences JOIN images ON images.id = image_id") == [
        ("T1", "sequence-2", "volumes/c0001-2.nii")
    ]
    person.until(lambda: person.canvas.second is not None, what="read")
    assert line_over(person) == "Labelled image"
    person.key(Qt.Key.Key_X)
    assert line_over(person) == "T1"
    person.pause(0.3)
    check(person, PAGES)
    neurological = person.window.actions_["view.neurological"]
    neurological.trigger()
    try:
        person.pause(0.3)
        check(person, MIRRORED)
        assert person.canvas.main.overlay.state.letters["left"] == "L"
    finally:
        neurological.trigger()
    person.stroke((10, 10), (14, 14))
    person.until(lambda: person.mask_on_disk("T2", person.canvas.slice) is not None, what="the stroke on disk")
    assert person.mask_on_disk("T2", person.canvas.slice)[12, 12] == 1
    person.key(Qt.Key.Key_X)
    assert line_over(person) == "Labelled image"
    person.rest_the_mouse()
    with pytest.raises(AssertionError):
        check(person, PAGES)
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.saved()


def test_an_overlay_shows_both_and_what_is_read_out_is_of_the_one_that_is_seen(person: Person, files: Path) -> None:
    add(person, files / "T1.nii")
    main, bar = person.canvas.main, person.window.work.sequences
    assert bar.isVisible()
    seen = {}
    for share in (30, 70):
        bar.slider.setFocus()
        while bar.slider.value() < share:
            QTest.keyClick(bar.slider, Qt.Key.Key_Right)
        QTest.mouseMove(main.native, main.position_of(14, 16).toPoint())
        person.until(lambda: main.overlay.state.readout, what="read out")
        seen[share] = (line_over(person), main.overlay.state.readout[0])
    first = person.window.screen_._case.view.image[person.canvas.slice, 14, 16]
    second = person.canvas.second.image[person.canvas.slice, 14, 16]
    assert seen == {
        30: ("Labelled image + 30% T1", f"intensity {first:,.4g}"),
        70: ("Labelled image + 70% T1", f"T1 intensity {second:,.4g}"),
    }
    layer = main.model.layers["second"]
    assert (layer.opacity, layer.visible) == (0.7, True)


def test_each_sequence_keeps_a_window_of_its_own_over_reopening(person: Person, files: Path) -> None:
    add(person, files / "T1.nii")
    of_first = person.rows("SELECT window_low FROM cases")
    person.key(Qt.Key.Key_X)
    person.stroke((8, 8), (8, 20), button=Qt.MouseButton.RightButton)
    kept = "SELECT window_low, window_high FROM sequences"
    layer = person.canvas.main.model.layers["second"]
    person.until(lambda: person.rows(kept)[0] == pytest.approx(tuple(layer.contrast_limits)), what="kept on disk")
    assert person.rows("SELECT window_low FROM cases") == of_first
    (wanted,) = person.rows(kept)
    person.window.desk.close()
    person.open_project(person.project)
    person.until(lambda: person.canvas.second is not None, what="read again")
    assert person.canvas.second.window == pytest.approx(wanted)
    assert line_over(person) == "Labelled image", "a case opens with the image that is labelled"


def test_a_finer_sequence_lies_over_the_labelled_image_and_several_are_chosen_by_key(
    person: Person, files: Path
) -> None:
    add(person, files / "T1.nii")
    add(person, files / "fine.nii")
    person.key(Qt.Key.Key_X)
    first = person.window.screen_._case.view.image
    # Twice as fine, its voxels begin a quarter of a coarse one earlier: where it is linear it is the same.
    np.testing.assert_allclose(person.canvas.second.image[2:-2, 2:-2, 2:-2], first[2:-2, 2:-2, 2:-2] + 7, atol=60)
    person.key(Qt.Key.Key_X, shift=True)
    person.until(lambda: line_over(person) == "T1", what="the other one")
    person.key(Qt.Key.Key_X, shift=True)
    person.until(lambda: line_over(person) == "fine", what="the first again")


def test_a_sequence_is_removed_restored_and_deleted_like_everything_else(person: Person, files: Path) -> None:
    add(person, files / "T1.nii")
    person.key(Qt.Key.Key_X)
    command(person, "remove sequence")
    person.until(lambda: "The sequence T1 (T2) was removed." in person.notice, what="said")
    person.until(lambda: not person.window.work.sequences.isVisible(), what="the bar gone")
    assert person.rows("SELECT removed FROM sequences") == [(1,)]
    assert (person.canvas.second, line_over(person)) == (None, "")
    assert not person.window.actions_["sequence.flip"].isEnabled()
    person.press("Restore")
    person.until(person.window.work.sequences.isVisible, what="the bar again")
    assert person.rows("SELECT removed FROM sequences") == [(0,)]


def press(words: str):
    def answer(box: QMessageBox) -> None:
        (button,) = (one for one in box.findChildren(QPushButton) if one.text() == words)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    return answer


def test_an_image_dropped_on_a_case_becomes_its_sequence_and_one_from_elsewhere_is_refused(
    person: Person, files: Path
) -> None:
    cases, case = person.window.work.cases, person.window.screen_.case_id
    place = cases.view.viewport().mapTo(person.window, cases.place_of(case))
    asked: list[str] = []

    def by_enter(box: QMessageBox) -> None:
        asked.append(box.text())
        QTest.keyClick(box, Qt.Key.Key_Return)

    person.answer(QMessageBox, by_enter)
    person.drop(files / "T1.nii", at=place)
    person.until(lambda: person.rows("SELECT name FROM sequences") == [("T1",)], what="on disk")
    assert asked == ["Is this another sequence of T2?"]
    person.answer(QMessageBox, press("Add as sequence"))
    person.drop(files / "far.nii", at=place)
    person.until(lambda: "does not overlap the case" in person.notice, what="refused in words")
    with ProjectStore.open(person.project, read_only=True) as store:
        assert [one.name for one in store.sequences()] == ["T1"]


def test_of_a_file_of_several_volumes_dropped_on_a_case_the_one_that_is_chosen_becomes_its_sequence(
    person: Person, tmp_path: Path
) -> None:
    volumes = np.stack([plain(), lettered().astype(np.int16), plain() + 9], axis=-1)
    nib.save(nib.Nifti1Image(volumes, np.diag([*SPACING, 1.0])), tmp_path / "weighted.nii")
    cases, case = person.window.work.cases, person.window.screen_.case_id
    place = cases.view.viewport().mapTo(person.window, cases.place_of(case))
    offered: list[object] = []

    def choose(dialog: SeriesDialog) -> None:
        person.until(lambda: dialog.pictured, what="the pictures")
        offered.append((dialog.each.isVisible(), dialog.volumes.count()))
        QTest.keyClick(dialog.volumes, Qt.Key.Key_Right)
        QTest.keyClick(dialog.volumes, Qt.Key.Key_Return)

    def what_it_is(box: QMessageBox) -> None:
        person.answer(SeriesDialog, choose)
        press("Add as sequence")(box)

    person.answer(QMessageBox, what_it_is)
    person.drop(tmp_path / "weighted.nii", at=place)
    person.until(lambda: person.rows("SELECT name FROM sequences") == [("weighted, volume 2",)], what="on disk")
    assert offered == [(False, 3)]
    person.until(lambda: person.canvas.second is not None, what="read")
    assert person.canvas.second.name == "weighted, volume 2"

    def leave_out(dialog: SeriesDialog) -> None:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        offered.append("left out")

    def once_more(box: QMessageBox) -> None:
        person.answer(SeriesDialog, leave_out)
        press("Add as sequence")(box)

    person.answer(QMessageBox, once_more)
    person.drop(tmp_path / "weighted.nii", at=place)
    person.until(lambda: offered[-1] == "left out", what="asked again")
    person.pause(0.3)
    assert len(person.rows("SELECT 1 FROM sequences")) == 1


def test_a_case_of_fewer_and_thicker_slices_opens_after_one_whose_sequence_was_seen(
    person: Person, files: Path, tmp_path: Path
) -> None:
    """The layer of the sequence stays when its case goes, and must not hold the next one to its own steps."""
    add(person, files / "T1.nii")
    person.key(Qt.Key.Key_X)
    thick = nib.Nifti1Image(plain()[::3, ::3, ::3], np.diag([6.0, 6.6, 9.0, 1.0]))
    nib.save(thick, tmp_path / "thick.nii")
    person.drop(tmp_path / "thick.nii")
    person.until(lambda: "thick" in {case.name for case in person.window._cases}, what="imported")
    person.open_case("thick")
    assert (person.canvas.slice, line_over(person)) == (4, "")
    for at in range(9):
        person.canvas.set_slice(at)
        assert person.canvas.slice == at
    person.stroke((4, 4), (6, 6))
    person.until(lambda: person.edits("thick") == ["brush"], what="painted")
    assert person.mask_on_disk("thick", 8).any()

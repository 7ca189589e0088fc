"""Files with several volumes, brought in by real events: asked about once, by pictures, and never by themselves."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from slicelab.app.series_dialog import SeriesDialog

pytestmark = pytest.mark.window


def series(path: Path, volumes: int, seed: int) -> np.ndarray:
    """Write a file of several volumes in RAS; its voxels ``(x, y, z, volume)``, all different."""
    voxels = np.random.default_rng(seed).permutation(16 * 12 * 5 * volumes).reshape(16, 12, 5, volumes)
    image = nib.Nifti1Image(voxels.astype(np.int16), np.diag([2.0, 2.0, 6.0, 1.0]))
    nib.save(image, path)
    return voxels


def volume_on_disk(person: Person, case: str) -> np.ndarray:
    ((path,),) = person.rows("SELECT path FROM images JOIN cases ON cases.id = case_id WHERE name = ?", case)
    return np.asarray(nib.load(person.project / path).dataobj)


def refused(person: Person) -> str:
    return person.window.work.data._refused.text()


def when_pictured(person: Person, dialog: SeriesDialog) -> None:
    """Wait for the pictures, as somebody does who chooses by them."""
    person.until(lambda: dialog.pictured, what="the pictures")


def test_a_volume_is_chosen_by_keys_once_for_files_that_are_alike_and_escape_leaves_a_file_out(
    person: Person, tmp_path: Path
) -> None:
    first, second = (series(tmp_path / f"{name}.nii.gz", 3, seed) for seed, name in enumerate(("first", "second")))
    series(tmp_path / "short.nii", 2, 2)
    seen: list[object] = []

    def third(dialog: SeriesDialog) -> None:
        when_pictured(person, dialog)
        tiles = dialog.volumes
        seen.append([tiles.item(at).icon().pixmap(tiles.iconSize()).toImage() for at in range(tiles.count())])
        seen.append((dialog.same.isVisible(), dialog.same.isChecked(), dialog.same.text(), dialog.take.text()))
        assert dialog.focusWidget() is tiles
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
            QTest.keyClick(tiles, key)
        seen.append(dialog.take.text())
        QTest.keyClick(tiles, Qt.Key.Key_Return)

    def escape(dialog: SeriesDialog) -> None:
        seen.append(dialog.same.isVisible())
        QTest.keyClick(dialog.volumes, Qt.Key.Key_Escape)

    person.answer(SeriesDialog, third, escape)
    person.drop(tmp_path / "first.nii.gz", tmp_path / "second.nii.gz", tmp_path / "short.nii")
    person.until(lambda: "second" in person.cases_on_disk(), what="the cases on disk")
    pictures, asked, chosen, alone = seen
    assert len({picture.cacheKey() for picture in pictures}) == 3
    assert pictures[0] != pictures[1] != pictures[2], "each volume has its own picture"
    assert asked == (True, True, "Same for the other file with 3 volumes", "Take volume 1")
    assert chosen == "Take volume 3"
    assert alone is False, "there is no other file with two volumes"
    np.testing.assert_array_equal(volume_on_disk(person, "first"), first[..., 2])
    np.testing.assert_array_equal(volume_on_disk(person, "second"), second[..., 2])
    person.until(lambda: "short" in refused(person), what="the report")
    assert "short: It holds 2 volumes, and none was chosen." in refused(person)
    assert person.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03", "first", "second"}
    person.until(lambda: len(person.window._cases) == 5, what="the list of cases")
    person.open_case("second")
    assert "volume 3 of the 3" in person.window.work.data._remarks.text()


def test_by_mouse_each_file_can_be_answered_by_itself_before_its_pictures_are_there(
    person: Person, tmp_path: Path
) -> None:
    voxels = [series(tmp_path / f"{name}.nii", 3, seed) for seed, name in enumerate("abc")]

    def second_for_this_one(dialog: SeriesDialog) -> None:
        QTest.mouseClick(dialog.same, Qt.MouseButton.LeftButton, pos=dialog.same.rect().center() / 8)
        assert not dialog.for_all
        at = dialog.volumes.visualItemRect(dialog.volumes.item(1)).center()
        QTest.mouseClick(dialog.volumes.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)

    def each_of_the_others(dialog: SeriesDialog) -> None:
        when_pictured(person, dialog)
        assert dialog.for_all
        QTest.mouseClick(dialog.each, Qt.MouseButton.LeftButton)

    person.answer(SeriesDialog, second_for_this_one, each_of_the_others)
    person.drop(*(tmp_path / f"{name}.nii" for name in "abc"))
    wanted = {"a"} | {f"{name} volume {n}" for name in "bc" for n in (1, 2, 3)}
    person.until(lambda: wanted <= person.cases_on_disk(), what="seven cases")
    np.testing.assert_array_equal(volume_on_disk(person, "a"), voxels[0][..., 1])
    for name, of in zip("bc", voxels[1:], strict=True):
        for n in range(3):
            np.testing.assert_array_equal(volume_on_disk(person, f"{name} volume {n + 1}"), of[..., n])
    patients = person.rows("SELECT COUNT(DISTINCT patient_id) FROM cases WHERE name LIKE 'b volume %'")
    assert patients == [(1,)]
    person.until(lambda: "7 cases added" in person.window.work.data._report.text(), what="the report")
    assert refused(person) == ""

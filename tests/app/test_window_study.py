"""A DICOM study dropped on the window: its series are chosen by picture, description, matrix, slices.

And what lies among the files: bad ones are listed, and a long import says how far it is and can be stopped.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from dicom_kit import dicom_series
from person import Person
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from slicelab.app.series_dialog import SeriesDialog
from slicelab.app.study_dialog import StudyDialog
from slicelab.data.readers import Source
from slicelab.engine.series import kind_names, of_study, to_plan_by

pytestmark = pytest.mark.window


def series(folder: Path, shape: tuple[int, int, int], seed: int, **fields: str) -> np.ndarray:
    """A series ``(slice, row, column)`` as single pictures."""
    voxels = np.random.default_rng(seed).integers(0, 900, shape, dtype=np.int16)
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing((2.0, 2.0, 6.0))
    dicom_series(folder, image, **fields)
    return voxels


@pytest.fixture
def examination(tmp_path: Path) -> tuple[Path, dict[str, np.ndarray]]:
    """A folder of three series of one patient, as it comes from a disc, and a file that is none."""
    folder = tmp_path / "DISC"
    made = {
        "t2_tse": series(folder / "IM1", (6, 20, 16), 1, PatientID="p", SeriesNumber="2", SeriesDescription="t2_tse"),
        "t1_vibe": series(folder / "IM2", (5, 12, 18), 2, PatientID="p", SeriesNumber="3", SeriesDescription="t1_vibe"),
        "dixon": series(folder / "IM3", (7, 10, 10), 3, PatientID="p", SeriesNumber="4", SeriesDescription="dixon"),
    }
    (folder / "broken.nii").write_bytes(b"\x01" * 400)
    return folder, made


def test_of_a_study_the_ticked_series_become_cases_and_no_others(
    person: Person, examination: tuple[Path, dict[str, np.ndarray]]
) -> None:
    folder, made = examination
    said: list[object] = []

    def choose(dialog: StudyDialog) -> None:
        person.until(lambda: dialog.pictured, what="the pictures")
        table = dialog.table
        said.extend([table.item(at, place).text().strip() for place in range(4)] for at in range(table.rowCount()))
        icons = [table.item(at, 0).icon().pixmap(table.iconSize()).toImage() for at in range(3)]
        assert icons[0] != icons[1] != icons[2], "each series has its own picture"
        assert dialog.take.text() == "Add 3 series"
        assert table.hasFocus()
        QTest.keyClick(table, Qt.Key.Key_Down)
        QTest.keyClick(table, Qt.Key.Key_Space)
        box = table.visualItemRect(table.item(2, 0))
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
        assert dialog.take.text() == "Add 1 series"
        QTest.keyClick(table, Qt.Key.Key_Return)

    person.answer(StudyDialog, choose)
    person.drop(folder)
    person.until(lambda: "2 t2_tse" in person.cases_on_disk(), what="the series on disk")
    assert said == [
        ["t2_tse", "16 x 20", "6", "1"],
        ["t1_vibe", "18 x 12", "5", "1"],
        ["dixon", "10 x 10", "7", "1"],
    ]
    data = person.window.work.data
    person.until(lambda: "1 case added" in data._report.text(), what="the report")
    assert "broken" in data._refused.text(), "what cannot be read is listed, and the rest is imported"
    assert person.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03", "2 t2_tse"}
    person.until(lambda: len(person.window._cases) == 4, what="the list of cases")
    person.open_case("2 t2_tse")
    image = person.window.screen_._case.view.image
    np.testing.assert_array_equal(np.sort(image, axis=None), np.sort(made["t2_tse"], axis=None))


def test_a_series_of_very_few_slices_is_not_ticked_says_why_and_is_with_one_click(
    person: Person, tmp_path: Path
) -> None:
    for number, (name, slices) in enumerate({"t2_tse": 6, "localizer": 3}.items(), start=1):
        numbers = {"PatientID": "p", "SeriesNumber": str(number), "SeriesDescription": name}
        series(tmp_path / "DISC" / name, (slices, 12, 12), number, **numbers)

    def choose(dialog: StudyDialog) -> None:
        table = dialog.table
        assert [table.item(at, 0).text() for at in range(2)] == ["t2_tse", "localizer\nnot ticked: very few slices"]
        assert dialog.take.text() == "Add 1 series"
        box = table.visualItemRect(table.item(1, 0))
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
        assert dialog.take.text() == "Add 2 series"
        assert (table.item(1, 0).text(), table.item(1, 0).toolTip()) == ("localizer", "localizer"), "it is ticked now"
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
        assert table.item(1, 0).text() == "localizer\nnot ticked: very few slices"
        QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)

    person.answer(StudyDialog, choose)
    person.drop(tmp_path / "DISC")
    person.until(lambda: "1 t2_tse" in person.cases_on_disk(), what="the series on disk")
    person.until(lambda: "1 case added" in person.window.work.data._report.text(), what="the report")
    assert "2 localizer" not in person.cases_on_disk()


def test_two_series_of_the_same_name_in_one_study_are_ticked_apart(person: Person, tmp_path: Path) -> None:
    """A repeat is often taken because the first one moved: one of the two is wanted."""
    for number in (2, 5):
        numbers = {"PatientID": "p", "SeriesNumber": str(number), "StudyInstanceUID": "1.2.3"}
        series(tmp_path / "DISC" / f"IM{number}", (6, 12, 12), number, SeriesDescription="t2_tse", **numbers)
    named: list[str] = []

    def choose(dialog: StudyDialog) -> None:
        table = dialog.table
        named.extend(table.item(at, 0).text() for at in range(table.rowCount()))
        box = table.visualItemRect(table.item(0, 0))
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 12, box.center().y()))
        assert dialog.take.text() == "Add 1 series"
        QTest.keyClick(table, Qt.Key.Key_Return)

    person.answer(StudyDialog, choose)
    person.drop(tmp_path / "DISC")
    person.until(lambda: "1 case added" in person.window.work.data._report.text(), what="the report")
    assert named == ["2 t2_tse", "5 t2_tse"]
    assert person.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03", "5 t2_tse"}


def test_repeats_in_several_studies_are_two_rows_first_with_first_and_second_with_second() -> None:
    def of(name: str, study: str) -> Source:
        return Source(name, Path("a"), series=name, description="T2", patient="p", study=study)

    first, second = (of("2 T2", "1"), of("2 T2 (2)", "2")), (of("5 T2", "1"), of("6 T2", "2"))
    kinds = of_study([*first, *second])
    assert kinds == (first, second)
    assert kind_names(kinds) == ("T2 (1)", "T2 (2)")


def test_the_frame_of_the_list_that_has_the_keys_is_whole_around_it_also_beside_the_row_that_is_chosen(
    person: Person, examination: tuple[Path, dict[str, np.ndarray]]
) -> None:
    seen: list[np.ndarray] = []

    def look(dialog: StudyDialog) -> None:
        QTest.keyClick(dialog.table, Qt.Key.Key_Down)
        assert dialog.table.hasFocus()
        picture = dialog.table.grab().toImage()
        wide, high = picture.width(), picture.height()
        edges = [(x, y) for x in range(wide) for y in (0, high - 1)] + [
            (x, y) for x in (0, wide - 1) for y in range(high)
        ]
        seen.append(np.array([picture.pixelColor(x, y).name() for x, y in edges]))
        QTest.keyClick(dialog.table, Qt.Key.Key_Escape)

    person.answer(StudyDialog, look)
    person.drop(examination[0])
    person.until(lambda: "0 cases added" in person.window.work.data._report.text(), what="the report")
    assert set(seen[0]) == {person.window.theme.colour("accent").name()}


def test_masks_brought_in_as_cases_become_cases_also_where_the_series_beside_them_are_asked_about(
    person: Person, tmp_path: Path, study: Path
) -> None:
    folder = tmp_path / "DISC"
    for number, name in enumerate(("t2", "t1"), start=1):
        numbers = {"PatientID": "p", "SeriesNumber": str(number), "SeriesDescription": name}
        series(folder / name, (6, 12, 12), number, **numbers)
    shutil.copy(study / "labelsTr" / "phantom_02.nii.gz", folder / "phantom_02_seg.nii.gz")
    twice = np.arange(320, dtype=np.int16).reshape(8, 8, 5, 1).repeat(2, axis=3)
    nib.save(nib.Nifti1Image(twice, np.eye(4)), folder / "two.nii")

    def as_case(box: QMessageBox) -> None:
        button = next(one for one in box.findChildren(QPushButton) if one.text() == "Add as new case")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    asked: list[str] = []

    def leave_out() -> None:
        box = person.app.activeModalWidget()
        if isinstance(box, QMessageBox) and "phantom_02_seg" in box.informativeText():
            asked.append(box.text())
            box.close()

    looking = QTimer()
    looking.timeout.connect(leave_out)
    looking.start(100)
    cases = person.window.work.cases
    place = cases.place_of(person.window.screen_.case_id)
    person.answer(QMessageBox, as_case)
    person.answer(StudyDialog, lambda dialog: QTest.keyClick(dialog.table, Qt.Key.Key_Return))
    person.answer(SeriesDialog, lambda dialog: QTest.keyClick(dialog.volumes, Qt.Key.Key_Return))
    person.drop(folder, at=cases.view.viewport().mapTo(person.window, place))
    person.until(lambda: "cases added" in person.window.work.data._report.text(), what="the report")
    person.pause(0.5)
    looking.stop()
    assert asked == [], "what it is was said when it was dropped"
    assert person.cases_on_disk() >= {"1 t2", "2 t1", "two", "phantom_02_seg"}


def test_where_every_series_has_few_slices_all_are_ticked() -> None:
    def of(slices: int | None) -> tuple[Source, ...]:
        return (Source("a", Path("a"), series="1", slices=slices),)

    assert to_plan_by((of(1), of(20), of(None))) == (True, False, False)
    assert to_plan_by((of(1), of(4))) == (False, False)


def test_escape_adds_no_series_and_alike_series_of_two_patients_are_one_row(person: Person, tmp_path: Path) -> None:
    for patient in "pq":
        for number, name in enumerate(("t2", "t1"), start=1):
            series(
                tmp_path / "both" / patient / name, (3, 8 + number, 8), 5, PatientID=patient, SeriesNumber=str(number),
                SeriesDescription=name,
            )  # fmt: skip
    seen: list[object] = []

    def escape(dialog: StudyDialog) -> None:
        seen.append([dialog.table.item(at, 3).text().strip() for at in range(dialog.table.rowCount())])
        QTest.keyClick(dialog.table, Qt.Key.Key_Escape)

    person.answer(StudyDialog, escape)
    person.drop(tmp_path / "both")
    person.until(lambda: seen, what="the question")
    assert seen == [["2", "2"]]
    person.until(lambda: "0 cases added" in person.window.work.data._report.text(), what="the report")
    assert person.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03"}


def test_a_long_import_says_how_far_it_is_and_stops_at_the_button_with_whole_cases(
    person: Person, tmp_path: Path
) -> None:
    chance = np.random.default_rng(6)
    for number in range(40):
        voxels = chance.integers(0, 900, (12, 10, 4)).astype(np.int16)
        nib.save(nib.Nifti1Image(voxels, np.diag([2.0, 2.0, 6.0, 1.0])), tmp_path / f"many_{number:02d}.nii")
    data = person.window.work.data
    person.drop(*sorted(tmp_path.glob("many_*.nii")))
    person.until(lambda: data._doing.isVisible() and data._doing.text().startswith("Reading"), what="the first read")
    said = data._doing.text()
    stop = next(one for one in data.findChildren(QPushButton) if one.text() == "Stop import")
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    person.until(lambda: "Stopped before the end." in data._report.text(), what="stopped")
    assert said.endswith(" of 40")
    assert not data._running.isVisible()
    added = person.rows("SELECT path FROM images JOIN cases ON cases.id = case_id WHERE name LIKE 'many%'")
    assert len(added) < 40
    assert all(nib.load(person.project / path).shape == (12, 10, 4) for (path,) in added)

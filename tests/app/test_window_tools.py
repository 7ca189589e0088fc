"""Tools that judge the picture or the mask, by mouse and button, on a picture with one edge; judged on the disk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from test_window_drawing import brush_size, choose_class, click, push

from slicelab.app.canvas.tools import Hand, Tool
from slicelab.app.window import MainWindow
from slicelab.core.drawing.intensity import within
from slicelab.engine.session import Session

pytestmark = pytest.mark.window


def test_how_far_to_grow_goes_back_after_a_case_of_large_voxels(first_window: MainWindow) -> None:
    box = first_window.work.label.mend
    box.show_pixel((15.0, 15.0))
    assert box.mm == 15.0, "less would do nothing"
    box.show_pixel((0.7, 0.7))
    assert box.mm == 1.0, "not 15 mm of a prostate"
    box._mm.setValue(3.0)
    box.show_pixel((15.0, 15.0))
    box.show_pixel((0.7, 0.7))
    assert box.mm == 3.0, "what the person chose"
    box._chosen = None
    box.show_pixel((0.7, 0.7))


def test_each_tool_shows_its_key_below_its_word_also_once_it_is_another(person: Person) -> None:
    window = person.window
    before = window.preferences
    tools = window.work.label._tools
    assert [one.text() for one in tools.values()] == [
        "Erase\n1", "Paint\n2", "Polygon\n3", "Fill\n4", "Pick\n5", "Grow\n6",
    ]  # fmt: skip
    assert [one.accessibleName() for one in tools.values()] == ["Erase", "Paint", "Polygon", "Fill", "Pick", "Grow"]
    try:
        window._prefer(replace(before, keys={"tool.fill": ("Y",)}))
        assert tools[Tool.FILL].text() == "Fill\nY"
        assert tools[Tool.FILL].toolTip().endswith("[Y]")
        person.key(Qt.Key.Key_Y)
        assert tools[Tool.FILL].isChecked()
    finally:
        window._prefer(before)
        person.key(Qt.Key.Key_2)


CASE, ROWS, COLUMNS, EDGE = "halves", 40, 48, 24
MM = 2.0


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed project of one case: dark in the left half of the picture, bright in the right one, a little noise."""
    folder = tmp_path_factory.mktemp("halves")
    picture = np.random.default_rng(3).normal(0, 4, (5, ROWS, COLUMNS)) + 100
    picture[:, :, EDGE:] += 300
    # Stored as a radiologist sees it: columns run to the patient's left, rows to the back.
    affine = np.diag([-MM, -MM, 6.0, 1.0])
    nib.save(
        nib.Nifti1Image(np.moveaxis(picture, 0, -1).swapaxes(0, 1).astype(np.int16), affine), folder / f"{CASE}.nii"
    )
    with Session.create(folder / "project", ["liver", "spleen"]) as made:
        made.import_paths([folder / f"{CASE}.nii"])
    return folder / "project"


@pytest.fixture
def project(tmp_path: Path, halves: Path) -> Path:
    return Path(shutil.copytree(halves, tmp_path / "project"))


@pytest.fixture
def drawing(person: Person) -> Iterator[Person]:
    """Somebody with the brush as it is at first; put back afterwards."""
    person.window.work.show_tab("label")
    person.window.screen_.hand.take(Hand())
    view = person.window.screen_._case.view.image
    assert view[2, :, :EDGE].max() < 200 < view[2, :, EDGE:].min()
    yield person
    person.window.screen_.hand.take(Hand())


def on_disk(person: Person, last: str) -> np.ndarray:
    """The mask of the slice shown, once the last edit on disk is this one and it is what the screen shows."""
    at = person.canvas.slice
    person.until(lambda: person.edits(CASE)[-1:] == [last], what=f"{last} saved")
    person.saved()
    person.until(lambda: np.array_equal(person.mask_on_disk(CASE, at), person.shown[at]), what="shown and saved alike")
    mask = person.mask_on_disk(CASE, at)
    assert mask is not None
    return mask


def test_the_brush_that_stops_at_edges_paints_one_side_alone(drawing: Person) -> None:
    brush_size(drawing, 24.0)
    box = drawing.window.work.label.brush.adaptive
    push(drawing, box)
    assert box.isChecked()
    drawing.stroke((20, EDGE - 4), (26, EDGE - 4))
    mask = on_disk(drawing, "brush")
    assert (mask[16:30, EDGE - 8 : EDGE - 1] == 1).mean() > 0.95
    assert not mask[:, EDGE:].any(), "nothing on the other side, though the brush reached there"
    push(drawing, box)
    drawing.stroke((20, EDGE - 4), (26, EDGE - 4))
    drawing.until(lambda: (drawing.shown[drawing.canvas.slice][:, EDGE:] == 1).any(), what="the plain brush there too")
    assert (on_disk(drawing, "brush")[:, EDGE:] == 1).any()


def test_an_outline_that_clings_to_the_edge_is_filled_up_to_it(drawing: Person) -> None:
    drawing.key(Qt.Key.Key_3)
    push(drawing, drawing.window.work.label.outline.wire)
    for corner in ((8, EDGE), (30, EDGE), (30, 10), (8, 10)):
        click(drawing, *corner)
        drawing.pause(0.1)
    QTest.keyClick(drawing.canvas.main.native, Qt.Key.Key_Return)
    mask = on_disk(drawing, "polygon") == 1
    assert mask[10:29, 14 : EDGE - 1].all()
    assert not mask[:, EDGE + 2 :].any()


def test_fill_floods_what_the_paint_encloses(drawing: Person) -> None:
    drawing.key(Qt.Key.Key_3)
    for corner in ((8, 8), (8, 30), (30, 30), (30, 8)):
        click(drawing, *corner)
    QTest.keyClick(drawing.canvas.main.native, Qt.Key.Key_Return)
    whole = on_disk(drawing, "polygon") == 1
    drawing.key(Qt.Key.Key_4)
    choose_class(drawing, 1)
    drawing.press("Everything")
    click(drawing, 20, 20)
    mask = on_disk(drawing, "fill")
    np.testing.assert_array_equal(mask == 2, whole)
    assert not (mask == 1).any()
    drawing.press("Unlocked")


def test_the_picker_takes_the_class_under_it_to_paint_on(drawing: Person) -> None:
    choose_class(drawing, 1)
    drawing.stroke((20, 10), (20, 14))
    assert (on_disk(drawing, "brush") == 2).any()
    choose_class(drawing, 0)
    drawing.key(Qt.Key.Key_5)
    click(drawing, 20, 12)
    assert drawing.window.work.classes.current == 2
    drawing.key(Qt.Key.Key_2)
    drawing.stroke((30, 10), (30, 14))
    mask = on_disk(drawing, "brush")
    assert mask[30, 12] == 2
    assert not (mask == 1).any()


def test_holes_are_filled_islands_removed_and_outlines_smoothed_by_their_buttons(drawing: Person) -> None:
    brush_size(drawing, 24.0)
    click(drawing, 20, 16)
    disc = on_disk(drawing, "brush") == 1
    drawing.key(Qt.Key.Key_1)
    brush_size(drawing, 6.0)
    click(drawing, 20, 16)
    assert on_disk(drawing, "erase")[20, 16] == 0
    drawing.key(Qt.Key.Key_2)
    drawing.press("Fill holes")
    np.testing.assert_array_equal(on_disk(drawing, "fill holes liver") == 1, disc)
    brush_size(drawing, 2.5)
    click(drawing, 5, 40)
    assert on_disk(drawing, "brush")[5, 40] == 1
    drawing.press("Islands")
    np.testing.assert_array_equal(on_disk(drawing, "remove islands liver") == 1, disc)
    click(drawing, 20, 16 + 7)  # a bump on the outline
    bumped = on_disk(drawing, "brush") == 1
    assert bumped.sum() > disc.sum()
    box = drawing.window.work.label.mend._mm
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "2.0")
    QTest.keyClick(box, Qt.Key.Key_Tab)
    drawing.press("Smooth")
    smooth = on_disk(drawing, "smooth liver") == 1
    assert not smooth[20, 23]
    assert (smooth & disc).sum() > 0.9 * disc.sum()
    assert within((ROWS, COLUMNS), (20, 16), 12.0, (MM, MM)).sum() == disc.sum()

"""Two models side by side in the window: linked pictures, agreement, predicting and going over with one click."""

from __future__ import annotations

import gc
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
from PySide6.QtWidgets import QApplication, QTableWidget

from slicelab.app.canvas.second import Second
from slicelab.app.window import MainWindow
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.engine.follow import follow
from slicelab.engine.session import Session

pytestmark = [pytest.mark.window, pytest.mark.timeout(600)]

SMALL = {"network.channels": "8,8,16,16,16", "network.bottleneck": 16, "pool.matrix": 64, "finetune.batch": 2}
OLDER, NEWER = np.s_[20:40, 20:40], np.s_[30:50, 20:40]
"""Where the two models see liver, on the canonical grid: half of either is common."""


def run_to_end(session: Session, run: str) -> None:
    assert follow(session, run, lambda _status: None, poll_s=0.05).state == "finished"


@pytest.fixture(scope="module")
def two_models(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """A closed project with two models: the older one has predicted the second case alone, the newer one every case."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("two") / "project"))
    with Session.open(folder) as session:
        for cases, place in ((["phantom_02"], OLDER), (None, NEWER)):
            model = session.jobs.start_finetune(None, steps=1, overrides=SMALL)
            run_to_end(session, model)
            predicting = session.jobs.start_predict(model, cases=cases)
            run_to_end(session, predicting)
            for file in (folder / "predictions" / model).rglob("*.nii.gz"):
                empty = nib.load(file)
                mask = np.zeros(empty.shape, np.uint8)
                mask[place] = 1
                nib.save(nib.Nifti1Image(mask, empty.affine, empty.header), file)
    return folder


@pytest.fixture
def reader(first_window: MainWindow, qapp: QApplication, two_models: Path, tmp_path: Path) -> Iterator[Person]:
    """Somebody before a copy of that project, with the second case and the newer model's mask in the picture."""
    someone = Person(first_window, qapp, tmp_path / "project")
    shutil.copytree(two_models, someone.project)
    someone.open_project(someone.project)
    someone.open_case("phantom_02")
    someone.until(lambda: someone.canvas.main._prediction is not None, what="the prediction shown")
    someone.until(lambda: first_window.work.review.sides.second.count() == 1, what="the other model offered")
    someone.tab("review")
    yield someone
    session = first_window.desk.session
    for run in session.jobs.running if session is not None else ():
        session.jobs.kill(run)
    someone.until(lambda: session is None or not session.jobs.running, what="no job")
    first_window.desk.close()
    qapp.processEvents()


def models(person: Person) -> list[str]:
    return [run for (run,) in person.rows("SELECT id FROM runs WHERE kind = 'finetune' ORDER BY id")]


def right(person: Person):  # importing its type would import napari before its settings are set
    return person.window.sides._picture.canvas


def headings(person: Person) -> list[str]:
    return [canvas.overlay.state.heading[0][0] for canvas in (person.canvas.main, right(person))]


def show_both(person: Person) -> None:
    person.press("Show side by side")
    person.until(lambda: person.window.sides.on and right(person)._prediction is not None, what="the second mask")


def test_both_pictures_move_together_and_say_which_model_they_show_and_how_far_both_agree(reader: Person) -> None:
    older, newer = models(reader)
    canvas, sides = reader.canvas, reader.window.work.review.sides
    show_both(reader)
    assert headings(reader) == [f"Model 2 ({newer}), in use", f"Model 1 ({older})"]
    assert "not known yet" in canvas.main.overlay.state.heading[1][0]
    measured = summarise(
        newer, [CaseScore("phantom_03", {"liver": ClassScore(0.83, 9.0)}, 9, 9, False, True)], ["liver"]
    )
    reader.window.learning.measures_known.emit({newer: measured})
    assert canvas.main.overlay.state.heading[1] == (
        "Dice 0.83 on 1 case it never learned from, transductive",
        "Test Dice 0.83, transductive",
    )
    assert "not known yet" in right(reader).overlay.state.heading[1][0], "the other model was not measured"
    assert right(reader).isVisible()
    assert not canvas.views.tiles.isVisible()
    assert abs(right(reader).width() - canvas.main.width()) <= 2
    assert sides.figures[0] == ("0.50", "0.50")
    assert sides.figures[1] == ("n/a", "n/a")
    at = canvas.slice
    reader.wheel(1)
    assert (canvas.slice, right(reader).slice) == (at + 1, at + 1)
    reader.wheel(2, ctrl=True)
    main, other = canvas.main.overlay.state.camera, right(reader).overlay.state.camera
    assert main == other
    reader.stroke((30, 30), (30, 40), canvas=right(reader), button=Qt.MouseButton.MiddleButton)
    moved = canvas.main.overlay.state.camera
    assert moved == right(reader).overlay.state.camera != main
    reader.stroke((30, 30), (34, 40), canvas=right(reader), button=Qt.MouseButton.RightButton)
    limits = [tuple(one._image.contrast_limits) for one in (canvas.main, right(reader))]
    assert limits[0] == limits[1]
    reader.key(Qt.Key.Key_D)
    assert canvas.main._mask.opacity == right(reader)._mask.opacity
    reader.key(Qt.Key.Key_A)
    reader.key(Qt.Key.Key_Home)
    QTest.keyPress(right(reader).native, Qt.Key.Key_Tab)
    assert not canvas.main._look.prediction
    assert not right(reader)._look.prediction
    QTest.keyRelease(right(reader).native, Qt.Key.Key_Tab)
    reader.press("Back to one picture")


def test_a_picture_shown_whole_is_shown_whole_again_after_two_pictures(reader: Person) -> None:
    reader.key(Qt.Key.Key_Home)
    reader.pause(0.2)
    camera = reader.canvas.main.overlay.state.camera
    show_both(reader)
    reader.until(lambda: reader.canvas.main.overlay.state.camera.zoom < camera.zoom, what="half the room")
    reader.press("Back to one picture")
    reader.until(lambda: reader.canvas.main.overlay.state.camera == camera, 10, "the whole picture as large as before")


def test_the_second_picture_says_where_its_model_found_nothing(reader: Person) -> None:
    show_both(reader)
    state = right(reader).overlay.state
    assert (state.legend, state.legend_short) == ("Model 1", "Model 1")
    found = reader.window.sides._found
    assert found is not None
    without = found.mask.copy()
    without[reader.canvas.slice + 1] = 0
    reader.window.sides._found = replace(found, mask=without)
    reader.wheel(1)
    reader.until(lambda: state.legend == "Model 1: nothing on this slice", what="nothing on this slice")
    assert state.legend_short == "Model 1: nothing here"
    reader.wheel(-1)
    reader.until(lambda: state.legend == "Model 1", what="the model's name")
    reader.press("Back to one picture")


def test_what_only_one_model_has_is_marked_in_both_pictures(reader: Person) -> None:
    show_both(reader)
    box = reader.window.work.review.sides.mark
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    for canvas in (reader.canvas.main, right(reader)):
        found = {patch.words: int(patch.where.sum()) for patch in canvas.overlay.state.patches}
        assert found == {"Only Model 2": 200, "Only Model 1": 200}
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert reader.canvas.main.overlay.state.patches == ()
    reader.key(Qt.Key.Key_V)
    assert not reader.window.sides.on


def test_a_case_without_the_second_models_mask_is_predicted_by_one_button(reader: Person) -> None:
    older, newer = models(reader)
    show_both(reader)
    reader.open_case("phantom_03")
    reader.until(lambda: "has not predicted" in right(reader).overlay.state.middle, what="a word about it")
    assert headings(reader) == [f"Model 2 ({newer}), in use", f"Model 1 ({older})"]
    reader.press("Predict this case with Model 1")
    made = "SELECT cases.name FROM predictions JOIN cases ON cases.id = case_id WHERE model_run = ?"
    reader.until(lambda: ("phantom_03",) in reader.rows(made, older), 240, "its mask on disk")
    assert {name for (name,) in reader.rows(made, older)} == {"phantom_02", "phantom_03"}
    reader.until(lambda: right(reader)._prediction is not None, what="its mask in the right picture")
    reader.until(lambda: reader.window.work.review.sides.figures[0][0] != "–", what="how far they agree")
    assert reader.window.jobs.in_use == newer, "the model in use stays the one it was"


def test_one_click_goes_over_to_the_other_model_and_the_pictures_change_places(reader: Person) -> None:
    older, newer = models(reader)
    show_both(reader)
    reader.press("Use Model 1")
    reader.until(
        lambda: headings(reader) == [f"Model 1 ({older}), in use", f"Model 2 ({newer})"], what="changed places"
    )
    reader.until(lambda: reader.window.screen_.mask.found.run == older, what="its mask at the left")
    reader.key(Qt.Key.Key_Return, shift=True)
    reader.until(lambda: reader.edits("phantom_02") == ["accept"], what="its mask accepted")
    assert reader.origin_on_disk("phantom_02", reader.canvas.slice) == ("accepted", older)


def test_a_model_that_was_chosen_stays_in_use_when_the_project_is_opened_again(reader: Person) -> None:
    older, newer = models(reader)
    jobs = reader.window.jobs
    assert jobs.in_use == newer, "as long as none is chosen"
    reader.tab("train")
    use_in_table(reader)
    reader.until(lambda: reader.window.screen_.mask.found.run == older, what="its mask shown")
    reader.window.desk.close()
    reader.open_project(reader.project)
    reader.open_case("phantom_02")
    reader.until(lambda: reader.window.jobs.in_use == older, what="the model chosen before")
    reader.until(
        lambda: reader.window.screen_.mask.found is not None and reader.window.screen_.mask.found.run == older,
        what="its mask shown again",
    )
    assert reader.window.jobs.in_use_name == "Model 1"
    reader.tab("train")
    use_in_table(reader)
    reader.until(lambda: reader.window.jobs.in_use == newer, what="the other one chosen")
    reader.window.desk.close()
    reader.open_project(reader.project)
    reader.until(lambda: reader.window.jobs.in_use == newer, what="the one chosen last")


def use_in_table(person: Person) -> None:
    """Press the button of the one model in the table that is not in use."""
    table = person.window.work.train.findChild(QTableWidget)
    (use,) = [button for at in range(table.rowCount()) if (button := table.cellWidget(at, 3)) is not None]
    QTest.mouseClick(use, Qt.MouseButton.LeftButton)


def test_paint_goes_into_the_left_picture_alone(reader: Person) -> None:
    show_both(reader)
    at = reader.canvas.slice
    reader.key(Qt.Key.Key_2)
    reader.stroke((10, 10), (10, 16), canvas=right(reader))
    assert not reader.shown.any()
    reader.stroke((10, 10), (10, 16))
    reader.until(lambda: reader.edits("phantom_02") == ["brush"], what="the stroke on disk")
    reader.saved()
    assert (reader.mask_on_disk("phantom_02", at) == 1).any()


def test_both_pictures_show_the_sequence_that_lies_over_the_labelled_image(reader: Person) -> None:
    canvas = reader.canvas
    image = np.linspace(0, 1, canvas.picture.image.size, dtype=np.float32).reshape(canvas.picture.image.shape)
    canvas.show_second(Second("T1", "T2", image, (0.0, 1.0), share=0.5))
    reader.key(Qt.Key.Key_V)
    reader.until(lambda: reader.window.sides.on, what="two pictures")
    for plane in (canvas.main, right(reader)):
        assert plane._second.visible
        assert plane._second.opacity == 0.5
        assert np.array_equal(plane._second.data, canvas.main._second.data)
        assert plane.overlay.state.seen == "T2 + 50% T1"
    canvas.show_second(None)
    assert not right(reader)._second.visible
    reader.key(Qt.Key.Key_V)
    reader.until(lambda: not reader.window.sides.on, what="one picture again")


def test_leaving_brings_back_the_views_as_they_were(reader: Person) -> None:
    canvas = reader.canvas
    canvas.setSizes([canvas.width() - 240, 240])
    reader.pause(0.1)
    before = (canvas.main.width(), canvas.views.tiles.width(), [one.height() for one in canvas.side])
    reader.key(Qt.Key.Key_V)
    reader.until(lambda: reader.window.sides.on, what="two pictures")
    reader.key(Qt.Key.Key_V)
    reader.pause(0.1)
    assert (canvas.main.width(), canvas.views.tiles.width(), [one.height() for one in canvas.side]) == before
    canvas.views.enlarge(canvas.side[0])
    reader.key(Qt.Key.Key_V, into=canvas.side[0].native)
    reader.until(lambda: canvas.main.isVisible() and right(reader).isVisible(), what="two pictures")
    reader.key(Qt.Key.Key_V)
    reader.pause(0.1)
    assert canvas.side[0].isVisible()
    assert not canvas.main.isVisible()
    canvas.views.enlarge(canvas.side[0])
    assert canvas.main.isVisible()


def test_what_is_seen_of_the_second_model_is_recorded_as_seen(reader: Person) -> None:
    older, newer = models(reader)
    case = reader.window.screen_.case_id
    seen: list[tuple[str, tuple[int, ...], str]] = []
    telling = reader.window.sides.prediction_seen.connect(lambda *told: seen.append(told))
    show_both(reader)
    at = reader.canvas.slice
    assert seen == [(case, (at,), older)]
    reader.wheel(1)
    reader.wheel(-1)
    assert seen == [(case, (at,), older), (case, (at + 1,), older)]
    reader.window.sides.disconnect(telling)
    recorded = "SELECT slice, model_run FROM predictions_seen WHERE case_id = ?"
    assert (at, newer) in reader.rows(recorded, case), "the model in use was before the eyes first"


@pytest.mark.slow
def test_toggling_and_changing_cases_leaves_no_canvas_and_no_drawing_behind(reader: Person) -> None:
    from vispy.scene import Node, SceneCanvas

    from slicelab.app.canvas.plane_canvas import PlaneCanvas

    def toggle(times: int) -> None:
        for number in range(times):
            reader.key(Qt.Key.Key_V)
            reader.until(lambda: reader.window.sides.on, what="two pictures")
            reader.open_case("phantom_03" if number % 2 else "phantom_02")
            reader.key(Qt.Key.Key_V)
            reader.until(lambda: not reader.window.sides.on, what="one picture")

    def alive() -> dict[str, int]:
        gc.collect()
        made = gc.get_objects()
        return {kind.__name__: sum(issubclass(type(one), kind) for one in made) for kind in (SceneCanvas, Node)}

    toggle(2)
    before = alive()
    toggle(12)
    assert alive() == before
    assert len(reader.window.findChildren(PlaneCanvas)) == 4
    assert right(reader)._image.data.size == 1, "no volume is held while it is away"

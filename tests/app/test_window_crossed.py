"""Cross-validated Dice, and whether pretraining was worth it, by the buttons of a real window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget
from story import JOB_PATIENCE_S, SMALL, ended, newest, state_of

from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.session import Session
from slicelab.jobs.events import FoldMeasured

pytestmark = [pytest.mark.window, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def float32_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "avx2")  # a processor without bfloat16 has nothing to measure
    monkeypatch.setenv("SLICELAB_NICE", "0")  # a dozen trainings of the lowest priority take minutes on a busy machine


@pytest.fixture(scope="module")
def pretrained(tmp_path_factory: pytest.TempPathFactory, template: Path, study: Path) -> Path:
    """A closed project: three patients labelled, a small pretraining on all of them."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("pretrained") / "project"))
    with pytest.MonkeyPatch.context() as patch, Session.open(folder) as opened:
        patch.setenv("ATEN_CPU_CAPABILITY", "avx2")
        for name in ("phantom_02", "phantom_03"):
            opened.labels.label_from_mask(opened.find([name])[0].id, study / "labelsTr" / f"{name}.nii.gz", [3, 5])
        run = opened.jobs.start_pretrain("contrastive", steps=2, overrides=SMALL["contrastive"])
        assert follow(opened, run, lambda _status: None, poll_s=0.05).state == "finished"
    return folder


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the project above, or with ``bare`` of the one with a single labelled patient."""
    chosen = "template" if getattr(request, "param", "") == "bare" else "pretrained"
    return Path(shutil.copytree(request.getfixturevalue(chosen), tmp_path / "project"))


def measured(person: Person, run: str) -> list[int]:
    """Trainings in the run's log."""
    events = EventReader(RunFolder(person.project / "runs" / run)).read_new()
    return [event.training for event in events if isinstance(event, FoldMeasured)]


def test_cross_validated_dice_is_measured_by_its_button_marked_and_out_of_date_once_a_label_changes(
    person: Person,
) -> None:
    train = person.window.work.train
    person.tab("train")
    person.set_steps("train", 2)
    person.until(lambda: "3 trainings of 2 steps" in train.crossed.words, what="what it will take")
    person.press("Measure cross-validated Dice")
    run = newest(person, "crossvalidate")
    ended(person, run)
    person.until(lambda: "; 3 patients; transductive)" in train.crossed.words, what="the figure with its mark")
    assert "the pretraining saw images, without labels, of 3 of 3 held-out patients" in train.crossed.words
    assert measured(person, run) == [1, 2, 3]
    # No model came of it.
    assert person.window.jobs.in_use is None
    assert train.findChild(QTableWidget).rowCount() == 0
    assert not list((person.project / "runs" / run).glob("*.safetensors"))
    assert "changed since" not in train.crossed.words

    person.open_case("phantom_02")
    person.key(Qt.Key.Key_2)
    person.canvas.set_slice(3)
    person.until(lambda: person.canvas.slice == 3)
    before = len(person.edits("phantom_02"))
    person.stroke((30, 24), (30, 36))
    person.key(Qt.Key.Key_Return)
    person.until(lambda: len(person.edits("phantom_02")) >= before + 2, what="a slice done anew on disk")
    person.key(Qt.Key.Key_1)
    person.until(lambda: "The labels changed since: 1 slice" in train.crossed.words, what="a word about it")
    person.window.desk.close()
    person.open_project(person.project)
    person.until(lambda: "The labels changed since: 1 slice" in train.crossed.words, what="still known")


def test_a_comparison_that_was_stopped_goes_on_after_reopening_and_claims_nothing_it_cannot(person: Person) -> None:
    worth = person.window.work.train.worth
    person.tab("train")
    person.set_steps("train", 4)
    person.press("Compare with no pretraining")
    run = newest(person, "compare")
    person.until(lambda: not person.window.actions_["job.compare"].isEnabled(), what="it runs already")
    person.until(lambda: " of 12 · Step" in worth.words and measured(person, run), JOB_PATIENCE_S, "a first figure")
    assert "Was pretraining worth it?" in person.window.work.strip._title.text()
    person.press("Stop")
    ended(person, run, "cancelled")
    done = measured(person, run)
    assert done
    person.window.desk.close()
    person.open_project(person.project)
    person.tab("train")
    person.until(lambda: "Stopped. Continue goes on from step" in worth.words, what="the offer to go on")
    person.press("Continue")
    person.until(lambda: state_of(person, run) != "cancelled", what="it goes on")
    ended(person, run)
    assert measured(person, run) == list(range(1, 13)), "none twice"
    person.until(lambda: worth.words.startswith("Pretraining: "), what="the answer")
    assert "(no interval; 3 patients, 2 repeats; transductive): not established on your labels" in worth.words
    assert person.rows("SELECT id FROM runs WHERE kind IN ('finetune', 'predict')") == []


def test_a_case_left_out_for_testing_is_said_to_be_in_no_fold_and_counts_as_no_patient(person: Person) -> None:
    train, leave_out = person.window.work.train, person.window.work.pretrain.leave_out
    person.tab("train")
    person.until(lambda: "3 trainings of" in train.crossed.words, what="what it would take")
    person.tab("pretrain")
    if not leave_out.list.isVisible():  # all tests share the window: it stays open once it was opened
        person.press("Leave out for testing")
    person.until(leave_out.list.isVisible, what="the list")
    (item,) = leave_out.list.findItems("phantom_03", Qt.MatchFlag.MatchExactly)
    place = leave_out.list.visualItemRect(item)
    QTest.mouseClick(
        leave_out.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y())
    )
    person.tab("train")
    few = "Slices are done for 2 patients besides those left out for testing; cross-validation needs 3"
    for box in (train.crossed, train.worth):
        person.until(lambda box=box: few in box.words, what="why it cannot be now")
    person.press("Measure cross-validated Dice")
    person.until(lambda: few in person.notice, what="a word about it")
    assert person.rows("SELECT id FROM runs WHERE kind IN ('compare', 'crossvalidate')") == []


@pytest.mark.parametrize("project", ["bare"], indirect=True)
def test_too_few_patients_are_said_before_and_refused_when_asked_all_the_same(person: Person) -> None:
    train = person.window.work.train
    person.tab("train")
    person.until(lambda: "cross-validation needs 3" in train.crossed.words, what="why it cannot be")
    assert "There is no pretraining to compare with." in train.worth.words
    person.press("Measure cross-validated Dice")
    person.until(lambda: "Slices are done for one patient" in person.notice, what="a word about it")
    assert person.rows("SELECT id FROM runs") == []

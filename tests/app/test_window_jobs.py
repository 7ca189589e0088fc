"""Jobs in the window: started by real buttons, followed live, stopped, and never in the way of the pen."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox, QTableWidget

pytestmark = pytest.mark.window

LONGEST_GAP_S = 0.2


def events_of(project: Path, run: str) -> list[str]:
    log = project / "runs" / run / "events.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line)["event"] for line in lines if line.endswith("}")]


def set_steps(person: Person, tab: str, steps: int) -> None:
    """Type a number of steps into the tab's field."""
    box = getattr(person.window.work, tab).findChild(QSpinBox)
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, str(steps))
    QTest.keyClick(box, Qt.Key.Key_Tab)


def run_with(person: Person, kind: str) -> str:
    """Id of the newest run of a kind, once there is one."""
    found: list[tuple] = []

    def there() -> bool:
        found[:] = person.rows("SELECT id FROM runs WHERE kind = ? ORDER BY id DESC LIMIT 1", kind)
        return bool(found)

    person.until(there, what=f"a {kind} run")
    return str(found[0][0])


def status_on_disk(person: Person, run: str) -> str:
    return str(person.rows("SELECT status FROM runs WHERE id = ?", run)[0][0])


def test_train_predicts_shows_and_measures_without_another_click(person: Person) -> None:
    person.open_case("phantom_02")
    person.tab("train")
    set_steps(person, "train", 3)
    person.press("Train")
    model = run_with(person, "finetune")
    person.until(lambda: "JobFinished" in events_of(person.project, model), 120, "training finished")
    predict = run_with(person, "predict")
    person.until(lambda: "JobFinished" in events_of(person.project, predict), 120, "prediction finished")
    person.until(lambda: status_on_disk(person, predict) == "finished")
    person.until(lambda: person.canvas.main._prediction is not None, what="the prediction shown")
    assert not person.shown.any(), "a prediction never lands in the labels"
    person.tab("review")
    table = person.window.work.review.findChild(QTableWidget)
    person.until(lambda: table.rowCount() > 0, what="the Dice table")
    first = [table.item(row, 0).text() for row in range(table.rowCount())]
    assert "phantom_01  (trained on)" in first
    assert first[-1] == "Mean of 0", "a case that was trained on is never a result"
    assert person.notice == ""


def test_stop_ends_a_job_within_seconds_and_the_window_says_so(person: Person) -> None:
    person.tab("pretrain")
    set_steps(person, "pretrain", 5000)
    person.press("Learn from all volumes")
    run = run_with(person, "pretrain")
    person.until(lambda: "StepDone" in events_of(person.project, run), 120, "a first step")
    person.until(lambda: person.window.work.strip._progress.isVisible())
    person.press("Stop")
    person.until(lambda: "JobCancelled" in events_of(person.project, run), what="the job's last word")
    person.until(lambda: status_on_disk(person, run) == "cancelled")
    person.until(lambda: not person.window.work.strip._progress.isVisible(), what="the strip at rest")
    assert person.button("Learn from all volumes").isEnabled()


def test_training_without_a_done_slice_is_answered_in_words(person: Person) -> None:
    person.open_case("phantom_01")
    for _ in range(2):
        person.key(Qt.Key.Key_Z, ctrl=True)
        person.pause(0.2)
    person.until(lambda: not person.shown.any())
    person.tab("train")
    person.press("Train")
    person.until(lambda: "No slice is marked done" in person.notice)
    assert "Traceback" not in person.notice


class Heartbeat:
    """Beats every 5 ms in the window's event loop and keeps the longest pause between two beats."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def test_twenty_strokes_during_training_are_saved_and_the_window_never_hangs(person: Person) -> None:
    person.open_case("phantom_02")
    person.tab("train")
    set_steps(person, "train", 5000)
    person.press("Train")
    run = run_with(person, "finetune")
    person.until(lambda: events_of(person.project, run).count("StepDone") >= 3, 120, "steps")
    person.stroke((10, 10), (10, 12))  # the first stroke compiles shaders
    person.pause(0.5)
    before = events_of(person.project, run).count("StepDone")
    heart = Heartbeat()
    for number in range(20):
        row = 12 + 2 * number
        person.stroke((row, 15), (row, 45))
        person.pause(0.1)
    heart.stop()
    person.saved()
    person.until(lambda: person.edits("phantom_02").count("brush") == 21, what="21 edits on disk")
    assert events_of(person.project, run).count("StepDone") > before, "the job went on meanwhile"
    person.press("Stop")
    person.until(lambda: status_on_disk(person, run) == "cancelled")
    assert heart.longest < LONGEST_GAP_S, f"the event loop stood still for {1000 * heart.longest:.0f} ms"

"""Jobs and their results: started, followed ten times a second, and what follows from their end."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slicelab.app.models import model_in_use, model_name, models_of
from slicelab.core.errors import JobError
from slicelab.engine.agenda import MOST, Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from slicelab.app.leaving import Leaving
    from slicelab.app.tasks import Tasks
    from slicelab.core.evaluation import Evaluation
    from slicelab.engine.remembering import Remembered
    from slicelab.engine.session import Session
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import RunSummary
    from slicelab.jobs.specs import CrossKind, Device, Method

POLL_MS = 100
TELL_S = 0.25
"""Numbers on the screen change at most four times a second: nobody reads faster, and each change is drawn."""


@dataclass(frozen=True)
class Pulse:
    """What one look at the jobs found: statuses of runs that changed."""

    changed: tuple[JobStatus, ...]


@dataclass(frozen=True)
class Started:
    """A job that was just started: run id and kind."""

    run: str
    kind: str


@dataclass(frozen=True, eq=False)
class ShownMask:
    """What a network makes of a case.

    Attributes:
        stack: ``(slice, row, column)`` uint8 class values.
        words: what it is, beside the picture.
        short: the same where there is little room.
        run: the training it is from.
        hidden: slices that are kept blind: nothing is drawn there until they are done.
        final: whether it may be accepted; a preview may not.
        classes: class values the model knows; of others the mask says nothing.

    """

    stack: npt.NDArray[np.uint8]
    words: str
    short: str
    run: str
    hidden: frozenset[int]
    final: bool
    classes: frozenset[int]


class JobDesk(QObject):
    """Starts jobs, follows them, loads predictions, measures."""

    job_changed = Signal(object)
    job_ended = Signal(object)
    previewed = Signal(tuple)
    runs_listed = Signal(tuple)
    project_changed = Signal()
    mask_ready = Signal(str, object)
    measured = Signal(str, object)
    remembered = Signal()
    measuring = Signal(bool)
    queue_changed = Signal(tuple)
    again_changed = Signal(bool)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._busy = False
        self._unwanted: set[str] = set()
        self._runs: tuple[RunSummary, ...] = ()
        self._in_use: str | None = None
        self._status: JobStatus | None = None
        self._unfinished: JobStatus | None = None
        self._attended: str | None = None
        self._told = 0.0
        self.device: Device = "auto"
        """Where the jobs to come compute."""
        self._starting = 0
        self._quietly = 0
        self._room_wanted = False
        self._makes_room: str | None = None
        self._kinds: dict[str, str] = {}
        self._waiting: tuple[Wish, ...] = ()
        self._again = False
        self.evaluations: dict[str, Evaluation] = {}
        self.changed: dict[str, int] = {}
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()
        self.list_runs()
        self._recall()
        self.remember(anew=True)
        self._recall_agenda()

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()

    # -- what is so ---------------------------------------------------------------------------------------------

    @property
    def status(self) -> JobStatus | None:
        """The running job, or the last one that ended."""
        return self._status

    @property
    def running(self) -> bool:
        """Whether a job runs, or is being started."""
        return bool(self._starting) or (self._status is not None and not self._status.ended)

    @property
    def waiting(self) -> tuple[Wish, ...]:
        """Jobs that wait for the one that runs."""
        return self._waiting

    def may(self, kind: str) -> bool:
        """Whether a job of a kind can be asked for: at once, or after another one while there is room to wait."""
        if not self.running:
            return True
        there = {wish.kind for wish in self._waiting}
        same = self._status is not None and not self._status.ended and self._status.kind == kind
        asked = self._starting > self._quietly
        return not asked and not same and kind not in there and len(there) < MOST

    @property
    def unfinished(self) -> JobStatus | None:
        """The last job that failed or was stopped and has not gone on since."""
        return self._unfinished

    @property
    def runs(self) -> tuple[RunSummary, ...]:
        """Every run, oldest first."""
        return self._runs

    @property
    def in_use(self) -> str | None:
        """The model whose predictions are shown."""
        return model_in_use(self._runs, self._in_use)

    @property
    def in_use_name(self) -> str:
        """Its name on the screen."""
        return model_name(self.in_use, self._runs) if self.in_use else ""

    # -- what is wanted -----------------------------------------------------------------------------------------

    def pretrain(self, method: Method, steps: int | None) -> None:
        """Learn from all volumes, now or after the job that runs."""
        self._ask(Wish(kind="pretrain", method=method, steps=steps))

    def look_at_slices(self) -> None:
        """Let the latest network look at every slice, for the map; now or after the job that runs."""
        self._ask(Wish(kind="embed"))

    def train(self, init: str | None, steps: int | None, shown: str | None = None) -> None:
        """Learn from the done slices, then predict every case; of the case shown there are previews meanwhile."""
        wish = Wish(kind="finetune", init=init, steps=steps, preview=() if shown is None else (shown,))
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.remember(wish), None, self.failed.emit)
        self._ask(wish)

    def cross_validate(self, kind: CrossKind, init: str | None, steps: int | None) -> None:
        """Measure on held-out patients, now or after the job that runs; no model comes of it."""
        self._ask(Wish(kind=kind, init=init, steps=steps))

    def case_finished(self, case_id: str, init: str | None, steps: int | None) -> None:
        """Train again with the last settings, where that is wished for; after the job that runs, if one does.

        Args:
            case_id: the case that was finished; of it there are previews.
            init: what to start from if nothing was trained yet.
            steps: likewise.

        """
        agenda, first = self._session.agenda, Wish(kind="finetune", init=init, steps=steps)

        def call() -> Wish | None:
            if not agenda.train_again:
                return None
            wish = agenda.last_training or first
            there = {run.id for run in self._session.runs() if run.has_weights}
            start = wish.init if wish.init is None or wish.init in there else first.init
            return wish.model_copy(update={"init": start, "preview": (case_id,)})

        self._tasks.run("jobs", call, lambda wish: self._ask(wish) if wish else None, self.failed.emit)

    def train_again(self, on: bool) -> None:
        """Train again after each finished case, or only when asked."""
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.set_train_again(on), None, self.failed.emit)
        self._again = on

    def cancel(self, kind: str) -> None:
        """Take a job that waits off the list."""
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.cancel(kind), self._queued, self.failed.emit)

    def start_next(self) -> None:
        """Start the job whose turn it is: the prediction that a training promised, or else the first that waits."""
        session, attended, device = self._session, self._attended, self.device

        def call() -> Started | None:
            return next_started(session, attended, device)

        if not self.running and (session.agenda.waiting or session.agenda.promised):
            self._begin(call)

    def attend(self, case_id: str | None) -> None:
        """Take note of the case that is shown: the prediction after a training begins with it."""
        self._attended = case_id

    def predict(self) -> None:
        """Segment every case with the model in use."""
        model = self.in_use
        if model is not None:
            self._ask(Wish(kind="predict", init=model))

    def predict_case(self, model: str, case_id: str) -> None:
        """Segment one case with a model, which need not be the one in use."""
        self._ask(Wish(kind="predict", init=model, cases=(case_id,)))

    def go_on(self, run: str, device: Device | None = None) -> None:
        """Let a job that failed or was stopped go on; a training is followed by a prediction as ever."""
        session = self._session
        kind = next((summary.kind for summary in self._runs if summary.id == run), "")

        attended = self._attended
        self._unwanted.discard(run)

        def call() -> Started:
            session.resume(run, device)
            if kind == "finetune":
                session.agenda.promise(run, attended)
            return Started(run, kind)

        self._begin(call)

    def stop(self) -> None:
        """Stop the running job; one that finishes all the same is followed by nothing."""
        if self._status is not None:
            self._unwanted.add(self._status.run)
        self._wish(self._session.stop)

    def leave(self, how: Leaving) -> None:
        """The window or the project is about to be closed: let the running job go on without it, or stop it."""
        status = self._status
        if status is not None and not status.ended:
            (self._session.stop if how == "stop" else self._session.let_go_on)(status.run)

    def pause_or_go_on(self) -> None:
        """Hold the running job still, or let it go on."""
        paused = self._status is not None and self._status.state == "paused"
        self._wish(self._session.resume if paused else self._session.pause)

    def use(self, model: str) -> None:
        """Show another model's predictions; nothing is lost."""
        self._in_use = model
        self.runs_listed.emit(self._runs)

    def list_runs(self) -> None:
        """Read the runs."""

        def done(runs: tuple[RunSummary, ...]) -> None:
            self._runs = runs
            if self._unfinished is not None and all(run.id != self._unfinished.run for run in runs):
                self._unfinished = None  # it was removed
            self.runs_listed.emit(runs)

        self._tasks.run("jobs", self._session.runs, done, self.failed.emit, lane="runs")

    def load_prediction(self, case_id: str) -> None:
        """Read the mask of a case: of the training that runs, if it has shown one, or else of the model in use."""
        session, model, status = self._session, self.in_use, self._status
        learning = status if status is not None and not status.ended and case_id in status.previewed else None
        if model is None and learning is None:
            self._tasks.forget("prediction")
            self.mask_ready.emit(case_id, None)
            return
        name = self.in_use_name

        def found() -> tuple[npt.NDArray[np.uint8] | None, tuple[str, str], str, bool]:
            if learning is not None:
                made = learning.previewed[case_id]
                said = f"Preview after {made} of {learning.steps} steps", f"Preview, step {made}"
                return session.preview(learning.run, case_id), said, learning.run, False
            assert model is not None
            if model in session.models_for(case_id):
                return session.prediction(case_id, model), (f"Prediction of {name}", name), model, True
            said = f"Preview of {name}, before it had ended", f"Preview of {name}"
            return session.preview(model, case_id), said, model, False

        def call() -> ShownMask | None:
            stack, (words, short), run, final = found()
            if stack is None:
                return None
            corrections = session.review.corrections
            return ShownMask(stack, words, short, run, corrections.hidden(case_id), final, corrections.known_to(run))

        self._tasks.run(
            "reads", call, lambda found: self.mask_ready.emit(case_id, found), self.failed.emit, lane="prediction"
        )

    def measure(self) -> None:
        """Compare the model's predictions with the done slices."""
        session, model = self._session, self.in_use
        if model is None:
            return
        self.measuring.emit(True)

        def done(evaluation: Evaluation) -> None:
            self.evaluations[model] = evaluation
            self.changed.pop(model, None)
            self.measuring.emit(False)
            self.measured.emit(model, evaluation)
            self.remember()  # labels may have changed while it was measured

        def failed(error: BaseException) -> None:
            self.measuring.emit(False)
            self.failed.emit(error)

        self._tasks.run("measures", lambda: session.evaluate(model), done, failed, lane="measure")

    def remember(self, *, anew: bool = False) -> None:
        """Read what was measured earlier (``anew``), or else only how many slices changed since.

        Figures that are shown already are taken anew only where there are more: of a case that was restored.
        """
        session, known = self._session, tuple(self.evaluations)

        def call() -> dict[str, Remembered]:
            models = [run.id for run in models_of(session.runs())] if anew else known
            return {model: found for model in models if (found := session.remembered(model)) is not None}

        def done(found: dict[str, Remembered]) -> None:
            for model, one in found.items():
                shown = self.evaluations.get(model)
                if anew and (shown is None or len(one.evaluation.cases) > len(shown.cases)):
                    self.evaluations[model] = one.evaluation
                self.changed[model] = one.changed
            if found:
                self.remembered.emit()

        if anew or known:
            self._tasks.run("measures", call, done, self.failed.emit, lane="remember")

    def forget_measures(self) -> None:
        """What was measured, or is being measured now, is of cases or classes that are others by now.

        What holds of it is read again.
        """
        self._tasks.forget("measure")
        self._tasks.forget("remember")
        self.evaluations.clear()
        self.changed.clear()
        self.measuring.emit(False)
        self.remember(anew=True)

    # -- inside -------------------------------------------------------------------------------------------------

    def _ask(self, wish: Wish) -> None:
        """Start a job, or let it wait for the one that runs; a look at the slices makes room, and comes after it."""
        session, device = self._session, self.device
        if self.running:
            self._room_wanted = wish.kind != "embed"
            self._tasks.run("jobs", lambda: session.agenda.add(wish), self._queued, self.failed.emit)
        else:
            self._begin(lambda: started(session, wish, None, device))

    def _make_room(self) -> None:
        """Let what was asked for during a look at the slices begin: the look is ended, which loses nothing."""
        session, status = self._session, self._status
        if not (self._room_wanted and self._waiting):
            return
        if not self.running:
            self._room_wanted = False
            self.start_next()
        elif status is not None and not status.ended and "embed" in (status.kind, self._kinds.get(status.run)):
            self._room_wanted, self._makes_room = False, status.run
            self._tasks.run("jobs", lambda: session.kill(status.run), None, self.failed.emit)

    def _begin(self, call: Callable[[], Started | None], *, quietly: bool = False) -> None:
        """Start a job off the window's thread; a training is followed by a prediction.

        Args:
            call: starts it.
            quietly: whether nobody asked for it: others may be asked for meanwhile.

        """
        session = self._session
        self._starting += 1
        self._quietly += quietly

        def work() -> tuple[Started, JobStatus] | None:
            started = call()
            return None if started is None else (started, session.status(started.run))

        def done(answer: tuple[Started, JobStatus] | None) -> None:
            begun()
            if answer is not None:
                started, status = answer
                self._kinds[started.run] = started.kind
                self._take(status)
                self.list_runs()
            self._tell_queue()

        def failed(error: BaseException) -> None:
            begun()
            self._tell_queue()
            self.failed.emit(error)

        def begun() -> None:
            self._starting -= 1
            self._quietly -= quietly

        self._tasks.run("jobs", work, done, failed)

    def _queued(self, waiting: tuple[Wish, ...]) -> None:
        self._waiting = waiting
        self._make_room()
        self.queue_changed.emit(waiting)

    def _tell_queue(self) -> None:
        self._queued(self._session.agenda.waiting)

    def _recall_agenda(self) -> None:
        """Take up what waited when the project was closed; it waits until somebody starts it.

        But for the prediction of a training that ended meanwhile: it was promised with the training.
        """
        session, agenda = self._session, self._session.agenda

        def keep() -> Started | None:
            return None if session.running else promised(session, self._attended, self.device)

        def done(answer: tuple[tuple[Wish, ...], bool]) -> None:
            self._again = answer[1]
            self._queued(answer[0])
            self.again_changed.emit(answer[1])
            if agenda.promised and not session.read_only:
                self._begin(keep)

        self._tasks.run("jobs", lambda: (agenda.waiting, agenda.train_again), done, self.failed.emit)

    def _recall(self) -> None:
        """Take up the project's last job where it ended early, so that it can go on after the window was closed."""
        session = self._session

        def call() -> JobStatus | None:
            last = session.runs()[-1:]
            early = last and last[0].status in ("cancelled", "failed")
            return session.status(last[0].id) if early else None

        def done(status: JobStatus | None) -> None:
            if status is not None and status.ended and self._status is None:
                self._status = self._unfinished = status
                self.job_changed.emit(status)

        self._tasks.run("jobs", call, done, self.failed.emit)

    def _wish(self, call: Callable[[str], object]) -> None:
        status = self._status
        if status is not None and not status.ended:
            self._tasks.run("jobs", lambda: call(status.run), None, self.failed.emit)

    def _poll(self) -> None:
        if self._busy:
            return  # the last look still goes on; looks never pile up
        self._busy = True

        def failed(error: BaseException) -> None:
            self._busy = False
            self.failed.emit(error)

        self._tasks.run("jobs", self._look, self._seen, failed)

    def _look(self) -> Pulse:
        news = self._session.poll()
        return Pulse(tuple(self._session.status(run) for run, _ in news))

    def _seen(self, pulse: Pulse) -> None:
        self._busy = False
        for status in pulse.changed:
            self._take(status)

    def _take(self, status: JobStatus) -> None:
        before, self._status = self._status, status
        if status.ended and status.state != "finished" and status.run != self._makes_room:
            self._unfinished = status
        elif self._unfinished is not None and self._unfinished.run == status.run:
            self._unfinished = None
        same = before is not None and (before.run, before.state, before.phase) == (
            status.run,
            status.state,
            status.phase,
        )
        now = time.monotonic()
        if status.previewed and (before is None or before.previewed != status.previewed):
            self.previewed.emit(tuple(status.previewed))
        if not same or now - self._told >= TELL_S:
            self._told = now
            self.job_changed.emit(status)
        if status.ended:
            self._after_end(status)

    def _after_end(self, status: JobStatus) -> None:
        self._room_wanted = False
        if status.state == "finished" and status.run in self._session.agenda.promised:
            self._in_use = status.run
        self.job_ended.emit(status)
        self.list_runs()
        self.project_changed.emit()
        if status.run in self._unwanted:
            self._unwanted.discard(status.run)
            agenda = self._session.agenda
            self._tasks.run("jobs", lambda: agenda.withdraw(status.run), None, self.failed.emit)
        if status.run == self._makes_room:
            self._makes_room = None
            self._start_before(Wish(kind="embed", init=self._looked_at(status.run)), lambda: True)
        elif status.state == "finished" and status.kind == "pretrain":
            agenda = self._session.agenda
            self._start_before(Wish(kind="embed", init=status.run), lambda: agenda.map_after)
        elif status.state == "finished":
            self.start_next()
        self._tell_queue()

    def _start_before(self, last: Wish, wanted: Callable[[], bool]) -> None:
        """Start the job whose turn it is; one more comes after all that wait, if it is wanted and there is room."""
        session, attended, device = self._session, self._attended, self.device
        alone = not self._waiting

        def call() -> Started | None:
            if wanted():
                with contextlib.suppress(JobError):  # as many wait as may: whoever wants a map asks for it
                    session.agenda.add(last)
            return next_started(session, attended, device)

        self._begin(call, quietly=alone)

    def _looked_at(self, run: str) -> str | None:
        """The run whose network looks at the slices in a run."""
        return next((summary.init for summary in self._runs if summary.id == run), None)


def started(session: Session, wish: Wish, first: str | None, device: Device) -> Started | None:
    """Start a job that was asked for; None where there is nothing left to do."""
    run = session.start(wish, first=first, device=device)
    return None if run is None else Started(run, wish.kind)


def promised(session: Session, first: str | None, device: Device) -> Started | None:
    """Start the prediction that a training promised, if one is due."""
    run = session.start_promised(first=first, device=device)
    return None if run is None else Started(run, "predict")


def next_started(session: Session, first: str | None, device: Device) -> Started | None:
    """Start the prediction that is due, or the first job that waits and has something to do; None if there is none."""
    if (due := promised(session, first, device)) is not None:
        return due
    while (wish := session.agenda.take()) is not None:
        found = started(session, wish, first, device)
        if found is not None:
            return found
    return None

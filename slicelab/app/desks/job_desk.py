"""Jobs and their results: started, followed ten times a second, and what follows from their end."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slicelab.app import words
from slicelab.app.desks.starting import Started, next_started, promised, started
from slicelab.app.language import tr
from slicelab.app.mask_choice import Choice
from slicelab.app.models import model_in_use, model_name
from slicelab.app.shown_mask import read_shown
from slicelab.core.errors import JobError
from slicelab.engine.agenda import MOST, Wish

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.leaving import Leaving
    from slicelab.app.tasks import Tasks
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


class JobDesk(QObject):
    """Starts jobs, follows them, loads predictions."""

    job_changed = Signal(object)
    starting_changed = Signal(str)
    """Kind of the job that is being started; "" once it is there, or could not be started."""
    job_ended = Signal(object)
    previewed = Signal(tuple)
    predicted = Signal(tuple)
    """Cases (ids) that a running prediction has just got through."""
    runs_listed = Signal(tuple)
    project_changed = Signal()
    mask_ready = Signal(str, object)
    queue_changed = Signal(tuple)
    again_changed = Signal(bool)
    left_out_changed = Signal(tuple)
    failed = Signal(object)
    refused = Signal(object)
    """Why a job that was asked for could not be started."""

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._busy = False
        self._unwanted: set[str] = set()
        self._after_stop = False
        """Whether a job was asked for after the one that runs was to stop: it need not be asked for again."""
        self._runs: tuple[RunSummary, ...] = ()
        self._in_use: str | None = None
        self._listed = False
        self._status: JobStatus | None = None
        self._unfinished: JobStatus | None = None
        self._attended: str | None = None
        self._told = 0.0
        self._replaced: dict[str, str] = {}
        self.device: Device = "auto"
        """Where the jobs to come compute."""
        self._starting = 0
        self._started: tuple[str, Wish | None] = ("", None)
        self._arrived: str | None = None
        self._quiet = False
        self._room_wanted = False
        self._adding = 0
        """Wishes on their way to the list of jobs that wait."""
        self._makes_room: str | None = None
        self._kinds: dict[str, str] = {}
        self._waiting: tuple[Wish, ...] = ()
        self._again = False
        self._left_out: tuple[str, ...] = ()
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._timer.start()
        self.list_runs()
        self._recall()
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
    def starting(self) -> str:
        """Kind of the job that is being started, before there is a run of it; "" if none is."""
        return self._started[0] if self._starting else ""

    @property
    def looking(self) -> bool:
        """Whether what runs, or begins, is a look at the slices: nobody asked for it, and it loses nothing."""
        if self._starting:
            return self._quiet or self.starting == "embed"
        return self._status is not None and not self._status.ended and self._status.kind == "embed"

    @property
    def said(self) -> str:
        """One sentence, without its full stop, about the job that runs or is being started."""
        if self.starting:
            return words.starting(self.starting)
        kind = self._status.kind if self._status is not None else ""
        if self._status is not None and not self._status.phase:
            return words.starting(kind)
        return tr("{job} is still running").format(job=tr(words.subject(kind)))

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
        return kind != self.starting and not same and kind not in there and len(there) < MOST

    @property
    def predicting(self) -> bool:
        """Whether cases are being predicted, or are about to be."""
        runs = self._status is not None and not self._status.ended and self._status.kind == "predict"
        return runs or self.starting == "predict"

    @property
    def unfinished(self) -> JobStatus | None:
        """The last job that failed or was stopped and has not gone on since."""
        return self._unfinished

    @property
    def left_out(self) -> tuple[str, ...]:
        """Cases (ids) that are kept for testing, removed ones too."""
        return self._left_out

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
        self._press(Wish(kind="pretrain", method=method, steps=steps, exclude=self._left_out))

    def look_at_slices(self) -> None:
        """Let the latest network look at every slice, for the map; now or after the job that runs."""
        self._press(Wish(kind="embed"))

    def train(self, init: str | None, steps: int | None, shown: str | None = None) -> None:
        """Learn from the done slices, then predict every case; of the case shown there are previews meanwhile."""
        preview = () if shown is None else (shown,)
        wish = Wish(kind="finetune", init=init, steps=steps, preview=preview, exclude=self._left_out)
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.remember(wish), None, self.failed.emit)
        self._press(wish)

    def cross_validate(self, kind: CrossKind, init: str | None, steps: int | None) -> None:
        """Measure on held-out patients, now or after the job that runs; no model comes of it."""
        self._press(Wish(kind=kind, init=init, steps=steps, exclude=self._left_out))

    def case_finished(self, case_id: str, init: str | None, steps: int | None) -> None:
        """Train again with the last settings, where that is wished for; after the job that runs, if one does.

        Args:
            case_id: the case that was finished; of it there are previews.
            init: what to start from if nothing was trained yet.
            steps: likewise.

        """
        agenda, first = self._session.agenda, Wish(kind="finetune", init=init, steps=steps)

        def call() -> Wish | None:
            out = agenda.left_out
            if not agenda.train_again or case_id in out:  # of a case kept for testing a training learns nothing new
                return None
            wish = agenda.last_training or first
            there = {run.id for run in self._session.runs() if run.has_weights}
            start = wish.init if wish.init is None or wish.init in there else first.init
            return wish.model_copy(update={"init": start, "preview": (case_id,), "exclude": out})

        self._tasks.run("jobs", call, lambda wish: self._ask(wish) if wish else None, self.failed.emit)

    def train_again(self, on: bool) -> None:
        """Train again after each finished case, or only when asked."""
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.set_train_again(on), None, self.failed.emit)
        self._again = on

    def leave_out(self, cases: tuple[str, ...]) -> None:
        """Keep cases (ids) for testing: nothing from now on learns from them, or holds them out in turn."""
        agenda = self._session.agenda
        self._show_left_out(cases)
        self._tasks.run("jobs", lambda: agenda.set_left_out(cases), self._show_left_out, self.failed.emit, lane="out")

    def look_at_left_out(self) -> None:
        """The cases are others: one may have come of a patient who is kept for testing."""
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.left_out, self._show_left_out, self.failed.emit, lane="out")

    def cancel(self, kind: str) -> None:
        """Take a job that waits off the list."""
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.cancel(kind), self._queued, self.failed.emit)

    def start_next(self) -> None:
        """Start the job whose turn it is: the prediction that a training promised, or else the first that waits."""
        session, attended, device = self._session, self._attended, self.device

        def call() -> Started | None:
            return next_started(session, attended, device)

        if not self.running and (session.agenda.waiting or session.agenda.promised or self._adding):
            self._begin(call, self._next_kind())

    def attend(self, case_id: str | None) -> None:
        """Take note of the case that is shown: the prediction after a training begins with it."""
        self._attended = case_id

    def predict(self) -> None:
        """Segment every case with the model in use."""
        model = self.in_use
        if model is not None:
            self._press(Wish(kind="predict", init=model))

    def predict_case(self, model: str, case_id: str) -> None:
        """Segment one case with a model, which need not be the one in use."""
        self._press(Wish(kind="predict", init=model, cases=(case_id,)))

    def go_on(self, run: str, device: Device | None = None) -> None:
        """Let a job that failed or was stopped go on; a training is followed by a prediction as ever."""
        session = self._session
        kind = next((summary.kind for summary in self._runs if summary.id == run), "")

        attended = self._attended
        self._unwanted.discard(run)

        def call() -> Started:
            session.jobs.resume(run, device)
            if kind == "finetune":
                session.agenda.promise(run, attended)
            return Started(run, kind)

        self._begin(call, kind)

    def stop(self) -> None:
        """Stop the running job; one that finishes all the same is followed by nothing."""
        if self._status is not None:
            self._unwanted.add(self._status.run)
        self._wish(self._session.jobs.stop)

    def leave(self, how: Leaving) -> None:
        """The window or the project is about to be closed: let the running job go on without it, or stop it."""
        run = self._status.run if self._status is not None and not self._status.ended else None
        if self._starting:
            self._tasks.drain("jobs")  # a job that is being started hears of it once it is there
            run = self._arrived
        if run is not None:
            (self._session.jobs.stop if how == "stop" else self._session.jobs.let_go_on)(run)

    def pause_or_go_on(self) -> None:
        """Hold the running job still, or let it go on."""
        held = self._status is not None and (self._status.state == "paused" or self._status.asked == "pause")
        self._wish(self._session.jobs.resume if held else self._session.jobs.pause)

    def use(self, model: str) -> None:
        """Show another model's predictions, also when the project is opened again; nothing is lost."""
        session, self._in_use = self._session, model
        if not session.read_only:
            self._tasks.run("jobs", lambda: session.jobs.choose_model(model), None, self.failed.emit)
        self.runs_listed.emit(self._runs)

    def replaced_by(self, model: str) -> str | None:
        """The model that was in use until a training put another one in its place; told once."""
        return self._replaced.pop(model, None)

    def take_over(self, model: str) -> None:
        """Put a training's model in use and segment every case with it, as after one that ended by itself."""
        self._put_in_use(model)
        self.use(model)  # one that was stopped is not in use by itself when the project is opened again
        self.predict()

    def list_runs(self) -> None:
        """Read the runs; the first time, also which model was chosen before the project was opened."""
        session, first = self._session, not self._listed

        def call() -> tuple[tuple[RunSummary, ...], str | None]:
            return session.runs(), session.jobs.chosen_model if first else None

        def done(answer: tuple[tuple[RunSummary, ...], str | None]) -> None:
            runs, chosen = answer
            self._runs, self._listed = runs, True
            self._in_use = self._in_use or chosen
            if self._unfinished is not None and all(run.id != self._unfinished.run for run in runs):
                self._unfinished = None  # it was removed
            self.runs_listed.emit(runs)

        self._tasks.run("jobs", call, done, self.failed.emit, lane="runs")

    def load_prediction(self, case_id: str) -> None:
        """Read the mask of a case: of the model in use, or of the model before it until that has predicted the case.

        A training's preview is shown only where no model has predicted the case: after a few steps it is worse than
        what there is, and nobody wants that taken away.
        """
        session, model, status = self._session, self.in_use, self._status
        learning = status if status is not None and not status.ended and case_id in status.previewed else None
        if model is None and learning is None:
            self._tasks.forget("prediction")
            self.mask_ready.emit(case_id, None)
            return
        choice = Choice(model, self._runs, learning, predicting=self.predicting)

        self._tasks.run(
            "reads",
            lambda: read_shown(session, choice, case_id),
            lambda found: self.mask_ready.emit(case_id, found),
            self.failed.emit,
            lane="prediction",
        )

    # -- inside -------------------------------------------------------------------------------------------------

    def _press(self, wish: Wish) -> None:
        """Do what a button asks for; pressed once more while just that is being started, it means nothing."""
        before = self._started[1] if self._starting else None
        if before is None or before.model_copy(update={"preview": wish.preview}) != wish:
            self._ask(wish)

    def _ask(self, wish: Wish) -> None:
        """Start a job, or let it wait for the one that runs; a look at the slices makes room, and comes after it."""
        session, device = self._session, self.device
        if self.running:
            self._room_wanted = wish.kind != "embed"
            self._add(wish)
        else:
            self._begin(lambda: started(session, wish, None, device), wish.kind, wish)

    def _add(self, wish: Wish) -> None:
        """Let a job wait; where the one that runs ends meanwhile, its end finds this one on its way."""
        agenda = self._session.agenda
        self._adding += 1
        self._after_stop = self._after_stop or (self._status is not None and self._status.run in self._unwanted)

        def added(waiting: tuple[Wish, ...]) -> None:
            self._adding -= 1
            self._queued(waiting)

        def failed(error: BaseException) -> None:
            self._adding -= 1
            self.failed.emit(error)

        self._tasks.run("jobs", lambda: agenda.add(wish), added, failed)

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
            self._tasks.run("jobs", lambda: session.jobs.kill(status.run), None, self.failed.emit)

    def _next_kind(self) -> str:
        """Kind of the job whose turn it is, as far as is known here; "" where none waits."""
        agenda, finished = self._session.agenda, [run.id for run in self._runs if run.status == "finished"]
        if self._status is not None and self._status.state == "finished":
            finished.append(self._status.run)
        if agenda.due(finished) is not None:
            return "predict"
        return agenda.waiting[0].kind if agenda.waiting else ""

    def _begin(
        self, call: Callable[[], Started | None], kind: str = "", wish: Wish | None = None, *, quietly: bool = False
    ) -> None:
        """Start a job off the window's thread; a training is followed by a prediction.

        Args:
            call: starts it.
            kind: what is said to be starting; "" where it may turn out that nothing is.
            wish: what was asked for, where somebody asked.
            quietly: whether nobody asked for it: nothing is said of it while it starts.

        """
        session = self._session
        self._starting += 1
        self._started, self._arrived, self._quiet = ("" if quietly else kind, wish), None, quietly
        self.starting_changed.emit(self.starting)

        def over() -> None:
            self._starting -= 1
            self.starting_changed.emit(self.starting)

        def work() -> tuple[Started, JobStatus] | None:
            started = call()
            self._arrived = started.run if started is not None else None
            return None if started is None else (started, session.jobs.status(started.run))

        def done(answer: tuple[Started, JobStatus] | None) -> None:
            over()
            if answer is not None:
                started, status = answer
                self._kinds[started.run] = started.kind
                self._take(status)
                self.list_runs()
            self._tell_queue()

        def failed(error: BaseException) -> None:
            over()
            self._tell_queue()
            self.refused.emit(error)

        self._tasks.run("jobs", work, done, failed)

    def _queued(self, waiting: tuple[Wish, ...]) -> None:
        self._waiting = waiting
        self._make_room()
        self.queue_changed.emit(waiting)

    def _show_left_out(self, cases: tuple[str, ...]) -> None:
        self._left_out = cases
        self.left_out_changed.emit(cases)

    def _tell_queue(self) -> None:
        self._queued(self._session.agenda.waiting)

    def _recall_agenda(self) -> None:
        """Take up what waited when the project was closed; it waits until somebody starts it.

        But for the prediction of a training that ended meanwhile: it was promised with the training.
        """
        session, agenda = self._session, self._session.agenda

        def keep() -> Started | None:
            return None if session.jobs.running else promised(session, self._attended, self.device)

        def done(answer: tuple[tuple[Wish, ...], bool, tuple[str, ...]]) -> None:
            waiting, self._again, out = answer
            self._queued(waiting)
            self.again_changed.emit(self._again)
            self._show_left_out(out)
            if agenda.promised and not session.read_only:
                self._begin(keep)

        self._tasks.run("jobs", lambda: (agenda.waiting, agenda.train_again, agenda.left_out), done, self.failed.emit)

    def _recall(self) -> None:
        """Take up the project's last job where it ended early, so that it can go on after the window was closed."""
        session = self._session

        def call() -> JobStatus | None:
            last = session.runs()[-1:]
            early = last and last[0].status in ("cancelled", "failed")
            return session.jobs.status(last[0].id) if early else None

        def done(status: JobStatus | None) -> None:
            if status is not None and status.ended and self._status is None:
                self._status = self._unfinished = status
                self.job_changed.emit(status)

        self._tasks.run("jobs", call, done, self.failed.emit)

    def _wish(self, call: Callable[[str], object]) -> None:
        status = self._status
        running = status.run if status is not None and not status.ended else None
        session, starting = self._session, bool(self._starting)
        if not starting and running is None:
            return

        def work() -> JobStatus | None:
            run = self._arrived if starting else running  # one thread does all this, one after the other
            if run is None:
                return None
            call(run)
            return session.jobs.status(run)

        def done(now: JobStatus | None) -> None:
            if now is not None and not now.ended and self._status is not None and self._status.run == now.run:
                self._take(now)  # that it was asked is said at once; when it does it, is the job's

        self._tasks.run("jobs", work, done, self.failed.emit)

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
        return Pulse(tuple(self._session.jobs.status(run) for run, _ in news))

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
        same = before is not None and _standing(before) == _standing(status)
        now = time.monotonic()
        if status.previewed and (before is None or before.previewed != status.previewed):
            self.previewed.emit(tuple(status.previewed))
        had = before.predicted if before is not None and before.run == status.run else ()
        if fresh := tuple(case for case in status.predicted if case not in had):
            self.predicted.emit(fresh)
        if not same or now - self._told >= TELL_S:
            self._told = now
            self.job_changed.emit(status)
        if status.ended:
            self._after_end(status)

    def _after_end(self, status: JobStatus) -> None:
        self._room_wanted = False
        if status.state == "finished" and status.run in self._session.agenda.promised:
            self._put_in_use(status.run)
        self.job_ended.emit(status)
        self.list_runs()
        self.project_changed.emit()
        goes_on, self._after_stop = status.state == "finished" or self._after_stop, False
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
        elif goes_on:
            self.start_next()
        self._tell_queue()

    def _put_in_use(self, model: str) -> None:
        """Use a model, and keep in mind which one it comes in the place of."""
        before = model_in_use([run for run in self._runs if run.id != model], self._in_use)
        if before is not None and before != model:
            self._replaced[model] = before
        self._in_use = model

    def _start_before(self, last: Wish, wanted: Callable[[], bool]) -> None:
        """Start the job whose turn it is; one more comes after all that wait, if it is wanted and there is room."""
        session, attended, device = self._session, self._attended, self.device
        alone = not self._waiting

        def call() -> Started | None:
            if wanted():
                with contextlib.suppress(JobError):  # as many wait as may: whoever wants a map asks for it
                    session.agenda.add(last)
            return next_started(session, attended, device)

        self._begin(call, self._next_kind(), quietly=alone)

    def _looked_at(self, run: str) -> str | None:
        """The run whose network looks at the slices in a run."""
        return next((summary.init for summary in self._runs if summary.id == run), None)


def _standing(status: JobStatus) -> tuple[str, str, str, str]:
    """What is told at once where it changes."""
    return status.run, status.state, status.phase, status.asked

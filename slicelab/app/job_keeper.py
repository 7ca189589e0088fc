"""Jobs in the window: what is pressed goes to the open project's jobs, their news and figures to tabs and strip."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app import words
from slicelab.app.desks.cross_desk import CrossDesk
from slicelab.app.desks.job_desk import JobDesk
from slicelab.app.desks.measure_desk import MeasureDesk
from slicelab.app.desks.parting import let_go
from slicelab.app.models import model_name, model_rows, names_of
from slicelab.app.notice import Message, message_of
from slicelab.app.pausing import show_pause
from slicelab.app.training_ends import STOPPED, WORSE, stopped, worse

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.actions import ActionSet
    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.shown_mask import ShownMask
    from slicelab.app.tasks import Tasks
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace
    from slicelab.core.evaluation import Evaluation, Successor
    from slicelab.engine.agenda import Wish
    from slicelab.engine.on_the_way import OnTheWay
    from slicelab.engine.session import Session
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import RunSummary
    from slicelab.jobs.specs import CrossKind, Device


REFUSED = "refused"
"""The topic of why a job was not begun: no longer true once slices, or the cases left out, are others."""


class JobKeeper(QObject):
    """Connects the Pretrain and Train tabs, the strip and the measures to the jobs of the open project."""

    job_changed = Signal(object)
    runs_listed = Signal(tuple)
    prediction_changed = Signal()
    cases_changed = Signal()
    model_measured = Signal(str)
    measures_known = Signal(object)
    possible_changed = Signal()
    left_out_changed = Signal()
    said = Signal(object)
    failed = Signal(object)

    def __init__(
        self, work: Workspace, theme: Theme, actions: ActionSet, screen: CaseScreen, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._theme = theme
        self._actions = actions
        self._screen = screen
        self._desk: JobDesk | None = None
        self._measures: MeasureDesk | None = None
        self._cross: CrossDesk | None = None
        self._shown_measures: Evaluation | None = None
        self._stopped: JobStatus | None = None
        work.train.model_chosen.connect(self.use)
        work.train.start_chosen.connect(self.look_at_crossed)
        work.train.again_chosen.connect(self._train_again)
        work.pretrain.leave_out.chosen.connect(self._leave_out)
        for ended in (work.pretrain.job, work.train.job, work.train.crossed, work.train.worth):
            ended.go_on.connect(self._go_on)
        for card in (work.pretrain.job, work.train.job):
            card.queue.cancelled.connect(self._cancel)
            card.queue.start_wanted.connect(self._to_jobs(JobDesk.start_next))
        screen.not_known.connect(self._on_not_known)

    @property
    def desk(self) -> JobDesk | None:
        """The jobs of the open project."""
        return self._desk

    @property
    def measures(self) -> MeasureDesk | None:
        """What its models were measured to be."""
        return self._measures

    @property
    def in_use(self) -> str | None:
        """The model whose predictions are shown."""
        return self._desk.in_use if self._desk is not None else None

    def named(self, run: str) -> str:
        """What a model is called, such as ``Model 3``."""
        return model_name(run, self._desk.runs) if self._desk is not None else run

    def open(self, session: Session, tasks: Tasks, device: Device) -> JobDesk:
        """Another project is open: its jobs, which compute on ``device``."""
        work = self._work
        self._desk = jobs = JobDesk(session, tasks, self)
        jobs.device = device
        jobs.job_changed.connect(self.show_job)
        jobs.starting_changed.connect(self._on_starting)
        jobs.job_ended.connect(self._on_job_ended)
        jobs.runs_listed.connect(self._on_runs)
        jobs.project_changed.connect(self.cases_changed)
        jobs.mask_ready.connect(self._on_mask)
        jobs.previewed.connect(self._on_previewed)
        jobs.predicted.connect(self._on_predicted)
        jobs.queue_changed.connect(self._on_queue)
        jobs.again_changed.connect(work.train.show_again)
        jobs.left_out_changed.connect(work.pretrain.show_left_out)
        jobs.left_out_changed.connect(work.train.show_left_out)
        jobs.left_out_changed.connect(work.cases.show_left_out)
        jobs.left_out_changed.connect(self._screen.show_left_out)
        jobs.left_out_changed.connect(self.look_at_crossed)
        jobs.left_out_changed.connect(lambda _cases: self.left_out_changed.emit())
        jobs.left_out_changed.connect(lambda _out: work.notice.withdraw(REFUSED))
        work.pretrain.leave_out.setEnabled(not session.read_only)
        jobs.failed.connect(self.failed)
        jobs.refused.connect(lambda error: self.said.emit(replace(message_of(error), topic=REFUSED)))
        self._measures = measures = MeasureDesk(session, tasks, lambda: jobs.predicting, self)
        measures.measured.connect(self._on_measured)
        measures.remembered.connect(self._on_remembered)
        measures.way_known.connect(self._on_way)
        measures.worse.connect(self._on_worse)
        measures.refused.connect(lambda error: self.said.emit(replace(message_of(error), topic="measure")))
        measures.failed.connect(self.failed)
        measures.remember(anew=True)
        self._cross = CrossDesk(session, tasks, self)
        self._cross.ready.connect(work.train.show_crossed)
        self._cross.failed.connect(self.failed)
        jobs.job_changed.connect(work.train.show_crossing)
        return jobs

    def close(self) -> None:
        """No project is open."""
        if self._desk is not None:
            self._desk.close()
        let_go(self._desk, self._measures, self._cross)
        self._desk = self._measures = self._cross = self._shown_measures = self._stopped = None
        work = self._work
        work.pretrain.show_job(None)
        work.train.show_job(None)
        work.strip.show_job(None)
        for part in (work.strip, work.pretrain, work.train):
            part.show_starting("")
        for tab in (work.pretrain, work.train):
            tab.show_queue((), running=False)
        work.train.show_pretraining(False)
        work.train.show_again(False)
        work.pretrain.show_left_out(())
        work.train.show_left_out(())
        work.cases.show_left_out(())
        work.train.show_crossed(None)
        work.train.show_crossing(None)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on jobs."""
        return {
            "job.pretrain": self._pretrain,
            "job.train": self._train,
            "job.predict": self._to_jobs(JobDesk.predict),
            "job.map": self._to_jobs(JobDesk.look_at_slices),
            "job.measure": self._measure,
            "job.compare": lambda: self._cross_validate("compare"),
            "job.crossvalidate": lambda: self._cross_validate("crossvalidate"),
            "job.pause": self._to_jobs(JobDesk.pause_or_go_on),
            "job.stop": self._stop,
            "job.continue": lambda: self._go_on(None, None),
            "job.continue_cpu": lambda: self._go_on(None, "cpu"),
        }

    # -- what happens in the project ----------------------------------------------------------------------------

    def show_case(self, case_id: str | None) -> None:
        """A case is shown: with the mask of the model in use."""
        if self._desk is not None and case_id is not None:
            self._desk.attend(case_id)
            self._desk.load_prediction(case_id)

    def case_finished(self, case_id: str) -> None:
        """All of a case is done: it may be trained again."""
        if self._desk is not None:
            self._desk.case_finished(case_id, self._work.train.init, self._work.train.steps)

    def look_at_left_out(self) -> None:
        """The project's cases are others: which are kept for testing may be, too."""
        if self._desk is not None:
            self._desk.look_at_left_out()

    def remember(self, *, anew: bool = False) -> None:
        """Labels changed since models were measured, or (``anew``) cases are there again that were."""
        if self._measures is not None:
            self._measures.remember(anew=anew)

    def use(self, run: str) -> None:
        """Show another model's predictions and figures."""
        self._work.notice.withdraw(WORSE)
        if self._desk is not None:
            self._desk.use(run)
            self._show_measures()

    def look_at_crossed(self, *_news: object) -> None:
        """Look again at what was cross-validated, and what it would take now."""
        if self._cross is not None and self._desk is not None:
            self._cross.refresh(self._work.train.init, self._work.train.steps, self._desk.left_out)

    def forget_measures(self) -> None:
        """Take down figures that count a case or a class that is gone; what was measured of the others comes back."""
        if self._measures is not None:
            self._measures.forget()
        self._shown_measures = None
        self._work.review.show_evaluation(None, "")
        self._work.review.show_changed(0)
        self._show_models()

    def show_job(self, status: JobStatus) -> None:
        """What there is to say of a job: it runs, or has ended."""
        show_pause(self._theme, self._actions, status)
        self._work.strip.show_job(status)
        self.job_changed.emit(status)
        if status.kind == "pretrain":
            self._work.pretrain.show_job(status)
            self._work.train.show_pretraining(not status.ended)
        elif status.kind == "finetune":
            self._work.train.show_job(status)
        self._show_queue()

    # -- what is wanted -----------------------------------------------------------------------------------------

    def _to_jobs(self, call: Callable[[JobDesk], None]) -> Callable[[], None]:
        """A command to the jobs of the open project, if one is open."""

        def run() -> None:
            if self._desk is not None:
                call(self._desk)

        return run

    def _pretrain(self) -> None:
        if self._desk is not None:
            self._work.show_tab("pretrain")
            self._desk.pretrain(self._work.pretrain.method, self._work.pretrain.steps)
            self._screen.take_keys()

    def _train(self) -> None:
        if self._desk is not None:
            self._work.show_tab("train")
            self._desk.train(self._work.train.init, self._work.train.steps, self._screen.case_id)
            self._screen.take_keys()

    def _cross_validate(self, kind: CrossKind) -> None:
        if self._desk is not None:
            self._work.show_tab("train")
            self._desk.cross_validate(kind, self._work.train.init, self._work.train.steps)
            self._screen.take_keys()

    def _stop(self) -> None:
        if self._desk is not None:
            self._desk.stop()
            self._screen.take_keys()

    def _cancel(self, kind: str) -> None:
        if self._desk is not None:
            self._desk.cancel(kind)

    def _train_again(self, on: bool) -> None:
        if self._desk is not None:
            self._desk.train_again(on)

    def _leave_out(self, cases: tuple[str, ...]) -> None:
        if self._desk is not None:
            self._desk.leave_out(cases)

    def _go_on(self, run: str | None, device: Device | None) -> None:
        """Let a job go on that ended early, None for the last one; what was said of its end is out of date then."""
        if self._desk is None:
            return
        self._work.notice.dismiss()
        last = self._desk.unfinished
        wanted = run if run is not None else last.run if last is not None else None
        if wanted is not None:
            self._desk.go_on(wanted, device)

    def _measure(self) -> None:
        if self._measures is not None:
            self._work.show_tab("review")
            self._measures.measure(self.in_use)

    # -- their news ---------------------------------------------------------------------------------------------

    def _on_starting(self, kind: str) -> None:
        """A job is being started, which takes a moment: a press is answered at once, and one is enough."""
        for part in (self._work.strip, self._work.pretrain, self._work.train):
            part.show_starting(kind)
        if kind:
            for last_try in ("start", REFUSED, STOPPED, WORSE):
                self._work.notice.withdraw(last_try)
        self._show_queue()

    def _on_job_ended(self, status: JobStatus) -> None:
        if status.state == "failed":
            safe = "Your labels are not touched by it."
            said = status.message or "The job did not finish."
            self.said.emit(Message(said, safe, status.remedy, topic="start"))
        elif status.kind == "finetune" and status.state == "cancelled":
            self._stopped = status  # whether it left a model is known once the runs are listed
        elif status.kind == "predict" and self._measures is not None and status.state == "finished":
            self._measures.measure(self.in_use)

    def _show_queue(self) -> None:
        self._on_queue(self._desk.waiting if self._desk is not None else ())

    def _on_queue(self, waiting: tuple[Wish, ...]) -> None:
        if self._desk is None:
            return
        for tab in (self._work.pretrain, self._work.train):
            tab.show_queue(waiting, running=self._desk.running)
        self.possible_changed.emit()

    def _on_runs(self, runs: tuple[RunSummary, ...]) -> None:
        if self._desk is None:
            return
        self._work.train.show_starts(runs)
        for card in (self._work.pretrain.job, self._work.train.job):
            card.show_runs(runs)
        trained = [run.id for run in runs if run.kind == "finetune"]
        if trained and self._measures is not None:
            self._measures.recall_way(self._work.train.job.run or trained[-1])
        self.runs_listed.emit(runs)
        self._say_stopped(runs)
        # The figures may have been read before it was known which model is in use.
        self._show_known()
        if self._screen.case_id is not None:
            self._desk.load_prediction(self._screen.case_id)
        self.prediction_changed.emit()
        self.possible_changed.emit()

    def _say_stopped(self, runs: tuple[RunSummary, ...]) -> None:
        """A training that was stopped left a model, which nothing is predicted with unless somebody asks."""
        status, desk = self._stopped, self._desk
        ended = next((run for run in runs if status and run.id == status.run and run.status != "running"), None)
        if status is None or desk is None or ended is None:
            return
        self._stopped = None
        if ended.has_weights and not desk.running:
            self.said.emit(stopped(self.named(ended.id), status, lambda: desk.take_over(ended.id)))

    def _on_mask(self, case_id: str, found: ShownMask | None) -> None:
        self._screen.show_mask(case_id, found)
        self.prediction_changed.emit()
        self.possible_changed.emit()

    def _on_previewed(self, cases: tuple[str, ...]) -> None:
        if self._desk is None:
            return
        if self._screen.case_id is not None and self._screen.case_id in cases:
            self._desk.load_prediction(self._screen.case_id)
        status = self._desk.status
        if status is not None and self._measures is not None:
            self._measures.look_on_the_way(status.run, status.previewed)

    def _on_predicted(self, cases: tuple[str, ...]) -> None:
        """The case one looks at is predicted first: it is not kept back until the others are through."""
        if self._desk is not None and self._screen.case_id is not None and self._screen.case_id in cases:
            self._desk.load_prediction(self._screen.case_id)

    def _on_way(self, run: str, points: tuple[OnTheWay, ...]) -> None:
        runs = self._desk.runs if self._desk is not None else ()
        self._work.train.job.show_on_the_way(run, points, names_of(runs).get(run, run))

    def _on_not_known(self, name: str) -> None:
        model = self._desk.in_use_name if self._desk is not None else "The model"
        remedy = f"Mark slices done that show {name}, and train again."
        self.said.emit(Message(f"{model} does not know {name}.", "Nothing was changed.", remedy))

    # -- figures ------------------------------------------------------------------------------------------------

    def _on_measured(self, model: str, evaluation: Evaluation) -> None:
        self._work.notice.withdraw("measure")
        said = words.measured(evaluation)
        self._work.strip.say(f"{said}, as before" if repr(evaluation) == repr(self._shown_measures) else said)
        self._show_measures()
        self.model_measured.emit(model)
        before = self._desk.replaced_by(model) if self._desk is not None else None
        if before is not None and self._measures is not None:
            self._measures.compare(model, before)

    def _on_worse(self, model: str, before: str, found: Successor) -> None:
        """Which of two models is used is a person's choice: said with the figures, and one press from the other."""
        if self._desk is not None and self.in_use == model:
            self.said.emit(worse(self.named(model), self.named(before), found, lambda: self.use(before)))

    def _on_remembered(self) -> None:
        """What was measured before the project was opened, or how much has changed since."""
        self._show_known()

    def _show_known(self) -> None:
        before = self._shown_measures
        self._show_measures()
        if self.in_use is not None and before is None and self._shown_measures is not None:
            self.model_measured.emit(self.in_use)

    def _show_measures(self) -> None:
        """The figures of the model in use, if there are some."""
        jobs, measures = self._desk, self._measures
        if jobs is None or measures is None:
            return
        model = jobs.in_use
        found = measures.evaluations.get(model) if model is not None else None
        changed = measures.changed.get(model, 0) if model is not None else 0
        if found is not self._shown_measures or found is None:
            self._work.review.show_evaluation(found, jobs.in_use_name)
        self._shown_measures = found
        self._work.review.show_changed(changed if found is not None else 0)
        self._show_models()

    def _show_models(self) -> None:
        jobs, measures = self._desk, self._measures
        if jobs is not None and measures is not None:
            rows = model_rows(jobs.runs, jobs.in_use, measures.evaluations, measures.changed)
            self._work.train.show_models(rows)
            self.measures_known.emit(measures.evaluations)

"""The main window: start page and workspace, wired to the desks. It carries intents and answers, and decides little."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QStackedWidget,
)

from slicelab.app import recent, words
from slicelab.app.actions import MAY, ActionSet, Need
from slicelab.app.adviser import Adviser
from slicelab.app.brought_in import not_added
from slicelab.app.case_keeper import CaseKeeper
from slicelab.app.case_screen import MENDS, CaseScreen
from slicelab.app.desks.cross_desk import CrossDesk
from slicelab.app.desks.job_desk import JobDesk
from slicelab.app.desks.label_desk import LabelDesk, count_states
from slicelab.app.desks.project_desk import ProjectDesk
from slicelab.app.desks.review_desk import ReviewDesk
from slicelab.app.desks.sides_desk import SidesDesk
from slicelab.app.desks.view_desk import ViewDesk
from slicelab.app.help_sheet import KeySheet, about_dialog
from slicelab.app.language import say, tr
from slicelab.app.leaving import ask_leaving
from slicelab.app.models import model_name, model_rows, models_of, names_of
from slicelab.app.new_project import NewProjectDialog
from slicelab.app.notice import Message, Offer, message_of
from slicelab.app.palette import Palette
from slicelab.app.pausing import show_pause
from slicelab.app.preferences import device_of, save
from slicelab.app.sequence_keeper import SequenceKeeper
from slicelab.app.series_dialog import choose_volumes
from slicelab.app.settings_dialog import SettingsDialog
from slicelab.app.spoken import Question
from slicelab.app.start_page import StartPage
from slicelab.app.tasks import Tasks
from slicelab.app.tour import Tour, stops
from slicelab.app.widgets import keep_from_wheel, set_numbers_in
from slicelab.app.workspace import Workspace
from slicelab.core.slices import done_classes
from slicelab.engine.run_names import by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

    from slicelab.app.desks.job_desk import ShownMask
    from slicelab.app.desks.label_desk import Masks
    from slicelab.app.leaving import Leaving
    from slicelab.app.preferences import Preferences
    from slicelab.app.theme import Theme
    from slicelab.core.correction import Round
    from slicelab.core.drawing.mend import Mend
    from slicelab.core.evaluation import Evaluation
    from slicelab.core.labels import SliceState
    from slicelab.data.readers import Discovery
    from slicelab.engine.accepting import Taken
    from slicelab.engine.agenda import Wish
    from slicelab.engine.exporting import ExportReport
    from slicelab.engine.importing import ImportReport
    from slicelab.engine.reviewing import CaseReview
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import CaseSummary, RunSummary
    from slicelab.jobs.specs import CrossKind, Device

_FIELDS = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_REPORT_KINDS = "Web page (*.html);;PDF (*.pdf)"
_FILE_KINDS = "MR images (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)"
_SESSION_END_MS = 60_000
"""How long nobody is expected to answer once the computer's session is about to end."""


class MainWindow(QMainWindow):
    """One window, at most one project."""

    case_shown = Signal(str)
    _saving = Signal(int, object)

    def __init__(self, theme: Theme, chosen: Preferences) -> None:
        super().__init__()
        self.theme = theme
        self.preferences = chosen
        self.tour: Tour | None = None
        self.setWindowTitle("slicelab")
        self.setAcceptDrops(True)
        self.setMinimumSize(1024, 640)
        self.tasks = Tasks(self)
        self.actions_ = ActionSet(self, theme, chosen.keys)
        self.desk = ProjectDesk(self.tasks, self)
        self.desk.reader = chosen.reader
        self.labels: LabelDesk | None = None
        self.jobs: JobDesk | None = None
        self.reviews: ReviewDesk | None = None
        self.cross: CrossDesk | None = None
        self._wanted: tuple[str, str] | None = None
        self._known_done: tuple[str, tuple[tuple[int, ...], ...]] = ("", ())
        self.start = StartPage(theme, self.actions_)
        self.work = Workspace(theme, self.actions_)
        keep_from_wheel(self.work)
        set_numbers_in(self.work)
        self.screen_ = CaseScreen(self.work, theme, self)
        self.views = ViewDesk(self.work, self.actions_, self.tasks, self)
        self.sides = SidesDesk(self.work, self.screen_, self.actions_, self.tasks, self)
        self.keeper = CaseKeeper(self.work, theme, self)
        self.sequences = SequenceKeeper(self.work, self.actions_, self.screen_, self)
        self.adviser = Adviser(self.work, self.screen_, self.actions_, self)
        self._cases: tuple[CaseSummary, ...] = ()
        self._first = True
        self._shown_measures: Evaluation | None = None
        self._unasked = False
        self._session_ending = QTimer(self, singleShot=True, interval=_SESSION_END_MS)
        pages = QStackedWidget()
        pages.addWidget(self.start)
        pages.addWidget(self.work)
        self._pages = pages
        self.setCentralWidget(pages)
        self.actions_.fill(self.menuBar())
        self._connect_desk()
        self._connect_work()
        self.actions_.connect_all(self._commands())
        self._saving.connect(self._show_saving)
        self.tasks.failed.connect(self.show_error)
        _application().focusChanged.connect(self._on_focus)
        _application().commitDataRequest.connect(self.session_ends)
        self.start.show_recent(recent.recent_projects())
        self._allow()

    # -- opening ------------------------------------------------------------------------------------------------

    def open_project(self, folder: Path) -> None:
        """Open a project folder in place of the present project, whose running job is asked about first."""
        if not self._may_leave():
            return
        self._show_workspace(f"Opening {folder.name} …")
        self.desk.open(folder)

    def new_project(self, files: Sequence[Path] = ()) -> None:
        """Ask the three questions, then make the project (and bring the dropped files in)."""
        dialog = NewProjectDialog(self.theme, self, files=files)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.answers is not None:
            if not self._may_leave():
                return
            answers = dialog.answers
            self._show_workspace(f"Making {answers.name} …")
            self.desk.create(answers.folder, answers.classes, answers.name, files)

    def bring_in(self, paths: Sequence[Path], *, masks_as_cases: bool = False) -> None:
        """Import files and folders; without a project, one is made first."""
        projects = [path for path in paths if (path / "project.db").is_file()]
        if projects:
            self.open_project(projects[0])
        elif self.desk.session is None:
            self.new_project(paths)
        elif not self.desk.session.read_only:
            self.work.show_tab("data")
            self.desk.bring_in(paths, masks_as_cases=masks_as_cases)

    # -- wiring -------------------------------------------------------------------------------------------------

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.opened.connect(self._on_opened)
        desk.closing.connect(self._on_closing)
        desk.closed.connect(self._on_closed)
        desk.cases_listed.connect(self._on_cases)
        desk.case_opened.connect(self._on_case)
        desk.picture_ready.connect(self.screen_.show_thumbnail)
        desk.import_progress.connect(self.work.data.show_progress)
        desk.volumes_wanted.connect(self._ask_volumes)
        desk.import_ended.connect(self._on_imported)
        desk.exported.connect(self._on_exported)
        desk.locked.connect(lambda error: self.say(replace(message_of(error), safe="It is open here for reading.")))
        desk.failed.connect(self._on_open_failed)

    def _connect_work(self) -> None:
        work = self.work
        self.start.project_chosen.connect(self.open_project)
        self.start.folder_wanted.connect(self._ask_folder)
        self.start.files_wanted.connect(self._ask_files)
        work.cases.case_chosen.connect(self.desk.open_case)
        work.cases.picture_wanted.connect(self.desk.want_picture)
        work.data.stop_wanted.connect(self.desk.stop_import)
        work.train.model_chosen.connect(self._use_model)
        for ended in (work.pretrain.job, work.train.job, work.train.crossed, work.train.worth):
            ended.go_on.connect(self._go_on)
        work.train.start_chosen.connect(self._look_at_crossed)
        for card in (work.pretrain.job, work.train.job):
            card.queue.cancelled.connect(self._cancel_job)
            card.queue.start_wanted.connect(self._on_jobs(JobDesk.start_next))
        work.train.again_chosen.connect(self._train_again)
        work.pretrain.leave_out.chosen.connect(self._leave_out)
        work.review.score_chosen.connect(self._open_at_worst)
        work.review.expected.chosen.connect(self._open)
        for box in (work.train.corrections, work.review.corrections):
            box.share_chosen.connect(self._keep_blind)
        self.screen_.stroke_made.connect(self._save_stroke)
        self.screen_.shown.connect(self.case_shown)
        self.screen_.window_kept.connect(self.desk.keep_window)
        self.screen_.marks_changed.connect(self.desk.keep_marks)
        self.screen_.refused.connect(self._on_refused)
        self.screen_.not_known.connect(self._on_not_known)
        self.screen_.answered.connect(self.work.strip.say)
        self.screen_.kept_blind.connect(self._on_kept_blind)
        self.screen_.prediction_seen.connect(self._on_seen)
        self.screen_.looked.connect(self._labelling(LabelDesk.look))
        self.keeper.project_changed.connect(self._on_project_changed)
        self.keeper.noted.connect(self.desk.list_cases)
        self.keeper.mask_taken.connect(self._reread)
        self.keeper.case_wanted.connect(self._open)
        self.keeper.as_cases_wanted.connect(lambda paths: self.bring_in(paths, masks_as_cases=True))
        self.keeper.said.connect(self.say)
        self.keeper.failed.connect(self.show_error)
        self.sides.use_wanted.connect(self._use_model)
        self.sides.prediction_seen.connect(self._on_seen)
        self.sides.failed.connect(self.show_error)
        self.adviser.case_wanted.connect(self._open)
        self.adviser.failed.connect(self.show_error)
        self.screen_.looked.connect(self.adviser.show_slice)
        self.screen_.uncertainty_wanted.connect(self._want_uncertainty)
        self.sequences.project_changed.connect(self._on_project_changed)
        self.sequences.possible_changed.connect(self._allow)
        self.sequences.removal_wanted.connect(self.keeper.remove_sequence)
        self.sequences.looked_at.connect(self._take_for)
        self.sequences.said.connect(self.say)
        self.sequences.failed.connect(self.show_error)

    def _commands(self) -> dict[str, Callable[[], object]]:
        screen, work = self.screen_, self.work
        return {
            "project.new": self.new_project,
            "project.open": self._ask_project,
            "project.import": self._ask_files,
            "project.import_folder": self._ask_folder,
            "project.export_labels": lambda: self._ask_export(None),
            "project.export_predictions": lambda: self._ask_export(self.jobs.in_use if self.jobs else None),
            "project.report": self._ask_report,
            "project.close": self._close_project,
            "app.quit": self.close,
            "edit.undo": self._labelling(LabelDesk.undo),
            "edit.redo": self._labelling(LabelDesk.redo),
            **screen.commands(),
            **self.views.commands(),
            **self.sequences.commands(),
            **self.sides.commands(),
            **self.keeper.commands(lambda: self.jobs.in_use if self.jobs else None),
            "slice.done": self._labelling(lambda labels: labels.mark(*screen.confirm_slice())),
            "slice.clear": self._labelling(lambda labels: labels.mark(*screen.clear_slice())),
            "case.done": self._labelling(lambda labels: labels.confirm(screen.drafts)),
            "slice.accept": self._accepting(screen.accept_slice),
            "case.accept": self._accepting(screen.accept_case),
            "class.accept": self._accepting(screen.accept_class),
            **{name: self._mending(mend) for name, mend in MENDS.items()},
            "slice.interpolate": self._labelling(lambda labels: labels.interpolate(screen.gap())),
            "case.interpolate": self._labelling(lambda labels: labels.interpolate(None)),
            "slice.copy_below": self._labelling(lambda labels: labels.copy(*screen.copy(-1))),
            "slice.copy_above": self._labelling(lambda labels: labels.copy(*screen.copy(1))),
            "case.next": lambda: work.cases.step(1),
            "case.previous": lambda: work.cases.step(-1),
            "job.pretrain": self._pretrain,
            "job.train": self._train,
            "job.predict": self._on_jobs(JobDesk.predict),
            "job.map": self._on_jobs(JobDesk.look_at_slices),
            "job.measure": self._measure,
            "job.compare": lambda: self._cross_validate("compare"),
            "job.crossvalidate": lambda: self._cross_validate("crossvalidate"),
            "job.pause": self._on_jobs(JobDesk.pause_or_go_on),
            "job.stop": self._on_jobs(JobDesk.stop),
            "job.continue": lambda: self._go_on(None, None),
            "job.continue_cpu": lambda: self._go_on(None, "cpu"),
            "help.palette": self._show_palette,
            "help.settings": self._show_settings,
            "help.tour": self.show_tour,
            "help.keys": lambda: KeySheet(self.theme, self.actions_, self).open(),
            "help.about": lambda: about_dialog(self.theme, self).open(),
        }

    def _labelling(self, call: Callable[[LabelDesk], None]) -> Callable[[], None]:
        """A command to the labels of the open case, if one is open."""

        def run() -> None:
            if self.labels is not None:
                call(self.labels)

        return run

    def _mending(self, mend: Mend) -> Callable[[], None]:
        """A command to mend the selected class."""
        return self._labelling(lambda labels: labels.mend(*self.screen_.mend(mend)))

    def _accepting(self, call: Callable[[], Taken]) -> Callable[[], None]:
        """A command to take a model's masks over."""
        return self._labelling(lambda labels: labels.accept(call()))

    def _on_jobs(self, call: Callable[[JobDesk], None]) -> Callable[[], None]:
        """A command to the jobs of the open project, if one is open."""

        def run() -> None:
            if self.jobs is not None:
                call(self.jobs)

        return run

    def _reread(self, case_id: str) -> None:
        if self.labels is not None:
            self.labels.reread(case_id)

    def _save_stroke(self, masks: Masks, before: Masks, action: str) -> None:
        if self.labels is not None:
            self.labels.stroke(masks, action, before)

    def _on_refused(self, name: str) -> None:
        self.say(
            Message(f"{name} is locked: no tool changes it.", remedy="Open its lock in the list of classes, or K.")
        )

    def _on_not_known(self, name: str) -> None:
        model = self.jobs.in_use_name if self.jobs is not None else "The model"
        remedy = f"Mark slices done that show {name}, and train again."
        self.say(Message(f"{model} does not know {name}.", "Nothing was changed.", remedy))

    def _use_model(self, run: str) -> None:
        if self.jobs is not None:
            self.jobs.use(run)
            self._show_measures()

    # -- help ---------------------------------------------------------------------------------------------------

    def _show_palette(self) -> None:
        palette = Palette(self.theme, self.actions_, self)
        if palette.exec() == QDialog.DialogCode.Accepted and palette.chosen is not None:
            # Once the dialog is gone: what a command opens, or gives the keys to, is this window's.
            QTimer.singleShot(0, self.actions_[palette.chosen].trigger)
        palette.deleteLater()

    def _show_settings(self) -> None:
        dialog = SettingsDialog(self.theme, self.preferences, self.tasks, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._prefer(dialog.preferences)
        dialog.deleteLater()

    def _prefer(self, chosen: Preferences) -> None:
        self.preferences = chosen
        save(chosen)
        self.actions_.set_keys(chosen.keys)
        self.desk.reader = chosen.reader
        self.desk.sign()
        if self.jobs is not None:
            self.jobs.device = device_of(chosen.device)

    def show_tour_once(self) -> None:
        """Show the tour when the first case ever is shown, and never again."""
        if not self.preferences.toured:
            self.case_shown.connect(self.show_tour, Qt.ConnectionType.SingleShotConnection)

    def show_tour(self, _case: str = "") -> None:
        """Show the tour."""
        self._prefer(replace(self.preferences, toured=True))
        if self.tour is None and self.desk.session is not None:
            self.tour = Tour(self.theme, stops(self.work), self)
            self.tour.ended.connect(self._on_tour_ended)

    def _on_tour_ended(self) -> None:
        self.tour = None
        if self.screen_.canvas is not None:
            self.screen_.canvas.focus_main()

    # -- project ------------------------------------------------------------------------------------------------

    def _on_opened(self) -> None:
        session = self.desk.session
        if session is None:
            return
        self._first = True
        recent.remember_project(session.folder)
        self.setWindowTitle(f"{session.name} – slicelab")
        self._show_workspace(tr("Opening {name} …").format(name=session.name))
        session.saving.connect(self._saving.emit)
        self.labels = labels = LabelDesk(session, self.tasks, self)
        labels.states_changed.connect(self._on_states)
        labels.masks_changed.connect(self.screen_.take_masks)
        labels.anchors_changed.connect(self.screen_.show_anchors)
        labels.undo_changed.connect(self.work.view_bar.show_undo)
        labels.answered.connect(self.work.strip.say)
        labels.case_finished.connect(self._on_case_finished)
        labels.failed.connect(self.show_error)
        self.jobs = jobs = JobDesk(session, self.tasks, self)
        jobs.device = device_of(self.preferences.device)
        jobs.job_changed.connect(self._on_job)
        jobs.starting_changed.connect(self._on_starting)
        jobs.job_ended.connect(self._on_job_ended)
        jobs.runs_listed.connect(self._on_runs)
        jobs.project_changed.connect(self.desk.list_cases)
        jobs.mask_ready.connect(self._on_mask)
        jobs.previewed.connect(self._on_previewed)
        jobs.measured.connect(self._on_measured)
        jobs.remembered.connect(self._on_remembered)
        jobs.queue_changed.connect(self._on_queue)
        jobs.again_changed.connect(self.work.train.show_again)
        jobs.left_out_changed.connect(self.work.pretrain.show_left_out)
        jobs.left_out_changed.connect(self.work.train.show_left_out)
        self.work.pretrain.leave_out.setEnabled(not session.read_only)
        jobs.failed.connect(self.show_error)
        jobs.refused.connect(lambda what, error: self.say(replace(message_of(error), topic=what)))
        self.reviews = reviews = ReviewDesk(session, self.tasks, self)
        reviews.trend_ready.connect(self._on_trend)
        reviews.budget_ready.connect(self.work.train.budget.show_budget)
        reviews.case_reviewed.connect(self._on_case_reviewed)
        reviews.share_changed.connect(self._on_share)
        reviews.reported.connect(self._on_reported)
        reviews.expected.connect(self.work.review.expected.show_expectation)
        reviews.uncertainty_ready.connect(self.screen_.show_uncertainty)
        reviews.failed.connect(self.show_error)
        self.cross = CrossDesk(session, self.tasks, self)
        self.cross.ready.connect(self.work.train.show_crossed)
        self.cross.failed.connect(self.show_error)
        jobs.job_changed.connect(self.work.train.show_crossing)
        reviews.trend_ready.connect(self._look_at_crossed)
        jobs.left_out_changed.connect(self._look_at_crossed)
        self.keeper.open(session, self.tasks)
        self.sequences.open(session, self.tasks)
        self.sides.open(session, jobs)
        self.adviser.open(session, self.tasks)
        self.screen_.show_project(session.classes, session.marks.read())
        self.work.cases.forget()
        self._allow()
        # After the window has drawn itself once: napari takes about two seconds the first time.
        QTimer.singleShot(0, self.screen_.ensure_canvas)

    def _on_closing(self) -> None:
        """The project is about to be let go of: what is still in hand goes to it."""
        if self.labels is not None:
            self.labels.leave()
        self.keeper.close()
        self.sequences.close()
        self.adviser.close()

    def _on_closed(self) -> None:
        if self.jobs is not None:
            self.jobs.close()
        for desk in (self.labels, self.jobs, self.reviews, self.cross):
            if desk is not None:
                desk.blockSignals(True)  # a late answer is none to the next project
        self.tasks.forget_all()
        self.labels = self.jobs = self.reviews = self.cross = self._wanted = None
        self._known_done = ("", ())
        self._shown_measures = None
        if self.tour is not None:
            self.tour.end()
        self._cases = ()
        self.sides.close()
        self.screen_.close_case()
        self.work.cases.show_cases(())
        self.work.pretrain.show_job(None)
        self.work.train.show_job(None)
        self.work.strip.show_job(None)
        for part in (self.work.strip, self.work.pretrain, self.work.train):
            part.show_starting("")
        for tab in (self.work.pretrain, self.work.train):
            tab.show_queue((), running=False)
        self.work.train.show_again(False)
        self.work.pretrain.show_left_out(())
        self.work.train.show_left_out(())
        self.work.train.budget.show_budget(None)
        self.work.train.show_crossed(None)
        self.work.train.show_crossing(None)
        self.work.notice.forget()
        self.setWindowTitle("slicelab")
        self.start.show_recent(recent.recent_projects())
        self._pages.setCurrentWidget(self.start)
        self._allow()

    def _on_open_failed(self, error: BaseException) -> None:
        if self.desk.session is None:
            self._pages.setCurrentWidget(self.start)
            message = message_of(error)
            box = Question(message.title, " ".join(part for part in (message.safe, message.remedy) if part), self)
            box.open()
        else:
            if self._cases and self.screen_.case_id is None:
                self.work.say_empty(tr("Choose a case at the left"))
            self.show_error(error)

    def _on_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        before, now = {case.id for case in self._cases}, {case.id for case in cases}
        self._show_cases(cases)
        if before - now:
            self._forget_measures()
        elif before and now - before and self.jobs is not None:
            self.jobs.remember(anew=True)  # a case that was restored brings its figures
        work = self.work
        shown = self.screen_.case_id
        if shown is not None and all(case.id != shown for case in cases):
            self.screen_.close_case()
            self.sequences.show_case(None)
            work.cases.open_near()
        if cases and self._first:
            self._first = False
            work.show_tab("label")
            work.say_empty(tr("Opening {name} …").format(name=cases[0].name))
            work.cases.step(0) if work.cases.current else work.cases.step(1)
        elif not cases:
            work.show_tab("data")
            work.say_empty("Drop MR images here: files, folders, DICOM studies")

    def _on_project_changed(self) -> None:
        session = self.desk.session
        if session is not None and session.classes != self.screen_.classes:
            self.screen_.show_classes(session.classes)
            self._forget_measures()
            self._reread(self.screen_.case_id or "")
        self.desk.list_cases()
        self.sequences.refresh()
        if self.jobs is not None:
            self.jobs.list_runs()

    def _show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        self._cases = cases
        self.keeper.show_cases(cases)
        self.adviser.show_cases(cases)
        self.work.cases.show_cases(cases)
        self.work.data.show_cases(cases)
        self.work.pretrain.show_pool(cases)
        self.work.train.show_labels(cases)
        self._allow()

    def _on_case(self, opened: object) -> None:
        self.work.notice.withdraw("measure")
        self.screen_.show_case(opened)  # type: ignore[arg-type]
        self.keeper.show_case(self.screen_.case_id)
        self.sequences.show_case(self.screen_.case_id)
        self.adviser.show_case(self.screen_.case_id)
        if self.labels is not None and self.screen_.case_id is not None:
            self.labels.attend(self.screen_.case_id)
        if self.jobs is not None and self.screen_.case_id is not None:
            self.jobs.attend(self.screen_.case_id)
            self.jobs.load_prediction(self.screen_.case_id)
        self._allow()

    def _on_states(self, case_id: str, states: tuple[dict[int, SliceState], ...]) -> None:
        self.screen_.show_states(case_id, states)
        self.sides.show_states()
        self.adviser.show_states(case_id, states)
        session = self.desk.session
        if session is None:
            return
        # A stroke changes no figure until its slice is done again, and must wait for none.
        done = tuple(done_classes(known) for known in states)
        if (case_id, done) != self._known_done:
            self._known_done = (case_id, done)
            self.adviser.refresh()
            self._review()
            if self.jobs is not None:
                self.jobs.remember()
        count = count_states(states, self.screen_.class_values)
        cases = tuple(replace(case, count=count) if case.id == case_id else case for case in self._cases)
        if cases != self._cases:
            self._show_cases(cases)

    def _on_imported(self, report: ImportReport | None) -> None:
        self.work.data.show_report(report)
        said = not_added(report, lambda: self.work.show_tab("data")) if report is not None else None
        if said is not None:
            self.say(said)
        elif report is not None and report.labelled:
            self.say(Message(words.came_with_labels(report), tone="ok"))
        if report is not None and report.masks:
            # Once the cases are listed: a question inside this answer would hold them up.
            QTimer.singleShot(0, lambda: self.keeper.ask_masks(report.masks))

    def _on_exported(self, report: ExportReport) -> None:
        masks = sum(name.endswith(".nii.gz") for name in report.files)
        said = f"{words.plural(masks, 'mask')} written to {words.place(report.folder)}."
        unlabelled = "slices.csv says what is done: 0 in a mask is background only on slices that are."
        self.say(Message(said, unlabelled if "slices.csv" in report.files else "", tone="ok"))

    # -- review -------------------------------------------------------------------------------------------------

    def _review(self) -> None:
        """Look again at the open case and at what models' masks were worth before correction."""
        if self.reviews is not None and self.jobs is not None:
            self.reviews.refresh(self.screen_.case_id, self.jobs.in_use if self.screen_.predicted else None)

    def _on_trend(self, rounds: tuple[Round, ...], share: float) -> None:
        self.sides.show_rounds(rounds)
        if self.jobs is not None:
            names = {run.id: model_name(run.id, self.jobs.runs) for run in self.jobs.runs}
            for box in (self.work.train.corrections, self.work.review.corrections):
                box.show_rounds(rounds, names, share)

    def _on_case_reviewed(self, case_id: str, review: CaseReview | None) -> None:
        self.screen_.show_review(case_id, review)
        if self._wanted is not None and self._wanted[0] == case_id and self.screen_.case_id == case_id:
            wanted, self._wanted = self._wanted[1], None
            value = self._value_of(wanted)
            if value is not None:
                self.screen_.go_to_worst(value)

    def _open_at_worst(self, name: str, class_name: str) -> None:
        """Open a case at the slice where the model is most wrong about a class."""
        found = next((case.id for case in self._cases if case.name == name), None)
        if found is None:
            return
        self._wanted = (found, class_name)
        if found == self.screen_.case_id:
            self._review()
        else:
            self._open(found)

    def _open(self, case_id: str) -> None:
        if all(case.id != case_id for case in self._cases):
            return  # it was removed since it was listed
        self.work.cases.select(case_id)
        self.desk.open_case(case_id)

    def _value_of(self, class_name: str) -> int | None:
        classes = self.desk.session.classes if self.desk.session is not None else ()
        return next((item.value for item in classes if item.name == class_name), None)

    def _on_seen(self, case_id: str, slices: tuple[int, ...], run: str) -> None:
        if self.reviews is not None:
            self.reviews.saw(case_id, slices, run)

    def _want_uncertainty(self, case_id: str, run: str) -> None:
        if self.reviews is not None:
            self.reviews.load_uncertainty(case_id, run)

    def _keep_blind(self, share: float) -> None:
        if self.reviews is not None and self.desk.session is not None and not self.desk.session.read_only:
            self.reviews.keep_blind(share)

    def _on_share(self) -> None:
        if self.jobs is not None and self.screen_.case_id is not None:
            self.jobs.load_prediction(self.screen_.case_id)
        self._review()

    def _on_kept_blind(self) -> None:
        self.say(
            Message(
                "This slice is kept blind for measuring: the model's mask is shown once it is done.",
                "Nothing was changed.",
                "Paint it and press Enter, or choose none at Keep blind in Train.",
            )
        )

    # -- jobs ---------------------------------------------------------------------------------------------------

    def _pretrain(self) -> None:
        if self.jobs is not None:
            self.work.show_tab("pretrain")
            self.jobs.pretrain(self.work.pretrain.method, self.work.pretrain.steps)  # type: ignore[arg-type]
            self.screen_.take_keys()

    def _train(self) -> None:
        if self.jobs is not None:
            self.work.show_tab("train")
            self.jobs.train(self.work.train.init, self.work.train.steps, self.screen_.case_id)
            self.screen_.take_keys()

    def _cross_validate(self, kind: CrossKind) -> None:
        if self.jobs is not None:
            self.work.show_tab("train")
            self.jobs.cross_validate(kind, self.work.train.init, self.work.train.steps)
            self.screen_.take_keys()

    def _look_at_crossed(self, *_news: object) -> None:
        if self.cross is not None and self.jobs is not None:
            self.cross.refresh(self.work.train.init, self.work.train.steps, self.jobs.left_out)

    def _on_case_finished(self, case_id: str) -> None:
        if self.jobs is not None:
            self.jobs.case_finished(case_id, self.work.train.init, self.work.train.steps)

    def _on_queue(self, waiting: tuple[Wish, ...]) -> None:
        if self.jobs is None:
            return
        for tab in (self.work.pretrain, self.work.train):
            tab.show_queue(waiting, running=self.jobs.running)
        self._allow()

    def _cancel_job(self, kind: str) -> None:
        if self.jobs is not None:
            self.jobs.cancel(kind)

    def _train_again(self, on: bool) -> None:
        if self.jobs is not None:
            self.jobs.train_again(on)

    def _leave_out(self, cases: tuple[str, ...]) -> None:
        if self.jobs is not None:
            self.jobs.leave_out(cases)

    def _go_on(self, run: str | None, device: Device | None) -> None:
        """Let a job go on that ended early, None for the last one; what was said of its end is out of date then."""
        if self.jobs is None:
            return
        self.work.notice.dismiss()
        last = self.jobs.unfinished
        wanted = run if run is not None else last.run if last is not None else None
        if wanted is not None:
            self.jobs.go_on(wanted, device)

    def _measure(self) -> None:
        if self.jobs is not None:
            self.work.show_tab("review")
            self.jobs.measure()

    def _on_starting(self, kind: str) -> None:
        """A job is being started, which takes a moment: a press is answered at once, and one is enough."""
        for part in (self.work.strip, self.work.pretrain, self.work.train):
            part.show_starting(kind)
        if kind:
            self.work.notice.withdraw("start")  # what was said of the last try
        self._on_queue(self.jobs.waiting if self.jobs is not None else ())

    def _on_job(self, status: JobStatus) -> None:
        show_pause(self.theme, self.actions_, status)
        self.work.strip.show_job(status)
        self.adviser.show_job(status)
        if status.kind == "pretrain":
            self.work.pretrain.show_job(status)
        elif status.kind == "finetune":
            self.work.train.show_job(status)
        self._on_queue(self.jobs.waiting if self.jobs is not None else ())

    def _on_job_ended(self, status: JobStatus) -> None:
        if status.state == "failed":
            safe = "Your labels are not touched by it."
            self.say(Message(status.message or "The job did not finish.", safe, status.remedy, topic="start"))
        elif status.kind == "predict" and self.jobs is not None and status.state == "finished":
            self.jobs.measure()

    def _on_runs(self, runs: tuple[RunSummary, ...]) -> None:
        if self.jobs is None:
            return
        self.work.train.show_starts(runs)
        self.adviser.show_runs(runs)
        self._show_models()
        if self.screen_.case_id is not None:
            self.jobs.load_prediction(self.screen_.case_id)
        self._review()
        self._allow()

    def _on_mask(self, case_id: str, found: ShownMask | None) -> None:
        self.screen_.show_mask(case_id, found)
        self._review()
        self._allow()

    def _on_previewed(self, cases: tuple[str, ...]) -> None:
        if self.jobs is not None and self.screen_.case_id in cases:
            self.jobs.load_prediction(self.screen_.case_id)

    def _on_measured(self, model: str, evaluation: Evaluation) -> None:
        self.work.notice.withdraw("measure")
        mean = f"{words.dice(evaluation.mean_dice)} {evaluation.over}".rstrip()
        said = f"Measured: mean Dice {mean}, {words.plural(evaluation.averaged, 'case')}"
        self.work.strip.say(f"{said}, as before" if repr(evaluation) == repr(self._shown_measures) else said)
        self._show_measures()
        if self.reviews is not None:
            self.reviews.expect(model)

    def _on_remembered(self) -> None:
        """What was measured before the project was opened, or how much has changed since."""
        before = self._shown_measures
        self._show_measures()
        if self.jobs is not None and self.reviews is not None and before is None and self.jobs.in_use is not None:
            self.reviews.expect(self.jobs.in_use)

    def _show_measures(self) -> None:
        """The figures of the model in use, if there are some."""
        jobs = self.jobs
        if jobs is None:
            return
        model = jobs.in_use
        found = jobs.evaluations.get(model) if model is not None else None
        changed = jobs.changed.get(model, 0) if model is not None else 0
        if found is not self._shown_measures or found is None:
            self.work.review.show_evaluation(found, jobs.in_use_name)
        self._shown_measures = found
        self.work.review.show_changed(changed if found is not None else 0)
        self._show_models()

    def _forget_measures(self) -> None:
        """Take down figures that count a case or a class that is gone; what was measured of the others comes back."""
        if self.jobs is not None:
            self.jobs.forget_measures()
        if self.reviews is not None:
            self.reviews.forget_expected()
        self._shown_measures = None
        self.work.review.show_evaluation(None, "")
        self.work.review.show_changed(0)
        self._show_models()

    def _show_models(self) -> None:
        if self.jobs is not None:
            self.work.train.show_models(model_rows(self.jobs.runs, self.jobs.in_use, self.jobs.evaluations))

    # -- words --------------------------------------------------------------------------------------------------

    def say(self, message: Message) -> None:
        """Show a message above the picture; runs by the names they have here, whatever the engine called them."""
        names = names_of(self.jobs.runs) if self.jobs is not None else {}
        title, remedy = by_name(message.title, names), by_name(message.remedy, names)
        self.work.notice.say(replace(message, title=title, remedy=remedy))

    def show_error(self, error: BaseException) -> None:
        """Show an error in words."""
        self.say(message_of(error))

    def _show_saving(self, pending: int, problem: str | None) -> None:
        self.work.strip.show_saving(pending, problem, time.strftime("%H:%M:%S"))

    def _show_workspace(self, words: str) -> None:
        self.work.say_empty(words)
        self._pages.setCurrentWidget(self.work)

    def _allow(self) -> None:
        """What is possible now."""
        given: set[Need] = set()
        session, jobs = self.desk.session, self.jobs
        if session is not None:
            given.add(Need.PROJECT)
            if not session.read_only:
                given.add(Need.WRITABLE)
        if self.screen_.case_id is not None:
            given.add(Need.CASE)
        if self.sequences.there:
            given.add(Need.SEQUENCE)
        if self.screen_.predicted:
            given.add(Need.PREDICTION)
        if jobs is not None and jobs.running:
            given.add(Need.JOB)
        if jobs is not None and not jobs.running:
            given.add(Need.IDLE)
        if jobs is not None:
            given.update(need for kind, need in MAY.items() if jobs.may(kind))
            if any(run.has_weights for run in jobs.runs):
                given.add(Need.NETWORK)
        if jobs is not None and jobs.unfinished is not None:
            given.add(Need.UNFINISHED)
            if jobs.unfinished.offers_cpu:
                given.add(Need.CPU_OFFER)
        if jobs is not None and jobs.in_use is not None:
            given.add(Need.MODEL)
        if jobs is not None and len(models_of(jobs.runs)) > 1:
            given.add(Need.TWO_MODELS)
        if self._cases:
            given.add(Need.CASES)
        self.actions_.allow(given)

    # -- dialogs ------------------------------------------------------------------------------------------------

    def _close_project(self) -> None:
        if self._may_leave():
            self.desk.close()

    def _may_leave(self) -> bool:
        """Whether the project may be let go of: what becomes of a running job is asked first."""
        jobs = self.jobs
        if jobs is None or not jobs.running:
            return True
        chosen: Leaving | None = self.preferences.on_close
        if chosen == "ask" and (self._session_ending.isActive() or _application().isSavingSession()):
            return True  # the job notices that the window is gone, saves what it has, and ends
        if jobs.looking:
            chosen = "stop"
        if chosen == "ask":
            chosen, always = ask_leaving(jobs.said, self)
            if always and chosen is not None:
                self._prefer(replace(self.preferences, on_close=chosen))
        if chosen is not None:
            jobs.leave(chosen)
        return chosen is not None

    def session_ends(self) -> None:
        """The computer is about to be switched off, or its user to leave: for a minute, closing asks nothing.

        Windows closes after it has asked all programs to save, and whoever leaves may still change their mind.
        """
        self._session_ending.start()

    def close_unasked(self) -> None:
        """Close without a question: nobody is there to answer. A running job saves what it has, and ends."""
        self._unasked = True
        self.close()

    def _ask_project(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, say("Open a slicelab project"))
        if chosen:
            self.open_project(Path(chosen))

    def _ask_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, say("Add images"), "", say(_FILE_KINDS))
        if chosen:
            self.bring_in([Path(name) for name in chosen])

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, say("Add a folder of images"))
        if chosen:
            self.bring_in([Path(chosen)])

    def _ask_volumes(self, found: Discovery) -> None:
        session = self.desk.session
        volumes = choose_volumes(self.theme, self.desk, found, self)
        if self.desk.session is session:  # a project that was closed meanwhile gets nothing
            self.desk.import_found(found, volumes)

    def _ask_export(self, run: str | None) -> None:
        session = self.desk.session
        beside = str(session.folder.parent) if session is not None else ""
        chosen = QFileDialog.getExistingDirectory(self, say("Export into an empty folder"), beside)
        if chosen:
            self.desk.export(Path(chosen), run)

    def _ask_report(self) -> None:
        session = self.desk.session
        if session is None:
            return
        beside = str(session.folder.parent / "methods report.html")
        chosen, kind = QFileDialog.getSaveFileName(self, say("Methods report"), beside, say(_REPORT_KINDS))
        if chosen and self.reviews is not None and self.jobs is not None:
            ending = ".pdf" if "pdf" in kind else ".html"
            out = Path(chosen) if Path(chosen).suffix.lower() in (".html", ".pdf") else Path(chosen + ending)
            self.say(Message("Writing the methods report …", "You can go on; this takes a few seconds.", tone="ok"))
            self.reviews.report(out, self.jobs.in_use, anew=self.work.review.numbered_anew)

    def _on_reported(self, out: Path) -> None:
        names = "numbered anew" if self.work.review.numbered_anew else "called by the project's ids, such as c0001"
        offer = Offer("Open", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(out))))
        self.say(
            Message(f"Methods report written to {words.place(out)}.", f"Cases are {names}.", tone="ok", offer=offer)
        )

    # -- Qt -----------------------------------------------------------------------------------------------------

    def _on_focus(self, left: QWidget | None, entered: QWidget | None) -> None:
        """Watch the keys of fields only while they have them: a filter on everything would see every event there is."""
        if isinstance(left, _FIELDS):
            left.removeEventFilter(self)
        if isinstance(entered, _FIELDS):
            entered.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        """While one types, keys are letters, not commands."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if not held and (not isinstance(field, QComboBox) or event.key() in _COMBO_KEYS):
                event.accept()
        return False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show on which case a single file would land."""
        files = [url for url in event.mimeData().urls() if url.isLocalFile()]
        place = self.mapToGlobal(event.position().toPoint())
        self.work.cases.show_target(self.work.cases.case_at(place) if len(files) == 1 else None)
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The file is elsewhere."""
        self.work.cases.show_target(None)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring the dropped files in; a single file dropped on a case may be its mask."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        case = self.work.cases.case_at(self.mapToGlobal(event.position().toPoint()))
        self.work.cases.show_target(None)
        event.acceptProposedAction()
        # After the drop is answered: a dialog inside it would hold the other application.
        QTimer.singleShot(0, lambda: self._take_drop(paths, case))

    def _take_drop(self, paths: list[Path], case: str | None) -> None:
        session = self.desk.session
        alone = session is not None and not session.read_only and len(paths) == 1
        if alone and case is not None and not (paths[0] / "project.db").is_file():
            self.sequences.look_at(case, paths[0])
        else:
            self.bring_in(paths)

    def _take_for(self, case: str, path: Path, mask: bool) -> None:
        """Ask what a file dropped on a case is, once it was looked at; nothing of it is known where it is a folder."""
        taken = self.keeper.ask_what(case, path, likely_mask=mask)
        if taken == "sequence":
            self.sequences.add(case, path)
        elif taken == "case":
            self.bring_in([path], masks_as_cases=True)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is queued, let go of the project, remember the window; a running job is asked about first."""
        if not self._unasked and not self._may_leave():
            event.ignore()
            return
        recent.remember_window(self)
        if self.jobs is not None:
            self.jobs.close()
        self.desk.close()
        self.tasks.close()
        _application().focusChanged.disconnect(self._on_focus)
        _application().commitDataRequest.disconnect(self.session_ends)
        event.accept()


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


_COMBO_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)

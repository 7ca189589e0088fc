"""The main window: start page and workspace, wired to the desks. It carries intents and answers, and decides little."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QMainWindow,
    QStackedWidget,
)

from slicelab.app import recent
from slicelab.app.actions import ActionSet
from slicelab.app.adviser import Adviser
from slicelab.app.case_keeper import CaseKeeper
from slicelab.app.case_screen import CaseScreen
from slicelab.app.desks.project_desk import ProjectDesk
from slicelab.app.desks.sides_desk import SidesDesk
from slicelab.app.desks.view_desk import ViewDesk
from slicelab.app.file_keeper import FileKeeper
from slicelab.app.folders import documents_folder
from slicelab.app.habits import Habits
from slicelab.app.help_sheet import KeySheet, about_dialog
from slicelab.app.job_keeper import REFUSED, JobKeeper
from slicelab.app.label_keeper import LabelKeeper
from slicelab.app.language import say, tr
from slicelab.app.leaving import ask_leaving
from slicelab.app.models import names_of
from slicelab.app.new_project import NewProjectDialog
from slicelab.app.notice import ONE_CASE, Message, message_of
from slicelab.app.palette import Palette
from slicelab.app.possible import possible
from slicelab.app.preferences import device_of, save
from slicelab.app.project_picture import SIDE
from slicelab.app.reader_keeper import ReaderKeeper
from slicelab.app.review_keeper import ReviewKeeper
from slicelab.app.sequence_keeper import SequenceKeeper
from slicelab.app.settings_dialog import SettingsDialog
from slicelab.app.spoken import Question
from slicelab.app.start_page import StartPage
from slicelab.app.tasks import Tasks
from slicelab.app.tour import Tour, stops
from slicelab.app.typed_keys import TypedKeys
from slicelab.app.widgets import keep_from_wheel, set_numbers_in
from slicelab.app.workspace import Workspace
from slicelab.engine.demo import BY_HAND, by_hand
from slicelab.engine.glances import glance_at, picture_at
from slicelab.engine.run_names import by_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

    from slicelab.app.desks.job_desk import JobDesk
    from slicelab.app.desks.project_desk import OpenCase
    from slicelab.app.leaving import Leaving
    from slicelab.app.preferences import Preferences
    from slicelab.app.theme import Theme
    from slicelab.core.slices import LedgerCount
    from slicelab.engine.glances import ProjectGlance, ProjectPicture
    from slicelab.engine.views import CaseSummary

_DEMO = "slicelab demo"
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
        self.start = StartPage(theme, self.actions_)
        self.work = Workspace(theme, self.actions_)
        keep_from_wheel(self.work)
        set_numbers_in(self.work)
        self.screen_ = CaseScreen(self.work, theme, self.actions_, self)
        self.views = ViewDesk(self.work, self.actions_, self.tasks, self)
        self.sides = SidesDesk(self.work, self.screen_, self.actions_, self.tasks, self)
        self.keeper = CaseKeeper(self.work, theme, self.actions_, self)
        self.sequences = SequenceKeeper(self.work, self.actions_, self.screen_, self)
        self.adviser = Adviser(self.work, self.screen_, self.actions_, self)
        self.labelling = LabelKeeper(self.work, self.screen_, self)
        self.learning = JobKeeper(self.work, theme, self.actions_, self.screen_, self)
        self.reviewing = ReviewKeeper(self.work, self.actions_, self.screen_, self)
        self.readers = ReaderKeeper(self.work, self.screen_, theme, self)
        self.habits = Habits(self.work, self.screen_, self.actions_, self)
        self.files = FileKeeper(self.work, theme, self.desk, self.keeper, self.sequences, self)
        self._cases: tuple[CaseSummary, ...] = ()
        self._first = True
        self._unasked = False
        self._session_ending = QTimer(self, singleShot=True, interval=_SESSION_END_MS)
        pages = QStackedWidget()
        pages.addWidget(self.start)
        pages.addWidget(self.work)
        self._pages = pages
        self.setCentralWidget(pages)
        self.actions_.fill(self.menuBar())
        self._connect_desk()
        self._connect_files()
        self._connect_keepers()
        self.actions_.connect_all(self._commands())
        self.actions_.done.connect(self.screen_.forget_closing)
        self._saving.connect(self._show_saving)
        self.tasks.failed.connect(self.show_error)
        self._typed = TypedKeys(_application(), self)
        _application().commitDataRequest.connect(self.session_ends)
        self._show_recent()
        self._allow()

    # -- opening ------------------------------------------------------------------------------------------------

    def open_project(self, folder: Path) -> None:
        """Open a project folder in place of the present project, whose running job is asked about first."""
        if not self._may_leave():
            return
        self._show_workspace(f"Opening {folder.name} …")
        self.desk.open(folder, recent.last_reader(folder))

    def new_project(self, files: Sequence[Path] = ()) -> None:
        """Ask the three questions, then make the project (and bring the dropped files in)."""
        dialog = NewProjectDialog(self.theme, self, files=files)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.answers is not None:
            if not self._may_leave():
                return
            answers = dialog.answers
            self._show_workspace(f"Making {answers.name} …")
            self.desk.create(answers.folder, answers.classes, answers.name, files)

    def _label_as(self, name: str) -> None:
        """Open the project anew in another reader's name."""
        session = self.desk.session
        if session is not None and self._may_leave():
            folder = session.folder
            recent.remember_reader(folder, name)
            self._show_workspace(tr("Opening {name} …").format(name=session.name))
            self.desk.open(folder, name)

    def open_demo(self) -> None:
        """Open the project of made-up volumes among the person's documents, made the first time."""
        if not self.start.makes_demo and self._may_leave():
            out = documents_folder() / _DEMO
            self.desk.open_demo(out, recent.last_reader(by_hand(out)))
            self.start.show_demo(say("Opening the demo …"))

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

    @property
    def jobs(self) -> JobDesk | None:
        """The jobs of the open project."""
        return self.learning.desk

    # -- wiring -------------------------------------------------------------------------------------------------

    def _connect_desk(self) -> None:
        desk, work = self.desk, self.work
        desk.opened.connect(self._on_opened)
        desk.demo_progress.connect(self._say_demo)
        desk.demo_stopped.connect(lambda: self.start.show_demo(None))
        desk.closing.connect(self._on_closing)
        desk.closed.connect(self._on_closed)
        desk.cases_listed.connect(self._on_cases)
        desk.case_opened.connect(self._on_case)
        desk.picture_ready.connect(self.screen_.show_thumbnail)
        desk.locked.connect(lambda error: self.say(replace(message_of(error), safe="It is open here for reading.")))
        desk.failed.connect(self._on_open_failed)
        work.cases.case_chosen.connect(desk.open_case)
        work.cases.picture_wanted.connect(desk.want_picture)
        self.screen_.levels.kept.connect(desk.keep_window)
        self.screen_.levels.preset_kept.connect(desk.keep_preset)
        self.screen_.levels.kept.connect(self.adviser.show_window)
        self.screen_.marks_changed.connect(desk.keep_marks)

    def _connect_files(self) -> None:
        self.start.project_chosen.connect(self.open_project)
        self.start.demo_stopped.connect(self.desk.stop_demo)
        self.start.folder_wanted.connect(self.files.ask_folder)
        self.start.files_wanted.connect(self.files.ask_files)
        self.files.project_chosen.connect(self.open_project)
        self.files.brought.connect(lambda paths, as_cases: self.bring_in(paths, masks_as_cases=as_cases))

    def _connect_keepers(self) -> None:
        """What one part of the window tells the others."""
        screen, labelling, learning, reviewing = self.screen_, self.labelling, self.learning, self.reviewing
        for speaking in (self.keeper, self.sequences, self.files, self.readers, labelling, learning, reviewing):
            speaking.said.connect(self.say)
        for asking in (
            self.keeper,
            self.sequences,
            self.sides,
            self.adviser,
            self.readers,
            labelling,
            learning,
            reviewing,
        ):
            asking.failed.connect(self.show_error)
        for pointing in (self.keeper, self.adviser, reviewing):
            pointing.case_wanted.connect(self._open)
        screen.shown.connect(self.case_shown)
        screen.answered.connect(self.work.strip.say)
        self.habits.answered.connect(self.work.strip.say)
        screen.looked.connect(self.adviser.show_slice)
        self.keeper.project_changed.connect(self._on_project_changed)
        self.keeper.noted.connect(self.desk.list_cases)
        self.keeper.mask_taken.connect(labelling.reread)
        self.sequences.project_changed.connect(self._on_project_changed)
        self.sequences.possible_changed.connect(self._allow)
        self.sequences.removal_wanted.connect(self.keeper.remove_sequence)
        self.sides.use_wanted.connect(learning.use)
        self.sides.prediction_seen.connect(reviewing.saw)
        labelling.states_changed.connect(lambda _case, _states: self.sides.show_states())
        labelling.states_changed.connect(self.adviser.show_states)
        labelling.states_changed.connect(lambda _case, _states: self.readers.refresh())
        self.readers.reader_wanted.connect(self._label_as)
        labelling.done_changed.connect(self._on_done_changed)
        labelling.counted.connect(self._on_counted)
        labelling.case_finished.connect(learning.case_finished)
        learning.job_changed.connect(self.adviser.show_job)
        learning.runs_listed.connect(self.adviser.show_runs)
        learning.prediction_changed.connect(reviewing.refresh)
        learning.cases_changed.connect(self.desk.list_cases)
        learning.model_measured.connect(reviewing.expect)
        learning.possible_changed.connect(self._allow)
        learning.left_out_changed.connect(self.adviser.refresh_first)
        reviewing.rounds_known.connect(self.sides.show_rounds)
        learning.measures_known.connect(self.sides.show_measured)
        reviewing.rounds_known.connect(learning.look_at_crossed)

    def _commands(self) -> dict[str, Callable[[], object]]:
        screen, work = self.screen_, self.work
        return {
            "project.new": self.new_project,
            "project.demo": self.open_demo,
            "project.close": self._close_project,
            "app.quit": self.close,
            **screen.commands(),
            **self.views.commands(),
            **self.sequences.commands(),
            **self.sides.commands(),
            **self.readers.commands(),
            **self.files.commands(lambda: self.learning.in_use, self.learning.named),
            **self.labelling.commands(),
            **self.learning.commands(),
            **self.reviewing.commands(),
            **self.keeper.commands(lambda: self.learning.in_use),
            "case.next": lambda: work.cases.step(1),
            "case.previous": lambda: work.cases.step(-1),
            "help.palette": self._show_palette,
            "help.settings": self._show_settings,
            "help.tour": self.show_tour,
            "help.keys": lambda: KeySheet(self.theme, self.actions_, self).open(),
            "help.about": lambda: about_dialog(self.theme, self).open(),
        }

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
            self.case_shown.connect(self._show_tour_soon, Qt.ConnectionType.SingleShotConnection)

    def _show_tour_soon(self, _case: str) -> None:
        """Show the tour once every plane is drawn: it stands before a picture of the window."""
        if self.work.canvas is not None:
            self.work.canvas.completed.connect(self.show_tour, Qt.ConnectionType.SingleShotConnection)

    def show_tour(self) -> None:
        """Show the tour."""
        self._prefer(replace(self.preferences, toured=True))
        if self.tour is None and self.desk.session is not None:
            self.tour = Tour(self.theme, stops(self.work, self.actions_), self)
            self.tour.ended.connect(self._on_tour_ended)

    def _on_tour_ended(self) -> None:
        self.tour = None
        if self.screen_.canvas is not None:
            self.screen_.canvas.focus_main()

    # -- project ------------------------------------------------------------------------------------------------

    def _show_recent(self) -> None:
        """The recent projects; how far each is, and its picture, are read one after the other, and later."""
        projects = recent.recent_projects()
        self.start.show_recent(projects)
        for folder in projects:
            self.tasks.run(
                "recents",
                partial(glance_at, folder),
                partial(self._show_glance, folder),
                lambda _error: None,  # it is shown without
                lane=f"glance at {folder}",
            )
        for folder in projects:
            self.tasks.run(
                "recents",
                partial(picture_at, folder, recent.last_case(folder), recent.last_reader(folder), SIDE),
                partial(self._show_picture, folder),
                lambda _error: None,
                lane=f"picture of {folder}",
            )

    def _show_glance(self, folder: Path, found: ProjectGlance | None) -> None:
        if found is not None:
            self.start.show_glance(folder, found)

    def _show_picture(self, folder: Path, found: ProjectPicture | None) -> None:
        if found is not None:
            self.start.show_picture(folder, found)

    def _say_demo(self, done: int, total: int) -> None:
        if self.start.makes_demo:
            self.start.show_demo(tr("Making volumes up (synthetic): {n} of {n2}").format(n=str(done), n2=str(total)))

    def _on_opened(self) -> None:
        session = self.desk.session
        if session is None:
            return
        self._first = True
        self.habits.begin()
        self.start.show_demo(None)
        recent.remember_project(session.folder)
        chosen = recent.last_reader(session.folder) == session.reader.name
        whose = f" – {session.reader.name}" if chosen else ""
        self.setWindowTitle(f"{session.name}{whose} – slicelab")
        self._show_workspace(tr("Opening {name} …").format(name=session.name))
        session.saving.connect(self._saving.emit)
        self.labelling.open(session, self.tasks)
        jobs = self.learning.open(session, self.tasks, device_of(self.preferences.device))
        demo = session.folder == by_hand(documents_folder() / _DEMO)
        self.work.train.want_steps(BY_HAND.finetune_steps if demo else None)  # about a minute
        self.reviewing.open(session, self.tasks, jobs)
        self.keeper.open(session, self.tasks)
        self.sequences.open(session, self.tasks)
        self.sides.open(session, jobs)
        self.adviser.open(session, self.tasks)
        self.readers.open(session, self.tasks, self.preferences.reader, chosen=chosen)
        self.screen_.show_project(session.classes, session.marks.read())
        self.work.cases.forget()
        self._allow()
        # After the window has drawn itself once: napari takes about two seconds the first time.
        QTimer.singleShot(0, self.screen_.ensure_canvas)

    def _on_closing(self) -> None:
        """The project is about to be let go of: what is still in hand goes to it."""
        session, case = self.desk.session, self.screen_.case_id
        if session is not None and case is not None and self.work.canvas is not None:
            recent.remember_slice(session.folder, case, self.work.canvas.slice)
        self.screen_.levels.keep()
        self.labelling.leave()
        self.keeper.close()
        self.sequences.close()
        self.adviser.close()
        self.readers.close()

    def _on_closed(self) -> None:
        self.labelling.close()
        self.learning.close()
        self.reviewing.close()
        self.tasks.forget_all()
        if self.tour is not None:
            self.tour.end()
        self._cases = ()
        self.sides.close()
        self.screen_.close_case()
        self.work.cases.show_cases(())
        self.work.data.forget()
        self.work.notice.forget()
        self.setWindowTitle("slicelab")
        self._show_recent()
        self._pages.setCurrentWidget(self.start)
        self._allow()

    def _on_open_failed(self, error: BaseException) -> None:
        self.start.show_demo(None)
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
            self._forget_figures()
        elif before and now - before:
            self.learning.remember(anew=True)  # a case that was restored brings its figures
        if before and before != now:
            self.learning.look_at_left_out()
        work = self.work
        shown = self.screen_.case_id
        if shown is not None and all(case.id != shown for case in cases):
            self.screen_.close_case()
            self.sequences.show_case(None)
            work.cases.open_near()
        if cases and self._first:
            self._first = False
            work.show_tab("label")
            self._open_first(cases)
        elif not cases:
            work.show_tab("data")
            work.say_empty("Drop MR images here: files, folders, DICOM studies")

    def _open_first(self, cases: tuple[CaseSummary, ...]) -> None:
        """Of a project that was just opened: the case that was open last, where it was left, else the first."""
        session, work = self.desk.session, self.work
        last = recent.last_case(session.folder) if session is not None else None
        known = next((case for case in cases if case.id == last), None)
        work.say_empty(tr("Opening {name} …").format(name=(known or cases[0]).name))
        if session is not None and known is not None:
            self.screen_.leave_at(known.id, recent.last_slice(session.folder, known.id))
            self._open(known.id)
        else:
            work.cases.step(0) if work.cases.current else work.cases.step(1)

    def _on_project_changed(self) -> None:
        session = self.desk.session
        if session is not None and session.classes != self.screen_.classes:
            self.screen_.show_classes(session.classes)
            self._forget_figures()
            self.labelling.reread(self.screen_.case_id or "")
        self.desk.list_cases()
        self.sequences.refresh()
        if self.jobs is not None:
            self.jobs.list_runs()

    def _forget_figures(self) -> None:
        """Figures that count a case or a class that is gone are taken down."""
        self.learning.forget_measures()
        self.reviewing.forget_expected()

    def _show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        self._cases = cases
        self.keeper.show_cases(cases)
        self.reviewing.show_cases(cases)
        self.adviser.show_cases(cases)
        self.work.cases.show_cases(cases)
        self.work.data.show_cases(cases)
        self.work.pretrain.show_pool(cases)
        self.work.train.show_labels(cases)
        self._allow()

    def _on_case(self, opened: OpenCase) -> None:
        self.work.notice.withdraw("measure")
        if opened.view.id != self.screen_.case_id:
            self.work.notice.withdraw(ONE_CASE)
        self.screen_.show_case(opened)
        if self.desk.session is not None:
            recent.remember_case(self.desk.session.folder, opened.view.id)
        self.keeper.show_case(self.screen_.case_id)
        self.sequences.show_case(self.screen_.case_id)
        self.adviser.show_case(self.screen_.case_id)
        self.readers.refresh()
        self.labelling.show_case(self.screen_.case_id)
        self.learning.show_case(self.screen_.case_id)
        self._allow()

    def _on_counted(self, case_id: str, count: LedgerCount) -> None:
        cases = tuple(replace(case, count=count) if case.id == case_id else case for case in self._cases)
        if cases != self._cases:
            self._show_cases(cases)

    def _on_done_changed(self) -> None:
        self.work.notice.withdraw(REFUSED)
        self.adviser.refresh()
        self.reviewing.refresh()
        self.learning.remember()

    def _open(self, case_id: str) -> None:
        if all(case.id != case_id for case in self._cases):
            return  # it was removed since it was listed
        self.work.cases.select(case_id)
        self.desk.open_case(case_id)

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
        session = self.desk.session
        self.actions_.allow(
            possible(
                writable=None if session is None else not session.read_only,
                jobs=self.jobs,
                cases=bool(self._cases),
                case=self.screen_.case_id is not None,
                sequence=self.sequences.there,
                predicted=self.screen_.mask.acceptable,
            )
        )

    # -- leaving ------------------------------------------------------------------------------------------------

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

    # -- Qt -----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        self.files.drag_entered(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show on which case a single file would land."""
        self.files.drag_moved(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The file is elsewhere."""
        self.files.drag_left()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring the dropped files in; a single file dropped on a case may be its mask."""
        self.files.dropped(event)

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
        self._typed.close()
        _application().commitDataRequest.disconnect(self.session_ends)
        event.accept()


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app

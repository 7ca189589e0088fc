"""Files that come in and go out: asked for in dialogs, dropped on the window, and what is said of them then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from slicelab.app import words
from slicelab.app.brought_in import not_added
from slicelab.app.export_folder import ask_export_folder
from slicelab.app.language import say
from slicelab.app.notice import Message, Offer
from slicelab.app.series_dialog import choose_volume, choose_volumes
from slicelab.app.study_dialog import choose_series

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

    from slicelab.app.case_keeper import CaseKeeper
    from slicelab.app.desks.project_desk import ProjectDesk
    from slicelab.app.sequence_keeper import SequenceKeeper
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace
    from slicelab.data.readers import Discovery, Source
    from slicelab.engine.exporting import ExportReport
    from slicelab.engine.importing import ImportReport

_FILE_KINDS = "MR images (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)"


class FileKeeper(QObject):
    """Connects dialogs and drops to the import and export of the open project.

    Args:
        work: the workspace; a single file may be dropped on one of its cases.
        theme: the look of dialogs.
        desk: imports and exports.
        cases: asks what a file is that was dropped on a case, and takes it as a mask.
        sequences: takes it as a further sequence.
        window: over which dialogs open.

    """

    project_chosen = Signal(object)
    brought = Signal(object, bool)
    """Files and folders to bring in, and whether what is probably a mask becomes a case."""
    said = Signal(object)

    def __init__(
        self,
        work: Workspace,
        theme: Theme,
        desk: ProjectDesk,
        cases: CaseKeeper,
        sequences: SequenceKeeper,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._work = work
        self._theme = theme
        self._desk = desk
        self._cases = cases
        self._sequences = sequences
        self._window = window
        self._named: Callable[[str], str] = str
        desk.import_progress.connect(work.data.show_progress)
        desk.series_wanted.connect(self._ask_series)
        desk.volumes_wanted.connect(self._ask_volumes)
        desk.import_ended.connect(self._on_imported)
        desk.exported.connect(self._on_exported)
        work.data.stop_wanted.connect(desk.stop_import)
        cases.as_cases_wanted.connect(lambda paths: self.brought.emit(paths, True))
        sequences.looked_at.connect(self._take_for)
        sequences.volume_wanted.connect(self._ask_volume)

    def commands(self, model: Callable[[], str | None], named: Callable[[str], str]) -> dict[str, Callable[[], object]]:
        """Actions on files; ``model`` says whose predictions to export, and ``named`` what that run is called."""
        self._named = named
        return {
            "project.open": self._ask_project,
            "project.import": self.ask_files,
            "project.import_folder": self.ask_folder,
            "project.export_labels": lambda: self._ask_export(None),
            "project.export_predictions": lambda: self._ask_export(model()),
        }

    # -- dialogs ------------------------------------------------------------------------------------------------

    def ask_files(self) -> None:
        """Ask for files to bring in."""
        chosen, _ = QFileDialog.getOpenFileNames(self._window, say("Add images"), "", say(_FILE_KINDS))
        if chosen:
            self.brought.emit([Path(name) for name in chosen], False)

    def ask_folder(self) -> None:
        """Ask for a folder to bring in."""
        chosen = QFileDialog.getExistingDirectory(self._window, say("Add a folder of images"))
        if chosen:
            self.brought.emit([Path(chosen)], False)

    def _ask_project(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self._window, say("Open a slicelab project"))
        if chosen:
            self.project_chosen.emit(Path(chosen))

    def _ask_export(self, run: str | None) -> None:
        session = self._desk.session
        beside = str(session.folder.parent) if session is not None else ""
        chosen = ask_export_folder(beside, self._window)
        if chosen is not None:
            self._desk.export(chosen, run)

    def _ask_series(self, found: Discovery, masks_as_cases: bool) -> None:
        session = self._desk.session
        chosen = choose_series(self._theme, self._desk, found, self._window)
        if self._desk.session is session:
            self._desk.take_found(chosen, masks_as_cases=masks_as_cases)

    def _ask_volumes(self, found: Discovery, masks_as_cases: bool) -> None:
        session = self._desk.session
        volumes = choose_volumes(self._theme, self._desk, found, self._window)
        if self._desk.session is session:  # a project that was closed meanwhile gets nothing
            self._desk.import_found(found, volumes, masks_as_cases=masks_as_cases)

    def _ask_volume(self, case: str, path: Path, source: Source) -> None:
        session = self._desk.session
        volume = choose_volume(self._theme, self._desk, source, self._window)
        if volume is not None and self._desk.session is session:
            self._sequences.add(case, path, volume)

    # -- what became of them ------------------------------------------------------------------------------------

    def _on_imported(self, report: ImportReport | None) -> None:
        self._work.data.show_report(report)
        said = not_added(report, lambda: self._work.show_tab("data")) if report is not None else None
        if said is not None:
            self.said.emit(said)
        elif report is not None and report.labelled:
            self.said.emit(Message(words.came_with_labels(report), tone="ok"))
        if report is not None and report.masks:
            # Once the cases are listed: a question inside this answer would hold them up.
            QTimer.singleShot(0, lambda: self._cases.ask_masks(report.masks))

    def _on_exported(self, report: ExportReport) -> None:
        masks = sum(name.endswith(".nii.gz") for name in report.files)
        whose = f" of {self._named(report.model)}" if report.model is not None else ""
        said = f"{words.plural(masks, 'mask')}{whose} written to {words.place(report.folder)}."
        unlabelled = "slices.csv says what is done: 0 in a mask is background only on slices that are."
        offer = Offer("Open", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.folder))))
        self.said.emit(Message(said, unlabelled if "slices.csv" in report.files else "", tone="ok", offer=offer))

    # -- drops --------------------------------------------------------------------------------------------------

    def drag_entered(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def drag_moved(self, event: QDragMoveEvent) -> None:
        """Show on which case a single file would land."""
        files = [url for url in event.mimeData().urls() if url.isLocalFile()]
        place = self._window.mapToGlobal(event.position().toPoint())
        self._work.cases.show_target(self._work.cases.case_at(place) if len(files) == 1 else None)
        event.acceptProposedAction()

    def drag_left(self) -> None:
        """The file is elsewhere."""
        self._work.cases.show_target(None)

    def dropped(self, event: QDropEvent) -> None:
        """Bring the dropped files in; a single file dropped on a case may be its mask."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        case = self._work.cases.case_at(self._window.mapToGlobal(event.position().toPoint()))
        self._work.cases.show_target(None)
        event.acceptProposedAction()
        # After the drop is answered: a dialog inside it would hold the other application.
        QTimer.singleShot(0, lambda: self._take_drop(paths, case))

    def _take_drop(self, paths: list[Path], case: str | None) -> None:
        session = self._desk.session
        alone = session is not None and not session.read_only and len(paths) == 1
        if alone and case is not None and not (paths[0] / "project.db").is_file():
            self._sequences.look_at(case, paths[0])
        else:
            self.brought.emit(paths, False)

    def _take_for(self, case: str, path: Path, mask: bool) -> None:
        """Ask what a file dropped on a case is, once it was looked at; nothing of it is known where it is a folder."""
        taken = self._cases.ask_what(case, path, likely_mask=mask)
        if taken == "sequence":
            self._sequences.add(case, path)
        elif taken == "case":
            self.brought.emit([path], True)

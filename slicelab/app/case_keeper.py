"""What a person does to cases as a whole: flag, note, remove, restore, a mask dropped on one, measures exported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from slicelab.app import words
from slicelab.app.actions import to_press
from slicelab.app.class_dialog import ClassDialog
from slicelab.app.desks.parting import let_go
from slicelab.app.desks.upkeep_desk import UpkeepDesk
from slicelab.app.language import say, tr
from slicelab.app.mask_class_dialog import ask_class
from slicelab.app.mask_question import about_mask, ask_masks
from slicelab.app.notice import ONE_CASE, Message, Offer, message_of
from slicelab.app.spoken import Question
from slicelab.app.storage_dialog import StorageDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slicelab.app.actions import ActionSet
    from slicelab.app.desks.upkeep_desk import ReadMask
    from slicelab.app.tasks import Tasks
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace
    from slicelab.core.labels import LabelClass
    from slicelab.engine.importing import MappedMask
    from slicelab.engine.session import Session
    from slicelab.engine.stray_masks import StrayMask
    from slicelab.engine.upkeep import Item
    from slicelab.engine.views import CaseSummary

Taken = Literal["sequence", "case", "nothing"]
"""What a file dropped on a case is to become, where it is no mask."""
_WHERE = "Nothing is deleted: Project, Disk and removed items brings it back."


class CaseKeeper(QObject):
    """Connects the list of cases and the Data tab to the order of the project."""

    project_changed = Signal()
    noted = Signal()
    mask_taken = Signal(str)
    case_wanted = Signal(str)
    as_cases_wanted = Signal(object)
    said = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Workspace, theme: Theme, actions: ActionSet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._theme = theme
        self._actions = actions
        self._desk: UpkeepDesk | None = None
        self._session: Session | None = None
        self._folder = Path()
        self._cases: tuple[CaseSummary, ...] = ()
        work.data.flagged.connect(lambda case_id, flagged: self._on(lambda desk: desk.flag(case_id, flagged)))
        work.data.noted.connect(lambda case_id, said: self._on(lambda desk: desk.note(case_id, said)))

    def open(self, session: Session, tasks: Tasks) -> None:
        """Another project is open."""
        self._session = session
        self._folder = session.folder
        self._work.data.allow_changes(not session.read_only)
        self._desk = desk = UpkeepDesk(session, tasks, self)
        desk.changed.connect(self.project_changed)
        desk.noted.connect(self.noted)
        desk.removed.connect(self._on_removed)
        desk.restored.connect(self._on_restored)
        desk.class_added.connect(self._on_class_added)
        desk.mask_read.connect(self._on_mask_read)
        desk.mask_taken.connect(self._on_mask)
        desk.mask_refused.connect(self._on_mask_refused)
        desk.measures_written.connect(
            lambda path: self.said.emit(Message(f"Measures written to {words.place(path)}.", tone="ok"))
        )
        desk.failed.connect(self.failed)

    def close(self) -> None:
        """No project is open."""
        self._work.data.flush()
        let_go(self._desk)
        self._desk = self._session = None
        self._cases = ()

    def show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        """The project's cases."""
        self._cases = cases
        self.show_case(self._work.data.case_id)

    def show_case(self, case_id: str | None) -> None:
        """A case is open: its flag, notes and time."""
        self._work.data.show_summary(next((case for case in self._cases if case.id == case_id), None))

    def commands(self, model: Callable[[], str | None]) -> dict[str, Callable[[], object]]:
        """Actions on cases as a whole; ``model`` says whose measures to export."""
        return {
            "case.flag": self._flag,
            "case.notes": self._write_notes,
            "case.remove": lambda: self._remove_case(whole_patient=False),
            "patient.remove": lambda: self._remove_case(whole_patient=True),
            "class.add": self._add_class,
            "class.rename": self._rename_class,
            "class.remove": self._remove_class,
            "project.storage": self._show_storage,
            "project.export_measures": lambda: self._export(model()),
        }

    def ask_what(self, case_id: str, path: Path, *, likely_mask: bool) -> Taken:
        """Ask whether a file dropped on a case is its mask, a further sequence of it, or a case of its own.

        A mask is taken here; what else it is, the caller sees to.

        Args:
            case_id: the case.
            path: what was dropped.
            likely_mask: whether it looks like a mask; that choice is made by Enter then.

        """
        case = next((one for one in self._cases if one.id == case_id), None)
        if self._desk is None or case is None:
            return "case"
        asked = QMessageBox(QMessageBox.Icon.NoIcon, "slicelab", "", parent=self._work.window())
        about_sequence = tr(
            "As a sequence, it is looked at beside the labelled image, by flip or overlay. It is not labelled, and not "
            "learned from."
        )
        mask = sequence = None
        if path.is_file():
            mask = asked.addButton(tr("Take as mask"), QMessageBox.ButtonRole.AcceptRole)
        sequence = asked.addButton(tr("Add as sequence"), QMessageBox.ButtonRole.AcceptRole)
        image = asked.addButton(tr("Add as new case"), QMessageBox.ButtonRole.ActionRole)
        asked.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        if likely_mask and mask is not None:
            asked.setText(tr("Is this file a mask of {name}?").format(name=case.name))
            asked.setDefaultButton(mask)
        else:
            asked.setText(tr("Is this another sequence of {name}?").format(name=case.name))
            asked.setDefaultButton(sequence)
        parts = (path.name, about_mask() if mask is not None else "", about_sequence)
        asked.setInformativeText("\n\n".join(part for part in parts if part))
        asked.exec()
        chosen = asked.clickedButton()
        if mask is not None and chosen is mask:
            self._desk.read_mask(case_id, path)
        return "sequence" if chosen is sequence else "case" if chosen is image else "nothing"

    def ask_masks(self, masks: Sequence[StrayMask]) -> None:
        """Ask what becomes of masks that lay among the images of an import; they are taken as labels here."""
        desk = self._desk
        if desk is None:
            return
        fate = ask_masks(masks, self._work.window())
        if self._desk is not desk:
            return  # the project was closed meanwhile
        if fate == "labels":
            for mask in masks:
                if mask.case_id:
                    desk.read_mask(mask.case_id, mask.path)
        elif fate == "cases":
            self.as_cases_wanted.emit([mask.path for mask in masks])

    def remove_sequence(self, item_id: str) -> None:
        """Take a further sequence out of its case."""
        self._on(lambda desk: desk.remove("sequence", item_id))

    def _on(self, call: Callable[[UpkeepDesk], object]) -> None:
        if self._desk is not None:
            call(self._desk)

    @property
    def _current(self) -> CaseSummary | None:
        return next((case for case in self._cases if case.id == self._work.cases.current), None)

    def _flag(self) -> None:
        case = self._current
        if case is not None:
            self._on(lambda desk: desk.flag(case.id, not case.flagged))

    def _write_notes(self) -> None:
        self._work.show_tab("data")
        self._work.data.notes.setFocus()

    def _remove_case(self, *, whole_patient: bool) -> None:
        case = self._current
        if case is not None:
            self._work.data.flush()
            if whole_patient:
                self._on(lambda desk: desk.remove("patient", case.patient))
            else:
                self._on(lambda desk: desk.remove("case", case.id))

    def _remove_class(self) -> None:
        value = self._work.classes.current
        if value is not None:
            self._on(lambda desk: desk.remove("class", str(value)))

    def _add_class(self) -> None:
        if self._session is not None:
            dialog = ClassDialog(self._theme, [c.name for c in self._session.classes], self._work.window())
            if dialog.exec() == QDialog.DialogCode.Accepted:
                self._on(lambda desk: desk.add_class(dialog.name))
            dialog.deleteLater()

    def _rename_class(self) -> None:
        classes = self._session.classes if self._session is not None else ()
        item = next((one for one in classes if one.value == self._work.classes.current), None)
        if item is not None:
            others = [one.name for one in classes if one is not item]
            dialog = ClassDialog(self._theme, others, self._work.window(), old=item.name)
            if dialog.exec() == QDialog.DialogCode.Accepted and dialog.name != item.name:
                self._on(lambda desk: desk.rename_class(item.value, dialog.name))
            dialog.deleteLater()

    def _on_class_added(self, made: LabelClass) -> None:
        self._work.classes.choose(made.value)
        known = sum(case.count.done + case.count.partly for case in self._cases)
        safe = f"Nothing is known of it yet on the {words.plural(known, 'slice')} you marked done." if known else ""
        remedy = tr("Paint it where it is, then press {key} on each slice you have looked through for {a}.").format(
            key=to_press(self._actions["slice.done"]), a=made.name
        )
        self.said.emit(Message(f"{made.name} was added.", safe, remedy, "ok"))

    def _on_removed(self, item: Item) -> None:
        what = {
            "class": f"The class {item.name}",
            "sequence": f"The sequence {item.name}",
            "patient": f"The patient with {item.name}",
        }.get(item.kind, item.name)
        offer = Offer("Restore", lambda: self._on(lambda desk: desk.restore([item])))
        self.said.emit(Message(f"{what} was removed.", _WHERE, tone="ok", offer=offer, topic=_topic(item)))

    def _on_restored(self, items: tuple[Item, ...]) -> None:
        """What was said of their removal is out of date."""
        for item in items:
            self._work.notice.withdraw(_topic(item))

    def _on_mask_read(self, case_id: str, read: ReadMask) -> None:
        """Ask once more where the mask does not hold every class: the others stay as they are."""
        if read.choices:
            value = ask_class(self._name(case_id), read, self._work.window())
            if value is not None:
                self._on(lambda desk: desk.take_mask(case_id, read.mask.meant_as(value)))
            return
        if read.left and not self._confirmed(case_id, read):
            return
        self._on(lambda desk: desk.take_mask(case_id, read.mask))

    def _confirmed(self, case_id: str, read: ReadMask) -> bool:
        asked = Question(
            f"Replace {', '.join(read.classes)} in {self._name(case_id)}?",
            f"The mask holds {', '.join(read.classes)}; every slice becomes done for that. "
            f"It says nothing of {', '.join(read.left)}: those labels stay, but where the mask lies over them.",
            self._work.window(),
        )
        replace = asked.button_for("Replace", QMessageBox.ButtonRole.AcceptRole)
        asked.button_for("Cancel", QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(replace)
        asked.exec()
        return asked.clickedButton() is replace

    def _name(self, case_id: str) -> str:
        return next((one.name for one in self._cases if one.id == case_id), "the case")

    def _on_mask(self, case_id: str, mapped: MappedMask) -> None:
        self.mask_taken.emit(case_id)
        case = self._name(case_id)
        said = f"The mask was taken into {case}: {words.plural(len(mapped.stack), 'slice')} done."
        left = f"Left out, no class asks for them: {', '.join(mapped.unmapped)}." if mapped.unmapped else ""
        if case_id == self._work.data.case_id:
            self.said.emit(Message(said, tr("One undo takes it back."), left, "ok", topic=ONE_CASE))
            return
        undo = tr("One undo in {case} takes it back: open it first.").format(case=case)
        offer = Offer(tr("Open {case}").format(case=case), lambda: self.case_wanted.emit(case_id))
        self.said.emit(Message(said, undo, left, "ok", offer, ONE_CASE))

    def _on_mask_refused(self, case_id: str, path: Path, error: BaseException) -> None:
        """Say of which file, and for which case."""
        why = message_of(error)
        said = tr("{file} was not taken as a mask of {case}.").format(file=path.name, case=self._name(case_id))
        self.said.emit(Message(said, f"{why.title} {why.safe}".strip(), why.remedy, why.tone))

    def _show_storage(self) -> None:
        desk = self._desk
        if desk is None:
            return
        dialog = StorageDialog(self._theme, self._work.window())
        desk.listed.connect(dialog.show_storage)
        desk.changed.connect(desk.list_storage)
        dialog.remove_wanted.connect(desk.remove_all)
        dialog.restore_wanted.connect(desk.restore)
        dialog.delete_wanted.connect(desk.delete_for_good)
        freed, failed = dialog.show_freed, dialog.show_error
        desk.freed.connect(freed)
        desk.failed.connect(failed)
        desk.list_storage()
        dialog.exec()
        desk.listed.disconnect(dialog.show_storage)
        desk.changed.disconnect(desk.list_storage)
        desk.freed.disconnect(freed)
        desk.failed.disconnect(failed)
        dialog.deleteLater()

    def _export(self, model: str | None) -> None:
        beside = str(self._folder.parent / "measures.csv")
        chosen, _ = QFileDialog.getSaveFileName(
            self._work.window(), say("Export measures"), beside, say("Table (*.csv)")
        )
        if chosen:
            path = Path(chosen)
            self._on(lambda desk: desk.write_measures(path if path.suffix else path.with_suffix(".csv"), model))


def _topic(item: Item) -> str:
    """What a notice about the removal of something is known by."""
    return f"removed {item.kind} {item.id}"

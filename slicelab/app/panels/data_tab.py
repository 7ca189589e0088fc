"""Data: what is in the project, what an import did, and what is known of the open case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QProgressBar, QWidget

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.spoken import Check
from slicelab.app.widgets import action_button, button, column, line, row, scrolled, set_tone, text
from slicelab.core.durations import duration

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.importing import ImportReport
    from slicelab.engine.views import CaseSummary, CaseView

_REST_MS = 800
"""Notes are kept when the hands rest this long."""


class DataTab(QWidget):
    """Announces that an import should stop, and what the person says of the open case."""

    stop_wanted = Signal()
    flagged = Signal(str, bool)
    noted = Signal(str, str)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._statement = text("Opening …", "statement", wrap=True)
        self._detail = text("", "secondary", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._doing = text("", "secondary", wrap=True)
        stop = button("Stop import")
        stop.clicked.connect(self.stop_wanted)
        self._running = QWidget()
        self._running.setLayout(column(self._doing, self._bar, row(stop, None), gap=6))
        self._running.setVisible(False)
        self._report = text("", "secondary", wrap=True)
        self._refused = text("", "secondary", wrap=True)
        set_tone(self._refused, "warn")
        self._case_title = text("Open case", "title")
        self._case = text("", "secondary", wrap=True)
        self._remarks = text("", "secondary", wrap=True)
        self._spent = text("", "secondary", tip="Time at work on this case; pauses longer than 20 s are left out")
        self.case_id: str | None = None
        self.flag = Check("Flagged: come back to it")
        self.flag.setToolTip(actions["case.flag"].toolTip())
        self.flag.clicked.connect(self._say_flag)
        self.notes = QPlainTextEdit()
        self.notes.setAccessibleName(say("Notes on the open case"))
        self.notes.setPlaceholderText(say("Notes on this case"))
        self.notes.setTabChangesFocus(True)
        self.notes.setFixedHeight(theme.px(84))
        self._said = ""
        self._sent: dict[str, str] = {}  # case to what was typed, until a listing says the same
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self.flush)
        self.notes.textChanged.connect(self._soon.start)
        self._about = QWidget()
        self._about.setLayout(column(self._spent, self.flag, self.notes, gap=8))
        self.setLayout(
            column(
                scrolled(
                    column(
                        self._statement,
                        self._detail,
                        row(
                            action_button(actions["project.import"], "primary"),
                            action_button(actions["project.import_folder"]),
                            None,
                        ),
                        text(
                            "Files are copied into the project and never changed. Nothing leaves this computer.",
                            "caption",
                            wrap=True,
                        ),
                        8,
                        self._running,
                        self._report,
                        self._refused,
                        8,
                        line(),
                        8,
                        self._case_title,
                        self._case,
                        self._remarks,
                        self._about,
                        8,
                        line(),
                        8,
                        text("Project", "title"),
                        action_button(actions["project.export_measures"]),
                        action_button(actions["project.storage"]),
                        None,
                        margins=(16, 12, 16, 12),
                    )
                )
            )
        )
        for part in (self._report, self._refused):
            _say(part, "")
        self.show_case(None)

    def show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        """How much there is."""
        slices = sum(case.count.slices for case in cases)
        if cases:
            self._statement.setText(f"{words.plural(len(cases), 'case')}, {words.plural(slices, 'slice')}")
            self._detail.setText("Drop more files or folders anywhere on this window.")
        else:
            self._statement.setText("No images yet")
            self._detail.setText("Drop files or folders anywhere on this window.")

    def forget(self) -> None:
        """Another project may be opened: what was said of this one is taken down, and nothing is known of the other."""
        self._statement.setText("Opening …")
        self._detail.setText("")
        self._running.setVisible(False)
        for part in (self._report, self._refused):
            _say(part, "")

    def show_progress(self, done: int, total: int) -> None:
        """An import is running."""
        self._running.setVisible(True)
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._doing.setText(f"Reading {done + 1} of {total}" if total else "Looking for images")
        _say(self._report, "")
        _say(self._refused, "")

    def show_report(self, report: ImportReport | None) -> None:
        """An import is over."""
        self._running.setVisible(False)
        if report is None:
            return
        said = [f"{words.plural(len(report.imported), 'case')} added."]
        if report.labelled:
            said.append(words.came_with_labels(report))
        if report.already:
            said.append(
                f"{words.plural(len(report.already), 'image')} was in the project already."
                if len(report.already) == 1
                else f"{words.plural(len(report.already), 'image')} were in the project already."
            )
        if report.unmapped:
            said.append(f"Structures without a class here were left out: {', '.join(report.unmapped)}.")
        if report.masks:
            names = ", ".join(mask.path.name for mask in report.masks)
            said.append(tr("Not made cases, since they look like masks: {names}.").format(names=names))
        if report.stopped:
            said.append("Stopped before the end.")
        _say(self._report, " ".join(said))
        reasons: dict[str, list[str]] = {}
        for refused in report.refused:
            reasons.setdefault(f"{refused.message} {refused.remedy}".strip(), []).append(refused.name)
        lines = [f"{', '.join(names)}: {say(why)}" for why, names in reasons.items()]
        _say(self._refused, "\n".join(["Not added:", *lines]) if lines else "")

    def show_case(self, view: CaseView | None) -> None:
        """What is known of the open case."""
        self._case_title.setText(view.name if view else "Open case")
        if view is None:
            self._case.setText("No case is open.")
            _say(self._remarks, "")
            self.show_summary(None)
            return
        slices, rows, columns = view.image.shape
        thick, high, wide = view.spacing
        self._case.setText(
            f"{view.plane.capitalize()}, {words.plural(slices, 'slice')} of {columns} x {rows} voxels. "
            f"A voxel is {wide:.2f} x {high:.2f} mm, slices are {thick:.2f} mm apart."
        )
        _say(self._remarks, "\n".join(view.notes))

    def show_summary(self, case: CaseSummary | None) -> None:
        """Flag, notes and time of the open case; what is being typed is not replaced."""
        self._about.setVisible(case is not None)
        same = case is not None and case.id == self.case_id
        if not same:
            self.flush()
        self.case_id = case.id if case is not None else None
        if case is None:
            self._sent.clear()
            return
        if self._sent.get(case.id) == case.notes:
            del self._sent[case.id]
        notes = self._sent.get(case.id, case.notes)
        self._spent.setText(_work(case))
        self.flag.setChecked(case.flagged)
        if not same or (notes != self._said and self.notes.toPlainText() == self._said):
            self._said = notes
            self.notes.blockSignals(True)
            self.notes.setPlainText(notes)
            self.notes.blockSignals(False)

    def allow_changes(self, possible: bool) -> None:
        """Whether the project can be changed."""
        self.flag.setEnabled(possible)
        self.notes.setReadOnly(not possible)

    def _say_flag(self, on: bool) -> None:
        if self.case_id is not None:
            self.flagged.emit(self.case_id, on)

    def flush(self) -> None:
        """Announce notes that were typed and not announced yet."""
        self._soon.stop()
        typed = self.notes.toPlainText()
        if self.case_id is not None and typed != self._said:
            self._said = self._sent[self.case_id] = typed
            self.noted.emit(self.case_id, typed)


def _work(case: CaseSummary) -> str:
    """How long was worked on a case; labels may have come without any work here."""
    if case.seconds >= 1:
        return f"Labelled for {duration(case.seconds)}"
    count = case.count
    return "Has labels; no time at work was noted" if count.unlabelled < count.slices else "Not labelled yet"


def _say(label: QLabel, words: str) -> None:
    """Words, or no room for them."""
    label.setText(words)
    label.setVisible(bool(words))

"""Data: what is in the project, what an import did, and what is known of the open case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from slicelab.app import words
from slicelab.app.widgets import action_button, button, column, line, row, scrolled, set_tone, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.importing import ImportReport
    from slicelab.engine.views import CaseSummary, CaseView


class DataTab(QWidget):
    """Announces that an import should stop."""

    stop_wanted = Signal()

    def __init__(self, _theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._statement = text("No images yet", "statement", wrap=True)
        self._detail = text("Drop files or folders anywhere on this window.", "secondary", wrap=True)
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
        self._notes = text("", "secondary", wrap=True)
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
                        self._notes,
                        None,
                        margins=(16, 12, 16, 12),
                    )
                )
            )
        )
        self.show_case(None)

    def show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        """How much there is."""
        slices = sum(case.count.slices for case in cases)
        if cases:
            self._statement.setText(f"{words.plural(len(cases), 'case')}, {words.plural(slices, 'slice')}")
            self._detail.setText("Drop more files or folders anywhere on this window.")

    def show_progress(self, done: int, total: int) -> None:
        """An import is running."""
        self._running.setVisible(True)
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._doing.setText(f"Reading {done + 1} of {total}" if total else "Looking for images")
        self._report.setText("")
        self._refused.setText("")

    def show_report(self, report: ImportReport | None) -> None:
        """An import is over."""
        self._running.setVisible(False)
        if report is None:
            return
        said = [f"{words.plural(len(report.imported), 'case')} added."]
        if report.labelled:
            said.append(f"{words.plural(len(report.labelled), 'case')} came with labels.")
        if report.already:
            said.append(
                f"{words.plural(len(report.already), 'image')} was in the project already."
                if len(report.already) == 1
                else f"{words.plural(len(report.already), 'image')} were in the project already."
            )
        if report.unmapped:
            said.append(f"Structures without a class here were left out: {', '.join(report.unmapped)}.")
        if report.stopped:
            said.append("Stopped before the end.")
        self._report.setText(" ".join(said))
        lines = [f"{refused.name}: {refused.message} {refused.remedy}".strip() for refused in report.refused]
        self._refused.setText("\n".join(["Not added:", *lines]) if lines else "")

    def show_case(self, view: CaseView | None) -> None:
        """What is known of the open case."""
        self._case_title.setText(view.name if view else "Open case")
        if view is None:
            self._case.setText("No case is open.")
            self._notes.setText("")
            return
        slices, rows, columns = view.image.shape
        thick, high, wide = view.spacing
        self._case.setText(
            f"{view.plane.capitalize()}, {words.plural(slices, 'slice')} of {columns} x {rows} voxels. "
            f"A voxel is {wide:.2f} x {high:.2f} mm, slices are {thick:.2f} mm apart."
        )
        self._notes.setText("\n".join(view.notes))

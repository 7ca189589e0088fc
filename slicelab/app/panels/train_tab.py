"""Train: from the slices marked done to a model, and the models there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.panels.budget_box import BudgetBox
from slicelab.app.panels.correction_box import CorrectionBox
from slicelab.app.panels.cross_box import CrossBox
from slicelab.app.panels.job_card import JobCard
from slicelab.app.panels.method_box import METHODS
from slicelab.app.panels.outlook_box import OutlookBox
from slicelab.app.panels.pretrain_tab import show_steps, steps_box
from slicelab.app.widgets import action_button, align_headings, button, column, line, row, scrolled, set_tone, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.desks.cross_desk import CrossShown
    from slicelab.app.models import ModelRow
    from slicelab.app.theme import Theme
    from slicelab.engine.agenda import Wish
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import CaseSummary, RunSummary

SCRATCH = "random"
_FOLLOWS = "Training that runs to its end is followed by a prediction of every case; after Stop you choose."


class TrainTab(QWidget):
    """Announces which model should be used; the button is the action."""

    model_chosen = Signal(str)
    again_chosen = Signal(bool)
    start_chosen = Signal()
    """Another start, or another number of steps."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._cases: tuple[CaseSummary, ...] = ()
        self._left_out: frozenset[str] = frozenset()
        self._running = False
        self._statement = text("", "statement", wrap=True)
        self._detail = text("", "secondary", wrap=True)
        self.outlook = OutlookBox()
        self._init = QComboBox()
        self._init.setAccessibleName(say("Start from"))
        self._init.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._init.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._init.currentTextChanged.connect(self._init.setToolTip)
        self._under_way = text(
            "A pretraining is under way. To start from it, press Train when it has ended: now it starts as chosen.",
            "caption",
            wrap=True,
        )
        set_tone(self._under_way, "warn")
        self._under_way.setVisible(False)
        self._steps = steps_box()
        self._init.activated.connect(lambda _at: self.start_chosen.emit())
        self._steps.valueChanged.connect(lambda _steps: self.start_chosen.emit())
        self._start = action_button(actions["job.train"], "big")
        self._words = self._start.text()
        self._again = QCheckBox(tr("Train again after each finished case"))
        self._again.setToolTip(
            tr(
                "When every slice of a case is done, or you press Case done, a training with the last settings starts "
                "by itself; after the job that runs, if one does."
            )
        )
        self._again.setAccessibleName(tr("Train again after each finished case"))
        self._again.clicked.connect(lambda on: self.again_chosen.emit(on))
        self.job = JobCard(theme, actions)
        self.corrections = CorrectionBox(theme)
        self.crossed, self.worth = CrossBox("crossvalidate", actions), CrossBox("compare", actions)
        self.budget = BudgetBox(theme)
        self._models = QTableWidget(0, 4)
        self._models.setHorizontalHeaderLabels([say(word) for word in ["Model", "Learned from", "Test Dice", ""]])
        align_headings(self._models, 2)
        self._models.verticalHeader().hide()
        self._models.horizontalHeader().sectionResized.connect(lambda *_widths: self._fit_models())
        self._models.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._models.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._models.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models.setShowGrid(False)
        self._models.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._models.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._models.setAccessibleName(say("Models"))
        self._models.setMinimumHeight(theme.px(150))
        self._predict = action_button(actions["job.predict"], words="Predict all cases")
        self._area = scrolled(
            column(
                self._statement,
                self._detail,
                self.outlook,
                4,
                line(),
                4,
                row(text("Start from", "title"), self._init),
                self._under_way,
                row(text("Steps", "secondary", tip="Optimiser steps: how long it learns"), None, self._steps),
                self._start,
                text(_FOLLOWS, "caption", wrap=True),
                self._again,
                8,
                self.job,
                8,
                self.corrections,
                8,
                self.crossed,
                8,
                self.budget,
                8,
                row(text("Models", "title"), None, self._predict),
                self._models,
                8,
                self.worth,
                None,
                margins=(16, 12, 16, 12),
            )
        )
        self.setLayout(column(self._area))
        self.show_labels(())
        self.show_starts(())

    def to_top(self) -> None:
        """Show what comes first: what it learns from, and the button."""
        self._area.verticalScrollBar().setValue(0)

    @property
    def init(self) -> str | None:
        """Run whose weights to start from, None for random ones."""
        chosen = self._init.currentData()
        return None if chosen in (None, SCRATCH) else str(chosen)

    @property
    def steps(self) -> int | None:
        """Steps asked for, None for the preset's."""
        return self._steps.value() or None

    def want_steps(self, steps: int | None) -> None:
        """Propose so many steps; None: the preset's."""
        show_steps(self._steps, steps)

    def show_labels(self, cases: tuple[CaseSummary, ...]) -> None:
        """Say what it will learn from."""
        self._cases = cases
        away = [case for case in cases if case.id in self._left_out]
        cases = tuple(case for case in cases if case.id not in self._left_out)
        partly = sum(case.count.partly for case in cases)
        done = sum(case.count.done for case in cases) + partly
        teaching = sum(case.count.done + case.count.partly > 0 for case in cases)
        drafts = sum(case.count.draft for case in cases)
        if done:
            slices, learnt = words.plural(done, "slice"), words.plural(teaching, "case")
            if self._running:  # that one learns from what was done when it began
                self._statement.setText(f"The next training learns from {slices} you marked done, in {learnt}")
            else:
                self._statement.setText(f"Learns from {slices} you marked done, in {learnt}")
        else:
            self._statement.setText("Mark a few slices done first")
        left_out = f"{words.plural(drafts, 'draft')} and all unlabelled slices" if drafts else "Unlabelled slices"
        unknown = f" On {words.plural(partly, 'slice')} a class is unknown and ignored." if partly else ""
        if away:
            unknown += f" {words.left_out_for_testing(len(away))}"
        self._detail.setText(f"{left_out} are left out. They are never read as background.{unknown}")

    def show_left_out(self, out: tuple[str, ...]) -> None:
        """Cases (ids) that are kept for testing."""
        self._left_out = frozenset(out)
        self.show_labels(self._cases)

    def show_starts(self, runs: tuple[RunSummary, ...]) -> None:
        """Offer pretrainings to start from; the newest is chosen unless the person chose otherwise."""
        chosen = self._init.currentData()
        known = {self._init.itemData(at) for at in range(self._init.count())}
        names: dict[str, str] = {key: name for key, name, _ in METHODS}
        self._init.clear()
        offered = [run for run in runs if run.kind == "pretrain" and run.has_weights]
        for number, run in reversed(list(enumerate(offered, start=1))):
            method = names.get(run.method or "", "").lower()
            self._init.addItem(say(f"Pretraining {number}: {method}, {words.plural(run.slices, 'slice')}"), run.id)
        self._init.addItem(say("From scratch, no pretraining"), SCRATCH)
        at = self._init.findData(chosen)
        if at >= 0 and all(run.id in known for run in offered):
            self._init.setCurrentIndex(at)

    def show_pretraining(self, under_way: bool) -> None:
        """Whether a pretraining runs, which a training that is asked for now would not start from."""
        self._under_way.setVisible(under_way)

    def show_models(self, models: tuple[ModelRow, ...]) -> None:
        """List models, newest first; the one in use is marked."""
        self.job.show_worth({model.run: (model.name, model.worth) for model in models if model.worth})
        self._models.setRowCount(len(models))
        for at, model in enumerate(models):
            # How long it took on a line of its own: beside what it learned from there is no room for it.
            learned_from = say(model.learned_from).replace(" · ", "\n")
            below = f"\n{say(model.worse)}" if model.worse else ""
            said = (say(model.name), learned_from + below, say(model.dice))
            for place, value in enumerate(said):
                item = QTableWidgetItem(value)
                item.setToolTip(say(model.tip))
                if place == 2:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._models.setItem(at, place, item)
            if model.in_use:
                self._models.removeCellWidget(at, 3)
                self._models.setItem(at, 3, QTableWidgetItem(say("In use")))
            else:
                use = button("Use this", tip=f"Show and measure the predictions of {model.name}")
                use.clicked.connect(lambda _checked=False, run=model.run: self.model_chosen.emit(run))
                self._models.setItem(at, 3, QTableWidgetItem(""))
                self._models.setCellWidget(at, 3, use)
        self._fit_models()

    def _fit_models(self) -> None:
        """Rows as high as their words need, which wrap where the tab is narrow."""
        for at in range(self._models.rowCount()):
            self._models.setRowHeight(at, max(self._models.sizeHintForRow(at) + self._theme.px(12), self._theme.px(36)))

    def show_again(self, on: bool) -> None:
        """Whether a training follows each finished case."""
        self._again.setChecked(on)

    def show_queue(self, waiting: tuple[Wish, ...], *, running: bool) -> None:
        """What waits for the job that runs."""
        self.job.queue.show_waiting(waiting, running=running)

    def show_crossed(self, shown: CrossShown | None) -> None:
        """What the next training learns of each class, cross-validated Dice, and whether pretraining was worth it."""
        self.outlook.show_outlook(shown.outlook if shown is not None else None)
        for box in (self.crossed, self.worth):
            box.show_found(shown)

    def show_crossing(self, status: JobStatus | None) -> None:
        """The running or last job, where it measures one of these."""
        for box in (self.crossed, self.worth):
            box.show_job(status)

    def show_job(self, status: JobStatus | None) -> None:
        """The running or last training."""
        self.job.show_status(status)
        running = status is not None and not status.ended
        self._start.setText(words.doing("Training", status) if status and running else self._words)
        if running is not self._running:
            self._running = running
            self.show_labels(self._cases)
        self._init.setEnabled(not running)
        self._steps.setEnabled(not running)
        if status is not None and running:
            show_steps(self._steps, status.steps_wanted)

    def show_starting(self, kind: str) -> None:
        """Show that a job of a kind is being started, of which there is no run yet; "": none is."""
        if kind == "finetune":
            self._start.setText(tr("Starting …"))
        elif not kind and not self.job.running:
            self._start.setText(self._words)

"""What models were measured to be: compared with the done slices now, or remembered from earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.models import models_of
from slicelab.core.errors import JobError, SlicelabError, StorageError, UnreadableFileError
from slicelab.core.evaluation import successor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slicelab.app.tasks import Tasks
    from slicelab.core.evaluation import Evaluation
    from slicelab.engine.on_the_way import OnTheWay
    from slicelab.engine.remembering import Remembered
    from slicelab.engine.session import Session


class MeasureDesk(QObject):
    """Asks the session, off the window's thread.

    Args:
        session: the open project.
        tasks: where it is asked.
        predicting: whether cases are being predicted, or are about to be.
        parent: owns this.

    """

    measured = Signal(str, object)
    remembered = Signal()
    way_known = Signal(str, object)
    """Run id, and how good that training is on its way, or was: by step."""
    worse = Signal(str, str, object)
    """A model that came in the place of another, that one, and how they compare where the newer one is worse."""
    refused = Signal(object)
    """Why it could not be measured."""
    failed = Signal(object)

    def __init__(
        self, session: Session, tasks: Tasks, predicting: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._predicting = predicting
        self.evaluations: dict[str, Evaluation] = {}
        self.changed: dict[str, int] = {}
        self._way_of = ""

    def measure(self, model: str | None) -> None:
        """Compare a model's predictions with the done slices."""
        session = self._session
        if model is None:
            return

        def done(evaluation: Evaluation) -> None:
            self.evaluations[model] = evaluation
            self.changed.pop(model, None)
            self.measured.emit(model, evaluation)
            self.remember()  # labels may have changed while it was measured

        def failed(error: BaseException) -> None:
            still = JobError("Predictions are still being made.", "They are measured by themselves once all are there.")
            self.refused.emit(still if self._predicting() and isinstance(error, SlicelabError) else error)

        self._tasks.run("measures", lambda: session.evaluate(model), done, failed, lane="measure")

    def compare(self, model: str, before: str) -> None:
        """Say so if a model that was just measured is worse than the one before it, as far as both can be compared.

        The one before is measured anew where its figures are of other labels or masks than there are now.
        """
        session, now = self._session, self.evaluations[model]

        def call() -> Evaluation | None:
            known = session.remembered(before)
            if known is None or known.changed == 0:
                return None if known is None else known.evaluation
            return session.evaluate(before)

        def done(was: Evaluation | None) -> None:
            if was is None:
                return
            self.evaluations[before] = was
            self.changed.pop(before, None)
            self.remembered.emit()
            found = successor(was, now)
            if found is not None and found.worse:
                self.worse.emit(model, before, found)

        def failed(error: BaseException) -> None:
            # Nobody asked for it: that an older model cannot be measured any more is no news.
            if isinstance(error, (UnreadableFileError, StorageError)) or not isinstance(error, SlicelabError):
                self.failed.emit(error)

        self._tasks.run("measures", call, done, failed, lane="compare")

    def look_on_the_way(self, run: str, previewed: Mapping[str, int]) -> None:
        """Compare what a training shows on its way with labelled cases it does not learn from, if there are some."""
        session, shown = self._session, dict(previewed)

        def call() -> tuple[OnTheWay, ...]:
            found = session.on_the_way(run, shown)
            kept = {one.step: one for one in session.way_of(run)}
            return tuple((kept | ({} if found is None else {found.step: found})).values())

        self._way_of = run
        self._tasks.run("measures", call, lambda found: self._tell_way(run, found), self.failed.emit, lane="on the way")

    def recall_way(self, run: str) -> None:
        """Read what was kept of a training's Dice on its way, once."""
        if run != self._way_of:
            self._way_of = run
            session = self._session
            self._tasks.run(
                "measures",
                lambda: session.way_of(run),
                lambda found: self._tell_way(run, found),
                self.failed.emit,
                lane="way before",
            )

    def _tell_way(self, run: str, found: tuple[OnTheWay, ...]) -> None:
        if found:
            self.way_known.emit(run, found)

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

    def forget(self) -> None:
        """What was measured, or is being measured now, is of cases or classes that are others by now.

        What holds of it is read again.
        """
        self._tasks.forget("measure")
        self._tasks.forget("compare")
        self._tasks.forget("remember")
        self.evaluations.clear()
        self.changed.clear()
        self.remember(anew=True)

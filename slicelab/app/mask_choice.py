"""Which network's mask of a case is shown, and in which words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slicelab.app.language import say, tr
from slicelab.app.models import model_name, models_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import RunSummary


@dataclass(frozen=True)
class ChosenMask:
    """What to show.

    Attributes:
        run: the training it is from.
        kind: a model's prediction, or the preview of a training.
        words: what it is, beside the picture.
        short: the same where there is little room.
        final: whether it may be accepted.

    """

    run: str
    kind: Literal["prediction", "preview"]
    words: str
    short: str
    final: bool


@dataclass(frozen=True)
class Choice:
    """What there is to choose from.

    Attributes:
        model: the model in use.
        runs: every run of the project, oldest first.
        learning: the training that runs, if it has a preview of the case.
        predicting: whether predictions are being made.

    """

    model: str | None
    runs: Sequence[RunSummary]
    learning: JobStatus | None = None
    predicting: bool = False

    def of(self, case_id: str, predicted_by: Sequence[str]) -> ChosenMask | None:
        """The mask of a case; None where there is none.

        A finished prediction is never replaced by a preview: that of the model in use is shown while another one
        learns, and that of the model before it until the new one has predicted the case too.

        Args:
            case_id: the case.
            predicted_by: models that have predicted it, latest last.

        """
        if self.model is not None and self.model in predicted_by:
            name = model_name(self.model, self.runs)
            said = tr("Prediction of {name}") if self.learning is None else _WHILE_LEARNING
            return ChosenMask(self.model, "prediction", tr(said).format(name=say(name)), name, final=True)
        before = [run.id for run in models_of(self.runs) if run.id in predicted_by]
        if before and (self.predicting or self.learning is not None):
            name = model_name(before[-1], self.runs)
            said = _WHILE_LEARNING if self.learning is not None else _WHILE_PREDICTING
            new = model_name(self.model or "", self.runs)
            words = tr(said).format(name=say(name), new=say(new))
            return ChosenMask(before[-1], "prediction", words, name, final=False)
        if self.learning is not None:
            made = self.learning.previewed[case_id]
            words = f"Preview after {made} of {self.learning.steps} steps"
            return ChosenMask(self.learning.run, "preview", words, f"Preview, step {made}", final=False)
        if self.model is None:
            return None
        name = model_name(self.model, self.runs)
        words = f"Preview of {name}, before it had ended"
        return ChosenMask(self.model, "preview", words, f"Preview of {name}", final=False)


_WHILE_LEARNING = "Prediction of {name} (the next model still learns)"
_WHILE_PREDICTING = "Prediction of {name} ({new} has not predicted this case yet)"

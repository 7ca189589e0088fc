"""Masks of a few cases while the network still learns, so that a person need not wait for its end to see something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.errors import SlicelabError
from slicelab.data.pool import build
from slicelab.data.run_folder import RunFolder
from slicelab.jobs.events import CasePreviewed
from slicelab.learn.predict import predict_stack, write_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from slicelab.jobs.settings import PoolSettings, PredictSettings
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute
    from slicelab.learn.unet import UNet

SHARES = (1 / 8, 1 / 4, 1 / 2)
"""When previews are made, as shares of the steps."""


@dataclass(frozen=True, eq=False)
class Previews:
    """Makes previews. It draws no chance and learns nothing: training goes on as if it had not been.

    Attributes:
        project: the project's folder.
        folder: the run's folder.
        cases: which to show.
        pool: the network's preprocessing.
        class_values: label value of each output channel after the background.
        settings: how to predict.
        compute: where.
        should_stop: asked before each batch.

    """

    project: Path
    folder: Path
    cases: tuple[CaseInput, ...]
    pool: PoolSettings
    class_values: tuple[int, ...]
    settings: PredictSettings
    compute: Compute
    should_stop: Callable[[], bool]

    def wanted(self, step: int, steps: int) -> bool:
        """Whether to show something after so many of the steps."""
        return bool(self.cases) and step < steps and step in {max(1, round(share * steps)) for share in SHARES}

    def made(self, model: UNet, step: int) -> Iterator[CasePreviewed]:
        """Segment the cases with a model in evaluation mode, and tell of each mask.

        A case that cannot be read ends no training: the prediction that follows it says what is wrong.
        """
        try:
            yield from self._made(model, step)
        except SlicelabError:
            return

    def _made(self, model: UNet, step: int) -> Iterator[CasePreviewed]:
        for source, case in zip(self.cases, build(self.project, self.pool, self.cases, self.should_stop), strict=False):
            found = predict_stack(
                model,
                case,
                self.class_values,
                self.settings,
                self.compute,
                flip=False,
                should_stop=self.should_stop,
            )
            if found is None:
                return
            path = RunFolder(self.folder).preview_of(source.case)
            write_stack(path, found[0], self.project, source)
            yield CasePreviewed(case=source.case, step=step, mask=path.relative_to(self.folder).as_posix())

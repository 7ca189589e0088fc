"""Masks of a few cases while the network still learns, so that a person need not wait for its end to see something."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.defects import outline
from slicelab.core.errors import SlicelabError
from slicelab.data.pool import build
from slicelab.data.run_folder import RunFolder
from slicelab.jobs.events import CasePreviewed
from slicelab.learn.memory import free, out_of_memory
from slicelab.learn.predict import predict_stack, write_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from slicelab.jobs.settings import PoolSettings, PredictSettings
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute
    from slicelab.learn.unet import UNet

_LOG = logging.getLogger(__name__)
_MOST = 4
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
        settings: how to predict; at most 4 slices at once, and without test-time augmentation.
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

        A case that cannot be read, a folder that cannot be written and memory that runs out end no training, and change
        none: the preview is given up, and the prediction that follows the training says what is wrong.
        """
        short = False
        try:
            yield from self._made(model, step)
        except (SlicelabError, OSError) as error:
            _LOG.warning("a preview was given up: %s", outline(error))
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
            short = True
        if short:  # outside of the except clause, whose exception holds the frames that failed
            _LOG.warning("a preview was given up: too little memory")
            free()

    def _made(self, model: UNet, step: int) -> Iterator[CasePreviewed]:
        few = min(self.settings.batch, _MOST)  # beside what the training holds
        settings = self.settings.model_copy(update={"batch": few, "test_time_augmentation": False})
        for source, case in zip(self.cases, build(self.project, self.pool, self.cases, self.should_stop), strict=False):
            found = predict_stack(
                model,
                case,
                self.class_values,
                settings,
                self.compute,
                flip=False,
                should_stop=self.should_stop,
            )
            if found is None:
                return
            path = RunFolder(self.folder).preview_of(source.case)
            write_stack(path, found[0], self.project, source)
            yield CasePreviewed(case=source.case, step=step, mask=path.relative_to(self.folder).as_posix())

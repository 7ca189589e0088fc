"""Looks inside a pretraining: now and then, one slice of a step's own tensors is written into the run's folder.

Nothing is drawn by chance for it, and nothing that is learnt depends on it: a training takes the same steps without.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.defects import outline
from slicelab.core.errors import SlicelabError
from slicelab.data.look import LOOK, Look, save_look
from slicelab.jobs.events import LookTaken
from slicelab.learn.pictures import centre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import numpy.typing as npt
    from torch import Tensor

    from slicelab.data.look import Dot
    from slicelab.learn.slices import SliceSet

_LOG = logging.getLogger(__name__)
EVERY_S = 1.0
"""Least time between two looks."""
SHARE = 0.005
"""Largest share of the training's time that looks may take: where one is slow, the next one waits longer."""


class Looks:
    """Takes looks, not more often than they are worth.

    Args:
        folder: the run's; None takes none (another process of the job than the first).
        clock: seconds, from any start.

    """

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._next = -float("inf")

    def due(self, *, last: bool = False) -> bool:
        """Whether one is to be taken of this step: of the job's last one always, so that it shows what was learnt."""
        return self._folder is not None and (last or self._clock() >= self._next)

    @property
    def on(self) -> bool:
        """Whether there will be any."""
        return self._folder is not None

    def taken(
        self,
        phase: str,
        step: int,
        slices: SliceSet,
        chosen: Tensor,
        pictures: Mapping[str, Tensor],
        dots: Callable[[], tuple[Dot, ...]] = tuple,
    ) -> Iterator[LookTaken]:
        """Write pictures of the slice of the batch that shows most, and tell of them.

        A disk that refuses costs the look, never the training.

        Args:
            phase: the phase.
            step: steps of the whole job done with this one.
            slices: the pool.
            chosen: ``(batch,)``, the slices of the step that the pictures are of.
            pictures: name to ``(batch, 1, row, column)``, intensities of the pool: 0 to 1, what is beyond is cut off.
                The first one decides which slice is shown.
            dots: works out where the slices lie on a plane.

        """
        assert self._folder is not None
        began = self._clock()
        first = next(iter(pictures.values())).detach()
        place = int(first.float().flatten(1).std(dim=1).argmax())  # a GPU-CPU sync, once in a second or more
        number = chosen[place]
        look = Look(
            step=step,
            phase=phase,
            case=slices.cases[int(slices.case[number])],
            slice=int(slices.index[number]),
            pictures={name: _grey(one.detach()[place, 0], slices.matrix) for name, one in pictures.items()},
            dots=dots(),
        )
        try:
            save_look(self._folder / LOOK, look)
        except (SlicelabError, OSError) as error:
            _LOG.warning("a look inside was given up: %s", outline(error))
        else:
            yield LookTaken(step=step, phase=phase, case=look.case, slice=look.slice, file=LOOK)
        now = self._clock()
        self._next = now + max(EVERY_S, (now - began) / SHARE)


def _grey(picture: Tensor, matrix: int) -> npt.NDArray[np.uint8]:
    """The middle of a picture as ``(matrix, matrix)`` uint8."""
    whole = np.nan_to_num(picture.float().cpu().numpy())
    out = np.zeros((matrix, matrix), np.float32)
    centre(whole, out)
    return (np.clip(out, 0.0, 1.0) * 255.0).round().astype(np.uint8)


NO_LOOKS = Looks(None)

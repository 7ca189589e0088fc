"""The steps of a training, and what is done when one fails: go back to the last good state, change something, go on.

Out of memory, the batch halves and the same slices are drawn again. A loss that is no number or explodes makes its step
not count: weights and optimiser go back, at half the learning rate; what was drawn stays drawn, so that the next step
sees other slices. After three of either, the training ends as if it had been stopped, with the last good state saved.
Either ends bit-identity with a run that met no trouble, and is in the run's log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from slicelab.core.errors import JobError
from slicelab.jobs.events import BatchHalved, StepSkipped
from slicelab.learn.memory import Batch, begin_again, free, no_memory, out_of_memory
from slicelab.learn.ranks import ALONE, Ranks
from slicelab.learn.soundness import LossWatch
from slicelab.learn.state import DoesNotFitError, copied, inner, number, put_back, take, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from torch import Tensor

    from slicelab.jobs.events import AnyEvent, Unsoundness
    from slicelab.learn.device import Compute
    from slicelab.learn.keeper import Keeper
    from slicelab.learn.state import Part, State

_KEEP_EVERY = 10
"""Steps between copies of the state in memory: one took 6 ms where a step took 0.5 s (one thread): 0.1 %."""
_INCIDENTS = 3
_DRAWN = frozenset(("sampler", "chance", "unlabelled"))
"""Parts that chance comes from; they stay as they are when a step is skipped."""
_OUTLIVES = frozenset(("best",))
"""Parts that no failure may touch: the best model so far was measured, and stays the best."""


class UnsoundError(Exception):
    """A step must not count."""

    def __init__(self, reason: Unsoundness) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, eq=False)
class _Good:
    """A copy of the state at a step whose loss was sound."""

    step: int
    state: State


class Recovery:
    """Runs the steps of one training job.

    Args:
        keeper: saves the state between steps.
        compute: where the job computes.
        batch: slices per step, as the settings say.
        smallest: fewest slices per step that still teach anything.
        ranks: the processes that share each batch. A loss that is no number all of them see, and go back together.
            Where memory runs out in one, the others already wait for its share: it leaves a note, all of them end and
            are started again, read the note, and take half the batch from the last checkpoint on.

    """

    def __init__(self, keeper: Keeper, compute: Compute, batch: int, smallest: int = 1, ranks: Ranks = ALONE) -> None:
        self._keeper, self._compute, self._ranks = keeper, compute, ranks
        self._batch = Batch(batch, smallest, ranks.world)
        self._watch = LossWatch()
        self._incidents = 0
        self.rate = 1.0
        """Factor on the learning rate."""
        self._phase = ""
        self._parts: dict[str, Part] = {}

    @property
    def batch(self) -> int:
        """Slices per step."""
        return self._batch.size

    def begin(self, phase: str, first_step: int, parts: Mapping[str, Part]) -> int:
        """Start a phase; its parts take the state of the checkpoint, if that was taken in this phase.

        Returns:
            Steps of the whole job done.

        Raises:
            JobError: the checkpoint is damaged, or not one of this training.

        """
        self._watch = LossWatch()
        self._phase, self._parts = phase, dict(parts)
        done = self._keeper.begin(phase, first_step, self._all)
        found = self._keeper.found
        moved = found is not None and found.compute.device != self._compute.device.type
        if moved and self._keeper.goes_on_in(phase):
            self._batch.fill()  # another device, another memory
        return done

    def steps(self, first: int, end: int, one: Callable[[int], Iterator[AnyEvent]]) -> Generator[AnyEvent, None, bool]:
        """Run the steps of the phase, saving between them.

        Args:
            first: steps of the whole job done.
            end: steps of the whole job done at the end of the phase.
            one: does one step, given the steps done before it. It calls :meth:`read` once the optimiser has moved.

        Yields:
            What each step and the keeper tell; ``BatchHalved`` and ``StepSkipped``, after which earlier steps come
            again.

        Returns:
            Whether the phase was done to its end. If it was not because of a failure, that is ``keeper.failure``.

        """
        if not (yield from self._halved_for_all(first)):
            return False
        good, step = self._copy(first), first
        while step < end:
            yield from self._keeper.between_steps(self._phase, step, self._all)
            if self._keeper.should_stop():
                return False
            fresh, short = good, False
            trouble: Unsoundness | None = None
            try:
                if step - good.step >= _KEEP_EVERY:
                    fresh = self._copy(step)
                yield from one(step)
            except UnsoundError as error:
                trouble = error.reason
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                if self._ranks.many:
                    self._keeper.note_too_large(self.batch)
                    raise begin_again(self._compute.device, self.batch) from error
                short = True
            # Outside of the except clauses, whose exception holds the tensors of the step alive.
            if short or trouble is not None:
                fresh = good
                yield from self._go_back(good, step, trouble)
                if self._keeper.failure is not None:
                    return False
                step = good.step
            else:
                good, step = fresh, step + 1
        return True

    def read(self, norm: Tensor, loss: Tensor, *more: Tensor) -> tuple[float, ...]:
        """Fetch the loss, and more scalars, from the device: the step's one GPU-CPU sync.

        Args:
            norm: of the gradient, as ``descend`` returns it.
            loss: what was descended.
            more: other float32 scalars.

        Raises:
            UnsoundError: the step must not count.

        """
        fetched, *values = torch.stack([one.detach().float() for one in (norm, loss, *more)]).tolist()
        reason = self._watch.judge(values[0], fetched)
        if reason is not None:
            raise UnsoundError(reason)
        return tuple(values)

    def state(self) -> State:
        """The batch, the rate, the incidents and the losses they are judged by."""
        return {
            "batch": self._batch.state(), "watch": self._watch.state(), "incidents": self._incidents, "rate": self.rate,
        }  # fmt: skip

    def restore(self, state: State) -> None:
        """Go on from a state."""
        incidents, rate = whole(state, "incidents"), number(state, "rate")
        if not (incidents < _INCIDENTS and 0.0 < rate <= 1.0):
            raise DoesNotFitError("no training slows down like that")
        self._batch.restore(inner(state, "batch"))
        self._watch.restore(inner(state, "watch"))
        self._incidents, self.rate = incidents, rate

    @property
    def _all(self) -> dict[str, Part]:
        return {**self._parts, "recovery": self}

    def _halved_for_all(self, step: int) -> Generator[AnyEvent, None, bool]:
        """Take half the batch where a process noted that it is too large; every process does, before the same step.

        Returns:
            Whether the training can go on.

        """
        noted = self._keeper.too_large
        if noted is None:
            return True
        smaller = True
        if noted == self.batch:
            yield from self._take_half(step)
            smaller = self._keeper.failure is None
            yield from self._keeper.went_back(self._phase, step, self._all)
        self._keeper.heard_of_too_large()
        return smaller

    def _take_half(self, step: int) -> Iterator[AnyEvent]:
        if self._batch.halve():
            yield BatchHalved(batch=self.batch, step=step)
        else:
            self._keeper.failure = no_memory(self._compute.device, self.batch)
            self._batch.fill()  # whoever lets it go on has made room, or chosen another device

    def _copy(self, step: int) -> _Good:
        return _Good(step, copied(take({name: p for name, p in self._parts.items() if name not in _OUTLIVES})))

    def _go_back(self, good: _Good, step: int, trouble: Unsoundness | None) -> Iterator[AnyEvent]:
        """Restore the last good state and change what failed: the batch, or (with ``trouble``) the learning rate."""
        for part in self._parts.values():
            if isinstance(part, torch.optim.Optimizer):
                part.zero_grad(set_to_none=True)
        if trouble is None:
            free()
        stays = _OUTLIVES if trouble is None else _OUTLIVES | _DRAWN
        put_back(
            {name: part for name, part in self._parts.items() if name not in stays},
            {name: state for name, state in good.state.items() if name not in stays},
        )
        if trouble is not None:
            self._incidents += 1
            self.rate /= 2.0
            yield StepSkipped(step=step + 1, back_to=good.step, reason=trouble, rate=self.rate)
            if self._incidents == _INCIDENTS:
                self._incidents = 0  # whoever lets it go on all the same gets three more
                self._keeper.failure = _unsound(good.step, step)
        else:
            yield from self._take_half(good.step)
        yield from self._keeper.went_back(self._phase, good.step, self._all)


def _unsound(good: int, step: int) -> JobError:
    kept = f" What it had learnt by step {good} is kept." if good else ""
    lower = ", or let this one go on at the lower rate" if good else ""
    return JobError(
        f"The training stopped at step {step + 1}: its loss was not a number, or far too high, for the third time, "
        f"although the learning rate was lowered each time.{kept}",
        f"Look for damaged images among the cases, leave them out and start a new run{lower}.",
        "Models saved before are untouched.",
    )

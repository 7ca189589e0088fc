"""Between two steps of a training: its state is saved when it is time, and it holds still while paused."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import torch

from slicelab.core.errors import JobError, StorageError
from slicelab.data.atomic import sweep
from slicelab.data.run_folder import RunFolder
from slicelab.jobs.events import AlarmRaised, CheckpointSaved, JobPaused, JobResumed
from slicelab.learn.checkpoint import CheckpointHead, UnusableError, read_head, read_state, write
from slicelab.learn.ranks import ALONE, Ranks
from slicelab.learn.state import DoesNotFitError, put_back, take

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from slicelab.jobs.events import AnyEvent
    from slicelab.learn.device import ComputeRecord
    from slicelab.learn.state import Part

_SHARE = 50.0
"""Training lasts at least so many times as long as saving did: the cost stays under 2 %, however slow the disk."""
_PAUSE_POLL_S = 0.1


class Keeper:
    """Keeps one job's checkpoint.

    Args:
        path: the checkpoint's file.
        fingerprint: of the job.
        interval_s: seconds of training between checkpoints; 0 saves after every step.
        should_stop: true once the job was asked to stop.
        paused: true while the job is asked to hold still.
        ranks: the processes of the job; the first alone saves, and is asked for all whether to stop or pause.

    """

    def __init__(
        self,
        path: Path,
        fingerprint: str,
        interval_s: float,
        should_stop: Callable[[], bool],
        paused: Callable[[], bool],
        ranks: Ranks = ALONE,
    ) -> None:
        self._ranks, self.processes = ranks, ranks.world
        self._stop_asked, self._pause_asked = should_stop, paused
        self.problem = ""
        """Why a checkpoint that is there cannot be used, in words that follow "because"."""
        self.failure: JobError | None = None
        """Why the training had to end early; to be raised once what it has learnt is saved."""
        self._folder = RunFolder(path.parent)
        self._path, self._fingerprint, self._interval_s = path, fingerprint, interval_s
        self._compute: ComputeRecord | None = None
        self._saved = 0
        self._phase = ""
        self._due = 0.0
        self._pause_s = interval_s
        self._refused = False
        if ranks.first:
            sweep(path.parent, path.suffix)  # a process killed while it wrote leaves up to a whole checkpoint behind
        try:
            self.found = read_head(path, fingerprint)
        except UnusableError as error:
            self.found, self.problem = None, str(error)

    def should_stop(self) -> bool:
        """Whether the job was asked to stop."""
        return self._ranks.agreed(self._stop_asked)

    def computes_on(self, compute: ComputeRecord) -> None:
        """Note where the job computes, for the checkpoints to come."""
        self._compute = compute

    @property
    def too_large(self) -> int | None:
        """The batch for which a process found too little memory before all began again; what the first one reads."""
        noted = self._folder.too_large() if self._ranks.first else None
        told = self._ranks.told("" if noted is None else str(noted))
        return int(told) if told else None

    def note_too_large(self, batch: int) -> None:
        """Note, for all processes, that one found too little memory for a batch."""
        self._folder.note_too_large(batch)

    def heard_of_too_large(self) -> None:
        """All processes take a smaller batch now, and the state that is saved does."""
        if self._ranks.first:
            self._folder.too_large_path.unlink(missing_ok=True)

    def goes_on_in(self, phase: str) -> bool:
        """Whether the job goes on from a checkpoint that was taken in this phase."""
        return self.found is not None and self.found.phase == phase

    def forget(self) -> None:
        """What was found is of no use any more: its phase is over, or never came."""
        self.found = None

    def begin(self, phase: str, first_step: int, parts: Mapping[str, Part]) -> int:
        """Start a phase: its parts take the state of the checkpoint, if that was taken in this phase.

        Returns:
            Steps of the whole job done.

        Raises:
            JobError: the checkpoint is damaged, or not one of this training.

        """
        self._due = time.monotonic() + self._pause_s
        found = self.found
        if found is None or not self.goes_on_in(phase):
            return first_step
        try:
            put_back(parts, read_state(self._path, found, take(parts)))
        except (UnusableError, DoesNotFitError) as error:
            raise JobError(
                f"The job cannot go on from step {found.step}: its checkpoint cannot be used, because {error}.",
                "Start it again as a new run.",
                "The model that the run has saved, if any, is untouched.",
            ) from error
        self._phase, self._saved = phase, found.step
        return found.step

    def between_steps(self, phase: str, step: int, parts: Mapping[str, Part]) -> Iterator[AnyEvent]:
        """Save the state where it is time: at the interval, at the border of two phases, before a stop or a pause.

        Args:
            phase: the present one.
            step: steps of the whole job done.
            parts: everything that changes from step to step.

        Yields:
            ``CheckpointSaved``; ``JobPaused`` and ``JobResumed`` around a pause, which is spent in here; an alarm
            where the disk refused, and training goes on without.

        """
        asked = self.should_stop() or self._paused()
        border = phase != self._phase
        if step > self._saved and (asked or border or time.monotonic() >= self._due):
            yield from self._save(phase, step, parts)
        self._phase = phase
        yield from held(self._paused)

    def went_back(self, phase: str, step: int, parts: Mapping[str, Part]) -> Iterator[AnyEvent]:
        """The training returned to an earlier step: what was saved after it must not be gone on from.

        Yields:
            ``CheckpointSaved``, or an alarm where the disk refused.

        """
        self._saved = step - 1
        yield from self._save(phase, step, parts)
        self._phase = phase

    def _paused(self) -> bool:
        return self._ranks.agreed(self._pause_asked)

    def _save(self, phase: str, step: int, parts: Mapping[str, Part]) -> Iterator[AnyEvent]:
        if not self._ranks.first:
            self._saved = step
            return
        assert self._compute is not None
        head = CheckpointHead(
            fingerprint=self._fingerprint,
            phase=phase,
            step=step,
            compute=self._compute,
            processes=self.processes,
            torch=torch.__version__,
            values={},
            crc32=0,
        )
        started = time.monotonic()
        try:
            write(self._path, head, take(parts))
            self._saved, self._refused = step, False
            yield CheckpointSaved(step=step)
        except StorageError as error:
            if not self._refused:
                yield AlarmRaised(
                    code="checkpoint_not_saved",
                    message=f"The training goes on, but could not be saved to be continued later. {error.message} "
                    f"{error.remedy}",
                )
            self._refused = True
        now = time.monotonic()
        self._pause_s = max(self._interval_s, _SHARE * (now - started)) if self._interval_s else 0.0
        self._due = now + self._pause_s


def held(paused: Callable[[], bool]) -> Iterator[AnyEvent]:
    """Hold still while paused."""
    if not paused():
        return
    yield JobPaused()
    while paused():
        time.sleep(_PAUSE_POLL_S)
    yield JobResumed()

"""What is shown of a job: a snapshot, and the pure function that advances it.

States::

    starting -> running <-> paused
                running  -> finished | cancelled | failed     (terminal)
    starting -> failed | cancelled

``advance`` is used live and when an old run is reopened from its log, so both show the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from slicelab.jobs.events import (
    AlarmRaised,
    ArtifactSaved,
    CasePredicted,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    PhaseStarted,
    PoolReady,
    StepDone,
    ValidationDone,
)

if TYPE_CHECKING:
    from slicelab.jobs.events import AnyEvent

State = Literal["starting", "running", "paused", "finished", "cancelled", "failed"]
TERMINAL: frozenset[State] = frozenset(("finished", "cancelled", "failed"))
_HISTORY = 1500


@dataclass(frozen=True)
class JobStatus:
    """A job as a person sees it.

    Attributes:
        run: run id.
        state: see the module's drawing.
        phase: part of the job, such as preparing, global, local, finetune, predict.
        step: steps of the whole job done.
        steps: steps of the whole job (0 until known).
        losses: (step, loss) history, thinned to at most 1,500 points.
        terms: the last step's parts of the loss and references beside it.
        dice: the last validation's class name to Dice.
        best_dice: best mean validation Dice so far.
        predicted: case ids that have a mask from this job.
        seconds_per_step: running average in the present phase.
        pace_from: step and time the pace is measured from (start of the phase, or end of a pause).
        message: why it was cancelled or failed.
        remedy: what to do about a failure.

    """

    run: str
    state: State = "starting"
    kind: str = ""
    device: str = ""
    phase: str = ""
    step: int = 0
    steps: int = 0
    loss: float | None = None
    losses: tuple[tuple[int, float], ...] = ()
    terms: dict[str, float] = field(default_factory=dict)
    dice: dict[str, float] = field(default_factory=dict)
    best_dice: float | None = None
    alarms: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    started_at: float | None = None
    ended_at: float | None = None
    peak_memory_mb: float | None = None
    seconds_per_step: float | None = None
    message: str = ""
    remedy: str = ""
    pace_from: tuple[int, float] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in TERMINAL

    @property
    def fraction(self) -> float:
        """Share of the steps done, 0 to 1."""
        return min(1.0, self.step / self.steps) if self.steps else 0.0

    @property
    def eta_s(self) -> float | None:
        """Seconds left at the present pace; None while it is unknown."""
        if self.ended or self.seconds_per_step is None or not self.steps:
            return None
        return max(0.0, (self.steps - self.step) * self.seconds_per_step)


def advance(status: JobStatus, event: AnyEvent) -> JobStatus:
    """The status after one more event. Pure; nothing follows a terminal state."""
    if status.ended:
        return status
    match event:
        case JobStarted():
            return replace(status, state="running", kind=event.kind, device=event.device, started_at=event.at)
        case PoolReady():
            return status
        case PhaseStarted():
            return replace(
                status,
                phase=event.phase,
                step=event.first_step,
                steps=event.steps,
                pace_from=(event.first_step, event.at),
            )
        case StepDone():
            return _step(status, event)
        case ValidationDone():
            mean = sum(event.dice.values()) / len(event.dice) if event.dice else None
            known = [d for d in (status.best_dice, mean) if d is not None]
            return replace(status, dice=event.dice, best_dice=max(known, default=None))
        case CasePredicted():
            return replace(status, predicted=(*status.predicted, event.case))
        case ArtifactSaved():
            return replace(status, artifacts=(*status.artifacts, event.name))
        case AlarmRaised():
            return replace(status, alarms=(*status.alarms, event.message))
        case JobPaused():
            return replace(status, state="paused")
        case JobResumed():
            return replace(status, state="running", pace_from=(status.step, event.at))
        case JobFinished():
            return replace(status, state="finished", ended_at=event.at, peak_memory_mb=event.peak_memory_mb)
        case JobCancelled():
            return replace(status, state="cancelled", ended_at=event.at, message=event.reason)
        case JobFailed():
            return replace(status, state="failed", ended_at=event.at, message=event.message, remedy=event.remedy)


def _step(status: JobStatus, event: StepDone) -> JobStatus:
    losses = status.losses
    if event.loss is not None:
        losses = (*(losses[::2] if len(losses) >= _HISTORY else losses), (event.step, event.loss))
    pace = status.seconds_per_step
    if status.pace_from is not None and event.step > status.pace_from[0]:
        pace = (event.at - status.pace_from[1]) / (event.step - status.pace_from[0])
    return replace(
        status,
        phase=event.phase,
        step=event.step,
        steps=event.steps,
        loss=event.loss if event.loss is not None else status.loss,
        losses=losses,
        terms=event.terms,
        seconds_per_step=pace,
    )

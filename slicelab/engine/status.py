"""What is shown of a job: a snapshot, and the pure function that advances it.

States::

    starting -> running <-> paused
                running  -> finished | cancelled | failed     (terminal)
    starting -> failed | cancelled
    failed | cancelled -> starting | running              (asked to go on)

``advance`` is used live and when an old run is reopened from its log, so both show the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from slicelab.jobs.events import (
    AlarmRaised,
    ArtifactSaved,
    BatchHalved,
    CasePredicted,
    CasePreviewed,
    CheckpointSaved,
    FoldMeasured,
    JobCancelled,
    JobContinued,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    LookTaken,
    PhaseStarted,
    PoolReady,
    StepDone,
    StepSkipped,
    ValidationDone,
)

if TYPE_CHECKING:
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import AnyJob

State = Literal["starting", "running", "paused", "finished", "cancelled", "failed"]
TERMINAL: frozenset[State] = frozenset(("finished", "cancelled", "failed"))
STEPS = ("steps", "local_steps")
"""Settings that together are the number of steps of a job."""
_HISTORY = 1500
_LOCAL_TAKES = 1.6
"""How long a step of the second contrastive stage takes, in steps of the first: 1.55 and 1.80 on two quiet cores."""


@dataclass(frozen=True)
class JobStatus:
    """A job as a person sees it.

    Attributes:
        run: run id.
        state: see the module's drawing.
        kind: what it does, such as finetune; known before its process says so.
        asked: what was asked of it that it has not done yet.
        steps_wanted: steps of the whole job that a person asked for; None where they are the preset's.
        local_steps: of a contrastive pretraining, steps of its second stage, each of which takes longer.
        device: what it computes on, such as "CPU, 2 threads, bfloat16".
        device_why: what was measured when it was chosen, such as "1.7 times faster than float32 here".
        precision: number format of the network, float32 or bfloat16; "" where it was not noted.
        phase: part of the job, such as preparing, global, local, finetune, predict.
        phases: parts of the job that have begun, with the steps of the whole job before each; not preparing.
        step: steps of the whole job done.
        steps: steps of the whole job (0 until known).
        losses: (step, loss) history, one loss a step, thinned to at most 1,500 points.
        terms: the last step's parts of the loss and references beside it.
        dice: the last validation's class name to Dice.
        best_dice: best mean validation Dice so far.
        best_dices: class name to Dice at that validation: of the state that is kept.
        alarms: what a person should know, each said once; those of a training that starts over are gone.
        predicted: case ids that have a mask from this job.
        measured: what each training of a cross-validation said of the fold it did not see, in their order.
        previewed: case ids that a training shows on its way, with the steps it had done.
        look: the last look inside a pretraining: of which slice, after which step.
        seconds_per_step: running average in the present phase.
        pace_from: step and time the pace is measured from (start of the phase, or end of a pause).
        checkpoint: steps of the whole job that need not be repeated when it goes on; None if it would start again.
        resumed_from: steps of the whole job that earlier processes had done and the present one did not repeat.
        started_at: when the present process came up.
        continued: whether it ended early before, and went on.
        message: why it was cancelled or failed.
        remedy: what to do about a failure.
        offers_cpu: whether it failed for lack of GPU memory, and may go on on the CPU.

    """

    run: str
    state: State = "starting"
    kind: str = ""
    asked: Literal["", "pause", "stop"] = ""
    steps_wanted: int | None = None
    local_steps: int = 0
    device: str = ""
    device_why: str = ""
    precision: str = ""
    phase: str = ""
    phases: tuple[tuple[str, int], ...] = ()
    step: int = 0
    steps: int = 0
    loss: float | None = None
    losses: tuple[tuple[int, float], ...] = ()
    terms: dict[str, float] = field(default_factory=dict)
    dice: dict[str, float] = field(default_factory=dict)
    best_dice: float | None = None
    best_dices: dict[str, float] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()
    predicted: tuple[str, ...] = ()
    measured: tuple[FoldMeasured, ...] = ()
    previewed: dict[str, int] = field(default_factory=dict)
    look: LookTaken | None = None
    artifacts: tuple[str, ...] = ()
    started_at: float | None = None
    ended_at: float | None = None
    peak_memory_mb: float | None = None
    seconds_per_step: float | None = None
    message: str = ""
    remedy: str = ""
    offers_cpu: bool = False
    pace_from: tuple[int, float] | None = None
    checkpoint: int | None = None
    resumed_from: int | None = None
    continued: bool = False

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
        """Seconds left at the present pace, or what is known of the pace to come; None while it is unknown."""
        if self.ended or self.seconds_per_step is None or not self.steps:
            return None
        left = float(self.steps - self.step)
        if self.phase == "global":
            left += (_LOCAL_TAKES - 1.0) * min(left, self.local_steps)
        return max(0.0, left * self.seconds_per_step)


def begun(run: str, job: AnyJob) -> JobStatus:
    """The status of a job that was just written: what it is stands in the job, before its process says a word."""
    wanted = any(path.rpartition(".")[2] in STEPS for path in job.overrides)
    settings = getattr(job, "settings", None)
    steps = sum(getattr(settings, name, None) or 0 for name in STEPS)
    local = getattr(settings, "local_steps", None) or 0
    return JobStatus(run, kind=job.kind, steps_wanted=steps or None if wanted else None, local_steps=local)


def advance(status: JobStatus, event: AnyEvent) -> JobStatus:
    """The status after one more event. Pure; nothing follows an end but that the job goes on, unless it finished."""
    if status.ended and (status.state == "finished" or not isinstance(event, JobContinued | JobStarted)):
        return status
    match event:
        case JobContinued():
            return replace(
                status,
                state="starting",
                asked="",
                phase="",
                ended_at=None,
                message="",
                remedy="",
                offers_cpu=False,
                continued=True,
            )
        case JobStarted():
            return _started(status, event)
        case PoolReady():
            return status
        case CheckpointSaved():
            return replace(status, checkpoint=event.step)
        case PhaseStarted():
            return replace(
                status,
                phase=event.phase,
                phases=_begun(status.phases, event),
                step=event.first_step,
                steps=event.steps,
                pace_from=(event.first_step, event.at),
            )
        case StepDone():
            return _step(status, event)
        case BatchHalved() | StepSkipped():
            return _returned(status, event)
        case ValidationDone():
            mean = sum(event.dice.values()) / len(event.dice) if event.dice else None
            known = [d for d in (status.best_dice, mean) if d is not None]
            best = event.dice if event.best else status.best_dices
            return replace(status, dice=event.dice, best_dice=max(known, default=None), best_dices=best)
        case FoldMeasured():
            before = tuple(one for one in status.measured if one.training < event.training)
            return replace(status, measured=(*before, event), checkpoint=event.step)
        case CasePreviewed():
            return replace(status, previewed={**status.previewed, event.case: event.step})
        case LookTaken():
            return replace(status, look=event)
        case CasePredicted():
            predicted = tuple(dict.fromkeys((*status.predicted, event.case)))
            return replace(status, predicted=predicted, checkpoint=len(predicted))
        case ArtifactSaved():
            return replace(status, artifacts=tuple(dict.fromkeys((*status.artifacts, event.name))))
        case AlarmRaised():  # some are raised at each start of the job
            return replace(status, alarms=tuple(dict.fromkeys((*status.alarms, event.message))))
        case JobPaused():
            return replace(status, state="paused", asked="" if status.asked == "pause" else status.asked)
        case JobResumed():
            return replace(status, state="running", pace_from=(status.step, event.at))
        case JobFinished():
            return replace(status, state="finished", ended_at=event.at, peak_memory_mb=event.peak_memory_mb)
        case JobCancelled():
            return replace(status, state="cancelled", ended_at=event.at, message=event.reason)
        case JobFailed():
            return replace(
                status,
                state="failed",
                ended_at=event.at,
                message=event.message,
                remedy=event.remedy,
                offers_cpu=event.offer == "cpu",
            )


def _started(status: JobStatus, event: JobStarted) -> JobStatus:
    """A process came up: what an earlier one did after the checkpoint (or at all, without one) is done again."""
    kept = event.resumed_from or 0
    return replace(
        status,
        state="running",
        kind=event.kind,
        device=event.device,
        device_why=event.device_why,
        precision=event.precision or "",
        phase="",
        phases=status.phases if kept else (),
        started_at=event.at,
        ended_at=None,
        message="",
        remedy="",
        offers_cpu=False,
        step=kept,
        losses=tuple(point for point in status.losses if point[0] <= kept),
        alarms=() if event.resumed_from is None else status.alarms,
        best_dice=status.best_dice if kept else None,
        best_dices=status.best_dices if kept else {},
        predicted=status.predicted if kept else (),
        seconds_per_step=None,
        pace_from=None,
        checkpoint=event.resumed_from,
        resumed_from=event.resumed_from,
    )


def _begun(phases: tuple[tuple[str, int], ...], event: PhaseStarted) -> tuple[tuple[str, int], ...]:
    """The parts that have begun; one that goes on from a checkpoint began before."""
    if event.phase == "preparing" or any(name == event.phase for name, _ in phases):
        return phases
    return (*phases, (event.phase, event.first_step))


_UNSOUND = {
    "loss_not_finite": "its loss was not a number",
    "gradient_not_finite": "the network's change was not a number",
    "loss_exploded": "its loss was far too high",
}


def _returned(status: JobStatus, event: BatchHalved | StepSkipped) -> JobStatus:
    """The job went back a few steps to do them again in another way, which a person should know."""
    if isinstance(event, BatchHalved):
        kept = event.step
        at_once = "1 slice" if event.batch == 1 else f"{event.batch} slices"
        said = (
            f"Memory ran out. The job goes on with {at_once} at once, half as many as before; results differ a little."
        )
    else:
        kept = event.back_to
        said = (
            f"Step {event.step} did not count: {_UNSOUND[event.reason]}. The training went back to step {kept} and "
            f"learns more slowly from there (1/{round(1 / event.rate)} of the usual rate)."
        )
    return replace(
        status,
        step=kept,
        losses=tuple(point for point in status.losses if point[0] <= kept),
        alarms=(*status.alarms, said),
        pace_from=(kept, event.at),
    )


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

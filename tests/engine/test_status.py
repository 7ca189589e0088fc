"""What is shown of a job, advanced event by event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from slicelab.engine.status import JobStatus, advance, begun
from slicelab.jobs.events import (
    AlarmRaised,
    AnyEvent,
    BatchHalved,
    CasePredicted,
    CheckpointSaved,
    JobCancelled,
    JobContinued,
    JobFailed,
    JobFinished,
    JobPaused,
    JobResumed,
    JobStarted,
    PhaseStarted,
    StepDone,
    StepSkipped,
    ValidationDone,
)
from slicelab.jobs.presets import preset
from slicelab.jobs.specs import CaseInput, PretrainJob

STARTED = JobStarted(at=100.0, run="r0001", kind="finetune", pid=1, device="CPU", threads=2)


def after(*events: AnyEvent) -> JobStatus:
    status = JobStatus("r0001")
    for event in events:
        status = advance(status, event)
    return status


def step(number: int, at: float, loss: float = 1.0) -> StepDone:
    return StepDone(at=at, phase="finetune", step=number, steps=100, loss=loss)


def test_a_job_is_starting_until_its_process_speaks() -> None:
    assert JobStatus("r0001").state == "starting"
    assert after(STARTED).state == "running"


def test_time_left_follows_the_pace_of_the_present_phase() -> None:
    status = after(
        STARTED, PhaseStarted(at=110.0, phase="finetune", first_step=0, steps=100), step(1, 111.0), step(10, 120.0)
    )
    assert status.seconds_per_step == pytest.approx(1.0)
    assert status.eta_s == pytest.approx(90.0)
    assert status.fraction == pytest.approx(0.1)


def test_while_whole_slices_are_compared_the_time_left_knows_that_the_second_stage_is_slower() -> None:
    status = JobStatus("r0001", "running", "pretrain", phase="global", step=100, steps=500, local_steps=200)
    status = replace(status, seconds_per_step=0.5)
    assert status.eta_s == pytest.approx(0.5 * (200 + 1.6 * 200))
    second = replace(status, phase="local", step=400)
    assert second.eta_s == pytest.approx(50.0), "there the pace is measured"
    fast = preset("fast")
    case = CaseInput(case="c0001", patient="p0001", volume="volumes/c0001.nii", sha256="0" * 64, acquisition_axis=2)
    job = PretrainJob(
        run="r0001", preset="fast", pool=fast.pool, network=fast.network, settings=fast.contrastive, cases=(case,)
    )
    assert begun("r0001", job).local_steps == fast.contrastive.local_steps > 0
    assert begun("r0001", job.model_copy(update={"settings": fast.blocks})).local_steps == 0


def test_a_pause_does_not_count_as_slowness() -> None:
    begun = (STARTED, PhaseStarted(at=110.0, phase="finetune", first_step=0, steps=100), step(10, 120.0))
    paused = after(*begun, JobPaused(at=121.0))
    assert paused.state == "paused"
    resumed = after(*begun, JobPaused(at=121.0), JobResumed(at=1000.0), step(20, 1010.0))
    assert resumed.state == "running"
    assert resumed.seconds_per_step == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (JobFinished(seconds=1, peak_memory_mb=1), "finished"),
        (JobCancelled(reason="stopped by the user"), "cancelled"),
        (JobFailed(message="The computer ran out of memory."), "failed"),
    ],
)
def test_nothing_follows_the_end(last: AnyEvent, state: str) -> None:
    ended = after(STARTED, last)
    assert ended.state == state
    assert ended.eta_s is None
    assert advance(ended, step(50, 500.0)) == ended


def test_the_best_dice_is_kept_when_a_later_one_is_worse() -> None:
    status = after(
        STARTED,
        ValidationDone(step=50, loss=1.0, dice={"liver": 0.8, "spleen": 0.6}, best=True),
        ValidationDone(step=100, loss=1.0, dice={"liver": 0.5}, best=False),
    )
    assert status.best_dice == pytest.approx(0.7)
    assert status.dice == {"liver": 0.5}


def test_a_long_history_is_thinned_but_keeps_its_end() -> None:
    status = JobStatus("r0001")
    for number in range(1, 10_001):
        status = advance(status, StepDone(at=0.0, phase="global", step=number, steps=10_000, loss=float(number)))
    assert len(status.losses) <= 1500
    assert status.losses[-1] == (10_000, 10_000.0)


def test_alarms_are_collected_in_words() -> None:
    assert after(STARTED, AlarmRaised(code="collapse", message="It learns nothing.")).alarms == ("It learns nothing.",)


POOL = AlarmRaised(code="test_patient_in_pool", message="The pretraining saw a test patient.")
STUCK = AlarmRaised(code="collapse", message="It learns nothing.")


def test_an_alarm_that_each_start_of_a_job_raises_is_said_once() -> None:
    again = after(STARTED, POOL, STUCK, CheckpointSaved(step=2), JobContinued(), started_again(2), POOL)
    assert again.alarms == (POOL.message, STUCK.message)


def test_alarms_of_a_training_that_starts_over_no_longer_hold() -> None:
    """But for those of the new start itself, such as why its checkpoint cannot be used."""
    unusable = AlarmRaised(code="checkpoint_unusable", message="The job starts from the beginning.")
    halved = BatchHalved(batch=4, step=0)
    over = after(STARTED, POOL, halved, STUCK, JobContinued(), started_again(None), unusable, POOL)
    assert over.alarms == (unusable.message, POOL.message)
    assert len(after(STARTED, halved, JobContinued(), started_again(0)).alarms) == 1, "it goes on with the same batch"


def started_again(resumed_from: int | None) -> JobStarted:
    return STARTED.model_copy(update={"at": 500.0, "resumed_from": resumed_from})


FAILED = (
    STARTED, step(1, 101.0, 9.0), step(2, 102.0, 8.0), CheckpointSaved(step=2), step(3, 103.0, 7.0),
    JobFailed(at=104.0, message="It was ended.", remedy="Continue from step 2."),
)  # fmt: skip


def test_a_failed_job_knows_from_where_it_can_go_on() -> None:
    assert after(*FAILED).checkpoint == 2
    assert after(STARTED, step(1, 101.0), FAILED[-1]).checkpoint is None


def test_a_job_that_goes_on_is_starting_then_running_and_forgets_why_it_ended() -> None:
    asked = after(*FAILED, JobContinued())
    assert (asked.state, asked.message, asked.remedy, asked.ended_at) == ("starting", "", "", None)
    assert asked.continued
    assert not after(*FAILED).continued
    up = after(*FAILED, JobContinued(), started_again(2))
    assert (up.state, up.step, up.resumed_from, up.checkpoint, up.eta_s) == ("running", 2, 2, 2, None)


@pytest.mark.parametrize("between", [(), (JobContinued(),)])
def test_steps_done_again_replace_those_after_the_checkpoint(between: tuple[AnyEvent, ...]) -> None:
    status = after(*FAILED, *between, started_again(2), step(3, 501.0, 6.0), step(4, 502.0, 5.0))
    assert status.losses == ((1, 9.0), (2, 8.0), (3, 6.0), (4, 5.0))


def test_without_a_checkpoint_everything_is_done_again() -> None:
    status = after(*FAILED, JobContinued(), started_again(None), step(1, 501.0, 3.0))
    assert status.losses == ((1, 3.0),)
    assert status.checkpoint is None
    assert status.best_dice is None


def test_a_prediction_that_goes_on_keeps_the_cases_it_has() -> None:
    made = [CasePredicted(case=case, mask="m", sha256="s") for case in ("c0001", "c0002")]
    stopped = after(STARTED, *made, JobCancelled(reason="stopped by the user"))
    assert stopped.checkpoint == 2
    again = after(
        STARTED, made[0], JobCancelled(reason="stopped by the user"), JobContinued(), started_again(1), made[1]
    )
    assert again.predicted == ("c0001", "c0002")


def test_a_finished_job_never_starts_again() -> None:
    finished = after(STARTED, JobFinished(seconds=1, peak_memory_mb=1))
    assert advance(finished, JobContinued()) == finished
    assert advance(finished, started_again(2)) == finished


def test_a_process_that_came_up_twice_without_a_last_word_counts_each_step_once() -> None:
    status = after(STARTED, step(1, 101.0), CheckpointSaved(step=1), step(2, 102.0), started_again(1), step(2, 501.0))
    assert [number for number, _ in status.losses] == [1, 2]


def test_a_halved_batch_and_a_skipped_step_are_said_in_words_and_take_the_curve_back() -> None:
    begun = (STARTED, *(step(k, 100.0 + k) for k in range(1, 8)))
    halved = after(*begun, BatchHalved(batch=4, step=5))
    assert halved.step == 5
    assert [at for at, _ in halved.losses] == [1, 2, 3, 4, 5]
    assert "goes on with 4 slices at once" in halved.alarms[0]
    skipped = after(*begun, StepSkipped(step=8, back_to=5, reason="loss_not_finite", rate=0.25), step(6, 120.0))
    assert [at for at, _ in skipped.losses] == [1, 2, 3, 4, 5, 6]
    assert "Step 8 did not count: its loss was not a number." in skipped.alarms[0]
    assert "1/4 of the usual rate" in skipped.alarms[0]


def test_a_job_that_failed_for_lack_of_gpu_memory_offers_the_cpu_until_it_goes_on() -> None:
    failed = after(STARTED, JobFailed(message="The GPU has too little free memory.", offer="cpu"))
    assert failed.offers_cpu
    assert not advance(failed, JobContinued()).offers_cpu

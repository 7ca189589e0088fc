"""Jobs that are interrupted and go on, beside the same jobs that run through."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from learn_kit import POOL, SMALL, finetune_job

from slicelab.data.run_folder import EventWriter, RunFolder
from slicelab.data.snapshot import save_snapshot
from slicelab.jobs.events import StepDone
from slicelab.jobs.settings import BlockSettings, ContrastiveSettings, RegressionSettings, SemiSettings
from slicelab.jobs.specs import PretrainJob
from slicelab.learn.run import JobContext, run_job

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CaseInput, CrossValidationJob, FinetuneJob, PredictJob
    from slicelab.learn.device import Compute

    Cases = tuple[CaseInput, ...]
    Labels = dict[str, CaseLabels]
    AnyJob = PretrainJob | FinetuneJob | PredictJob | CrossValidationJob

_SMALL_CONTRAST = {"steps": 3, "local_steps": 3, "batch": 4, "hidden": 32, "projection": 16, "points": 16}
JOBS = {
    "regression": RegressionSettings(steps=6, batch=4),
    "regression, adam, plateau": RegressionSettings(steps=6, batch=4, optimiser="adam", plateau=True),
    "blocks": BlockSettings(steps=6, batch=4),
    "contrastive": ContrastiveSettings(**_SMALL_CONTRAST),
    # At Adam's usual rate, six steps on so few pictures make 1e-3 of the last bit of a sum on some processors.
    "contrastive, paper": ContrastiveSettings(
        **_SMALL_CONTRAST, lr=1e-4, optimiser="adam", freeze_encoder=True, plateau=True, local_negatives=4, region=3
    ),
    "finetune": {},
    "finetune, adamw, validated": {"optimiser": "adamw", "validate_every": 2},
    "finetune, semi, validated": {"semi": SemiSettings(on=True, confidence=0.6), "validate_every": 2},
    "finetune, adam, plateau, no average": {
        "optimiser": "adam", "validate_every": 1, "plateau": True, "patience": 1, "ema": 0.0,
        "foreground_share": 0.0, "head_prior": False,
    },
}  # fmt: skip
STEPS = 6


def make_job(name: str, run: str, cases: Cases, checkpoint_s: float = 10.0) -> PretrainJob | FinetuneJob:
    """One of ``JOBS``, six steps."""
    settings = JOBS[name]
    if isinstance(settings, dict):
        val = cases[2:] if "validate_every" in settings else ()
        chosen = finetune_job(run, cases, STEPS).settings.model_copy(update=settings)
        # All slices of the kit's cases are labelled, and those trained on have none left.
        train, unlabelled = (cases[:1], cases[:2]) if chosen.semi.on else (cases[:2], ())
        return finetune_job(
            run, train, STEPS, val=val, unlabelled=unlabelled, settings=chosen, checkpoint_s=checkpoint_s
        )
    return PretrainJob(
        run=run, preset="fast", pool=POOL, network=SMALL, settings=settings, cases=cases, checkpoint_s=checkpoint_s
    )


def losses(events: list[AnyEvent]) -> list[float]:
    """The losses of the steps, in the order they were told."""
    return [e.loss for e in events if isinstance(e, StepDone) and e.loss is not None]


def steps_done(events: list[AnyEvent]) -> int:
    return len(losses(events))


def drive(
    job: AnyJob,
    project: Path,
    compute: Compute | None,
    labels: Labels,
    *,
    stop_after: int | None = None,
    die_after: int | None = None,
) -> list[AnyEvent]:
    """Let a job run in its folder, as the worker would; asked to stop, or dead, once so many steps are done."""
    folder = RunFolder(project / "runs" / job.run)
    folder.write_job(job)
    save_snapshot(folder.snapshot_path, list(labels.values()))
    log, seen = EventWriter(folder), []

    def should_stop() -> bool:
        return stop_after is not None and steps_done(seen) >= stop_after

    with closing(log):
        for event in run_job(job, JobContext(project, folder.path, should_stop), compute):
            seen.append(event)
            log.write(event)
            if die_after is not None and steps_done(seen) == die_after:
                break  # nothing after this point of the generator is ever run
    return seen

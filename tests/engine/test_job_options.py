"""Single settings put over a preset reach the job, and are said in it; nothing is started here."""

from __future__ import annotations

import pytest

from slicelab.core.errors import JobError, SettingError
from slicelab.engine.job_builder import JobBuilder, JobOptions
from slicelab.engine.session import Session
from slicelab.jobs.overrides import override
from slicelab.jobs.presets import preset


def test_an_override_is_in_the_jobs_settings_and_is_named(session: Session) -> None:
    cases = session.find(["phantom_01"])
    wanted = {"contrastive.points": "9", "pool.matrix": 64}
    job = JobBuilder(session._store).pretrain("", "contrastive", cases, JobOptions("paper", steps=30, overrides=wanted))
    assert job.settings.method == "contrastive"
    assert (job.settings.points, job.settings.epochs, job.pool.matrix) == (9, None, 64)
    assert job.settings.steps + job.settings.local_steps == 30
    assert set(job.overrides) == {"contrastive.points", "pool.matrix", "contrastive.steps", "contrastive.local_steps"}
    assert override(preset("paper"), job.overrides)[0].contrastive == job.settings  # what is named repeats the job
    assert type(job).model_validate_json(job.model_dump_json()) == job


def test_a_job_knows_only_its_own_settings(session: Session) -> None:
    builder, cases = JobBuilder(session._store), session.find(["phantom_01"])
    with pytest.raises(SettingError, match="changes nothing here"):
        builder.pretrain("", "blocks", cases, JobOptions(overrides={"regression.lr": 1e-3}))
    with pytest.raises(SettingError, match="given twice"):
        builder.pretrain("", "blocks", cases, JobOptions(steps=3, overrides={"blocks.steps": 4}))
    job = builder.finetune("", None, cases, (), JobOptions(overrides={"network.bottleneck": 32}))
    assert job.network.bottleneck == 32


def test_the_paper_preset_asks_for_validation_cases_before_anything_is_started(labelled: Session) -> None:
    with pytest.raises(JobError, match="validation cases"):
        labelled.jobs.start_finetune(None, preset="paper", steps=1)
    assert labelled.runs() == ()

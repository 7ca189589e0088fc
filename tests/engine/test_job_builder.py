"""Jobs made from a project: what two arms share, and which classes may be mirrored."""

from __future__ import annotations

from pathlib import Path

import pytest

from slicelab.engine.job_builder import JobBuilder, JobOptions, members
from slicelab.engine.session import Session
from slicelab.jobs.presets import PRESET_NAMES


def test_arms_differ_in_where_they_start_and_in_nothing_else(labelled: Session) -> None:
    """The same settings, rates and seed with and without a pretraining, in both presets."""
    store = labelled._store
    builder, cases = JobBuilder(store), labelled.find(["phantom_01", "phantom_02"])
    for name in PRESET_NAMES:
        options = JobOptions(preset=name)
        pretraining = builder.pretrain("r0001", "contrastive", cases, options)
        record = store.start_run(
            "pretrain", name, None, "contrastive", members(pretraining, [], {c.id: 10 for c in cases})
        ).result()
        store.set_run_job(record.id, pretraining.model_dump_json()).result()
        arms = [builder.finetune("r0002", init, cases[:1], cases[1:], options) for init in (None, store.run(record.id))]
        assert arms[1].init == record.id
        assert arms[0] == arms[1].model_copy(update={"init": None})


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("lesion", True), ("Peripheral_Zone", True), ("femoral heads", True), ("liver", False), ("left kidney", False),
        ("L kidney", False), ("kidney_l", False), ("Leber", False), ("hepatic vessels", False), ("IVC", False),
        ("left seminal vesicles", False), ("prostate, right lobe", False),
    ],
)  # fmt: skip
def test_a_finetuning_may_mirror_only_what_has_no_side(name: str, allowed: bool, tmp_path: Path) -> None:
    with Session.create(tmp_path / "project", ["bladder", name]) as session:
        assert JobBuilder(session._store).finetune("", None, [], [], JobOptions()).flip_allowed is allowed

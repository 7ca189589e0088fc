"""Whole jobs on small pools: what they learn, leave behind, repeat, and save when stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from learn_kit import BLOB, POOL, SMALL, drive, finetune_job, pretrain_job

from slicelab.core.errors import JobError, ModelFileError
from slicelab.core.metrics import dice
from slicelab.data.run_folder import RunFolder
from slicelab.data.snapshot import CaseLabels
from slicelab.data.writers import read_own_volume
from slicelab.jobs.events import (
    AlarmRaised,
    ArtifactSaved,
    BatchHalved,
    CasePredicted,
    CasePreviewed,
    PoolReady,
    StepDone,
    ValidationDone,
)
from slicelab.jobs.settings import (
    BlockSettings,
    ContrastiveSettings,
    FinetuneSettings,
    PredictSettings,
    RegressionSettings,
)
from slicelab.jobs.specs import ClassInput, CrossValidationJob, EmbedJob, PredictJob
from slicelab.learn import embed as embed_module
from slicelab.learn import prepare as prepare_module
from slicelab.learn import run as run_module
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute
    from slicelab.learn.optim import Ema
    from slicelab.learn.unet import UNet

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

METHODS = [
    RegressionSettings(steps=4, batch=4),
    BlockSettings(steps=4, batch=4),
    ContrastiveSettings(steps=3, local_steps=3, batch=4, hidden=32, projection=16, points=16),
]


def losses(events: list[AnyEvent]) -> list[float]:
    return [e.loss for e in events if isinstance(e, StepDone) and e.loss is not None]


@pytest.mark.parametrize("settings", METHODS, ids=lambda s: s.method)
def test_a_pretraining_tells_its_steps_and_leaves_a_model(
    settings: object, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, _ = blob_project
    events = drive(pretrain_job("r0001", cases, settings), project, compute)
    assert [e.name for e in events if isinstance(e, ArtifactSaved)] == ["weights.safetensors", "model.json"]
    (ready,) = [e for e in events if isinstance(e, PoolReady)]
    assert (ready.cases, ready.slices, ready.matrix) == (3, 18, 64)
    training = [e for e in events if isinstance(e, StepDone) and e.loss is not None]
    assert [e.step for e in training] == list(range(1, training[-1].steps + 1))
    assert np.isfinite(losses(events)).all()
    card = load_card(project / "runs" / "r0001")
    assert card.complete
    load_state(project / "runs" / "r0001", card)


@pytest.mark.parametrize("settings", METHODS, ids=lambda s: s.method)
def test_the_same_seed_gives_the_same_losses_whatever_the_global_generator_says(
    settings: object, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, _ = blob_project
    first = losses(drive(pretrain_job("r0001", cases, settings), project, compute))
    torch.manual_seed(999)
    np.random.seed(999)
    before = torch.get_rng_state()
    second = losses(drive(pretrain_job("r0002", cases, settings), project, compute))
    assert first == second
    assert torch.equal(before, torch.get_rng_state())
    assert first != losses(drive(pretrain_job("r0003", cases, settings, seed=1), project, compute))


def test_a_few_steps_on_blobs_really_learn_them(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    train, test = cases[:2], cases[2]
    drive(finetune_job("r0001", train, steps=60), project, compute, labels)
    job = PredictJob(
        run="r0002", preset="fast", pool=POOL, network=SMALL, settings=PredictSettings(), classes=BLOB,
        model="r0001", cases=(test,),
    )  # fmt: skip
    (done,) = [e for e in drive(job, project, compute) if isinstance(e, CasePredicted)]
    import nibabel

    written = nibabel.load(project / done.mask)
    volume = read_own_volume(project / test.volume, mmap=False)
    assert np.allclose(written.affine, volume.geometry.affine)
    assert written.shape == volume.geometry.shape
    assert written.get_data_dtype() == np.uint8
    from slicelab.core.geometry import to_stack

    mask = to_stack(np.asarray(written.dataobj), 2)
    assert dice(mask == 1, labels[test.case].masks == 1) > 0.9
    doubt = np.load((project / done.mask).parent / f"{test.case}.uncertainty.npy")
    assert doubt.shape == mask.shape
    assert doubt.dtype == np.uint8


def test_finetuning_repeats_itself_and_starts_from_the_pretraining(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    drive(pretrain_job("r0001", cases, METHODS[0]), project, compute)
    runs = [
        losses(drive(finetune_job(f"r001{k}", cases[:1], steps=3, init=init), project, compute, labels))
        for k, init in enumerate([None, None, "r0001", "r0001"])
    ]
    assert runs[0] == runs[1]
    assert runs[2] == runs[3]
    assert runs[0] != runs[2]
    assert load_card(project / "runs" / "r0013").lineage == ("r0001", "r0013")


def test_a_finetuning_takes_network_and_pixels_from_where_it_starts(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    drive(pretrain_job("r0001", cases, METHODS[0]), project, compute)
    job = finetune_job("r0002", cases[:1], steps=1, init="r0001", pool=POOL.model_copy(update={"pixel_mm": 3.0}))
    drive(job, project, compute, labels)
    assert load_card(project / "runs" / "r0002").pool == POOL


@pytest.mark.parametrize("settings", METHODS, ids=lambda s: s.method)
def test_a_stopped_pretraining_saves_what_it_has_learned(
    settings: object, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, _ = blob_project
    events = drive(pretrain_job("r0001", cases, settings), project, compute, stop_after=2)
    assert len(losses(events)) == 2
    card = load_card(project / "runs" / "r0001")
    assert (card.steps, card.complete) == (2, False)
    assert not any(stage.startswith("decoder") for stage in card.trained_stages) or card.method != "contrastive"


def test_a_stopped_finetuning_can_predict(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    drive(finetune_job("r0001", cases[:1], steps=50), project, compute, labels, stop_after=2)
    assert not load_card(project / "runs" / "r0001").complete
    job = PredictJob(
        run="r0002", preset="fast", pool=POOL, network=SMALL,
        settings=PredictSettings(test_time_augmentation=True), classes=BLOB, model="r0001", cases=cases,
    )  # fmt: skip
    predicted = [e.case for e in drive(job, project, compute) if isinstance(e, CasePredicted)]
    assert predicted == [case.case for case in cases]


def test_a_job_stopped_before_its_first_step_leaves_no_model(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    drive(pretrain_job("r0001", cases, METHODS[0]), project, compute, stop_after=0)
    assert not (project / "runs" / "r0001" / "model.json").exists()


def test_previews_come_on_the_way_and_leave_the_learning_as_it_is(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    plain = drive(finetune_job("r0001", cases[:2], steps=8), project, compute, labels)
    shown = drive(finetune_job("r0002", cases[:2], steps=8, preview=cases[2:]), project, compute, labels)
    assert [e.loss for e in plain if isinstance(e, StepDone)] == [e.loss for e in shown if isinstance(e, StepDone)]
    first, second = (project / "runs" / run / "weights.safetensors" for run in ("r0001", "r0002"))
    assert first.read_bytes() == second.read_bytes()
    previews = [e for e in shown if isinstance(e, CasePreviewed)]
    assert [(e.case, e.step) for e in previews] == [(cases[2].case, step) for step in (1, 2, 4)]
    mask = read_own_volume(project / "runs" / "r0002" / previews[-1].mask, mmap=False)
    assert mask.voxels.shape == read_own_volume(project / cases[2].volume, mmap=False).voxels.shape


def test_a_class_that_is_painted_nowhere_is_said_before_it_is_learnt_as_absent(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    both = (*BLOB, ClassInput(value=7, name="bladder"))
    known = {case: replace(own, known=np.ones((len(own.slices), 2), dtype=bool)) for case, own in labels.items()}
    told = drive(finetune_job("r0001", cases[:2], steps=1, classes=both), project, compute, known)
    (alarm,) = [e for e in told if isinstance(e, AlarmRaised)]
    assert alarm.code == "class_never_shown"
    assert "shows bladder" in alarm.message
    unknown = {case: replace(own, known=np.array([[True, False]] * len(own.slices))) for case, own in labels.items()}
    told = drive(finetune_job("r0002", cases[:2], steps=1, classes=both), project, compute, unknown)
    assert not [e for e in told if isinstance(e, AlarmRaised)], "nothing is taught of a class that nothing is known of"


def test_a_case_that_cannot_be_shown_ends_no_training(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    gone = cases[2].model_copy(update={"volume": "volumes/gone.nii", "sha256": "0" * 64})
    told = drive(finetune_job("r0001", cases[:2], steps=8, preview=(gone,)), project, compute, labels)
    assert not [e for e in told if isinstance(e, CasePreviewed)]
    assert [e.step for e in told if isinstance(e, StepDone) and e.phase == "finetune"][-1] == 8
    assert (project / "runs" / "r0001" / "model.json").exists()


@pytest.mark.parametrize("trouble", ["memory of the device", "memory", "folder"])
def test_a_preview_that_fails_leaves_the_learning_as_it_is(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Half-way through its work: the network's pass, or the writing."""
    project, cases, labels = blob_project
    settings = finetune_job("r0001", cases[:2], steps=8).settings.model_copy(update={"batch": 6})
    plain = drive(finetune_job("r0001", cases[:2], steps=8, settings=settings), project, compute, labels)
    errors = {"memory of the device": torch.OutOfMemoryError("CUDA out of memory"), "memory": MemoryError()}
    batches: list[int] = []

    def no_memory(_model: UNet, images: torch.Tensor, how: PredictSettings, *_: object, **__: object) -> None:
        batches.append(len(images))
        assert not how.test_time_augmentation
        raise errors[trouble]

    if trouble == "folder":  # a file lies where the previews' folder would be: true of whoever runs the test
        path = RunFolder(project / "runs" / "r0002").preview_of(cases[2].case)
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.touch()
    else:
        monkeypatch.setattr("slicelab.learn.predict.probabilities", no_memory)
    job = finetune_job("r0002", cases[:2], steps=8, preview=cases[2:], settings=settings)
    shown = drive(job, project, compute, labels)
    assert not [e for e in shown if isinstance(e, CasePreviewed | BatchHalved)]
    assert [e.loss for e in plain if isinstance(e, StepDone)] == [e.loss for e in shown if isinstance(e, StepDone)]
    first, second = (project / "runs" / run / "weights.safetensors" for run in ("r0001", "r0002"))
    assert first.read_bytes() == second.read_bytes()
    assert batches == ([] if trouble == "folder" else [4, 4, 4])


def test_validation_keeps_the_best_state(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    settings = finetune_job("r0001", cases, steps=12).settings.model_copy(update={"validate_every": 4})
    job = finetune_job("r0001", cases[:2], steps=12, val=cases[2:], settings=settings)
    told = [e for e in drive(job, project, compute, labels) if isinstance(e, ValidationDone)]
    assert [e.step for e in told] == [4, 8, 12]
    assert told[0].best
    assert set(told[-1].dice) == {"blob"}


def test_what_a_finetuning_saves_is_the_state_of_its_best_validation(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cases, labels = blob_project
    dice_of, seen = iter([0.9, 0.1, 0.1]), []

    def validation(_: UNet, ema: Ema, *__: object) -> tuple[float, dict[str, float]]:
        seen.append({name: value.clone() for name, value in ema.shadow.items()})
        return 1.0, {"blob": next(dice_of)}

    monkeypatch.setattr("slicelab.learn.finetune.validate", validation)
    settings = finetune_job("r0001", cases, steps=6).settings.model_copy(update={"validate_every": 2, "ema": 0.5})
    job = finetune_job("r0001", cases[:2], steps=6, val=cases[2:], settings=settings)
    told = [e for e in drive(job, project, compute, labels) if isinstance(e, ValidationDone)]
    assert [e.best for e in told] == [True, False, False]
    folder = project / "runs" / "r0001"
    saved = load_state(folder, load_card(folder))
    assert saved.keys() == seen[0].keys()
    assert all(torch.equal(saved[name].cpu(), value.cpu()) for name, value in seen[0].items())
    assert not all(torch.equal(saved[name].cpu(), value.cpu()) for name, value in seen[-1].items())


def test_the_rate_of_a_finetuning_is_halved_when_the_validation_loss_no_longer_falls(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Validations after steps 2, 4 and 6: the third is the second without progress."""
    factors: list[float] = []
    monkeypatch.setattr("slicelab.learn.finetune.validate", lambda *_: (1.0, {"blob": 0.5}))
    monkeypatch.setattr("slicelab.learn.finetune.set_rates", lambda _, factor: factors.append(factor))
    project, cases, labels = blob_project
    settings = finetune_job("r0001", cases, steps=10).settings.model_copy(
        update={"plateau": True, "patience": 2, "validate_every": 2}
    )
    job = finetune_job("r0001", cases[:2], steps=10, val=cases[2:], settings=settings)
    events = drive(job, project, compute, labels)
    rates = [e.terms["lr"] for e in events if isinstance(e, StepDone) and e.loss is not None]
    assert rates == [settings.lr] * 6 + [settings.lr / 2] * 4
    assert factors == [1.0] * 6 + [0.5] * 4


@pytest.mark.parametrize("kind", ["dice", "dice+ce"])
def test_a_finetuning_descends_the_loss_that_is_asked_for(
    kind: str, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    settings = finetune_job("r0001", cases, steps=3).settings.model_copy(update={"loss": kind})
    events = drive(finetune_job("r0001", cases[:1], steps=3, settings=settings), project, compute, labels)
    steps = [e for e in events if isinstance(e, StepDone) and e.loss is not None]
    wanted = [e.terms["dice"] + (e.terms["ce"] if kind == "dice+ce" else 0.0) for e in steps]
    assert [e.loss for e in steps] == pytest.approx(wanted, rel=1e-6)
    assert len(steps) == 3
    assert all(e.terms["ce"] > 0 for e in steps)


def test_slices_that_are_not_done_change_nothing(blob_project: BlobProject, compute: Compute) -> None:
    """Only slices in the snapshot with a known class enter; whatever stands in the others' masks."""
    project, cases, labels = blob_project
    one = labels["c0001"]
    known = one.known.copy()
    known[3:] = False
    scribbled = one.masks.copy()
    scribbled[3:] = 1
    part = CaseLabels("c0001", one.slices[:3], one.masks[:3], one.known[:3])
    drafts = CaseLabels("c0001", one.slices, scribbled, known)
    a = losses(drive(finetune_job("r0001", cases[:1], steps=3), project, compute, {"c0001": part}))
    b = losses(drive(finetune_job("r0002", cases[:1], steps=3), project, compute, {"c0001": drafts}))
    assert a == b


def test_a_case_without_labels_is_refused_plainly(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    del labels["c0002"]
    with pytest.raises(JobError, match="c0002 has no slice marked done"):
        drive(finetune_job("r0001", cases[:2], steps=3), project, compute, labels)


def test_a_card_that_asks_for_a_huge_network_is_refused_before_that_is_made(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may say 4,096 channels a level, which are many gigabytes; the file of weights beside it is small."""
    project, cases, labels = blob_project
    drive(pretrain_job("r0001", cases, METHODS[0]), project, compute)
    drive(finetune_job("r0002", cases[:1], steps=1), project, compute, labels)
    for run in ("r0001", "r0002"):
        path = project / "runs" / run / "model.json"
        card = json.loads(path.read_text())
        path.write_text(json.dumps({**card, "network": {"channels": [4096] * 5, "bottleneck": 4096}}))
    made: list[object] = []
    for module in (embed_module, prepare_module, run_module):
        monkeypatch.setattr(module, "UNet", lambda *of: made.append(of))
    common = {"preset": "fast", "pool": POOL, "network": SMALL, "cases": cases}
    jobs = [
        PredictJob(run="r0003", settings=PredictSettings(), classes=BLOB, model="r0002", **common),
        EmbedJob(run="r0004", model="r0001", **common),
        finetune_job("r0005", cases[:1], steps=1, init="r0001"),
        CrossValidationJob(
            run="r0006", kind="crossvalidate", settings=FinetuneSettings(steps=1), predict=PredictSettings(),
            classes=BLOB, init="r0001", folds=(("p0001",), ("p0002", "p0003")), **common,
        ),
    ]  # fmt: skip
    for job in jobs:
        with pytest.raises(ModelFileError, match="other shapes than the network"):
            drive(job, project, compute, labels)
        assert made == [], job.kind


def test_a_pretrained_model_cannot_predict_and_says_so(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    drive(pretrain_job("r0001", cases, METHODS[0]), project, compute)
    job = PredictJob(
        run="r0002", preset="fast", pool=POOL, network=SMALL, settings=PredictSettings(), classes=BLOB,
        model="r0001", cases=cases,
    )  # fmt: skip
    with pytest.raises(JobError, match="pretrained only"):
        drive(job, project, compute)

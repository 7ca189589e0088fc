"""What the training loops really feed the network and ask of it, seen from inside the network."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
import torch.nn.functional as nnf
from learn_kit import (
    BLOB,
    POOL,
    SMALL,
    add_case,
    blob_stack,
    drive,
    finetune_job,
    pretrain_events,
    pretrain_job,
    slice_set,
)
from scipy import ndimage

from slicelab.data.snapshot import CaseLabels
from slicelab.jobs.events import PhaseStarted, StepDone
from slicelab.jobs.settings import (
    BlockSettings,
    ContrastiveSettings,
    FinetuneSettings,
    PredictSettings,
    RegressionSettings,
)
from slicelab.jobs.specs import PredictJob
from slicelab.learn import contrastive, masked, prepare, run
from slicelab.learn.contrastive import trained_stages
from slicelab.learn.unet import UNet, in_stages
from slicelab.learn.views import same_anatomy, same_place
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

GREY, SIDE = 0.7, 64


class Recorder(UNet):
    """A network that keeps what it was shown, what it answered, and the loss's gradient on that answer."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self.shown: list[torch.Tensor] = []
        self.answers: list[torch.Tensor] = []
        self.gradients: list[torch.Tensor] = []

    def encode(self, images: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        self.shown.append(images.detach().clone())
        return super().encode(images)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        out = super().forward(images)
        if out.requires_grad:
            self.answers.append(out.detach().clone())
            out.register_hook(lambda gradient: self.gradients.append(gradient.clone()))
        return out


def contrastive_settings(**more: Any) -> ContrastiveSettings:
    fields = {"steps": 3, "local_steps": 3, "batch": 6, "hidden": 32, "projection": 16, "points": 16}
    return ContrastiveSettings.model_validate({**fields, **more})


# Masked regression.


@pytest.mark.parametrize("settings", [RegressionSettings(steps=4, batch=4), BlockSettings(steps=4, batch=4)])
def test_pixels_are_hidden_anew_at_each_step_and_the_loss_is_of_those_alone(
    settings: RegressionSettings | BlockSettings, compute: Compute
) -> None:
    torch.manual_seed(0)
    model = Recorder(SMALL, 1)
    events = list(pretrain_events(model, slice_set(torch.full((8, SIDE, SIDE), GREY)), settings, compute))
    hidden = [(shown - GREY).abs() > 0.3 for shown in model.shown]
    assert torch.stack(hidden).float().mean().item() == pytest.approx(settings.corrupted, abs=0.1)
    for one, other in pairwise(hidden):  # independent draws share no more than chance has it
        assert (one & other).sum() / one.sum() < settings.corrupted + 0.25
    for where, answer, gradient, step in zip(hidden, model.answers, model.gradients, events[1:], strict=False):
        assert torch.equal(gradient != 0, where)
        assert isinstance(step, StepDone)
        assert step.loss == pytest.approx((answer - GREY).abs()[where].mean().item(), rel=1e-3)


def test_the_median_beside_the_loss_is_that_of_what_the_network_was_shown(compute: Compute) -> None:
    model = Recorder(SMALL, 1)
    images = torch.rand(8, SIDE, SIDE, generator=torch.Generator().manual_seed(0)).half().float()
    settings = RegressionSettings(steps=1, batch=8, corrupted=0.3, body_only=False)
    (_, step, *_) = pretrain_events(model, slice_set(images), settings, compute)
    shown = model.shown[0][:, 0]
    apart = torch.cdist(shown.flatten(1), images.flatten(1))  # which of the slices each picture is
    clean, hidden = images[apart.argmin(dim=1)], model.gradients[0][:, 0] != 0
    median = torch.from_numpy(ndimage.median_filter(shown.numpy(), size=(1, 3, 3), mode="nearest"))
    assert isinstance(step, StepDone)
    assert step.terms["median3x3"] == pytest.approx((median - clean).abs()[hidden].mean().item(), rel=1e-4)


def test_hidden_pixels_hold_noise_of_the_strength_asked_for(compute: Compute) -> None:
    model = Recorder(SMALL, 1)
    settings = RegressionSettings(steps=2, batch=4)
    list(pretrain_events(model, slice_set(torch.full((8, SIDE, SIDE), GREY)), settings, compute))
    noise = torch.cat([shown[(shown - GREY).abs() > 0.3] for shown in model.shown])
    assert noise.mean().item() == pytest.approx(0.0, abs=0.001)
    assert noise.std().item() == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize("body_only", [True, False])
def test_air_is_hidden_in_the_papers_way_alone(body_only: bool, compute: Compute) -> None:
    images = torch.zeros(8, SIDE, SIDE)
    images[:, :, 32:] = GREY
    model = Recorder(SMALL, 1)
    settings = RegressionSettings(steps=2, batch=4, body_only=body_only)
    list(pretrain_events(model, slice_set(images), settings, compute))
    air = torch.stack([gradient[:, :, :, :28] for gradient in model.gradients])
    assert bool((air != 0).any()) is not body_only


# Contrastive pretraining.


class Spy:
    """Stands before a function of the contrastive loop, keeps its arguments and results, and calls it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.calls: list[tuple[tuple[Any, ...], Any]] = []
        real = getattr(contrastive, name)

        def called(*arguments: Any) -> Any:
            result = real(*arguments)
            self.calls.append((arguments, result))
            return result

        monkeypatch.setattr(contrastive, name, called)


def grey_steps() -> torch.Tensor:
    """Twelve slices without structure, each of its own grey: slice k is 0.2 + 0.05 k."""
    return (0.2 + 0.05 * torch.arange(12.0))[:, None, None].expand(-1, SIDE, SIDE).clone()


def blobs() -> torch.Tensor:
    """Twelve slices that differ."""
    return torch.from_numpy(np.concatenate([blob_stack(k)[0] for k in range(2)])) / 100


def greys(shown: torch.Tensor) -> torch.Tensor:
    """The grey of each picture, away from its rim, ``(batch,)``."""
    return shown[:, 0, 8:-8, 8:-8].mean(dim=(1, 2))


@pytest.fixture(autouse=True)
def nothing_but_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the look at grey pictures after the last step, which test_alarms.py holds: here each pass counts."""
    monkeypatch.setattr(contrastive, "_flat_loss", lambda *_: 0.0)


def test_both_views_are_of_the_same_slice(compute: Compute) -> None:
    model = Recorder(SMALL, 1)
    plain = contrastive_settings(contrast=0.0, brightness=0.0)
    list(pretrain_events(model, slice_set(grey_steps()), plain, compute))
    for shown in model.shown:
        first, second = greys(shown).chunk(2)
        assert torch.allclose(first, second, atol=1e-3)
        assert len(first.round(decimals=2).unique()) == 6  # and six slices are six slices


def test_the_two_views_of_a_slice_meet_as_a_pair(compute: Compute, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where views do not differ, each projection equals its partner's and no other's."""
    loss = Spy(monkeypatch, "ntxent")
    same = contrastive_settings(contrast=0.0, brightness=0.0, min_crop=1.0, local_crop=1.0)
    list(pretrain_events(UNet(SMALL, 1), slice_set(blobs()), same, compute))
    assert len(loss.calls) == 3 + 2 * 3  # stage 1; stage 2 and its joint term
    for (one, other, *_), _ in loss.calls:
        apart = torch.cdist(one.detach(), other.detach())
        assert torch.equal(apart.argmin(dim=-1), torch.arange(one.shape[1]).expand(len(one), -1))
        assert apart.diagonal(dim1=1, dim2=2).max() < 1e-3 * apart.max()


def test_the_two_views_differ_from_each_other_and_from_step_to_step(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = Spy(monkeypatch, "ntxent")
    model = Recorder(SMALL, 1)
    list(pretrain_events(model, slice_set(blobs()), contrastive_settings(), compute))
    for shown in model.shown:
        first, second = shown.chunk(2)
        assert ((first - second).abs().mean(dim=(1, 2, 3)) > 0.01).all()
    for (one, other, *_), _ in loss.calls:
        assert ((one - other).abs().amax(dim=-1) > 1e-6).all()


def test_both_stages_take_the_temperature_that_is_asked_for(compute: Compute, monkeypatch: pytest.MonkeyPatch) -> None:
    loss = Spy(monkeypatch, "ntxent")
    list(pretrain_events(UNet(SMALL, 1), slice_set(blobs()), contrastive_settings(temperature=0.37), compute))
    assert [tau for (_, _, tau, _), _ in loss.calls] == [0.37] * (3 + 2 * 3)


def test_slices_of_the_same_anatomy_and_near_places_are_left_out_of_the_negatives(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, places = Spy(monkeypatch, "ntxent"), Spy(monkeypatch, "same_place")
    model, slices = Recorder(SMALL, 1), slice_set(grey_steps(), cases=3)
    settings = contrastive_settings(contrast=0.0, brightness=0.0, negative_distance=4.0)
    list(pretrain_events(model, slices, settings, compute))
    whole = [arguments[3] for arguments, _ in loss.calls if arguments[0].shape[:2] == (1, 6)]
    for shown, excluded in zip(model.shown, whole, strict=True):
        k = ((greys(shown[:6]) - 0.2) / 0.05).round().long()  # its grey says which slice it is
        expected = same_anatomy(slices.case[k], slices.index[k], slices.position[k], settings)
        assert torch.equal(excluded[0], expected)
        assert expected.any(dim=1).all()
        assert not expected.all()
    local = [arguments for arguments, _ in loss.calls if arguments[0].shape[:2] == (6, 16)]
    assert len(local) == len(places.calls) == 3
    for (_, _, _, excluded), ((at, stride, _, chance), _) in zip(local, places.calls, strict=True):
        assert stride == 4
        assert torch.equal(excluded, same_place(at, 4.0, settings, chance))


class Echo(UNet):
    """A network whose features are its picture, smaller."""

    def decode(self, deep: torch.Tensor, skips: list[torch.Tensor], down_to: int = 1) -> torch.Tensor:
        features = super().decode(deep, skips, down_to)
        self.size = features.shape[-1]
        return nnf.adaptive_avg_pool2d(self.picture, self.size).expand_as(features) + 0.0 * features

    def encode(self, images: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        self.picture = images
        return super().encode(images)


def test_stage_2_compares_the_same_tissue_in_both_views_whatever_the_crops(
    compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures that hold their own x (or y) coordinate: what is read at a place must be that place."""
    line = (torch.arange(SIDE) + 0.5) / SIDE
    x, y = line.expand(SIDE, SIDE), line[:, None].expand(SIDE, SIDE)
    reads = Spy(monkeypatch, "features_at")
    settings = contrastive_settings(contrast=0.0, brightness=0.0, local_crop=0.5, points=40)
    slices = slice_set(torch.stack([x, y] * 6))
    list(pretrain_events(Echo(SMALL, 1), slices, settings, compute))
    assert len(reads.calls) == 2 * 3
    compared = 0
    for (one, first), (other, second) in zip(reads.calls[::2], reads.calls[1::2], strict=True):
        places = one[2]
        assert torch.equal(places, other[2])
        assert (one[1].scale - other[1].scale).abs().min() > 0  # two crops
        truth = (places / SIDE + 0.5).amax(dim=-1), (places / SIDE + 0.5).amin(dim=-1)
        inside = torch.ones(places.shape[:2], dtype=torch.bool)
        for view in (one[1], other[1]):  # at the rim of a view zeros are averaged in
            inside &= (view.seen_from(places).abs() < SIDE / 2 - 4).all(dim=-1)
        a, b = first[..., 0][inside], second[..., 0][inside]
        assert (a - b).abs().max() < 2e-3
        assert torch.minimum((a - truth[0][inside]).abs(), (a - truth[1][inside]).abs()).max() < 2e-3
        compared += int(inside.sum())
    assert compared > 200


@pytest.mark.parametrize("frozen", [True, False])
def test_exactly_the_stages_that_are_said_to_be_taught_change(frozen: bool, compute: Compute) -> None:
    settings = contrastive_settings(freeze_encoder=frozen)
    torch.manual_seed(0)
    model = UNet(SMALL, 1)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    halfway: dict[str, torch.Tensor] = {}
    for event in pretrain_events(model, slice_set(torch.rand(12, SIDE, SIDE)), settings, compute):
        if isinstance(event, PhaseStarted) and event.phase == "local":
            halfway = {name: value.clone() for name, value in model.state_dict().items()}
    for name, value in model.state_dict().items():
        taught = in_stages(name, trained_stages(settings, SMALL))
        assert torch.equal(value, before[name]) is not taught, name
        early = in_stages(name, ("encoder", "bottleneck"))
        assert torch.equal(halfway[name], before[name]) is not early, name
        if early:
            assert torch.equal(value, halfway[name]) is frozen, name


def test_masked_regression_teaches_every_stage_it_says(compute: Compute) -> None:
    torch.manual_seed(0)
    model = UNet(SMALL, 1)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    settings = BlockSettings(steps=3, batch=4)
    list(pretrain_events(model, slice_set(torch.rand(8, SIDE, SIDE)), settings, compute))
    for name, value in model.state_dict().items():
        assert in_stages(name, (*masked.TRAINED_STAGES, "head")), name
        assert not torch.equal(value, before[name]), name


# Finetuning.


METHODS = [RegressionSettings(steps=2, batch=4), contrastive_settings(batch=4)]


@pytest.mark.parametrize("settings", METHODS, ids=lambda s: s.method)
def test_a_finetuning_starts_from_all_that_was_taught_and_from_nothing_else(
    settings: Any, blob_project: BlobProject, compute: Compute
) -> None:
    """Trained so little that the weights it leaves are those it started from."""
    project, cases, labels = blob_project
    drive(pretrain_job("r0001", cases, settings, seed=5), project, compute)
    still = FinetuneSettings(
        steps=1, batch=4, lr=1e-9, encoder_lr_factor=1.0, weight_decay=0.0, optimiser="adam", ema=0.0, head_prior=False
    )
    drive(finetune_job("r0002", cases[:1], 1, init="r0001", settings=still, seed=7), project, compute, labels)
    cards = [load_card(project / "runs" / name) for name in ("r0001", "r0002")]
    taught, found = (load_state(project / "runs" / card.run, card) for card in cards)
    fresh = prepare.new_model(SMALL, 2, 7, compute).state_dict()
    said = masked.TRAINED_STAGES if settings.method == "regression" else trained_stages(settings, SMALL)
    assert cards[0].trained_stages == said
    for name, value in found.items():
        source = taught if in_stages(name, cards[0].trained_stages) else fresh
        assert torch.allclose(value, source[name], atol=1e-7), name
        if source is taught and value.ndim > 1:
            assert not torch.allclose(value, fresh[name], atol=1e-3), name
    assert any(in_stages(name, ("head",)) for name in found)


@pytest.mark.parametrize("allowed", [True, False])
def test_pictures_are_mirrored_in_training_and_prediction_only_where_the_classes_allow_it(
    allowed: bool, tmp_path: Path, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = np.random.default_rng(0).normal(5.0, 1.0, (6, SIDE, SIDE)).astype(np.float32)
    images[:, 4:-4, 4:28] += 90.0  # what is bright lies on the left
    case = add_case(tmp_path, 1, images, (5.0, 2.0, 2.0))
    labels = CaseLabels(case.case, np.arange(6, dtype=np.int32), (images > 50).astype(np.uint8), np.ones((6, 1), bool))
    shown: list[torch.Tensor] = []

    class Shared(Recorder):
        def encode(self, images: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
            shown.append(images.detach().clone())
            return super().encode(images)

    for module in (prepare, run):
        monkeypatch.setattr(module, "UNet", Shared)
    drive(finetune_job("r0001", (case,), 4, flip_allowed=allowed), tmp_path, compute, {case.case: labels})
    trained = torch.cat(shown)
    shown.clear()
    predicting = PredictJob(
        run="r0002", preset="fast", pool=POOL, network=SMALL, settings=PredictSettings(test_time_augmentation=True),
        classes=BLOB, model="r0001", cases=(case,),
    )  # fmt: skip
    drive(predicting, tmp_path, compute)
    for pictures in (trained, torch.cat(shown)):
        left, right = pictures[..., :32].mean(dim=(1, 2, 3)), pictures[..., 32:].mean(dim=(1, 2, 3))
        assert (left - right).abs().min() > 0.1
        assert bool((left < right).any()) is allowed
        assert (left > right).any()

"""Learning from slices without labels: views that correspond, a teacher that is silent where it is unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from learn_kit import GENTLE, SMALL, drive, finetune_job

from slicelab.core.errors import JobError
from slicelab.data.snapshot import CaseLabels
from slicelab.jobs.events import StepDone
from slicelab.jobs.settings import AugmentSettings, FinetuneSettings, SemiSettings
from slicelab.learn import finetune as finetune_module
from slicelab.learn.augment import draw
from slicelab.learn.losses import IGNORE
from slicelab.learn.optim import Ema
from slicelab.learn.semi import (
    TwoViews,
    Unlabelled,
    consistency,
    draw_boxes,
    mixed,
    pseudo_labels,
    rising,
    taught_logits,
    two_views,
)
from slicelab.learn.slices import SliceSet
from slicelab.learn.unet import UNet
from slicelab.learn.weights import load_card

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.jobs.specs import CaseInput, FinetuneJob
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

SIDE = 64
SAME_INTENSITIES = {"gamma": 0.0, "contrast": 0.0, "brightness": 0.0, "bias": 0.0, "noise": 0.0, "blur_pixels": 0.0}
TAUGHT = torch.tensor([True])


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def flat_views(count: int = 2, boxes: torch.Tensor | None = None) -> TwoViews:
    """Views whose pixels are all in the field of view."""
    images, inside = torch.zeros(count, 1, 8, 8), torch.ones(count, 1, 8, 8, dtype=torch.bool)
    return TwoViews(images, images, inside, torch.zeros_like(inside) if boxes is None else boxes)


def test_a_pixel_of_the_strong_view_shows_the_tissue_the_teacher_spoke_of_whatever_was_drawn() -> None:
    """Slices that hold their own coordinates and number, turned, warped, mirrored, boxes pasted in."""
    count = 6
    line = (torch.arange(SIDE) + 0.5) / SIDE
    numbers = torch.arange(count)[:, None, None, None] * 2.0
    for coordinate in (line.expand(SIDE, SIDE), line[:, None].expand(SIDE, SIDE)):
        images = (coordinate + 1.0) + numbers
        extent = torch.full((count, 2), float(SIDE))
        drawn = draw(AugmentSettings(**SAME_INTENSITIES), count, SIDE, extent - SIDE, chance(), flip=True)
        assert (torch.linalg.det(drawn.affine[:, :, :2]) < 0).any()
        boxes = draw_boxes(1.0, count, SIDE, chance(1))
        views = two_views(images, extent, drawn, boxes, SIDE)
        expected = mixed(views.weak, views.boxes)
        inside = mixed(views.inside, views.boxes)
        # The network's blur is a convolution even where nothing is blurred: alike but for rounding.
        assert torch.allclose(views.strong[inside], expected[inside], atol=1e-3)
        moved = (views.strong / 2.0).floor() != (views.weak / 2.0).floor()
        assert (moved & boxes).any()
        assert not (views.strong != 0)[~inside].any()


def test_the_answer_is_pasted_where_the_box_is() -> None:
    boxes = torch.zeros(2, 1, 8, 8, dtype=torch.bool)
    boxes[1, :, 2:5, 3:6] = True
    logits = torch.zeros(2, 2, 8, 8)
    logits[0, 1], logits[1, 0] = 9.0, 9.0  # all of the first slice is class 1, all of the second background
    labels = pseudo_labels(logits, TAUGHT, flat_views(boxes=boxes), 0.9)
    assert (labels[0] == 1).all()
    assert torch.equal(labels[1] == 1, boxes[1, 0])


def test_changed_intensities_change_the_networks_view_and_never_the_teachers() -> None:
    images = torch.rand(4, 1, SIDE, SIDE, generator=chance())
    extent, none = torch.full((4, 2), float(SIDE)), torch.zeros(4, 1, SIDE, SIDE, dtype=torch.bool)
    loud = draw(AugmentSettings(), 4, SIDE, extent - SIDE, chance(2), flip=False)
    quiet = draw(AugmentSettings(**SAME_INTENSITIES), 4, SIDE, extent - SIDE, chance(2), flip=False)
    changed, same = (two_views(images, extent, drawn, none, SIDE) for drawn in (loud, quiet))
    assert torch.equal(changed.weak, same.weak)
    assert (changed.strong - same.strong).abs().mean() > 0.03


def test_boxes_lie_within_the_window_in_the_share_of_slices_asked_for_and_never_in_a_batch_of_one() -> None:
    boxes = draw_boxes(0.5, 400, SIDE, chance())
    areas = boxes.flatten(1).float().mean(dim=1)
    assert 150 < int((areas > 0).sum()) < 250
    assert 0.01 < float(areas[areas > 0].min())
    assert float(areas.max()) < 0.45
    assert not draw_boxes(1.0, 1, SIDE, chance()).any()
    assert not draw_boxes(0.0, 8, SIDE, chance()).any()


def test_where_the_teacher_is_unsure_the_weight_is_zero_and_nothing_is_learnt() -> None:
    views, spread = flat_views(), torch.zeros(2, 2, 8, 8)
    student = torch.randn(2, 2, 8, 8, generator=chance(), requires_grad=True)
    unsure = consistency(student, pseudo_labels(spread, TAUGHT, views, 0.95), TAUGHT, views, "dice+ce")
    assert (unsure.loss.item(), unsure.sure.item()) == (0.0, 0.0)
    (gradient,) = torch.autograd.grad(unsure.loss, student)
    assert not gradient.any()

    spread[:, 1, :, :4] = 9.0  # sure of the left half
    half = consistency(student, pseudo_labels(spread, TAUGHT, views, 0.95), TAUGHT, views, "dice+ce")
    (gradient,) = torch.autograd.grad(half.loss, student)
    assert half.sure.item() == pytest.approx(0.5)
    assert gradient[..., :4].abs().min() > 0
    assert not gradient[..., 4:].any()


def test_the_teacher_has_no_say_outside_the_field_of_view() -> None:
    inside = torch.ones(2, 1, 8, 8, dtype=torch.bool)
    inside[..., 6:] = False
    views = TwoViews(torch.zeros(2, 1, 8, 8), torch.zeros(2, 1, 8, 8), inside, torch.zeros_like(inside))
    sure = torch.zeros(2, 2, 8, 8)
    sure[:, 1] = 9.0
    labels = pseudo_labels(sure, TAUGHT, views, 0.5)
    assert (labels[..., 6:] == IGNORE).all()
    assert (labels[..., :6] == 1).all()
    assert consistency(sure, labels, TAUGHT, views, "dice").sure.item() == 1.0  # of the pixels there are


def test_a_class_that_nobody_labelled_is_background_to_the_teacher() -> None:
    logits = torch.zeros(2, 3, 8, 8)
    logits[:, 2] = 9.0
    assert (pseudo_labels(logits, torch.tensor([True, False]), flat_views(), 0.95) == 0).all()


def test_the_weight_rises_smoothly_to_its_full_value_at_the_end_of_the_ramp() -> None:
    weights = [rising(step, 100, 0.4) for step in range(100)]
    assert weights == sorted(weights)
    assert weights[0] < 0.01
    assert weights[39] < 1.0
    assert weights[40:] == [1.0] * 60
    assert rising(0, 100, 0.0) == 1.0


def test_the_teacher_is_the_averaged_network_and_leaves_the_networks_weights_alone(compute: Compute) -> None:
    torch.manual_seed(0)
    model = UNet(SMALL, 2)
    ema = Ema(model, 0.9)
    average = {name: value.clone() for name, value in ema.shadow.items()}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1)
    moved = {name: value.clone() for name, value in model.state_dict().items()}
    images = torch.rand(2, 1, SIDE, SIDE, generator=chance())
    inside = torch.ones_like(images, dtype=torch.bool)
    logits = taught_logits(model, ema.shadow, TwoViews(images, images, inside, ~inside), compute)
    assert not logits.requires_grad
    assert all(torch.equal(value, moved[name]) for name, value in model.state_dict().items())
    model.load_state_dict(average)
    assert torch.allclose(logits, model(images), atol=1e-6)


def job(run: str, cases: tuple[CaseInput, ...], unlabelled: tuple[CaseInput, ...], **semi: float) -> FinetuneJob:
    settings = FinetuneSettings(
        steps=2, batch=4, augment=GENTLE, semi=SemiSettings.model_validate({"on": True, **semi})
    )
    return finetune_job(run, cases, 2, settings=settings, unlabelled=unlabelled)


def test_the_pool_holds_every_slice_but_the_done_ones(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the labelled case four slices are left; of the others all, although the snapshot may speak of them."""
    project, cases, labels = blob_project
    first = labels[cases[0].case]
    labels[cases[0].case] = CaseLabels(first.case, first.slices[1:3], first.masks[1:3], first.known[1:3])
    pools: list[SliceSet] = []

    class Seen(Unlabelled):
        def __init__(self, slices: SliceSet, *more: object, **extra: object) -> None:
            pools.append(slices)
            super().__init__(slices, *more, **extra)

    monkeypatch.setattr(finetune_module, "Unlabelled", Seen)
    events = drive(job("r0001", cases[:1], cases[:2]), project, compute, labels)
    (pool,) = pools
    found = {(pool.cases[c], i) for c, i in zip(pool.case.tolist(), pool.index.tolist(), strict=True)}
    assert found == {("c0001", i) for i in (0, 3, 4, 5)} | {("c0002", i) for i in range(6)}
    assert pool.labels is None
    steps = [e for e in events if isinstance(e, StepDone) and e.loss is not None]
    assert all({"semi", "sure", "dice", "ce", "lr"} == set(e.terms) for e in steps)
    assert load_card(project / "runs" / "r0001").cases == ("c0001", "c0002")


def test_without_an_unlabelled_slice_it_says_so(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    for k, unlabelled in enumerate([(), cases[:1]]):
        with pytest.raises(JobError, match="no slice without labels") as refused:
            drive(job(f"r000{k}", cases[:1], unlabelled), project, compute, labels)
        assert "--semi" in refused.value.typed
        assert "--" not in refused.value.remedy, "a window shows these words"


def test_the_labelled_slices_are_drawn_as_without_the_others(blob_project: BlobProject, compute: Compute) -> None:
    """At the first step, from the same weights, the labelled part of the loss is the very same."""
    project, cases, labels = blob_project
    alone = finetune_job("r0001", cases[:1], 2)
    with_pool = job("r0002", cases[:1], cases[1:])
    first = [
        next(e for e in drive(one, project, compute, labels) if isinstance(e, StepDone) and e.loss is not None)
        for one in (alone.model_copy(update={"settings": with_pool.settings.model_copy(
            update={"semi": SemiSettings()})}), with_pool)
    ]  # fmt: skip
    assert first[0].terms["dice"] == pytest.approx(first[1].terms["dice"], abs=1e-6)
    assert first[0].terms["ce"] == pytest.approx(first[1].terms["ce"], abs=1e-6)


def test_descending_makes_the_network_agree_with_a_sure_teacher() -> None:
    torch.manual_seed(0)
    model = UNet(SMALL, 2)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    images, inside = torch.rand(2, 1, SIDE, SIDE, generator=chance()), torch.ones(2, 1, SIDE, SIDE, dtype=torch.bool)
    images[..., 16:40, 16:40] += 1.0
    views = TwoViews(images, images, inside, ~inside)
    answer = torch.cat([torch.zeros_like(images), (images > 1.0) * 18.0 - 9.0], dim=1)
    labels = pseudo_labels(answer, TAUGHT, views, 0.95)
    losses = []
    for _ in range(20):
        loss = consistency(model(images), labels, TAUGHT, views, "dice+ce").loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]

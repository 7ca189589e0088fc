"""Learning from slices without labels: the averaged weights teach, where they are sure, and the network follows.

The teacher (Tarvainen & Valpola 2017) is the average of the weights that finetuning keeps anyway. It sees a window of
a slice; the network sees the same window with its intensities changed, and with boxes of other slices pasted in
(CutMix, Yun et al. 2019). The teacher's answer is the label wherever its probability reaches a threshold (FixMatch,
Sohn et al. 2020; for dense prediction UniMatch, Yang et al. 2023). Both windows are read through one sampling grid,
so that pixels correspond without any inverse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.func import functional_call

from slicelab.core.errors import no_unlabelled_slice
from slicelab.learn.augment import change_intensities, draw, inside_field, sampling_grid, warp_images
from slicelab.learn.losses import IGNORE, merged_log_probabilities, segmentation_loss
from slicelab.learn.slices import EpochSampler, seeded
from slicelab.learn.state import inner, put_back, take

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from torch import Tensor

    from slicelab.jobs.settings import FinetuneSettings
    from slicelab.learn.augment import Draw
    from slicelab.learn.device import Compute
    from slicelab.learn.slices import SliceSet
    from slicelab.learn.state import State
    from slicelab.learn.unet import UNet

_STEEPNESS = 5.0
_BOX_AREA = (0.02, 0.4)
_BOX_RATIO = 1.0 / 0.3
_ORDER, _CHANCE = 3, 4


@dataclass(frozen=True, eq=False)
class TwoViews:
    """What teacher and network see of a batch of slices, and where one slice shows another.

    Attributes:
        weak: ``(batch, 1, row, column)``, a window of each slice with its own intensities: the teacher's.
        strong: the same pixels of the same tissue, intensities changed, boxes pasted in: the network's.
        inside: ``(batch, 1, row, column)`` bool, the field of view of ``weak``.
        boxes: ``(batch, 1, row, column)`` bool, where ``strong`` shows the slice before it in the batch.

    """

    weak: Tensor
    strong: Tensor
    inside: Tensor
    boxes: Tensor


class Consistency(NamedTuple):
    """The loss on unlabelled slices, and the share of their pixels it speaks of; float32 scalars."""

    loss: Tensor
    sure: Tensor


class Unlabelled:
    """Unlabelled slices in random order, with a chance of their own: labelled slices are drawn as without them.

    Args:
        slices: the slices.
        settings: of the finetuning.
        seed: of the job.
        flip: whether the classes may be mirrored.

    Raises:
        JobError: there is no slice.

    """

    def __init__(self, slices: SliceSet, settings: FinetuneSettings, seed: int, *, flip: bool) -> None:
        if not len(slices):
            raise no_unlabelled_slice()
        self._slices, self._settings, self._flip = slices, settings, flip
        self._sampler, self._chance = EpochSampler(len(slices), seeded(seed, _ORDER)), seeded(seed, _CHANCE)

    def next(self, labelled: int, compute: Compute) -> TwoViews:
        """The views of the next slices, as many as go with a number of labelled ones."""
        slices, semi, matrix = self._slices, self._settings.semi, self._slices.matrix
        chosen = self._sampler.next(max(1, round(semi.share * labelled))).to(compute.device)
        extent = slices.extent[chosen]
        drawn = draw(self._settings.augment, len(chosen), matrix, extent.cpu() - matrix, self._chance, flip=self._flip)
        boxes = draw_boxes(semi.cutmix, len(chosen), matrix, self._chance)
        return two_views(slices.batch(chosen), extent, drawn.to(compute.device), boxes.to(compute.device), matrix)

    def state(self) -> State:
        """The order of the slices, and both generators."""
        return {"order": self._sampler.state(), **take({"chance": self._chance})}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._sampler.restore(inner(state, "order"))
        put_back({"chance": self._chance}, {"chance": inner(state, "chance")})


def rising(step: int, steps: int, share: float) -> float:
    """Share of the full weight at a step: ``exp(-5 (1 - t)^2)``, t from 0 to 1 over a share of the steps."""
    t = min(1.0, step / (share * steps)) if share else 1.0
    return math.exp(-_STEEPNESS * (1.0 - t) ** 2)


def draw_boxes(probability: float, batch: int, matrix: int, generator: torch.Generator) -> Tensor:
    """The boxes of CutMix, bool ``(batch, 1, row, column)``, on the CPU; a slice without one has none of them set.

    A box covers 2 to 40 % of the window, lies inside of it, and is at most about three times as long as wide
    (UniMatch). A batch of one has nobody to take a box from.
    """
    wanted = torch.rand(batch, generator=generator) < probability
    area = _BOX_AREA[0] + (_BOX_AREA[1] - _BOX_AREA[0]) * torch.rand(batch, generator=generator)
    ratio = torch.exp((torch.rand(batch, generator=generator) * 2.0 - 1.0) * math.log(_BOX_RATIO))
    sides = (torch.stack([area * ratio, area / ratio], dim=1).sqrt() * matrix).clamp_max(matrix)
    first = torch.rand(batch, 2, generator=generator) * (matrix - sides)
    line = torch.arange(matrix) + 0.5
    within = (line >= first[:, :, None]) & (line < (first + sides)[:, :, None])
    boxes = within[:, 0, :, None] & within[:, 1, None, :]
    return (boxes & wanted[:, None, None] & (batch > 1))[:, None]


def mixed(values: Tensor, boxes: Tensor) -> Tensor:
    """Per-pixel values ``(batch, channel, row, column)`` with those of the slice before in the boxes."""
    return torch.where(boxes, values.roll(1, dims=0), values)


def two_views(images: Tensor, extent: Tensor, drawn: Draw, boxes: Tensor, matrix: int) -> TwoViews:
    """Both views of a batch of slices.

    Args:
        images: ``(batch, 1, row, column)`` float32.
        extent: ``(batch, 2)`` field of view, pixels.
        drawn: the changes, on the same device; both views share its geometry.
        boxes: of :func:`draw_boxes`.
        matrix: rows and columns of the window.

    """
    points = sampling_grid(drawn.affine, drawn.elastic, matrix)
    inside = inside_field(points, extent)
    weak = warp_images(images, points) * inside
    return TwoViews(weak, mixed(change_intensities(weak, drawn, inside), boxes), inside, boxes)


@torch.no_grad()
def taught_logits(model: UNet, teacher: Mapping[str, Tensor], views: TwoViews, compute: Compute) -> Tensor:
    """The teacher's logits of the weak views, ``(batch, 1 + class, row, column)``.

    Args:
        model: lends its structure; its own weights stay as they are.
        teacher: weights by name.
        views: of the slices.
        compute: where.

    """
    with compute.autocast():
        logits: Tensor = functional_call(model, dict(teacher), (views.weak,))
    return logits


@torch.no_grad()
def pseudo_labels(logits: Tensor, taught_classes: Tensor, views: TwoViews, confidence: float) -> Tensor:
    """What the network should say of the strong views.

    The head is a softmax over background and classes. A class that no labelled slice speaks of is part of the
    background, as everywhere in the losses: the teacher was never taught it.

    Args:
        logits: the teacher's, of the weak views, ``(batch, 1 + class, row, column)``.
        taught_classes: ``(class,)`` bool, the classes that some labelled slice speaks of.
        views: of the slices.
        confidence: least probability of an answer.

    Returns:
        ``(batch, row, column)`` int64 in class order, :data:`IGNORE` where the teacher is unsure or outside the field
        of view.

    """
    shares = merged_log_probabilities(logits, taught_classes.expand(len(logits), -1)).exp()
    shares = torch.cat([shares[:, :1], shares[:, 1:] * taught_classes[:, None, None]], dim=1)
    most, answer = shares.max(dim=1, keepdim=True)
    sure = (most >= confidence) & views.inside
    return mixed(torch.where(sure, answer, torch.full_like(answer, IGNORE)), views.boxes)[:, 0]


def consistency(
    logits: Tensor, labels: Tensor, taught_classes: Tensor, views: TwoViews, kind: Literal["dice", "dice+ce"]
) -> Consistency:
    """The loss on a batch without labels: that of labelled slices, times the share of pixels the teacher is sure of.

    The share makes it an exact 0 where the teacher is sure of nothing, and little where it is sure of little (FixMatch
    divides by all pixels, too).

    Args:
        logits: the network's, of the strong views.
        labels: of :func:`pseudo_labels`.
        taught_classes: ``(class,)`` bool.
        views: of the slices.
        kind: which terms count.

    """
    seen = mixed(views.inside, views.boxes)[:, 0]
    sure = (labels != IGNORE).sum() / seen.sum().clamp_min(1)
    loss = segmentation_loss(logits, labels, taught_classes.expand(len(logits), -1), kind)
    return Consistency(loss.total * sure, sure)

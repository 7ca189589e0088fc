"""Two views of a slice, the places both see, and which pairs are no negatives (paper II-C; C's G^D-)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from slicelab.learn.augment import inside_field, read_at, sampling_grid

if TYPE_CHECKING:
    from torch import Tensor

    from slicelab.jobs.settings import ContrastiveSettings

_SHARED = 0.2
"""Two crops of a slice share at least about this part of the window's side, so that places can be compared."""


@dataclass(frozen=True, eq=False)
class View:
    """How one view of each slice of a batch is made; nothing random remains.

    Attributes:
        centre: ``(batch, 2)``, the crop's centre ``(x, y)``, pixels from the frame's centre.
        scale: ``(batch,)``, the crop's side divided by the window's.
        contrast, brightness: ``(batch,)``.

    """

    centre: Tensor
    scale: Tensor
    contrast: Tensor
    brightness: Tensor

    def part(self, part: slice) -> View:
        """The same views of some of the slices."""
        return View(self.centre[part], self.scale[part], self.contrast[part], self.brightness[part])

    def to(self, device: torch.device) -> View:
        """The same view on a device."""
        return View(self.centre.to(device), self.scale.to(device), self.contrast.to(device), self.brightness.to(device))

    def points(self, matrix: int) -> Tensor:
        """The sampling grid, ``(batch, row, column, 2)`` as ``(x, y)``, pixels from the frame's centre."""
        linear = torch.eye(2, device=self.scale.device) * self.scale[:, None, None]
        return sampling_grid(torch.cat([linear, self.centre[:, :, None]], dim=2), None, matrix)

    def seen_from(self, places: Tensor) -> Tensor:
        """Frame places ``(batch, point, 2)`` as pixels ``(x, y)`` from the view's centre."""
        return (places - self.centre[:, None]) / self.scale[:, None, None]

    def render(self, images: Tensor, extent: Tensor, matrix: int) -> Tensor:
        """The slices ``(batch, 1, row, column)`` as seen, ``(batch, 1, matrix, matrix)``."""
        points = self.points(matrix)
        seen = read_at(images, points)
        mean = seen.mean(dim=(1, 2, 3), keepdim=True)
        column = (-1, 1, 1, 1)
        changed = (seen - mean) * self.contrast.view(column) + mean + self.brightness.view(column)
        return changed * inside_field(points, extent)


def draw_views(
    settings: ContrastiveSettings, smallest: float, batch: int, matrix: int, generator: torch.Generator
) -> tuple[View, View]:
    """Draw two views of each slice: crop, contrast, brightness (paper II-C), independently.

    Args:
        settings: ranges of contrast and brightness.
        smallest: smallest side of a crop, as a fraction of the window.
        batch: slices.
        matrix: rows and columns of the window.
        generator: where chance comes from.

    """

    def one() -> View:
        scale = smallest + (1.0 - smallest) * torch.rand(batch, generator=generator)
        room = (1.0 - scale)[:, None] * matrix / 2.0
        return View(
            centre=(torch.rand(batch, 2, generator=generator) * 2.0 - 1.0) * room,
            scale=scale,
            contrast=1.0 + (torch.rand(batch, generator=generator) * 2.0 - 1.0) * settings.contrast,
            brightness=(torch.rand(batch, generator=generator) * 2.0 - 1.0) * settings.brightness,
        )

    first, second = one(), one()
    reach = (((first.scale + second.scale) / 2.0 - _SHARED) * matrix).clamp_min(0.0)[:, None]
    apart = second.centre - first.centre
    near = first.centre + torch.maximum(torch.minimum(apart, reach), -reach)
    return first, View(near, second.scale, second.contrast, second.brightness)


def draw_places(first: View, second: View, points: int, matrix: int, generator: torch.Generator) -> Tensor:
    """Places seen in both views, ``(batch, point, 2)`` as ``(x, y)``, pixels from the frame's centre."""
    reach = [view.scale[:, None] * matrix / 2.0 for view in (first, second)]
    low = torch.maximum(first.centre - reach[0], second.centre - reach[1])
    high = torch.minimum(first.centre + reach[0], second.centre + reach[1])
    share = torch.rand(len(low), points, 2, generator=generator)
    return low[:, None] + share * (high - low)[:, None]


def features_at(features: Tensor, view: View, places: Tensor, stride: int, region: int) -> Tensor:
    """Feature vectors of a view at frame places, float32 ``(batch, point, channel)``.

    Args:
        features: ``(batch, channel, row, column)``, a feature pixel spans ``stride`` pixels of the view.
        view: the view they were computed from.
        places: ``(batch, point, 2)``, pixels from the frame's centre.
        stride: pixels per feature pixel.
        region: side of the square of feature pixels averaged at each place.

    """
    points = view.seen_from(places)[:, :, None] / stride  # (batch, point, 1, 2), feature pixels from the centre
    reach = torch.arange(region, device=points.device, dtype=points.dtype) - (region - 1) / 2.0
    y, x = torch.meshgrid(reach, reach, indexing="ij")
    around = points + torch.stack([x.flatten(), y.flatten()], dim=-1)
    return read_at(features.float(), around).mean(dim=3).transpose(1, 2)


def same_anatomy(case: Tensor, index: Tensor, position: Tensor, settings: ContrastiveSettings) -> Tensor:
    """Pairs of slices that show the same anatomy and are no negatives, ``(item, item)`` bool.

    Args:
        case: ``(item,)`` case numbers.
        index: ``(item,)`` slice indices.
        position: ``(item,)`` relative positions, 0 to 1.
        settings: the distances; with both 0 only a slice that was drawn twice is left out, as it is no other image.

    """
    near = (position[:, None] - position[None]).abs() < settings.exclude_position
    beside = (index[:, None] - index[None]).abs() <= settings.exclude_neighbours
    return near | (beside & (case[:, None] == case[None]))


def same_place(places: Tensor, stride: float, settings: ContrastiveSettings, generator: torch.Generator) -> Tensor:
    """Pairs of places of one image that are no negatives of each other, ``(batch, point, point)`` bool.

    Args:
        places: ``(batch, point, 2)``, pixels.
        stride: pixels per feature pixel.
        settings: the least distance, and how many negatives are drawn for each place.
        generator: chooses them.

    """
    apart = torch.cdist(places, places) / stride
    itself = torch.eye(places.shape[1], dtype=torch.bool, device=places.device)
    excluded = (apart < settings.negative_distance) | itself  # it must not take one of the negatives that are drawn
    if settings.local_negatives:
        order = torch.rand(excluded.shape, generator=generator).to(places.device).masked_fill(excluded, 2.0)
        rank = order.argsort(dim=-1).argsort(dim=-1)
        excluded = excluded | (rank >= settings.local_negatives)
    return excluded

"""Random changes of training slices on the device: parameters are drawn first, then applied to the whole batch."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as nnf

from slicelab.learn.losses import IGNORE

if TYPE_CHECKING:
    from torch import Tensor

    from slicelab.jobs.settings import AugmentSettings

_BIAS_NODES = 4


@dataclass(frozen=True, eq=False)
class Draw:
    """The parameters of one batch's changes, one row a slice, all float32; nothing random remains.

    Attributes:
        affine: ``(batch, 2, 3)``, window pixels ``(x, y, 1)`` from the window's centre to source pixels from the
            frame's centre.
        elastic: ``(batch, 2, node, node)``, displacement ``(x, y)`` in pixels on a coarse grid over the window.
        log_gamma, contrast, brightness, noise, blur: ``(batch,)``; blur in pixels.
        bias: ``(batch, 1, node, node)``, log of a multiplicative field on a coarse grid.
        grain: ``(batch, 1, row, column)``, standard normal values for the noise.

    """

    affine: Tensor
    elastic: Tensor
    log_gamma: Tensor
    contrast: Tensor
    brightness: Tensor
    noise: Tensor
    blur: Tensor
    bias: Tensor
    grain: Tensor

    def to(self, device: torch.device) -> Draw:
        """The same draw on a device."""
        return Draw(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})


def draw(
    settings: AugmentSettings, batch: int, matrix: int, slack: Tensor, generator: torch.Generator, *, flip: bool
) -> Draw:
    """Draw the changes of a batch.

    Args:
        settings: how strong.
        batch: slices.
        matrix: rows and columns of the window.
        slack: ``(batch, 2)``, rows and columns by which the field of view is larger than the window, pixels; the
            window may move by half of that besides its random shift.
        generator: where chance comes from, on the CPU.
        flip: whether mirroring left and right is allowed here.

    """

    def uniform(limit: float, *shape: int) -> Tensor:
        return (torch.rand(*shape, generator=generator) * 2.0 - 1.0) * limit

    angle = uniform(math.radians(settings.rotate_degrees), batch)
    zoom = torch.exp(uniform(math.log1p(settings.scale), batch, 1) + uniform(math.log1p(settings.scale) / 3, batch, 2))
    mirror = torch.ones(batch)
    mirrored = torch.rand(batch, generator=generator) < 0.5
    if flip and settings.flip:
        mirror = torch.where(mirrored, -1.0, 1.0)
    shift = uniform(1.0, batch, 2) * (settings.translate * matrix + slack.flip(1).clamp_min(0.0) / 2.0)
    cos, sin = torch.cos(angle), torch.sin(angle)
    rotation = torch.stack([torch.stack([cos, -sin], -1), torch.stack([sin, cos], -1)], -2)
    linear = rotation * zoom[:, None, :]
    linear = linear * torch.stack([mirror, torch.ones(batch)], -1)[:, None, :]
    nodes = settings.elastic_grid
    return Draw(
        affine=torch.cat([linear, shift[:, :, None]], dim=2),
        elastic=torch.randn(batch, 2, nodes, nodes, generator=generator) * settings.elastic_pixels,
        log_gamma=uniform(settings.gamma, batch),
        contrast=1.0 + uniform(settings.contrast, batch),
        brightness=uniform(settings.brightness, batch),
        noise=torch.rand(batch, generator=generator) * settings.noise,
        blur=torch.rand(batch, generator=generator) * settings.blur_pixels,
        bias=uniform(settings.bias, batch, 1, _BIAS_NODES, _BIAS_NODES),
        grain=torch.randn(batch, 1, matrix, matrix, generator=generator),
    )


def sampling_grid(affine: Tensor, elastic: Tensor | None, matrix: int) -> Tensor:
    """Where each window pixel reads, ``(batch, row, column, 2)`` as ``(x, y)`` in pixels from the frame's centre."""
    line = torch.arange(matrix, device=affine.device, dtype=affine.dtype) - (matrix - 1) / 2.0
    y, x = torch.meshgrid(line, line, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], dim=-1).reshape(1, -1, 3)
    if elastic is not None:
        wobble = nnf.interpolate(elastic, size=(matrix, matrix), mode="bicubic", align_corners=True)
        moved = torch.cat(
            [wobble.permute(0, 2, 3, 1).flatten(1, 2), torch.zeros_like(points[..., :1]).expand(len(wobble), -1, -1)],
            dim=-1,
        )
        points = points + moved
    return (points @ affine.transpose(1, 2)).view(-1, matrix, matrix, 2)


def read_at(images: Tensor, points: Tensor, mode: str = "bilinear") -> Tensor:
    """Values at points given in pixels from the centre, 0 outside.

    Args:
        images: ``(batch, channel, row, column)``.
        points: ``(batch, height, width, 2)`` as ``(x, y)``.
        mode: interpolation.

    Returns:
        ``(batch, channel, height, width)``.

    """
    rows, columns = images.shape[-2:]
    size = torch.tensor([columns, rows], dtype=points.dtype, device=points.device)
    return nnf.grid_sample(images, points * (2.0 / size), mode=mode, padding_mode="zeros", align_corners=False)


def inside_field(points: Tensor, extent: Tensor) -> Tensor:
    """Which points lie in the field of view, ``(batch, 1, height, width)`` bool; extent as rows and columns."""
    half = extent.flip(1)[:, None, None, :] / 2.0
    return (points.abs() <= half).all(dim=-1)[:, None]


def warp_images(images: Tensor, points: Tensor) -> Tensor:
    """Slices ``(batch, 1, row, column)`` read through a sampling grid, bilinear."""
    return read_at(images, points)


def warp_labels(labels: Tensor, points: Tensor, inside: Tensor, classes: int) -> Tensor:
    """Labels read through a sampling grid: one-hot, bilinear, the largest share wins.

    Args:
        labels: ``(batch, row, column)`` uint8, 0 to ``classes`` or :data:`IGNORE`.
        points: the grid.
        inside: ``(batch, 1, height, width)`` bool; outside the field of view nothing is known.
        classes: number of classes without the background.

    Returns:
        ``(batch, height, width)`` int64, with :data:`IGNORE`.

    """
    shares = torch.stack([labels == k for k in range(classes + 1)], dim=1).float()
    warped = read_at(shares, points)
    best, index = warped.max(dim=1)
    unknown = (1.0 - warped.sum(dim=1) >= best) | ~inside[:, 0]
    return torch.where(unknown, torch.full_like(index, IGNORE), index)


def change_intensities(images: Tensor, drawn: Draw, inside: Tensor) -> Tensor:
    """Gamma, contrast, brightness, bias field, blur and noise, in this order; 0 stays outside the field of view.

    Args:
        images: ``(batch, 1, row, column)`` float32, about [0, 1].
        drawn: parameters.
        inside: ``(batch, 1, row, column)`` bool.

    """
    column = (-1, 1, 1, 1)
    out = images.clamp_min(0.0) ** torch.exp(drawn.log_gamma).view(column)
    mean = out.mean(dim=(1, 2, 3), keepdim=True)
    out = (out - mean) * drawn.contrast.view(column) + mean + drawn.brightness.view(column)
    field = nnf.interpolate(drawn.bias, size=images.shape[-2:], mode="bicubic", align_corners=True)
    out = blurred(out * torch.exp(field), drawn.blur)
    out = out + drawn.grain * drawn.noise.view(column)
    return out * inside


def blurred(images: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur with a standard deviation (pixels) of its own for each slice ``(batch, 1, row, column)``."""
    reach = 3
    offsets = torch.arange(-reach, reach + 1, device=images.device, dtype=images.dtype)
    kernel = torch.exp(-0.5 * (offsets[None] / sigma.clamp_min(1e-3)[:, None]) ** 2)
    kernel = kernel / kernel.sum(dim=1, keepdim=True)
    batch = len(images)
    row = images.transpose(0, 1)
    row = nnf.conv2d(nnf.pad(row, (reach, reach, 0, 0), mode="replicate"), kernel[:, None, None, :], groups=batch)
    row = nnf.conv2d(nnf.pad(row, (0, 0, reach, reach), mode="replicate"), kernel[:, None, :, None], groups=batch)
    return row.transpose(0, 1)


def augmented(
    images: Tensor, labels: Tensor, extent: Tensor, drawn: Draw, matrix: int, classes: int
) -> tuple[Tensor, Tensor]:
    """A training batch: windows of the slices, changed as drawn, and their labels.

    Args:
        images: ``(batch, 1, row, column)`` float32.
        labels: ``(batch, row, column)`` uint8.
        extent: ``(batch, 2)`` field of view, pixels.
        drawn: parameters, on the same device.
        matrix: rows and columns of the window.
        classes: number of classes.

    """
    points = sampling_grid(drawn.affine, drawn.elastic, matrix)
    inside = inside_field(points, extent)
    changed = change_intensities(warp_images(images, points), drawn, inside)
    return changed, warp_labels(labels, points, inside, classes)

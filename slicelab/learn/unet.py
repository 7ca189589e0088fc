"""The 2D U-Net of the paper (II-E), with stages that have names so that each can be loaded, frozen or slowed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import torch
import torch.nn.functional as nnf
from torch import Tensor, nn

from slicelab.learn.upsample import twice_as_large

if TYPE_CHECKING:
    from slicelab.jobs.settings import NetworkSettings


def stage_names(levels: int) -> tuple[str, ...]:
    """All stages in the order data passes them: ``encoder.level1`` ... ``decoder.level1``, ``head``."""
    down = [f"encoder.level{k}" for k in range(1, levels + 1)]
    up = [f"decoder.level{k}" for k in range(levels, 0, -1)]
    return (*down, "bottleneck", *up, "head")


class UNet(nn.Module):
    """U-Net for single-channel slices.

    Stages: ``encoder.level1`` (full resolution) to ``encoder.level5``, ``bottleneck``, ``decoder.level5`` to
    ``decoder.level1`` and ``head``. A level is two 3x3 convolutions, each with GroupNorm and ReLU; an encoder level
    ends in 2x2 max pooling, a decoder level begins with 2x bilinear upsampling and the skip connection.

    Args:
        settings: widths.
        outputs: channels of the head.

    """

    def __init__(self, settings: NetworkSettings, outputs: int) -> None:
        super().__init__()
        widths, group, padding = settings.channels, settings.channels_per_group, settings.padding
        into = (1, *widths[:-1])
        self.levels = len(widths)
        self.widths = widths
        self.encoder = nn.ModuleDict(
            {
                f"level{k}": _double_conv(a, b, group, padding)
                for k, (a, b) in enumerate(zip(into, widths, strict=True), start=1)
            }
        )
        self.bottleneck = _double_conv(widths[-1], settings.bottleneck, group, padding)
        below = (*widths[1:], settings.bottleneck)
        self.decoder = nn.ModuleDict(
            {
                f"level{k}": _double_conv(below[k - 1] + widths[k - 1], widths[k - 1], group, padding)
                for k in range(self.levels, 0, -1)
            }
        )
        self.head = nn.Conv2d(widths[0], outputs, kernel_size=1)

    def encode(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Down to the bottleneck.

        Args:
            images: ``(batch, 1, row, column)``, rows and columns multiples of 32.

        Returns:
            ``(deep, skips)``: the bottleneck's features ``(batch, channel, row/32, column/32)`` and the features of
            each encoder level before its pooling, level 1 first.

        """
        skips = []
        features = images
        for k in range(1, self.levels + 1):
            features = self.encoder[f"level{k}"](features)
            skips.append(features)
            features = nnf.max_pool2d(features, 2)
        return self.bottleneck(features), skips

    def decode(self, deep: Tensor, skips: list[Tensor], down_to: int = 1) -> Tensor:
        """Up from the bottleneck to decoder level ``down_to``; features ``(batch, channel, row, column)``."""
        features = deep
        for k in range(self.levels, down_to - 1, -1):
            wide = twice_as_large(features)
            features = self.decoder[f"level{k}"](torch.cat([wide, skips[k - 1]], dim=1))
        return features

    def forward(self, images: Tensor) -> Tensor:
        """``(batch, 1, row, column)`` to ``(batch, outputs, row, column)``."""
        out: Tensor = self.head(self.decode(*self.encode(images)))
        return out


def parameters_of(model: UNet, stages: tuple[str, ...]) -> list[nn.Parameter]:
    """The parameters of the named stages; a prefix such as ``encoder`` names all below it."""
    return [p for name, p in model.named_parameters() if in_stages(name, stages)]


def in_stages(name: str, stages: tuple[str, ...]) -> bool:
    """Whether a parameter's name lies in one of the stages."""
    return any(name == stage or name.startswith(f"{stage}.") for stage in stages)


def _double_conv(
    inputs: int, outputs: int, channels_per_group: int, padding: Literal["zeros", "replicate"]
) -> nn.Sequential:
    layers: list[nn.Module] = []
    for a, b in pairwise((inputs, outputs, outputs)):
        groups = max(1, b // channels_per_group)
        groups = groups if b % groups == 0 else 1
        layers += [
            nn.Conv2d(a, b, kernel_size=3, padding=1, bias=False, padding_mode=padding),
            nn.GroupNorm(groups, b),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)

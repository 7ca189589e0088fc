"""Pool slices that stay on the disk and are read batch by batch, for pools that no memory holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import psutil
import torch

if TYPE_CHECKING:
    from torch import Tensor

_SHARE_OF_MEMORY = 0.25
"""Of a graphics card's free memory that slices may take; the network needs the rest."""


def room_on(device: torch.device) -> int:
    """Bytes of slices that are worth keeping on a device.

    On a processor none: the operating system keeps what is read of a file in memory anyway, as long as there is room,
    and shares it between processes.
    """
    if device.type == "cpu":
        return 0
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return int(free * _SHARE_OF_MEMORY)
    return int(psutil.virtual_memory().available * _SHARE_OF_MEMORY)


@dataclass(frozen=True, eq=False)
class MappedPictures:
    """Slices ``(n, row, column)`` float16 in mapped files, in frames of one size, read when they are asked for.

    It is asked like a tensor, by the numbers of slices.

    Attributes:
        stacks: the mapped stacks ``(slice, row, column)``.
        chosen: of each stack, the slices that count, in their order.
        rows: of the frame.
        columns: of the frame.
        device: where what is read goes.

    """

    stacks: tuple[npt.NDArray[np.float16], ...]
    chosen: tuple[npt.NDArray[np.int32], ...]
    rows: int
    columns: int
    device: torch.device
    _ends: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", np.cumsum([len(slices) for slices in self.chosen], dtype=np.int64))

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @property
    def shape(self) -> torch.Size:
        """``(n, row, column)``."""
        return torch.Size((len(self), self.rows, self.columns))

    def __getitem__(self, numbers: Tensor) -> Tensor:
        """The slices of these numbers, ``(batch, row, column)`` float16 on the device."""
        wanted = numbers.cpu().numpy()
        out = np.zeros((len(wanted), self.rows, self.columns), np.float16)
        for k, (number, part) in enumerate(zip(wanted, np.searchsorted(self._ends, wanted, side="right"), strict=True)):
            first = self._ends[part] - len(self.chosen[part])
            centre(self.stacks[part][self.chosen[part][number - first]], out[k])
        return torch.from_numpy(out).to(self.device)


def centre(source: npt.NDArray[np.generic], target: npt.NDArray[np.generic]) -> None:
    """Write pictures ``(..., row, column)`` into others, cropped about the common centre; what lies beside is left."""
    cut: list[slice] = []
    put: list[slice] = []
    for have, want in zip(source.shape[-2:], target.shape[-2:], strict=True):
        size = min(have, want)
        cut.append(slice((have - size) // 2, (have - size) // 2 + size))
        put.append(slice((want - size) // 2, (want - size) // 2 + size))
    target[..., put[0], put[1]] = source[..., cut[0], cut[1]]

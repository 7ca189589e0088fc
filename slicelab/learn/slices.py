"""Slices on the device, and the order in which training sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy  # its parts are imported at first use
import torch

from slicelab.learn.pictures import MappedPictures, centre, room_on
from slicelab.learn.state import DoesNotFitError, inner, put_back, take, tensor, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from slicelab.data.pool import PoolCase
    from slicelab.data.snapshot import CaseLabels
    from slicelab.learn.state import State

Array = npt.NDArray[Any]

_FRAME_LIMIT = 2
"""Training keeps at most this many matrices of a field of view; what lies beyond is only predicted."""


@dataclass(frozen=True, eq=False)
class SliceSet:
    """Slices of many cases, all on one device; those of a large pool come from the disk batch by batch.

    Attributes:
        images: ``(n, row, column)`` float16, centred in frames of one common size, 0 outside the field of view.
        extent: ``(n, 2)`` float32, rows and columns of the field of view, pool pixels.
        case: ``(n,)`` int64, position of the slice's case in ``cases``.
        index: ``(n,)`` int64, slice index in its stack.
        position: ``(n,)`` float32, relative position in its stack, 0 to 1.
        cases: case ids.
        matrix: rows and columns of a training window, pixels.
        labels: ``(n, row, column)`` uint8 in class order (0 background, k the k-th class), or None.
        known: ``(n, class)`` bool, or None.

    """

    images: Tensor | MappedPictures
    extent: Tensor
    case: Tensor
    index: Tensor
    position: Tensor
    cases: tuple[str, ...]
    matrix: int
    labels: Tensor | None = None
    known: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)

    def batch(self, chosen: Tensor) -> Tensor:
        """Chosen slices as ``(batch, 1, row, column)`` float32."""
        return self.images[chosen][:, None].float()


def load_slices(
    cases: Sequence[PoolCase],
    matrix: int,
    device: torch.device,
    labels: dict[str, CaseLabels] | None = None,
    class_values: tuple[int, ...] = (),
    without: Mapping[str, CaseLabels] | None = None,
) -> SliceSet:
    """Put pool slices on a device: all of them, or with labels only the slices that are labelled.

    Args:
        cases: opened pool cases.
        matrix: rows and columns of a training window.
        device: where to.
        labels: labels by case id; slices without any known class are left out.
        class_values: label values in class order.
        without: labels by case id whose slices are left out where nothing is labelled; what is known of any class
            counts.

    """
    limit = _FRAME_LIMIT * matrix
    rows = min(limit, max([matrix, *(case.frame.pool[0] for case in cases)]))
    columns = min(limit, max([matrix, *(case.frame.pool[1] for case in cases)]))
    taken: list[npt.NDArray[np.int32]] = []
    masks: list[Array] = []
    known: list[Array] = []
    extent: list[Array] = []
    number: list[Array] = []
    index: list[Array] = []
    position: list[Array] = []
    for k, case in enumerate(cases):
        count = len(case.slices)
        if labels is None:
            chosen = np.arange(count, dtype=np.int32)
            if without is not None and case.case in without:
                said = without[case.case]
                chosen = np.setdiff1d(chosen, said.slices[said.known.any(axis=1)])
        else:
            own = labels[case.case]
            useful = own.known.any(axis=1)
            chosen = own.slices[useful]
            native = in_class_order(own.masks[useful], class_values)
            masks.append(centred(case.frame.mask_to_pool(native), rows, columns))
            known.append(own.known[useful])
        taken.append(chosen)
        seen = [n * mm / case.frame.pixel_mm for n, mm in zip(case.frame.native, case.frame.spacing, strict=True)]
        extent.append(np.tile(np.array(seen, np.float32), (len(chosen), 1)))
        number.append(np.full(len(chosen), k))
        index.append(chosen)
        position.append((chosen + 0.5) / count)

    def joined(parts: list[Array], dtype: torch.dtype) -> Tensor:
        return torch.from_numpy(np.concatenate(parts)).to(device=device, dtype=dtype)

    large = 2 * rows * columns * sum(len(chosen) for chosen in taken) > room_on(device)
    if labels is None and large:
        stacks = tuple(case.slices for case in cases)
        images: Tensor | MappedPictures = MappedPictures(stacks, tuple(taken), rows, columns, device)
    else:
        parts = [centred(case.slices[chosen], rows, columns) for case, chosen in zip(cases, taken, strict=True)]
        images = joined(parts, torch.float16)
    return SliceSet(
        images=images,
        extent=joined(extent, torch.float32),
        case=joined(number, torch.int64),
        index=joined(index, torch.int64),
        position=joined(position, torch.float32),
        cases=tuple(case.case for case in cases),
        matrix=matrix,
        labels=joined(masks, torch.uint8) if labels is not None else None,
        known=joined(known, torch.bool) if labels is not None else None,
    )


def in_class_order(masks: npt.NDArray[np.uint8], class_values: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """Masks of label values as masks of positions in the class order; other values become background."""
    table = np.zeros(256, np.uint8)
    for k, value in enumerate(class_values, start=1):
        table[value] = k
    ordered: npt.NDArray[np.uint8] = table[masks]
    return ordered


def centred(stack: Array, rows: int, columns: int) -> Array:
    """A stack ``(slice, row, column)`` cropped or padded with 0 about its centre."""
    out = np.zeros((len(stack), rows, columns), stack.dtype)
    centre(stack, out)
    return out


def body_masks(images: Tensor) -> Tensor:
    """Where the body is, ``(n, row, column)`` bool: smoothed brightness above a tenth, closed and filled."""
    smooth = scipy.ndimage.uniform_filter(images.cpu().float().numpy(), size=(0, 5, 5))
    found = [scipy.ndimage.binary_fill_holes(one > 0.1) for one in smooth]
    return torch.from_numpy(np.stack(found)).to(images.device)


class BodyMasks:
    """The body masks of a slice set, each found when it is first asked for and kept as bits."""

    def __init__(self, slices: SliceSet) -> None:
        self._images = slices.images
        self._kept: dict[int, npt.NDArray[np.uint8]] = {}

    def __getitem__(self, chosen: Tensor) -> Tensor:
        """Of these slices, ``(batch, row, column)`` bool."""
        numbers = chosen.tolist()
        missing = [number for number in dict.fromkeys(numbers) if number not in self._kept]
        if missing:
            found = body_masks(self._images[torch.tensor(missing, device=self._images.device)]).cpu().numpy()
            self._kept.update(zip(missing, np.packbits(found, axis=-1), strict=True))
        packed = np.stack([self._kept[number] for number in numbers])
        full = np.unpackbits(packed, axis=-1, count=self._images.shape[2]).astype(bool)
        return torch.from_numpy(full).to(self._images.device)


class EpochSampler:
    """Slice numbers without repetition within an epoch, shuffled anew for each.

    Its whole state is the generator's, the present order and the position in it.
    """

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self._count = count
        self._generator = generator
        self._order = torch.empty(0, dtype=torch.int64)
        self._position = 0

    def next(self, batch: int) -> Tensor:
        """The next ``(batch,)`` slice numbers, int64 on the CPU."""
        parts: list[Tensor] = []
        missing = batch
        while missing:
            if self._position >= len(self._order):
                self._order = torch.randperm(self._count, generator=self._generator)
                self._position = 0
            part = self._order[self._position : self._position + missing]
            self._position += len(part)
            missing -= len(part)
            parts.append(part)
        return torch.cat(parts)

    def state(self) -> State:
        """The generator, the present order and the position in it."""
        return {"order": self._order, "position": self._position, **take({"chance": self._generator})}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        order, position = tensor(state, "order", torch.int64, None).clone(), whole(state, "position")
        whole_epoch = torch.equal(order.sort().values, torch.arange(self._count))
        if (len(order) and not whole_epoch) or position > len(order):
            raise DoesNotFitError("the order of the slices is not one of this pool")
        put_back({"chance": self._generator}, {"chance": inner(state, "chance")})
        self._order, self._position = order, position


def seeded(seed: int, *purpose: int) -> torch.Generator:
    """A CPU generator of its own for one purpose of a job, independent of all others."""
    state = np.random.SeedSequence([seed, *purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state >> np.uint64(1)))

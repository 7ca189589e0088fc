"""Prediction: every slice of a case, back on the volume's own grid, largest piece of each class."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are imported at first use
import torch

from slicelab.core.geometry import from_stack
from slicelab.data.atomic import sha256_of, write_bytes
from slicelab.data.pool import read_volume
from slicelab.data.writers import write_mask
from slicelab.jobs.events import CasePredicted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy.typing as npt
    from torch import Tensor

    from slicelab.data.pool import PoolCase
    from slicelab.data.resample import Frame
    from slicelab.jobs.settings import PredictSettings
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute
    from slicelab.learn.unet import UNet

_MOVES = ((0, 0), (5, 5), (-5, -5), (5, -5), (-5, 5))
"""Rows and columns by which the copies of test-time augmentation are moved: no multiple of a pooling's stride."""
_TOUCHING = np.ones((3, 3, 3), dtype=bool)


def predict_stack(
    model: UNet,
    case: PoolCase,
    class_values: tuple[int, ...],
    settings: PredictSettings,
    compute: Compute,
    *,
    flip: bool,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]] | None:
    """Segment one case.

    Args:
        model: in evaluation mode on the device.
        case: its pool slices.
        class_values: label value of each output channel after the background.
        settings: how.
        compute: where.
        flip: whether test-time augmentation may mirror.
        should_stop: asked before each batch.

    Returns:
        ``(mask, uncertainty)`` on the native stack grid ``(slice, row, column)``, both uint8: class values, and the
        entropy of the probabilities as a share of its greatest value, 0 to 255. None if stopped.

    """
    values = np.array((0, *class_values), np.uint8)
    masks, doubts = [], []
    for start in range(0, len(case.slices), settings.batch):
        if should_stop():
            return None
        part = torch.from_numpy(np.array(case.slices[start : start + settings.batch], np.float32))
        shares = probabilities(model, compute.to(part)[:, None], settings, compute, flip=flip)
        native = to_native(shares, case.frame).cpu().numpy()
        masks.append(values[likeliest(native)])
        doubts.append(entropy(native))
    mask = np.concatenate(masks)
    if settings.largest_component:
        mask = largest_components(mask, class_values)
    return mask, np.concatenate(doubts)


@torch.inference_mode()
def probabilities(model: UNet, images: Tensor, settings: PredictSettings, compute: Compute, *, flip: bool) -> Tensor:
    """Class probabilities ``(batch, 1 + class, row, column)`` float32 of slices ``(batch, 1, row, column)``.

    With test-time augmentation, the mean over the slice as it is and copies shifted by a few pixels, and the mirrored
    ones of all of them where mirroring is true of the classes. A pixel that a shift moves out of the picture is
    averaged over the copies that still show it.
    """

    def once(batch: Tensor) -> Tensor:
        with compute.autocast():
            logits = model(batch)
        return torch.softmax(logits.float(), dim=1)

    if not settings.test_time_augmentation:
        return once(images)
    seen, shown = [], []
    for down, right in _MOVES:
        there = shifted(images, down, right)
        shares = once(there)
        if flip:
            shares = (shares + once(there.flip(3)).flip(3)) / 2.0
        seen.append(shifted(shares, -down, -right))
        shown.append(shifted(torch.ones_like(there), -down, -right))
    return torch.stack(seen).sum(dim=0) / torch.stack(shown).sum(dim=0)


def shifted(images: Tensor, down: int, right: int) -> Tensor:
    """Pictures ``(batch, channel, row, column)`` moved by whole pixels; 0 comes in, what leaves is lost."""
    rows, columns = images.shape[2:]
    out = torch.zeros_like(images)
    out[:, :, max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)] = images[
        :, :, max(-down, 0) : rows + min(-down, 0), max(-right, 0) : columns + min(-right, 0)
    ]
    return out


@torch.inference_mode()
def to_native(shares: Tensor, frame: Frame) -> Tensor:
    """Probabilities ``(slice, channel, row, column)`` float32 from the pool's pixels to the volume's.

    On the device, and there by the threads that compute the network: those of another library would still be spinning
    when the next slices begin, which costs up to a third of a prediction on two cores.
    """
    rows, columns = (torch.from_numpy(one).to(shares.device) for one in frame.native_weights())
    return rows @ shares @ columns.T


def entropy(shares: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Entropy over the channel axis 1 divided by its greatest value, ``log(channels)``, as 0 to 255.

    0 says that one class has all of the probability, 255 that all have the same share.
    """
    smallest = np.finfo(np.float32).tiny  # the logarithm of 0 is none
    nats = np.zeros((len(shares), *shares.shape[2:]), np.float32)
    for slice_shares, slice_nats in zip(shares, nats, strict=True):
        for p in slice_shares:
            part = np.maximum(p, smallest)
            slice_nats -= np.multiply(np.log(part, out=part), p, out=part)
    nats *= 255.0 / math.log(shares.shape[1])
    return np.clip(np.rint(nats, out=nats), 0, 255, out=nats).astype(np.uint8)


def likeliest(shares: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Index of the greatest value over the channel axis 1, the first of equal ones; at most 256 channels.

    What ``argmax`` finds, ten times as fast: whole planes are compared, instead of few values that lie far apart.
    """
    found = np.zeros((len(shares), *shares.shape[2:]), np.uint8)
    for slice_shares, slice_found in zip(shares, found, strict=True):
        greatest = slice_shares[0].copy()
        for channel, p in enumerate(slice_shares[1:], start=1):
            np.maximum(slice_found, (p > greatest) * np.uint8(channel), out=slice_found)
            np.maximum(greatest, p, out=greatest)
    return found


def largest_components(mask: npt.NDArray[np.uint8], class_values: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """The mask with only the largest piece of each class, by its number of voxels.

    Voxels that touch at a face, an edge or a corner are one piece: slices are thick, and the outline of a slanting
    organ moves by more than a pixel from one to the next. Of two pieces of one size the first in the stack stays.
    """
    out = np.zeros_like(mask)
    boxes = scipy.ndimage.find_objects(mask)
    for value in class_values:
        box = boxes[value - 1] if value <= len(boxes) else None
        if box is not None:
            pieces, _ = scipy.ndimage.label(mask[box] == value, structure=_TOUCHING)
            sizes = np.bincount(pieces.ravel())
            sizes[0] = 0
            out[box][pieces == sizes.argmax()] = value
    return out


def write_stack(path: Path, mask: npt.NDArray[np.uint8], project: Path, source: CaseInput) -> None:
    """Write a mask ``(slice, row, column)`` as NIfTI on the canonical grid of the project's volume of the case."""
    path.parent.mkdir(parents=True, exist_ok=True)
    geometry = read_volume(project, source).geometry
    write_mask(path, np.ascontiguousarray(from_stack(mask, source.acquisition_axis)), geometry)


def predict_case(
    model: UNet,
    project: Path,
    model_run: str,
    source: CaseInput,
    case: PoolCase,
    class_values: tuple[int, ...],
    settings: PredictSettings,
    compute: Compute,
    *,
    flip: bool,
    should_stop: Callable[[], bool],
) -> Iterator[CasePredicted]:
    """Segment one case and write ``predictions/<model run>/<case>.nii.gz`` and ``<case>.uncertainty.npy``.

    The mask lies on the canonical grid of the project volume, voxel for voxel; the uncertainty is a stack.
    """
    found = predict_stack(model, case, class_values, settings, compute, flip=flip, should_stop=should_stop)
    if found is None:
        return
    mask, doubt = found
    folder = project / "predictions" / model_run
    buffer = io.BytesIO()
    np.save(buffer, doubt, allow_pickle=False)
    path = folder / f"{source.case}.nii.gz"
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / f"{source.case}.uncertainty.npy", buffer.getvalue())
    write_stack(path, mask, project, source)
    yield CasePredicted(case=source.case, mask=path.relative_to(project).as_posix(), sha256=sha256_of(path))

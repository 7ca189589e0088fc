"""Whether a volume is probably a mask: by what it holds, and by what its file is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_MASK_VALUES = 60
"""A mask holds whole numbers, and few different ones."""
_SAMPLED = 32
_WORD = r"(?:seg|segs|segmentation|segmentations|mask|masks|label|labels|labelmap|roi|gt)"
_SAYS_MASK = re.compile(rf"^{_WORD}[-_. ]+|[-_. ]+{_WORD}$", re.IGNORECASE)


def looks_like_mask(voxels: npt.NDArray[Any]) -> bool:
    """Whether voxels are few different whole numbers from 0 to 255, as those of masks are.

    Args:
        voxels: ``(x, y, z)`` in any order of axes, of any number type, intensities as in the file.

    """
    some = voxels[tuple(slice(None, None, max(1, count // _SAMPLED)) for count in voxels.shape)]
    return _few(some) and _few(voxels)  # an image gives itself away in a few thousand of its voxels


def without_mask_word(name: str) -> str | None:
    """What a mask is a mask of, by its name: ``Pat_19`` of ``Pat_19_seg``; None where the name says nothing of it."""
    image = _SAYS_MASK.sub("", name)
    return image if image and image != name else None


def _few(voxels: npt.NDArray[Any]) -> bool:
    values = np.unique(voxels)
    return 0 < len(values) <= _MASK_VALUES and bool(
        np.all(values == np.round(values)) and values[0] >= 0 and values[-1] <= np.iinfo(np.uint8).max
    )

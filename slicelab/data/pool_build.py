"""One volume into one pool file: bias field, normalisation to [0, 1], in-plane resampling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from slicelab.data.resample import Frame
    from slicelab.jobs.settings import PoolSettings

_N4_SHRINK_TO = 64
"""N4 fits its field on slices of about this many rows, which takes seconds a volume instead of minutes."""
_LEAST_SLICES = 4
_TINY = 1e-12


class StoppedError(Exception):
    """The work on a volume was given up because the job was asked to stop."""


def normalised_stack(
    stack: npt.NDArray[Any], frame: Frame, settings: PoolSettings, should_stop: Callable[[], bool] = lambda: False
) -> npt.NDArray[np.float16]:
    """The pool slices of one volume.

    Args:
        stack: ``(slice, row, column)``, any real dtype; what is not finite counts as the smallest finite value.
        frame: where the pool pixels lie.
        settings: preprocessing.
        should_stop: asked at each iteration of the bias-field correction.

    Returns:
        ``(slice, row, column)``, float16, 0 to 1 between the two percentiles, 0 outside the field of view.

    Raises:
        StoppedError: ``should_stop`` said so.

    """
    voxels = _finite(stack)
    if settings.n4:
        voxels = bias_corrected(voxels, should_stop)
    low, high = _range(voxels, settings)
    scaled = (voxels - low) / max(high - low, _TINY)
    if settings.clip:
        scaled = np.clip(scaled, 0.0, 1.0)
    # float16 holds up to 65504; an unclipped outlier must not become infinite.
    return np.clip(frame.to_pool(scaled), -6e4, 6e4).astype(np.float16)


def bias_corrected(
    voxels: npt.NDArray[np.float32], should_stop: Callable[[], bool] = lambda: False
) -> npt.NDArray[np.float32]:
    """N4 bias-field correction (Tustison 2010) with C's settings: 4 levels of 50 iterations, convergence 1e-3.

    The field is fitted on shrunken slices and applied at full resolution. Fewer than four slices cannot carry the
    spline and stay as they are.

    Raises:
        StoppedError: ``should_stop`` said so.

    """
    if voxels.shape[0] < _LEAST_SLICES:
        return voxels
    import SimpleITK as sitk

    class GiveUp(sitk.Command):
        """Ends the filter with an error: Abort() would be looked at only after the last iteration."""

        def __init__(self) -> None:
            sitk.Command.__init__(self)

        def Execute(self) -> None:
            if should_stop():
                raise StoppedError

    give_up = GiveUp()
    positive = voxels - voxels.min() + 1.0
    image = sitk.GetImageFromArray(positive)
    shrink = max(1, round(max(voxels.shape[1:]) / _N4_SHRINK_TO))
    small = sitk.Shrink(image, [shrink, shrink, 1])
    mask = sitk.OtsuThreshold(small, 0, 1, 200)
    corrector = sitk.N4BiasFieldCorrectionImageFilter()
    # Each level doubles the spline's nodes; fewer slices than that cannot carry four levels.
    corrector.SetMaximumNumberOfIterations([50] * (4 if voxels.shape[0] >= 8 else 1))
    corrector.SetConvergenceThreshold(1e-3)
    corrector.AddCommand(sitk.sitkIterationEvent, give_up)
    try:
        corrector.Execute(small, mask)
    except RuntimeError:
        if should_stop():
            raise StoppedError from None
        return voxels  # no foreground to fit a field to, such as a constant image
    field = sitk.GetArrayFromImage(corrector.GetLogBiasFieldAsImage(image))
    corrected: npt.NDArray[np.float32] = (positive / np.exp(field)).astype(np.float32)
    return corrected


def _finite(stack: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    voxels = np.ascontiguousarray(stack, dtype=np.float32)
    good = np.isfinite(voxels)
    if good.all():
        return voxels
    floor = float(voxels[good].min()) if good.any() else 0.0
    return np.where(good, voxels, np.float32(floor))


def _range(voxels: npt.NDArray[np.float32], settings: PoolSettings) -> tuple[float, float]:
    if settings.normalise == "minmax":
        return float(voxels.min()), float(voxels.max())
    low, high = np.percentile(voxels, [settings.low_percentile, settings.high_percentile])
    return float(low), float(high)

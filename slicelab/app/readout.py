"""What is read out under the mouse, in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.app.desks.project_desk import OpenCase
    from slicelab.app.seen import Seen
    from slicelab.core.labels import LabelClass

_SIDES = (("L", "R"), ("P", "A"), ("I", "S"))


def read_out(
    case: OpenCase, seen: Seen | None, classes: Sequence[LabelClass], index: tuple[int, int, int]
) -> tuple[str, ...]:
    """Class and intensity, voxel (column, row, slice, from 1), place in the patient.

    Args:
        case: the open case.
        seen: the image one looks at; None for the labelled one.
        classes: the project's classes.
        index: slice, row, column, from 0.

    """
    from slicelab.app.canvas.planes import Plane, to_canonical

    view = case.view
    value = int(case.labels[index])
    name = next((f"{item.name} · " for item in classes if item.value == value), "")
    canonical = to_canonical(index, view.geometry.shape, Plane(view.geometry.acquisition_axis))
    places = view.geometry.to_mm(canonical)
    mm = "  ".join(
        f"{high if place >= 0 else low} {abs(place):.0f}"
        for place, (low, high) in zip(places.tolist(), _SIDES, strict=True)
    )
    at, row, column = (place + 1 for place in index)
    image = f"{seen.name} " if seen is not None and seen.name else ""
    intensity = (view.image if seen is None else seen.image)[index]
    return f"{name}{image}intensity {intensity:,.4g}", f"voxel {column}, {row}, {at}", f"{mm} mm"

"""The abdomen: liver with vessels, kidneys and spleen among the organs that look like them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.data.phantoms.anatomy import (
    Anatomy,
    draw_roughness,
    draw_warp,
    jitter,
)
from slicelab.data.phantoms.gut import draw_gut, draw_stomach
from slicelab.data.phantoms.organs import CLASS_NAMES, LEFT_KIDNEY, RIGHT_KIDNEY, draw_kidney, draw_liver, draw_spleen
from slicelab.data.phantoms.trunk import Frame, draw_great_vessels, draw_spine, draw_wall

if TYPE_CHECKING:
    import numpy as np


def draw_abdomen(rng: np.random.Generator) -> Anatomy:
    """Draw one subject's abdomen.

    Positions are given in the half width and half depth of the space within the muscle wall, so that organs
    keep their neighbours in slim and in stout subjects.
    """
    warp = draw_warp(rng, jitter(rng, (0, 0, 0), 9.0), float(rng.normal(0, 3.5)))
    rough = draw_roughness(rng)
    frame = Frame(rng)
    strokes = [*draw_wall(rng, frame), *draw_gut(rng, frame)]
    strokes += [*draw_liver(rng, frame), *draw_spleen(rng, frame), *draw_stomach(rng, frame)]
    strokes += draw_spine(rng, frame)
    for side, label in ((1.0, RIGHT_KIDNEY), (-1.0, LEFT_KIDNEY)):
        strokes += draw_kidney(rng, frame, side, label)
    strokes += draw_great_vessels(rng, frame)
    return Anatomy(CLASS_NAMES, tuple(strokes), warp, rough, frame.shared)

"""How well streaks are removed from simulated multi-coil radial scans of phantoms.

Synthetic data only: the figures say that the program works and where its limits are, nothing about patients.

    python benchmarks/destreaking.py             # 10 anatomies, under a minute of processor time
    python benchmarks/destreaking.py --seeds 3

Prints one JSON object; exit code 1 where a goal is missed at moderate strength.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from skimage.metrics import structural_similarity

from slicelab.data.phantoms.radial import make_radial_scan
from slicelab.data.radial.combine import sum_of_squares
from slicelab.data.radial.destreak import CoilSlice, Settings, destreak
from slicelab.data.radial.gridding import Gridding, centre_crop
from slicelab.data.radial.null_space import interference, lost_brightness, null_images
from slicelab.data.radial.regions import body_of, low_resolution
from slicelab.data.radial.streaks import measure

if TYPE_CHECKING:
    from slicelab.data.radial.destreak import Method

ENERGY_DOWN = 5.0
SSIM_WITHIN = 0.05
MATRIX = 96
SETUPS = [(coils, sources, strength) for coils in (8, 16) for sources in (0, 1, 2) for strength in (0.005, 0.015, 0.03)]
MODERATE = 0.015

Picture = npt.NDArray[Any]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10, help="anatomies")
    options = parser.parse_args()
    rows = []
    for coils, sources, strength in SETUPS:
        if sources == 0 and strength != SETUPS[0][2]:
            continue
        scans = [_measure(seed, coils, sources, strength) for seed in range(options.seeds)]
        rows.append({"coils": coils, "sources": sources, "strength": strength, **_summary(scans)})
        print(rows[-1], file=sys.stderr)
    missed = [
        row
        for row in rows
        if row["coils"] == 8
        and row["sources"] > 0
        and row["strength"] <= MODERATE
        and any(
            row["methods"][m]["energy_down_worst"] < ENERGY_DOWN or row["methods"][m]["ssim_gap_worst"] > SSIM_WITHIN
            for m in _METHODS
        )
    ]
    missed += [row for row in rows if row["sources"] == 0 and row["changed"]]
    print(json.dumps({"synthetic": True, "seeds": options.seeds, "rows": rows, "goals_met": not missed}, indent=1))
    return 1 if missed else 0


_METHODS: tuple[Method, ...] = ("coils", "null-space")


def _measure(seed: int, coils: int, sources: int, strength: float) -> dict[str, Any]:
    """One scan: both methods against the streak-free scan, in the body."""
    scan = make_radial_scan(
        seed, coils=coils, matrix=MATRIX, spokes=MATRIX, streaking=sources, strength=strength, golden=seed % 2 == 1
    )
    gridding = Gridding.of(scan.angles, 2 * MATRIX)
    images, clean = (np.ascontiguousarray(centre_crop(gridding.images(k), (MATRIX,) * 2)) for k in _both(scan))
    body = body_of(low_resolution(clean))
    streak_free, untouched = sum_of_squares(clean), sum_of_squares(images)
    found: dict[str, Any] = {"ssim_before": _ssim(untouched, streak_free, body)}
    for method in _METHODS:
        result = destreak([CoilSlice(images)], Settings(method))
        kept = [coil for coil in range(coils) if coil not in result.dropped]
        best = sum_of_squares(clean[kept])
        if result.ranks[0]:
            measured = measure(images)
            assert measured is not None
            basis = interference(measured)
            best = lost_brightness(clean, basis) * sum_of_squares(null_images(clean, basis))
        was, left = (float(np.sum((a - b)[body] ** 2)) for a, b in ((untouched, streak_free), (result.stack[0], best)))
        found[method] = {
            "dropped": len(result.dropped),
            "rank": result.ranks[0],
            "energy_down": was / left if left > 0 else None,
            "ssim": _ssim(result.stack[0], streak_free, body),
            "ssim_possible": _ssim(best, streak_free, body),
        }
    return found


def _both(scan: Any) -> tuple[Picture, Picture]:
    return scan.kspace, scan.clean


def _ssim(image: Picture, reference: Picture, body: Picture) -> float:
    scale = np.percentile(reference, 99.5)
    _, each = structural_similarity(image / scale, reference / scale, data_range=1.0, full=True)
    return float(each[body].mean())


def _summary(scans: list[dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "ssim_before": round(float(np.mean([s["ssim_before"] for s in scans])), 3),
        "changed": sum(bool(s[m]["dropped"] or s[m]["rank"]) for s in scans for m in _METHODS),
    }
    row["methods"] = {}
    for method in _METHODS:
        each = [s[method] for s in scans]
        factors = [e["energy_down"] for e in each if e["energy_down"] is not None]
        row["methods"][method] = {
            "energy_down_median": round(float(np.median(factors)), 1) if factors else None,
            "energy_down_worst": round(min(factors), 1) if factors else None,
            "ssim": round(float(np.mean([e["ssim"] for e in each])), 3),
            "ssim_possible": round(float(np.mean([e["ssim_possible"] for e in each])), 3),
            "ssim_gap_worst": round(max(e["ssim_possible"] - e["ssim"] for e in each), 3),
            "dropped": round(float(np.mean([e["dropped"] for e in each])), 1),
            "rank": round(float(np.mean([e["rank"] for e in each])), 1),
        }
    return row


if __name__ == "__main__":
    sys.exit(main())

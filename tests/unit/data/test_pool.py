"""The slice pool: pixels lie where they should, settings never mix, and two builders do not disturb each other."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.pool import build, choose_pixel_mm, pool_folder, resolved
from slicelab.data.pool_build import normalised_stack
from slicelab.data.resample import frame_for
from slicelab.data.writers import write_volume
from slicelab.jobs.settings import PoolSettings
from slicelab.jobs.specs import CaseInput

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = PoolSettings(matrix=64, pixel_mm=1.5)


def a_case(project: Path, number: int = 1, axis: int = 2, shape: tuple[int, int, int] = (5, 50, 70)) -> CaseInput:
    """A random stack with slices along a canonical axis, as a project volume."""
    (project / "volumes").mkdir(exist_ok=True)
    stack = np.random.default_rng(number).normal(100, 20, shape).astype(np.int16)
    voxels = np.ascontiguousarray(from_stack(stack, axis))
    spacing = np.full(3, 1.2)
    spacing[axis] = 4.0
    geometry = Geometry(voxels.shape, np.diag([*spacing, 1.0]), axis)
    case = f"c{number:04d}"
    sha = write_volume(project / "volumes" / f"{case}.nii", Volume(voxels, geometry))
    return CaseInput(case=case, patient="p0001", volume=f"volumes/{case}.nii", sha256=sha, acquisition_axis=axis)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_case_becomes_normalised_slices_of_the_pool_pixel_size(tmp_path: Path, axis: int) -> None:
    (case,) = build(tmp_path, SETTINGS, (a_case(tmp_path, axis=axis),))
    assert case.slices.dtype == np.float16
    assert case.slices.shape == (5, 64, 64)  # 50 x 70 pixels of 1.2 mm are 40 x 56 of 1.5 mm
    assert case.frame.native == (50, 70)
    assert float(case.slices.min()) == 0.0
    assert 0.8 < float(case.slices.max()) <= 1.0
    assert not case.frame.inside()[:10].any()
    assert case.slices[:, ~case.frame.inside()].max() == 0


@pytest.mark.parametrize(
    ("native", "spacing", "pixel"),
    [((64, 64), (1.0, 1.0), 1.0), ((61, 83), (0.7, 1.3), 1.1), ((200, 33), (0.5, 3.0), 1.6), ((7, 9), (5.0, 4.0), 1.0)],
)
def test_a_ramp_in_mm_is_the_same_ramp_after_resampling(
    native: tuple[int, int], spacing: tuple[float, float], pixel: float
) -> None:
    frame = frame_for(native, spacing, pixel, 32)
    y = (np.arange(native[0]) - (native[0] - 1) / 2) * spacing[0]
    x = (np.arange(native[1]) - (native[1] - 1) / 2) * spacing[1]
    ramp = (y[:, None] + 3 * x[None]).astype(np.float32)[None]
    there = frame.to_pool(ramp)
    py = (np.arange(frame.pool[0]) - (frame.pool[0] - 1) / 2) * pixel
    px = (np.arange(frame.pool[1]) - (frame.pool[1] - 1) / 2) * pixel
    expected = py[:, None] + 3 * px[None]
    rim = max(*spacing, pixel)
    deep = (np.abs(py) < np.abs(y).max() - rim)[:, None] & (np.abs(px) < np.abs(x).max() - rim)[None]
    assert deep.any()
    assert np.abs(there[0] - expected)[deep].max() < 3 * 0.1 * rim  # a tenth of a pixel on a slope of 3
    rows, columns = frame.native_weights()
    back = rows @ there @ columns.T
    assert back.shape == ramp.shape
    middle = (np.abs(y) < np.abs(y).max() - 3 * rim)[:, None] & (np.abs(x) < np.abs(x).max() - 3 * rim)[None]
    if middle.any():
        assert np.abs(back - ramp)[0][middle].max() < 3 * 0.1 * rim  # a tenth of a pixel on a slope of 3


def test_masks_of_equal_pixels_come_back_voxel_for_voxel() -> None:
    frame = frame_for((64, 96), (1.0, 1.0), 1.0, 32)
    masks = np.random.default_rng(0).integers(0, 4, (3, 64, 96)).astype(np.uint8)
    assert np.array_equal(frame.mask_to_pool(masks), masks)
    rows, columns = frame.native_weights()
    shares = np.stack([rows @ frame.to_pool(masks == k) @ columns.T for k in range(4)])
    assert np.array_equal(shares.argmax(axis=0), masks)


def test_shrinking_averages_instead_of_skipping() -> None:
    frame = frame_for((128, 128), (0.5, 0.5), 2.0, 32)
    stripes = np.zeros((1, 128, 128), np.float32)
    stripes[:, ::2] = 1.0  # finer than a pool pixel
    assert np.abs(frame.to_pool(stripes)[0, 2:-2] - 0.5).max() < 0.05


def test_the_second_build_reads_what_the_first_made_and_a_changed_volume_is_made_again(tmp_path: Path) -> None:
    case = a_case(tmp_path)
    list(build(tmp_path, SETTINGS, (case,)))
    file = pool_folder(tmp_path, SETTINGS) / "c0001.npy"
    stamp = file.stat().st_mtime_ns
    (again,) = build(tmp_path, SETTINGS, (case,))
    assert file.stat().st_mtime_ns == stamp
    assert not again.slices.flags.writeable
    list(build(tmp_path, SETTINGS, (case.model_copy(update={"sha256": "other"}),)))
    assert file.stat().st_mtime_ns != stamp


@pytest.mark.parametrize("damage", ["side file", "array", "cut array"])
def test_a_damaged_pool_file_is_made_again(tmp_path: Path, damage: str) -> None:
    case = a_case(tmp_path)
    (first,) = build(tmp_path, SETTINGS, (case,))
    kept = np.array(first.slices)
    folder = pool_folder(tmp_path, SETTINGS)
    file = folder / ("c0001.json" if damage == "side file" else "c0001.npy")
    file.write_bytes(file.read_bytes()[:200] if damage == "cut array" else b"{")
    (again,) = build(tmp_path, SETTINGS, (case,))
    assert np.array_equal(again.slices, kept)


def test_other_settings_have_another_folder_but_the_matrix_is_shared(tmp_path: Path) -> None:
    here = pool_folder(tmp_path, SETTINGS)
    assert pool_folder(tmp_path, SETTINGS.model_copy(update={"clip": False})) != here
    assert pool_folder(tmp_path, SETTINGS.model_copy(update={"pixel_mm": 1.4})) != here
    assert pool_folder(tmp_path, SETTINGS.model_copy(update={"matrix": 96})) == here


def test_two_builders_at_once_leave_a_whole_pool(tmp_path: Path) -> None:
    cases = tuple(a_case(tmp_path, number) for number in range(1, 5))
    one, two = build(tmp_path, SETTINGS, cases), build(tmp_path, SETTINGS, cases)
    for a, b in zip(one, two, strict=True):
        assert np.array_equal(a.slices, b.slices)
    assert not list(pool_folder(tmp_path, SETTINGS).glob("*tmp*"))


def test_a_project_keeps_its_pixel_size(tmp_path: Path) -> None:
    free = PoolSettings(matrix=64)
    first = resolved(free, tmp_path, (a_case(tmp_path, 1),))
    assert first.pixel_mm == pytest.approx(70 * 1.2 / 64, abs=1e-4)
    later = resolved(free, tmp_path, (a_case(tmp_path, 2, shape=(5, 200, 200)),))
    assert later.pixel_mm == first.pixel_mm
    assert resolved(SETTINGS, tmp_path, ()).pixel_mm == 1.5


def test_the_median_field_of_view_fills_the_matrix() -> None:
    assert choose_pixel_mm([(200.0, 200.0), (140.0, 130.0), (100.0, 200.0)], 128) == pytest.approx(1.5625, abs=1e-4)
    with pytest.raises(SlicelabError):
        choose_pixel_mm([], 128)


def test_by_minimum_and_maximum_the_darkest_voxel_is_0_and_the_brightest_1() -> None:
    stack = np.random.default_rng(0).uniform(100, 200, (3, 32, 32))
    stack[1, 4, 5], stack[2, 20, 9] = -40, 960
    frame = frame_for((32, 32), (1.0, 1.0), 1.0, 32)
    made = normalised_stack(stack, frame, SETTINGS.model_copy(update={"normalise": "minmax"}))
    assert (made[1, 4, 5], made[2, 20, 9]) == (0.0, 1.0)
    np.testing.assert_allclose(made, (stack + 40) / 1000, atol=1e-3)


def test_without_clipping_what_lies_beyond_the_percentiles_stays_beyond_0_and_1() -> None:
    stack = np.random.default_rng(0).uniform(100, 200, (3, 32, 32))
    stack[1, 4, 5], stack[2, 20, 9] = -100, 400
    frame = frame_for((32, 32), (1.0, 1.0), 1.0, 32)
    settings = SETTINGS.model_copy(update={"low_percentile": 1.0, "high_percentile": 99.0})
    free, clipped = (normalised_stack(stack, frame, settings.model_copy(update={"clip": c})) for c in (False, True))
    low, high = np.percentile(stack, [1, 99])
    assert free[1, 4, 5] == pytest.approx((-100 - low) / (high - low), abs=2e-3)
    assert free[2, 20, 9] == pytest.approx((400 - low) / (high - low), abs=2e-3)
    assert (clipped[1, 4, 5], clipped[2, 20, 9]) == (0.0, 1.0)
    np.testing.assert_array_equal(np.clip(free, 0, 1), clipped)


@pytest.mark.parametrize("kind", ["constant", "nan", "all nan", "infinite", "int16", "bool"])
def test_odd_voxels_give_finite_slices(kind: str) -> None:
    stack = np.random.default_rng(0).normal(50, 10, (3, 20, 20))
    if kind == "constant":
        stack[:] = 7
    elif kind == "nan":
        stack[0, :5] = np.nan
    elif kind == "all nan":
        stack[:] = np.nan
    elif kind == "infinite":
        stack[1, 1, 1], stack[1, 1, 2] = np.inf, -np.inf
    elif kind == "int16":
        stack = stack.astype(np.int16)
    elif kind == "bool":
        stack = stack > 50
    frame = frame_for((20, 20), (1.0, 1.0), 1.0, 32)
    for clip in (True, False):
        made = normalised_stack(stack, frame, SETTINGS.model_copy(update={"clip": clip}))
        assert np.isfinite(made).all()


def test_bias_correction_flattens_a_smooth_field() -> None:
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:48, :48] / 48
    body = ((y - 0.5) ** 2 + (x - 0.5) ** 2 < 0.2)[None].repeat(8, 0)
    field = np.exp(0.8 * (x + y - 1))[None]
    stack = (body * 100 * field + rng.normal(0, 2, body.shape)).astype(np.float32)
    frame = frame_for((48, 48), (1.0, 1.0), 1.0, 16)
    plain, corrected = (
        normalised_stack(stack, frame, SETTINGS.model_copy(update={"n4": n4}))[:, body[0]].astype(np.float32)
        for n4 in (False, True)
    )
    assert corrected.std() / corrected.mean() < 0.6 * plain.std() / plain.mean()


def test_bias_correction_can_be_stopped_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    answers = iter([False])  # before the case; then true, at the first iteration
    settings = SETTINGS.model_copy(update={"n4": True})
    assert not list(build(tmp_path, settings, (a_case(tmp_path),), lambda: next(answers, True)))
    assert not pool_folder(tmp_path, settings).exists()


def test_a_constant_volume_survives_bias_correction() -> None:
    frame = frame_for((48, 48), (1.0, 1.0), 1.0, 16)
    settings = SETTINGS.model_copy(update={"n4": True})
    assert np.isfinite(normalised_stack(np.full((6, 48, 48), 5.0), frame, settings)).all()


def test_a_missing_volume_is_named_by_its_case_id_alone(tmp_path: Path) -> None:
    case = a_case(tmp_path)
    (tmp_path / case.volume).unlink()
    with pytest.raises(SlicelabError, match="case c0001 is missing"):
        list(build(tmp_path, SETTINGS, (case,)))


def test_a_build_that_is_stopped_stands_as_far_as_it_came(tmp_path: Path) -> None:
    cases = (a_case(tmp_path, 1), a_case(tmp_path, 2))
    answers = iter([False, True])
    assert [c.case for c in build(tmp_path, SETTINGS, cases, lambda: next(answers))] == ["c0001"]
    assert json.loads((pool_folder(tmp_path, SETTINGS) / "c0001.json").read_text())["slices"] == 5


def test_importing_the_pool_needs_no_reader_and_no_window() -> None:
    code = "import sys, slicelab.data.pool, slicelab.data.snapshot; print(*sorted(sys.modules))"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"nibabel", "SimpleITK", "torch", "PySide6", "napari"} & set(names)

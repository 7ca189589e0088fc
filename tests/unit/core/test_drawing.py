"""Painting by pure functions: rules hold, millimetres are millimetres, outlines go from slice to slice."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slicelab.core.drawing.between import Gap, copied, gap_around, gaps, interpolated
from slicelab.core.drawing.intensity import in_range, like_seed, region_grown, within
from slicelab.core.drawing.live_wire import live_wire
from slicelab.core.drawing.mend import Mend, mended
from slicelab.core.drawing.pieces import holes_filled, islands_removed
from slicelab.core.drawing.polygon import filled_polygon
from slicelab.core.drawing.rule import DrawRule, Over, allowed, among, other_values, permitted
from slicelab.core.drawing.shape import grown, shrunk, smoothed
from slicelab.core.metrics import dice

FREE = DrawRule()
SPACING = (3.0, 0.8, 1.5)


def ball(radius_mm: float, spacing: tuple[float, float, float] = SPACING, shape: tuple[int, int, int] = (17, 70, 40)):
    """A ball in the middle of a stack, class 1."""
    return within(shape, tuple(n // 2 for n in shape), radius_mm, spacing).astype(np.uint8)


def turns(masks: np.ndarray) -> int:
    """How often rows of the first slice go in and out of the mask."""
    return int(np.abs(np.diff(masks[0].astype(int), axis=1)).sum())


def patches(seed: int, shape: tuple[int, int, int] = (3, 24, 20)) -> np.ndarray:
    """Blobs of classes 1-3 in confusion."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(0, 4, (shape[0], shape[1] // 4, shape[2] // 4)), np.ones((1, 4, 4))).astype(np.uint8)


# -- the rule --


@given(seed=st.integers(0, 10_000), over=st.sampled_from(Over), locked=st.frozensets(st.integers(1, 3)))
def test_a_rule_lets_through_what_it_says_and_nothing_else(seed: int, over: Over, locked: frozenset[int]) -> None:
    before, after = patches(seed), patches(seed + 1)
    rule = DrawRule(over, locked)
    made = allowed(before, after, rule)
    assert ((made == before) | (made == after)).all()
    if over is not Over.EVERYTHING:
        held = np.isin(before, list(locked))
        np.testing.assert_array_equal(made[held], before[held])
    if over is Over.BACKGROUND:
        covered = (before > 0) & (after > 0)
        np.testing.assert_array_equal(made[covered], before[covered])
    if over is Over.EVERYTHING:
        np.testing.assert_array_equal(made, after)
    for value in (0, 1):
        whole = np.full_like(before, value)
        np.testing.assert_array_equal(
            allowed(before, whole, rule) == value, permitted(before, value, rule) | (before == value)
        )


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), mend=st.sampled_from(Mend), over=st.sampled_from([Over.UNLOCKED, Over.BACKGROUND]))
def test_no_mending_touches_a_locked_class_or_the_array_it_is_given(seed: int, mend: Mend, over: Over) -> None:
    before = patches(seed)
    given_ = before.copy()
    after = mended(given_, 1, mend, 2.5, SPACING, DrawRule(over, frozenset({2})))
    np.testing.assert_array_equal(given_, before)
    np.testing.assert_array_equal(after == 2, before == 2)
    changed = after != before
    assert np.isin(after[changed], (0, 1)).all(), "only the mended class comes, or background"
    if over is Over.BACKGROUND:
        np.testing.assert_array_equal(after == 3, before == 3)


# -- shapes in mm --


@pytest.mark.parametrize("mm", [1.6, 3.0, 4.5])
def test_growing_reaches_as_many_mm_in_every_direction(mm: float) -> None:
    masks = np.zeros((1, 41, 41), np.uint8)
    masks[0, 20, 20] = 1
    made = grown(masks, 1, mm, SPACING, FREE)[0]
    rows, columns = np.nonzero(made)
    assert np.ptp(rows) // 2 == int(mm / SPACING[1] + 1e-9)
    assert np.ptp(columns) // 2 == int(mm / SPACING[2] + 1e-9)
    np.testing.assert_array_equal(made, within((41, 41), (20, 20), mm, SPACING[1:]))


def test_growing_stays_in_its_slice() -> None:
    masks = np.zeros((3, 9, 9), np.uint8)
    masks[1, 4, 4] = 1
    made = grown(masks, 1, 50.0, SPACING, FREE)
    assert made[1].all()
    assert not made[[0, 2]].any()


def test_a_round_mask_grown_then_shrunk_is_back() -> None:
    masks = ball(14.0)
    back = shrunk(grown(masks, 1, 4.0, SPACING, FREE), 1, 4.0, SPACING, FREE)
    assert (back >= masks).all(), "closing never loses a voxel"
    assert dice(back > 0, masks > 0) > 0.98


def test_shrinking_takes_the_rim_and_leaves_background() -> None:
    masks = np.full((1, 20, 20), 2, np.uint8)
    masks[0, 5:15, 5:15] = 1
    made = shrunk(masks, 1, 1.0, (5.0, 1.0, 1.0), FREE)
    np.testing.assert_array_equal(np.argwhere(made[0] == 1).min(axis=0), (6, 6))
    assert made[0, 5, 5] == 0
    assert (made[0, :5] == 2).all()


def test_smoothing_keeps_a_disc_and_takes_the_fringe() -> None:
    disc = ball(16.0)[8:9]
    rough = disc.copy()
    rng = np.random.default_rng(3)
    rim = grown(disc, 1, 1.5, SPACING, FREE) != shrunk(disc, 1, 1.5, SPACING, FREE)
    rough[rim] = rng.integers(0, 2, int(rim.sum()))
    smooth = smoothed(rough, 1, 2.0, SPACING, FREE)
    assert dice(smoothed(disc, 1, 2.0, SPACING, FREE) > 0, disc > 0) > 0.97
    assert dice(smooth > 0, disc > 0) > dice(rough > 0, disc > 0) + 0.01
    assert turns(smooth) <= turns(disc) + 4 < turns(rough)


# -- pieces --


def test_holes_are_filled_but_not_another_class_nor_a_bay() -> None:
    masks = np.zeros((1, 20, 20), np.uint8)
    masks[0, 2:18, 2:18] = 1
    masks[0, 5:9, 5:9] = 0
    masks[0, 12:14, 12:14] = 3
    masks[0, 2:10, 14] = 0
    made = holes_filled(masks, 1, FREE)
    assert (made[0, 5:9, 5:9] == 1).all()
    np.testing.assert_array_equal(made == 3, masks == 3)
    assert (made[0, 2:10, 14] == 0).all()


def test_specks_go_a_second_lobe_stays_and_corners_connect() -> None:
    masks = np.zeros((2, 30, 30), np.uint8)
    masks[0, 2:12, 2:12] = 1
    masks[0, 20:25, 20:25] = 1
    masks[0, 12, 12] = 1
    masks[0, 28, 1:3] = 1
    masks[1, 4, 4] = 1
    made = islands_removed(masks, 1, FREE)
    assert made[0, 22, 22] == 1
    assert made[0, 12, 12] == 1
    assert not made[0, 28].any()
    assert made[1, 4, 4] == 1, "alone on its slice, it is no island"


# -- between slices --


def test_gaps_lie_between_labelled_slices() -> None:
    labelled = [False, True, True, False, False, True, False]
    assert gaps(labelled) == (Gap(2, 5),)
    assert gap_around(labelled, 4) == Gap(2, 5)
    assert [gap_around(labelled, at) for at in (0, 2, 6)] == [None, None, None]
    assert gaps([False] * 3) == ()


@pytest.mark.parametrize("every", [2, 3, 4])
def test_a_ball_is_found_again_from_a_few_of_its_slices(every: int) -> None:
    masks = ball(22.0, (2.0, 0.8, 1.5), (25, 80, 44))
    labelled = [at % every == 0 for at in range(25)]
    made = masks.copy()
    made[[not known for known in labelled]] = 0
    for gap in gaps(labelled):
        for at, mask in interpolated(made, gap, (2.0, 0.8, 1.5)).items():
            made[at] = mask
    assert dice(made > 0, masks > 0) > 0.95


def test_two_classes_side_by_side_move_together_and_stay_apart() -> None:
    masks = np.zeros((5, 40, 60), np.uint8)
    for at, shift in ((0, 0), (4, 8)):
        masks[at, 10:30, 10 + shift : 25 + shift] = 1
        masks[at, 10:30, 25 + shift : 40 + shift] = 2
    middle = interpolated(masks, Gap(0, 4), (1.0, 1.0, 1.0))[2]
    assert (middle[15:25, 16:27] == 1).all()
    assert (middle[15:25, 31:42] == 2).all()
    assert set(interpolated(masks, Gap(0, 4), (1.0, 1.0, 1.0))) == {1, 2, 3}


def test_a_class_that_one_end_lacks_gets_smaller_and_ends_half_way() -> None:
    masks = np.zeros((9, 40, 40), np.uint8)
    masks[0] = within((40, 40), (20, 20), 12.0, (1.0, 1.0))
    sizes = [int(mask.sum()) for _, mask in sorted(interpolated(masks, Gap(0, 8), (2.0, 1.0, 1.0)).items())]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 250
    assert sizes[3:] == [0, 0, 0, 0]


def test_a_copied_neighbour_replaces_its_classes_and_obeys_the_rule() -> None:
    target, source = np.zeros((10, 10), np.uint8), np.zeros((10, 10), np.uint8)
    source[2:6, 2:6] = 1
    target[0:3, 0:3] = 1
    target[5:8, 5:8] = 2
    made = copied(target, source, DrawRule(locked=frozenset({2})))
    assert made[0, 0] == 0
    assert made[3, 3] == 1
    assert made[5, 5] == 2
    assert copied(target, source, FREE)[5, 5] == 1


# -- intensity --


def test_a_range_keeps_what_lies_in_it() -> None:
    intensity = np.arange(12.0).reshape(1, 3, 4)
    painted = np.ones((1, 3, 4), bool)
    painted[0, 1] = False
    np.testing.assert_array_equal(np.flatnonzero(in_range(painted, intensity, 2, 9)), [2, 3, 8, 9])


def test_the_adaptive_brush_stops_at_an_edge_and_does_not_jump_over_it() -> None:
    rng = np.random.default_rng(0)
    picture = rng.normal(100, 3, (1, 30, 30))
    picture[0, :, 14:16] = 200
    disc = within((1, 30, 30), (0, 15, 10), 8.0, (5.0, 1.0, 1.0))
    made = like_seed(disc, picture, (0, 15, 10), 12.0)
    assert made[0, 15, 3:13].all()
    assert not made[0, :, 14:].any(), "nor the same grey on the other side"


def test_region_growing_fills_the_organ_no_further_than_the_radius() -> None:
    rng = np.random.default_rng(1)
    organ = ball(18.0)
    picture = rng.normal(0, 4, organ.shape) + 100.0 * organ
    seed = tuple(n // 2 for n in organ.shape)
    whole = region_grown(picture, seed, 25.0, 100.0, SPACING)
    assert dice(whole, organ > 0) > 0.99
    near = region_grown(picture, seed, 25.0, 9.0, SPACING)
    np.testing.assert_array_equal(near, within(organ.shape, seed, 9.0, SPACING) & near)
    assert dice(near, within(organ.shape, seed, 9.0, SPACING)) > 0.99


# -- outlines --


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), corners=st.integers(3, 9))
def test_a_polygon_holds_the_centres_that_an_even_odd_count_says(seed: int, corners: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-4, 24, (corners, 2))
    made = filled_polygon([tuple(p) for p in points], (18, 20))
    for row, column in rng.integers(0, (18, 20), (25, 2)):
        crossings = 0
        for (r0, c0), (r1, c1) in zip(points, np.roll(points, -1, axis=0), strict=True):
            if (r0 <= row) != (r1 <= row) and c0 + (row - r0) * (c1 - c0) / (r1 - r0) <= column:
                crossings += 1
        assert made[row, column] == bool(crossings % 2)


def test_polygons_that_share_a_line_share_no_voxel_and_leave_none_out() -> None:
    left = filled_polygon([(-0.5, -0.5), (-0.5, 4.0), (9.5, 6.0), (9.5, -0.5)], (10, 10))
    right = filled_polygon([(-0.5, 4.0), (-0.5, 9.5), (9.5, 9.5), (9.5, 6.0)], (10, 10))
    assert (left ^ right).all()
    assert not filled_polygon([(1, 1), (5, 5)], (10, 10)).any()


def test_the_wire_follows_an_edge_that_a_straight_line_would_cut() -> None:
    disc = within((80, 80), (40, 40), 20.0, (1.0, 1.0))
    picture = disc * 100.0 + np.random.default_rng(2).normal(0, 3, disc.shape)
    way = np.array(live_wire(picture, (40, 20), (1.0, 1.0)).way_to((40.0, 60.0)))
    np.testing.assert_array_equal(way[[0, -1]], [(40, 20), (40, 60)])
    assert (np.abs(np.diff(way, axis=0)).max(axis=1) == 1).all(), "without gaps"
    radius = np.hypot(*(way - 40).T)
    assert np.abs(radius - 20.0).max() < 3.0, "round the disc, not through it"


def test_the_wire_measures_ways_in_mm() -> None:
    flat = np.zeros((21, 21))
    way = live_wire(flat, (10, 0), (1.0, 10.0)).way_to((10.0, 20.0))
    assert {row for row, _ in way} == {10}, "no detour over flat ground"
    assert live_wire(flat, (0, 0), (1.0, 1.0)).way_to((500.0, 500.0))[-1] == (20, 20)


@pytest.mark.real_data
def test_every_third_slice_of_a_liver_study_gives_most_of_the_others(real_data: Path) -> None:
    mask = nib.load(real_data / "liver_chaos_t2" / "labelsTr" / "liver_01.nii.gz")
    across, down, apart = (float(size) for size in mask.header.get_zooms()[:3])
    reference = (np.moveaxis(np.asarray(mask.dataobj), 2, 0) == 1).astype(np.uint8)
    labelled = [at % 3 == 0 for at in range(len(reference))]
    made: dict[int, np.ndarray] = {}
    for gap in gaps(labelled):
        made |= interpolated(reference, gap, (apart, across, down))
    slices = sorted(made)
    assert dice(np.stack([made[at] for at in slices]) > 0, reference[slices] > 0) > 0.9


def test_voxels_of_removed_classes_are_covered_under_no_rule() -> None:
    before = np.array([0, 1, 4, 4], np.uint8)
    removed = other_values((1, 2))
    assert 4 in removed
    assert not removed & {0, 1, 2}
    for over in Over:
        rule = DrawRule(over, removed=removed)
        assert permitted(before, 0, rule).tolist() == [True, True, False, False]
        assert allowed(before, np.full(4, 2, np.uint8), rule)[2:].tolist() == [4, 4]
    assert among((1, 2), before, np.array([4, 0, 1, 0], np.uint8)).tolist() == [0, 0, 4, 4]

"""The window's pure parts: planes, outlines, ledger, words, actions. No display is needed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slicelab.app import window_presets, words
from slicelab.app.canvas.arrangement import Arrangement, arrange
from slicelab.app.canvas.lasso import Lasso
from slicelab.app.canvas.limits import painted_part
from slicelab.app.canvas.outlines import outlines
from slicelab.app.canvas.planes import Plane, to_canonical, to_plane, touched_slices
from slicelab.app.canvas.tools import Hand, MaskLook, MaskStyle, Tool
from slicelab.app.commands.table import ACTIONS
from slicelab.app.desks.label_desk import ActivityClock, drafts, next_needed
from slicelab.app.models import model_in_use, model_name, model_rows
from slicelab.app.notice import message_of
from slicelab.app.panels.brush_box import next_brush
from slicelab.app.panels.ledger_layout import LedgerLayout, TickState, tick_states
from slicelab.core.drawing.rule import DrawRule
from slicelab.core.durations import duration
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.geometry import to_stack
from slicelab.core.labels import SliceState
from slicelab.engine.status import JobStatus
from slicelab.engine.views import RunSummary
from slicelab.engine.windows import ImageWindows

D, F, U = SliceState.DONE, SliceState.DRAFT, SliceState.UNLABELLED


@pytest.mark.parametrize(("a", "b"), list(itertools.product(range(3), range(3))))
def test_an_index_carried_to_another_plane_names_the_same_voxel(a: int, b: int, rng: np.random.Generator) -> None:
    volume = np.arange(5 * 6 * 7).reshape(5, 6, 7)
    for _ in range(10):
        index = tuple(int(rng.integers(n)) for n in to_stack(volume, a).shape)
        canonical = to_canonical(index, volume.shape, Plane(a))
        other = to_plane(canonical, volume.shape, Plane(b))
        assert to_stack(volume, a)[index] == volume[canonical] == to_stack(volume, b)[other]


def test_planes_are_views_of_one_memory() -> None:
    stack = np.zeros((4, 5, 6), np.uint8)
    for axis in range(3):
        assert np.shares_memory(Plane(axis).view(stack, 2), stack)


def test_an_edit_across_slices_names_each_slice_it_changed() -> None:
    before = np.zeros((6, 8, 8), np.uint8)
    after = before.copy()
    sagittal = Plane(0)
    view = sagittal.view(after, 2)
    view[3, 1:4, 2] = 1
    changed = touched_slices(before, after, sagittal, 2, 3)
    assert changed == tuple(int(s) for s in np.flatnonzero(after.any(axis=(1, 2))))
    assert len(changed) == 3


def test_a_stroke_that_changes_nothing_touches_no_slice() -> None:
    stack = np.ones((3, 4, 4), np.uint8)
    assert touched_slices(stack, stack.copy(), Plane(2), 2, 1) == ()


def test_a_ball_names_every_slice_it_reached_and_no_other() -> None:
    before = np.zeros((9, 6, 6), np.uint8)
    after = before.copy()
    after[3:6, 2, 2] = 1
    after[8, 0, 0] = 1  # painted elsewhere, saved elsewhere
    assert touched_slices(before, after, Plane(2), 2, 4, 1) == (3, 4, 5)
    assert touched_slices(before, after, Plane(2), 2, 4, 20) == (3, 4, 5, 8)


@given(mm=st.floats(0.5, 60.0))
def test_brush_sizes_go_up_and_down_the_same_ladder(mm: float) -> None:
    rung = next_brush(mm, 1)
    assert mm < rung <= 60.0 or mm == rung == 60.0
    if rung < 60.0:
        assert next_brush(next_brush(rung, 1), -1) == rung
    assert 0.5 <= next_brush(mm, -1) <= mm


def test_an_outline_grows_by_clicks_and_drags_and_goes_back_corner_by_corner() -> None:
    lasso = Lasso().look(((9.0, 9.0),))
    assert not lasso.open
    lasso = lasso.click(((0.0, 0.0),)).drag((0.1, 0.1)).drag((0.0, 2.0)).drag((0.0, 4.0))
    assert lasso.points == ((0.0, 0.0), (0.0, 2.0), (0.0, 4.0)), "a line freehand, without points too close"
    along = lasso.look(((7.0, 7.0),)).click(((1.0, 4.0), (2.0, 5.0)))
    assert along.points[-2:] == ((1.0, 4.0), (2.0, 5.0)), "a corner lies where it was clicked, whatever was seen before"
    assert along.back() == lasso
    assert lasso.back() == Lasso()


def test_what_takes_paint_is_decided_by_lock_range_and_edge_and_the_eraser_by_locks_alone() -> None:
    before = np.array([[[0, 1, 2, 0, 0, 0]]], np.uint8)
    picture = np.array([[[10.0, 10.0, 10.0, 10.0, 90.0, 10.0]]])
    everywhere = np.ones(before.shape, bool)

    def part(hand: Hand, value: int, middle: tuple[int, int, int] | None = None) -> list[int]:
        return np.flatnonzero(painted_part(hand, before, everywhere, value, picture, (0.0, 100.0), middle)).tolist()

    locked = DrawRule(locked=frozenset({2}))
    assert part(Hand(rule=locked), 1) == [0, 1, 3, 4, 5]
    assert part(Hand(rule=locked, limits=(0, 20)), 1) == [0, 1, 3, 5]
    assert part(Hand(rule=locked, limits=(0, 20)), 0) == [0, 1, 3, 4, 5]
    assert part(Hand(adaptive=True), 1, (0, 0, 1)) == [0, 1, 2, 3], "it does not jump over the bright voxel"
    assert part(Hand(rule=locked), 2) == [], "a locked class gains nothing either"
    assert Hand(value=2, rule=locked).barred
    assert not Hand(value=2, rule=locked, tool=Tool.ERASE).barred


def test_outlines_close_around_a_mask_that_touches_the_border() -> None:
    mask = np.zeros((10, 12), np.uint8)
    mask[0:4, 8:12] = 2
    (line,) = outlines(mask, 2)
    np.testing.assert_allclose(line[0], line[-1])
    assert line[:, 0].min() == -0.5
    assert line[:, 1].max() == 11.5
    assert outlines(mask, 1) == []


def test_a_done_slice_without_a_voxel_is_shown_as_verified_empty() -> None:
    ticks = tick_states([{1: D}, {1: D}, {1: F}, {}], [True, False, True, False], (1,))
    assert ticks == (TickState.DONE, TickState.EMPTY, TickState.DRAFT, TickState.UNLABELLED)


def test_a_class_added_later_makes_done_slices_drafts_in_the_ledger() -> None:
    assert tick_states([{1: D}], [True], (1, 2)) == (TickState.PARTLY,)


@given(st.integers(1, 1500), st.integers(100, 2000))
def test_every_tick_can_be_clicked(slices: int, width: int) -> None:
    layout = LedgerLayout(slices, 40, width)
    assert all(layout.at(layout.centre(index)) == index for index in range(slices))
    assert layout.at(39) is None
    assert layout.at(41 + width) is None


def test_next_slice_that_needs_me_goes_round_and_skips_what_is_done() -> None:
    states = [{1: D}, {}, {1: D}, {1: F}]
    assert next_needed(states, (1,), 1, 1) == 3
    assert next_needed(states, (1,), 3, 1) == 1
    assert next_needed(states, (1,), 1, -1) == 3
    assert next_needed([{1: D}] * 3, (1,), 0, 1) is None
    assert drafts(states, (1,)) == [3]


def test_pauses_do_not_count_as_labelling_time() -> None:
    clock = ActivityClock()
    assert clock.spent(100.0) == 0.0
    assert clock.spent(105.0) == 5.0
    assert clock.spent(5000.0) == 20.0


def test_masks_at_the_default_opacity_let_anatomy_through() -> None:
    assert MaskLook().fill == pytest.approx(0.22, abs=0.005)
    assert MaskLook(style=MaskStyle.CONTOUR).fill == 0.0
    assert MaskLook(shown=False).fill == 0.0
    assert MaskLook(opacity=100).fill == pytest.approx(1.0)


def test_no_two_actions_share_a_key() -> None:
    keys = [key for spec in ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)


def test_numbers_are_said_plainly() -> None:
    assert duration(140) == "2 min 20 s"
    assert duration(42.4) == "42 s"
    assert duration(4000) == "1 h 6 min"
    assert words.plural(1, "slice") == "1 slice"
    assert words.plural(1204, "slice") == "1,204 slices"
    assert words.dice(float("nan")) == "n/a"


def test_the_trend_tells_a_falling_loss_from_a_flat_one(rng: np.random.Generator) -> None:
    def said(losses: np.ndarray, phase: str = "finetune") -> str:
        return trend(losses, phase).words

    def stopping(losses: np.ndarray, phase: str = "finetune") -> str:
        return trend(losses, phase).stopping

    def trend(losses: np.ndarray, phase: str) -> words.Trend:
        points = tuple((step, float(loss)) for step, loss in enumerate(losses, start=1))
        return words.trend(JobStatus("r0001", state="running", phase=phase, steps=500, losses=points))

    steps = np.arange(300)
    falling, flat = 1 - steps / 400, np.maximum(1 - steps / 50, 0.1)
    assert said(falling) == "Still improving"
    assert said(flat) == "You can stop"
    assert said(flat, "global") != "You can stop", "the second half of a pretraining would be lost"
    assert said(falling[:5]) == "Just started"
    assert said(falling[:55]) == "", "more than a tenth of the way nothing has just started"
    noisy_start = 2.7 - 0.03 * steps[:61] + rng.normal(0, 0.4, 61)
    assert said(noisy_start) != "You can stop"
    slowing = np.exp(-steps / 60)
    assert said(slowing) == "Improving slowly"
    assert stopping(slowing) == "The rest adds little. Stop keeps what it has learned so far."
    assert stopping(falling) == "", "nobody is led to stop"
    assert "next to nothing" in stopping(flat)
    assert "Stop leaves it out" in stopping(flat, "global")
    assert "Too early" in stopping(np.maximum(0.9 ** steps[:60], 0.01))


@pytest.mark.parametrize(
    ("width", "height", "wanted", "expected"),
    [
        (880, 760, None, Arrangement.BESIDE),
        (700, 760, None, Arrangement.BELOW),
        (480, 560, None, Arrangement.ALONE),
        (480, 560, True, Arrangement.BELOW),
        (880, 760, False, Arrangement.ALONE),
    ],
)
def test_the_other_planes_leave_the_large_one_room(
    width: int, height: int, wanted: bool | None, expected: Arrangement
) -> None:
    assert arrange(width, height, wanted) is expected


def test_a_case_opens_with_its_own_window_only_where_it_has_one(rng: np.random.Generator) -> None:
    image = rng.uniform(0, 1000, (4, 40, 40))
    some = (200.0, 600.0)

    def opened(file: tuple[float, float] | None, own: tuple[float, float] | None, chosen: str | None = None) -> str:
        return window_presets.first_choice(window_presets.presets(image, usual, ImageWindows(file, own)), chosen)

    usual = window_presets.presets(image, (0.0, 1.0), ImageWindows(some))["1–99 %"]
    assert usual == pytest.approx((10, 990), abs=5)
    assert opened(None, None) == opened(usual, None) == opened(None, usual) == "1–99 %"
    assert opened(some, None) == "From file"
    assert opened(some, (100.0, 300.0)) == opened(None, some) == "This case"
    assert opened(some, (100.0, 300.0), "From file") == "From file"
    assert opened(None, some, "From file") == "This case"
    flat = window_presets.presets(np.zeros((2, 4, 4)), (0.0, 1.0), ImageWindows())
    assert all(low < high for low, high in flat.values())


def test_a_job_that_still_prepares_is_not_said_to_be_ready() -> None:
    preparing = JobStatus("r0001", state="running", phase="preparing", step=5, steps=5)
    assert words.doing("Training", preparing) == "Preparing …"
    assert words.progress(preparing) == "5 of 5 volumes"
    learning = replace(preparing, phase="finetune", step=1)
    assert words.doing("Training", learning) == "Training · 20 %"
    assert words.progress(learning) == "Step 1 of 5"
    assert words.progress(replace(learning, seconds_per_step=30.0)) == "Step 1 of 5 · about 2 min 0 s left"


def test_a_prediction_is_counted_in_cases_and_what_was_asked_is_said_until_it_is_done() -> None:
    predicting = JobStatus("r0001", "running", "predict", phase="predict", step=0, steps=6)
    assert words.progress(predicting) == "Case 1 of 6"
    assert words.progress(replace(predicting, step=6)) == "Case 6 of 6"
    learning = JobStatus("r0001", "running", "finetune", phase="finetune", step=19, steps=30)
    asked = replace(learning, asked="pause")
    assert (words.doing("Training", asked), words.progress(asked)) == ("Pausing …", "Step 19 of 30 · Pausing …")
    held = replace(learning, state="paused")
    assert (words.doing("Training", held), words.progress(held)) == ("Paused", "Step 19 of 30 · paused")
    assert words.doing("Training", replace(learning, asked="stop")) == "Stopping …"


def run(name: str, kind: str, weights: bool, status: str = "finished") -> RunSummary:
    return RunSummary(
        id=name, kind=kind, status=status, preset="fast", method=None, init=None, created=0.0, finished=60.0,
        cases=1, slices=5, has_weights=weights, message=None,
    )  # fmt: skip


def test_a_training_that_was_stopped_does_not_hide_the_model_before_it() -> None:
    whole, stopped = run("r2", "finetune", True), run("r3", "finetune", True, "cancelled")
    assert model_in_use((whole, stopped), None) == "r2"
    assert model_in_use((whole, stopped), "r3") == "r3", "unless it was chosen"
    assert model_in_use((stopped,), None) == "r3", "or is the only one"
    assert model_in_use((run("r1", "pretrain", True),), None) is None


def test_models_are_counted_in_the_order_they_were_made() -> None:
    runs = (
        run("r1", "pretrain", True),
        run("r2", "finetune", True),
        run("r3", "finetune", False),
        run("r4", "finetune", True),
    )
    assert model_name("r4", runs) == "Model 2"
    rows = model_rows(runs, "r2", {})
    assert [row.name for row in rows] == ["Model 2", "Model 1"]
    assert [row.in_use for row in rows] == [False, True]
    assert rows[0].dice == "not measured"


def test_a_mean_over_fewer_classes_than_there_are_is_marked_in_the_table_of_models() -> None:
    case = CaseScore("a", {"liver": ClassScore(0.95, 10.0)}, 4, 4, trained_on=False, in_pretraining_pool=False)
    old = summarise("r1", [case], ["liver", "spleen"])
    new = summarise("r2", [replace(case, scores={**case.scores, "spleen": ClassScore(0.75, 9.0)})], ["liver", "spleen"])
    runs = (run("r1", "finetune", True), run("r2", "finetune", True))
    assert [row.dice for row in model_rows(runs, "r2", {"r1": old, "r2": new})] == [
        f"{words.dice(0.85)}\n1 case",
        f"{words.dice(0.95)}\nover 1 of 2 classes\n1 case",
    ]


def test_what_nobody_foresaw_is_logged_by_its_place_and_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            raise OSError(2, "no such file", "/home/erika/Mustermann.nii")
        except OSError as cause:
            raise KeyError("Mustermann") from cause
    except KeyError as error:
        message = message_of(error)
    assert "KeyError" in message.title
    assert "FileNotFoundError" in caplog.text
    assert "in test_what_nobody_foresaw" in caplog.text
    for words_said in (caplog.text, f"{message}"):
        assert "Mustermann" not in words_said
        assert "erika" not in words_said

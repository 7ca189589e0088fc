"""Labels, their states, and an undo history that survives everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from store_kit import COLUMNS, DONE, DRAFT, ROWS, SLICES, add_case, mask, new_project, stroke

from slicelab.core.errors import UnknownNameError
from slicelab.core.labels import Origin, SliceState
from slicelab.data.store import Edit, ProjectStore, RunMember, SliceChange

if TYPE_CHECKING:
    from pathlib import Path

Snapshot = dict[int, tuple[bytes, tuple[tuple[int, SliceState], ...], Origin, str | None]]


@pytest.fixture
def store(tmp_path: Path):
    with new_project(tmp_path / "study") as opened:
        add_case(opened)
        yield opened


def snapshot(store: ProjectStore, case_id: str = "c0001", reader: int = 1) -> Snapshot:
    return {
        label.slice: (label.mask.tobytes(), tuple(sorted(label.states.items())), label.origin, label.origin_run)
        for label in store.slice_labels(case_id, reader)
    }


def test_saved_stroke_is_read_back(store: ProjectStore) -> None:
    record = store.save_edit("c0001", 1, "brush", [stroke(2, 7)], seconds=4.0).result(10)
    assert (record.action, record.slices, record.undone) == ("brush", (2,), False)
    label = store.slice_label("c0001", 2, 1)
    assert label is not None
    assert np.array_equal(label.mask, mask(7))
    assert label.mask.dtype == np.uint8
    assert label.mask.shape == (ROWS, COLUMNS)
    assert label.states == DRAFT
    assert (label.origin, label.origin_run, label.seconds) == (Origin.PAINTED, None, 4.0)
    assert store.slice_label("c0001", 3, 1) is None
    assert store.slice_label("c0001", 2, 2) is None


def test_array_may_be_painted_on_right_after_saving(store: ProjectStore) -> None:
    change = stroke(0, 5)
    assert change.mask_after is not None
    future = store.save_edit("c0001", 1, "brush", [change])
    change.mask_after[:] = 9
    future.result(10)
    label = store.slice_label("c0001", 0, 1)
    assert label is not None
    assert (label.mask == 5).all()


def test_one_reads_what_one_wrote_without_waiting(store: ProjectStore) -> None:
    for value in range(1, 20):
        store.save_edit("c0001", 1, "brush", [stroke(0, value)])
        label = store.slice_label("c0001", 0, 1)
        assert label is not None
        assert label.mask[0, 0] == value


def test_undo_and_redo_walk_through_every_state_exactly(store: ProjectStore) -> None:
    rng = np.random.default_rng(3)
    run = store.start_run("predict", "fast", members=[RunMember("c0001", "predict", SLICES)]).result(10)
    seen = [snapshot(store)]
    for step in range(25):
        touched = rng.choice(SLICES, size=rng.integers(1, 4), replace=False)
        changes = []
        for index in touched:
            kind = rng.integers(4)
            after = None if kind == 0 else rng.integers(0, 3, (ROWS, COLUMNS)).astype(np.uint8)
            states = [{}, DRAFT, DONE, {1: SliceState.DONE, 2: SliceState.UNLABELLED}][kind]
            origin, origin_run = (Origin.ACCEPTED, run.id) if kind == 2 else (Origin.PAINTED, None)
            changes.append(SliceChange(int(index), None, after, {}, states, origin, origin_run))
        store.save_edit("c0001", 1, f"step {step}", changes)
        seen.append(snapshot(store))
    for expected in reversed(seen[:-1]):
        assert store.undo("c0001", 1).result(10) is not None
        assert snapshot(store) == expected
    assert store.undo("c0001", 1).result(10) is None
    assert snapshot(store) == {}
    for expected in seen[1:]:
        assert store.redo("c0001", 1).result(10) is not None
        assert snapshot(store) == expected
    assert store.redo("c0001", 1).result(10) is None


def test_undo_answers_with_what_holds_now(store: ProjectStore) -> None:
    store.save_edit("c0001", 1, "brush", [stroke(0, 1)])
    store.save_edit("c0001", 1, "fill", [stroke(0, 2, DONE), stroke(4, 2, DONE)])
    undone = store.undo("c0001", 1).result(10)
    assert isinstance(undone, Edit)
    assert (undone.record.action, undone.record.undone, undone.record.slices) == ("fill", True, (0, 4))
    assert undone.masks[4] is None
    assert np.array_equal(undone.masks[0], mask(1))
    assert undone.states == {0: DRAFT, 4: {}}
    redone = store.redo("c0001", 1).result(10)
    assert isinstance(redone, Edit)
    assert not redone.record.undone
    assert np.array_equal(redone.masks[4], mask(2))
    assert redone.states == {0: DONE, 4: DONE}
    assert np.array_equal(redone.changes[0].mask_before, mask(1))


def test_first_edit_can_be_undone_to_no_label_at_all(store: ProjectStore) -> None:
    store.save_edit("c0001", 1, "brush", [stroke(3, 1)])
    store.undo("c0001", 1)
    assert store.slice_label("c0001", 3, 1) is None
    assert store.ledger(1) == {}


def test_new_edit_drops_what_could_be_redone(store: ProjectStore) -> None:
    for value in (1, 2, 3):
        store.save_edit("c0001", 1, f"brush {value}", [stroke(0, value)])
    store.undo("c0001", 1)
    store.undo("c0001", 1)
    store.save_edit("c0001", 1, "erase", [stroke(0, 0)])
    assert [e.action for e in store.edits("c0001", 1)] == ["brush 1", "erase"]
    assert store.redo("c0001", 1).result(10) is None


def test_undo_history_survives_reopening(store: ProjectStore) -> None:
    for value in (1, 2, 3):
        store.save_edit("c0001", 1, f"brush {value}", [stroke(0, value)])
    store.undo("c0001", 1)
    store.close()
    with ProjectStore.open(store.folder) as again:
        assert [(e.action, e.undone) for e in again.edits("c0001", 1)] == [
            ("brush 1", False),
            ("brush 2", False),
            ("brush 3", True),
        ]
        redone = again.redo("c0001", 1).result(10)
        assert redone is not None
        assert np.array_equal(redone.masks[0], mask(3))
        for _ in range(3):
            again.undo("c0001", 1)
        assert snapshot(again) == {}


def test_histories_of_cases_and_readers_are_apart(store: ProjectStore) -> None:
    other_case = add_case(store, "second")
    other_reader = store.add_reader("  Reader   2 ").result(10)
    assert other_reader.name == "Reader 2"
    store.save_edit("c0001", 1, "mine", [stroke(0, 1)])
    store.save_edit("c0001", other_reader.id, "theirs", [stroke(0, 2)])
    store.save_edit(other_case, 1, "elsewhere", [stroke(0, 3)])
    store.undo("c0001", 1)
    assert snapshot(store) == {}
    assert len(snapshot(store, "c0001", other_reader.id)) == 1
    assert len(snapshot(store, other_case)) == 1
    assert [e.undone for e in store.edits("c0001", other_reader.id)] == [False]


def test_verified_empty_is_not_the_same_as_unlabelled(store: ProjectStore) -> None:
    store.save_edit("c0001", 1, "done", [stroke(1, 0, DONE)])
    label = store.slice_label("c0001", 1, 1)
    assert label is not None
    assert not label.mask.any()
    assert store.ledger(1) == {"c0001": {1: DONE}}


def test_ledger_holds_all_cases_in_one_answer_and_leaves_out_removed_ones(store: ProjectStore) -> None:
    second, third = add_case(store, "second"), add_case(store, "third")
    store.save_edit("c0001", 1, "brush", [stroke(0, 1), stroke(5, 1, {1: SliceState.DONE})])
    store.save_edit(second, 1, "brush", [stroke(2, 1, {})])
    store.save_edit(third, 1, "brush", [stroke(2, 1)])
    store.remove_case(third)
    assert store.ledger(1) == {"c0001": {0: DRAFT, 5: {1: SliceState.DONE}}, second: {2: {}}}


def test_class_added_later_is_unknown_on_slices_labelled_before(store: ProjectStore) -> None:
    store.save_edit("c0001", 1, "done", [stroke(0, 1, DONE)])
    added = store.add_class("right  kidney").result(10)
    assert (added.value, added.name) == (3, "right kidney")
    assert added.value not in store.ledger(1)["c0001"][0]


def test_seconds_are_shared_by_the_slices_and_add_up(store: ProjectStore) -> None:
    store.save_edit("c0001", 1, "brush", [stroke(0, 1), stroke(1, 1)], seconds=6.0)
    store.save_edit("c0001", 1, "brush", [stroke(0, 2)], seconds=1.5)
    assert [label.seconds for label in store.slice_labels("c0001", 1)] == [4.5, 3.0]


@pytest.mark.parametrize(
    "bad",
    [mask(1).astype(np.int64), mask(1)[None], np.zeros(4, np.uint8)],
    ids=["wrong dtype", "three axes", "one axis"],
)
def test_mask_that_is_no_slice_is_refused_at_once(store: ProjectStore, bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="row, column"):
        store.save_edit("c0001", 1, "brush", [SliceChange(0, None, bad, {}, DRAFT, Origin.PAINTED)])


def test_states_without_a_mask_are_refused(store: ProjectStore) -> None:
    with pytest.raises(ValueError, match="no states"):
        store.save_edit("c0001", 1, "done", [SliceChange(0, None, None, {}, DONE, Origin.PAINTED)])


def test_edit_that_does_not_fit_changes_nothing(store: ProjectStore) -> None:
    store.save_edit("c0001", 1, "brush", [stroke(0, 1)])
    before, history = snapshot(store), store.edits("c0001", 1)
    turned = SliceChange(1, None, np.zeros((COLUMNS, ROWS), np.uint8), {}, DRAFT, Origin.PAINTED)
    for changes in ([stroke(1, 2), turned], [stroke(1, 2), stroke(SLICES, 2)], [stroke(-1, 2)], []):
        with pytest.raises(ValueError, match="slice"):
            store.save_edit("c0001", 1, "brush", changes).result(10)
    with pytest.raises(UnknownNameError):
        store.save_edit("c0099", 1, "brush", [stroke(0, 1)]).result(10)
    assert (snapshot(store), store.edits("c0001", 1)) == (before, history)

"""Classes, states and the ledger: unlabelled is never background."""

from __future__ import annotations

import pytest

from slicelab.core.errors import SlicelabError
from slicelab.core.labels import SliceState, flip_allowed, make_classes, match_classes
from slicelab.core.slices import (
    LedgerCount,
    Overall,
    after_confirming,
    after_done,
    after_edit,
    done_classes,
    overall,
    state_of,
    unlooked_for,
)

U, DRAFT, DONE = SliceState.UNLABELLED, SliceState.DRAFT, SliceState.DONE


def test_class_k_has_value_k_and_names_lose_stray_spaces() -> None:
    classes = make_classes(["liver", "  right   kidney "])
    assert [(c.value, c.name) for c in classes] == [(1, "liver"), (2, "right kidney")]


@pytest.mark.parametrize("names", [[], [""], ["liver", " "], ["liver", "Liver"], ["right kidney", "right_kidney"]])
def test_unusable_class_names_are_refused(names: list[str]) -> None:
    with pytest.raises(SlicelabError):
        make_classes(names)


def test_structures_are_matched_by_name_whatever_their_value_and_spelling() -> None:
    classes = make_classes(["spleen", "right kidney"])
    values, ignored = match_classes({"background": 0, "liver": 1, "Right_Kidney": 2, "spleen": 4}, classes)
    assert values == {2: 2, 4: 1}
    assert ignored == ("liver",)


@pytest.mark.parametrize(
    ("names", "allowed"),
    [(["prostate"], True), (["central gland", "peripheral zone"], True), (["liver"], False), (["Left_Kidney"], False)],
)
def test_mirroring_is_forbidden_where_sides_matter(names: list[str], allowed: bool) -> None:
    assert flip_allowed(make_classes(names)) is allowed


def test_a_class_added_later_is_unknown_on_slices_labelled_before() -> None:
    labelled_before = {1: DONE}
    assert state_of(labelled_before, 2) is U
    assert done_classes(labelled_before) == (1,)
    assert overall(labelled_before, (1, 2)) is Overall.PARTLY
    assert after_confirming({1: DRAFT}, (1, 2)) == {1: DONE}, "nobody has looked for the second class"
    assert after_edit({1: DONE}, (1, 2), silent_on=(2,)) == {1: DRAFT}
    assert after_edit({1: DONE, 2: DONE}, (1, 2), silent_on=(2,)) == {1: DRAFT, 2: DONE}, "its voxels stay"
    assert after_edit({1: DONE, 2: DONE}, (1, 2), silent_on=(2,), changed=(2,)) == {1: DRAFT, 2: DRAFT}
    assert after_edit({1: DONE}, (1, 2), silent_on=(2,), changed=(2,)) == {1: DRAFT, 2: DRAFT}


def test_painting_says_nothing_of_a_class_nobody_looked_for_but_on_a_blank_slice_of_every_one() -> None:
    assert unlooked_for({1: DONE, 2: DRAFT}, (1, 2, 3)) == {3}
    assert unlooked_for({}, (1, 2)) == frozenset()
    assert unlooked_for({1: DONE}, (1,)) == frozenset()


def test_painting_a_done_slice_makes_it_a_draft_that_is_not_learned_from() -> None:
    states = after_done({}, (1, 2))
    assert done_classes(states) == (1, 2)
    edited = after_edit(states, (1, 2))
    assert done_classes(edited) == ()
    assert overall(edited, (1, 2)) is Overall.DRAFT


def test_a_case_is_fully_done_only_when_every_slice_is() -> None:
    count = LedgerCount()
    assert not count.fully_done
    for state in (Overall.DONE, Overall.DONE, Overall.UNLABELLED, Overall.DRAFT, Overall.PARTLY):
        count = count.plus(state)
    assert (count.slices, count.done, count.draft, count.partly, count.unlabelled) == (5, 2, 1, 1, 1)
    assert not count.fully_done
    assert LedgerCount().plus(Overall.DONE).fully_done

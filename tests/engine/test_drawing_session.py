"""Mending, copying and interpolating through the session: drafts, one named undo step, on disk."""

from __future__ import annotations

import numpy as np
import pytest

from slicelab.core.drawing.mend import Mend
from slicelab.core.drawing.rule import DrawRule, Over
from slicelab.core.errors import ReadOnlyProjectError, SlicelabError
from slicelab.core.labels import Origin, SliceState
from slicelab.core.metrics import dice
from slicelab.engine.session import Session

DONE, DRAFT = SliceState.DONE, SliceState.DRAFT


@pytest.fixture
def case(session: Session) -> str:
    return session.find(["phantom_05"])[0].id


def draw(session: Session, case: str, index: int, value: int = 1, inset: int = 10) -> None:
    mask = session.labels.stack(case)[index].copy()
    mask[inset:-inset, inset:-inset] = value
    session.labels.edit_slices(case, {index: mask}, "brush").result(10)


def origins(session: Session, case: str) -> dict[int, Origin]:
    return {label.slice: label.origin for label in session._store.slice_labels(case, session.reader.id)}


def test_interpolation_fills_the_gap_with_drafts_in_one_named_step(session: Session, case: str) -> None:
    draw(session, case, 2, inset=10)
    draw(session, case, 6, inset=20)
    session.labels.mark(case, [2, 6], DONE).result(10)
    drawn = session.labels.interpolate(case)
    record = drawn.saved.result(10)
    assert drawn.slices == record.slices == (3, 4, 5)
    assert session.labels.undo_text(case) == "interpolate, slices 4-6"
    assert {at: origins(session, case)[at] for at in (2, 3, 4, 5)} == {
        2: Origin.PAINTED, 3: Origin.INTERPOLATED, 4: Origin.INTERPOLATED, 5: Origin.INTERPOLATED,
    }  # fmt: skip
    assert all(set(session.labels.states(case)[at].values()) == {DRAFT} for at in (3, 4, 5))
    assert set(session.labels.states(case)[2].values()) == {DONE}
    areas = [int((session.labels.stack(case)[at] == 1).sum()) for at in range(2, 7)]
    assert areas == sorted(areas, reverse=True)
    assert len(set(areas)) == 5
    session.labels.undo(case)
    assert not session.labels.stack(case)[3:6].any()
    assert session.labels.states(case)[4] == {}


def test_interpolating_again_redoes_what_nobody_touched_and_keeps_what_was_corrected(
    session: Session, case: str
) -> None:
    draw(session, case, 1, inset=10)
    draw(session, case, 7, inset=10)
    session.labels.interpolate(case, at=4)
    draw(session, case, 4, inset=5)
    corrected = session.labels.stack(case)[4].copy()
    second = session.labels.stack(case)[2].copy()
    assert session.labels.anchors(case) == tuple(at in (1, 4, 7) for at in range(10))
    drawn = session.labels.interpolate(case)
    assert drawn.slices == (2, 3, 5, 6)
    np.testing.assert_array_equal(session.labels.stack(case)[4], corrected)
    assert (session.labels.stack(case)[2] == 1).sum() > (second == 1).sum()
    session.close()
    with Session.open(session.folder) as again:
        assert again.labels.anchors(case) == tuple(at in (1, 4, 7) for at in range(10)), "known after reopening"
        again.labels.undo(case)
        np.testing.assert_array_equal(again.labels.stack(case)[2], second)
        assert again.labels.anchors(case)[3] is False, "and after undo"


def test_a_verified_empty_slice_is_an_end_like_any_other(session: Session, case: str) -> None:
    draw(session, case, 2)
    session.labels.mark(case, [8], DONE).result(10)
    assert session.labels.interpolate(case, at=5).slices == (3, 4, 5, 6, 7)
    assert not session.labels.stack(case)[6].any()


def test_where_nothing_lies_between_interpolation_says_so_and_changes_nothing(session: Session, case: str) -> None:
    draw(session, case, 2)
    with pytest.raises(SlicelabError, match="between two labelled"):
        session.labels.interpolate(case)
    draw(session, case, 5)
    with pytest.raises(SlicelabError, match="Slice 9 does not lie"):
        session.labels.interpolate(case, at=8)
    assert session.labels.undo_text(case) == "brush, slice 6"


def test_phantoms_labelled_on_every_third_slice_come_back_by_interpolation(labelled: Session) -> None:
    case = labelled.find(["phantom_01"])[0].id
    reference = labelled.labels.stack(case).copy()
    blank = [at for at in range(10) if at % 2]
    labelled.labels.mark(case, blank, SliceState.UNLABELLED).result(10)
    labelled.labels.interpolate(case)
    made = labelled.labels.stack(case)
    assert dice(made[1:9] == 1, reference[1:9] == 1) > 0.85


def test_mending_one_slice_is_a_draft_with_the_name_of_what_was_done(session: Session, case: str) -> None:
    draw(session, case, 3)
    session.labels.mark(case, [3], DONE).result(10)
    before = session.labels.stack(case)[3].copy()
    drawn = session.labels.mend(case, 1, Mend.GROW, mm=6.0, slices=[3])
    drawn.saved.result(10)
    assert session.labels.undo_text(case) == "grow liver, slice 4"
    after = session.labels.stack(case)[3]
    assert after[9, 30] == 1, "5.6 mm further"
    assert after[8, 30] == 0
    assert set(session.labels.states(case)[3].values()) == {DRAFT}
    session.labels.undo(case)
    np.testing.assert_array_equal(session.labels.stack(case)[3], before)
    assert set(session.labels.states(case)[3].values()) == {DONE}


def test_mending_a_case_touches_only_slices_that_change(session: Session, case: str) -> None:
    for at in (1, 2, 3):
        draw(session, case, at)
    holed = session.labels.stack(case)[2].copy()
    holed[20:23, 20:23] = 0
    session.labels.edit_slices(case, {2: holed}, "erase").result(10)
    session.labels.mark(case, [1, 2, 3], DONE).result(10)
    assert session.labels.mend(case, 1, Mend.FILL_HOLES).slices == (2,)
    assert session.labels.stack(case)[2, 21, 21] == 1
    assert set(session.labels.states(case)[1].values()) == {DONE}
    with pytest.raises(SlicelabError, match="has no holes"):
        session.labels.mend(case, 1, Mend.FILL_HOLES)
    with pytest.raises(SlicelabError, match="There is no spleen on this slice"):
        session.labels.mend(case, 4, Mend.SMOOTH, slices=[2])


def test_locked_classes_and_background_alone_are_obeyed(session: Session, case: str) -> None:
    draw(session, case, 3)
    mask = session.labels.stack(case)[3].copy()
    mask[10:54, 54:58] = 2
    session.labels.edit_slices(case, {3: mask}, "brush").result(10)
    locked = DrawRule(locked=frozenset({2}))
    with pytest.raises(SlicelabError, match="right kidney is locked"):
        session.labels.mend(case, 2, Mend.GROW, mm=6.0, rule=locked)
    session.labels.mend(case, 1, Mend.GROW, mm=6.0, rule=locked)
    np.testing.assert_array_equal(session.labels.stack(case)[3] == 2, mask == 2)
    session.labels.undo(case)
    session.labels.mend(case, 1, Mend.GROW, mm=6.0, rule=DrawRule(Over.BACKGROUND))
    np.testing.assert_array_equal(session.labels.stack(case)[3] == 2, mask == 2)
    session.labels.undo(case)
    session.labels.mend(case, 1, Mend.GROW, mm=6.0)
    assert (session.labels.stack(case)[3] == 2).sum() < (mask == 2).sum()


def test_a_neighbours_outlines_are_copied_as_a_draft(session: Session, case: str) -> None:
    draw(session, case, 3)
    session.labels.copy_slice(case, 4, 3).saved.result(10)
    np.testing.assert_array_equal(session.labels.stack(case)[4], session.labels.stack(case)[3])
    assert session.labels.undo_text(case) == "copy slice 4, slice 5"
    assert set(session.labels.states(case)[4].values()) == {DRAFT}
    with pytest.raises(SlicelabError, match="already"):
        session.labels.copy_slice(case, 4, 3)
    with pytest.raises(SlicelabError, match="Slice 7 has no outlines"):
        session.labels.copy_slice(case, 5, 6)
    with pytest.raises(SlicelabError, match="no slice there"):
        session.labels.copy_slice(case, 9, 10)


def test_a_project_opened_for_reading_is_not_drawn_in(session: Session, case: str) -> None:
    draw(session, case, 3)
    session.close()
    with Session.open(session.folder, read_only=True) as reading, pytest.raises(ReadOnlyProjectError):
        reading.labels.copy_slice(case, 4, 3)

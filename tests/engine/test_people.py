"""Readers of one project: labels apart, what each has done, and agreement on what both have done alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.agreement import agreement
from slicelab.core.errors import SlicelabError, UnknownNameError
from slicelab.core.labels import SliceState
from slicelab.core.slices import Overall
from slicelab.engine.session import Session

CASE = "phantom_01"


def square(session: Session, case: str, at: int, rows: slice, *, done: bool) -> None:
    """Paint a square of the first class on a slice."""
    mask = np.zeros(session.labels.stack(case).shape[1:], np.uint8)
    mask[rows, 10:20] = 1
    session.labels.edit_slices(case, {at: mask}, "brush").result()
    if done:
        session.labels.mark(case, [at], SliceState.DONE).result()


def test_two_readers_are_compared_on_what_both_have_done_and_on_nothing_else(session: Session, tmp_path: Path) -> None:
    case = session.find([CASE])[0].id
    for at in (2, 3, 4):
        square(session, case, at, slice(10, 20), done=True)
    session.close()
    with Session.open(tmp_path / "project", reader="CD") as second:
        assert not second.labels.stack(case).any()
        square(second, case, 2, slice(10, 20), done=True)
        square(second, case, 3, slice(15, 25), done=True)
        square(second, case, 4, slice(30, 40), done=False)
        first, mine = second.readers.work()
        assert (first.mine, first.cases, first.done, first.drafts) == (False, 1, 3, 0)
        assert (mine.name, mine.mine, mine.cases, mine.done, mine.drafts) == ("CD", True, 1, 2, 1)
        found = second.readers.compare(case, first.name, "CD")
        assert found.slices == {1: 2, 2: 2, 3: 2, 4: 2}, "a draft is nobody's word"
        assert found.agreement.of_slice(1, 2) == 1.0
        assert found.agreement.of_slice(1, 3) == pytest.approx(0.5)
        assert found.agreement.of_case(1) == pytest.approx(2 * 150 / 400)
        assert np.isnan(found.agreement.of_case(2)), "of what neither has seen there is no Dice"
        assert found.agreement.apart() == ((3, 1, pytest.approx(0.5)),)
        theirs = second.readers.seen_of(case, first.name)
        assert set(np.flatnonzero(theirs.any(axis=(1, 2)))) == {2, 3}, "not before it is done by oneself"
        assert (theirs[3] == 1).sum() == 100
        square(second, case, 3, slice(15, 26), done=False)
        assert set(np.flatnonzero(second.readers.seen_of(case, first.name).any(axis=(1, 2)))) == {2}, "drawn on again"
        square(second, case, 3, slice(15, 25), done=True)
        hands = second.readers.hands(case)
        assert [(one.name, one.state) for one in hands[4]] == [(first.name, Overall.DONE), ("CD", Overall.DRAFT)]
        assert set(hands) == {2, 3, 4}
        with pytest.raises(UnknownNameError):
            second.readers.compare(case, "CD", "nobody")
        with pytest.raises(UnknownNameError):
            second.readers.seen_of(case, "nobody")
        with pytest.raises(SlicelabError):
            second.readers.add("CD")


def test_what_each_reader_has_done_counts_slices_done_in_part_and_no_time_on_removed_cases(session: Session) -> None:
    first, other = (case.id for case in session.find([CASE, "phantom_02"]))
    for case in (first, other):
        square(session, case, 2, slice(10, 20), done=True)
    session.add_class("bladder")
    assert session.labels.states(first)[2].get(5) is None
    session.upkeep.spend(first, 30.0).result()
    session.upkeep.spend(other, 500.0).result()
    (mine,) = session.readers.work()
    assert (mine.cases, mine.done, mine.drafts, mine.seconds) == (2, 2, 0, 530.0)
    session.upkeep.remove("case", other)
    (mine,) = session.readers.work()
    assert (mine.cases, mine.done, mine.drafts, mine.seconds) == (1, 1, 0, 30.0)


def test_slices_are_apart_whoever_of_the_two_painted_more_and_the_least_alike_come_first() -> None:
    one, other = np.zeros((2, 4, 8, 8), np.uint8)
    one[0, :4], other[0, :2] = 1, 1
    one[1, :1], other[1, :4] = 1, 1
    one[2, :2], other[2, :2] = 1, 1
    one[3, 0], other[3, 7] = 1, 1
    found = agreement(one, other, (1,)).apart()
    assert [(at, value) for at, value, _ in found] == [(3, 1), (1, 1), (0, 1)]
    assert [dice for _, _, dice in found] == pytest.approx([0.0, 2 / 5, 2 / 3])


def test_the_command_line_labels_in_a_readers_name_and_says_how_far_two_agree(
    session: Session, study: Path, tmp_path: Path
) -> None:
    folder, mask = str(tmp_path / "project"), str(study / "labelsTr" / f"{CASE}.nii.gz")
    session.close()
    run = CliRunner().invoke
    assert run(app, ["label", folder, CASE, "--from", mask]).exit_code == 0
    labelled = run(app, ["label", folder, CASE, "--from", mask, "--slices", "4,5", "--reader", "CD"])
    assert labelled.exit_code == 0, labelled.stderr
    said = run(app, ["readers", folder, "--json"])
    assert said.exit_code == 0, said.stderr
    facts = json.loads(said.stdout)
    assert [(one["name"], one["done"]) for one in facts["readers"]] == [("Reader 1", 10), ("CD", 2)]
    assert {entry["slices"] for entry in facts["cases"][CASE].values()} == {2}
    assert facts["cases"][CASE]["liver"] == {"dice": 1.0, "slices": 2, "disagreement": []}
    assert "Alike on every slice." in run(app, ["readers", folder]).stdout
    assert run(app, ["readers", folder, "--between", "CD", "--json"]).exit_code == 2


def test_a_readers_name_is_the_same_with_other_spaces_and_a_wrong_one_leaves_the_project_free(
    session: Session, tmp_path: Path
) -> None:
    session.close()
    folder = tmp_path / "project"
    for name in ("Dr  Who", " Dr Who "):
        with Session.open(folder, reader=name) as opened:
            assert opened.reader.name == "Dr Who"
            assert opened.readers.names() == ("Reader 1", "Dr Who")
    for wrong, only_read in (("  ", False), ("nobody", True)):
        with pytest.raises(UnknownNameError if only_read else SlicelabError):
            Session.open(folder, reader=wrong, read_only=only_read)
        with Session.open(folder) as opened:
            assert not opened.read_only
            assert opened.readers.names() == ("Reader 1", "Dr Who")

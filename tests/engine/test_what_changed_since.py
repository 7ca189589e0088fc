"""What counts as changed since a model was measured, also where it happens during the measurement."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from slicelab.core.evaluation import ClassScore
from slicelab.core.labels import SliceState
from slicelab.engine import evaluating
from slicelab.engine.remembering import Remembered
from slicelab.engine.session import Session


@pytest.fixture
def predicted(tmp_path: Path, predicted_template: Path) -> Iterator[Session]:
    """An open project: three slices of the first case are done, and a model has predicted every case."""
    with Session.open(Path(shutil.copytree(predicted_template, tmp_path / "project"))) as opened:
        yield opened


def first_case(session: Session) -> tuple[str, list[int], list[int]]:
    """The labelled case, its done slices and the others."""
    case = session.find(["phantom_01"])[0].id
    done = [k for k, states in enumerate(session.labels.states(case)) if SliceState.DONE in states.values()]
    return case, done, [k for k in range(10) if k not in done]


def kept(session: Session) -> Remembered:
    found = session.remembered(model_of(session))
    assert found is not None
    return found


def model_of(session: Session) -> str:
    return next(run.id for run in session.runs() if run.kind == "finetune")


def while_scoring(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something is done once between the reading of labels and the writing of figures."""
    score, acts = evaluating.score_case, [act]

    def scored(*given: Any) -> dict[str, ClassScore]:
        if acts:
            acts.pop()()
        return score(*given)

    monkeypatch.setattr(evaluating, "score_case", scored)


def test_a_slice_reopened_during_the_measurement_counts_as_changed_since(
    predicted: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, done, _ = first_case(predicted)
    while_scoring(monkeypatch, lambda: predicted.labels.mark(case, [done[0]], SliceState.DRAFT).result())
    predicted.evaluate(model_of(predicted))
    assert kept(predicted).changed == 1


def test_a_slice_corrected_and_done_again_during_the_measurement_counts_as_changed_since(
    predicted: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, done, _ = first_case(predicted)
    mask = predicted.labels.stack(case)[done[0]].copy()
    mask[:5, :5] = 1

    def correct() -> None:
        predicted.labels.edit_slices(case, {done[0]: mask}, "brush").result()
        predicted.labels.mark(case, [done[0]], SliceState.DONE).result()

    while_scoring(monkeypatch, correct)
    predicted.evaluate(model_of(predicted))
    assert kept(predicted).changed == 1


@pytest.mark.parametrize("how", ["renamed", "removed"])
def test_a_class_renamed_or_removed_during_the_measurement_does_not_break_it(
    predicted: Session, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "renamed":
        while_scoring(monkeypatch, lambda: predicted.rename_class(4, "milt"))
    else:
        while_scoring(monkeypatch, lambda: predicted.upkeep.remove("class", "4"))
    measured = predicted.evaluate(model_of(predicted))
    assert "spleen" in measured.cases[0].scores
    names = kept(predicted).evaluation.cases[0].scores.keys()
    assert names == {"liver", "right kidney", "left kidney", *(["milt"] if how == "renamed" else [])}


def test_one_slice_reopened_and_another_newly_done_are_two_changes(predicted: Session) -> None:
    case, done, others = first_case(predicted)
    predicted.evaluate(model_of(predicted))
    assert kept(predicted).changed == 0
    predicted.labels.mark(case, [done[0]], SliceState.DRAFT).result()
    assert kept(predicted).changed == 1
    predicted.labels.mark(case, [others[0]], SliceState.DONE).result()
    assert kept(predicted).changed == 2


def test_a_slice_that_was_not_measured_and_is_not_done_is_no_change(predicted: Session) -> None:
    case, done, others = first_case(predicted)
    predicted.evaluate(model_of(predicted))
    predicted.labels.mark(case, [done[0]], SliceState.DRAFT).result()
    predicted.labels.mark(case, [done[0]], SliceState.DONE).result()
    predicted.labels.mark(case, [others[0]], SliceState.DRAFT).result()
    assert kept(predicted).changed == 1


def test_each_reader_has_figures_of_their_own_labels_and_nobody_elses(predicted: Session) -> None:
    model, folder = model_of(predicted), predicted.folder
    case, done, _ = first_case(predicted)
    predicted.evaluate(model)
    before = kept(predicted)
    mask = predicted.labels.stack(case)[done[0]]
    predicted.close()
    with Session.open(folder, reader="CD") as second:
        assert second.remembered(model) is None, "measured against another reader's labels"
        assert second.measured(model) == ()
        second.labels.edit_slices(case, {done[0]: mask}, "brush").result()
        second.labels.mark(case, [done[0]], SliceState.DONE).result()
        second.evaluate(model)
        assert [one.slices for one in kept(second).evaluation.cases if one.case == "phantom_01"] == [1]
    with Session.open(folder) as first:
        assert kept(first) == before

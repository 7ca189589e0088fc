"""Dice before correction in a real project: every finished slice is measured once, honestly, and the figure is kept."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from job_kit import TAUGHT
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.correction import Reading, Round
from slicelab.core.errors import SlicelabError
from slicelab.core.labels import Origin, SliceState
from slicelab.engine.session import Session

DONE = SliceState.DONE


@dataclass(frozen=True)
class Desk:
    """A reader before the project."""

    session: Session

    def case(self, name: str) -> str:
        return self.session.find([name])[0].id

    def finish(self, name: str, index: int, columns: int, *, accept: bool = False) -> None:
        """Outline as many columns of the model's twenty, and say done."""
        case, session = self.case(name), self.session
        if accept:
            model = session.models_for(case)[-1]
            mask = session.prediction(case, model)
            assert mask is not None
            session.labels.edit_slices(case, {index: mask[index]}, "accept", origin=Origin.ACCEPTED, origin_run=model)
        mask = session.labels.stack(case)[index].copy()
        mask[:] = 0
        stack = session.prediction(case)
        assert stack is not None
        ours = np.argwhere(stack[index] == 1)
        left = ours[:, 1].min()
        mask[ours[:, 0].min() : ours[:, 0].max() + 1, left : left + columns] = 1
        session.labels.edit_slices(case, {index: mask}, "brush").result(10)
        session.labels.mark(case, [index], DONE).result(10)

    @property
    def last(self) -> Round:
        return self.session.review.corrections.trend()[-1]


@pytest.fixture
def desk(tmp_path: Path, predicted_template: Path) -> Iterator[Desk]:
    with Session.open(Path(shutil.copytree(predicted_template, tmp_path / "project"))) as opened:
        yield Desk(opened)


def test_a_finished_slice_is_measured_against_the_newest_models_mask_and_the_figure_survives_reopening(
    desk: Desk,
) -> None:
    desk.finish("phantom_03", 4, 10)
    assert desk.last.blind.slices == 1
    assert desk.last.blind.classes[1].dice == pytest.approx(2 * 10 / 30)
    assert (desk.last.blind.wrong, desk.last.blind.final) == (200, 200)
    assert math.isnan(desk.last.blind.classes[2].dice), "in neither mask"
    assert desk.last.blind.classes[2].slices == 0
    before = desk.last
    desk.session.close()
    with Session.open(desk.session.folder, read_only=True) as again:
        assert again.review.corrections.trend() == (before,)


def test_slices_that_were_learned_from_are_never_measured_and_others_of_the_patient_are_kept_apart(desk: Desk) -> None:
    for index in TAUGHT:
        desk.finish("phantom_01", index, 10)
    assert desk.session.review.corrections.trend() == ()
    desk.finish("phantom_01", 4, 10)
    assert (desk.last.known_patients.slices, desk.last.blind.slices, desk.last.assisted.slices) == (1, 0, 0)


def test_a_label_that_began_as_a_models_mask_is_assisted_however_much_of_it_was_repainted(desk: Desk) -> None:
    desk.finish("phantom_03", 4, 10, accept=True)
    assert (desk.last.assisted.slices, desk.last.blind.slices) == (1, 0)
    records = desk.session._store.corrections(desk.session.reader.id)
    assert {one.reading for one in records} == {Reading.ACCEPTED}


def test_a_slice_whose_prediction_was_shown_is_not_blind_also_after_reopening(desk: Desk) -> None:
    corrections, case = desk.session.review.corrections, desk.case("phantom_03")
    corrections.saw(case, [3, 4], desk.session.models_for(case)[-1])
    desk.session.close()
    with Session.open(desk.session.folder) as again:
        later = Desk(again)
        assert again.review.corrections.seen(case) == {3, 4}
        later.finish("phantom_03", 4, 10)
        later.finish("phantom_03", 5, 20)
        assert (later.last.assisted.slices, later.last.blind.slices) == (1, 1)
        assert later.last.blind.dice == 1.0


def test_outlines_made_from_a_models_mask_are_no_more_blind_than_the_slices_they_came_from(desk: Desk) -> None:
    """Interpolated between accepted slices, and copied on from there."""
    session, case = desk.session, desk.case("phantom_03")
    model = session.models_for(case)[-1]
    mask = session.prediction(case, model)
    assert mask is not None
    taken = {index: mask[index] for index in (2, 4)}
    session.labels.edit_slices(case, taken, "accept", origin=Origin.ACCEPTED, origin_run=model)
    session.labels.interpolate(case)
    session.labels.copy_slice(case, 1, 2)
    session.labels.copy_slice(case, 0, 1)
    session.labels.mark(case, range(5), DONE).result(10)
    assert (desk.last.assisted.slices, desk.last.blind.slices) == (5, 0)
    session.close()
    with Session.open(session.folder) as again:
        assert again.review.corrections.seen(case) == {0, 1, 2, 3, 4}


def test_outlines_made_from_slices_painted_blind_are_blind(desk: Desk) -> None:
    case = desk.case("phantom_03")
    desk.finish("phantom_03", 2, 10)
    desk.finish("phantom_03", 4, 10)
    desk.session.labels.interpolate(case)
    desk.session.labels.copy_slice(case, 5, 4)
    desk.session.labels.mark(case, [3, 5], DONE).result(10)
    assert (desk.last.assisted.slices, desk.last.blind.slices) == (0, 4)


def test_what_is_undone_or_a_draft_again_is_not_counted(desk: Desk) -> None:
    case = desk.case("phantom_03")
    desk.finish("phantom_03", 4, 10)
    desk.session.labels.undo(case)
    assert desk.session.review.corrections.trend() == ()
    desk.session.labels.redo(case)
    assert desk.last.blind.slices == 1
    desk.session.labels.mark(case, [4], SliceState.DRAFT).result(10)
    assert desk.session.review.corrections.trend() == ()
    desk.finish("phantom_03", 4, 20)
    assert desk.last.blind.dice == 1.0, "the latest finished mask stands"


def test_hidden_slices_are_a_share_that_ends_with_done_and_is_kept_in_the_project(desk: Desk) -> None:
    corrections = desk.session.review.corrections
    cases = [case.id for case in desk.session.cases()]
    assert not any(corrections.hidden(case) for case in cases), "nothing is hidden unless it is asked for"
    with pytest.raises(SlicelabError, match="from 0 to 50"):
        corrections.keep_blind(0.9)
    corrections.keep_blind(0.5).result(10)
    there = [(case, index) for case in cases for index in corrections.hidden(case)]
    assert 0.25 * 60 < len(there) < 0.75 * 60
    case, index = next(at for at in there if at[0] == desk.case("phantom_03"))
    desk.finish("phantom_03", index, 10)
    assert index not in corrections.hidden(case)
    desk.session.close()
    with Session.open(desk.session.folder, read_only=True) as again:
        assert again.review.corrections.blind_share == 0.5


def test_a_removed_class_is_measured_no_more_and_holds_no_slice_back_and_a_restored_one_is_measured_again(
    desk: Desk,
) -> None:
    session, case = desk.session, desk.case("phantom_03")
    corrections = session.review.corrections
    corrections.keep_blind(0.5).result(10)
    first, second = sorted(corrections.hidden(case))[:2]
    session.upkeep.remove("class", "4")
    desk.finish("phantom_03", first, 10)
    assert first not in corrections.hidden(case), "it is done for every class there is"
    session.close()
    with Session.open(session.folder) as again:
        again.upkeep.restore("class", "4")
        later = Desk(again)
        later.finish("phantom_03", second, 10)
        records = again._store.corrections(again.reader.id)
        assert {one.slice for one in records if one.class_value == 4} == {second}


def test_a_removed_model_leads_nowhere_but_stays_in_the_lineage(desk: Desk) -> None:
    session = desk.session
    desk.finish("phantom_03", 4, 10)
    model = desk.last.model
    session.upkeep.remove("run", model)
    assert session.review.corrections.trend() == ()
    facts = session.review.facts()
    assert facts.predictions == (), "no report takes it for the newest model"
    assert model in {run.record.id for run in facts.runs}
    session.upkeep.restore("run", model)
    assert desk.last.model == model
    assert session.review.facts().predictions


def test_without_a_prediction_or_with_a_damaged_one_a_slice_is_finished_all_the_same(desk: Desk) -> None:
    case = desk.case("phantom_03")
    (file,) = (desk.session.folder / "predictions").rglob(f"{case}.nii.gz")
    file.write_bytes(b"nothing")
    desk.session.labels.mark(case, [4], DONE).result(10)
    assert set(desk.session.labels.states(case)[4].values()) == {DONE}
    assert desk.session.review.corrections.trend() == ()


def test_a_case_is_reviewed_slice_by_slice_and_one_that_was_trained_on_is_not(desk: Desk) -> None:
    case = desk.case("phantom_03")
    model = desk.session.models_for(case)[-1]
    desk.finish("phantom_03", 4, 10)
    desk.finish("phantom_03", 6, 19)
    found = desk.session.review.of_case(case, model)
    assert found is not None
    assert {index: one.wrong for index, one in found.overlaps[1].items()} == {4: 200, 6: 20}
    assert found.worst(1) == 4
    assert found.worst(2) is None
    mask = desk.session.prediction(case, model)
    assert mask is not None
    desk.session.labels.edit_slices(case, {4: mask[4]}, "accept", origin=Origin.ACCEPTED, origin_run=model)
    desk.session.labels.mark(case, [4], DONE).result(10)
    again = desk.session.review.of_case(case, model)
    assert again is not None
    assert set(again.overlaps[1]) == {6}, "a model is not measured against its own mask"
    taught = desk.session.review.of_case(desk.case("phantom_01"), model)
    assert taught is not None
    assert taught.trained_on
    assert taught.overlaps == {}


def test_the_command_says_the_rounds_and_sets_the_share(desk: Desk) -> None:
    desk.finish("phantom_03", 4, 10)
    desk.finish("phantom_03", 5, 20, accept=True)
    desk.finish("phantom_01", 4, 20)
    desk.session.close()
    folder = str(desk.session.folder)
    told = json.loads(CliRunner().invoke(app, ["corrections", folder, "--keep-blind", "0.1", "--json"]).stdout)
    assert told["blind_share"] == 0.1
    (found,) = told["rounds"]
    assert [found[name]["slices"] for name in ("blind", "assisted", "known_patients")] == [1, 1, 1]
    assert found["blind"]["classes"]["liver"] == {"dice": pytest.approx(2 / 3), "slices": 1}
    assert found["blind"]["classes"]["spleen"] == {"dice": None, "slices": 0}
    assert found["assisted"]["voxels_corrected"] == 0
    said = CliRunner().invoke(app, ["corrections", folder]).stdout
    assert "blind" in said
    assert "Slices kept blind: 10%" in said

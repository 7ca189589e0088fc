"""What to label first and next on a real project, which of it was followed, and what that brought."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.choices import Choice
from slicelab.core.errors import SlicelabError, no_unlabelled_slice
from slicelab.core.labels import SliceState
from slicelab.core.next_slices import Why
from slicelab.data.atomic import sha256_of
from slicelab.data.embeddings import EMBEDDINGS, Embeddings, save_embeddings
from slicelab.data.look import LOOK, Look, save_look
from slicelab.data.store.project import ProjectStore
from slicelab.data.store.records import RunMember
from slicelab.engine.session import Session
from slicelab.engine.suggesting import unusual

DONE = SliceState.DONE


def look_at_slices(folder: Path, model: str | None = None) -> str:
    """A pretraining and what its network made of the slices, as the jobs leave them; cases in two kinds."""
    rng = np.random.default_rng(3)
    with ProjectStore.open(folder) as store:
        cases = store.cases()
        members = [RunMember(case.id, "pool", 10) for case in cases]
        run = model or store.start_run("pretrain", "fast", None, "regression", members).result().id
        store.finish_run(run, "finished", None).result()
        weights = folder / "runs" / run / "weights.safetensors"
        weights.parent.mkdir(parents=True, exist_ok=True)
        weights.write_bytes(b"weights of a test")
        seen = store.start_run("embed", "fast", run, None, members).result().id
        store.finish_run(seen, "finished", None).result()
        kinds = rng.normal(size=(2, 8)) * 5
        turn = np.linspace(-1, 1, 10)[:, None] * rng.normal(size=8)
        found = {
            case.id: (kinds[k % 2] + turn + rng.normal(size=(10, 8)) * 0.1).astype(np.float32)
            for k, case in enumerate(cases)
        }
        volumes = {case.id: store.images(case.id)[0].sha256 for case in cases}
        (folder / "runs" / seen).mkdir(parents=True)
        save_embeddings(folder / "runs" / seen / EMBEDDINGS, Embeddings(run, sha256_of(weights), volumes, found))
    return run


@pytest.fixture
def seen(tmp_path: Path, labelled_template: Path) -> Path:
    """A closed project whose slices a network has looked at; the first two cases are labelled."""
    folder = Path(shutil.copytree(labelled_template, tmp_path / "seen"))
    look_at_slices(folder)
    return folder


def test_without_a_network_there_is_no_map_and_positions_alone_are_suggested(session: Session) -> None:
    case = session.cases()[0].id
    assert session.advice.map() is None
    assert session.advice.first() is None
    advice = session.advice.next_of(case)
    assert [(one.index, one.why) for one in advice.next] == [(5, Why.GAP)]
    assert advice.even == (1, 3, 5, 7, 9)


def test_every_slice_has_its_place_on_the_map_and_cases_of_a_kind_lie_together(seen: Path) -> None:
    with Session.open(seen) as session:
        found = session.advice.map()
        assert found is not None
        assert (found.run, found.latest, len(found.spots)) == ("r0001", True, 60)
        places = {
            case.name: np.mean([(s.x, s.y) for s in found.spots if s.case == case.id], axis=0)
            for case in session.cases()
        }
        assert [s.position for s in found.spots[:10]] == pytest.approx(np.linspace(0, 1, 10))
        near = np.linalg.norm(places["phantom_01"] - places["phantom_03"])
        assert near < 0.2 * np.linalg.norm(places["phantom_01"] - places["phantom_02"])


def test_a_map_stays_while_a_newer_network_has_not_looked(seen: Path) -> None:
    with ProjectStore.open(seen) as store:
        newer = store.start_run("pretrain", "fast").result().id
        store.finish_run(newer, "finished", None).result()
    (seen / "runs" / newer).mkdir(parents=True)
    (seen / "runs" / newer / "weights.safetensors").write_bytes(b"newer")
    with Session.open(seen) as session:
        found = session.advice.map()
        assert found is not None
        assert (found.run, found.latest) == ("r0001", False)


def test_the_cases_first_are_of_each_kind_and_each_names_the_slice_to_begin_with(seen: Path) -> None:
    with Session.open(seen) as session:
        found = session.advice.first()
        assert found is not None
        assert found.finished == 2
        assert len(found.cases) == 3
        assert all(len(one.slices) == 1 and one.name not in ("phantom_01", "phantom_02") for one in found.cases)
        kept = found.cases[0]
        session.agenda.set_left_out((kept.case,))
        others = session.advice.first()
        assert others is not None
        assert len(others.cases) == 3
        assert kept.case not in {one.case for one in others.cases}, "nothing is learned from its labels"
        for case in session.cases():
            session.labels.mark(case.id, range(10), DONE).result(10)
        assert session.advice.first() is None, "nothing is left"
        with pytest.raises(SlicelabError, match="no patient left") as told:
            session.advice.suggest(1)
        assert "suggest" not in str(told.value)


def test_cases_labelled_in_part_are_suggested_for_the_class_that_was_added(seen: Path) -> None:
    """Every slice of every case is done for the classes there were: a new one makes all of them partly done."""
    with Session.open(seen) as session:
        for case in session.cases():
            session.labels.mark(case.id, range(10), DONE).result(10)
        session.add_class("bladder")
        found = session.advice.suggest(2, slices=2)
        assert found.finished == 0
        assert all(len(one.slices) == 2 for one in found.cases)


def test_a_case_no_other_is_like_is_called_unusual_and_of_few_nobody_can_say() -> None:
    apart = np.abs(np.subtract.outer([0.0, 1.0, 2.0, 3.0, 4.0, 14.0], [0.0, 1.0, 2.0, 3.0, 4.0, 14.0]))
    assert unusual(apart) == {5}
    assert unusual(apart[2:, 2:]) == frozenset()
    assert unusual(apart[:5, :5]) == frozenset(), "as far apart as cases are"


def test_a_network_and_then_two_models_bring_reasons_of_their_own(predicted_template: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(predicted_template, tmp_path / "predicted"))
    look_at_slices(folder)
    with Session.open(folder) as session:
        case = session.find(["phantom_03"])[0].id
        assert Why.STANDS in {one.why for one in session.advice.next_of(case).next}
        (model,) = session.models_for(case)
        doubt = np.full(session.labels.stack(case).shape, 40, np.uint8)
        doubt[7] = 200
        (path,) = (folder / "predictions").rglob(f"{case}.nii.gz")
        np.save(path.with_name(f"{case}.uncertainty.npy"), doubt)
        first = session.advice.next_of(case).next[0]
        assert (first.index, first.why) == (7, Why.UNSURE)
        assert "5.0 times as unsure" in first.reason
        assert model


def test_what_was_followed_is_kept_when_the_slice_is_done_and_known_after_reopening(session: Session) -> None:
    case = session.cases()[0].id
    advice, folder = session.advice, session.folder
    for index, choice, why in ((2, Choice.COVERING, ""), (4, Choice.NEXT, "gap"), (7, Choice.EVEN, "")):
        saved = advice.follow(case, index, choice, why)
        assert saved is not None
        saved.result(10)
    advice.follow(case, 4, Choice.EVEN)  # later, by another way: the first one led there
    session.labels.mark(case, [2], DONE).result(10)
    assert [(one.choice, one.slices) for one in advice.benefits()] == [(Choice.COVERING, 1)]
    session.close()
    with Session.open(folder) as again:
        again.labels.mark(case, [4], DONE).result(10)
        again.labels.mark(case, [0], DONE).result(10)
        counts = {one.choice: one.slices for one in again.advice.benefits()}
        assert counts == {Choice.COVERING: 1, Choice.NEXT: 1, Choice.OWN: 1}
        again.labels.undo(case)
        assert Choice.OWN not in {one.choice for one in again.advice.benefits()}, "undone, it is not done"
        with pytest.raises(ValueError, match="no suggestion"):
            again.advice.follow(case, 5, Choice.OWN)
    told = json.loads(CliRunner().invoke(app, ["corrections", str(folder), "--json"]).stdout)["choices"]
    assert [(one["choice"], one["slices"]) for one in told] == [("covering", 1), ("next", 1)]
    plain = CliRunner().invoke(app, ["corrections", str(folder)]).stdout
    assert "suggested next" in plain


def test_a_slice_that_was_begun_stays_the_readers_own_choice(session: Session) -> None:
    case = session.cases()[0].id
    mask = np.zeros_like(session.labels.stack(case)[3])
    mask[10:20, 10:20] = 1
    session.labels.edit_slices(case, {3: mask}, "brush").result(10)
    assert session.advice.follow(case, 3, Choice.NEXT, "gap") is None
    session.labels.confirm(case)
    assert [(one.choice, one.slices) for one in session.advice.benefits()] == [(Choice.OWN, 1)]


def test_a_project_that_is_only_read_notes_nothing(seen: Path) -> None:
    with Session.open(seen, read_only=True) as session:
        case = session.find(["phantom_03"])[0].id
        assert session.advice.follow(case, 3, Choice.NEXT, "gap") is None
        assert session.advice.benefits() == ()
        assert session.advice.map() is not None


def test_small_pictures_of_a_case_are_turned_as_the_viewer_turns_them_and_in_its_window(session: Session) -> None:
    case = session.cases()[0].id
    session.set_window(case, 10.0, 50.0).result(10)
    view, found = session.open_case(case), session.slice_pictures(case, 1000)
    wanted = np.clip((view.image.astype(np.float64) - 10.0) * (255.0 / 40.0), 0, 255).astype(np.uint8)
    np.testing.assert_array_equal(found.grey, wanted)
    assert (found.plane, found.tall) == (view.plane, view.spacing[1] / view.spacing[2])
    assert max(session.slice_pictures(case, 16).grey.shape[1:]) <= 16


def test_the_last_look_inside_is_read_again_and_a_damaged_one_is_none(session: Session) -> None:
    assert session.advice.look("r0001") is None
    folder = session.folder / "runs" / "r0001"
    folder.mkdir(parents=True)
    save_look(folder / LOOK, Look(7, "blocks", "c0001", 3, {"original": np.zeros((4, 4), np.uint8)}))
    found = session.advice.look("r0001")
    assert found is not None
    assert found.step == 7
    (folder / LOOK).write_bytes(b"damaged")
    assert session.advice.look("r0001") is None


def test_what_the_window_shows_of_an_error_names_buttons_and_the_command_line_adds_what_to_type(
    session: Session,
) -> None:
    with pytest.raises(SlicelabError) as told:
        session.jobs.start_embed()
    for error in (told.value, no_unlabelled_slice()):
        assert "slicelab " not in str(error)
        assert "--" not in str(error)
        assert "--" in error.typed
    with pytest.raises(SlicelabError) as bare:
        session.advice.suggest(1)
    assert "Pretrain" in bare.value.remedy

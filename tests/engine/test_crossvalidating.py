"""Cross-validation through real processes: planned, started, killed, gone on with, told with its marks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from job_kit import CONTRAST, FINETUNE, quiet, run_to_end, wait_for
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.errors import JobError, ReadOnlyProjectError, SettingError
from slicelab.core.labels import SliceState
from slicelab.data.run_folder import RunFolder
from slicelab.engine.agenda import Wish
from slicelab.engine.cross_words import crossed, crossed_explained, worth, worth_explained
from slicelab.engine.crossvalidating import CrossResult, CrossWish
from slicelab.engine.follow import follow
from slicelab.engine.job_builder import JobOptions
from slicelab.engine.report import methods_report
from slicelab.engine.report_page import page
from slicelab.engine.session import Session

_SMALL = JobOptions(preset="fast", steps=2, bf16=False, checkpoint_s=0.0, overrides=FINETUNE)
_FROM = replace(_SMALL, overrides={"finetune.batch": 2})
"""From a pretraining, whose network and pictures are given."""
SMALL_SETS = [word for name, value in FINETUNE.items() for word in ("--set", f"{name}={value}")]


@pytest.fixture(scope="module", autouse=True)
def no_lower_priority() -> Iterator[None]:
    """Beside other tests on a busy machine a process of the lowest priority takes long to end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLICELAB_NICE", "0")
        yield


@pytest.fixture(scope="module")
def four_template(tmp_path_factory: pytest.TempPathFactory, template: Path, study: Path) -> Path:
    """A closed project: slices of four patients are done, and a pretraining has seen all six but the last one."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("four") / "project"))
    with Session.open(folder) as opened:
        for number in range(1, 5):
            path = study / "labelsTr" / f"phantom_{number:02d}.nii.gz"
            opened.labels.label_from_mask(opened.find([f"phantom_{number:02d}"])[0].id, path, [2, 4, 6])
        run = opened.jobs.start_pretrain("contrastive", exclude=["phantom_04"], steps=2, overrides=CONTRAST)
        run_to_end(opened, run)
    return folder


@pytest.fixture
def four(tmp_path: Path, four_template: Path) -> Iterator[Session]:
    with Session.open(Path(shutil.copytree(four_template, tmp_path / "four"))) as opened:
        yield opened


def said(*words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


def result(session: Session, run: str) -> CrossResult:
    found = session.cross.result(run)
    assert found is not None
    return found


def figures(found: CrossResult) -> tuple[object, ...]:
    return (found.rows, found.crossed, found.comparison)


def test_a_comparison_tells_its_difference_and_marks_what_the_pretraining_saw(four: Session) -> None:
    assert four.cross.standing().compare is None
    run = four.cross.start(CrossWish("compare", options=_FROM))
    status = run_to_end(four, run)
    assert (status.kind, status.steps, len(status.measured)) == ("compare", 16, 8)
    found = result(four, run)
    assert four.cross.standing().compare == found
    assert (found.folds, found.patients, found.in_pool, found.protocol) == (2, 4, 3, "transductive")
    assert found.comparison is not None
    assert (found.comparison.patients, found.comparison.repeats) == (4, 2)
    headline = worth(found)
    assert headline.startswith("Pretraining: ")
    assert "; 4 patients, 2 repeats; transductive)" in headline
    assert "saw images, without labels, of 3 of 4 held-out patients" in worth_explained(found)
    assert "labels changed since" not in worth_explained(found)

    # The models of the cells are not models of the project.
    summary = four.runs()[-1]
    assert (summary.id, summary.kind, summary.has_weights, summary.slices) == (run, "compare", False, 12)
    with pytest.raises(JobError, match="holds no weights"):
        four.jobs.start_predict(run)
    assert not (four.folder / "predictions").exists() or not list((four.folder / "predictions").iterdir())

    case = four.find(["phantom_01"])[0].id
    four.labels.mark(case, [2], SliceState.DRAFT).result()
    assert result(four, run).changed == 1
    assert "The labels changed since: 1 slice." in worth_explained(result(four, run))
    folder = four.folder
    four.close()
    for older in (False, True):
        if older:
            with closing(sqlite3.connect(folder / "project.db")) as database:
                database.execute("UPDATE runs SET job = json_remove(job, '$.reader')")
                database.commit()
        with Session.open(folder, reader="CD") as second:
            assert second.cross.standing().compare is None, "it was measured on the labels of somebody else"
        with Session.open(folder) as first:
            assert first.cross.standing().compare == result(first, run)
    with Session.open(folder) as first:
        first.upkeep.remove("run", run)
        assert first.cross.standing().compare is None


def test_a_killed_cross_validation_goes_on_with_the_figures_of_one_that_ran_through(four: Session) -> None:
    wish = CrossWish("crossvalidate", scratch=True, options=replace(_SMALL, steps=4))
    straight = four.cross.start(wish)
    run_to_end(four, straight)
    assert result(four, straight).protocol == "inductive"
    assert "transductive" not in crossed(result(four, straight))
    run = four.cross.start(wish)
    wait_for(lambda: four.jobs.status(run).step >= 6 and four.jobs.status(run).phase != "preparing", four)
    pid = RunFolder(four.folder / "runs" / run).pid("process")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert follow(four, run, quiet, poll_s=0.02).state == "failed"
    assert four.cross.result(run) is None
    before = result(four, straight)
    four.close()
    code, out, err = said("resume", four.folder, run, "--json")
    assert code == 0, err
    facts = json.loads(out)
    assert facts["resumed_from"] >= 4  # the first training is not repeated
    assert facts["dice"]["mean"] == pytest.approx(before.crossed.dice.mean if before.crossed else None)
    with Session.open(four.folder, read_only=True) as again:
        assert figures(result(again, run)) == figures(before) == figures(result(again, straight))
        with pytest.raises(ReadOnlyProjectError):
            again.cross.start(wish)


def test_the_commands_say_the_plan_the_figures_and_the_marks(four: Session) -> None:
    folder = four.folder
    four.close()
    options = ["--steps", "1", "--preset", "fast", "--set", "finetune.batch=2", "--precision", "float32"]
    code, out, err = said("compare", folder, *options, "--plan")
    assert (code, out.strip()) == (
        0,
        "8 trainings of 1 step (2 folds, 2 repeats, from the pretraining and from random weights): how long that takes "
        "is not known.",
    ), err
    code, out, err = said("compare", folder, *options, "--json")
    assert code == 0, err
    facts = json.loads(out)
    assert (facts["run"], facts["protocol"], facts["patients_in_pool"]) == ("r0002", "transductive", 3)
    assert facts["comparison"]["verdict"] == "not established"
    assert {row["init"] for row in facts["held_out"]} == {"random", "r0001"}
    assert "8 trainings of 1 step" in err
    code, out, err = said("crossvalidate", folder, "--init", "random", "--folds", "2", *options[:4], *SMALL_SETS)
    assert code == 0, err
    assert "Cross-validated Dice: 0." in out
    assert "transductive" not in out
    listed = said("runs", folder)[1]
    assert "r0002: Pretraining: " in listed
    assert "r0003: Cross-validated Dice: " in listed
    assert json.loads(said("runs", folder, "--json")[1])["runs"][1]["result"]["comparison"] == facts["comparison"]
    with Session.open(folder, read_only=True) as again:
        html = page(methods_report(again))
    assert "Pretraining: " in html
    assert "Cross-validated Dice: " in html
    assert "saw images, without labels, of 3 of 4 held-out patients" in html


def test_figures_and_models_of_another_readers_labels_are_none_of_ones_own(four: Session) -> None:
    run = four.cross.start(CrossWish("crossvalidate", scratch=True, options=_SMALL))
    run_to_end(four, run)
    model = four.jobs.start_finetune(None, steps=1, overrides=FINETUNE)
    run_to_end(four, model)
    assert four.cross.standing().crossvalidate is not None
    assert {one.other_reader for one in four.runs()} == {""}
    folder, name = four.folder, four.reader.name
    four.close()
    with Session.open(folder, reader="CD") as second:
        assert second.cross.standing().crossvalidate is None, "measured on labels that are not the reader's"
        assert {one.id: one.other_reader for one in second.runs() if one.other_reader} == {run: name, model: name}
    with Session.open(folder) as first:
        assert first.cross.standing().crossvalidate is not None, "kept for the one whose they are"


def test_fewer_than_three_patients_are_refused_with_what_to_do(labelled: Session) -> None:
    with pytest.raises(JobError, match="Slices are done for 2 patients; cross-validation needs 3") as refused:
        labelled.cross.plan(CrossWish("crossvalidate", options=_SMALL))
    assert refused.value.remedy == "Mark a few slices done in cases of 3 patients."


def test_a_case_left_out_for_testing_is_in_no_fold_and_neither_learnt_from_nor_measured(four: Session) -> None:
    out = four.find(["phantom_02"])[0]
    semi = replace(_FROM, overrides={**_FROM.overrides, "finetune.semi.on": True})
    for wish in (CrossWish("compare", options=semi), CrossWish("crossvalidate", options=semi)):
        assert four.cross.plan(wish).job.test_cases == ()
        job = four.cross.plan(replace(wish, exclude=(out.id, "c9999"))).job
        assert job.test_cases == (out.id,)
        assert len({patient for fold in job.folds for patient in fold}) == 3
        assert out.patient_id not in {patient for fold in job.folds for patient in fold}
        assert out.id not in {case.case for case in (*job.cases, *job.unlabelled)}
        assert job.unlabelled
    four.agenda.set_left_out((out.id,))
    run = four.jobs.start(Wish(kind="crossvalidate", init="r0001", steps=1, exclude=four.agenda.left_out))
    run_to_end(four, run)
    found = result(four, run)
    assert (found.patients, found.left_out) == (3, 1)
    assert out.id not in {row.case for row in found.rows}
    assert "1 case is left out for testing, and in no fold." in crossed_explained(found)
    four.labels.mark(out.id, [2], SliceState.DRAFT).result()
    assert result(four, run).changed == 0, "labels of a case that is in no fold change nothing"
    later = four.find(["phantom_06"])[0]
    for case in (out, later):
        four._store.update_case(case.id, patient_key="tested").result()
    four.labels.mark(later.id, [2], SliceState.DONE).result()
    assert result(four, run).changed == 0, "nor do those of a case that came later of the same patient"
    four.labels.mark(four.find(["phantom_01"])[0].id, [2], SliceState.DRAFT).result()
    assert result(four, run).changed == 1
    few = CrossWish("compare", options=_FROM, exclude=(out.id, four.find(["phantom_03"])[0].id))
    with pytest.raises(JobError, match="2 patients besides those left out for testing; cross-validation needs 3"):
        four.cross.plan(few)


def test_the_patient_of_a_case_kept_for_testing_stays_out_once_that_case_is_removed(four: Session) -> None:
    first, second = four.find(["phantom_05", "phantom_06"])
    for case in (first, second):
        four._store.update_case(case.id, patient_key="the same").result()
    wish = CrossWish("crossvalidate", options=_FROM, exclude=(first.id,))
    assert set(four.cross.plan(wish).job.test_cases) == {first.id, second.id}
    four.upkeep.remove("case", first.id)
    assert four.cross.plan(wish).job.test_cases == (second.id,)


def test_the_commands_leave_cases_out_by_name_and_say_how_many(four: Session) -> None:
    folder = four.folder
    four.close()
    options = ["--steps", "1", "--preset", "fast", "--set", "finetune.batch=2", "--exclude", "phantom_03"]
    code, out, err = said("crossvalidate", folder, *options, "--plan")
    assert code == 0, err
    assert "3 trainings of 1 step (3 folds" in out
    assert "1 case is left out for testing, and in no fold." in out
    assert json.loads(said("compare", folder, *options, "--plan", "--json")[1])["cases_left_out"] == 1
    code, out, err = said("crossvalidate", folder, *options, "--precision", "float32", "--json")
    assert code == 0, err
    facts = json.loads(out)
    assert facts["cases_left_out"] == 1
    assert {row["case"] for row in facts["held_out"]} == {"phantom_01", "phantom_02", "phantom_04"}
    code, _, err = said("crossvalidate", folder, "--exclude", "nobody", "--plan")
    assert code == 1
    assert "nobody" in err


def test_what_cannot_be_compared_is_refused(labelled: Session, four: Session) -> None:
    with pytest.raises(JobError, match="no pretraining to compare"):
        labelled.cross.plan(CrossWish("compare", options=_SMALL))
    with pytest.raises(SettingError, match="5 folds cannot be made of 4 patients"):
        four.cross.plan(CrossWish("crossvalidate", folds=5, options=_FROM))
    with pytest.raises(JobError, match="a fold has none"):
        four.cross.plan(CrossWish("crossvalidate", options=JobOptions(preset="paper")))
    model = four.jobs.start_finetune(None, steps=1, overrides=FINETUNE)
    run_to_end(four, model)
    with pytest.raises(JobError, match="learned labels"):
        four.cross.plan(CrossWish("compare", init=model, options=_FROM))


def test_a_plan_takes_the_last_trainings_settings_and_speed(four: Session) -> None:
    assert four.cross.plan(CrossWish("compare")).seconds is None
    run_to_end(four, four.jobs.start_finetune("r0001", steps=3, overrides={"finetune.batch": 2, "finetune.lr": 1e-3}))
    plan = four.cross.plan(CrossWish("compare"))
    assert (plan.steps, plan.job.settings.lr, plan.job.trainings) == (3, 1e-3, 8)
    assert plan.seconds is not None
    assert plan.seconds > 0
    assert plan.job.pretrained_patients == tuple(
        sorted(case.patient for case in four.cases() if case.name != "phantom_04")
    )
    other = four.cross.plan(CrossWish("crossvalidate", options=JobOptions(steps=7)))
    assert (other.steps, other.job.settings.lr, other.job.trainings, len(other.job.folds)) == (7, 1e-3, 3, 3)
    assert other.job.init == "r0001"
    for passes, steps in ((0, 3), (2, None)):  # of few slices, and of so many that each fold takes its own
        changed = {"finetune.steps": 3, "finetune.passes": passes, "finetune.batch": 2}
        longer = four.cross.plan(CrossWish("crossvalidate", options=JobOptions(overrides=changed)))
        assert longer.steps == steps
        assert longer.seconds is not None


def test_a_job_that_waited_in_the_window_starts_as_a_cross_validation(four: Session) -> None:
    run = four.jobs.start(Wish(kind="crossvalidate", init="r0001", steps=1))
    run_to_end(four, run)
    found = result(four, run)
    assert (found.kind, found.init, found.steps) == ("crossvalidate", "r0001", 3)
    assert "Each patient was measured by a training on the others (3 folds)" in crossed_explained(found)
    assert four.cross.standing().crossvalidate == found

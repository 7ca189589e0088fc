"""Cross-validation of finetuning: what is held out, what is told, and going on after a stop or a kill."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from learn_kit import BLOB, GENTLE, POOL, SMALL, finetune_job, pretrain_job
from resume_kit import drive

from slicelab.core.errors import JobError
from slicelab.data.run_folder import RunFolder
from slicelab.data.snapshot import CaseLabels
from slicelab.jobs.events import FoldMeasured, JobStarted, PhaseStarted, StepDone
from slicelab.jobs.folds import measured_in, numbered, trainings_of
from slicelab.jobs.settings import FinetuneSettings, PredictSettings, RegressionSettings, SemiSettings
from slicelab.jobs.specs import ClassInput, CrossValidationJob, JobAdapter
from slicelab.learn.checkpoint import fingerprint
from slicelab.learn.crossvalidate import fold_of, held_out_dice

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

STEPS = 3


def cross_job(run: str, cases: tuple[CaseInput, ...], **more: object) -> CrossValidationJob:
    """Two folds of three patients, once from random weights."""
    fields: dict[str, object] = {
        "run": run,
        "kind": "crossvalidate",
        "preset": "fast",
        "pool": POOL,
        "network": SMALL,
        "settings": FinetuneSettings(steps=STEPS, batch=4, augment=GENTLE),
        "predict": PredictSettings(),
        "classes": BLOB,
        "init": None,
        "cases": cases,
        "folds": ((cases[0].patient,), tuple(case.patient for case in cases[1:])),
    }
    return CrossValidationJob.model_validate({**fields, **more})


def told(events: list[AnyEvent]) -> list[FoldMeasured]:
    """The figures, but for when they were taken."""
    return [event.model_copy(update={"at": 0.0}) for event in events if isinstance(event, FoldMeasured)]


def learned(events: list[AnyEvent]) -> list[int]:
    return [event.step for event in events if isinstance(event, StepDone) and event.loss is not None]


def test_every_case_is_measured_once_by_a_training_that_did_not_see_its_patient(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    job = cross_job("r0001", cases)
    assert JobAdapter.validate_json(job.model_dump_json()) == job
    events = drive(job, project, compute, labels)
    found = told(events)
    assert [(one.training, one.of, one.fold, one.seed, one.init, one.step) for one in found] == [
        (1, 2, 0, 0, None, STEPS),
        (2, 2, 1, 0, None, 2 * STEPS),
    ]
    assert [[case.case for case in one.cases] for one in found] == [["c0001"], ["c0002", "c0003"]]
    assert all(case.shown == (1,) and 0.0 <= (case.dice[1] or 0.0) <= 1.0 for one in found for case in one.cases)
    assert learned(events) == list(range(1, 2 * STEPS + 1))
    parts = [(e.phase, e.first_step, e.steps) for e in events if isinstance(e, PhaseStarted) and numbered(e.phase)]
    assert parts == [("training 1 of 2", 0, 2 * STEPS), ("training 2 of 2", STEPS, 2 * STEPS)]
    assert not list((project / "runs" / "r0001").glob("weights*"))
    assert not (project / "predictions").exists()


def test_a_training_of_a_fold_is_the_finetuning_of_the_other_cases(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    rest = {case.case: labels[case.case] for case in cases[1:]}
    alone = drive(finetune_job("r0001", cases[1:], STEPS), project, compute, rest)
    settings = finetune_job("r0001", cases[1:], STEPS).settings
    crossed = drive(cross_job("r0002", cases, settings=settings), project, compute, labels)

    def losses(events: list[AnyEvent]) -> list[float | None]:
        return [event.loss for event in events if isinstance(event, StepDone) and event.loss is not None]

    assert losses(crossed)[:STEPS] == losses(alone)


def test_both_starts_take_turns_with_the_same_folds_and_seeds(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    drive(pretrain_job("r0001", cases, RegressionSettings(steps=2, batch=2)), project, compute, {})
    job = cross_job("r0002", cases, kind="compare", init="r0001", repeats=2, seed=5)
    assert [(one.fold, one.seed, one.init) for one in trainings_of(job)] == [
        (fold, seed, init) for seed in (5, 6) for fold in (0, 1) for init in (None, "r0001")
    ]
    found = told(drive(job, project, compute, labels))
    assert len(found) == job.trainings == 8
    assert measured_in(job, found) == tuple(found)


@pytest.mark.parametrize("stop", [1, STEPS, STEPS + 2])
def test_a_job_that_was_stopped_or_killed_goes_on_with_the_same_figures(
    stop: int, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    straight = told(drive(cross_job("r0001", cases), project, compute, labels))
    for run, how in (("r0002", {"stop_after": stop}), ("r0003", {"die_after": stop})):
        job = cross_job(run, cases, checkpoint_s=0.0)
        first = drive(job, project, compute, labels, **how)
        second = drive(job, project, compute, labels)
        assert told(first) + told(second) == straight
        started = next(event for event in second if isinstance(event, JobStarted))
        # Stopped between two steps, all is saved; killed, or after the last step of a training, that step is not.
        kept = stop if "stop_after" in how and stop != STEPS else stop - 1
        assert started.resumed_from == (kept or None)
        assert learned(second) == list(range(kept + 1, 2 * STEPS + 1))


def test_measured_trainings_are_never_repeated_even_where_the_checkpoint_is_gone(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    straight = told(drive(cross_job("r0001", cases), project, compute, labels))
    job = cross_job("r0002", cases, checkpoint_s=0.0)
    first = drive(job, project, compute, labels, die_after=STEPS + 1)
    RunFolder(project / "runs" / "r0002").checkpoint_path.unlink()
    second = drive(job, project, compute, labels)
    assert told(first) + told(second) == straight
    assert learned(second) == list(range(STEPS + 1, 2 * STEPS + 1))


def test_what_a_job_only_tells_of_does_not_part_it_from_its_checkpoint(blob_project: BlobProject) -> None:
    project, cases, _ = blob_project
    job = cross_job("r0001", cases)
    assert fingerprint(job.model_copy(update={"test_cases": ("c0009",)}), project) == fingerprint(job, project)
    assert fingerprint(job.model_copy(update={"seed": 1}), project) != fingerprint(job, project)


def test_semi_supervised_learning_leaves_out_the_images_of_held_out_patients(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    few = {name: CaseLabels(name, one.slices[:2], one.masks[:2], one.known[:2]) for name, one in labels.items()}
    settings = FinetuneSettings(steps=1, batch=4, augment=GENTLE, semi=SemiSettings(on=True))
    one_by_one = tuple((case.patient,) for case in cases)
    job = cross_job("r0001", cases, settings=settings, unlabelled=cases, folds=one_by_one)
    assert len(told(drive(job, project, compute, few))) == 3
    alone = cross_job("r0002", cases, settings=settings, unlabelled=cases[:1], folds=one_by_one)
    with pytest.raises(JobError, match="without labels"):
        drive(alone, project, compute, few)  # the first fold holds out the one case that is not labelled everywhere


def test_a_class_that_only_held_out_cases_are_done_for_is_neither_learned_nor_measured(
    blob_project: BlobProject,
) -> None:
    _, cases, labels = blob_project
    two = (*BLOB, ClassInput(value=4, name="other"))
    both = {
        name: replace(one, known=np.hstack([one.known, np.full((6, 1), name == "c0001")]))
        for name, one in labels.items()
    }
    job = cross_job("r0001", cases, classes=two)
    assert [item.value for item in fold_of(job, both, 0).classes] == [1]
    assert [item.value for item in fold_of(job, both, 1).classes] == [1, 4]
    first = held_out_dice(both["c0001"].masks, both["c0001"], two, [1])
    assert (first.dice, first.shown) == ({1: 1.0}, (1,))


def test_dice_is_taken_over_done_slices_and_is_not_defined_where_neither_mask_shows_the_class() -> None:
    masks = np.zeros((2, 4, 4), np.uint8)
    masks[0, :2] = 1
    known = np.array([[True, True], [False, True]])
    labels = CaseLabels("c0001", np.array([1, 3], np.int32), masks, known)
    two = (*BLOB, ClassInput(value=2, name="other"))
    mask = np.zeros((5, 4, 4), np.uint8)
    mask[1, :1] = 1  # half of what the reference shows
    mask[3] = 1  # not done for this class
    found = held_out_dice(mask, labels, two, [1, 2])
    assert found.dice == {1: pytest.approx(2 / 3), 2: None}
    assert (found.shown, found.slices) == ((1,), 2)

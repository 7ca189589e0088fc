"""The label budget filled by real trainings: each round trains, predicts, and finishes slices of a new patient."""

from __future__ import annotations

import math
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from job_kit import FINETUNE, run_to_end

from slicelab.core.geometry import to_stack
from slicelab.core.labels import SliceState
from slicelab.data.phantoms import write_study
from slicelab.engine.budgeting import explanation, headline
from slicelab.engine.session import Session

ROUNDS, SECONDS = 3, 40.0
SLICES, SHAPE = (3, 4, 5), (64, 64, 10)


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """A closed project after some rounds, and how many slices each training learned from."""
    home = tmp_path_factory.mktemp("budget")
    study = write_study(
        home / "pelvis",
        "pelvis",
        labelled=ROUNDS + 1,
        unlabelled=0,
        seed=9,
        shape=(64, 64, 10),
        spacing=(3.5, 3.5, 9.0),
    )
    learned = []
    with Session.create(home / "project", ["prostate"]) as session:
        session.import_paths([study])
        masks = {case.name: truth(study, case.name) for case in session.cases()}

        def finish(name: str) -> None:
            case = session.find([name])[0].id
            for at in SLICES:
                session.labels.edit_slices(case, {at: masks[name][at]}, "brush", seconds=SECONDS).result()
                session.labels.mark(case, [at], SliceState.DONE).result()

        names = [case.name for case in session.cases()]
        finish(names[0])
        for number in range(1, ROUNDS + 1):
            model = session.jobs.start_finetune(steps=4 * number, overrides=FINETUNE)
            run_to_end(session, model)
            learned.append(next(run.slices for run in session.runs() if run.id == model))
            run_to_end(session, session.jobs.start_predict(model))
            finish(names[number])
    return home / "project", learned


def truth(study: Path, name: str) -> np.ndarray:
    """The whole gland of a phantom, ``(slice, row, column)``."""
    described = nib.as_closest_canonical(nib.load(study / "labelsTr" / f"{name}.nii.gz"))
    return (to_stack(np.asarray(described.dataobj), 2) > 0).astype(np.uint8)


@pytest.mark.slow
def test_curve_minutes_and_gain_come_from_the_rounds_that_were_made(rounds: tuple[Path, list[int]]) -> None:
    folder, learned = rounds
    with Session.open(folder, read_only=True) as session:
        found = session.review.budget.now()
        trend = session.review.corrections.trend()
    assert learned == [3, 6, 9]
    assert [point.spent.labelled for point in found.points] == learned
    assert [point.spent.minutes for point in found.points] == pytest.approx([k * SECONDS / 60 for k in learned])
    assert [len(point.dice) for point in found.points] == [len(SLICES)] * ROUNDS
    assert found.reading == "blind", "no model's mask was on a screen"
    for point, one in zip(found.points, trend, strict=True):
        assert point.model == one.model
        assert point.mean == pytest.approx(one.blind.dice, abs=1e-9)
    gain = found.gain
    assert gain is not None
    assert gain.low <= gain.dice <= gain.high
    assert not math.isnan(gain.minutes)
    assert gain.minutes == pytest.approx(gain.more * SECONDS / 60)
    assert "5 more slices" in headline(found)
    assert f"So far: {round(learned[-1] * SECONDS / 60)} min." in explanation(found)

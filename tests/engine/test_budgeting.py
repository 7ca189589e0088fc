"""The label budget of a real project: from finished slices and noted time, round by round, to the report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from job_kit import FINETUNE, fill_predictions, run_to_end
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.labels import SliceState
from slicelab.engine.budgeting import explanation, headline
from slicelab.engine.session import Session


def finish(session: Session, name: str, index: int, columns: int) -> None:
    """Outline as many columns of the model's twenty, in half a minute, and say done."""
    case = session.find([name])[0].id
    stack = session.prediction(case)
    assert stack is not None
    ours = np.argwhere(stack[index] == 1)
    left, mask = ours[:, 1].min(), np.zeros(stack.shape[1:], np.uint8)
    mask[ours[:, 0].min() : ours[:, 0].max() + 1, left : left + columns] = 1
    session.labels.edit_slices(case, {index: mask}, "brush", seconds=30.0).result(10)
    session.labels.mark(case, [index], SliceState.DONE).result(10)


def test_three_trainings_give_a_gain_with_its_interval_and_fewer_give_none(
    predicted_template: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(predicted_template, tmp_path / "project"))
    with Session.open(folder) as session:
        for round_, name in enumerate(("phantom_03", "phantom_04", "phantom_05")):
            found = session.review.budget.now()
            assert len(found.points) == round_
            assert headline(found) == "Not enough yet"
            if round_:
                model = session.jobs.start_finetune(None, steps=1, overrides=FINETUNE)
                run_to_end(session, model)
                run_to_end(session, session.jobs.start_predict(model))
                fill_predictions(folder)
            for index in (3, 4, 5):
                finish(session, name, index, 8 + 4 * round_)
        found = session.review.budget.now()
    assert found.reading == "blind"
    assert [point.spent.labelled for point in found.points] == [3, 6, 9]
    assert [point.spent.minutes for point in found.points] == pytest.approx([0.0, 1.5, 3.0])
    for point, columns in zip(found.points, (8, 12, 16), strict=True):
        assert point.mean == pytest.approx(2 * columns / (20 + columns))
    assert found.gain is not None
    assert found.gain.low <= found.gain.dice <= found.gain.high
    assert found.gain.dice > 0
    assert found.gain.minutes == pytest.approx(5 * 3.0 / 9)
    assert "5 more slices" in headline(found)
    assert "3 trainings" in explanation(found)

    out = tmp_path / "report.html"
    answer = CliRunner().invoke(app, ["report", str(folder), "--out", str(out), "--json"])
    assert "Label budget" in json.loads(answer.stdout)["sections"]
    assert headline(found).replace("+", "&#43;") in out.read_text("utf-8") or headline(found) in out.read_text("utf-8")

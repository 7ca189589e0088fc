"""The table of models says from which pretraining a model comes, and when it was made."""

from __future__ import annotations

from dataclasses import replace

from slicelab.app.models import model_rows
from slicelab.engine.views import RunSummary


def run(name: str, kind: str, init: str | None = None) -> RunSummary:
    return RunSummary(
        id=name, kind=kind, status="finished", preset="fast", method=None, init=init, created=0.0, finished=86_400.0,
        cases=1, slices=5, has_weights=True, message=None,
    )  # fmt: skip


def test_a_model_names_the_pretraining_it_comes_from_and_when_it_was_made() -> None:
    runs = (run("r1", "pretrain"), run("r2", "pretrain"), run("r3", "finetune", "r2"), run("r4", "finetune"))
    scratch, taught = model_rows(runs, None, {})
    assert taught.learned_from.startswith("5 slices, from Pretraining 2 · ")
    assert scratch.learned_from.startswith("5 slices, from scratch · ")
    assert "Made 1970-01-0" in taught.tip
    (theirs,) = model_rows((replace(runs[2], init=None, other_reader="CD"),), None, {})
    assert theirs.learned_from.endswith(" · labels of CD"), "not of the reader who looks at it"
    (gone,) = model_rows((replace(runs[2], init="r9"),), None, {})
    assert gone.learned_from.startswith("5 slices, pretrained · "), "by a run that was removed since"

"""Runs are called alike everywhere: in the window, in the dialog about the disk, in notices and in the report."""

from __future__ import annotations

from job_kit import FINETUNE, run_to_end

from slicelab.engine.run_names import by_name, run_names, with_id
from slicelab.engine.session import Session

RUNS = (
    ("r0001", "pretrain", True),
    ("r0002", "finetune", True),
    ("r0003", "predict", False),
    ("r0004", "finetune", False),
    ("r0005", "finetune", True),
)


def test_models_are_counted_and_a_training_that_was_stopped_before_it_had_one_is_none() -> None:
    names = run_names(RUNS)
    assert list(names.values()) == ["Pretraining 1", "Model 1", "Prediction", "Training without a model", "Model 2"]
    assert with_id(names, "r0005") == "Model 2 (r0005)"
    assert with_id(names, "r0009") == "r0009"


def test_a_sentence_calls_runs_by_their_names() -> None:
    names = run_names(RUNS)
    said = "Nothing can be measured: no case has both a prediction by r0002 and a reference."
    assert by_name(said, names) == "Nothing can be measured: no case has both a prediction by Model 1 and a reference."
    assert by_name("Run r0005 is still running.", names) == "Model 2 is still running."
    assert by_name("Run r0009 is gone; error4000 stays.", names) == "Run r0009 is gone; error4000 stays."


def test_the_disk_lists_a_model_as_the_window_does_and_one_that_was_removed_without_a_number(labelled: Session) -> None:
    run = labelled.jobs.start_finetune(None, train=["phantom_01"], steps=2, overrides=FINETUNE)
    run_to_end(labelled, run)
    (item,) = labelled.upkeep.runs()
    assert (item.id, item.name.startswith("Model 1, 20")) == (run, True)
    assert labelled.upkeep.remove("run", run).name == item.name
    (gone,) = labelled.upkeep.removed()
    assert gone.name.startswith("Model, 20")

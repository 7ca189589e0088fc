"""What a project hands on: its labels, a model's masks, and models, each into a folder outside the project."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slicelab.core.errors import SlicelabError
from slicelab.data.model_files import copy_model
from slicelab.engine.exporting import MaskToExport, export_masks, require_outside
from slicelab.engine.lineage import known_to, model_of
from slicelab.engine.names import find_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import RunRecord
    from slicelab.engine.exporting import ExportReport
    from slicelab.engine.label_book import LabelBook
    from slicelab.engine.predictions import Predictions

    Progress = Callable[[int, int, str], None]


def export_labels(store: ProjectStore, book: LabelBook, out: Path, progress: Progress) -> ExportReport:
    """Write the labels of every case that has any; see :func:`export_masks` for what is raised."""
    require_outside(out, store.folder)
    masks = []
    for case in store.cases():
        sheet = book.sheet(case.id)
        if any(sheet.states):
            masks.append(MaskToExport(case, store.images(case.id)[0], sheet.masks, sheet.states))
    return export_masks(out, masks, store.classes(), progress)


def export_predictions(
    store: ProjectStore, predictions: Predictions, run_id: str, out: Path, *, uncertainty: bool, progress: Progress
) -> ExportReport:
    """Write what a run's model made of each case, with its uncertainty if asked for.

    Raises:
        UnknownNameError: there is no such run.
        SlicelabError, StorageError: see :func:`export_masks`.

    """
    require_outside(out, store.folder)
    model = _model(store, run_id)
    masks = []
    for case in store.cases():
        stack = predictions.load(model.id, case.id)
        if stack is not None:
            doubt = predictions.uncertainty(model.id, case.id) if uncertainty else None
            masks.append(MaskToExport(case, store.images(case.id)[0], stack, uncertainty=doubt))
    known = known_to(model)
    # Of a class the model does not know its masks say nothing; where it is not on record what it knows, all stay.
    written = export_masks(out, masks, [c for c in store.classes() if not known or c.value in known], progress)
    return replace(written, model=model.id)


def export_model(store: ProjectStore, run_id: str, out: Path) -> RunRecord:
    """Copy a run's model, and nothing else of the run, into a folder that can be handed on; returns the run.

    Raises:
        ModelFileError: the run left no model.
        SlicelabError: there is no such run, or the folder holds something.
        StorageError: the folder cannot be written.

    """
    require_outside(out, store.folder)
    record = _model(store, run_id)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SlicelabError("The folder for the model is not empty.", "Choose an empty one; nothing is replaced.")
    copy_model(store.folder / "runs" / record.id, out)
    return record


def _model(store: ProjectStore, run_id: str) -> RunRecord:
    """The run whose weights the masks of a run are made with."""
    runs = {run.id: run for run in store.runs()}
    return model_of(find_run(run_id, list(runs.values())), runs)

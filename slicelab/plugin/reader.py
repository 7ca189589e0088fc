"""Reads a project's cases for napari: nothing is locked, and nothing drawn there comes back into the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slicelab.core.errors import UnknownNameError
from slicelab.engine.correcting import blanked
from slicelab.engine.session import Session
from slicelab.plugin.layers import LayerData, image_layer, labels_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slicelab.engine.views import CaseSummary

MOST = 8
"""Cases of a project that are read at once; more would fill the memory. Any other is read by its volume's file."""


def get_reader(path: str | Sequence[str]) -> Callable[[str | Sequence[str]], list[LayerData]] | None:
    """The reader for a path, None if it is not of a slicelab project.

    Args:
        path: a project's folder, its ``project.db``, or the file of one of its volumes (``volumes/c0001.nii``).

    """
    chosen = _one(path)
    return read if chosen is not None and _project_of(chosen) is not None else None


def read(path: str | Sequence[str]) -> list[LayerData]:
    """The layers of a project's first cases, or of the case whose volume was named; the first case is visible.

    Raises:
        SlicelabError: the project cannot be read, or has no such case.
        FileNotFoundError: there is no project.

    """
    chosen = _one(path)
    folder = None if chosen is None else _project_of(chosen)
    if chosen is None or folder is None:
        raise FileNotFoundError("There is no slicelab project.")
    with Session.open(folder, read_only=True) as session:
        cases = session.cases()
        if chosen.suffix == ".nii":
            wanted = chosen.stem.partition("-")[0]  # c0001-2 is a further sequence of c0001
            cases = tuple(case for case in cases if case.id == wanted)
            if not cases:
                raise UnknownNameError(f"The project has no case {wanted}.")
        layers = []
        for number, case in enumerate(cases[:MOST]):
            for data, settings, kind in case_layers(session, case):
                layers.append((data, {**settings, "visible": number == 0}, kind))
    return layers


def case_layers(session: Session, case: CaseSummary) -> list[LayerData]:
    """A case's further sequences, image, labels, and the latest model's prediction; empty on slices kept blind."""
    view = session.open_case(case.id)
    facts = {
        "project": str(session.folder),
        "case": case.id,
        "plane": view.plane,
        "letters": view.letters,
        "affine": view.geometry.affine.tolist(),
        "slices_done": case.count.done,
    }
    further = (session.sequences.load(case.id, one.id) for one in session.sequences.of(case.id))
    layers = [
        *(image_layer(f"{view.name} {one.item.name}", one.image, view.spacing, one.window, facts) for one in further),
        image_layer(view.name, view.image, view.spacing, view.window, facts),
        labels_layer(f"{view.name} labels", view.labels.copy(), view.spacing, session.classes, facts),
    ]
    prediction = session.prediction(case.id)
    if prediction is not None:
        model = case.models[-1]
        prediction = blanked(prediction, session.review.corrections.hidden(case.id))
        layers.append(
            labels_layer(
                f"{view.name} prediction {model}", prediction, view.spacing, session.classes,
                {**facts, "model": model}, opacity=0.3,
            )
        )  # fmt: skip
    return layers


def _one(path: str | Sequence[str]) -> Path | None:
    """The one path that was given; several are several things, and not ours."""
    paths = [path] if isinstance(path, str) else list(path)
    return Path(paths[0]) if len(paths) == 1 else None


def _project_of(path: Path) -> Path | None:
    """The folder of the project that a path belongs to, None if it is of none."""
    candidates = {"project.db": path.parent, ".nii": path.parent.parent}
    folder = candidates.get(path.name) or (candidates[".nii"] if path.suffix == ".nii" else path)
    return folder if (folder / "project.db").is_file() else None

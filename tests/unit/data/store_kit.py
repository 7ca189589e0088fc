"""What the tests of the project store share: a small project, a case, a stroke."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.geometry import Geometry
from slicelab.core.labels import Origin, SliceState, make_classes
from slicelab.data.store import NewImage, ProjectStore, SliceChange

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SLICES, ROWS, COLUMNS = 6, 40, 32
GRID = Geometry((COLUMNS, ROWS, SLICES), np.diag([1.0, 1.0, 5.0, 1.0]), 2)
DRAFT = {1: SliceState.DRAFT, 2: SliceState.DRAFT}
DONE = {1: SliceState.DONE, 2: SliceState.DONE}


def new_project(folder: Path) -> ProjectStore:
    return ProjectStore.create(folder, "study", make_classes(["liver", "spleen"]))


def staged_image(store: ProjectStore, role: str = "primary", content: bytes = b"voxels") -> NewImage:
    path = store.staging_path()
    path.write_bytes(content)
    return NewImage(path, GRID, GRID, "abc", "def", "nifti", "somewhere/scan.nii", role=role)


def add_case(store: ProjectStore, name: str = "first", patient: str | None = None) -> str:
    return store.add_case(name, patient, [staged_image(store)]).result(10).id


def mask(value: int) -> np.ndarray:
    return np.full((ROWS, COLUMNS), value % 251, dtype=np.uint8)


def stroke(index: int, value: int, states: dict[int, SliceState] | None = None) -> SliceChange:
    return SliceChange(index, None, mask(value), {}, DRAFT if states is None else states, Origin.PAINTED)


def sql(store: ProjectStore, statement: str, *values: object) -> list[tuple]:
    """A look into the database on a connection of the test's own."""
    with closing(sqlite3.connect(store.folder / "project.db")) as connection:
        return connection.execute(statement, values).fetchall()


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)

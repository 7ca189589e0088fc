"""Kill a process while it saves strokes, again and again; every stroke it was told is saved must be there.

A child paints strokes into one project and notes each one whose Future has completed in a file of its own. It is
killed (-9) after a random time. The project is then opened again (which takes over the dead child's lock, rolls half
a commit back and checks the database) and compared with the notes. Every third child also undoes and redoes, every
fourth is killed while it adds cases.

    python tests/torture/kill_while_saving.py --count 500
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.geometry import Geometry
from slicelab.core.labels import Origin, SliceState, make_classes
from slicelab.data.store import NewImage, ProjectStore, SliceChange

if TYPE_CHECKING:
    from concurrent.futures import Future

SLICES, SIDE = 8, 64
GRID = Geometry((SIDE, SIDE, SLICES), np.diag([1.0, 1.0, 4.0, 1.0]), 2)
STATES = {1: SliceState.DRAFT}
MODES = ("strokes", "strokes", "undo", "cases")


@dataclass
class Summary:
    """What happened. ``lost`` and ``damaged`` must be 0."""

    kills: int = 0
    strokes_saved: int = 0
    strokes_lost: int = 0
    cases_saved: int = 0
    cases_lost: int = 0
    damaged: int = 0
    half_commits_rolled_back: int = 0
    locks_taken_over: int = 0
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether nothing was lost or damaged."""
        return self.strokes_lost == self.cases_lost == self.damaged == 0


def picture(number: int) -> np.ndarray:
    """The mask of stroke ``number``; no two are the same."""
    return np.random.default_rng(number).integers(0, 2, (SIDE, SIDE)).astype(np.uint8)


def add_case(store: ProjectStore, name: str) -> Future[Any]:
    """Queue a case with a volume file whose content is its name."""
    path = store.staging_path()
    path.write_text(name)
    return store.add_case(name, None, [NewImage(path, GRID, GRID, name, "", "nifti", "")])


def child(folder: Path, notes: Path, first: int, mode: str) -> None:
    """Save until killed, or until the parent is gone; note what is saved."""
    parent = os.getppid()
    handle = os.open(notes, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    store = ProjectStore.open(folder)

    def note_stroke(number: int, future: Future[Any]) -> None:
        os.write(handle, f"stroke {number} {future.result().id}\n".encode())

    for number in range(first, sys.maxsize):
        if os.getppid() != parent:
            return
        while store.pending > 20:
            time.sleep(0.001)
        if mode == "cases":
            future = add_case(store, f"case {number}")
            future.add_done_callback(lambda f, n=number: os.write(handle, f"case {n} {f.result().id}\n".encode()))
            continue
        change = SliceChange(number % SLICES, None, picture(number), {}, STATES, Origin.PAINTED)
        saved = store.save_edit("c0001", 1, str(number), [change])
        saved.add_done_callback(lambda f, n=number: note_stroke(n, f))
        if mode == "undo" and number % 3 == 0:
            store.undo("c0001", 1)
            store.redo("c0001", 1)


def check(folder: Path, notes: Path, summary: Summary) -> None:
    """Open what the dead left and compare it with its notes."""
    journal = folder / "project.db-journal"
    summary.half_commits_rolled_back += journal.exists() and journal.stat().st_size > 0
    summary.locks_taken_over += (folder / "project.lock").exists()
    lines = [line.split() for line in notes.read_text().splitlines()] if notes.exists() else []
    with ProjectStore.open(folder) as store:
        edits = {edit.id: edit for edit in store.edits("c0001", 1)}
        cases = {case.id: case.name for case in store.cases()}
        for what, number, row in lines:
            if what == "stroke":
                edit = edits.get(int(row))
                summary.strokes_saved += 1
                summary.strokes_lost += edit is None or edit.action != number
            else:
                summary.cases_saved += 1
                summary.cases_lost += cases.get(row) != f"case {number}"
        for case_id, name in cases.items():
            (image,) = store.images(case_id)
            summary.damaged += (folder / image.path).read_text() != name
        summary.damaged += any((folder / "volumes").glob(".staged-*"))
        newest = {edit.slices[0]: int(edit.action) for edit in edits.values() if not edit.undone}
        labels = {label.slice: label for label in store.slice_labels("c0001", 1)}
        summary.damaged += set(newest) != set(labels)
        for index, number in newest.items():
            label = labels.get(index)
            good = label is not None and np.array_equal(label.mask, picture(number)) and label.states == STATES
            summary.damaged += not good
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        whole = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        rows = connection.execute("PRAGMA foreign_key_check").fetchall()
        summary.damaged += not whole or bool(rows)


def torture(place: Path, count: int, seed: int, longest: float) -> Summary:
    """Kill ``count`` children after up to ``longest`` seconds each, a new project every 50."""
    rng, summary, started = random.Random(seed), Summary(), time.monotonic()
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    folder = place
    for kill in range(count):
        if kill % 50 == 0:
            folder = place / f"project{kill}"
            with ProjectStore.create(folder, "torture", make_classes(["organ"])) as store:
                add_case(store, "first").result()
        notes = place / f"notes{kill}.txt"
        arguments = (folder, notes, kill * 100_000, MODES[kill % len(MODES)])
        process = context.Process(target=child, args=arguments, daemon=True)
        process.start()
        time.sleep(rng.uniform(0.0, longest))
        process.kill()
        process.join()
        summary.kills += 1
        check(folder, notes, summary)
        summary.seconds = round(time.monotonic() - started, 1)
    return summary


def main() -> int:
    """Run, print one JSON object, and exit with 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=500, help="how many processes to kill")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--longest", type=float, default=0.6, help="seconds a process may live")
    parser.add_argument("--folder", type=Path, help="where to make the projects (default: a temporary folder)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        summary = torture(Path(place), chosen.count, chosen.seed, chosen.longest)
    sys.stdout.write(json.dumps({**asdict(summary), "passed": summary.passed}) + "\n")
    return 0 if summary.passed else 1


if __name__ == "__main__":
    sys.exit(main())

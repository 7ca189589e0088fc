"""What benchmarks measure on: a study as a project, real where there is one, otherwise phantoms."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slicelab.core.labels import flip_allowed
from slicelab.data.phantoms import write_study
from slicelab.data.pool import PoolCase, build, resolved
from slicelab.data.store.project import ProjectStore
from slicelab.engine.job_builder import JobBuilder
from slicelab.engine.session import Session
from slicelab.jobs.presets import preset
from slicelab.jobs.settings import NetworkSettings, PoolSettings, Preset
from slicelab.jobs.specs import CaseInput, ClassInput
from slicelab.learn.slices import SliceSet, load_slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch

    from slicelab.data.snapshot import CaseLabels

REAL = "prostate_promise12"
"""The folder below ``SLICELAB_TEST_DATA`` that is measured on."""
_SMALL = NetworkSettings(channels=(8, 8, 16, 16, 16), bottleneck=16, channels_per_group=8)


@dataclass(frozen=True)
class Study:
    """A Decathlon folder.

    Attributes:
        folder: with ``dataset.json``.
        names: of the labelled cases, sorted.
        classes: names of the structures, in the order of their values.
        synthetic: whether phantoms made it.

    """

    folder: Path
    names: tuple[str, ...]
    classes: tuple[str, ...]
    synthetic: bool

    @property
    def labels(self) -> Path:
        """The folder of the masks."""
        return self.folder / "labelsTr"

    def mask(self, name: str) -> Path:
        """The mask of a case."""
        return self.labels / f"{name}.nii.gz"

    @property
    def words(self) -> str:
        """For a result: no path, no name."""
        return "synthetic phantoms" if self.synthetic else "real volumes"


@contextlib.contextmanager
def the_study(asked: Path | None, *, labelled: int, unlabelled: int = 0) -> Iterator[Study]:
    """The study asked for; otherwise real volumes (``SLICELAB_TEST_DATA``); otherwise phantoms, made for the occasion.

    Args:
        asked: a Decathlon folder.
        labelled: phantoms with labels, where there is nothing else.
        unlabelled: phantoms without.

    """
    root = os.environ.get("SLICELAB_TEST_DATA")
    if asked is None and root and (Path(root) / REAL).is_dir():
        asked = Path(root) / REAL
    with tempfile.TemporaryDirectory(prefix="slicelab-bench-", ignore_cleanup_errors=True) as scratch:
        folder = asked or write_study(
            Path(scratch) / "study", "pelvis", labelled=labelled, unlabelled=unlabelled, seed=0
        )
        told: dict[str, Any] = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
        values = sorted((int(value), str(name)) for value, name in told["labels"].items() if int(value) > 0)
        names = sorted(path.name.removesuffix(".nii.gz") for path in (folder / "labelsTr").glob("*.nii.gz"))
        yield Study(folder, tuple(names), tuple(name for _, name in values), bool(told.get("synthetic")))


@dataclass(frozen=True, eq=False)
class Material:
    """A study in a project, with every mask taken over: what a learning job reads.

    Attributes:
        project: the project's folder.
        classes: structures.
        flip: whether they may be mirrored.
        cases: labelled cases by name.
        labels: their labels by case id.

    """

    project: Path
    classes: tuple[ClassInput, ...]
    flip: bool
    cases: dict[str, CaseInput]
    labels: dict[str, CaseLabels]

    def opened(self, pool: PoolSettings, names: Sequence[str]) -> tuple[PoolSettings, list[PoolCase]]:
        """The cases' pool slices, and the settings with the pixel size they have."""
        chosen = tuple(self.cases[name] for name in names)
        settled = resolved(pool, self.project, chosen)
        return settled, list(build(self.project, settled, chosen))

    def slices(self, pool: PoolSettings, names: Sequence[str], device: torch.device, *, labelled: bool) -> SliceSet:
        """The cases' slices on a device."""
        settled, cases = self.opened(pool, names)
        values = tuple(one.value for one in self.classes)
        return load_slices(cases, settled.matrix, device, self.labels if labelled else None, values)


@contextlib.contextmanager
def the_project(study: Study, names: Sequence[str] | None = None) -> Iterator[Path]:
    """A new project with the study's volumes and masks, closed.

    Args:
        study: where from.
        names: cases to import; None for all, those without a mask among them.

    """
    with tempfile.TemporaryDirectory(prefix="slicelab-bench-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / "project"
        with Session.create(folder, list(study.classes)) as session:
            session.import_paths([study.folder], labels="all", only=names)
        yield folder


def material_of(project: Path, names: Sequence[str]) -> Material:
    """What learning jobs read of a closed project."""
    store = ProjectStore.open(project, read_only=True)
    try:
        builder, cases = JobBuilder(store), {case.name: case for case in store.cases()}
        chosen = {name: cases[name] for name in names}
        labels = builder.labels_of(list(chosen.values()), store.readers()[0].id)
        return Material(
            project=project,
            classes=tuple(ClassInput(value=one.value, name=one.name) for one in store.classes()),
            flip=flip_allowed(store.classes()),
            cases={name: builder.case_input(case) for name, case in chosen.items()},
            labels={one.case: one for one in labels},
        )
    finally:
        store.close()


def settings_of(*, quick: bool) -> Preset:
    """The `fast` preset; with a tiny network and small slices where only the benchmark itself is tried."""
    chosen = preset("fast")
    if not quick:
        return chosen
    return chosen.model_copy(update={"pool": PoolSettings(matrix=32), "network": _SMALL})

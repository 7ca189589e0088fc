"""A small made-up study, and a project made of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from job_kit import FINETUNE, TAUGHT, fill_predictions, run_to_end
from warm_jobs import warm

from slicelab.core.labels import SliceState
from slicelab.data.phantoms import write_study
from slicelab.engine.session import Session

CLASSES = ["liver", "right kidney", "left kidney", "spleen"]


@pytest.fixture(scope="module", autouse=True)
def no_measurement() -> Iterator[None]:
    """Jobs take float32 at once: a processor without bfloat16 has nothing to measure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATEN_CPU_CAPABILITY", "avx2")
        yield


@pytest.fixture(scope="session", autouse=True)
def warm_jobs() -> Iterator[None]:
    """Jobs that the tests start have torch loaded."""
    with warm():
        yield


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Decathlon folder of small abdomens: four labelled, two without labels."""
    folder = tmp_path_factory.mktemp("study") / "abdomen"
    return write_study(
        folder, "abdomen", labelled=4, unlabelled=2, seed=5, shape=(64, 64, 10), spacing=(5.6, 5.6, 18.0)
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, study: Path) -> Path:
    """A closed project with the study's volumes, none of them labelled; copied, never opened."""
    folder = tmp_path_factory.mktemp("template") / "project"
    with Session.create(folder, CLASSES) as made:
        made.import_paths([study])
    return folder


@pytest.fixture
def session(tmp_path: Path, template: Path) -> Iterator[Session]:
    """An open project with the study's volumes, none of them labelled."""
    shutil.copytree(template, tmp_path / "project")
    with Session.open(tmp_path / "project") as opened:
        yield opened


@pytest.fixture(scope="session")
def labelled_template(tmp_path_factory: pytest.TempPathFactory, template: Path, study: Path) -> Path:
    """The closed project with its first two cases labelled; copied, never opened."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("labelled") / "project"))
    with Session.open(folder) as opened:
        for number in (1, 2):
            path = study / "labelsTr" / f"phantom_{number:02d}.nii.gz"
            opened.labels.label_from_mask(opened.find([f"phantom_{number:02d}"])[0].id, path)
    return folder


@pytest.fixture
def labelled(tmp_path: Path, labelled_template: Path) -> Iterator[Session]:
    """An open project with the study's volumes, the first two cases labelled."""
    shutil.copytree(labelled_template, tmp_path / "project")
    with Session.open(tmp_path / "project") as opened:
        yield opened


@pytest.fixture(scope="session")
def predicted_template(tmp_path_factory: pytest.TempPathFactory, labelled_template: Path) -> Path:
    """A closed project: three slices of the first case were learned from, every case is predicted."""
    folder = Path(shutil.copytree(labelled_template, tmp_path_factory.mktemp("predicted") / "project"))
    with Session.open(folder) as opened:
        first, second = (case.id for case in opened.find(["phantom_01", "phantom_02"]))
        for case, kept in ((first, TAUGHT), (second, [])):
            others = [k for k in range(10) if k not in kept]
            opened.labels.mark(case, others, SliceState.UNLABELLED).result()
        model = opened.jobs.start_finetune(None, steps=1, overrides=FINETUNE)
        run_to_end(opened, model)
        run_to_end(opened, opened.jobs.start_predict(model))
    fill_predictions(folder)
    return folder

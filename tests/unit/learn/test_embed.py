"""Looking at the slices: stopped in the middle of a case, nothing is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from learn_kit import POOL, SMALL, finetune_job
from resume_kit import drive

from slicelab.data.embeddings import EMBEDDINGS
from slicelab.jobs.events import ArtifactSaved, StepDone
from slicelab.jobs.specs import EmbedJob
from slicelab.learn import embed as module
from slicelab.learn.run import JobContext, run_job

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]


def test_a_look_at_the_slices_stops_in_the_middle_of_a_case(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cases, labels = blob_project
    drive(finetune_job("r0001", cases, 1), project, compute, labels)
    job = EmbedJob(run="r0002", preset="fast", pool=POOL, network=SMALL, model="r0001", cases=cases, batch=1)
    folder = project / "runs" / "r0002"
    folder.mkdir()
    looked: list[int] = []

    class Counted(module.UNet):
        def encode(self, images):
            looked.append(len(images))
            return super().encode(images)

    monkeypatch.setattr(module, "UNet", Counted)
    events = list(run_job(job, JobContext(project, folder, lambda: len(looked) >= 2), compute))
    assert looked == [1, 1], "of six slices"
    assert not [event for event in events if isinstance(event, ArtifactSaved)]
    assert [event for event in events if isinstance(event, StepDone) and event.phase == "embed"] == []
    assert not (folder / EMBEDDINGS).exists()
    looked.clear()
    assert list(run_job(job, JobContext(project, folder, lambda: False), compute))
    assert sum(looked) == 18
    assert (folder / EMBEDDINGS).exists()

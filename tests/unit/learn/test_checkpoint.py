"""A checkpoint that is damaged, foreign or hostile is found out; a write that fails leaves the one before."""

from __future__ import annotations

import copy
import errno
import os
import pickle
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from learn_kit import make_blob_project
from resume_kit import drive, losses, make_job
from safetensors.torch import save_file

from slicelab.core.errors import JobError
from slicelab.data import atomic
from slicelab.data.run_folder import RunFolder
from slicelab.jobs.events import AlarmRaised, CheckpointSaved, JobStarted, StepDone
from slicelab.jobs.specs import ClassInput, FinetuneJob, JobAdapter
from slicelab.learn import keeper
from slicelab.learn.checkpoint import UnusableError, fingerprint, read_head, read_state, write
from slicelab.learn.device import Compute

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CaseInput, FinetuneJob, PretrainJob
    from slicelab.learn.checkpoint import CheckpointHead
    from slicelab.learn.state import State

NAME = "finetune, adamw, validated"


@dataclass
class Stopped:
    """A run stopped after three of six steps, with its checkpoint."""

    project: Path
    cases: tuple[CaseInput, ...]
    labels: dict[str, CaseLabels]
    compute: Compute

    @property
    def job(self) -> PretrainJob | FinetuneJob:
        return make_job(NAME, "r0001", self.cases)

    @property
    def path(self) -> Path:
        return RunFolder(self.project / "runs" / "r0001").checkpoint_path

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.job, self.project)

    def go_on(self, stop_after: int | None = None) -> list[AnyEvent]:
        return drive(self.job, self.project, self.compute, self.labels, stop_after=stop_after)

    def read(self) -> tuple[CheckpointHead, State]:
        head = read_head(self.path, self.fingerprint)
        assert head is not None
        return head, read_state(self.path, head, {"room": torch.zeros(1 << 20)})


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    project = tmp_path_factory.mktemp("stopped") / "project"
    project.mkdir()
    compute = Compute(torch.device("cpu"), bf16=False, channels_last=False, words="CPU")
    made = Stopped(project, *make_blob_project(project), compute)
    made.go_on(stop_after=3)
    return made


@pytest.fixture
def stopped(template: Stopped, tmp_path: Path) -> Stopped:
    shutil.copytree(template.project, tmp_path / "project")
    return replace(template, project=tmp_path / "project", labels=copy.deepcopy(template.labels))


class Bomb:
    """Unpickling it makes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (open, (str(self.mark), "w"))


def flipped(path: Path, at: float) -> bytes:
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= 4
    return bytes(data)


def other_weights(path: Path) -> bytes:
    save_file({"weight": torch.zeros(3)}, path)
    return path.read_bytes()


DAMAGED: dict[str, Callable[[Path], bytes]] = {
    "empty": lambda path: b"",
    "cut within the header": lambda path: path.read_bytes()[:300],
    "cut within the tensors": lambda path: path.read_bytes()[: path.stat().st_size // 2],
    "longer than it says": lambda path: path.read_bytes() + b"more",
    "a pickle": lambda path: pickle.dumps(Bomb(path.with_name("mark"))),
    "a header of absurd length": lambda path: b"\xff" * 7 + b"\x7f" + b"{}",
    "JSON nested without end": lambda path: (200_008).to_bytes(8, "little") + b"[" * 200_008,
    "the weights of a model": other_weights,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_no_checkpoint_is_told_and_the_job_starts_over(name: str, stopped: Stopped) -> None:
    stopped.path.write_bytes(DAMAGED[name](stopped.path))
    events = stopped.go_on(stop_after=1)
    assert next(e for e in events if isinstance(e, JobStarted)).resumed_from is None
    (alarm,) = [e for e in events if isinstance(e, AlarmRaised)]
    assert (alarm.code, "starts from the beginning" in alarm.message) == ("checkpoint_unusable", True)
    assert [e.step for e in events if isinstance(e, StepDone) and e.loss] == [1]
    assert not stopped.path.with_name("mark").exists()


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9, 1.0])
def test_a_flipped_bit_among_the_tensors_is_found_before_anything_is_learned(at: float, stopped: Stopped) -> None:
    stopped.path.write_bytes(flipped(stopped.path, at))
    with pytest.raises(JobError, match="cannot go on from step 3"):
        stopped.go_on()


def test_the_checkpoint_of_another_job_or_of_other_labels_is_not_taken(stopped: Stopped) -> None:
    other = stopped.job.model_copy(update={"seed": 5})
    events = drive(other, stopped.project, stopped.compute, stopped.labels, stop_after=1)
    assert "another job" in next(e.message for e in events if isinstance(e, AlarmRaised))
    stopped.go_on(stop_after=1)
    stopped.labels["c0001"].masks[0, :4] = 1
    events = stopped.go_on(stop_after=1)
    assert "another job" in next(e.message for e in events if isinstance(e, AlarmRaised))


OLD = {
    "finetune": "2b3737f784461e185b711ac8ab9adf804116f68a2ca668a5178abfee0834506c",
    "pretrain": "45918487ec86c139d7e6455140607a9e9be8a4c01b5aa56b99eab0b20e34eb07",
}
"""Fingerprints of jobs as they were written, and hashed, before jobs had ``padding`` and ``left_out``."""


@pytest.mark.parametrize("kind", OLD)
def test_a_job_of_an_earlier_version_keeps_its_fingerprint_and_so_its_checkpoint(kind: str, tmp_path: Path) -> None:
    job = JobAdapter.validate_json((Path(__file__).parent / f"old_{kind}_job.json").read_bytes())
    assert fingerprint(job, tmp_path) == OLD[kind]
    other = job.model_copy(update={"network": job.network.model_copy(update={"padding": "replicate"})})
    assert fingerprint(other, tmp_path) != OLD[kind]
    if kind == "finetune":
        other = job.model_copy(update={"left_out": (ClassInput(value=2, name="spleen"),)})
        assert fingerprint(other, tmp_path) != OLD[kind]
        other = job.model_copy(update={"reader": 2})
        assert fingerprint(other, tmp_path) == OLD[kind], "which labels they are is in the snapshot"
        assert isinstance(job, FinetuneJob)
        assert job.settings.passes == 0, "it makes the steps it was to make, however much is labelled"
        other = job.model_copy(update={"settings": job.settings.model_copy(update={"passes": 16})})
        assert fingerprint(other, tmp_path) != OLD[kind]


def _first(state: State) -> State:
    model = state["model"]
    assert isinstance(model, dict)
    return model


def shape(state: State) -> None:
    model = _first(state)
    model[next(iter(model))] = torch.zeros(7, 7)


def dtype(state: State) -> None:
    model = _first(state)
    name = next(iter(model))
    model[name] = model[name].double()


def missing(state: State) -> None:
    model = _first(state)
    del model[next(iter(model))]


def no_model(state: State) -> None:
    del state["model"]


def stranger(state: State) -> None:
    state["stranger"] = {"tensor": torch.zeros(1)}


def order(state: State) -> None:
    state["sampler"]["all"]["order"].fill_(10**6)


def position(state: State) -> None:
    state["sampler"]["all"]["position"] = 10**6


def turn(state: State) -> None:
    state["sampler"]["turn"] = -1


def text(state: State) -> None:
    state["plateau"]["factor"] = True


def generator(state: State) -> None:
    state["chance"]["generator"].fill_(255)


def moments(state: State) -> None:
    state["optimiser"]["0"]["exp_avg"] = torch.zeros(2)


def slots(state: State) -> None:
    del state["optimiser"]["0"]["exp_avg_sq"]


def parameters(state: State) -> None:
    state["optimiser"]["4000"] = {"step": torch.zeros(())}


def too_large(state: State) -> None:
    state["room"] = torch.zeros(1 << 24)


@pytest.mark.parametrize(
    "spoil",
    [
        shape, dtype, missing, no_model, stranger, order, position, turn, text, generator, moments, slots, parameters,
        too_large,
    ],
)  # fmt: skip
def test_a_state_that_does_not_fit_is_refused_even_with_a_right_checksum(
    spoil: Callable[[State], None], stopped: Stopped
) -> None:
    head, state = stopped.read()
    spoil(state)
    write(stopped.path, head, state)
    with pytest.raises(JobError, match="cannot be used"):
        stopped.go_on()


def test_names_that_contradict_each_other_are_refused(tmp_path: Path, stopped: Stopped) -> None:
    head, _ = stopped.read()
    write(tmp_path / "odd", head, {"a": torch.zeros(1), "a/b": torch.zeros(1)})
    odd = read_head(tmp_path / "odd", stopped.fingerprint)
    assert odd is not None
    with pytest.raises(UnusableError, match="contradict"):
        read_state(tmp_path / "odd", odd, {"a": torch.zeros(1)})


def test_every_number_comes_back_bit_for_bit(tmp_path: Path, stopped: Stopped) -> None:
    head, _ = stopped.read()
    values: State = {"a": float("inf"), "b": 0.1 + 0.2, "c": 5e-324, "d": True, "e": 1, "f": 1.0, "g": {"h": None}}
    tensors: State = {"t": torch.tensor(1.5), "u": torch.arange(6)[::2], "empty": torch.empty(0, 2)}
    write(tmp_path / "c", head, {**values, **tensors})
    again = read_head(tmp_path / "c", stopped.fingerprint)
    assert again is not None
    state = read_state(tmp_path / "c", again, tensors)
    assert {name: repr(state[name]) for name in values} == {name: repr(value) for name, value in values.items()}
    assert all(torch.equal(state[name], tensor) for name, tensor in tensors.items())


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_power_cut_or_full_disk_while_writing_leaves_the_checkpoint_before(
    call: str, stopped: Stopped, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stopped.path.read_bytes()
    job = stopped.job.model_copy(update={"checkpoint_s": 0.0})

    def refuse(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def failing(path: Path, head: CheckpointHead, state: State) -> None:
        with pytest.MonkeyPatch.context() as disk:
            disk.setattr(atomic.os, call, refuse)
            write(path, head, state)

    with monkeypatch.context() as patch:
        patch.setattr(keeper, "write", failing)
        seen = drive(job, stopped.project, stopped.compute, stopped.labels, die_after=3)
    (alarm,) = [e for e in seen if isinstance(e, AlarmRaised)]
    assert alarm.code == "checkpoint_not_saved"
    assert "disk is full" in alarm.message
    assert not any(isinstance(e, CheckpointSaved) for e in seen)
    assert stopped.path.read_bytes() == before
    assert len(losses(stopped.go_on())) == 3

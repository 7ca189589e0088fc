"""Where a job computes: measured, asked for, or as before."""

from __future__ import annotations

import pytest
import torch

from slicelab.core.errors import JobError
from slicelab.learn.device import NO_GPU, ComputeRecord, choose, choose_as_before, fastest

no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")


def test_the_fastest_device_is_taken_and_the_measurement_said_in_words() -> None:
    assert fastest({"cuda": 0.01, "cpu": 0.4}) == ("cuda", "40 times faster than the CPU here")
    assert fastest({"mps": 0.1, "cpu": 0.24}) == ("mps", "2.4 times faster than the CPU here")
    assert fastest({"cuda": 0.3, "cpu": 0.2}) == ("cpu", "1.5 times faster than the GPU here")
    assert fastest({"cpu": 0.2}) == ("cpu", NO_GPU)


def test_the_choice_says_where_and_leaves_the_global_generator_as_it_was() -> None:
    state = torch.get_rng_state()
    chosen = choose("cpu")
    assert torch.equal(torch.get_rng_state(), state)
    assert chosen.device.type == "cpu"
    assert chosen.words.startswith(f"CPU, {torch.get_num_threads()} thread")
    assert ("bfloat16" in chosen.words) == chosen.bf16
    assert not chosen.bf16 or "times faster than float32 here" in chosen.why


def test_a_steady_choice_on_the_cpu_is_float32_unless_it_is_asked_otherwise_and_measures_nothing() -> None:
    steady = choose("cpu", steady=True)
    assert (steady.bf16, steady.why) == (False, "")
    assert steady.words == choose("cpu", bf16=False).words
    assert choose("cpu", bf16=True, steady=True).bf16


@no_gpu
def test_without_a_gpu_auto_takes_the_cpu_and_asking_for_one_is_refused() -> None:
    assert choose("auto").device.type == "cpu"
    with pytest.raises(JobError, match="no CUDA device"):
        choose("cuda")


@no_gpu
def test_bfloat16_is_not_refused_for_an_apple_gpu_where_the_cpu_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    chosen = choose("auto", bf16=True)
    assert (chosen.device.type, chosen.bf16) == ("cpu", True)
    with pytest.raises(JobError, match="float32 alone"):
        choose("mps", bf16=True)


def test_a_run_that_began_on_a_gpu_goes_on_on_the_cpu_where_that_is_asked_for() -> None:
    gpu = ComputeRecord(device="cuda", bf16=True, channels_last=False, threads=torch.get_num_threads())
    now, change = choose_as_before("cpu", gpu)
    assert now.device.type == "cpu"
    assert "began on CUDA" in change

"""What was measured of this machine decides from then on, however busy it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import torch

from slicelab.core.errors import JobError
from slicelab.learn import device
from slicelab.learn.device import NO_GPU, NOT_KEPT, Compute, choose
from slicelab.learn.measured import forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty settings folder; this CPU has bfloat16."""
    monkeypatch.setenv("SLICELAB_CONFIG", str(tmp_path / "settings"))
    monkeypatch.setattr(device, "_cpu_has_bf16", lambda: True)
    return tmp_path / "settings"


@pytest.fixture
def gains(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the measurements of bfloat16 say, one after the other."""
    left: list[float] = []
    monkeypatch.setattr(device, "_bf16_gain", lambda: left.pop(0))
    return left


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("first", "later"), [(1.7, 0.9), (1.01, 1.7)])
def test_the_number_format_is_measured_once_and_kept_whatever_a_later_measurement_would_say(
    gains: list[float], first: float, later: float
) -> None:
    gains += [first, later]
    before = choose("cpu")
    assert before.bf16 == (first > 1.05)
    assert ", measured on 20" in before.why
    assert choose("auto" if not torch.cuda.is_available() else "cpu") == before
    assert gains == [later]
    forget()
    assert choose("cpu").bf16 == (later > 1.05)


@pytest.mark.usefixtures("settings", "gains")
@pytest.mark.parametrize("bf16", [True, False])
def test_a_format_that_is_asked_for_is_taken_without_a_measurement_and_said(bf16: bool) -> None:
    chosen = choose("cpu", bf16=bf16)
    assert chosen.bf16 == bf16
    assert chosen.words.endswith("bfloat16" if bf16 else "float32")
    assert chosen.why == ""


def test_another_number_of_threads_is_measured_by_itself(settings: Path, gains: list[float]) -> None:
    gains += [1.7, 0.9]
    threads = torch.get_num_threads()
    assert choose("cpu").bf16
    torch.set_num_threads(threads + 1)
    try:
        assert not choose("cpu").bf16
    finally:
        torch.set_num_threads(threads)
    assert len(json.loads((settings / "machine.json").read_text())["findings"]) == 2


@pytest.mark.parametrize("junk", [b"", b"{", b'{"format": 2}', b"\xff\xfe", b'{"findings": {"a": 3}}'])
def test_a_damaged_file_is_as_good_as_none(settings: Path, gains: list[float], junk: bytes) -> None:
    settings.mkdir()
    (settings / "machine.json").write_bytes(junk)
    gains += [1.7]
    assert choose("cpu").bf16
    assert choose("cpu").bf16


def test_where_no_measurement_can_be_kept_it_is_float32_each_time(settings: Path, gains: list[float]) -> None:
    """A measurement that nobody remembers may come out otherwise the next time."""
    settings.write_text("a file in the folder's place")
    gains += [1.7]
    chosen = choose("cpu")
    assert (chosen.bf16, chosen.why) == (False, NOT_KEPT)


@pytest.fixture
def card(settings: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, float | None]]:
    """A machine with a graphics card; seconds of a step by device, None where it fails."""
    seconds: dict[str, float | None] = {}

    def step(compute: Compute) -> float:
        found = seconds[compute.device.type]
        if found is None:
            raise RuntimeError("CUDA error: no kernel image is available for execution on the device")
        return found

    real, shown = device._used, Compute(torch.device("cuda"), False, False, "Card")
    monkeypatch.setattr(device, "_there", lambda kind: kind != "mps")
    monkeypatch.setattr(device, "_step_seconds", step)
    monkeypatch.setattr(device, "_used", lambda kind, bf16: shown if kind == "cuda" else real(kind, bf16))
    return seconds


def test_the_device_is_measured_once_and_kept(card: dict[str, float | None]) -> None:
    card |= {"cuda": 0.01, "cpu": 0.4}
    first = choose("auto", bf16=False)
    assert first.device.type == "cuda"
    assert first.why.startswith("40 times faster than the CPU here, measured on 20")
    card |= {"cuda": 0.9}  # somebody else computes on it
    assert choose("auto", bf16=False) == first


def test_a_card_that_fails_today_is_asked_again_tomorrow(card: dict[str, float | None]) -> None:
    card |= {"cuda": None, "cpu": 0.4}
    today = choose("auto", bf16=False)
    assert (today.device.type, today.why) == ("cpu", NO_GPU)
    card |= {"cuda": 0.01}
    assert choose("auto", bf16=False).device.type == "cuda"


def test_bfloat16_on_an_apple_gpu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_there", lambda kind: True)
    with pytest.raises(JobError, match="float32 alone"):
        choose("mps", bf16=True)


def test_time_that_other_programs_take_is_not_taken_for_the_number_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding is kept: one made while the machine was busy would halve the speed of every job from then on."""
    computed, formats, threads = [0.0], [], []

    def forward(images: torch.Tensor) -> torch.Tensor:
        bf16 = torch.is_autocast_enabled("cpu")
        formats.append(bf16)
        threads.append(torch.get_num_threads())
        computed[0] += 0.1 if bf16 else 0.2
        return images.requires_grad_()

    monkeypatch.setattr(device, "_trial", lambda batch, matrix: (_Model(forward), torch.ones(batch, 1, 2, 2)))
    monkeypatch.setattr(device.time, "process_time", lambda: computed[0])
    clock = iter(float(k * k) for k in range(1000))
    monkeypatch.setattr(device.time, "perf_counter", lambda: next(clock))
    before = torch.get_num_threads()
    assert device._bf16_gain() == pytest.approx(2.0)
    assert set(formats) == {True, False}
    assert set(threads) == {1}, "threads that wait for each other wait longest on a busy machine"
    assert torch.get_num_threads() == before


def test_steps_that_take_less_than_a_tick_of_the_clock_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows counts processor time in ticks of 1/64 s: a single step of a fast processor takes none or one of them."""
    computed, tick = [0.0], 1 / 64

    def forward(images: torch.Tensor) -> torch.Tensor:
        computed[0] += 0.003 if torch.is_autocast_enabled("cpu") else 0.006
        return images.requires_grad_()

    monkeypatch.setattr(device, "_trial", lambda batch, matrix: (_Model(forward), torch.ones(batch, 1, 2, 2)))
    monkeypatch.setattr(device.time, "process_time", lambda: computed[0] // tick * tick)
    assert device._bf16_gain() == pytest.approx(2.0, rel=0.15)


class _Model:
    """Stands for a network whose steps take a known time."""

    def __init__(self, forward: Callable[[torch.Tensor], torch.Tensor]) -> None:
        self._forward = forward

    def to(self, memory_format: torch.memory_format) -> None:
        pass

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        return self._forward(images)

"""The network's stages have names, and its output has the input's size."""

from __future__ import annotations

import torch

from slicelab.jobs.settings import NetworkSettings
from slicelab.learn.unet import UNet, in_stages, stage_names


def test_every_parameter_belongs_to_exactly_one_named_stage() -> None:
    model = UNet(NetworkSettings(), 3)
    stages = stage_names(5)
    assert stages[0] == "encoder.level1"
    assert stages[-2:] == ("decoder.level1", "head")
    for name, _ in model.named_parameters():
        assert sum(in_stages(name, (stage,)) for stage in stages) == 1, name


def test_a_prefix_is_not_another_stage() -> None:
    assert not in_stages("encoder.level10.weight", ("encoder.level1",))
    assert in_stages("encoder.level1.0.weight", ("encoder",))


def test_output_has_the_input_size_for_any_multiple_of_32() -> None:
    model = UNet(NetworkSettings(channels=(8, 8, 8, 8, 8), bottleneck=8, channels_per_group=8), 3)
    assert model(torch.zeros(2, 1, 64, 96)).shape == (2, 3, 64, 96)


def test_with_a_repeated_edge_a_picture_of_one_grey_looks_the_same_everywhere_and_with_zeros_it_does_not() -> None:
    grey, spread = torch.full((1, 1, 64, 64), 0.5), {}
    for padding in ("zeros", "replicate"):
        torch.manual_seed(0)
        model = UNet(NetworkSettings(padding=padding), 1)
        spread[padding] = float(model(grey).detach().std())
    assert spread["replicate"] < 1e-5 < 1e-3 < spread["zeros"]


def test_the_network_has_about_two_million_parameters() -> None:
    assert 1.2e6 < sum(p.numel() for p in UNet(NetworkSettings(), 2).parameters()) < 2.5e6

"""Doubling a picture is torch's own bilinear interpolation, and its way back is that interpolation's gradient."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as nnf

from slicelab.learn.upsample import twice_as_large


@pytest.mark.parametrize("shape", [(2, 3, 4, 6), (1, 16, 1, 1), (3, 5, 2, 32)])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_doubling_and_its_gradient_are_those_of_torchs_interpolation_up_to_the_edge(
    shape: tuple[int, ...], layout: torch.memory_format
) -> None:
    pictures = torch.randn(shape, dtype=torch.float64).contiguous(memory_format=layout).requires_grad_()
    ours, theirs = twice_as_large(pictures), nnf.interpolate(pictures, scale_factor=2, mode="bilinear")
    assert torch.equal(ours, theirs)
    gradient = torch.randn_like(ours)
    (own,) = torch.autograd.grad(ours, pictures, gradient)
    (reference,) = torch.autograd.grad(theirs, pictures, gradient)
    torch.testing.assert_close(own, reference)


def test_in_bfloat16_the_gradient_is_as_exact_as_torchs() -> None:
    pictures = torch.randn(2, 16, 8, 8).bfloat16().requires_grad_()
    gradient = torch.randn(2, 16, 16, 16).bfloat16()
    (exact,) = torch.autograd.grad(
        nnf.interpolate(pictures.float(), scale_factor=2, mode="bilinear"), pictures, gradient.float()
    )
    missed = []
    for large in (twice_as_large(pictures), nnf.interpolate(pictures, scale_factor=2, mode="bilinear")):
        (found,) = torch.autograd.grad(large, pictures, gradient)
        assert found.dtype == torch.bfloat16
        missed.append(float((found.float() - exact.float()).abs().max()))
    assert missed[0] <= 1.01 * missed[1]


def test_what_was_doubled_is_learnt_through_in_autocast() -> None:
    brightness = torch.ones(2, 16, 8, 8, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        large = twice_as_large(brightness.bfloat16())
    large.float().sum().backward()
    assert brightness.grad is not None
    torch.testing.assert_close(brightness.grad, torch.full_like(brightness, 4.0))

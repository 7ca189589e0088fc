"""Which slices training sees, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from learn_kit import POOL, add_case, blob_stack

from slicelab.data.pool import build
from slicelab.data.snapshot import CaseLabels
from slicelab.learn.finetune import BatchSampler, frame_inside
from slicelab.learn.pictures import MappedPictures
from slicelab.learn.slices import (
    BodyMasks,
    EpochSampler,
    SliceSet,
    body_masks,
    centred,
    in_class_order,
    load_slices,
    seeded,
)


def test_an_epoch_shows_every_slice_once_whatever_the_batch() -> None:
    sampler = EpochSampler(10, seeded(0, 1))
    seen = torch.cat([sampler.next(4) for _ in range(5)])
    assert sorted(seen[:10].tolist()) == list(range(10))
    assert sorted(seen[10:].tolist()) == list(range(10))
    assert seen[:10].tolist() != seen[10:].tolist()


def test_generators_of_different_purposes_are_independent_and_repeatable() -> None:
    draws = [torch.rand(4, generator=seeded(7, purpose)) for purpose in (1, 2, 1)]
    assert torch.equal(draws[0], draws[2])
    assert not torch.equal(draws[0], draws[1])


def rare_class_set() -> SliceSet:
    """Forty slices of two cases; class 1 on many, class 2 on one slice, class 3 nowhere."""
    labels = torch.zeros(40, 8, 8, dtype=torch.uint8)
    labels[:20, 2:4] = 1
    labels[33, 5] = 2
    return SliceSet(
        images=torch.zeros(40, 8, 8, dtype=torch.float16),
        extent=torch.full((40, 2), 8.0),
        case=torch.arange(40) // 30,
        index=torch.arange(40) % 30,
        position=torch.zeros(40),
        cases=("c0001", "c0002"),
        matrix=8,
        labels=labels,
        known=torch.ones(40, 3, dtype=torch.bool),
    )


def test_every_class_there_is_stands_in_every_batch_and_half_of_it_shows_one() -> None:
    slices = rare_class_set()
    assert slices.labels is not None
    sampler = BatchSampler(slices, 0.5, seeded(0, 1))
    for _ in range(50):
        chosen = sampler.next(8)
        labels = slices.labels[chosen]
        assert {1, 2} <= set(labels.unique().tolist())
        assert int((labels > 0).flatten(1).any(dim=1).sum()) >= 4


def test_without_a_foreground_share_every_slice_is_drawn_alike() -> None:
    sampler = BatchSampler(rare_class_set(), 0.0, seeded(0, 1))
    assert sorted(torch.cat([sampler.next(8) for _ in range(5)]).tolist()) == list(range(40))


def test_a_class_whose_slices_are_not_confirmed_is_not_drawn_for() -> None:
    slices = rare_class_set()
    assert slices.known is not None
    slices.known[33, 1] = False
    sampler = BatchSampler(slices, 1.0, seeded(0, 1))
    assert 33 not in torch.cat([sampler.next(8) for _ in range(50)]).tolist()


def test_slices_without_any_foreground_can_still_be_drawn() -> None:
    slices = rare_class_set()
    assert slices.labels is not None
    slices.labels[:] = 0
    assert len(BatchSampler(slices, 0.5, seeded(0, 1)).next(8)) == 8


def test_only_labelled_slices_are_loaded_with_their_masks_in_class_order(tmp_path) -> None:
    images, masks = blob_stack(seed=1)
    case = add_case(tmp_path, 1, images, (5.0, 2.0, 2.0))
    known = np.array([[True, True], [False, False], [True, False]])
    labels = CaseLabels("c0001", np.array([0, 2, 5], np.int32), masks[[0, 2, 5]] * 9, known)
    pool = list(build(tmp_path, POOL, (case,)))
    slices = load_slices(pool, 64, torch.device("cpu"), {"c0001": labels}, (4, 9))
    assert slices.index.tolist() == [0, 5]
    assert slices.labels is not None
    assert np.array_equal(slices.labels.numpy(), masks[[0, 5]] * 2)
    assert slices.known is not None
    assert slices.known.tolist() == [[True, True], [True, False]]
    assert slices.position.tolist() == pytest.approx([0.5 / 6, 5.5 / 6])


def test_frames_of_different_sizes_share_their_centre(tmp_path) -> None:
    small = add_case(tmp_path, 1, np.full((2, 40, 60), 5.0, np.float32) + np.eye(40, 60, dtype=np.float32), (5, 2, 2))
    large = add_case(tmp_path, 2, np.random.default_rng(0).random((2, 90, 90)).astype(np.float32), (5, 2, 2))
    slices = load_slices(list(build(tmp_path, POOL, (small, large))), 64, torch.device("cpu"))
    assert slices.images.shape == (4, 96, 96)
    inside = frame_inside(slices, torch.arange(4))
    assert inside.sum(dim=(1, 2)).tolist() == [2400, 2400, 8100, 8100]
    assert (slices.batch(torch.arange(4))[:, 0][~inside] == 0).all()


def test_slices_read_from_the_disk_are_those_kept_in_memory(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where frames differ in size, and for the body masks of the regression."""
    small = add_case(tmp_path, 1, blob_stack(1, 3)[0][:, :40], (5, 2, 2))
    large = add_case(tmp_path, 2, blob_stack(2, 4, 90)[0], (5, 2, 2))
    pool, cpu = list(build(tmp_path, POOL, (small, large))), torch.device("cpu")
    mapped = load_slices(pool, 64, cpu)
    monkeypatch.setattr("slicelab.learn.slices.room_on", lambda _: 1 << 40)
    resident = load_slices(pool, 64, cpu)
    assert isinstance(mapped.images, MappedPictures)
    assert isinstance(resident.images, torch.Tensor)
    assert mapped.images.shape == resident.images.shape
    assert len(mapped) == len(resident) == 7
    for chosen in (torch.tensor([6, 0, 3, 3]), torch.arange(7), torch.tensor([2])):
        assert torch.equal(mapped.batch(chosen), resident.batch(chosen))
        found = BodyMasks(mapped)
        for _ in range(2):
            assert torch.equal(found[chosen], body_masks(resident.images)[chosen])


def test_centring_crops_and_pads_alike() -> None:
    stack = np.arange(36).reshape(1, 6, 6)
    assert np.array_equal(centred(stack, 2, 8)[0, :, 1:7], stack[0, 2:4])
    assert np.array_equal(centred(centred(stack, 10, 12), 6, 6), stack)


def test_values_that_are_no_class_become_background() -> None:
    assert in_class_order(np.array([0, 3, 7, 9], np.uint8), (7, 3)).tolist() == [0, 2, 1, 0]


def test_the_body_is_filled_and_the_air_is_not_in_it() -> None:
    image = torch.zeros(1, 64, 64)
    image[0, 16:48, 16:48] = 0.6
    image[0, 28:36, 28:36] = 0.0  # gas
    body = body_masks(image)[0]
    assert body[18:46, 18:46].all()
    assert not body[:10].any()

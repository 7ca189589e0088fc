"""Synthetic volumes: repeatable, plausible, varied, and not solved by a threshold."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import nibabel as nib
import numpy as np
import pytest
from scipy.ndimage import label as components

from slicelab.core.errors import SlicelabError
from slicelab.data.phantoms import make_phantom, write_study
from slicelab.data.phantoms.abdomen import draw_abdomen
from slicelab.data.phantoms.anatomy import Tissue
from slicelab.data.phantoms.difficulty import threshold_dice
from slicelab.data.phantoms.fields import draw_field
from slicelab.data.phantoms.pelvis import draw_pelvis
from slicelab.data.phantoms.raster import displaced
from slicelab.data.phantoms.signal import draw_scan, emitted, received

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.phantoms import Phantom
    from slicelab.data.phantoms.signal import Kind

SMALL = (64, 64, 10)
SUBJECTS = 6


@pytest.fixture(scope="module")
def abdomens() -> list[Phantom]:
    return [make_phantom("abdomen", 3, subject, shape=SMALL) for subject in range(SUBJECTS)]


@pytest.fixture(scope="module")
def pelves() -> list[Phantom]:
    return [make_phantom("pelvis", 3, subject, shape=SMALL) for subject in range(SUBJECTS)]


def millilitres(phantom: Phantom, value: int) -> float:
    return float((phantom.mask.voxels == value).sum()) * phantom.mask.geometry.voxel_ml


def centre(phantom: Phantom, value: int) -> np.ndarray:
    return phantom.mask.geometry.to_mm(np.argwhere(phantom.mask.voxels == value)).mean(axis=0)


def test_a_subject_is_the_same_whatever_was_made_before_it(abdomens: list[Phantom]) -> None:
    again = make_phantom("abdomen", 3, SUBJECTS - 1, shape=SMALL)
    assert again.image.voxels.tobytes() == abdomens[-1].image.voxels.tobytes()
    assert again.mask.voxels.tobytes() == abdomens[-1].mask.voxels.tobytes()


def test_subjects_seeds_and_kinds_differ(abdomens: list[Phantom]) -> None:
    other_seed = make_phantom("abdomen", 4, 0, shape=SMALL)
    for other in (abdomens[1], other_seed):
        assert (other.mask.voxels != abdomens[0].mask.voxels).mean() > 0.01


def test_volumes_are_canonical_with_integer_signal_and_labels(abdomens: list[Phantom], pelves: list[Phantom]) -> None:
    for phantom, names in (
        (abdomens[0], ("liver", "right kidney", "left kidney", "spleen")),
        (pelves[0], ("central gland", "peripheral zone")),
    ):
        assert phantom.class_names == names
        assert phantom.image.geometry.axis_codes == "RAS"
        assert phantom.image.geometry.acquisition_axis == 2
        assert (phantom.image.voxels.dtype, phantom.mask.voxels.dtype) == (np.int16, np.uint8)
        assert set(np.unique(phantom.mask.voxels)) == set(range(len(names) + 1))


def test_organs_lie_where_they_belong(abdomens: list[Phantom]) -> None:
    for phantom in abdomens:
        liver, right, left, spleen = (centre(phantom, value) for value in (1, 2, 3, 4))
        assert min(liver[0], right[0]) > 20, "liver and right kidney on the patient's right (+x)"
        assert left[0] < -20
        assert spleen[0] < -20
        assert right[1] < liver[1], "kidneys behind the liver's centre"
        assert spleen[2] > left[2], "the spleen above the left kidney"


def test_the_peripheral_zone_lies_behind_the_central_gland(pelves: list[Phantom]) -> None:
    for phantom in pelves:
        assert centre(phantom, 2)[1] < centre(phantom, 1)[1] - 2


def test_sizes_are_human_and_vary_independently() -> None:
    phantoms = [make_phantom("abdomen", 11, subject, shape=(48, 48, 16)) for subject in range(10)]
    volumes = np.array([[millilitres(p, value) for value in (1, 2, 3, 4)] for p in phantoms])
    assert (volumes[:, 0] > 500).all()
    assert (volumes[:, 0] < 3500).all()
    assert (volumes[:, 1:] > 15).all()
    assert (volumes[:, 1:] < 800).all()
    assert (volumes.std(axis=0) / volumes.mean(axis=0) > 0.12).all()
    assert abs(np.corrcoef(volumes[:, 1], volumes[:, 3])[0, 1]) < 0.9


def test_each_organ_is_mostly_one_piece(abdomens: list[Phantom]) -> None:
    for phantom in abdomens:
        for value in (1, 2, 3, 4):
            pieces, _ = components(phantom.mask.voxels == value)
            sizes = np.bincount(pieces.ravel())[1:]
            assert sizes.max() > 0.8 * sizes.sum()


@pytest.mark.parametrize("draw", [draw_abdomen, lambda rng: draw_pelvis(rng)[0]])
def test_the_warp_never_folds_the_anatomy(draw) -> None:
    for subject in range(4):
        warp = draw(np.random.default_rng(subject)).warp
        axes = [np.arange(-80, 81, 2.0, dtype=np.float32) for _ in range(3)]
        gradient = np.stack([np.stack(np.gradient(place, 2.0)) for place in displaced(warp, axes)])
        assert np.linalg.det(np.moveaxis(gradient, (0, 1), (-2, -1))).min() > 0.05


def test_a_field_is_the_same_function_on_every_grid() -> None:
    field = draw_field(np.random.default_rng(0), (-50,) * 3, (50,) * 3, 12.0)
    fine = [np.linspace(-50, 50, 41, dtype=np.float32)] * 3
    coarse = [axis[::4] for axis in fine]
    np.testing.assert_allclose(field.on(fine)[::4, ::4, ::4], field.on(coarse), atol=1e-6)


def test_the_same_subject_keeps_its_anatomy_at_another_matrix() -> None:
    small, large = (make_phantom("pelvis", 5, 2, shape=shape) for shape in ((48, 48, 12), (80, 80, 16)))
    for value in (1, 2):
        assert millilitres(small, value) == pytest.approx(millilitres(large, value), rel=0.12)
        np.testing.assert_allclose(centre(small, value), centre(large, value), atol=2.0)


def test_spacing_is_kept_and_a_single_slice_works() -> None:
    phantom = make_phantom("abdomen", 0, 0, shape=(40, 32, 1), spacing=(8.0, 9.0, 7.7))
    assert phantom.image.voxels.shape == (40, 32, 1)
    assert phantom.image.geometry.spacing == pytest.approx((8.0, 9.0, 7.7))


@pytest.mark.parametrize(
    "arguments", [{"seed": -1}, {"subject": -1}, {"shape": (0, 8, 8)}, {"spacing": (1.0, 0.0, 1.0)}]
)
def test_impossible_arguments_are_refused(arguments: dict) -> None:
    with pytest.raises(ValueError, match=r"negative|positive"):
        make_phantom("abdomen", **{"seed": 0, "subject": 0, **arguments})


def test_noise_in_air_is_rician(abdomens: list[Phantom]) -> None:
    ratios = []
    for phantom in abdomens:
        corner = phantom.image.voxels[:6, :6].astype(float)
        ratios.append(corner.mean() / corner.std())
    # A Rayleigh distribution (Rician without signal) has mean / standard deviation 1.91.
    assert np.median(ratios) == pytest.approx(1.91, abs=0.2)


@pytest.mark.parametrize("kind", ["abdomen", "pelvis"])
def test_a_tissue_has_texture_and_the_coil_shades_the_whole_smoothly(kind: Kind) -> None:
    half = (150.0, 150.0, 90.0)
    axes = tuple(np.linspace(-h, h, n, dtype=np.float32) for h, n in zip(half, (48, 48, 12), strict=True))
    for seed in range(4):
        scan = draw_scan(np.random.default_rng(seed), kind, half, (6.0, 6.0, 15.0))
        organ = emitted(scan, np.full((48, 48, 12), Tissue.LIVER, np.uint8), axes)
        assert 0.05 < organ.std() / organ.mean() < 0.3
        even = np.ones((48, 48, 12), np.float32)
        shading = np.log(received(np.random.default_rng(0), replace(scan, noise=0.0), even, axes))
        assert 0.04 < shading.std() < 0.5
        assert max(np.abs(np.diff(shading, axis=axis)).max() for axis in (0, 1)) < shading.std()


def test_a_thick_slice_is_the_mean_of_what_it_contains() -> None:
    """Partial volume: it resembles the mean of four thin slices more than any one of them."""
    for subject in range(2):
        thick = make_phantom("abdomen", 3, subject, shape=(64, 64, 6)).image.voxels
        thin = make_phantom("abdomen", 3, subject, shape=(64, 64, 24)).image.voxels.reshape(64, 64, 6, 4)
        alike = [np.corrcoef(thick.ravel(), one.ravel())[0, 1] for one in (thin.mean(axis=3), *np.moveaxis(thin, 3, 0))]
        assert alike[0] > max(alike[1:]) + 0.01


@pytest.mark.parametrize("kind", ["abdomen", "pelvis"])
def test_the_best_shared_threshold_finds_no_organ(kind: str, request: pytest.FixtureRequest) -> None:
    phantoms: list[Phantom] = request.getfixturevalue("abdomens" if kind == "abdomen" else "pelves")
    volumes = [(phantom.image.voxels, phantom.mask.voxels) for phantom in phantoms]
    for value, name in enumerate(phantoms[0].class_names, start=1):
        reached = threshold_dice(volumes, value)
        assert reached.shared < 0.5, name
        assert reached.shared <= reached.per_volume + 1e-9


def test_threshold_dice_finds_an_organ_that_stands_out() -> None:
    mask = np.zeros((10, 10, 10), np.uint8)
    mask[2:5, 2:5, 2:5] = 1
    image = np.where(mask == 1, 50.0, np.linspace(0, 40, 1000).reshape(10, 10, 10))
    assert threshold_dice([(image, mask)], 1).shared > 0.95
    with pytest.raises(ValueError, match="no volume"):
        threshold_dice([(image, mask)], 2)


def test_a_study_is_a_decathlon_folder_marked_synthetic(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    out = write_study(
        tmp_path / "study",
        "pelvis",
        labelled=2,
        unlabelled=1,
        seed=7,
        shape=(32, 32, 6),
        progress=lambda done, total, name: told.append((done, total, name)),
    )
    described = json.loads((out / "dataset.json").read_text())
    assert described["synthetic"] is True
    assert "ynthetic" in described["description"]
    assert described["labels"] == {"0": "background", "1": "central gland", "2": "peripheral zone"}
    assert [entry["image"] for entry in described["training"]] == [
        "./imagesTr/phantom_01.nii.gz",
        "./imagesTr/phantom_02.nii.gz",
    ]
    assert described["test"] == ["./imagesTs/phantom_03.nii.gz"]
    for entry in described["training"]:
        assert (out / entry["image"]).is_file()
        assert (out / entry["label"]).is_file()
    assert told == [(1, 3, "phantom_01"), (2, 3, "phantom_02"), (3, 3, "phantom_03")]


def test_files_lie_in_many_orientations_and_come_back_canonical(tmp_path: Path) -> None:
    out = write_study(tmp_path / "study", "abdomen", labelled=7, unlabelled=0, seed=1, shape=(24, 20, 6))
    codes = set()
    for subject in range(7):
        made = make_phantom("abdomen", 1, subject, shape=(24, 20, 6))
        for folder, volume in (("imagesTr", made.image), ("labelsTr", made.mask)):
            stored = nib.load(out / folder / f"phantom_{subject + 1:02d}.nii.gz")
            codes.add("".join(nib.aff2axcodes(stored.affine)))
            canonical = nib.as_closest_canonical(stored)
            np.testing.assert_array_equal(np.asarray(canonical.dataobj), volume.voxels)
            np.testing.assert_allclose(canonical.affine, volume.geometry.affine, atol=1e-3)
            assert canonical.get_data_dtype() == volume.voxels.dtype
    assert len(codes) == 7


def test_the_same_study_has_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        write_study(tmp_path / name, "abdomen", labelled=1, unlabelled=1, seed=2, shape=(24, 24, 5)) for name in "ab"
    )
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) == 4
    for path in files:
        assert (first / path).read_bytes() == (second / path).read_bytes()


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(SlicelabError, match="not empty"):
        write_study(tmp_path, "abdomen", labelled=1, unlabelled=0, seed=0, shape=(16, 16, 4))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

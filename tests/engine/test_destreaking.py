"""`slicelab destreak` from file to file: what is written, what is said, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.data.phantoms.radial import RadialScan, make_radial_scan
from slicelab.data.radial.combine import sum_of_squares
from slicelab.data.radial.gridding import Gridding, centre_crop

FACTS = {
    "out", "method", "combine", "coils", "slices", "scores", "cut", "dropped", "interference_rank", "streak_energy",
    "notes",
}  # fmt: skip


@pytest.fixture(scope="module")
def scan() -> RadialScan:
    return make_radial_scan(0, matrix=64, spokes=80, strength=0.015)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, scan: RadialScan) -> Path:
    """One scan as k-space, complex images and magnitudes; the images are of two slices."""
    made = tmp_path_factory.mktemp("coils")
    np.savez(made / "kspace.npz", kspace=scan.kspace, angles=scan.angles, matrix=64, pixel_size=scan.pixel_mm)
    stack = np.stack([images_of(scan), images_of(scan, clean=True)], axis=1)
    np.savez(made / "images.npz", images=stack, pixel_size=[2.0, 3.0], slice_spacing=8.0)
    affine = np.diag([-3.0, -2.0, 8.0, 1.0])
    affine[:3, 3] = (90, 60, -4)
    nib.save(nib.Nifti1Image(np.abs(np.moveaxis(stack, (0, 1), (3, 2))).astype("f4"), affine), made / "coils.nii.gz")
    return made


def images_of(scan: RadialScan, *, clean: bool = False) -> np.ndarray:
    wide = Gridding.of(scan.angles, 128).images(scan.clean if clean else scan.kspace)
    return np.ascontiguousarray(centre_crop(wide, (64, 64)))


def done(*words: object) -> dict:
    ended = CliRunner().invoke(app, ["destreak", *map(str, words), "--json"])
    assert ended.exit_code == 0, ended.output
    facts = json.loads(ended.stdout)
    assert set(facts) == FACTS
    return facts


def picture(path: Path) -> np.ndarray:
    """(row, column) of a written axial slice as a radiologist sees it."""
    return np.asarray(nib.load(path).dataobj)[::-1, ::-1, 0].T


@pytest.mark.parametrize(("method", "factor"), [("coils", 5), ("null-space", 10)])
def test_kspace_becomes_an_image_without_streaks(
    folder: Path, scan: RadialScan, tmp_path: Path, method: str, factor: float
) -> None:
    source = (folder / "kspace.npz").read_bytes()
    facts = done(folder / "kspace.npz", tmp_path / "out.nii", "--method", method)
    assert facts["streak_energy"]["before"] >= factor * facts["streak_energy"]["after"]
    assert (facts["coils"], facts["slices"], len(facts["scores"])) == (8, 1, 8)
    planted = {coil + 1 for coil in scan.streaking}
    assert planted <= {coil for coil, score in enumerate(facts["scores"], start=1) if score > facts["cut"]}
    if method == "coils":
        assert planted <= set(facts["dropped"])
        assert facts["interference_rank"] == [0]
    else:
        assert (facts["dropped"], facts["interference_rank"]) == ([], [1])
    written = nib.load(tmp_path / "out.nii")
    assert written.shape == (64, 64, 1)
    np.testing.assert_allclose(written.header.get_zooms()[:2], scan.pixel_mm, rtol=1e-5)
    streak_free = sum_of_squares(images_of(scan, clean=True))
    assert np.corrcoef(picture(tmp_path / "out.nii").ravel(), streak_free.ravel())[0, 1] > 0.9
    assert (folder / "kspace.npz").read_bytes() == source


def test_images_come_back_at_their_own_brightness_and_spacing(folder: Path, scan: RadialScan, tmp_path: Path) -> None:
    facts = done(folder / "images.npz", tmp_path / "out.nii.gz", "--drop", "1,3")
    assert facts["dropped"] == [1, 3]
    written = nib.load(tmp_path / "out.nii.gz")
    np.testing.assert_allclose(written.header.get_zooms(), (3.0, 2.0, 8.0))
    kept = [coil for coil in range(8) if coil not in (0, 2)]
    np.testing.assert_allclose(picture(tmp_path / "out.nii.gz"), sum_of_squares(images_of(scan)[kept]), rtol=1e-4)


def test_an_affine_puts_rows_columns_and_slices_where_it_says(scan: RadialScan, tmp_path: Path) -> None:
    affine = np.array([[0, 2, 0, 5], [0, 0, 7, -3], [-2, 0, 0, 11], [0, 0, 0, 1]], float)
    np.savez(tmp_path / "coronal.npz", images=images_of(scan), affine=affine)
    facts = done(tmp_path / "coronal.npz", tmp_path / "out.nii", "--drop", "1")
    written = nib.load(tmp_path / "out.nii")
    np.testing.assert_allclose(written.affine, affine)
    np.testing.assert_allclose(np.asarray(written.dataobj)[..., 0], sum_of_squares(images_of(scan)[1:]), rtol=1e-4)
    assert facts["notes"] == []


def test_magnitudes_of_a_nifti_allow_leaving_out_coils_and_stay_on_their_grid(
    folder: Path, scan: RadialScan, tmp_path: Path
) -> None:
    facts = done(folder / "coils.nii.gz", tmp_path / "out.nii")
    assert {coil + 1 for coil in scan.streaking} <= set(facts["dropped"])
    assert (facts["coils"], facts["slices"]) == (8, 2)
    written, source = nib.load(tmp_path / "out.nii"), nib.load(folder / "coils.nii.gz")
    np.testing.assert_allclose(written.affine, source.affine)
    kept = [coil for coil in range(8) if coil + 1 not in facts["dropped"]]
    wanted = np.sqrt(np.sum(np.asarray(source.dataobj)[..., kept] ** 2, axis=3))
    np.testing.assert_allclose(np.asarray(written.dataobj), wanted, rtol=1e-4)


def test_the_image_can_be_imported_into_a_project(folder: Path, tmp_path: Path) -> None:
    done(folder / "kspace.npz", tmp_path / "case.nii", "--method", "null-space", "--combine", "adaptive")
    run = CliRunner().invoke
    assert run(app, ["new", str(tmp_path / "project"), "--classes", "liver"]).exit_code == 0
    assert run(app, ["import", str(tmp_path / "project"), str(tmp_path / "case.nii")]).exit_code == 0


def test_words_say_what_was_done(folder: Path, scan: RadialScan, tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["destreak", str(folder / "kspace.npz"), str(tmp_path / "out.nii")])
    assert shown.exit_code == 0
    assert f"{scan.streaking[0] + 1}" in shown.output.split("Left out: coils ")[1].split(".")[0]
    assert "streak score" in shown.output
    assert "Background energy" in shown.output


def bad_inputs(folder: Path, junk: Path) -> list[list[str]]:
    kspace, out = str(folder / "kspace.npz"), str(junk / "out.nii")
    return [
        [str(junk / "missing.npz"), out],
        [str(junk), out],
        [str(junk / "text.npz"), out],
        [str(junk / "empty.npz"), out],
        [str(junk / "image.nii"), out],
        [str(junk / "magnitudes.npy"), out, "--method", "null-space"],
        [str(folder / "coils.nii.gz"), out, "--method", "null-space"],
        [str(junk / "full.npy"), out],
        [str(junk / "flat.npz"), out, "--drop", "1"],
        [kspace, out, "--drop", "9"],
        [kspace, out, "--drop", "1,2,3,4,5,6,7,8"],
        [kspace, str(junk / "out.png")],
        [kspace, str(junk / "image.nii")],
        [kspace, kspace],
        [kspace, str(junk / "nowhere" / "out.nii")],
    ]


def test_bad_input_is_one_clear_message_and_writes_nothing(folder: Path, scan: RadialScan, tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("this is no array" * 20)
    (tmp_path / "empty.npz").write_bytes(b"")
    nib.save(nib.Nifti1Image(np.ones((16, 16, 4), np.uint8), np.eye(4)), tmp_path / "image.nii")
    np.save(tmp_path / "magnitudes.npy", np.abs(images_of(scan)))
    np.save(tmp_path / "full.npy", images_of(scan)[:, 24:44, 22:42])
    np.savez(tmp_path / "flat.npz", images=images_of(scan), affine=np.zeros((4, 4)))
    before = {path: path.read_bytes() for path in [*folder.iterdir(), *tmp_path.iterdir()]}
    for words in bad_inputs(folder, tmp_path):
        shown = CliRunner().invoke(app, ["destreak", *words])
        assert shown.exit_code == 1, (words, shown.output)
        assert "Traceback" not in shown.output
        assert len(shown.output.strip()) > 20, words
        assert {path: path.read_bytes() for path in [*folder.iterdir(), *tmp_path.iterdir()]} == before, words


@pytest.mark.parametrize("drop", ["0", "-1", "two", "1-3", "", "²", "99999"])
def test_coil_numbers_that_are_none_are_not_understood(folder: Path, tmp_path: Path, drop: str) -> None:
    shown = CliRunner().invoke(app, ["destreak", str(folder / "kspace.npz"), str(tmp_path / "o.nii"), "--drop", drop])
    assert shown.exit_code == 2
    assert not (tmp_path / "o.nii").exists()

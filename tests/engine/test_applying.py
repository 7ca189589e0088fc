"""A model away from its project: the same masks, voxel by voxel; bad files listed; hostile models refused."""

from __future__ import annotations

import json
import pickle
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import psutil
import pytest
import SimpleITK as sitk

from slicelab.core.errors import JobError, ModelFileError, SettingError, SlicelabError
from slicelab.core.geometry import to_stack
from slicelab.data.run_folder import RunFolder
from slicelab.engine import runner
from slicelab.engine.applying import ApplyOptions, ApplyReport, apply_model
from slicelab.engine.follow import follow
from slicelab.engine.session import Session

SMALL = {"network.channels": "8,8,16,16,16", "network.bottleneck": 16, "pool.matrix": 64}
QUICK = ApplyOptions(device="cpu")


@dataclass(frozen=True)
class Trained:
    """A model, the files it was applied to in its project, and the masks that the project exported."""

    model: Path
    files: Path
    masks: Path
    project: Path
    run: str


def odd_files(study: Path, folder: Path) -> None:
    """The study's volumes (in seven orientations), and more of them in other formats, oblique and turned."""
    for path in sorted((study / "imagesTr").iterdir()):
        shutil.copy(path, folder / path.name)
    image = sitk.ReadImage(str(study / "imagesTs" / "phantom_05.nii.gz"))
    sitk.WriteImage(sitk.Cast(image, sitk.sitkFloat32), str(folder / "as nrrd.nrrd"))
    sitk.WriteImage(sitk.PermuteAxes(image, [1, 2, 0]), str(folder / "turned.mha"))
    volume = nib.load(study / "imagesTs" / "phantom_06.nii.gz")
    tilt = np.eye(4)
    c, s = np.cos(0.2), np.sin(0.2)
    tilt[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    turned = np.transpose(np.asarray(volume.dataobj)[::-1], (2, 0, 1))
    flip = np.array([[0, -1, 0, volume.shape[0] - 1], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1.0]])
    nib.save(nib.Nifti1Image(np.ascontiguousarray(turned), tilt @ volume.affine @ flip), folder / "oblique.nii.gz")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, template: Path, study: Path) -> Trained:
    folder = tmp_path_factory.mktemp("trained")
    files = folder / "files"
    files.mkdir()
    odd_files(study, files)
    shutil.copytree(template, folder / "project")
    with Session.open(folder / "project") as session:
        session.import_paths([files])
        for number in (1, 2):
            case = session.find([f"phantom_{number:02d}"])[0]
            session.labels.label_from_mask(case.id, study / "labelsTr" / f"phantom_{number:02d}.nii.gz")
        run = session.jobs.start_finetune(None, steps=25, overrides=SMALL)
        assert follow(session, run, lambda _: None).state == "finished"
        assert follow(session, session.jobs.start_predict(run), lambda _: None).state == "finished"
        session.export(folder / "masks", run, uncertainty=True)
        session.export_model(run, folder / "model")
    return Trained(folder / "model", files, folder / "masks", folder / "project", run)


def names(report: ApplyReport) -> set[str]:
    return {one.name for one in report.failed}


@pytest.fixture(scope="module")
def bad_files(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A volume cut short, a picture, and one whose pixels are too large for any network."""
    folder = tmp_path_factory.mktemp("bad")
    good = (trained.files / "phantom_01.nii.gz").read_bytes()
    (folder / "cut.nii.gz").write_bytes(good[: len(good) // 2])
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    huge = nib.Nifti1Image(np.ones((64, 64, 4), np.int16), np.diag([500.0, 500.0, 900.0, 1.0]))
    nib.save(huge, folder / "huge pixels.nii")
    return folder


@pytest.fixture(scope="module")
def applied(trained: Trained, bad_files: Path, tmp_path_factory: pytest.TempPathFactory) -> ApplyReport:
    """The model's own run folder applied to good and bad files, over a mask that was there before."""
    out = tmp_path_factory.mktemp("applied")
    (out / "phantom_01.nii.gz").write_bytes(b"an older mask")
    options = ApplyOptions(device="cpu", uncertainty=True, overwrite=True)
    return apply_model(trained.project / "runs" / trained.run, [bad_files, trained.files], out, options)


def test_the_masks_are_those_of_the_project_voxel_by_voxel_on_each_files_own_grid(
    trained: Trained, applied: ApplyReport
) -> None:
    assert {one.name for one in applied.applied} == {
        "phantom_01", "phantom_02", "phantom_03", "phantom_04", "as nrrd", "turned", "oblique",
    }  # fmt: skip
    painted = set()
    for one in applied.applied:
        mask, project = nib.load(one.mask), nib.load(trained.masks / Path(one.mask).name)
        assert np.array_equal(np.asarray(mask.dataobj), np.asarray(project.dataobj)), one.name
        assert one.uncertainty is not None
        doubt, exported = nib.load(one.uncertainty), nib.load(trained.masks / Path(one.uncertainty).name)
        assert np.array_equal(np.asarray(doubt.dataobj), np.asarray(exported.dataobj)), one.name
        np.testing.assert_allclose(mask.affine, project.affine, atol=1e-5)
        painted |= set(np.unique(np.asarray(mask.dataobj)).tolist())
        source = Path(one.source)
        if source.name.endswith(".nii.gz"):
            image = nib.load(source)
            assert mask.shape == image.shape
            np.testing.assert_allclose(mask.affine, image.affine, atol=1e-4)
        else:
            written, read = sitk.ReadImage(one.mask), sitk.ReadImage(one.source)
            assert written.GetSize() == read.GetSize()
            np.testing.assert_allclose(written.GetOrigin(), read.GetOrigin(), atol=1e-3)
            np.testing.assert_allclose(written.GetDirection(), read.GetDirection(), atol=1e-5)
    assert painted > {0}  # an empty mask would be equal everywhere
    assert applied.classes == {"liver": 1, "right kidney": 2, "left kidney": 3, "spleen": 4}


def test_bad_files_are_listed_and_the_rest_is_done(applied: ApplyReport) -> None:
    failed = {one.name: one for one in applied.failed}
    assert set(failed) == {"cut", "picture.png", "huge pixels"}
    assert "too many" in failed["huge pixels"].message  # this one reached the job, and ended it
    assert all(one.remedy for one in applied.failed)
    folder = Path(applied.applied[0].mask).parent
    written = {one.mask for one in applied.applied} | {one.uncertainty for one in applied.applied}
    assert {str(path) for path in folder.iterdir()} == written


def test_of_a_series_over_time_the_chosen_volume_is_outlined_and_without_a_choice_it_is_listed(
    trained: Trained, tmp_path: Path
) -> None:
    image = nib.load(trained.files / "phantom_03.nii.gz")
    voxels = np.asarray(image.dataobj)
    nib.save(nib.Nifti1Image(np.stack([voxels[::-1], voxels], axis=3), image.affine), tmp_path / "over time.nii.gz")
    (failed,) = apply_model(trained.model, [tmp_path], tmp_path / "none", QUICK).failed
    assert "2 volumes" in failed.message
    assert "--volume" in failed.remedy
    paths = [tmp_path / "over time.nii.gz", trained.files / "phantom_01.nii.gz"]
    report = apply_model(trained.model, paths, tmp_path / "out", ApplyOptions(device="cpu", volume=1))
    assert report.failed == ()
    for made, known in zip(report.applied, ("phantom_03", "phantom_01"), strict=True):
        wanted = np.asarray(nib.load(trained.masks / f"{known}.nii.gz").dataobj)
        assert np.array_equal(np.asarray(nib.load(made.mask).dataobj), wanted)


def test_the_uncertainty_is_that_of_the_project_on_each_files_own_grid(trained: Trained, applied: ApplyReport) -> None:
    with Session.open(trained.project, read_only=True) as session:
        for one in applied.applied:
            case = session.find([one.name])[0].id
            image = session._store.images(case)[0]
            stack = np.load(trained.project / "predictions" / trained.run / f"{case}.uncertainty.npy")
            mask, doubt = nib.load(one.mask), nib.load(str(one.uncertainty))
            np.testing.assert_allclose(doubt.affine, mask.affine)
            canonical = nib.as_closest_canonical(doubt)
            assert np.array_equal(to_stack(np.asarray(canonical.dataobj), image.acquisition_axis), stack)
            assert stack.std() > 0


def test_what_is_there_is_not_replaced_unasked_and_an_image_never(trained: Trained, tmp_path: Path) -> None:
    shutil.copy(trained.files / "phantom_01.nii.gz", tmp_path / "in.nii.gz")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "in.nii.gz").write_bytes(b"an older mask")
    report = apply_model(trained.model, [tmp_path], tmp_path / "out", QUICK)  # the mask in it is no image to segment
    assert [one.message for one in report.failed] == ["in.nii.gz is there already and was not replaced."]
    assert (tmp_path / "out" / "in.nii.gz").read_bytes() == b"an older mask"
    report = apply_model(trained.model, [tmp_path / "in.nii.gz"], tmp_path, ApplyOptions(overwrite=True))
    assert names(report) == {"in"}
    assert (tmp_path / "in.nii.gz").read_bytes() == (trained.files / "phantom_01.nii.gz").read_bytes()


def test_the_options_reach_the_job(trained: Trained, tmp_path: Path) -> None:
    changed = {"predict.test_time_augmentation": "yes", "predict.largest_component": False}
    report = apply_model(trained.model, [tmp_path / "none.nii"], tmp_path / "out", ApplyOptions(overrides=changed))
    assert report.settings == {"batch": 16, "test_time_augmentation": True, "largest_component": False}


def test_who_interrupts_leaves_no_job_and_no_volume_behind(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    jobs: list[runner.JobProcess] = []

    def begun(folder: RunFolder, processes: int, begin: Callable[..., runner.JobProcess] = runner.begin) -> Any:
        jobs.append(begin(folder, processes))
        return jobs[-1]

    def tell(share: float, words: str) -> None:
        if words.startswith("Predicted"):
            raise KeyboardInterrupt

    monkeypatch.setattr(runner, "begin", begun)
    with pytest.raises(KeyboardInterrupt):
        apply_model(trained.model, [trained.files], tmp_path / "out", QUICK, tell)
    (job,) = jobs
    assert job.poll() is not None
    assert not psutil.pid_exists(job.pid)
    assert not list(tmp_path.glob("slicelab-apply-*"))
    assert list((tmp_path / "out").iterdir())  # the masks that were finished: one, or more on a fast machine


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("open('code ran', 'w')",))


@pytest.mark.parametrize("what", ["pickle", "empty", "cut", "huge header", "no tensors", "deep"])
def test_what_is_in_place_of_the_weights_is_refused_before_a_file_is_read_and_not_run(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(trained.model, tmp_path / "model")
    whole = (trained.model / "weights.safetensors").read_bytes()
    data = {
        "pickle": pickle.dumps(Bomb()),
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "huge header": (2**62).to_bytes(8, "little") + b"{}",
        "no tensors": (2).to_bytes(8, "little") + b"{}",
        "deep": (100_000).to_bytes(8, "little") + b"[" * 100_000,
    }[what]
    (tmp_path / "model" / "weights.safetensors").write_bytes(data)
    with pytest.raises(ModelFileError, match=r"weights\.safetensors.* damaged, or no weights") as refused:
        apply_model(tmp_path / "model", [trained.files], tmp_path / "out", QUICK)
    assert refused.value.remedy.startswith("Choose another model, or train again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model"]


def test_weights_of_another_network_are_refused_by_the_job_and_no_file_is_blamed(
    trained: Trained, tmp_path: Path
) -> None:
    shutil.copytree(trained.model, tmp_path / "model")
    card = json.loads((tmp_path / "model" / "model.json").read_text())
    card["network"]["bottleneck"] = 32
    (tmp_path / "model" / "model.json").write_text(json.dumps(card))
    with pytest.raises(JobError, match="other shapes than the network it describes"):
        apply_model(tmp_path / "model", [trained.files / "phantom_01.nii.gz"], tmp_path / "out", QUICK)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"network": {"channels": [10**9] * 5, "bottleneck": 16, "channels_per_group": 8}}, "network.channels.0"),
        ({"network": {"channels": [8] * 60, "bottleneck": 16, "channels_per_group": 8}}, "network.channels"),
        ({"outputs": 10**9}, "outputs"),
        ({"outputs": 3}, "number of outputs"),
        ({"pool": {"pixel_mm": 1e-9}}, "pool.pixel_mm"),
        ({"pool": {"pixel_mm": 1.0, "matrix": 10**8}}, "pool.matrix"),
        ({"classes": [{"value": 300, "name": "liver"}], "outputs": 2}, "values"),
        ({"classes": [{"value": 1, "name": "\x1b[2Jliver"}], "outputs": 2}, "name"),
        ({"kind": "pretrain", "classes": []}, "pretrained only"),
    ],
)
def test_a_card_that_cannot_be_is_refused_before_a_file_is_read(
    trained: Trained, tmp_path: Path, change: dict[str, object], why: str
) -> None:
    shutil.copytree(trained.model, tmp_path / "model")
    card = json.loads((tmp_path / "model" / "model.json").read_text())
    (tmp_path / "model" / "model.json").write_text(json.dumps({**card, **change}))
    with pytest.raises(ModelFileError, match=why):
        apply_model(tmp_path / "model", [tmp_path / "not there"], tmp_path / "out", QUICK)
    assert not (tmp_path / "out").exists()


def test_what_is_no_model_or_no_setting_is_refused_plainly(trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no model at the place"):
        apply_model(tmp_path / "nothing", [trained.files], tmp_path / "out", QUICK)
    with pytest.raises(ModelFileError, match="no description") as refused:
        apply_model(tmp_path, [trained.files], tmp_path / "out", QUICK)
    assert "slicelab" not in refused.value.remedy, "a window may show it"
    assert "slicelab export-model" in refused.value.typed
    with pytest.raises(SettingError, match="changes nothing here"):
        apply_model(trained.model, [trained.files], tmp_path / "out", ApplyOptions(overrides={"finetune.lr": 1e-3}))
    report = apply_model(trained.model / "model.json", [tmp_path / "not there.nii"], tmp_path / "out", QUICK)
    assert names(report) == {"not there.nii"}


def test_an_exported_model_holds_weights_and_a_card_without_a_name_of_a_case(trained: Trained, tmp_path: Path) -> None:
    assert sorted(path.name for path in trained.model.iterdir()) == ["model.json", "weights.safetensors"]
    for path in trained.model.iterdir():
        for name in ("phantom", "oblique", "turned", str(trained.project), trained.files.name):
            assert name.encode() not in path.read_bytes()
    card = json.loads((trained.model / "model.json").read_text())
    assert card["overrides"] == {
        "network.channels": [8, 8, 16, 16, 16], "network.bottleneck": 16, "pool.matrix": 64, "finetune.steps": 25,
    }  # fmt: skip
    job = json.loads((trained.project / "runs" / trained.run / "job.json").read_text())
    assert job["overrides"] == card["overrides"]
    with Session.open(trained.project, read_only=True) as session:
        with pytest.raises(SlicelabError, match="not empty"):
            session.export_model(trained.run, trained.model)
        with pytest.raises(SlicelabError, match="no run"):
            session.export_model("r0099", tmp_path / "model")

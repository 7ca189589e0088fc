"""What is found in files and folders, what is named how, and what is listed as refused."""

from __future__ import annotations

import json
import os

import nibabel
import numpy as np
import pytest
from foreign_kit import SHAPE, affine_of, orientations, rotation, voxels, write_dicom, write_itk, write_nifti

from slicelab.core.errors import GeometryMismatchError
from slicelab.core.geometry import Geometry
from slicelab.data.dataset_folders import case_name, label_names_near, read_dataset_folder
from slicelab.data.grids import check_same_grid
from slicelab.data.readers.discovery import discover

DECATHLON = {"0": "background", "1": "liver", "2": "right kidney"}
NNUNET = {"background": 0, "liver": 1, "right kidney": 2}
NAMES = {"background": 0, "liver": 1, "right kidney": 2}


def image(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_nifti(path, voxels(), affine_of())


def names(found):
    return [source.name for source in found.sources]


def decathlon(folder, *, labels=DECATHLON, **more):
    for n in (1, 2):
        image(folder / "imagesTr" / f"liver_{n}.nii.gz")
        image(folder / "labelsTr" / f"liver_{n}.nii.gz")
    image(folder / "imagesTs" / "liver_10.nii.gz")
    content = {
        "labels": labels,
        "training": [
            {"image": f"./imagesTr/liver_{n}.nii.gz", "label": f"./labelsTr/liver_{n}.nii.gz"} for n in (1, 2)
        ],
        "test": ["./imagesTs/liver_10.nii.gz"],
    }
    (folder / "dataset.json").write_text(json.dumps(content | more))
    return folder


def test_decathlon_folders_give_images_with_their_masks_and_names(tmp_path):
    folder = decathlon(tmp_path / "set")
    for asked in (folder, folder / "dataset.json", tmp_path):
        found = discover([asked])
        assert names(found) == ["liver_1", "liver_2", "liver_10"]
        assert found.refused == ()
        assert [s.label and s.label.name for s in found.sources] == ["liver_1.nii.gz", "liver_2.nii.gz", None]
        assert all(s.label_names == NAMES and s.slices == 5 and s.frames == 1 for s in found.sources)


def test_image_folders_of_a_data_set_keep_their_masks_and_mask_folders_are_refused(tmp_path):
    folder = decathlon(tmp_path / "set")
    assert [bool(s.label) for s in discover([folder / "imagesTr"]).sources] == [True, True]
    assert names(discover([folder / "imagesTs"])) == ["liver_10"]
    found = discover([folder / "labelsTr"])
    assert found.sources == ()
    assert "masks" in found.refused[0].message


def test_nnunet_folders_lose_the_channel_number_and_keep_the_first_channel(tmp_path):
    folder = tmp_path / "Dataset001"
    for case in ("a_0000", "a_0001", "b_0000", "b_0001"):
        image(folder / "imagesTr" / f"{case}.nii.gz")
    image(folder / "labelsTr" / "a.nii.gz")
    image(folder / "imagesTs" / "c_0000.nii.gz")
    (folder / "dataset.json").write_text(
        json.dumps({"file_ending": ".nii.gz", "channel_names": {"0": "T2", "1": "ADC"}, "labels": NNUNET})
    )
    found = discover([folder])
    assert names(found) == ["a", "b", "c"]
    assert [bool(s.label) for s in found.sources] == [True, False, False]
    assert found.sources[0].label_names == NAMES
    assert "2 images a case" in found.refused[0].message


@pytest.mark.parametrize("labels", [DECATHLON, NNUNET, {"0": "background", "liver": 1, "right kidney": [2]}])
def test_label_names_are_understood_both_ways_round(labels, tmp_path):
    folder = decathlon(tmp_path / "set", labels=labels)
    assert label_names_near(folder / "labelsTr") == NAMES
    assert label_names_near(folder) == NAMES
    assert label_names_near(tmp_path) is None


@pytest.mark.parametrize("text", ["", "[1, 2]", "{not json", '{"labels": 5}', '{"training": 3}', "[" * 100_000])
def test_a_dataset_json_that_is_something_else_is_passed_over(text, tmp_path):
    (tmp_path / "dataset.json").write_text(text)
    image(tmp_path / "a.nii.gz")
    assert names(discover([tmp_path])) == ["a"]
    assert label_names_near(tmp_path) is None
    assert read_dataset_folder(tmp_path) is None


def test_entries_that_lead_out_of_the_data_set_are_left_out_and_counted(tmp_path):
    outside = image(tmp_path / "outside.nii.gz")
    training = [
        {"image": "../outside.nii.gz", "label": "./labelsTr/liver_1.nii.gz"},
        {"image": str(outside), "label": "./labelsTr/liver_1.nii.gz"},
        {"image": "./imagesTr/liver_1.nii.gz", "label": "../outside.nii.gz"},
        {"image": 5},
        {},
    ]
    found = discover([decathlon(tmp_path / "set", training=training)])
    assert names(found) == ["liver_10"]
    assert "5 entries" in found.refused[0].message


def test_a_missing_mask_is_listed_and_its_image_is_an_unlabelled_case(tmp_path):
    folder = decathlon(tmp_path / "set")
    (folder / "labelsTr" / "liver_2.nii.gz").unlink()
    found = discover([folder])
    assert [bool(s.label) for s in found.sources] == [True, False, False]
    assert [r.path.name for r in found.refused] == ["liver_2.nii.gz"]


def test_folders_without_a_description_are_never_guessed(tmp_path):
    for part in ("images", "labels"):
        image(tmp_path / part / "a.nii.gz")
    found = discover([tmp_path])
    assert names(found) == ["a", "a (2)"]
    assert all(s.label is None and s.label_names is None for s in found.sources)


def test_names_are_in_natural_order_and_unique(tmp_path):
    for name in ("case 10.nii", "case 2.nii.gz", "x/case 2.nrrd", "y/case 2.mha"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        if name.endswith(("nrrd", "mha")):
            write_itk(path, voxels(), affine_of())
        else:
            image(path)
    assert names(discover([tmp_path])) == ["case 2", "case 10", "case 2 (2)", "case 2 (3)"]


def test_a_path_given_twice_is_found_once(tmp_path):
    path = image(tmp_path / "a.nii.gz")
    assert names(discover([path, tmp_path, path])) == ["a"]


def test_clearly_other_files_are_passed_over_and_doubtful_ones_listed(tmp_path):
    image(tmp_path / "a.nii.gz")
    for name in (".hidden.nii", "README", "notes.txt", "table.csv", "a.json", "._a.nii.gz", "DICOMDIR"):
        (tmp_path / name).write_text("plain text, no image")
    for name in ("scan.mgz", "b+orig.BRIK", "picture.png", "unknown"):
        (tmp_path / name).write_bytes(bytes(range(256)))
    (tmp_path / "damaged.nii").write_bytes(b"x" * 10)
    (tmp_path / "text.mha").write_text("plain text")
    found = discover([tmp_path])
    assert names(found) == ["a"]
    assert sorted(r.path.name for r in found.refused) == sorted(
        ["scan.mgz", "b+orig.BRIK", "picture.png", "unknown", "damaged.nii", "text.mha"]
    )
    assert all(r.message and r.remedy and str(tmp_path) not in r.message for r in found.refused)


def test_what_was_asked_for_by_name_is_never_passed_over(tmp_path):
    (tmp_path / "notes.txt").write_text("text")
    (tmp_path / "empty").mkdir()
    asked = [tmp_path / "notes.txt", tmp_path / "missing.nii", tmp_path / "empty"]
    found = discover(asked)
    assert found.sources == ()
    assert [r.path for r in found.refused] == asked


def test_pairs_and_detached_headers_are_one_case(tmp_path):
    nibabel.save(nibabel.Nifti1Pair(voxels(), affine_of()), tmp_path / "pair.hdr")
    write_itk(tmp_path / "meta.mhd", voxels(), affine_of())
    write_itk(tmp_path / "nrrd.nhdr", voxels(), affine_of())
    found = discover([tmp_path])
    assert names(found) == ["meta", "nrrd", "pair"]
    assert found.refused == ()
    assert names(discover([tmp_path / "pair.img"])) == ["pair"]


def test_dicom_in_nested_folders_beside_other_images(tmp_path):
    write_dicom(tmp_path / "study" / "deep" / "s", voxels(dtype=np.uint16), affine_of())
    image(tmp_path / "a.nii.gz")
    found = discover([tmp_path])
    assert names(found) == ["a", "4 t2_tse_tra"]
    assert found.sources[1].image == tmp_path / "study" / "deep" / "s"
    assert found.sources[1].slices == 5


def test_4d_files_say_how_many_volumes_they_hold(tmp_path):
    write_nifti(tmp_path / "a.nii.gz", np.zeros((4, 4, 3, 6), np.int16), affine_of())
    (source,) = discover([tmp_path]).sources
    assert (source.slices, source.frames) == (3, 6)


def test_bids_names_group_by_subject(tmp_path):
    for name in ("sub-01_ses-1_T2w.nii.gz", "sub-01_ses-2_T2w.nii.gz", "sub-02_T2w.nii.gz", "subway.nii.gz"):
        image(tmp_path / name)
    assert [s.patient for s in discover([tmp_path]).sources] == ["sub-01", "sub-01", "sub-02", None]


def test_files_that_brought_the_reader_down_are_not_opened_again(tmp_path):
    bad, good = image(tmp_path / "bad.nii"), image(tmp_path / "good.nii")
    opened = []
    found = discover([tmp_path], hopeless={bad}, on_file=opened.append)
    assert opened == [good]
    assert [r.path for r in found.refused] == [bad]


def test_pipes_and_unreadable_folders_do_not_stop_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.nii")
    (tmp_path / "loop").symlink_to(tmp_path)
    image(tmp_path / "a.nii")
    found = discover([tmp_path])
    assert names(found) == ["a"]
    assert [r.path.name for r in found.refused] == ["pipe.nii"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a.nii.gz", "a"),
        ("a.b.NII", "a.b"),
        ("x.mha", "x"),
        (".nii", ".nii"),
        ("a.nii.gz.nrrd", "a.nii.gz"),
        ("z", "z"),
    ],
)
def test_case_names_are_file_names_without_the_ending(file, name, tmp_path):
    assert case_name(tmp_path / file) == name


def test_a_mask_in_another_order_of_axes_is_on_the_same_grid():
    """Each pair of the 48 orientations that covers the same place."""
    from nibabel.orientations import inv_ornt_aff, io_orientation, ornt_transform

    base = Geometry(SHAPE, affine_of(rotation(0)), 2)
    for directions in orientations():
        other = np.eye(4)
        other[:3, :3] = directions
        change = ornt_transform(io_orientation(base.affine), io_orientation(other))
        shape = [0, 0, 0]
        for axis, target in enumerate(change[:, 0].astype(int)):
            shape[target] = SHAPE[axis]
        check_same_grid(base, Geometry(tuple(shape), base.affine @ inv_ornt_aff(change, SHAPE), 2))


def test_masks_elsewhere_or_of_another_shape_are_refused_saying_so():
    base = Geometry((10, 20, 5), affine_of(), 2)
    with pytest.raises(GeometryMismatchError, match="10 x 20 x 6 voxels, its image 10 x 20 x 5"):
        check_same_grid(base, Geometry((10, 20, 6), affine_of(), 2))
    moved = affine_of()
    moved[2, 3] += 2 * 3.3
    with pytest.raises(GeometryMismatchError, match=r"2\.0 voxels"):
        check_same_grid(base, Geometry((10, 20, 5), moved, 2))
    nearly = affine_of()
    nearly[2, 3] += 0.05 * 3.3
    check_same_grid(base, Geometry((10, 20, 5), nearly, 2))

"""Labels through the session: nothing lost, everything undoable, unlabelled never background."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from slicelab.core.errors import GeometryMismatchError, SlicelabError, UnknownNameError
from slicelab.core.labels import SliceState
from slicelab.engine.session import Session

DONE, DRAFT = SliceState.DONE, SliceState.DRAFT


def case_id(session: Session, name: str = "phantom_01") -> str:
    return session.find([name])[0].id


def stroke(session: Session, case: str, index: int, value: int = 1) -> np.ndarray:
    mask = session.labels.stack(case)[index].copy()
    mask[10:20, 10:20] = value
    session.labels.edit_slices(case, {index: mask}, "brush").result(10)
    return mask


def test_a_stroke_is_a_draft_and_survives_reopening(session: Session) -> None:
    case = case_id(session)
    mask = stroke(session, case, 3)
    session.close()
    with Session.open(session.folder) as again:
        np.testing.assert_array_equal(again.labels.stack(case)[3], mask)
        assert again.labels.states(case)[3] == dict.fromkeys((1, 2, 3, 4), DRAFT)
        assert again.labels.states(case)[4] == {}


def test_painting_a_done_slice_makes_it_a_draft_and_undo_makes_it_done_again(session: Session) -> None:
    case = case_id(session)
    stroke(session, case, 3)
    session.labels.mark(case, [3], DONE).result(10)
    assert set(session.labels.states(case)[3].values()) == {DONE}
    before = session.labels.stack(case)[3].copy()
    stroke(session, case, 3, value=2)
    assert set(session.labels.states(case)[3].values()) == {DRAFT}
    undone = session.labels.undo(case)
    assert undone is not None
    assert undone.text == "brush, slice 4"
    np.testing.assert_array_equal(session.labels.stack(case)[3], before)
    assert set(session.labels.states(case)[3].values()) == {DONE}


def test_undo_and_redo_name_what_they_do_and_survive_reopening(session: Session) -> None:
    case = case_id(session)
    first, second = stroke(session, case, 3), stroke(session, case, 5, value=2)
    assert session.labels.undo_text(case) == "brush, slice 6"
    session.close()
    with Session.open(session.folder) as again:
        assert again.labels.undo_text(case) == "brush, slice 6"
        again.labels.undo(case)
        assert again.labels.undo_text(case) == "brush, slice 4"
        assert again.labels.redo_text(case) == "brush, slice 6"
        assert not again.labels.stack(case)[5].any()
        again.labels.redo(case)
        np.testing.assert_array_equal(again.labels.stack(case)[5], second)
        again.labels.undo(case)
        again.labels.undo(case)
        assert again.labels.undo(case) is None
        assert not again.labels.stack(case).any()
        assert again.labels.states(case)[3] == {}
        assert first.any()


def test_a_new_edit_forgets_what_could_be_redone(session: Session) -> None:
    case = case_id(session)
    stroke(session, case, 3)
    session.labels.undo(case)
    stroke(session, case, 4)
    assert session.labels.redo_text(case) is None
    assert session.labels.redo(case) is None


def test_an_empty_done_slice_is_verified_empty_not_unlabelled(session: Session) -> None:
    case = case_id(session)
    session.labels.mark(case, [0], DONE).result(10)
    summary = next(c for c in session.cases() if c.id == case)
    assert (summary.count.done, summary.count.unlabelled) == (1, summary.count.slices - 1)


def test_taking_a_label_back_leaves_nothing_known_of_the_slice(session: Session) -> None:
    case = case_id(session)
    stroke(session, case, 3)
    session.labels.mark(case, [3], SliceState.UNLABELLED).result(10)
    assert not session.labels.stack(case)[3].any()
    assert next(c for c in session.cases() if c.id == case).count.unlabelled == 10


def test_labels_from_a_mask_file_touch_the_given_slices_alone(session: Session, study: Path) -> None:
    case = case_id(session)
    mapped = session.labels.label_from_mask(case, study / "labelsTr" / "phantom_01.nii.gz", [4, 5])
    assert mapped.unmapped == ()
    np.testing.assert_array_equal(session.labels.stack(case)[4], mapped.stack[4])
    assert [index for index, states in enumerate(session.labels.states(case)) if states] == [4, 5]


def test_a_mask_saved_with_other_axes_lands_on_the_same_voxels(session: Session, study: Path, tmp_path: Path) -> None:
    case = case_id(session)
    mapped = session.labels.label_from_mask(case, study / "labelsTr" / "phantom_01.nii.gz")
    other = tmp_path / "masks" / "turned.nii.gz"
    other.parent.mkdir()
    image = nib.load(study / "labelsTr" / "phantom_01.nii.gz")
    turn = nib.orientations.ornt_transform(nib.io_orientation(image.affine), nib.orientations.axcodes2ornt("PIL"))
    nib.save(image.as_reoriented(turn), other)
    again = session.labels.label_from_mask(case, other)
    np.testing.assert_array_equal(again.stack, mapped.stack)


def part_of(study: Path, number: int, out: Path, *values: int) -> Path:
    """A phantom's mask with these values alone, in a folder that names nothing."""
    image = nib.load(study / "labelsTr" / f"phantom_{number:02d}.nii.gz")
    mask = np.asarray(image.dataobj)
    nib.save(nib.Nifti1Image(np.where(np.isin(mask, values), mask, 0).astype(np.uint8), image.affine), out)
    return out


def test_a_mask_of_one_class_without_names_leaves_the_others_as_they_are(
    session: Session, study: Path, tmp_path: Path
) -> None:
    case = case_id(session)
    stroke(session, case, 5, value=4)
    before = session.labels.stack(case) == 4
    mapped = session.labels.label_from_mask(case, part_of(study, 1, tmp_path / "liver.nii.gz", 1))
    assert mapped.known == (1,)
    free = mapped.stack == 0
    np.testing.assert_array_equal((session.labels.stack(case) == 4)[free], before[free])
    assert session.labels.states(case)[5] == {1: DONE, 2: DRAFT, 3: DRAFT, 4: DRAFT}
    assert all(states == {1: DONE} for at, states in enumerate(session.labels.states(case)) if at != 5)


def test_a_done_class_that_loses_voxels_to_a_mask_of_another_is_a_draft_again(
    session: Session, study: Path, tmp_path: Path
) -> None:
    case = case_id(session)
    session.labels.edit_slices(case, {at: np.full((64, 64), 4, np.uint8) for at in range(10)}, "brush")
    session.labels.mark(case, range(10), DONE).result(10)
    mapped = session.labels.label_from_mask(case, part_of(study, 1, tmp_path / "liver.nii.gz", 1))
    there = {at for at in range(10) if mapped.stack[at].any()}
    assert 0 < len(there) < 10
    assert {at for at in range(10) if session.labels.states(case)[at][4] is DRAFT} == there


def test_a_slice_without_a_class_that_the_mask_holds_elsewhere_is_verified_empty(
    session: Session, study: Path, tmp_path: Path
) -> None:
    case = case_id(session)
    mapped = session.labels.label_from_mask(case, part_of(study, 1, tmp_path / "all.nii.gz", 1, 2, 3, 4))
    assert mapped.known == (1, 2, 3, 4)
    assert all(states == dict.fromkeys((1, 2, 3, 4), DONE) for states in session.labels.states(case))


def test_an_empty_mask_speaks_of_the_only_class_and_of_none_of_several(
    session: Session, study: Path, tmp_path: Path
) -> None:
    empty = part_of(study, 1, tmp_path / "empty.nii.gz")
    with pytest.raises(SlicelabError, match="no voxel of a class"):
        session.labels.label_from_mask(case_id(session), empty)
    assert not any(session.labels.states(case_id(session)))
    with Session.create(tmp_path / "one", ["liver"]) as one:
        one.import_paths([study], only=["phantom_01"])
        one.labels.label_from_mask(case_id(one), empty)
        assert all(states == {1: DONE} for states in one.labels.states(case_id(one)))
        with pytest.raises(SlicelabError, match="no voxel of a class"):
            one.labels.label_from_mask(case_id(one), part_of(study, 1, tmp_path / "other.nii.gz", 4))


def test_a_mask_of_another_shape_changes_nothing(session: Session, tmp_path: Path) -> None:
    case = case_id(session)
    path = tmp_path / "small.nii.gz"
    nib.save(nib.Nifti1Image(np.zeros((5, 6, 7), np.uint8), np.eye(4)), path)
    with pytest.raises(GeometryMismatchError):
        session.labels.label_from_mask(case, path)
    assert not any(session.labels.states(case))


def test_a_slice_the_case_does_not_have_is_refused(session: Session, study: Path) -> None:
    with pytest.raises(SlicelabError, match="slices 1 to 10"):
        session.labels.label_from_mask(case_id(session), study / "labelsTr" / "phantom_01.nii.gz", [10])


def test_an_unknown_case_is_named_with_its_nearest_neighbours(session: Session) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean phantom_0"):
        session.find(["phantom_0l"])


def test_structures_without_a_class_are_reported_and_leave_no_trace(tmp_path: Path, study: Path) -> None:
    with Session.create(tmp_path / "p", ["spleen"]) as session:
        report = session.import_paths([study], labels="all")
        assert set(report.unmapped) == {"liver", "right kidney", "left kidney"}
        case = session.find(["phantom_01"])[0].id
        truth = nib.as_closest_canonical(nib.load(study / "labelsTr" / "phantom_01.nii.gz"))
        spleen = np.asarray(truth.dataobj) == 4
        assert set(np.unique(session.labels.stack(case))) == {0, 1}
        assert int((session.labels.stack(case) == 1).sum()) == int(spleen.sum())


def test_importing_again_adds_nothing_and_replaces_nobodys_work(session: Session, study: Path) -> None:
    case = case_id(session)
    mask = stroke(session, case, 3)
    report = session.import_paths([study], labels="all")
    assert report.imported == ()
    assert "phantom_01" in report.already
    assert "phantom_01" not in report.labelled
    assert "phantom_02" in report.labelled
    np.testing.assert_array_equal(session.labels.stack(case)[3], mask)


def test_exported_labels_come_back_voxel_exact_on_the_native_grid(
    labelled: Session, study: Path, tmp_path: Path
) -> None:
    labelled.export(tmp_path / "out")
    for name in ("phantom_01", "phantom_02"):
        theirs, ours = nib.load(study / "labelsTr" / f"{name}.nii.gz"), nib.load(tmp_path / "out" / f"{name}.nii.gz")
        np.testing.assert_array_equal(np.asarray(ours.dataobj), np.asarray(theirs.dataobj))
        np.testing.assert_allclose(ours.affine, theirs.affine, atol=1e-4)
    ledger = (tmp_path / "out" / "slices.csv").read_text().splitlines()
    assert ledger[0] == "case,slice,liver,right kidney,left kidney,spleen"
    assert "phantom_01,1,done,done,done,done" in ledger


def test_an_export_overwrites_nothing(labelled: Session, tmp_path: Path) -> None:
    labelled.export(tmp_path / "out")
    with pytest.raises(SlicelabError, match="already holds"):
        labelled.export(tmp_path / "out")

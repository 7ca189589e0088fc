"""What the next training would learn from, by patient, and what the runs behind its start have met of the others."""

from __future__ import annotations

import pytest

from slicelab.data.store.records import CaseRecord, RunMember, RunRole
from slicelab.engine.outlook import Outlook
from slicelab.engine.session import Session


@pytest.fixture
def cases(labelled: Session) -> tuple[CaseRecord, ...]:
    """The first two are labelled; the second and the third are of one patient."""
    second, third = labelled.find(["phantom_02", "phantom_03"])
    for case in (second, third):
        labelled._store.update_case(case.id, patient_key="one").result()
    return labelled.find(["phantom_01", "phantom_02", "phantom_03", "phantom_04"])


def shown(session: Session, *cases: CaseRecord) -> dict[int, int]:
    """Slices of cases that show each class."""
    stacks = [session.labels.stack(case.id) for case in cases]
    return {
        one.value: sum(int((stack == one.value).any(axis=(1, 2)).sum()) for stack in stacks) for one in session.classes
    }


def run(session: Session, kind: str, case: CaseRecord, role: RunRole, init: str | None = None) -> str:
    return session._store.start_run(kind, "fast", init, members=[RunMember(case.id, role, 10)]).result().id


def test_a_case_left_out_takes_the_others_of_its_patient_along_also_once_it_is_removed(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    first, second, third, fourth = cases
    assert labelled.outlook(None, ()) == Outlook(shown(labelled, first, second))
    assert labelled.outlook(None, (fourth.id,)) == Outlook(shown(labelled, first, second)), "nobody's labels are there"
    wanted = Outlook(shown(labelled, first), tests=1)
    assert labelled.outlook(None, (third.id,)) == wanted
    labelled.upkeep.remove("case", third.id)
    assert labelled.outlook(None, (third.id,)) == wanted


def test_what_the_start_has_met_of_the_patients_kept_for_testing_is_said_however_far_back(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    first, second, third, fourth = cases
    apart = Outlook(shown(labelled, first), tests=1)
    clean = run(labelled, "pretrain", fourth, "pool")
    assert labelled.outlook(clean, (second.id,)) == apart
    assert labelled.outlook("r0099", (second.id,)) == apart, "a start that is gone"
    pooled = run(labelled, "pretrain", third, "pool")
    assert labelled.outlook(run(labelled, "finetune", first, "train", pooled), (second.id,)) == Outlook(
        apart.shown, tests=1, in_pool=1
    )
    for role in ("train", "val"):
        met = run(labelled, "finetune", third, role, clean)
        assert labelled.outlook(run(labelled, "finetune", first, "train", met), (second.id,)) == Outlook(
            apart.shown, tests=1, met=1
        )


def test_another_readers_labels_are_not_learned_from(labelled: Session, cases: tuple[CaseRecord, ...]) -> None:
    folder = labelled.folder
    labelled.close()
    with Session.open(folder, reader="CD") as second:
        assert second.outlook(None, (cases[1].id,)) == Outlook(dict.fromkeys((1, 2, 3, 4), 0))

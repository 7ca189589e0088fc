"""Notes of a case, while what was listed of it is older than what was typed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from person import Person
from PySide6.QtTest import QTest


@pytest.mark.window
def test_an_older_listing_does_not_put_an_older_note_back(person: Person) -> None:
    person.open_case("phantom_02")
    person.window.work.show_tab("data")
    data = person.window.work.data
    before = next(case for case in person.window._cases if case.id == data.case_id)
    other = next(case for case in person.window._cases if case.id != data.case_id)
    QTest.keyClicks(data.notes, "motion")
    data.flush()
    data.show_summary(replace(before, count=before.count))  # a slice was marked done just then
    assert data.notes.toPlainText() == "motion"
    data.show_summary(other)
    data.show_summary(before)
    assert data.notes.toPlainText() == "motion", "also by way of another case"
    data.show_summary(replace(before, notes="motion"))
    data.show_summary(replace(before, notes="motion, seen by another program"))
    assert data.notes.toPlainText() == "motion, seen by another program", "newer than what was saved"

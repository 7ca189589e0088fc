"""A project that was closed is let go of: neither its session nor what the window asked it with stays in memory."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from slicelab.engine.session import Session

pytestmark = [pytest.mark.window, pytest.mark.timeout(300)]


def test_nothing_of_a_closed_project_stays_in_memory(person: Person) -> None:
    person.open_case("phantom_02")
    session = weakref.ref(person.window.desk.session)
    asked = [one for one in person.window.findChildren(QObject) if getattr(one, "_session", None) is session()]
    assert len(asked) > 8
    person.window.desk.close()
    person.pause(0.2)
    for one in asked:
        QCoreApplication.sendPostedEvents(one, QEvent.Type.DeferredDelete)  # a test's own loop leaves them lying
    del one, asked
    person.pause(0.2)
    gc.collect()
    assert session() is None


@pytest.mark.parametrize("at_once", [True, False])
def test_a_project_that_is_asked_for_twice_is_not_locked_by_the_first_asking(
    person: Person, template: Path, *, at_once: bool
) -> None:
    window, other = person.window, person.project.with_name("other")
    shutil.copytree(template, other)
    window.desk.close()
    gc.disable()  # as while the window starts: nothing is let go of by chance
    try:
        window.desk.open(other)
        if not at_once:
            window.tasks.drain("reads")  # it is open, and nobody has taken it yet
        person.open_project(person.project)
        assert not window.desk.session.read_only
        window.desk.open(other)
        person.open_project(other)
        assert not window.desk.session.read_only, person.notice
        window.desk.open(other)
        window.desk.close()
        window.tasks.drain("reads")
        with Session.open(other):
            pass
    finally:
        gc.enable()

"""A project that was closed is let go of: neither its session nor what the window asked it with stays in memory."""

from __future__ import annotations

import gc
import weakref

import pytest
from person import Person
from PySide6.QtCore import QCoreApplication, QEvent, QObject

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

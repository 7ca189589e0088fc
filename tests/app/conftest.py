"""A real window on a real project, driven by real mouse and key events."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from person import Person

from slicelab.data.phantoms import write_study
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from slicelab.app.window import MainWindow

CLASSES = ["liver", "right kidney", "left kidney", "spleen"]
SHAPE = (64, 64, 10)


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings of the tests' own, before anything asks for the person's."""
    folder = tmp_path_factory.mktemp("config")
    os.environ["SLICELAB_CONFIG"] = str(folder)
    os.environ.setdefault("LP_NUM_THREADS", "1")
    return folder


@pytest.fixture(scope="session")
def qapp(own_settings: Path) -> QApplication:
    """The application as the command line makes it (pytest-qt's fixtures use it)."""
    from slicelab.app.application import application

    return application()


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Decathlon folder of small abdomens."""
    folder = tmp_path_factory.mktemp("study") / "abdomen"
    return write_study(folder, "abdomen", labelled=3, unlabelled=0, seed=5, shape=SHAPE, spacing=(5.6, 5.6, 18.0))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, study: Path) -> Path:
    """A closed project: three cases, the first one labelled; copied, never opened."""
    folder = tmp_path_factory.mktemp("template") / "project"
    with Session.create(folder, CLASSES) as made:
        made.import_paths([study], labels=("phantom_01",))
    return folder


@pytest.fixture
def project(tmp_path: Path, template: Path) -> Path:
    """A project of the test's own."""
    return Path(shutil.copytree(template, tmp_path / "project"))


@pytest.fixture
def open_window(qapp: QApplication) -> Iterator[Callable[[Path | None], Person]]:
    """Opens windows, and closes what is left of them."""
    from slicelab.app.application import make_window

    opened: list[MainWindow] = []

    def open_one(folder: Path | None) -> Person:
        window = make_window(folder)
        window.resize(1400, 900)
        window.show()
        opened.append(window)
        person = Person(window, qapp, folder or Path())
        if folder is not None:
            person.until(lambda: window.screen_.case_id is not None, 30, "a case shown")
            person.until(window.isActiveWindow, 5, "the window is active")
            person.pause(0.2)
        return person

    yield open_one
    for window in opened:
        window.close()
        window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def person(open_window: Callable[[Path | None], Person], project: Path) -> Person:
    """Somebody before a window on the test's project."""
    return open_window(project)

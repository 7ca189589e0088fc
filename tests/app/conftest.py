"""A real window on a real project, driven by real mouse and key events."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from person import Person
from PySide6.QtCore import QEvent
from warm_jobs import warm

from slicelab.data.phantoms import write_study
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from slicelab.app.window import MainWindow

CLASSES = ["liver", "right kidney", "left kidney", "spleen"]
SHAPE = (64, 64, 10)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """German, for what is said meanwhile."""
    from slicelab.app import language

    language.install(qapp, "de")
    yield
    language.install(qapp, "en")


@pytest.fixture(scope="session", autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings of the tests' own, before anything asks for the person's."""
    folder = tmp_path_factory.mktemp("config")
    os.environ["SLICELAB_CONFIG"] = str(folder)
    os.environ.setdefault("LP_NUM_THREADS", "1")
    return folder


@pytest.fixture(scope="session", autouse=True)
def warm_jobs() -> Iterator[None]:
    """Jobs that the tests start have torch loaded."""
    with warm():
        yield


@pytest.fixture(scope="session")
def qapp(own_settings: Path) -> QApplication:
    """The application as the command line makes it (pytest-qt's fixtures use it)."""
    from slicelab.app.application import application

    return application()


@pytest.fixture(autouse=True)
def deleted(qapp: QApplication) -> Iterator[None]:
    """What asked to be deleted later is: a test's loop leaves it lying, and each window costs more than the last."""
    yield
    qapp.processEvents()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


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


@pytest.fixture(scope="session")
def first_window(qapp: QApplication) -> Iterator[MainWindow]:
    """One window for all tests that do not ask for another: projects come and go in it, as they do for a person."""
    from slicelab.app.application import make_window

    window = make_window(None)
    window.resize(1400, 900)
    window.show()
    import_module("slicelab.app.canvas.linked")  # napari, which the first project loads
    gc.collect()
    gc.freeze()  # a tenth of these tests' time would go into looking through all that again
    yield window
    window.close_unasked()
    window.deleteLater()
    qapp.processEvents()


@pytest.fixture
def person(first_window: MainWindow, qapp: QApplication, project: Path) -> Iterator[Person]:
    """Somebody before the window, with the test's project open in it."""
    someone = Person(first_window, qapp, project)
    someone.open_project(project)
    first_window.work.pretrain.methods.choose("contrastive")  # as in a window of its own
    yield someone
    session = first_window.desk.session
    for run in session.jobs.running if session is not None else ():
        session.jobs.kill(run)  # a test that failed half-way leaves no job behind to slow down the others
    someone.until(lambda: session is None or not session.jobs.running, what="no job")
    first_window.desk.close()
    qapp.processEvents()


@pytest.fixture
def open_window(qapp: QApplication) -> Iterator[Callable[[Path], Person]]:
    """Opens further windows on a project, and closes what is left of them."""
    from slicelab.app.application import make_window

    opened: list[MainWindow] = []

    def open_one(folder: Path) -> Person:
        window = make_window(None)
        window.resize(1400, 900)
        window.show()
        opened.append(window)
        someone = Person(window, qapp, folder)
        someone.open_project(folder)
        return someone

    yield open_one
    for window in opened:
        window.close_unasked()
        window.deleteLater()
    qapp.processEvents()

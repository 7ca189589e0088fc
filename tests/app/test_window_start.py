"""Starting: fast, without torch, from nothing to a project by three questions or by dropping files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from slicelab.app.new_project import NewProjectDialog, check
from slicelab.app.window import MainWindow
from slicelab.core.errors import SlicelabError

USABLE_S = 6.0
STARTS = 3
_SCRIPT = """
import gc, sys, time
started = time.perf_counter()
from pathlib import Path
from heartbeat import waited_for_a_core
from PySide6.QtCore import QTimer
from slicelab.app.application import application, make_window
app = application()
window = make_window(Path(sys.argv[1]))
def shown(_case):
    wall = time.perf_counter() - started
    print("wall", wall)
    print("seconds", wall - waited_for_a_core())
    print("torch", "torch" in sys.modules)
    print("needless", ",".join({"pandas", "nibabel", "scipy.ndimage", "scipy.linalg"} & set(sys.modules)) or "none")
    canvas = window.work.canvas
    print("first", len(canvas.side))
    canvas.main.native.frameSwapped.connect(lambda: print("drawn", len(canvas.side)))
    canvas.completed.connect(complete)
def complete():
    print("planes", len(window.work.canvas.side))
    print("collects", gc.isenabled())
    window.close()
window.case_shown.connect(shown)
window.show()
app.exec()
"""


@pytest.mark.window
def test_the_window_is_usable_within_six_seconds_and_never_imports_torch(project: Path, tmp_path: Path) -> None:
    """From the first import to a case that can be painted on.

    Time in the queue for a core is taken off (see :mod:`heartbeat`): that is the machine's other work. The first
    start of a fresh environment also writes byte code and fills the disk's cache, so the best of a few starts counts.
    """
    took = []
    for _attempt in range(STARTS):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _SCRIPT, str(project)],
            capture_output=True, text=True, timeout=180, check=False,
            env={**os.environ, "SLICELAB_CONFIG": str(tmp_path / "config"), "PYTHONPATH": _path_with_tests()},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        answers = dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
        assert answers["torch"] == "False"
        assert answers["needless"] == "none"
        assert (answers["first"], answers["planes"]) == ("0", "2")
        assert done.stdout.index("drawn 0") < done.stdout.index("planes 2")  # the large plane is seen first
        assert answers["collects"] == "True"
        took.append(float(answers["seconds"]))
        print(f"usable after {took[-1]:.1f} s ({float(answers['wall']):.1f} s by the clock)")  # noqa: T201
        if took[-1] <= USABLE_S:
            break
    assert min(took) <= USABLE_S


def _path_with_tests() -> str:
    return os.pathsep.join(part for part in (str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")) if part)


@pytest.mark.window
def test_a_picture_of_the_window_is_made_without_a_person(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "window.png"
    code = (
        "import sys; from pathlib import Path; from slicelab.app import main; sys.exit(main(*map(Path, sys.argv[1:])))"
    )
    words = [sys.executable, "-c", code, str(project), str(out)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert out.read_bytes().startswith(b"\x89PNG")


def answer_new_project(someone: Person, folder: Path, classes: str) -> None:
    """Fill in the dialog that is about to open, by keys."""

    def fill(dialog: NewProjectDialog) -> None:
        for field, value in ((dialog.name, "Mine"), (dialog.place, str(folder)), (dialog.classes, classes)):
            field.selectAll()
            QTest.keyClicks(field, value)
        QTest.mouseClick(dialog.make, Qt.MouseButton.LeftButton)

    someone.answer(NewProjectDialog, fill)


@pytest.mark.window
def test_files_dropped_on_the_start_page_become_a_project(
    first_window: MainWindow, qapp: QApplication, study: Path, tmp_path: Path
) -> None:
    someone = Person(first_window, qapp, tmp_path / "Mine")
    first_window.desk.close()
    answer_new_project(someone, tmp_path, "spleen, liver")
    someone.drop(study)
    someone.until(lambda: len(first_window._cases) == 3, 120, "three cases")
    someone.until(lambda: first_window.screen_.case_id is not None, 120, "a case shown")
    assert [item.name for item in first_window.desk.session.classes] == ["spleen", "liver"]
    assert (tmp_path / "Mine" / "project.db").is_file()
    first_window.desk.close()


@pytest.mark.window
def test_the_start_page_takes_a_folder(
    first_window: MainWindow, qapp: QApplication, study: Path, tmp_path: Path
) -> None:
    someone = Person(first_window, qapp, tmp_path / "Mine")
    first_window.desk.close()
    someone.answer_folder_dialog(study)
    answer_new_project(someone, tmp_path, "liver")
    someone.press("Choose a folder")
    someone.until(lambda: len(first_window._cases) == 3, what="three cases")
    someone.until(lambda: first_window.screen_.case_id is not None, what="a case shown")
    assert someone.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03"}
    first_window.desk.close()


@pytest.mark.window
def test_the_start_page_takes_files_and_no_others(
    first_window: MainWindow, qapp: QApplication, study: Path, tmp_path: Path
) -> None:
    someone = Person(first_window, qapp, tmp_path / "Mine")
    first_window.desk.close()
    someone.answer_files_dialog(study / "imagesTr", "phantom_01.nii.gz", "phantom_03.nii.gz")
    answer_new_project(someone, tmp_path, "liver")
    someone.press("Choose files")
    someone.until(lambda: len(first_window._cases) == 2, what="two cases")
    someone.until(lambda: first_window.screen_.case_id is not None, what="a case shown")
    assert someone.cases_on_disk() == {"phantom_01", "phantom_03"}
    first_window.desk.close()


@pytest.mark.window
def test_a_folder_that_is_no_project_leaves_the_start_page_with_words(
    first_window: MainWindow, qapp: QApplication, tmp_path: Path
) -> None:
    someone = Person(first_window, qapp, tmp_path)
    first_window.desk.close()
    first_window.open_project(tmp_path)
    someone.until(lambda: QApplication.activeModalWidget() is not None, what="the message")
    box = QApplication.activeModalWidget()
    assert "not a slicelab project" in box.text()
    box.close()
    assert first_window.centralWidget().currentWidget() is first_window.start


def test_the_three_answers_are_checked_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    for name, place, classes in (
        ("", str(tmp_path), "liver"),
        ("new", str(tmp_path / "nowhere"), "liver"),
        ("taken", str(tmp_path), "liver"),
        ("new", str(tmp_path), ""),
        ("new", str(tmp_path), "liver, Liver"),
    ):
        with pytest.raises(SlicelabError):
            check(name, place, classes)
    assert check(" new  one ", str(tmp_path), "liver, spleen,").folder == tmp_path / "new one"
    assert not (tmp_path / "new one").exists()

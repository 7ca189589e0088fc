"""Somebody before the window: sees, clicks, drags, types, waits; and looks at the disk past the window."""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.data.store import masks

PATIENCE_S = 60.0
"""How long to wait for what must happen: generous, since a loaded machine is slow and a right answer comes at once."""
LOOKING = 20
LONGEST_LOOKLESS_S = 0.1
"""How many times as long as a look takes one waits for the next, and at most how long."""
DIALOG_PATIENCE = 400
"""Looks, 50 ms apart."""

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtWidgets import QApplication, QPushButton, QWidget

    from slicelab.app.window import MainWindow


@dataclass
class Person:
    """Does with the window what a person does: sees, clicks, drags, types, waits."""

    window: MainWindow
    app: QApplication
    project: Path

    # -- waiting --

    def until(self, condition: Callable[[], object], seconds: float = PATIENCE_S, what: str = "it") -> None:
        """Wait while the window lives, looking at what costs much, as files do, less often."""
        deadline = time.monotonic() + seconds
        while True:
            before = time.monotonic()
            if condition():
                return
            now = time.monotonic()
            assert now < deadline, f"{what} never happened; notice: {self.notice!r}"
            self.pause(min(LOOKING * (now - before), LONGEST_LOOKLESS_S))

    def pause(self, seconds: float) -> None:
        """Let the window live."""
        end = time.monotonic() + seconds
        while True:
            self.app.processEvents()
            time.sleep(0.004)
            if time.monotonic() >= end:
                return

    def open_project(self, folder: Path) -> None:
        """Open a project and wait until a case is shown."""
        self.project = folder
        self.window.activateWindow()
        self.window.open_project(folder)
        self.until(lambda: self.window.screen_.case_id is not None, 120, "a case shown")
        self.until(lambda: self.canvas.complete, what="all planes there")
        self.until(self.window.isActiveWindow, what="the window is active")
        self.pause(0.2)

    # -- mouse and keys --

    @property
    def canvas(self):  # importing its type would import napari before its settings are set
        canvas = self.window.work.canvas
        assert canvas is not None
        return canvas

    def open_case(self, name: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        case = next(c for c in self.window._cases if c.name == name)
        cases = self.window.work.cases
        QTest.mouseClick(cases.view.viewport(), Qt.MouseButton.LeftButton, pos=cases.place_of(case.id))
        self.until(lambda: self.window.screen_.case_id == case.id, what=f"{name} shown")
        self.pause(0.1)

    def stroke(self, *voxels: tuple[int, int], canvas: object = None, button: Qt.MouseButton | None = None) -> None:
        """Drag over places of a picture."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        which = canvas or self.canvas.main
        held = button or Qt.MouseButton.LeftButton
        points = [which.position_of(*voxel).toPoint() for voxel in voxels]
        QTest.mouseMove(which.native, points[0])
        QTest.mousePress(which.native, held, pos=points[0])
        for start, end in itertools.pairwise(points):
            for share in (0.25, 0.5, 0.75, 1.0):
                step = QPoint(
                    round(start.x() + share * (end.x() - start.x())), round(start.y() + share * (end.y() - start.y()))
                )
                QTest.mouseMove(which.native, step)
                self.app.processEvents()
        QTest.mouseRelease(which.native, held, pos=points[-1])
        self.app.processEvents()

    def set_steps(self, tab: str, steps: int) -> None:
        """Type a number of steps into the tab's field."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QSpinBox

        box = getattr(self.window.work, tab).findChild(QSpinBox)
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, str(steps))
        QTest.keyClick(box, Qt.Key.Key_Tab)

    def leave_out(self, name: str) -> None:
        """Tick a case in the list of those left out for testing, or take the tick away."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        self.tab("pretrain")
        box = self.window.work.pretrain.leave_out
        if not box.list.isVisible():
            self.press("Leave out for testing")
        self.until(box.list.isVisible, what="the list")
        (item,) = box.list.findItems(name, Qt.MatchFlag.MatchExactly)
        place = box.list.visualItemRect(item)
        beside = QPoint(place.left() + 12, place.center().y())
        QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, pos=beside)
        self.pause(0.1)

    def rest_the_mouse(self) -> None:
        """Move it off the pictures: what follows it, such as the brush's ring, goes with it."""
        from PySide6.QtTest import QTest

        cases = self.window.work.cases
        QTest.mouseMove(cases, cases.rect().center())
        self.pause(0.3)  # the display tells later that the mouse has left

    def wheel(self, notches: int, *, ctrl: bool = False) -> None:
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent

        native = self.canvas.main.native
        middle = QPointF(native.width() / 2, native.height() / 2)
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        for _ in range(abs(notches)):
            turn = QPoint(0, 120 if notches > 0 else -120)
            event = QWheelEvent(
                middle, native.mapToGlobal(middle), QPoint(), turn, Qt.MouseButton.NoButton, held,
                Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            self.app.sendEvent(native, event)
            self.app.processEvents()

    def key(self, key: Qt.Key, *, ctrl: bool = False, shift: bool = False, into: QWidget | None = None) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        held = Qt.KeyboardModifier.NoModifier
        if ctrl:
            held |= Qt.KeyboardModifier.ControlModifier
        if shift:
            held |= Qt.KeyboardModifier.ShiftModifier
        target = into or self.canvas.main.native
        target.setFocus()
        self.app.processEvents()
        QTest.keyClick(target, key, held)
        self.app.processEvents()

    def button(self, words: str) -> QPushButton:
        from PySide6.QtWidgets import QPushButton

        def found() -> list[QPushButton]:
            buttons = self.window.findChildren(QPushButton)
            return [b for b in buttons if b.text().startswith(words) and b.isVisible()]

        self.until(found, 5, f"a button {words!r} in sight")  # words follow the slice a frame later
        return found()[0]

    def press(self, words: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        button = self.button(words)
        assert button.isEnabled(), f"{words!r} is disabled"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.app.processEvents()

    def drop(self, *paths: Path, at: QPoint | None = None) -> None:
        """Drag files over the window, to its middle or a place of it, and let them go."""
        from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
        from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

        files = QMimeData()
        files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left, held = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        place = at or self.window.rect().center()
        enter = QDragEnterEvent(place, copy, files, left, held)
        self.app.sendEvent(self.window, enter)
        assert enter.isAccepted()
        self.app.sendEvent(self.window, QDragMoveEvent(place, copy, files, left, held))
        self.app.sendEvent(self.window, QDropEvent(QPointF(place), copy, files, left, held))

    def answer(self, kind: type[QWidget], *answers: Callable[[Any], object]) -> None:
        """Answer the dialogs of a kind that are about to open, one after the other, each within its own event loop.

        Each is answered once the window manager has given it the keys, as a person waits for it: before that no field
        has the focus, and Qt's file dialog puts the file it found for the first letters in place of what is typed.
        """
        from PySide6.QtCore import QTimer

        waiting = list(answers)
        answered: list[QWidget] = []

        def look() -> None:
            dialog = self.app.activeModalWidget()
            if isinstance(dialog, kind) and dialog not in answered and dialog.isActiveWindow():
                answered.append(dialog)
                try:
                    waiting.pop(0)(dialog)
                except BaseException:
                    dialog.close()  # an answer that failed must not leave its dialog waiting for ever
                    raise
            if waiting:
                QTimer.singleShot(50, look)
            else:
                QTimer.singleShot(50, make_sure)

        def make_sure(looks: int = DIALOG_PATIENCE) -> None:
            """End a dialog that its answer did not close: it would hold the test for ever, out of reach of a limit."""
            dialog = self.app.activeModalWidget()
            if isinstance(dialog, kind) and looks:
                QTimer.singleShot(50, lambda: make_sure(looks - 1))
            elif isinstance(dialog, kind):
                dialog.close()

        QTimer.singleShot(50, look)

    def answer_folder_dialog(self, folder: Path) -> None:
        """Go to a folder in the file dialog that is about to open, and choose it."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QDialogButtonBox, QFileDialog

        def choose(dialog: QFileDialog) -> None:
            dialog.setDirectory(str(folder))  # typed letter by letter, Qt's own completion would change the path
            button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

        self.answer(QFileDialog, choose)

    def answer_files_dialog(self, folder: Path, *names: str) -> None:
        """Type names of files into the file dialog that is about to open, and press Enter."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit

        def type_in(dialog: QFileDialog) -> None:
            dialog.setDirectory(str(folder))
            field = dialog.findChild(QLineEdit, "fileNameEdit")
            field.setCompleter(None)  # its list, once the folder is read, would take the Enter for itself
            QTest.keyClicks(field, " ".join(f'"{name}"' for name in names))
            QTest.keyClick(field, Qt.Key.Key_Return)
            if dialog.isVisible():  # a dialog that was still reading the folder
                button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open)
                QTest.mouseClick(button, Qt.MouseButton.LeftButton)

        self.answer(QFileDialog, type_in)

    def tab(self, name: str) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        from slicelab.app.workspace import TABS

        bar = self.window.work.tabs.tabBar()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(TABS.index(name)).center())
        self.app.processEvents()

    # -- seeing --

    @property
    def notice(self) -> str:
        return self.window.work.notice.words

    @property
    def ticks(self) -> list[str]:
        return [tick.value for tick in self.window.work.ledger.ticks]

    @property
    def shown(self) -> np.ndarray:
        """The labels on the screen, ``(slice, row, column)``."""
        labels = self.window.screen_.labels
        assert labels is not None
        return labels

    def saved(self) -> None:
        """Wait until the strip says that everything is on disk."""
        self.until(lambda: self.window.work.strip.saved_text.startswith("Saved"), what="saved")

    # -- the disk, read past the window --

    def rows(self, query: str, *values: object) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.project / 'project.db'}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute(query, values).fetchall()

    def cases_on_disk(self) -> set[str]:
        return {name for (name,) in self.rows("SELECT name FROM cases")}

    def edits(self, case: str) -> list[str]:
        return [
            action
            for (action,) in self.rows(
                "SELECT action FROM edits JOIN cases ON cases.id = case_id WHERE name = ? ORDER BY edits.id", case
            )
        ]

    def mask_on_disk(self, case: str, index: int) -> np.ndarray | None:
        found = self.rows(
            "SELECT mask, rows, columns FROM slice_labels JOIN cases ON cases.id = case_id "
            "WHERE name = ? AND slice = ?",
            case, index,
        )  # fmt: skip
        return masks.unpack(*found[0]) if found else None

    def origin_on_disk(self, case: str, index: int) -> tuple[str, str | None]:
        found = self.rows(
            "SELECT origin, origin_run FROM slice_labels JOIN cases ON cases.id = case_id WHERE name = ? AND slice = ?",
            case, index,
        )  # fmt: skip
        return found[0]

    def states_on_disk(self, case: str, index: int) -> set[str]:
        return {
            state
            for (state,) in self.rows(
                "SELECT state FROM slice_states JOIN cases ON cases.id = case_id WHERE name = ? AND slice = ?",
                case,
                index,
            )
        }

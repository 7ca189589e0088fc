"""Runs under a display: the window and three bare canvases of napari, driven by posted events; or one start of either.

Called by ``window.py`` with the name of a part and one JSON argument; prints one JSON object, last.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtWidgets import QApplication, QWidget

    from slicelab.app.canvas.planes import Picture
    from slicelab.app.window import MainWindow

_PATCH = 12
"""Pixels along the edge of the part of the picture that is watched."""
_LIMIT_S = 30.0
_REST_S = 0.1
"""Between two actions of a person; saving and outlines come in it."""
_LONGEST_TRAINING_S = 900.0
_APART = 14  # voxels between two strokes
_BRUSH = 7  # voxels


class Watch:
    """Tells when the pixels at a place of a canvas have changed on the screen: after the swap, not after the call."""

    def __init__(self, app: QApplication, native: Any) -> None:
        self._app, self._native = app, native
        self._swapped = False
        native.frameSwapped.connect(self._on_swap)

    def seconds(self, place: QPoint, act: Callable[[], object]) -> float:
        """From the call of ``act`` (which posts an event) to changed pixels, s."""
        before = self._pixels(place)
        self._swapped = False
        started = time.perf_counter()
        act()
        while time.perf_counter() - started < _LIMIT_S:
            self._app.processEvents()
            if self._swapped:
                self._swapped = False
                took = time.perf_counter() - started
                if self._pixels(place) != before:
                    return took
        raise TimeoutError("the picture never changed")

    def _pixels(self, place: QPoint) -> bytes:
        from OpenGL import GL  # type: ignore[import-untyped]  # it comes without types

        self._native.makeCurrent()
        row = self._native.height() - 1 - place.y() - _PATCH // 2
        read = GL.glReadPixels(place.x() - _PATCH // 2, row, _PATCH, _PATCH, GL.GL_RGB, GL.GL_UNSIGNED_BYTE)
        return bytes(read)

    def _on_swap(self) -> None:
        self._swapped = True


class Ours:
    """The window with a case open."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        assert window.work.canvas is not None
        self._canvas = window.work.canvas
        self.native = self._canvas.main.native
        self.watch = Watch(app, self.native)

    def take(self, value: int) -> None:
        """Paint this class."""
        from slicelab.app.canvas.tools import Hand, Tool

        brush = _BRUSH * self._canvas.main.overlay.state.pixel_mm[0]
        self._canvas.set_hand(Hand(Tool.PAINT, value=value, brush_mm=brush))

    def place(self, row: int, column: int) -> QPointF:
        """Where a voxel is drawn."""
        return self._canvas.main.position_of(row, column)

    def step(self, by: int) -> None:
        """A notch of the wheel."""
        from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent

        middle = QPointF(self.native.width() / 2, self.native.height() / 2)
        QCoreApplication.postEvent(
            self.native,
            QWheelEvent(
                middle, self.native.mapToGlobal(middle), QPoint(), QPoint(0, 120 * by), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            ),
        )  # fmt: skip


class Bare:
    """Three canvases of napari in a window of their own: the same sizes, voxels and layers; no saving, no linking."""

    def __init__(self, app: QApplication, picture: Picture, like: MainWindow) -> None:
        import numpy as np
        from napari.qt import QtViewer
        from PySide6.QtWidgets import QHBoxLayout, QWidget

        from slicelab.app.canvas.napari_setup import Image, Labels, ViewerModel
        from slicelab.app.canvas.planes import Plane

        assert like.work.canvas is not None
        canvases = (like.work.canvas.main, *like.work.canvas.side)
        self.window = QWidget()
        layout = QHBoxLayout(self.window)
        labels = np.zeros_like(picture.labels)
        self._viewers: list[Any] = []
        for canvas in canvases:
            assert canvas.plane is not None
            plane = Plane(canvas.plane.axis)
            model = ViewerModel()
            viewer = QtViewer(model, show_welcome_screen=False)
            viewer.dims.hide()
            viewer.canvas.native.setFixedSize(canvas.native.size())
            layout.addWidget(viewer)
            scale = plane.spacing(picture.spacing)
            image = Image(plane.view(picture.image, picture.axis), scale=scale, interpolation2d="linear")
            image.contrast_limits = picture.window
            mask = Labels(plane.view(labels, picture.axis), scale=scale, opacity=0.22)
            model.layers.extend([image, mask])
            model.layers.selection.active = mask
            mask.mode, mask.brush_size = "paint", _BRUSH
            self._viewers.append(viewer)
        self.window.show()
        self.model = self._viewers[0].viewer
        self.native = self._viewers[0].canvas.native
        self.watch = Watch(app, self.native)
        self._pixel_mm = canvases[0].overlay.state.pixel_mm

    def take(self, value: int) -> None:
        """Paint this class."""
        self._viewers[0].viewer.layers[1].selected_label = value

    def fit(self) -> None:
        """The whole slice, as in the window."""
        for viewer in self._viewers:
            viewer.viewer.fit_to_view(margin=0.02)

    def place(self, row: int, column: int) -> QPointF:
        """Where a voxel is drawn."""
        from slicelab.app.canvas.overlay import Camera

        camera = self.model.scene.camera
        seen = Camera(float(camera.center[-2]), float(camera.center[-1]), float(camera.zoom))
        rows, columns = self._pixel_mm
        return seen.to_pixel(row * rows, column * columns, self.native.width(), self.native.height())

    def step(self, by: int) -> None:
        """Another slice, told to napari directly."""
        self.model.dims.set_current_step(0, self.model.dims.current_step[0] + by)


class Hands:
    """Does the same to either."""

    def __init__(self, app: QApplication, canvas: Ours | Bare, shape: tuple[int, ...]) -> None:
        self._app, self._canvas = app, canvas
        rows, columns = (range(n // 4, 3 * n // 4, _APART) for n in shape[1:])
        self._all = [(row, column) for row in rows for column in columns]
        self._free = list(self._all)
        self._way = self._class = 1

    def stroke(self) -> float:
        """A short stroke over voxels of another class; seconds from the button to the first changed pixel."""
        from PySide6.QtCore import QEvent, Qt

        if not self._free:
            self._class = 3 - self._class
            self._free = list(self._all)
        self._canvas.take(self._class)
        at = self._canvas.place(*self._free.pop(0))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        self._post(QEvent.Type.MouseMove, at, none, none)
        rest(self._app, _REST_S / 2)  # the ring of the brush is there before the paint
        took = self._canvas.watch.seconds(
            at.toPoint(), lambda: self._post(QEvent.Type.MouseButtonPress, at, left, left)
        )
        end = at + self._canvas.place(0, 3) - self._canvas.place(0, 0)
        self._post(QEvent.Type.MouseMove, end, none, left)
        self._post(QEvent.Type.MouseButtonRelease, end, left, none)
        rest(self._app, _REST_S)
        return took

    def step(self) -> float:
        """The next slice, back and forth; seconds to changed pixels."""
        took = self._canvas.watch.seconds(self._canvas.native.rect().center(), lambda: self._canvas.step(self._way))
        self._way = -self._way
        rest(self._app, _REST_S)
        return took

    def _post(self, kind: Any, at: QPointF, button: Any, held: Any) -> None:
        from PySide6.QtCore import QCoreApplication, Qt
        from PySide6.QtGui import QMouseEvent

        native = self._canvas.native
        event = QMouseEvent(kind, at, native.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.postEvent(native, event)


def rest(app: QApplication, seconds: float) -> None:
    """Let the event loop live."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        app.processEvents()
        time.sleep(0.002)


def until(app: QApplication, condition: Callable[[], object], seconds: float = 300.0) -> float:
    """Wait for something; how long it took, s."""
    started = time.perf_counter()
    while not condition():
        if time.perf_counter() - started > seconds:
            raise TimeoutError("it never happened")
        app.processEvents()
        time.sleep(0.001)
    return time.perf_counter() - started


def opened(app: QApplication, window: MainWindow, project: Path) -> float:
    """Open a project until a case is shown; s."""
    window.open_project(project)
    took = until(app, lambda: window.screen_.case_id is not None)
    until(app, lambda: window.work.canvas is not None and window.work.canvas.complete)
    rest(app, 1.0)
    return took


def turns(app: QApplication, arms: dict[str, Callable[[], float]], rounds: int, each: int) -> dict[str, list[float]]:
    """Both arms in turns, after a first turn that is not counted."""
    took: dict[str, list[float]] = {name: [] for name in arms}
    for number in range(rounds + 1):
        for name, arm in arms.items():
            found = [arm() for _ in range(each)]
            took[name] += found if number else []
            rest(app, _REST_S)
    return took


def interact(asked: dict[str, Any]) -> dict[str, Any]:
    """Strokes, slices and cases of the window, in turns with the bare canvases; then strokes while a job trains."""
    from slicelab.app.application import application, make_window

    app = application()
    window = make_window(None)
    window.show()
    opened(app, window, Path(asked["project"]))
    canvas = window.work.canvas
    assert canvas is not None
    assert canvas.picture is not None
    bare = Bare(app, canvas.picture, window)
    rest(app, 1.0)
    bare.fit()
    rest(app, 0.5)
    ours = Ours(app, window)
    shape = canvas.picture.image.shape
    hands = {"ours": Hands(app, ours, shape), "bare": Hands(app, bare, shape)}
    rounds, each = asked["rounds"], asked["each"]
    told: dict[str, Any] = {"shape": list(shape), "pixels": [ours.native.width(), ours.native.height()]}
    told["strokes"] = turns(app, {name: hand.stroke for name, hand in hands.items()}, rounds, each)
    told["slices"] = turns(app, {name: hand.step for name, hand in hands.items()}, rounds, each)
    bare.window.hide()
    told["cases"] = cases(app, window, ours, asked["changes"])
    told["training"] = training(app, window, hands["ours"], asked)
    window.close()
    return told


def cases(app: QApplication, window: MainWindow, ours: Ours, changes: int) -> list[float]:
    """Seconds from asking for another case to its pixels, once each was open before."""
    way = 1

    def change() -> float:
        nonlocal way
        before = window.screen_.case_id
        took = ours.watch.seconds(ours.native.rect().center(), lambda: window.work.cases.step(way))
        assert window.screen_.case_id != before
        way = -way
        rest(app, 4 * _REST_S)
        return took

    return [change() for _ in range(changes + 2)][2:]


def training(app: QApplication, window: MainWindow, hand: Hands, asked: dict[str, Any]) -> dict[str, Any]:
    """Strokes without a job just before, strokes during one, and the job's pace with the window idle and busy."""
    quiet = [hand.stroke() for _ in range(asked["each"] * asked["rounds"])]
    jobs = window.jobs
    assert jobs is not None

    def steps() -> int:
        """Steps done, once there is a loss: the preparation of the volumes is counted too, before."""
        return jobs.status.step if jobs.status is not None and jobs.status.losses else 0

    jobs.pretrain("regression", 1_000_000)
    until(app, lambda: jobs.running and steps() >= asked["warm_up"])

    def pace(act: Callable[[], object]) -> float:
        """Steps a second, from one step to another."""
        seen: list[tuple[int, float]] = []
        end = time.perf_counter() + asked["seconds"]
        while time.perf_counter() < end or len(seen) < 3:
            act()
            step = steps()
            if not seen or step != seen[-1][0]:
                seen.append((step, time.perf_counter()))
        (first, began), (last, ended) = seen[1], seen[-1]
        return (last - first) / (ended - began)

    idle = pace(lambda: rest(app, 0.02))
    busy_strokes: list[float] = []
    busy = pace(lambda: busy_strokes.append(hand.stroke()))
    idle_after = pace(lambda: rest(app, 0.02))
    jobs.stop()
    until(app, lambda: not jobs.running)
    return {"quiet": quiet, "busy": busy_strokes, "pace_idle": (idle + idle_after) / 2, "pace_busy": busy}


def masks(asked: dict[str, Any]) -> dict[str, Any]:
    """A training started in the window with another case open: from each mask on disk to its picture, seconds."""
    from slicelab.app.application import application, make_window

    app = application()
    window = make_window(None)
    window.show()
    project = Path(asked["project"])
    opened(app, window, project)
    canvas, jobs, case = window.work.canvas, window.jobs, window.screen_.case_id
    assert canvas is not None
    assert jobs is not None
    frames: list[float] = []
    native: Any = canvas.main.native
    native.frameSwapped.connect(lambda: frames.append(time.time()))
    written: dict[tuple[str, int], float] = {}
    shown: list[float] = []
    seen: Any = None

    def look() -> None:
        nonlocal seen
        for file in (*project.glob(f"runs/*/preview/{case}.nii.gz"), *project.glob(f"predictions/*/{case}.nii.gz")):
            found = file.stat()
            written[str(file), found.st_mtime_ns] = found.st_mtime
        if canvas.prediction is not None and canvas.prediction is not seen:
            seen = canvas.prediction
            frames.clear()
            native.update()  # it may have been drawn just before one looked
            until(app, lambda: frames)
            shown.append(frames[0])

    began = time.time()
    jobs.train(None, asked["steps"], case)
    until(app, lambda: jobs.running)
    while jobs.running or jobs.waiting or jobs.in_use is None or not list(project.glob(f"predictions/*/{case}.nii.gz")):
        rest(app, 0.02)
        look()
        assert time.time() - began < _LONGEST_TRAINING_S
    rest(app, 1.0)
    look()
    window.close()
    # The picture of a mask is the next one; some are read once more without being others.
    ends = sorted(written.values())
    delays = [min(at for at in shown if at >= end) - end for end in ends]
    return {"delays": delays, "written": len(ends), "seconds": shown[-1] - began}


def many(asked: dict[str, Any]) -> dict[str, Any]:
    """A large project opened in a window that is there already, and its list scrolled."""
    from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent

    from slicelab.app.application import application, make_window

    app = application()
    window = make_window(None)
    window.show()
    opened(app, window, Path(asked["small"]))
    window.desk.close()
    rest(app, 0.5)
    took = opened(app, window, Path(asked["project"]))
    listed = window.work.cases.view.model().rowCount()
    port: QWidget = window.work.cases.view.viewport()
    bar = window.work.cases.view.verticalScrollBar()
    middle = QPointF(port.rect().center())
    frames = []
    for number in range(asked["frames"]):
        turn = QPoint(0, -120 if number < asked["frames"] // 2 else 120)
        event = QWheelEvent(
            middle, port.mapToGlobal(middle), QPoint(), turn, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QCoreApplication.postEvent(port, event)
        before, started = bar.value(), time.perf_counter()
        app.processEvents()  # scrolls
        app.processEvents()  # draws
        if bar.value() != before:
            frames.append(time.perf_counter() - started)
    window.close()
    return {"seconds": took, "cases": listed, "frames": frames}


def start_ours(asked: dict[str, Any]) -> dict[str, Any]:
    """As ``slicelab PROJECT`` starts: until a case is drawn."""
    from slicelab.app.application import application, make_window
    from slicelab.cli.main import app as commands
    from slicelab.cli.system_commands import start_window

    assert callable(commands)
    assert callable(start_window)  # what the command imports before it makes the window

    app = application()
    window = make_window(Path(asked["project"]))
    window.show()
    until(app, lambda: window.screen_.case_id is not None)
    canvas = window.work.canvas
    assert canvas is not None
    drawn(app, canvas.main.native)
    print("ready", flush=True)  # the clock is the caller's
    window.close()
    return {}


def start_bare(_asked: dict[str, Any]) -> dict[str, Any]:
    """``napari.Viewer()``, until it is drawn."""
    import napari
    from PySide6.QtWidgets import QApplication

    viewer = napari.Viewer()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    drawn(app, viewer.window._qt_viewer.canvas.native)  # noqa: SLF001  # napari gives it no public name
    print("ready", flush=True)  # the clock is the caller's
    viewer.close()
    return {}


def drawn(app: QApplication, native: Any) -> None:
    """Wait for the next frame on the screen."""
    frames: list[int] = []
    native.frameSwapped.connect(lambda: frames.append(1))
    native.update()
    until(app, lambda: frames)


PARTS = {"interact": interact, "masks": masks, "many": many, "start-ours": start_ours, "start-bare": start_bare}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](json.loads(sys.argv[2]))))  # the answer

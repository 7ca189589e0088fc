"""Three linked planes of one case on one shared mask: the acquisition plane large, the other two beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from slicelab.app.canvas.after_stroke import AfterStroke
from slicelab.app.canvas.overlay import PictureOverlay
from slicelab.app.canvas.plane_canvas import PlaneCanvas
from slicelab.app.canvas.planes import Index, Picture, Plane, to_canonical, to_plane, touched_slices
from slicelab.app.canvas.tools import Hand, MaskLook, Tool
from slicelab.app.canvas.views import Views
from slicelab.app.numbers import written
from slicelab.app.widgets import on_its_own

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from PySide6.QtGui import QResizeEvent

    from slicelab.app.canvas.second import Second
    from slicelab.app.canvas.second_picture import SecondPicture
    from slicelab.core.labels import LabelClass

_SIDE = 2
_NEXT_PLANE_MS = 60
_AFTER_FRAME_MS = 20
_UNSEEN_MS = 1000
"""For a picture that is not drawn, as in a window that is minimised."""
_MIN_WINDOW = 1e-3


@dataclass(frozen=True)
class Stroke:
    """One finished edit.

    Attributes:
        action: the tool's word, such as brush.
        slices: acquisition slices that changed.
        before: what each of them was, ``(row, column)`` uint8.

    """

    action: str
    slices: tuple[int, ...]
    before: Mapping[int, npt.NDArray[np.uint8]]


class LinkedCanvases(QSplitter):
    """The centre of the window. Emits what the person did; shows what it is given."""

    stroke_finished = Signal(Stroke)
    slice_changed = Signal(int)
    picked = Signal(int)
    window_changed = Signal(float, float)
    hovered = Signal(object)
    refused = Signal(int)
    grew_nothing = Signal()
    painted_twice = Signal()
    outline_begun = Signal()
    closed_already = Signal()
    completed = Signal()
    case_changed = Signal()
    masks_changed = Signal()
    look_changed = Signal()
    moved = Signal()
    arranged = Signal()
    fitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHandleWidth(8)
        self.setChildrenCollapsible(False)
        self.main = PlaneCanvas(small=False)
        self.side: tuple[PlaneCanvas, ...] = ()
        self.views = Views(self, self.main)
        self.views.arranged.connect(self.arranged)
        self.twin: SecondPicture | None = None
        self.picture: Picture | None = None
        self._saved: npt.NDArray[np.uint8] | None = None
        self.place: Index = (0, 0, 0)  # canonical x, y, z
        self._hand = Hand()
        self._upright: Hand | None = None
        self._look = MaskLook()
        self._peeking = False
        self.classes: tuple[LabelClass, ...] = ()
        self.window_: tuple[float, float] | None = None
        self.second: Second | None = None
        self._window_word = ("", "")
        self._smooth = True
        self._neurological = self._crosshair = False
        self.prediction: npt.NDArray[np.uint8] | None = None
        self.other: npt.NDArray[np.uint8] | None = None
        self._compared: tuple[bool, ...] = ()
        self._uncertainty: npt.NDArray[np.uint8] | None = None
        self._next_plane = QTimer(self, singleShot=True)
        self._next_plane.timeout.connect(self._add_plane)
        self._after_stroke = AfterStroke(self)
        self._after_stroke.due.connect(self._catch_up)
        self._follows: tuple[Picture, PlaneCanvas, tuple[int, int]] | None = None
        self._outdated: set[PlaneCanvas] = set()
        self._connect(self.main)
        on_its_own(self)  # without a graphics card, each change anywhere would put the whole window together anew

    @property
    def complete(self) -> bool:
        """Whether all three planes are there."""
        return len(self.side) == _SIDE

    @property
    def _all(self) -> tuple[PlaneCanvas, ...]:
        return (*self._pair, *self.side)

    @property
    def _pair(self) -> tuple[PlaneCanvas, ...]:
        """The large plane, and the one beside it that shows the same."""
        return (self.main,) if self.twin is None else (self.main, self.twin.canvas)

    @property
    def hand(self) -> Hand:
        """What the left button does."""
        return self._hand

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_picture(self, picture: Picture, at_slice: int) -> None:
        """Show a case at a slice; ``picture.labels`` is painted in place from now on."""
        self.picture = picture
        self.say("")
        self._saved = picture.labels.copy()
        self.prediction = self.other = self._uncertainty = self.second = None
        self._compared = (False,) * picture.image.shape[0]
        for canvas in self._all:
            self._fill(canvas)
        shape = picture.image.shape
        self._go(to_canonical((at_slice, shape[1] // 2, shape[2] // 2), picture.shape, Plane(picture.axis)))
        self._words()
        self.case_changed.emit()
        # One plane is enough to begin with; each further one takes its time, so they come once the first is drawn.
        self._next_plane.start(_NEXT_PLANE_MS if self.complete else _UNSEEN_MS)
        if not self.complete:
            self.main.drawn.connect(self._soon, Qt.ConnectionType.SingleShotConnection)

    def clear(self) -> None:
        """Show nothing."""
        self.picture = self._saved = self.second = None
        for canvas in self._all:
            canvas.clear()
        self.case_changed.emit()

    def say(self, words: str) -> None:
        """Words in the middle of the large plane, where there is no picture."""
        self.main.overlay.state.middle = words
        self.main.overlay.update()

    @property
    def slice(self) -> int:
        """The acquisition slice shown."""
        return self.main.slice

    def set_slice(self, index: int) -> None:
        """Go to an acquisition slice."""
        if self.picture is None:
            return
        self._after_stroke.settle()
        plane = Plane(self.picture.axis)
        _, row, column = to_plane(self.place, self.picture.shape, plane)
        index = min(max(index, 0), self.picture.image.shape[0] - 1)
        self._go(to_canonical((index, row, column), self.picture.shape, plane))

    def replace_slices(self, slices: Iterable[int], labels: npt.NDArray[np.uint8]) -> None:
        """Take slices of the mask from elsewhere (undo, accept): ``labels`` is the whole stack."""
        if self.picture is None or self._saved is None:
            return
        for at in slices:
            self.picture.labels[at] = labels[at]
            self._saved[at] = labels[at]
        for canvas in self._all:
            canvas.refresh()
        self.masks_changed.emit()

    def set_prediction(self, stack: npt.NDArray[np.uint8] | None) -> None:
        """A model's mask of this case, in the acquisition plane."""
        if stack is None:
            self.main.overlay.state.legend = self.main.overlay.state.legend_short = ""
        self.prediction = stack
        for canvas in (self.main, *self.side):
            self._show_prediction(canvas)
        self.masks_changed.emit()

    def set_other(self, stack: npt.NDArray[np.uint8] | None) -> None:
        """Another reader's labels of this case, in the acquisition plane."""
        self.other = stack
        for canvas in (self.main, *self.side):
            self._show_other(canvas)

    def show_second(self, second: Second | None) -> None:
        """A further image above the labelled one, as far as its share says; None: the labelled one alone."""
        self.second = second
        for canvas in self._all:
            self._show_second(canvas)
        self._say_window()

    def tune_second(self) -> None:
        """The further image's window or share is another."""
        if self.second is not None:
            for canvas in self._all:
                self.second.tune(canvas)
            self._say_window()

    def set_uncertainty(self, stack: npt.NDArray[np.uint8] | None) -> None:
        """How unsure the model was of each voxel, in the acquisition plane."""
        self._uncertainty = stack
        for canvas in (self.main, *self.side):
            self._show_uncertainty(canvas)

    def set_compared(self, slices: Sequence[bool]) -> None:
        """Per acquisition slice, whether something is known of it: only there can a prediction be called wrong."""
        self._compared = tuple(slices)
        for canvas in (self.main, *self.side):
            self._show_compared(canvas)

    def say_of_prediction(self, words: str, short: str = "") -> None:
        """What to say of the prediction on the slice shown, and the same shorter, where there is little room."""
        state = self.main.overlay.state
        if (words, short) != (state.legend, state.legend_short):
            state.legend, state.legend_short = words, short
            self.main.overlay.update()

    # -- tools and looks ----------------------------------------------------------------------------------------

    def set_hand(self, hand: Hand) -> None:
        """What the left button does and leaves, in every plane."""
        self._hand = hand
        for canvas in self._all:
            canvas.set_hand(hand)

    def set_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """The project's classes."""
        self.classes = classes
        for canvas in self._all:
            canvas.set_classes(classes)
        self.look_changed.emit()

    def set_look(self, look: MaskLook) -> None:
        """How masks are drawn."""
        self._look = look
        self._apply_look()

    def set_window(self, low: float, high: float, word: str = "") -> None:
        """Intensities shown as black and white; ``word`` names where they come from."""
        self.window_ = (low, high)
        for canvas in self._all:
            canvas.set_window(low, high)
        self._window_word = (word, self._window_word[1])
        self._say_window()
        self.look_changed.emit()

    def set_second_window(self, low: float, high: float, word: str = "") -> None:
        """The same of the further image."""
        self._window_word = (self._window_word[0], word)
        if self.second is not None:
            self.second.window = (low, high)
            self.tune_second()

    @property
    def seen_window(self) -> tuple[float, float] | None:
        """The window of the image that one looks at."""
        return self.second.window if self.second is not None and self.second.seen else self.window_

    def _say_window(self) -> None:
        window, state = self.seen_window, self.main.overlay.state
        if window is not None:
            low, high = window
            wide, level = (written(f"{value:,.4g}") for value in (high - low, (high + low) / 2))
            state.corner = f"W {wide}  L {level}"
            state.corner_detail = self._window_word[self.second is not None and self.second.seen]
            self.main.overlay.update()

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate between voxels, or show them as they are."""
        self._smooth = smooth
        for canvas in self._all:
            canvas.set_smooth(smooth)

    def set_convention(self, *, neurological: bool) -> None:
        """The patient's right on the right of the picture (neurological), or on its left (radiological)."""
        if neurological == self._neurological:
            return
        self._neurological = neurological
        for canvas in self._all:
            plane = canvas.plane
            if self.picture is not None and plane is not None:
                canvas.flip(self.picture, Plane.drawn(plane.axis, neurological=neurological))
                self._dress(canvas)
        self._go(self.place)
        self._words()

    def set_crosshair(self, *, on: bool) -> None:
        """The crosshair in the large plane too, where it may be in the way of painting."""
        self._crosshair = on
        self._go(self.place)

    def fit(self) -> None:
        """Every plane whole and centred."""
        for canvas in self._all:
            canvas.fit()
        self.fitted.emit()

    def show_twin(self, twin: SecondPicture | None) -> None:
        """The large plane and its twin side by side and nothing else; None: the views as they were."""
        before, self.twin = self.twin, twin
        if twin is not None:
            if self.views.pair(twin.canvas):
                self._connect(twin.canvas)
            self._fill(twin.canvas)
            self._go(self.place)
            self._words()
            self.arranged.emit()
        elif before is not None:
            self.views.part()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The other planes move below or away where the large one would get too small."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self.views.arrange)  # a splitter that turns inside its own resizing loses its sizes

    def stay_clear_of(self, cover: QWidget) -> None:
        """Keep what names and orients the pictures below something that lies over their upper edge."""
        for overlay in self.findChildren(PictureOverlay):
            overlay.stay_clear_of(cover)

    def drop_beginnings(self) -> None:
        """Give up outlines that enclose nothing yet."""
        for canvas in self._all:
            canvas.outline.drop_beginning()

    def focus_main(self) -> None:
        """Give the keys to the large plane."""
        self.main.native.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- inside -------------------------------------------------------------------------------------------------

    def _add_plane(self) -> None:
        """Make the next of the other planes, as everything stands now."""
        if self.complete or self.picture is None:
            self.completed.emit()
            return
        canvas = PlaneCanvas(small=True)
        self.views.add_plane(canvas)
        self.side = (*self.side, canvas)
        self._connect(canvas)
        self._fill(canvas)
        self._go(self.place)
        self._words()
        self.arranged.emit()
        self._next_plane.start(_NEXT_PLANE_MS)

    def _soon(self) -> None:
        """The large plane has been drawn."""
        self._next_plane.start(_NEXT_PLANE_MS)

    def _fill(self, canvas: PlaneCanvas) -> None:
        """Show the case in one plane."""
        if self.picture is None:
            return
        others = [axis for axis in (0, 1, 2) if axis != self.picture.axis]
        axis = self.picture.axis if canvas in self._pair else others[self.side.index(canvas)]
        canvas.show_picture(self.picture, Plane.drawn(axis, neurological=self._neurological))
        self._dress(canvas)

    def _dress(self, canvas: PlaneCanvas) -> None:
        """Tools and looks as they are."""
        canvas.set_classes(self.classes)
        canvas.set_hand(self._hand)
        canvas.set_smooth(self._smooth)
        if self.window_ is not None:
            canvas.set_window(*self.window_)
        canvas.set_look(self.shown_look)
        self._show_second(canvas)
        if self.twin is not None and canvas is self.twin.canvas:
            self.twin.dress()
            return
        self._show_prediction(canvas)
        self._show_other(canvas)
        self._show_compared(canvas)
        self._show_uncertainty(canvas)

    def _show_second(self, canvas: PlaneCanvas) -> None:
        second = self.second
        if self.picture is None or canvas.plane is None:
            return
        canvas.show_second(None if second is None else canvas.plane.view(second.image, self.picture.axis))
        if second is not None:
            second.tune(canvas)
        else:
            canvas.overlay.state.seen = canvas.overlay.state.seen_short = ""
            canvas.overlay.update()

    def _show_prediction(self, canvas: PlaneCanvas) -> None:
        if self.picture is not None and canvas.plane is not None:
            stack = self.prediction
            canvas.set_prediction(None if stack is None else canvas.plane.view(stack, self.picture.axis))

    def _show_other(self, canvas: PlaneCanvas) -> None:
        if self.picture is not None and canvas.plane is not None:
            stack = self.other
            canvas.set_other(None if stack is None else canvas.plane.view(stack, self.picture.axis))

    def _show_uncertainty(self, canvas: PlaneCanvas) -> None:
        if self.picture is not None and canvas.plane is not None:
            stack = self._uncertainty
            canvas.set_uncertainty(None if stack is None else canvas.plane.view(stack, self.picture.axis))

    def _show_compared(self, canvas: PlaneCanvas) -> None:
        if self.picture is not None and canvas.plane is not None:
            known = np.array(self._compared, bool)[:, None, None]
            canvas.set_compared(canvas.plane.view(np.broadcast_to(known, self.picture.image.shape), self.picture.axis))

    def _connect(self, canvas: PlaneCanvas) -> None:
        canvas.painted.connect(lambda: self._on_paint(canvas))
        canvas.scrolled.connect(lambda steps: self._scroll(canvas, steps))
        canvas.clicked.connect(lambda voxel: self._click(canvas, voxel))
        canvas.hovered.connect(lambda voxel: self._hover(canvas, voxel))
        canvas.windowed.connect(self._drag_window)
        canvas.maximised.connect(lambda: self.views.enlarge(canvas))
        canvas.peeked.connect(self._peek)
        canvas.turned.connect(self._turn_pen)
        canvas.refused.connect(self.refused)
        canvas.grew_nothing.connect(self.grew_nothing)
        canvas.painted_twice.connect(self.painted_twice)
        canvas.outline.begun.connect(self.outline_begun)
        canvas.outline.closed_already.connect(self.closed_already)

    def _on_paint(self, canvas: PlaneCanvas) -> None:
        """Napari finished a stroke in one plane: say which acquisition slices changed, redraw the other planes."""
        if self.picture is None or self._saved is None or canvas.plane is None:
            return
        labels, axis = self.picture.labels, self.picture.axis
        apart = canvas.plane.spacing(self.picture.spacing)[0]
        far = int(self._hand.far_mm / apart) + 1 if self._hand.deep else 0
        touched = touched_slices(self._saved, labels, canvas.plane, axis, canvas.slice, far)
        before = {at: self._saved[at].copy() for at in touched}
        for at in touched:
            self._saved[at] = labels[at]
        if touched:
            self.stroke_finished.emit(Stroke(str(self._hand.tool), touched, before))
            self._outdated.update(other for other in self._all if other is not canvas)
            self._after_stroke.ask()
            self.masks_changed.emit()

    def _catch_up(self) -> None:
        """Bring every plane to where one painted, and show there what one painted."""
        outdated, self._outdated = self._outdated, set()
        follows, self._follows = self._follows, None
        before = {canvas: canvas.slice for canvas in self._all}
        if follows is not None:
            self._follow(*follows)
        for canvas in self._all:
            if canvas in outdated and canvas.slice == before[canvas]:  # one that moved has drawn it already
                canvas.refresh()

    def _scroll(self, canvas: PlaneCanvas, steps: int) -> None:
        if self.picture is None or canvas.plane is None:
            return
        self._after_stroke.settle()
        at, row, column = to_plane(self.place, self.picture.shape, canvas.plane)
        at = min(max(at + steps, 0), canvas.slices - 1)
        self._go(to_canonical((at, row, column), self.picture.shape, canvas.plane))

    def _click(self, canvas: PlaneCanvas, voxel: tuple[int, int]) -> None:
        if self.picture is None or canvas.plane is None:
            return
        index = (canvas.slice, *voxel)
        if self._hand.tool is Tool.PICK:
            value = int(canvas.plane.view(self.picture.labels, self.picture.axis)[index])
            if value:
                self.picked.emit(value)
        picture = self.picture
        if self._hand.tool.paints:
            # The paint first: moved in the same frame, the other planes would keep it waiting for a third of its time.
            self._follows = (picture, canvas, voxel)
            self._after_stroke.ask()
            if canvas not in self._pair:  # the large plane goes to another slice, of which keys and buttons speak
                QTimer.singleShot(_AFTER_FRAME_MS, self._after_stroke.settle)
        else:
            self._follow(picture, canvas, voxel)

    def _follow(self, picture: Picture, canvas: PlaneCanvas, voxel: tuple[int, int]) -> None:
        """Bring every plane to where one was clicked, on the slice that one shows by now."""
        if self.picture is picture and canvas.plane is not None:
            self._go(to_canonical((canvas.slice, *voxel), picture.shape, canvas.plane))

    def _go(self, canonical: Index) -> None:
        """Bring every plane to one voxel."""
        if self.picture is None:
            return
        before = self.main.slice
        self.place = canonical
        for canvas in self._all:
            if canvas.plane is None:
                continue
            at, row, column = to_plane(canonical, self.picture.shape, canvas.plane)
            canvas.set_slice(at)
            row_mm, column_mm = canvas.overlay.state.pixel_mm
            crossed = self._crosshair or canvas not in self._pair
            canvas.overlay.state.crosshair_mm = (row * row_mm, column * column_mm) if crossed else None
            canvas.overlay.update()
        self.moved.emit()
        if self.main.slice != before:
            self._words()
            self.slice_changed.emit(self.main.slice)

    def _hover(self, canvas: PlaneCanvas, voxel: tuple[int, int] | None) -> None:
        self.views.enter(canvas)
        if self.picture is None or canvas.plane is None or voxel is None:
            self.hovered.emit(None)
            return
        index = (canvas.slice, *voxel)
        canonical = to_canonical(index, self.picture.shape, canvas.plane)
        self.hovered.emit(to_plane(canonical, self.picture.shape, Plane(self.picture.axis)))

    def set_readout(self, lines: tuple[str, ...]) -> None:
        """Lines at the lower left of the large plane, or of the one that is enlarged."""
        for canvas in self._all:
            shown = lines if canvas in (self.main, self.views.enlarged) else ()
            if shown != canvas.overlay.state.readout:
                canvas.overlay.state.readout = shown
                canvas.overlay.update()

    def _drag_window(self, moved: QPointF) -> None:
        """Right drag: sideways changes the width, up and down the level, as on a reading workstation."""
        window = self.seen_window
        if self.picture is None or window is None:
            return
        low, high = window
        first = self.second.range if self.second is not None and self.second.seen else self.picture.window
        reach = first[1] - first[0]
        width = max((high - low) * 1.005 ** moved.x(), reach * _MIN_WINDOW)
        level = (high + low) / 2 - moved.y() * reach / 400
        self.window_changed.emit(level - width / 2, level + width / 2)

    def _turn_pen(self, turned: bool) -> None:
        """A pen's other end erases, for one stroke; then what was in the hand is there again."""
        if turned and self._hand.tool is not Tool.ERASE:
            self._upright = self._hand
            self.set_hand(replace(self._hand, tool=Tool.ERASE))
        elif not turned and self._upright is not None:
            self.set_hand(self._upright)
            self._upright = None

    def _peek(self, held: bool) -> None:
        if held != self._peeking:
            self._peeking = held
            self._apply_look()

    def _apply_look(self) -> None:
        for canvas in self._all:
            canvas.set_look(self.shown_look)
        self.look_changed.emit()

    @property
    def shown_look(self) -> MaskLook:
        """The person's look; nothing at all while peeking."""
        look = self._look
        return MaskLook(look.style, look.opacity, False, False, look.hidden) if self._peeking else look

    def _words(self) -> None:
        if self.picture is None:
            return
        plane = Plane(self.picture.axis).name
        for canvas in self._pair:
            state = canvas.overlay.state
            state.title = f"{self.picture.name} · {plane}"
            state.subtitle = f"Slice {self.main.slice + 1} of {self.picture.image.shape[0]}"
            state.convention = "Neurological" if self._neurological else "Radiological"
            canvas.overlay.update()
        for canvas in self.side:
            if canvas.plane is not None:
                canvas.overlay.state.title = canvas.plane.name.capitalize()

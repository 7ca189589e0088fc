"""The open case on the screen: pictures, ledger, tools and looks kept together, without touching the session."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from slicelab.app.canvas.tools import Hand, MaskLook, MaskStyle, Tool
from slicelab.app.desks.label_desk import drafts, next_needed
from slicelab.app.panels.brush_box import next_brush
from slicelab.app.panels.case_list import small_picture
from slicelab.app.panels.ledger_layout import TickState, tick_states
from slicelab.app.seen import Seen
from slicelab.app.window_presets import OWN, first_choice
from slicelab.core.drawing.between import gap_around, gaps
from slicelab.core.drawing.mend import Mend
from slicelab.core.drawing.rule import other_values
from slicelab.core.labels import SliceState
from slicelab.core.slices import Overall, overall, state_of
from slicelab.engine.accepting import Proposal, Taken, take_class_over, take_over
from slicelab.engine.class_marks import Marks
from slicelab.engine.correcting import blanked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from slicelab.app.canvas.linked import LinkedCanvases, Stroke
    from slicelab.app.desks.job_desk import ShownMask
    from slicelab.app.desks.project_desk import OpenCase
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace
    from slicelab.core.class_volumes import ClassVolumes
    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.labels import LabelClass
    from slicelab.engine.reviewing import CaseReview

_STYLES = (MaskStyle.FILL, MaskStyle.CONTOUR, MaskStyle.BOTH)
MENDS = {
    "mend.smooth": Mend.SMOOTH,
    "mend.holes": Mend.FILL_HOLES,
    "mend.islands": Mend.ISLANDS,
    "mend.grow": Mend.GROW,
    "mend.shrink": Mend.SHRINK,
}
"""Action to what it does."""
_BLIND = "hidden here until the slice is done (kept blind for measuring)", "hidden here: kept blind"
_UNSURE = "prediction; bright: the model was unsure", "bright: unsure"
_NOT_KEPT = "prediction; how unsure the model was is not known", "unsureness not known"
_NO_LABEL = "no label on this slice: there is no difference to show", "no label here: no difference"
"""What is said of the prediction, and the same where there is little room."""
_LEARNT_RANGE = (5.0, 95.0)
_REST_MS = 400
_AFTER_FRAME_MS = 20


class CaseScreen(QObject):
    """Shows one case and what the person does to it."""

    stroke_made = Signal(object, object, str)
    shown = Signal(str)
    window_kept = Signal(str, float, float)
    sequence_window_kept = Signal(int, float, float)
    seen_changed = Signal()
    marks_changed = Signal(object)
    refused = Signal(str)
    not_known = Signal(str)
    answered = Signal(str)
    prediction_seen = Signal(str, tuple, str)
    kept_blind = Signal()
    looked = Signal()
    uncertainty_wanted = Signal(str, str)

    def __init__(self, work: Workspace, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._theme = theme
        self._classes: tuple[LabelClass, ...] = ()
        self._case: OpenCase | None = None
        self._waiting: OpenCase | None = None
        self.seen: Seen | None = None
        self._prediction: ShownMask | None = None
        self._hidden: frozenset[int] = frozenset()
        self._told: set[int] = set()
        self._under: tuple[int, int, int] | None = None
        self._under_on = 0
        self._review: CaseReview | None = None
        self._uncertainty: npt.NDArray[np.uint8] | None = None
        self._states: tuple[dict[int, SliceState], ...] = ()
        self._painted: list[bool] = []
        self._places: dict[str, int] = {}
        self._look = MaskLook()
        self._marks = Marks()
        self._volumes: ClassVolumes | None = None
        self._drawn = self._chosen = "both"
        self._hand = Hand()
        self._anchors: tuple[bool, ...] = ()
        self._smooth = True
        self._dragged = False
        self._keep_soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._keep_soon.timeout.connect(self._keep_window)
        # The picture first: ledger and tab, drawn in the same frame, would keep it waiting for a tenth of its time.
        self._tell_soon = QTimer(self, singleShot=True, interval=_AFTER_FRAME_MS)
        self._tell_soon.timeout.connect(self._tell_slice)
        self._sum_soon = QTimer(self, singleShot=True, interval=_AFTER_FRAME_MS)
        self._sum_soon.timeout.connect(self._show_volumes)
        work.ledger.slice_chosen.connect(self.go_to)
        work.label.tool_chosen.connect(self._take_tool)
        work.label.hand_changed.connect(self._take)
        work.label.range.range_wanted.connect(self._learn_range)
        work.classes.locks_changed.connect(self._lock)
        work.classes.class_chosen.connect(self._choose_class)
        work.classes.look_changed.connect(self._set_look)
        work.view_bar.preset_chosen.connect(self._set_preset)
        work.view_bar.drawn_chosen.connect(self._set_drawn)
        work.window_panel.window_wanted.connect(self.set_window)
        work.window_panel.closed.connect(self.take_keys)
        self.seen_changed.connect(lambda: work.window_panel.show_seen(self.seen))

    # -- what is open -------------------------------------------------------------------------------------------

    @property
    def canvas(self) -> LinkedCanvases | None:
        """The pictures, once they are made."""
        return self._work.canvas

    @property
    def case_id(self) -> str | None:
        """Id of the case shown."""
        return self._case.view.id if self._case else None

    @property
    def labels(self) -> npt.NDArray[np.uint8] | None:
        """The labels shown, ``(slice, row, column)``."""
        return self._case.labels if self._case else None

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        """The project's classes."""
        return self._classes

    @property
    def class_values(self) -> tuple[int, ...]:
        """Values of the project's classes."""
        return tuple(item.value for item in self._classes)

    @property
    def prediction(self) -> ShownMask | None:
        """What is shown of a network."""
        return self._prediction

    @property
    def hidden(self) -> frozenset[int]:
        """Slices on which no model's mask may be shown."""
        return self._hidden

    def ensure_canvas(self) -> None:
        """Make the pictures (this is where napari is imported)."""
        if self._work.canvas is None:
            from slicelab.app.canvas.linked import LinkedCanvases

            canvas = LinkedCanvases()
            canvas.stroke_finished.connect(self._on_stroke)
            canvas.slice_changed.connect(self._on_move)
            canvas.picked.connect(self._work.classes.choose)
            canvas.window_changed.connect(self.set_window)
            canvas.hovered.connect(self._on_hover)
            canvas.refused.connect(self._on_refused)
            canvas.grew_nothing.connect(self._on_grew_nothing)
            canvas.arranged.connect(self._tell_seen)
            self._work.put_canvas(canvas)
            canvas.set_classes(self._classes)
            canvas.set_look(self._effective_look())
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.show_case(waiting)

    def show_project(self, classes: tuple[LabelClass, ...], marks: Marks) -> None:
        """Another project is open; what was locked and hidden in it is so again."""
        self._places.clear()
        self._hand = replace(self._hand, rule=replace(self._hand.rule, locked=marks.locked))
        self._look = replace(self._look, hidden=marks.hidden)
        self._marks = marks
        self.show_classes(classes, anew=True)
        self._change_look()

    def show_classes(self, classes: tuple[LabelClass, ...], *, anew: bool = False) -> None:
        """The project's classes; ``anew`` where it is another project."""
        self._classes = classes
        self._work.classes.show_classes(classes, anew=anew)
        self._work.label.over.show_classes(classes)
        self._set_locks(self._hand.rule.locked & frozenset(self.class_values))
        self._work.review.show_classes(classes)
        self._work.train.corrections.show_classes(classes)
        self._show_volumes()
        if self.canvas is not None:
            self.canvas.set_classes(classes)
        self._show_ticks()

    def show_case(self, case: OpenCase) -> None:
        """Show a case where it was left."""
        if self.canvas is None:
            self._waiting = case
            return
        from slicelab.app.canvas.planes import Picture

        self._keep_window()
        if self._case is not None and self.canvas is not None:
            self._places[self._case.view.id] = self.canvas.slice
        self._case = case
        view = case.view
        self._painted = [bool(mask.any()) for mask in case.labels]
        self._volumes = case.volumes
        preset = first_choice(case.windows)
        window = case.windows[preset]
        self.seen = Seen(view.image, case.windows, preset)
        picture = Picture(
            view.name, view.image, case.labels, view.geometry.spacing, view.geometry.acquisition_axis, window
        )
        at = self._places.get(view.id, view.image.shape[0] // 2)
        self._prediction = self._review = self._uncertainty = None
        self._hidden, self._told = frozenset(), set()
        self._work.ledger.show_dice(None)
        self._chosen = "both"
        self._allow_prediction(False)
        self.canvas.set_window(*window, preset)
        self._on_hover(None)
        self.canvas.show_picture(picture, at)
        self._work.view_bar.show_preset(preset)
        self.seen_changed.emit()
        self._work.label.show_pixel((view.spacing[1], view.spacing[2]))
        self._anchors = ()
        # Intensities of one MR volume mean nothing in another: a range does not go with one from case to case.
        self._work.label.range.show_range(*window, on=False)
        self.canvas.set_look(self._effective_look())
        letters = view.letters
        self._work.ledger.show_case(view.name, (letters["first"], letters["last"]))
        self._work.data.show_case(view)
        self.show_states(view.id, case.states)
        self._sum_soon.start()
        self._on_slice(self.canvas.slice)
        if not self._work.cases.view.hasFocus():
            self.canvas.focus_main()
        self.shown.emit(view.id)

    def close_case(self) -> None:
        """Show no case."""
        self._dragged = False  # the project is gone already
        self._case = self._waiting = self._prediction = self._review = self.seen = None
        self.seen_changed.emit()
        self._work.ledger.show_dice(None)
        self._states = ()
        self._painted = []
        self._volumes = None
        self._show_volumes()
        self._anchors = ()
        if self.canvas is not None:
            self.canvas.clear()
        self._work.ledger.set_ticks(())
        self._work.data.show_case(None)
        self._work.label.show_slice(None, TickState.UNLABELLED)
        self._work.view_bar.show_undo(None, None)

    def look_at(self, seen: Seen) -> None:
        """Another image of the case is seen from now on: windows and what is read out are of that one."""
        self._keep_window()
        self.seen = seen
        self._work.view_bar.show_preset(seen.preset)
        self._on_hover(self._under)
        self.seen_changed.emit()

    def show_thumbnail(self, case_id: str, picture: Any) -> None:
        """The small picture of a case, ``(row, column)`` uint8."""
        image = small_picture(picture.tobytes(), picture.shape[1], picture.shape[0])
        self._work.cases.show_picture(case_id, image)

    def show_states(self, case_id: str, states: tuple[dict[int, SliceState], ...]) -> None:
        """States changed."""
        if case_id != self.case_id:
            return
        self._states = states
        self._reveal()
        self._show_ticks()

    def take_masks(self, case_id: str, slices: tuple[int, ...], stack: npt.NDArray[np.uint8]) -> None:
        """Masks changed outside the picture (undo, cleared): take them, and go where it happened."""
        if self._case is None or case_id != self.case_id or self.canvas is None:
            return
        self.canvas.replace_slices(slices, stack)
        for at in slices:
            self._painted[at] = bool(self._case.labels[at].any())
        self._measure(slices)
        if slices and self.canvas.slice not in slices:
            self.canvas.set_slice(slices[0])
        self._show_ticks()

    def show_mask(self, case_id: str, found: ShownMask | None) -> None:
        """What a network makes of the case; drawn beside the labels, never into them, and not where it stays hidden."""
        if case_id != self.case_id or self.canvas is None:
            return
        before, self._prediction = self._prediction, found
        if found is None or before is None or found.run != before.run:
            self._told.clear()
        self._hidden = found.hidden if found is not None else frozenset()
        self._uncertainty = None
        self._put_prediction()
        self._show_ticks()
        if (found is None) is not (before is None):
            self._allow_prediction(found is not None)
        self._want_uncertainty()
        self._apply_look()

    def show_uncertainty(self, case_id: str, run: str, stack: npt.NDArray[np.uint8] | None) -> None:
        """How unsure the model in use was of the case, ``(slice, row, column)`` uint8; None where it was not kept."""
        if case_id == self.case_id and self._prediction is not None and run == self._prediction.run:
            self._uncertainty = stack
            self._put_prediction()

    def show_review(self, case_id: str, review: CaseReview | None) -> None:
        """Where the model is wrong, slice by slice: along the ledger, for the class that is selected."""
        if case_id == self.case_id:
            self._review = review
            self._show_dice()

    def go_to_worst(self, class_value: int) -> None:
        """Select a class and go to the slice with its largest error."""
        self._work.classes.choose(class_value)
        at = self._review.worst(class_value) if self._review is not None else None
        if at is not None:
            self.go_to(at)

    def show_anchors(self, case_id: str, anchors: tuple[bool, ...]) -> None:
        """Which slices interpolation starts from."""
        if case_id == self.case_id:
            self._anchors = anchors
            self._show_between()

    # -- what may be said of slices -----------------------------------------------------------------------------

    def confirm_slice(self) -> tuple[list[int], SliceState]:
        """The slice shown, done."""
        return self._here(), SliceState.DONE

    def clear_slice(self) -> tuple[list[int], SliceState, tuple[int, ...]]:
        """The slice shown, unlabelled again, but for locked classes."""
        free = tuple(value for value in self.class_values if value not in self._hand.rule.kept)
        return self._here() if free else [], SliceState.UNLABELLED, free

    def mend(self, mend: Mend) -> tuple[int, Mend, float, list[int] | None, DrawRule]:
        """What to mend, how, how far, where, and what may be painted over."""
        box = self._work.label.mend
        slices = None if box.whole_case else self._here()
        return self._hand.value, mend, box.mm, slices, self._hand.rule

    def copy(self, step: int) -> tuple[int, int, DrawRule]:
        """The slice shown, the neighbour whose outlines it takes, and what may be painted over."""
        at = self.canvas.slice if self.canvas is not None else 0
        return at, at + step, self._hand.rule

    def gap(self) -> int | None:
        """The slice shown, if it lies in a gap to interpolate; None: every gap."""
        at = self.canvas.slice if self.canvas is not None else 0
        return at if gap_around(self._anchors, at) is not None else None

    @property
    def drafts(self) -> list[int]:
        """Slices that wait for confirmation."""
        return drafts(self._states, self.class_values)

    @property
    def predicted(self) -> bool:
        """Whether a model's mask of the case is there that may be accepted."""
        return self._prediction is not None and self._prediction.final

    def accept_slice(self) -> Taken:
        """The model's mask of the slice shown; nothing where it is kept blind."""
        here = self._here()
        if self._hidden.intersection(here):
            self.kept_blind.emit()
            return Taken()
        return self._taken_over(here)

    def accept_case(self) -> Taken:
        """The model's masks of every slice that is not done, but for those that are kept blind."""
        return self._taken_over(self._open_slices())

    def accept_class(self) -> Taken:
        """The labels with the selected class as the model sees it, on slices where that changes them."""
        found, case, value, rule = self._prediction, self._case, self._hand.value, self._hand.rule
        name = next((item.name for item in self._classes if item.value == value), "class")
        if value in rule.kept:
            self.refused.emit(name)
            return Taken()
        if found is None or not found.final or case is None:
            return Taken()
        if value not in found.classes:
            self.not_known.emit(name)
            return Taken()
        return self._said(take_class_over(self._proposal(found, case), value, f"accept {name}", self._open_slices()))

    def _proposal(self, found: ShownMask, case: OpenCase) -> Proposal:
        return Proposal(
            found.run, found.stack, found.classes, case.labels, self._states, self.class_values, self._hand.rule
        )

    def _open_slices(self) -> list[int]:
        """Slices that are neither done nor kept blind."""
        return [
            at
            for at, known in enumerate(self._states)
            if overall(known, self.class_values) is not Overall.DONE and at not in self._hidden
        ]

    def _taken_over(self, slices: list[int]) -> Taken:
        found, case = self._prediction, self._case
        if found is None or not found.final or case is None:
            return Taken()
        return self._said(take_over(self._proposal(found, case), slices))

    def _said(self, taken: Taken) -> Taken:
        """The same, and a word where there is nothing to take over."""
        if not taken.masks:
            self.answered.emit(
                "Nothing to accept: what the model knows of is labelled so already, done, locked or kept blind"
            )
        return taken

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions that concern the picture alone."""
        return {
            "tool.erase": lambda: self._take_tool(Tool.ERASE),
            "tool.paint": lambda: self._take_tool(Tool.PAINT),
            "tool.polygon": lambda: self._take_tool(Tool.POLYGON),
            "tool.grow": lambda: self._take_tool(Tool.GROW),
            "class.lock": lambda: self._work.classes.toggle_lock(self._hand.value),
            "tool.fill": lambda: self._take_tool(Tool.FILL),
            "tool.pick": lambda: self._take_tool(Tool.PICK),
            "brush.smaller": lambda: self._resize_brush(-1),
            "brush.larger": lambda: self._resize_brush(1),
            "slice.up": lambda: self._step(1),
            "slice.down": lambda: self._step(-1),
            "slice.up10": lambda: self._step(10),
            "slice.down10": lambda: self._step(-10),
            "slice.next": lambda: self._next(1),
            "slice.previous": lambda: self._next(-1),
            "view.fit": self._fit,
            "view.tiles": self._toggle_tiles,
            "view.window": self._work.window_panel.toggle,
            "view.overlay": lambda: self._change_look(shown=not self._look.shown, prediction=not self._look.shown),
            "view.lighter": lambda: self._change_look(opacity=max(self._look.opacity - 10, 0)),
            "view.darker": lambda: self._change_look(opacity=min(self._look.opacity + 10, 100)),
            "view.style": self._next_style,
            "view.smooth": self._toggle_smooth,
        }

    # -- inside -------------------------------------------------------------------------------------------------

    def _here(self) -> list[int]:
        return [self.canvas.slice] if self._case is not None and self.canvas is not None else []

    def _on_stroke(self, stroke: Stroke) -> None:
        if self._case is None:
            return
        masks = {at: self._case.labels[at].copy() for at in stroke.slices}
        for at, mask in masks.items():
            self._painted[at] = bool(mask.any())
        self._measure(stroke.slices)
        self.stroke_made.emit(masks, stroke.before, stroke.action)

    def _measure(self, slices: Sequence[int]) -> None:
        """Classes fill more or less of these slices now; said once the paint is drawn, which must not wait for it."""
        if self._volumes is not None and self._case is not None:
            self._volumes.update(self._case.labels, slices)
            self._sum_soon.start()

    def _show_volumes(self) -> None:
        found = self._volumes
        self._work.classes.show_volumes({} if found is None else {v: found.ml(v) for v in self.class_values})

    def _on_move(self) -> None:
        if not self._tell_soon.isActive():
            self._tell_soon.start()

    def _tell_slice(self) -> None:
        if self.canvas is not None and self._case is not None:
            self._on_slice(self.canvas.slice)

    def _on_slice(self, index: int) -> None:
        self._work.ledger.set_current(index)
        self._follow_mouse(index)
        ticks = self._work.ledger.ticks
        if index < len(ticks):
            self._work.label.show_slice(index + 1, ticks[index])
        self._show_between()
        self._say_legend()
        self._tell_seen()
        self.looked.emit()

    def _show_ticks(self) -> None:
        ticks = tick_states(self._states, self._painted, self.class_values)
        self._work.ledger.set_ticks(ticks)
        if self.canvas is not None:
            self._show_compared()
            self._say_legend()
            self._on_slice(self.canvas.slice)

    def _show_compared(self) -> None:
        if self.canvas is not None:
            found = self._prediction
            self.canvas.set_compared(self.compared_with(None if found is None else found.classes))

    def compared_with(self, classes: frozenset[int] | None) -> list[bool]:
        """Slices where something is known of the selected class, if a model that knows ``classes`` knows it at all."""
        value = self._hand.value
        known = classes is None or value in classes
        return [
            known and state_of(states, value) is not SliceState.UNLABELLED and at not in self._hidden
            for at, states in enumerate(self._states)
        ]

    def _on_hover(self, index: tuple[int, int, int] | None) -> None:
        self._under = index
        if self._case is not None and self.canvas is not None:
            self._under_on = self.canvas.slice
            self.canvas.set_readout(() if index is None else self._describe(index))

    def _follow_mouse(self, index: int) -> None:
        """The mouse rests and the slice under it changes: what is read out is of the slice that is shown."""
        under = self._under
        if under is not None and under[0] == self._under_on != index:
            self._on_hover((index, *under[1:]))

    def take_keys(self) -> None:
        """Keys go to the picture: the button that was pressed may take none any more."""
        if self.canvas is not None and self._case is not None:
            self.canvas.focus_main()

    def _describe(self, index: tuple[int, int, int]) -> tuple[str, ...]:
        """What is under the mouse: class and intensity, voxel (column, row, slice, from 1), place in the patient."""
        from slicelab.app.canvas.planes import Plane, to_canonical

        case = self._case
        if case is None:
            return ()
        view = case.view
        value = int(case.labels[index])
        name = next((f"{item.name} · " for item in self._classes if item.value == value), "")
        canonical = to_canonical(index, view.geometry.shape, Plane(view.geometry.acquisition_axis))
        places = view.geometry.to_mm(canonical)
        mm = "  ".join(
            f"{high if place >= 0 else low} {abs(place):.0f}"
            for place, (low, high) in zip(places.tolist(), (("L", "R"), ("P", "A"), ("I", "S")), strict=True)
        )
        at, row, column = (place + 1 for place in index)
        seen = self.seen
        image = f"{seen.name} " if seen is not None and seen.name else ""
        intensity = (view.image if seen is None else seen.image)[index]
        return f"{name}{image}intensity {intensity:,.4g}", f"voxel {column}, {row}, {at}", f"{mm} mm"

    def go_to(self, index: int) -> None:
        """Show a slice of the open case, and give the picture the keys."""
        if self.canvas is not None and self._case is not None:
            self.canvas.set_slice(index)
            self.canvas.focus_main()

    def _fit(self) -> None:
        if self.canvas is not None:
            self.canvas.fit()

    def _toggle_tiles(self) -> None:
        if self.canvas is not None:
            self.canvas.toggle_tiles()

    def _step(self, by: int) -> None:
        if self.canvas is not None:
            self.canvas.set_slice(self.canvas.slice + by)

    def _next(self, step: int) -> None:
        if self.canvas is None:
            return
        found = next_needed(self._states, self.class_values, self.canvas.slice, step)
        if found is not None:
            self.canvas.set_slice(found)

    def _take(self, hand: Hand) -> None:
        """Something else in the hand, or the same held otherwise."""
        other, self._hand = hand.value != self._hand.value, hand
        self._work.label.show_hand(hand)
        if self.canvas is not None:
            self.canvas.set_hand(hand)
        if other:
            self._show_compared()
            self._say_legend()

    def _take_tool(self, tool: Tool) -> None:
        self._take(replace(self._hand, tool=tool))

    def _resize_brush(self, direction: int) -> None:
        self._take(replace(self._hand, brush_mm=next_brush(self._hand.brush_mm, direction)))

    def _choose_class(self, value: int) -> None:
        item = next((item for item in self._classes if item.value == value), None)
        if item is not None:
            self._work.label.show_class(item)
        # Whoever chooses a class wants to paint it.
        tool = Tool.PAINT if self._hand.tool in (Tool.ERASE, Tool.PICK) else self._hand.tool
        self._take(replace(self._hand, value=value, tool=tool))
        self._show_dice()

    def _keep_marks(self) -> None:
        """Locks and closed eyes are kept with the project."""
        marks = Marks(self._hand.rule.locked, self._look.hidden)
        if marks != self._marks:
            self._marks = marks
            self.marks_changed.emit(marks)

    def _lock(self, locked: frozenset[int]) -> None:
        self._set_locks(locked)
        self._keep_marks()

    def _set_locks(self, locked: frozenset[int]) -> None:
        self._work.classes.show_locked(locked)
        removed = other_values(self.class_values)  # cannot be seen, and so not be painted over either
        self._take(replace(self._hand, rule=replace(self._hand.rule, locked=locked, removed=removed)))

    def _on_refused(self, value: int) -> None:
        name = next((item.name for item in self._classes if item.value == value), "The class")
        self.refused.emit(name)

    def _on_grew_nothing(self) -> None:
        self.answered.emit("Nothing around this place looks like it: let it differ more")

    def _learn_range(self) -> None:
        """Take the range of intensities from what is painted of the class: on this slice, or else on any."""
        case = self._case
        if case is None or self.canvas is None:
            return
        at, value = self.canvas.slice, self._hand.value
        found = case.view.image[at][case.labels[at] == value]
        found = found if found.size else case.view.image[case.labels == value]
        if found.size:
            low, high = (float(edge) for edge in np.percentile(found, _LEARNT_RANGE))
            self._work.label.range.show_range(low, high if high > low else low + 1.0, on=True)

    def _show_between(self) -> None:
        """Name what interpolating and copying would do here."""
        at = self.canvas.slice if self.canvas is not None and self._case is not None else None
        gap = None if at is None else gap_around(self._anchors, at)
        self._work.label.between.show_slice(at, len(self._anchors), gap, len(gaps(self._anchors)))

    def _set_look(self, look: MaskLook) -> None:
        self._look = replace(look, shown=self._look.shown, prediction=self._look.prediction)
        self._apply_look()
        self._keep_marks()

    def _change_look(self, **changes: Any) -> None:
        self._look = replace(self._look, **changes)
        self._work.classes.show_look(self._look)
        self._apply_look()

    def _next_style(self) -> None:
        self._change_look(style=_STYLES[(_STYLES.index(self._look.style) + 1) % len(_STYLES)])

    def _effective_look(self) -> MaskLook:
        """The person's look, cut to what the view bar lets through."""
        return replace(
            self._look,
            shown=self._look.shown and self._drawn != "prediction",
            prediction=self._look.prediction and self._drawn != "labels",
            difference=self._look.prediction and self._drawn == "difference",
            uncertainty=self._look.prediction and self._drawn == "uncertainty",
        )

    def _apply_look(self) -> None:
        if self.canvas is not None:
            self.canvas.set_look(self._effective_look())
            self._say_legend()
            self._tell_seen()

    def _put_prediction(self) -> None:
        """Draw the prediction where it may be seen, and its difference from what the person has said of a slice."""
        if self.canvas is None:
            return
        found, unsure = self._prediction, self._uncertainty
        self.canvas.set_prediction(None if found is None else blanked(found.stack, self._hidden))
        self.canvas.set_uncertainty(None if unsure is None else blanked(unsure, self._hidden))
        self._say_legend()

    def _reveal(self) -> None:
        """Slices that were kept blind are shown once they are done."""
        done = Overall.DONE
        shown = frozenset(at for at in self._hidden if overall(self._states[at], self.class_values) is done)
        if shown:
            self._hidden -= shown
            self._put_prediction()
            self._tell_seen()

    def _say_legend(self) -> None:
        if self.canvas is None or self._prediction is None:
            return
        at, found = self.canvas.slice, self._prediction
        unlabelled = at < len(self._states) and overall(self._states[at], self.class_values) is Overall.UNLABELLED
        said, short = found.words, found.short
        if at in self._hidden:
            said, short = _BLIND
        elif self._drawn == "uncertainty":
            said, short = _UNSURE if self._uncertainty is not None else _NOT_KEPT
        elif self._drawn == "difference" and unlabelled:
            said, short = _NO_LABEL
        elif self._drawn == "difference":
            said, short = self._why_no_difference(at) or (said, short)
        elif unlabelled and found.final:
            said, short = f"{said}, not accepted", f"{short}, not accepted"
        self.canvas.say_of_prediction(said, short)

    def _why_no_difference(self, at: int) -> tuple[str, str] | None:
        """Why nothing is drawn of the selected class on a slice that is labelled, long and short; None where it is."""
        found, value = self._prediction, self._hand.value
        name = next((item.name for item in self._classes if item.value == value), None)
        if found is None or name is None or at >= len(self._states):
            return None
        if value not in found.classes:
            return f"{found.short} does not know {name}: there is no difference to show", f"{name}: not known to it"
        if state_of(self._states[at], value) is SliceState.UNLABELLED:
            words = f"{name} is not labelled on this slice: there is no difference to show"
            return words, f"{name}: not labelled here"
        return None

    def _tell_seen(self) -> None:
        """Say on which slices the model's mask is in sight: the one shown, and those the other planes cut through."""
        if self._prediction is None or self._case is None or self.canvas is None:
            return
        if not self._effective_look().prediction:
            return
        there = range(len(self._states)) if self.canvas.cuts_shown else self._here()
        new = set(there) - self._hidden - self._told
        if new:
            self._told |= new
            self.prediction_seen.emit(self._case.view.id, tuple(sorted(new)), self._prediction.run)

    def _show_dice(self) -> None:
        """Dice of the selected class along the ledger."""
        review, value = self._review, self._hand.value
        item = next((item for item in self._classes if item.value == value), None)
        found = review.overlaps.get(value, {}) if review is not None else {}
        if item is None or not found:
            self._work.ledger.show_dice(None)
            return
        dice = {at: one.dice for at, one in found.items() if not math.isnan(one.dice)}
        self._work.ledger.show_dice(dice, item.name, item.colour)

    def _set_drawn(self, key: str) -> None:
        self._drawn = key
        if self._prediction is not None:
            self._chosen = key
        self._want_uncertainty()
        self._apply_look()

    def _allow_prediction(self, there: bool) -> None:
        """Draw a prediction that has come as was chosen in this case: who chose labels alone is not led by the next."""
        self._drawn = self._chosen if there else "labels"
        self._work.view_bar.show_prediction(there, self._drawn)

    def _want_uncertainty(self) -> None:
        found = self._prediction
        if self._drawn == "uncertainty" and self._uncertainty is None and found is not None and self._case is not None:
            self.uncertainty_wanted.emit(self._case.view.id, found.run)

    def _set_preset(self, name: str) -> None:
        if self.seen is not None and name in self.seen.windows:
            self.seen.preset = name
            self._show_window()

    def set_window(self, low: float, high: float) -> None:
        """The person moves black and white: shown at once, kept for this image when the hand rests."""
        if self.canvas is None or self.seen is None:
            return
        self.seen.windows[OWN] = (low, high)
        self.seen.preset = OWN
        self._show_window()
        self._work.view_bar.show_preset(OWN)
        self._dragged = True
        self._keep_soon.start()

    def _show_window(self) -> None:
        if self.canvas is not None and self.seen is not None:
            show = self.canvas.set_window if self.seen.sequence is None else self.canvas.set_second_window
            show(*self.seen.windows[self.seen.preset], self.seen.preset)
            self.seen_changed.emit()

    def _keep_window(self) -> None:
        self._keep_soon.stop()
        seen = self.seen
        if self._case is not None and seen is not None and self._dragged:
            self._dragged = False
            if seen.sequence is None:
                self.window_kept.emit(self._case.view.id, *seen.windows[OWN])
            else:
                self.sequence_window_kept.emit(seen.sequence, *seen.windows[OWN])

    def _toggle_smooth(self) -> None:
        self._smooth = not self._smooth
        if self.canvas is not None:
            self.canvas.set_smooth(self._smooth)

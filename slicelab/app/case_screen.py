"""The open case on the screen: pictures, ledger, tools and looks kept together, without touching the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from slicelab.app.actions import on_enter, to_press
from slicelab.app.desks.label_desk import drafts, next_needed
from slicelab.app.hand_keeper import HandKeeper
from slicelab.app.language import tr
from slicelab.app.look_keeper import LookKeeper
from slicelab.app.model_mask import ModelMask
from slicelab.app.panels.case_list import small_picture
from slicelab.app.panels.ledger_layout import TickState, tick_states
from slicelab.app.readout import read_out
from slicelab.app.seen import Seen
from slicelab.app.window_level import WindowLevel
from slicelab.app.window_presets import first_choice
from slicelab.core.drawing.between import gap_around, gaps
from slicelab.core.labels import SliceState
from slicelab.core.slices import Overall, overall
from slicelab.engine.accepting import Proposal, Taken, take_class_over, take_over
from slicelab.engine.class_marks import Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from slicelab.app.actions import ActionSet
    from slicelab.app.canvas.linked import LinkedCanvases, Stroke
    from slicelab.app.desks.project_desk import OpenCase
    from slicelab.app.shown_mask import ShownMask
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace
    from slicelab.core.class_volumes import ClassVolumes
    from slicelab.core.drawing.mend import Mend
    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.labels import LabelClass
    from slicelab.engine.reviewing import CaseReview

_LEARNT_RANGE = (5.0, 95.0)
_AFTER_FRAME_MS = 20


class CaseScreen(QObject):
    """Shows one case and what the person does to it."""

    stroke_made = Signal(object, object, str)
    shown = Signal(str)
    marks_changed = Signal(object)
    refused = Signal(str)
    not_known = Signal(str)
    answered = Signal(str)
    kept_blind = Signal()
    looked = Signal()

    def __init__(self, work: Workspace, theme: Theme, actions: ActionSet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._theme = theme
        self._actions = actions
        self.hand = HandKeeper(work, self)
        self.looks = LookKeeper(work, self)
        self.levels = WindowLevel(work, self)
        self.mask = ModelMask(work, self.looks, self.hand, self)
        self._classes: tuple[LabelClass, ...] = ()
        self._case: OpenCase | None = None
        self._waiting: OpenCase | None = None
        self._under: tuple[int, int, int] | None = None
        self._under_on = 0
        self._states: tuple[dict[int, SliceState], ...] = ()
        self._painted: list[bool] = []
        self._places: dict[str, int] = {}
        self._marks = Marks()
        self._volumes: ClassVolumes | None = None
        self._anchors: tuple[bool, ...] = ()
        self._left_out: frozenset[str] = frozenset()
        # The picture first: ledger and tab, drawn in the same frame, would keep it waiting for a tenth of its time.
        self._tell_soon = QTimer(self, singleShot=True, interval=_AFTER_FRAME_MS)
        self._tell_soon.timeout.connect(self._tell_slice)
        self._sum_soon = QTimer(self, singleShot=True, interval=_AFTER_FRAME_MS)
        self._sum_soon.timeout.connect(self._show_volumes)
        work.ledger.slice_chosen.connect(self.go_to)
        work.label.range.range_wanted.connect(self._learn_range)
        work.window_panel.closed.connect(self.take_keys)
        self.hand.locked.connect(self._keep_marks)
        self.looks.eyes_changed.connect(self._keep_marks)
        self.mask.changed.connect(self._show_ticks)

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
    def case_name(self) -> str:
        """Name of the case shown."""
        return self._case.view.name if self._case else ""

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

    def _on_closed_already(self) -> None:
        done = self._actions["slice.done"]
        if on_enter(done):
            self.answered.emit("Outline already closed; Enter again marks the slice done")
        else:
            said = tr("Outline already closed; {key} marks the slice done")
            self.answered.emit(said.format(key=to_press(done)))

    def ensure_canvas(self) -> None:
        """Make the pictures (this is where napari is imported)."""
        if self._work.canvas is None:
            from slicelab.app.canvas.linked import LinkedCanvases

            canvas = LinkedCanvases()
            canvas.stroke_finished.connect(self._on_stroke)
            canvas.slice_changed.connect(self._on_move)
            canvas.picked.connect(self._work.classes.choose)
            canvas.window_changed.connect(self.levels.set)
            canvas.hovered.connect(self._on_hover)
            canvas.refused.connect(self._on_refused)
            canvas.grew_nothing.connect(self._on_grew_nothing)
            canvas.closed_already.connect(self._on_closed_already)
            canvas.arranged.connect(self.mask.tell_seen)
            self._work.put_canvas(canvas)
            canvas.set_classes(self._classes)
            canvas.set_look(self.looks.effective)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.show_case(waiting)

    def show_project(self, classes: tuple[LabelClass, ...], marks: Marks) -> None:
        """Another project is open; what was locked and hidden in it is so again."""
        self._places.clear()
        self.hand.begin(marks.locked)
        self.looks.begin(marks.hidden)
        self._marks = marks
        self.show_classes(classes, anew=True)
        self.looks.change()

    def show_classes(self, classes: tuple[LabelClass, ...], *, anew: bool = False) -> None:
        """The project's classes; ``anew`` where it is another project."""
        self._classes = classes
        self.hand.show_classes(classes)
        self.mask.show_states(self._states, self.class_values)
        self._work.classes.show_classes(classes, anew=anew)
        self._work.label.over.show_classes(classes)
        self.hand.lock_only(frozenset(self.class_values))
        self._work.review.show_classes(classes)
        self._work.train.corrections.show_classes(classes)
        self._work.train.outlook.show_classes(classes)
        self._show_volumes()
        if self.canvas is not None:
            self.canvas.set_classes(classes)
        self._show_ticks()

    def leave_at(self, case_id: str, at: int | None) -> None:
        """Where a case was left when its project was open before; None: not known."""
        if at is not None:
            self._places[case_id] = at

    def show_case(self, case: OpenCase) -> None:
        """Show a case where it was left."""
        if self.canvas is None:
            self._waiting = case
            return
        from slicelab.app.canvas.planes import Picture

        self.levels.keep()
        if self._case is not None and self.canvas is not None:
            self._places[self._case.view.id] = self.canvas.slice
        self._case = case
        view = case.view
        self._painted = [bool(mask.any()) for mask in case.labels]
        self._volumes = case.volumes
        preset = first_choice(case.windows, view.windows.preset)
        window = case.windows[preset]
        self.levels.begin(view.id, Seen(view.image, case.windows, preset))
        picture = Picture(
            view.name, view.image, case.labels, view.geometry.spacing, view.geometry.acquisition_axis, window
        )
        last = view.image.shape[0] - 1
        at = min(self._places.get(view.id, view.image.shape[0] // 2), last)
        self.mask.begin(view.id)
        self.canvas.set_window(*window, preset)
        self._on_hover(None)
        self.canvas.show_picture(picture, at)
        self.levels.tell()
        self._work.label.show_pixel((view.spacing[1], view.spacing[2]))
        self._anchors = ()
        # Intensities of one MR volume mean nothing in another: a range does not go with one from case to case.
        self._work.label.range.show_range(*window, on=False)
        self.canvas.set_look(self.looks.effective)
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
        self._case = self._waiting = None
        self.levels.drop()
        self.mask.drop()
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
        self.levels.look_at(seen)
        self._on_hover(self._under)

    def show_thumbnail(self, case_id: str, picture: Any) -> None:
        """The small picture of a case, ``(row, column)`` uint8."""
        image = small_picture(picture.tobytes(), picture.shape[1], picture.shape[0])
        self._work.cases.show_picture(case_id, image)

    def show_states(self, case_id: str, states: tuple[dict[int, SliceState], ...]) -> None:
        """States changed."""
        if case_id != self.case_id:
            return
        self._states = states
        self.mask.show_states(states, self.class_values)
        self._show_volumes()
        self._show_ticks()

    def show_left_out(self, cases: tuple[str, ...]) -> None:
        """These cases (ids) are left out for testing: what a slice's state means in them is something else."""
        self._left_out = frozenset(cases)
        self._tell_slice()

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
        if case_id == self.case_id and self.canvas is not None:
            self.mask.show(found)

    def show_uncertainty(self, case_id: str, run: str, stack: npt.NDArray[np.uint8] | None) -> None:
        """How unsure the model in use was of the case, ``(slice, row, column)`` uint8; None where it was not kept."""
        if case_id == self.case_id:
            self.mask.show_uncertainty(run, stack)

    def show_review(self, case_id: str, review: CaseReview | None) -> None:
        """Where the model is wrong, slice by slice: along the ledger, for the class that is selected."""
        if case_id == self.case_id:
            self.mask.show_review(review)

    def go_to_worst(self, class_value: int) -> None:
        """Select a class and go to the slice with its largest error."""
        self._work.classes.choose(class_value)
        at = self.mask.worst(class_value)
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
        free = tuple(value for value in self.class_values if value not in self.hand.held.rule.kept)
        return self._here() if free else [], SliceState.UNLABELLED, free

    def mend(self, mend: Mend) -> tuple[int, Mend, float, list[int] | None, DrawRule]:
        """What to mend, how, how far, where, and what may be painted over."""
        box = self._work.label.mend
        slices = None if box.whole_case else self._here()
        return self.hand.held.value, mend, box.mm, slices, self.hand.held.rule

    def copy(self, step: int) -> tuple[int, int, DrawRule]:
        """The slice shown, the neighbour whose outlines it takes, and what may be painted over."""
        at = self.canvas.slice if self.canvas is not None else 0
        return at, at + step, self.hand.held.rule

    def gap(self) -> int | None:
        """The slice shown, if it lies in a gap to interpolate; None: every gap."""
        at = self.canvas.slice if self.canvas is not None else 0
        return at if gap_around(self._anchors, at) is not None else None

    @property
    def drafts(self) -> list[int]:
        """Slices that wait for confirmation."""
        return drafts(self._states, self.class_values)

    def accept_slice(self) -> Taken:
        """The model's mask of the slice shown; nothing where it is kept blind."""
        here = self._here()
        if self.mask.hidden.intersection(here):
            self.kept_blind.emit()
            return Taken()
        return self._taken_over(here)

    def accept_case(self) -> Taken:
        """The model's masks of every slice that is not done, but for those that are kept blind."""
        return self._taken_over(self._open_slices())

    def accept_class(self) -> Taken:
        """The labels with the selected class as the model sees it, on slices where that changes them."""
        found, case, value, rule = self.mask.found, self._case, self.hand.held.value, self.hand.held.rule
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
            found.run, found.stack, found.classes, case.labels, self._states, self.class_values, self.hand.held.rule
        )

    def _open_slices(self) -> list[int]:
        """Slices that are neither done nor kept blind."""
        return [
            at
            for at, known in enumerate(self._states)
            if overall(known, self.class_values) is not Overall.DONE and at not in self.mask.hidden
        ]

    def _taken_over(self, slices: list[int]) -> Taken:
        found, case = self.mask.found, self._case
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
            **self.hand.commands(),
            **self.looks.commands(),
            "slice.up": lambda: self._step(1),
            "slice.down": lambda: self._step(-1),
            "slice.up10": lambda: self._step(10),
            "slice.down10": lambda: self._step(-10),
            "slice.next": lambda: self._next(1),
            "slice.previous": lambda: self._next(-1),
            "view.fit": self._fit,
            "view.tiles": self._toggle_tiles,
            "view.window": self._work.window_panel.toggle,
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
        found, values = self._volumes, self.class_values
        self._work.classes.show_volumes(
            {} if found is None else {v: found.ml(v) for v in values},
            whole=all(overall(states, values) is Overall.DONE for states in self._states),
        )

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
            self._work.label.show_slice(index + 1, ticks[index], tested=self.case_id in self._left_out)
        self._show_between()
        self.mask.say_legend()
        self.mask.tell_seen()
        self.looked.emit()

    def _show_ticks(self) -> None:
        ticks = tick_states(self._states, self._painted, self.class_values)
        self._work.ledger.set_ticks(ticks)
        if self.canvas is not None:
            self.mask.show_compared()
            self.mask.say_legend()
            self._on_slice(self.canvas.slice)

    def _on_hover(self, index: tuple[int, int, int] | None) -> None:
        self._under = index
        if self._case is not None and self.canvas is not None:
            self._under_on = self.canvas.slice
            lines = () if index is None else read_out(self._case, self.levels.seen, self._classes, index)
            self.canvas.set_readout(lines)

    def _follow_mouse(self, index: int) -> None:
        """The mouse rests and the slice under it changes: what is read out is of the slice that is shown."""
        under = self._under
        if under is not None and under[0] == self._under_on != index:
            self._on_hover((index, *under[1:]))

    def take_keys(self) -> None:
        """Keys go to the picture: the button that was pressed may take none any more."""
        if self.canvas is not None and self._case is not None:
            self.canvas.focus_main()

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
            self.canvas.views.toggle_tiles()

    def _step(self, by: int) -> None:
        if self.canvas is not None:
            self.canvas.set_slice(self.canvas.slice + by)

    def _next(self, step: int) -> None:
        if self.canvas is None:
            return
        found = next_needed(self._states, self.class_values, self.canvas.slice, step)
        if found is not None:
            self.canvas.set_slice(found)

    def _keep_marks(self) -> None:
        """Locks and closed eyes are kept with the project."""
        marks = Marks(self.hand.held.rule.locked, self.looks.hidden)
        if marks != self._marks:
            self._marks = marks
            self.marks_changed.emit(marks)

    def _on_refused(self, value: int) -> None:
        name = next((item.name for item in self._classes if item.value == value), "The class")
        self.refused.emit(name)

    def forget_closing(self) -> None:
        """A command was carried out: the next Enter no longer belongs to an outline that has closed itself."""
        for canvas in (self.canvas.main, *self.canvas.side) if self.canvas is not None else ():
            canvas.outline.forget_closing()

    def _on_grew_nothing(self) -> None:
        self.answered.emit("Nothing around this place looks like it: let it differ more")

    def _learn_range(self) -> None:
        """Take the range of intensities from what is painted of the class: on this slice, or else on any."""
        case = self._case
        if case is None or self.canvas is None:
            return
        at, value = self.canvas.slice, self.hand.held.value
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

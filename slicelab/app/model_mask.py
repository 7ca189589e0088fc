"""A model's mask of the open case on the screen: drawn beside the labels, named, and not seen where it stays hidden."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.legend import OnSlice, comparable, legend
from slicelab.core.slices import Overall, overall
from slicelab.engine.correcting import blanked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from slicelab.app.canvas.linked import LinkedCanvases
    from slicelab.app.hand_keeper import HandKeeper
    from slicelab.app.look_keeper import LookKeeper
    from slicelab.app.shown_mask import ShownMask
    from slicelab.app.workspace import Workspace
    from slicelab.core.slices import States
    from slicelab.engine.reviewing import CaseReview


class ModelMask(QObject):
    """Shows what the model in use makes of the open case, and where it is wrong."""

    changed = Signal()
    seen = Signal(str, tuple, str)
    uncertainty_wanted = Signal(str, str)

    def __init__(self, work: Workspace, looks: LookKeeper, hand: HandKeeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._looks = looks
        self._hand = hand
        self._case: str | None = None
        self._states: Sequence[States] = ()
        self._values: tuple[int, ...] = ()
        self._found: ShownMask | None = None
        self._hidden: frozenset[int] = frozenset()
        self._told: set[int] = set()
        self._uncertainty: npt.NDArray[np.uint8] | None = None
        self._review: CaseReview | None = None
        looks.drawn_changed.connect(self._want_uncertainty)
        looks.applied.connect(self.say_legend)
        looks.applied.connect(self.tell_seen)
        hand.value_changed.connect(self.show_compared)
        hand.value_changed.connect(self.say_legend)
        hand.class_chosen.connect(self._show_dice)

    # -- what is so ---------------------------------------------------------------------------------------------

    @property
    def found(self) -> ShownMask | None:
        """What is shown of a network."""
        return self._found

    @property
    def hidden(self) -> frozenset[int]:
        """Slices on which no model's mask may be shown."""
        return self._hidden

    @property
    def acceptable(self) -> bool:
        """Whether it may be accepted."""
        return self._found is not None and self._found.final

    def comparable(self, known_to: frozenset[int] | None) -> list[bool]:
        """Slices where something is known of the selected class, if a model that knows ``known_to`` knows it at all."""
        return comparable(self._states, self._hand.held.value, known_to, self._hidden)

    # -- what is shown ------------------------------------------------------------------------------------------

    def begin(self, case_id: str) -> None:
        """Another case is shown, of which no mask is there yet."""
        self._forget()
        self._case = case_id
        self._looks.forget_choice()

    def drop(self) -> None:
        """No case is shown."""
        self._forget()
        self._looks.forget_choice()

    def show(self, found: ShownMask | None) -> None:
        """What a network makes of the case; drawn beside the labels, never into them, and not where it stays hidden."""
        before, self._found = self._found, found
        if found is None or before is None or found.run != before.run:
            self._told.clear()
        self._hidden = found.hidden if found is not None else frozenset()
        self._uncertainty = None
        self._put()
        self.changed.emit()
        if (found is None) is not (before is None):
            self._looks.allow_prediction(found is not None)
        self._want_uncertainty()
        self._looks.apply()

    def show_uncertainty(self, run: str, stack: npt.NDArray[np.uint8] | None) -> None:
        """How unsure a model was of the case, ``(slice, row, column)`` uint8; None where it was not kept."""
        if self._found is not None and run == self._found.run:
            self._uncertainty = stack
            self._put()

    def show_review(self, review: CaseReview | None) -> None:
        """Where the model is wrong, slice by slice: along the ledger, for the class that is selected."""
        self._review = review
        self._show_dice()

    def worst(self, class_value: int) -> int | None:
        """The slice with its largest error of a class, from 0; None where that is not known."""
        return self._review.worst(class_value) if self._review is not None else None

    def show_states(self, states: Sequence[States], class_values: tuple[int, ...]) -> None:
        """What is known of the slices: those that were kept blind are shown once they are done."""
        self._states, self._values = states, class_values
        done = Overall.DONE
        shown = frozenset(at for at in self._hidden if overall(states[at], class_values) is done)
        if shown:
            self._hidden -= shown
            self._put()
            self.tell_seen()

    def show_compared(self) -> None:
        """Mark only where something is known what differs."""
        if self._canvas is not None:
            self._canvas.set_compared(self.comparable(None if self._found is None else self._found.classes))

    def say_legend(self) -> None:
        """Name the mask on the slice that is shown."""
        canvas, found = self._canvas, self._found
        if canvas is None or found is None:
            return
        at = canvas.slice
        here = OnSlice(
            self._states[at] if at < len(self._states) else None,
            self._values,
            self._hand.item,
            at in self._hidden,
            self._uncertainty is not None,
            not found.stack[at].any(),
        )
        canvas.say_of_prediction(*legend(found, self._looks.drawn, here))

    def tell_seen(self) -> None:
        """Say on which slices the model's mask is in sight: the one shown, and those the other planes cut through."""
        if self._found is None or self._case is None or self._canvas is None or not self._looks.effective.prediction:
            return
        there = range(len(self._states)) if self._canvas.views.cuts_shown else (self._canvas.slice,)
        new = set(there) - self._hidden - self._told
        if new:
            self._told |= new
            self.seen.emit(self._case, tuple(sorted(new)), self._found.run)

    # -- inside -------------------------------------------------------------------------------------------------

    @property
    def _canvas(self) -> LinkedCanvases | None:
        return self._work.canvas

    def _forget(self) -> None:
        self._case = self._found = self._review = self._uncertainty = None
        self._hidden, self._told = frozenset(), set()
        self._states = ()
        self._work.ledger.show_dice(None)

    def _put(self) -> None:
        """Draw the prediction where it may be seen, and its difference from what the person has said of a slice."""
        if self._canvas is None:
            return
        found, unsure = self._found, self._uncertainty
        self._canvas.set_prediction(None if found is None else blanked(found.stack, self._hidden))
        self._canvas.set_uncertainty(None if unsure is None else blanked(unsure, self._hidden))
        self.say_legend()

    def _want_uncertainty(self) -> None:
        found = self._found
        if self._looks.drawn == "uncertainty" and self._uncertainty is None and found is not None and self._case:
            self.uncertainty_wanted.emit(self._case, found.run)

    def _show_dice(self) -> None:
        """Dice of the selected class along the ledger."""
        review, item = self._review, self._hand.item
        found = review.overlaps.get(item.value, {}) if review is not None and item is not None else {}
        if item is None or not found:
            self._work.ledger.show_dice(None)
            return
        dice = {at: one.dice for at, one in found.items() if not math.isnan(one.dice)}
        self._work.ledger.show_dice(dice, item.name, item.colour)

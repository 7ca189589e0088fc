"""From slice to slice, and cleaning up: buttons of actions, with the one number they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from slicelab.app.language import say
from slicelab.app.number_box import NumberBox
from slicelab.app.widgets import Segmented, action_button, column, row, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.core.drawing.between import Gap


class BetweenBox(QWidget):
    """Interpolate and copy; says which slices that concerns."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        copies = row(*(action_button(actions[f"slice.copy_{side}"], follow_words=True) for side in ("below", "above")))
        self.setLayout(
            column(
                text("Between slices", "title"),
                action_button(actions["slice.interpolate"], follow_words=True),
                copies,
                text("The result stays a draft until you mark it done.", "caption", wrap=True),
            )
        )

    def show_slice(self, at: int | None, count: int, gap: Gap | None, gaps: int) -> None:
        """Where one is: the slice (from 0), of how many, in which gap, and how many gaps the case has."""
        words = {
            "slice.interpolate": "Interpolate all gaps" if gaps else "Interpolate",
            "slice.copy_below": "Copy below",
            "slice.copy_above": "Copy above",
        }
        if gap is not None:
            words["slice.interpolate"] = f"Interpolate slices {gap.lower + 2} to {gap.upper}"
            if gap.upper - gap.lower == 2:
                words["slice.interpolate"] = f"Interpolate slice {gap.upper}"
        if at is not None and at > 0:
            words["slice.copy_below"] = f"Copy slice {at}"
        if at is not None and at + 1 < count:
            words["slice.copy_above"] = f"Copy slice {at + 2}"
        for name, said in words.items():
            self._actions[name].setText(say(said))
        # Where nothing is between two outlines here, both mean every gap: one of them is enough, unless it has a key.
        every = self._actions["case.interpolate"]
        every.setVisible(gap is not None or not gaps or bool(every.shortcuts()))


class MendBox(QWidget):
    """Smooth, fill, remove, grow, shrink; on this slice or on all. The menu says of each what it would do."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.whole_case = False
        self._of = text("", "secondary")
        self.scope = Segmented(
            (
                ("slice", "This slice", "Changes the slice shown"),
                (
                    "case",
                    "All slices",
                    "Changes every slice that has the class; done slices that change are drafts again",
                ),
            )
        )
        self.scope.choose("slice")
        self.scope.chosen.connect(self._choose)
        self._mm = NumberBox()
        self._mm.setRange(0.1, 30.0)
        self._mm.setDecimals(1)
        self._mm.setSingleStep(0.5)
        self._mm.setSuffix(" mm")
        self._mm.setAccessibleName(say("How far to smooth, grow or shrink, mm"))
        self._mm.setToolTip(say("How far to smooth, grow or shrink. Less than a voxel changes nothing."))
        self._mm.setKeyboardTracking(False)
        self._mm.valueChanged.connect(self._on_mm)
        self._chosen: float | None = None
        """What a person chose; a case of larger voxels goes beyond it, and the next one comes back to it."""
        self._raises = False
        pieces = row(
            action_button(actions["mend.smooth"], words="Smooth"),
            action_button(actions["mend.holes"], words="Fill holes"),
            action_button(actions["mend.islands"], words="Islands"),
            gap=6,
        )
        sizes = row(
            action_button(actions["mend.shrink"], words="Shrink"),
            action_button(actions["mend.grow"], words="Grow"),
            text("by", "secondary"),
            self._mm,
            gap=6,
        )
        sizes.setStretch(3, 1)
        self.setLayout(column(row(text("Clean up", "title"), None, self._of), self.scope, pieces, sizes))

    @property
    def mm(self) -> float:
        """How far to smooth, grow or shrink."""
        return self._mm.value()

    def show_class(self, name: str) -> None:
        """The class that is mended."""
        self._of.setText(name)
        self._name()

    def show_pixel(self, pixel: tuple[float, float]) -> None:
        """Voxel size along (row, column), mm: a step that is smaller would do nothing."""
        least = max(1.0, -(-max(pixel) * 10 // 1) / 10)
        self._raises = True
        self._mm.setValue(least if self._chosen is None or self._chosen < max(pixel) else self._chosen)
        self._raises = False

    def _on_mm(self, mm: float) -> None:
        if not self._raises:
            self._chosen = mm
        self._name()

    def _choose(self, key: str) -> None:
        self.whole_case = key == "case"
        self._name()

    def _name(self) -> None:
        """Name the actions by class, distance and slices, so that the menu hides nothing."""
        where = "all slices" if self.whole_case else "this slice"
        name, mm = self._of.text(), f"{self.mm:.1f} mm"
        for action, words in (
            ("mend.smooth", f"Smooth {name} by {mm}"),
            ("mend.holes", f"Fill holes of {name}"),
            ("mend.islands", f"Remove islands of {name}"),
            ("mend.grow", f"Grow {name} by {mm}"),
            ("mend.shrink", f"Shrink {name} by {mm}"),
        ):
            self._actions[action].setText(say(f"{words}, {where}"))

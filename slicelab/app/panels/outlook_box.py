"""What the next training would learn of each class, and whether patients are kept apart: the leak audit in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.widgets import column, set_tone, text

if TYPE_CHECKING:
    from slicelab.core.labels import LabelClass
    from slicelab.engine.outlook import Outlook


class OutlookBox(QWidget):
    """Shows an outlook; it decides nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[LabelClass, ...] = ()
        self._outlook: Outlook | None = None
        self._shown = text("", "secondary", wrap=True)
        self._audit = text("", "secondary", wrap=True)
        self._audit.setToolTip(
            tr(
                "Leak audit: no patient may be learned from and tested on, pretraining included. Cases of one patient "
                "count as one."
            )
        )
        self.setLayout(column(self._shown, self._audit, gap=4))
        self.show_outlook(None)

    @property
    def words(self) -> str:
        """What is said."""
        return " ".join(label.text() for label in (self._shown, self._audit) if not label.isHidden())

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """The project's classes."""
        self._classes = classes
        self._show()

    def show_outlook(self, outlook: Outlook | None) -> None:
        """Show what is ahead; None where nothing is known."""
        self._outlook = outlook
        self._show()

    def _show(self) -> None:
        outlook = self._outlook
        known = () if outlook is None else tuple(one for one in self._classes if one.value in outlook.shown)
        learns = outlook is not None and any(outlook.shown.values())
        self._shown.setVisible(learns)
        self._audit.setVisible(outlook is not None and (learns or outlook.tests > 0))
        if outlook is None:
            return
        listed = ", ".join(f"{one.name} {outlook.shown[one.value] or tr('none')}" for one in known)
        self._shown.setText(tr("Slices that show each class: {classes}").format(classes=listed))
        said, tone = audited(outlook)
        self._audit.setText(said)
        set_tone(self._audit, tone)


def audited(outlook: Outlook) -> tuple[str, str]:
    """The leak audit in a sentence, with its tone."""
    if not outlook.tests:
        return tr(
            "No labelled patient is left out for testing, so this training has no test cases of its own. Pretrain has "
            "the list to leave some out, best before it learns from all."
        ), ""
    patients = say(words.plural(outlook.tests, "patient"))
    if outlook.met:
        return tr("Leak: labels of {met} of {patients} kept for testing were learned from before.").format(
            met=outlook.met, patients=patients
        ), "warn"
    if outlook.in_pool:
        return tr(
            "Leak: the pretraining saw images, without labels, of {seen} of {patients} kept for testing. Dice on them "
            "may be too high."
        ).format(seen=outlook.in_pool, patients=patients), "warn"
    return tr("Checked: nothing is learned from {patients} kept for testing, pretraining included.").format(
        patients=patients
    ), "ok"

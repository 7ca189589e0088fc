"""What becomes of masks that were brought in among images: asked once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QMessageBox

from slicelab.app.language import tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from slicelab.engine.stray_masks import StrayMask

Fate = Literal["labels", "cases", "nothing"]
_LISTED = 8


def about_mask() -> str:
    """What taking a file as a mask does."""
    return tr(
        "As a mask, it replaces the labels of the classes it holds, and the slices become done for them. If it "
        "does not hold every class, you are told which first. One undo takes it back."
    )


def ask_masks(masks: Sequence[StrayMask], parent: QWidget) -> Fate:
    """Ask whether files that look like masks are labels of their cases, cases of their own, or left out."""
    asked = QMessageBox(QMessageBox.Icon.NoIcon, "slicelab", "", parent=parent)
    whose = [mask for mask in masks if mask.case_id]
    first, alone = masks[0], len(masks) == 1
    if alone and whose:
        asked.setText(tr("Is this file a mask of {name}?").format(name=first.case))
    else:
        asked.setText(tr("Are these masks?") if len(masks) > 1 else tr("Is this a mask?"))
    lines = [f"{mask.path.name} → {mask.case}" if mask.case and not alone else mask.path.name for mask in masks]
    more = tr("and {count} more").format(count=len(lines) - _LISTED) if len(lines) > _LISTED else ""
    parts = ["\n".join([*lines[:_LISTED], *([more] if more else [])])]
    if whose:
        parts.append(about_mask())
    if len(whose) < len(masks):
        parts.append(tr("Where several cases lie on the same voxels, drop the mask on the case it belongs to."))
    asked.setInformativeText("\n\n".join(parts))
    take = None
    if whose:
        words = tr("Take as mask") if len(whose) == 1 else tr("Take as masks")
        take = asked.addButton(words, QMessageBox.ButtonRole.AcceptRole)
        asked.setDefaultButton(take)
    words = tr("Add as new case") if alone else tr("Add as new cases")
    cases = asked.addButton(words, QMessageBox.ButtonRole.ActionRole)
    leave = asked.addButton(tr("Leave out"), QMessageBox.ButtonRole.RejectRole)
    if not whose:
        asked.setDefaultButton(leave)
    asked.exec()
    chosen = asked.clickedButton()
    return "labels" if take is not None and chosen is take else "cases" if chosen is cases else "nothing"

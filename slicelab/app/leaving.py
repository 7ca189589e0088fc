"""What becomes of a running job when its window, or its project, is closed: asked, unless the person said so before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QCheckBox, QMessageBox

from slicelab.app.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

Leaving = Literal["ask", "go_on", "stop"]
LEAVING: dict[Leaving, str] = {
    "ask": "Ask each time",
    "go_on": "The job goes on",
    "stop": "The job is stopped",
}
"""What to do with a running job on closing, and how it is said in the settings."""


def ask_leaving(said: str, parent: QWidget) -> tuple[Leaving | None, bool]:
    """Ask about a job that runs, of which is ``said`` such as "Training is still running".

    Returns:
        What to do with it, None to stay; and whether to do the same without asking from now on.

    """
    asked = QMessageBox(QMessageBox.Icon.NoIcon, "slicelab", "", parent=parent)
    asked.setText(f"{said}.")
    asked.setInformativeText(
        tr(
            "Everything you painted is saved. If the job goes on, open the project again to see what came of it. If it "
            "is stopped, what it learned so far is kept, and Continue goes on from there."
        )
    )
    go_on = asked.addButton(tr("Close and let it go on"), QMessageBox.ButtonRole.AcceptRole)
    stop = asked.addButton(tr("Stop the job and close"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = asked.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    asked.setDefaultButton(cancel)
    asked.setEscapeButton(cancel)
    always = QCheckBox(tr("Do the same every time"))
    asked.setCheckBox(always)
    asked.exec()
    chosen = asked.clickedButton()
    found: Leaving | None = "go_on" if chosen is go_on else "stop" if chosen is stop else None
    asked.deleteLater()
    return found, always.isChecked() and found is not None

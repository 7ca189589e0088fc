"""What the command to hold a job still is called: it is answered at once, and a job that holds still is continued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app.icons import icon
from slicelab.app.language import tr

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.status import JobStatus


def show_pause(theme: Theme, actions: ActionSet, status: JobStatus) -> None:
    """Call the command what it would do, or what is about to happen.

    While a job holds still there is one command to continue it: the other of that name, for jobs that ended early,
    has nothing to do then and is not shown.
    """
    paused, asked = status.state == "paused", status.asked == "pause"
    action = actions["job.pause"]
    action.setText(tr("Pausing …") if asked else tr("Continue") if paused else tr("Pause"))
    action.setIcon(icon(theme, "play" if paused else "pause"))
    actions["job.continue"].setVisible(not paused)

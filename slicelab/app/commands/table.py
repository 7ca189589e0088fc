"""Every command of the window. Order is the order in menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app.commands.case import CASE
from slicelab.app.commands.edit import EDIT
from slicelab.app.commands.help import HELP
from slicelab.app.commands.job import JOB
from slicelab.app.commands.project import PROJECT
from slicelab.app.commands.view import VIEW

if TYPE_CHECKING:
    from slicelab.app.commands.spec import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (*PROJECT, *EDIT, *VIEW, *CASE, *JOB, *HELP)

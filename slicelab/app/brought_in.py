"""What an import leaves to be said beside the picture: which files were not added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app import words
from slicelab.app.language import tr
from slicelab.app.notice import Message, Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.engine.importing import ImportReport

_NAMED, _EXPLAINED = 4, 2


def not_added(report: ImportReport, show_why: Callable[[], object]) -> Message | None:
    """The files that were not added, by name, and which cases came with labels; it stays until it is closed.

    None where all were added.

    Args:
        report: what the import did.
        show_why: brings the whole list, with the reasons, in front.

    """
    refused = report.refused
    if not refused:
        return None
    names = ", ".join(one.name for one in refused[:_NAMED])
    if len(refused) > _NAMED:
        names = f"{names}, {tr('and {count} more').format(count=len(refused) - _NAMED)}"
    if len(refused) <= _EXPLAINED:
        why = " ".join(f"{one.name}: {one.message} {one.remedy}".strip() for one in refused)
    else:
        why = tr("The Data tab says why.")
    if report.labelled:
        why = f"{why} {words.came_with_labels(report)}"
    return Message(tr("Not added: {names}").format(names=names), why, offer=Offer("Show in Data", show_why), stays=True)

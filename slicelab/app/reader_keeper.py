"""Who labels: the reader the project is open for, who else there is, and how far two of them agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app import words
from slicelab.app.desks.parting import let_go
from slicelab.app.desks.reader_desk import ReaderDesk
from slicelab.app.language import tr
from slicelab.app.notice import Message, Offer
from slicelab.app.readers_dialog import ReadersDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.tasks import Tasks
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace
    from slicelab.engine.people import Hand, ReaderWork, TwoReaders
    from slicelab.engine.session import Session


class ReaderKeeper(QObject):
    """Connects the dialog of readers and the row of slices to the session."""

    reader_wanted = Signal(str)
    said = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Workspace, screen: CaseScreen, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._screen = screen
        self._theme = theme
        self._desk: ReaderDesk | None = None
        self._dialog: ReadersDialog | None = None

    @property
    def dialog(self) -> ReadersDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def open(self, session: Session, tasks: Tasks, mine: str, *, chosen: bool) -> None:
        """Another project is open; ``mine`` is the person's name, ``chosen`` whether they said whom to label as."""
        self._desk = desk = ReaderDesk(session, tasks, self)
        desk.listed.connect(self._on_listed)
        desk.hands_known.connect(self._on_hands)
        desk.compared.connect(self._on_compared)
        desk.seen.connect(self._on_seen)
        desk.there.connect(self.reader_wanted)
        desk.failed.connect(self._on_failed)
        whose, several = session.readers.mine, len(session.readers.names()) > 1
        if chosen or mine == whose or session.read_only:
            return
        if mine and not session.readers.unsigned:
            self.said.emit(
                Message(
                    tr("This project is open for {a}, and your name is {b}.").format(a=whose, b=mine),
                    remedy="What you paint is noted as theirs, unless you label as yourself.",
                    offer=Offer(tr("Label as {a}").format(a=mine), lambda: self._want(mine)),
                    topic="reader",
                )
            )
        elif several:
            self.said.emit(
                Message(
                    tr("Several readers label this project. It is open for {a}.").format(a=whose),
                    remedy="What you paint is noted as theirs, unless you label as yourself.",
                    offer=Offer("Readers …", self._show),
                    topic="reader",
                )
            )

    def close(self) -> None:
        """No project is open."""
        let_go(self._desk)
        self._desk = None
        if self._dialog is not None:
            self._dialog.close()

    def refresh(self) -> None:
        """Another case is open, or labels are others."""
        if self._desk is not None:
            self._desk.refresh(self._screen.case_id, listing=self._dialog is not None)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on readers."""
        return {"project.readers": self._show}

    # -- inside -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self._dialog is None:
            self._dialog = dialog = ReadersDialog(self._theme, self._work.window())
            dialog.reader_wanted.connect(self._want)
            dialog.pair_chosen.connect(lambda *_pair: self._compare())
            dialog.drawing_changed.connect(self._draw)
            dialog.slice_wanted.connect(self._screen.go_to)
            dialog.finished.connect(self._on_dialog_closed)
        self._dialog.show()
        self._dialog.activateWindow()
        self.refresh()

    def _on_dialog_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
            self._draw()

    def _want(self, name: str) -> None:
        if self._desk is not None:
            self._desk.have(name)

    def _compare(self) -> None:
        case, dialog = self._screen.case_id, self._dialog
        if self._desk is None or dialog is None:
            return
        if case is None or dialog.pair is None:
            dialog.show_agreement("", None, self._screen.classes)
        else:
            self._desk.compare(case, *dialog.pair)

    @property
    def _drawn(self) -> tuple[str, str] | None:
        """The case, and the reader whose outlines are wanted in its picture."""
        case, whom = self._screen.case_id, self._dialog.drawn if self._dialog is not None else None
        return (case, whom) if case is not None and whom is not None else None

    def _draw(self) -> None:
        if self._desk is not None and self._drawn is not None:
            self._desk.want_seen(*self._drawn)
        elif self._screen.canvas is not None:
            self._screen.canvas.set_other(None)

    def _on_seen(self, case_id: str, name: str, stack: npt.NDArray[np.uint8]) -> None:
        if (case_id, name) == self._drawn and self._screen.canvas is not None:
            self._screen.canvas.set_other(stack)

    def _on_listed(self, work: tuple[ReaderWork, ...]) -> None:
        if self._dialog is not None:
            self._dialog.show_work(work)
            self._compare()
            self._draw()

    def _on_hands(self, case_id: str, hands: dict[int, tuple[Hand, ...]]) -> None:
        if case_id == self._screen.case_id:
            self._work.ledger.show_hands({at: words.hands(found) for at, found in hands.items()})

    def _on_compared(self, case_id: str, found: TwoReaders) -> None:
        dialog = self._dialog
        if dialog is not None and case_id == self._screen.case_id and dialog.pair == (found.one, found.other):
            dialog.show_agreement(self._screen.case_name, found, self._screen.classes)

    def _on_failed(self, error: BaseException) -> None:
        if self._dialog is not None:
            self._dialog.show_error(error)
        else:
            self.failed.emit(error)

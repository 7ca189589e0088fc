"""The further sequences of the open case on the screen: flipped to, blended over the labelled image, added, removed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from slicelab.app.actions import shown_keys
from slicelab.app.desks.parting import let_go
from slicelab.app.desks.sequence_desk import SequenceDesk
from slicelab.app.language import tr
from slicelab.app.notice import ONE_CASE, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.actions import ActionSet
    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.seen import Seen
    from slicelab.app.tasks import Tasks
    from slicelab.app.workspace import Workspace
    from slicelab.engine.sequences import SequenceItem
    from slicelab.engine.session import Session

_FILE_KINDS = "MR images (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)"
_SEEN = 0.5


class SequenceKeeper(QObject):
    """Connects bar, picture and session."""

    project_changed = Signal()
    possible_changed = Signal()
    removal_wanted = Signal(str)
    looked_at = Signal(str, object, bool)
    volume_wanted = Signal(str, object, object)
    said = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Workspace, actions: ActionSet, screen: CaseScreen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._flip_action = actions["sequence.flip"]
        self._screen = screen
        self._desk: SequenceDesk | None = None
        self._case: str | None = None
        self._items: tuple[SequenceItem, ...] = ()
        self._current: int | None = None
        self._first: Seen | None = None
        self._loaded: Seen | None = None
        self._share = 0.0
        self._shares: dict[str, float] = {}
        self._wanted: int | None = None
        work.sequences.chosen.connect(self._choose)
        work.sequences.share_changed.connect(self._set_share)
        screen.levels.sequence_kept.connect(lambda *kept: self._on(lambda desk: desk.keep_window(*kept)))
        screen.levels.sequence_preset_kept.connect(lambda *kept: self._on(lambda desk: desk.keep_preset(*kept)))

    def open(self, session: Session, tasks: Tasks) -> None:
        """Another project is open."""
        self._desk = desk = SequenceDesk(session, tasks, self)
        desk.listed.connect(self._on_listed)
        desk.loaded.connect(self._on_loaded)
        desk.added.connect(self._on_added)
        desk.looked_at.connect(self.looked_at)
        desk.volume_wanted.connect(self.volume_wanted)
        desk.failed.connect(self.failed)

    def close(self) -> None:
        """No project is open."""
        let_go(self._desk)
        self._desk = self._case = None
        self._shares.clear()
        self._forget()

    @property
    def there(self) -> bool:
        """Whether the open case has a further sequence."""
        return bool(self._items)

    def show_case(self, case_id: str | None) -> None:
        """Another case is open, labelled image first."""
        self._case = case_id
        self._forget()
        self.refresh()

    def refresh(self) -> None:
        """The case's sequences may be others now."""
        case = self._case
        if case is not None:
            self._on(lambda desk: desk.list_of(case))

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on sequences."""
        return {
            "sequence.flip": self._flip,
            "sequence.next": self._next,
            "sequence.add": self._ask,
            "sequence.remove": lambda: self.removal_wanted.emit(str(self._current)),
        }

    def look_at(self, case_id: str, path: Path) -> None:
        """A file or folder was dropped on a case: tell what it probably is."""
        self._work.strip.say(tr("Looking at the file …"))
        self._on(lambda desk: desk.look_at(case_id, path))

    def add(self, case_id: str, path: Path, volume: int | None = None) -> None:
        """Take a file, or one of its volumes (from 0), as a further sequence of a case."""
        self._work.strip.say(tr("Reading the sequence …"))
        self._wanted = None
        self._on(lambda desk: desk.add(case_id, path, volume))

    # -- inside -------------------------------------------------------------------------------------------------

    def _on(self, call: Callable[[SequenceDesk], object]) -> None:
        if self._desk is not None:
            call(self._desk)

    def _forget(self) -> None:
        self._items, self._current, self._share = (), None, 0.0
        self._first = self._loaded = None
        self._work.sequences.show_sequences((), None)
        self.possible_changed.emit()

    def _on_listed(self, case_id: str, items: tuple[SequenceItem, ...]) -> None:
        if case_id != self._case:
            return
        self._items = items
        ids = [item.id for item in items]
        if self._current not in ids:
            self._leave()
            self._current = ids[0] if ids else None
        if self._wanted in ids:
            self._leave()
            self._current, self._wanted = self._wanted, None
        self._work.sequences.show_sequences(items, self._current)
        self._work.sequences.show_share(self._share)
        self.possible_changed.emit()
        if self._loaded is None:
            self._load()

    def _load(self) -> None:
        item = next((one for one in self._items if one.id == self._current), None)
        case = self._case
        if item is not None and case is not None:
            self._on(lambda desk: desk.load(case, item))

    def _on_loaded(self, case_id: str, seen: Seen) -> None:
        canvas = self._work.canvas
        if case_id != self._case or seen.sequence != self._current or canvas is None:
            return
        from slicelab.app.canvas.second import Second

        self._loaded = seen
        window = seen.windows[seen.preset]
        canvas.show_second(Second(seen.name, tr("Labelled image"), seen.image, window, self._share))
        canvas.set_second_window(*window, seen.preset)
        self._show()

    def _leave(self) -> None:
        """Look at the labelled image alone; the sequence is another, or gone."""
        self._look_at_first()
        self._loaded = None
        self._share = 0.0
        if self._work.canvas is not None:
            self._work.canvas.show_second(None)

    def _look_at_first(self) -> None:
        if self._first is not None and self._screen.levels.seen is not self._first:
            self._screen.look_at(self._first)

    def _set_share(self, share: float) -> None:
        self._share = share
        self._show()

    def _show(self) -> None:
        """Bring picture, bar and what is read out to the share there is."""
        self._work.sequences.show_share(self._share)
        canvas, loaded = self._work.canvas, self._loaded
        if canvas is None or loaded is None or canvas.second is None:
            return
        canvas.second.share = self._share
        canvas.tune_second()
        seen = self._screen.levels.seen
        if seen is not None and seen.sequence is None:
            self._first = seen
        wanted = loaded if self._share >= _SEEN else self._first
        if wanted is not None and seen is not wanted:
            self._screen.look_at(wanted)

    def _flip(self) -> None:
        self._set_share(0.0 if self._share >= _SEEN else 1.0)

    def _choose(self, sequence: int) -> None:
        if sequence != self._current:
            share = self._share
            self._leave()
            self._current, self._share = sequence, share
            self._load()
        if not self._share:
            self._set_share(1.0)

    def _next(self) -> None:
        ids = [item.id for item in self._items]
        if self._current in ids:
            following = ids[(ids.index(self._current) + 1) % len(ids)]
            self._work.sequences.show_sequences(self._items, following)
            self._choose(following)

    def _ask(self) -> None:
        case = self._case
        if case is None:
            return
        title = tr("Add another sequence to this case")
        chosen, _ = QFileDialog.getOpenFileName(self._work.window(), title, "", tr(_FILE_KINDS))
        if chosen:
            self.add(case, Path(chosen))

    def _on_added(self, case_id: str, item: SequenceItem) -> None:
        """Show it at once where its case is open."""
        self._work.strip.say("")
        if case_id == self._case:
            self._wanted = item.id
        flip = shown_keys(self._flip_action).strip()
        self.said.emit(
            Message(
                tr("{name} was added as a further sequence.").format(name=item.name),
                " ".join(item.notes),
                tr("Press {key} to flip between it and the labelled image.").format(key=flip) if flip else "",
                "ok",
                topic=ONE_CASE,
            )
        )
        self.project_changed.emit()

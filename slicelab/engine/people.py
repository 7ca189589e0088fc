"""Who labels in a project: what each reader has done, who labelled a slice, and how far two of them agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.agreement import Agreement, agreement
from slicelab.core.labels import SliceState
from slicelab.core.slices import Overall, overall, state_of
from slicelab.data.store.create import DEFAULT_READER
from slicelab.engine.names import find_reader
from slicelab.engine.permission import require_write

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.core.labels import Origin
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import ReaderRecord


@dataclass(frozen=True)
class ReaderWork:
    """What a reader has done in a project; removed cases are left out.

    Attributes:
        name: of the reader.
        mine: whether the project is open in this reader's name.
        cases: in how many cases something is labelled.
        done: slices confirmed for every class, or for those that were asked for then.
        drafts: slices that wait for confirmation.
        seconds: spent on labelling, pauses left out.

    """

    name: str
    mine: bool
    cases: int
    done: int
    drafts: int
    seconds: float


@dataclass(frozen=True)
class Hand:
    """One reader's label of a slice.

    Attributes:
        name: of the reader.
        state: over all classes.
        origin: how the mask came about.
        at: seconds since 1970 when it was changed last.

    """

    name: str
    state: Overall
    origin: Origin
    at: float


@dataclass(frozen=True, eq=False)
class TwoReaders:
    """How far two readers agree on a case; neither of them is the truth.

    Attributes:
        one: name of the one.
        other: name of the other.
        agreement: of each class on the slices that both have done for it; other slices count as empty.
        slices: class value to how many slices both have done for it.

    """

    one: str
    other: str
    agreement: Agreement
    slices: dict[int, int]


class Readers:
    """The readers of an open project.

    Args:
        store: the open project.
        mine: the reader in whose name it is open.

    """

    def __init__(self, store: ProjectStore, mine: ReaderRecord) -> None:
        self._store = store
        self._mine = mine.id

    @property
    def mine(self) -> str:
        """Name of the reader in whose name the project is open, as it is now: it may have been signed since."""
        return next(one.name for one in self._store.readers() if one.id == self._mine)

    @property
    def unsigned(self) -> bool:
        """Whether the project will be signed: nobody else labels, and the reader has the name it was made with."""
        return self.names() == (DEFAULT_READER,)

    def names(self) -> tuple[str, ...]:
        """All readers, the first one of the project first."""
        return tuple(one.name for one in self._store.readers())

    def add(self, name: str) -> str:
        """A further reader, whose labels are apart from everybody else's; the name as it is kept.

        Raises:
            SlicelabError: the name is empty or taken.
            ReadOnlyProjectError: the project is open for reading only.

        """
        require_write(self._store)
        return self._store.add_reader(name).result().name

    def work(self) -> tuple[ReaderWork, ...]:
        """What each reader has done."""
        values = tuple(one.value for one in self._store.classes())
        cases = {case.id for case in self._store.cases()}
        found = []
        for reader in self._store.readers():
            ledger = self._store.ledger(reader.id)
            states = [overall(known, values) for slices in ledger.values() for known in slices.values()]
            seconds = self._store.labelling_seconds(reader.id)
            found.append(
                ReaderWork(
                    reader.name,
                    reader.id == self._mine,
                    sum(
                        any(overall(known, values) is not Overall.UNLABELLED for known in slices.values())
                        for slices in ledger.values()
                    ),
                    sum(state in (Overall.DONE, Overall.PARTLY) for state in states),
                    states.count(Overall.DRAFT),
                    sum(spent for case, spent in seconds.items() if case in cases),
                )
            )
        return tuple(found)

    def hands(self, case_id: str) -> dict[int, tuple[Hand, ...]]:
        """Who labelled each slice of a case; slices nobody labelled are not in it."""
        values = tuple(one.value for one in self._store.classes())
        found: dict[int, tuple[Hand, ...]] = {}
        for reader in self._store.readers():
            for label in self._store.slice_labels(case_id, reader.id):
                state = overall(label.states, values)
                if state is not Overall.UNLABELLED:
                    hand = Hand(reader.name, state, label.origin, label.updated)
                    found[label.slice] = (*found.get(label.slice, ()), hand)
        return found

    def compare(self, case_id: str, one: str, other: str) -> TwoReaders:
        """How far two readers agree on a case, on the slices that both have done.

        Raises:
            UnknownNameError: there is no such case or reader.

        """
        sheets = [self._sheet(case_id, self._id_of(name)) for name in (one, other)]
        voxels, slices = [], {}
        values = tuple(c.value for c in self._store.classes())
        for value in values:
            both = sheets[0].done(value) & sheets[1].done(value)
            slices[value] = len(both)
            without = set(range(len(sheets[0].masks))) - both
            voxels.append(agreement(sheets[0].masks, sheets[1].masks, (value,), without).voxels[0])
        return TwoReaders(one, other, Agreement(values, np.stack(voxels)), slices)

    def seen_of(self, case_id: str, name: str) -> npt.NDArray[np.uint8]:
        """What may be seen of another reader's labels, ``(slice, row, column)`` uint8.

        Of each class only on slices that they and the reader whom the project is open for have both done: who sees
        another's outline before has no opinion of their own any more.

        Raises:
            UnknownNameError: there is no such case or reader.

        """
        theirs, own = self._sheet(case_id, self._id_of(name)), self._sheet(case_id, self._mine)
        seen = np.zeros_like(theirs.masks)
        for value in (c.value for c in self._store.classes()):
            for at in theirs.done(value) & own.done(value):
                seen[at][theirs.masks[at] == value] = value
        return seen

    def _id_of(self, name: str) -> int:
        return find_reader(name, self._store.readers()).id

    def _sheet(self, case_id: str, reader_id: int) -> _Sheet:
        masks = np.zeros(self._store.images(case_id)[0].geometry.stack_shape, np.uint8)
        states: dict[int, dict[int, SliceState]] = {}
        for label in self._store.slice_labels(case_id, reader_id):
            masks[label.slice] = label.mask
            states[label.slice] = dict(label.states)
        return _Sheet(masks, states)


@dataclass(frozen=True, eq=False)
class _Sheet:
    """One reader's labels of a case, ``(slice, row, column)`` uint8, and the states of its slices."""

    masks: npt.NDArray[np.uint8]
    states: dict[int, dict[int, SliceState]]

    def done(self, value: int) -> set[int]:
        return {at for at, known in self.states.items() if state_of(known, value) is SliceState.DONE}

"""What is to run next: a prediction after each training, the few jobs that wait, training again after a finished case.

Kept among the project's settings, so that what waits is still known when the project is opened again. Nothing is
started here: whoever follows the jobs asks what is next once one has finished.
"""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, TypeAdapter

from slicelab.core.errors import JobError
from slicelab.jobs.base import Frozen
from slicelab.jobs.specs import Method

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord

MOST = 3
"""Jobs that may wait: more, and nobody remembers what was asked for."""
_WAITING, _AGAIN, _LAST, _MAP, _PROMISED = "jobs_waiting", "train_again", "last_training", "map_after", "predict_after"
_OUT = "left_out"


class Wish(Frozen):
    """A job that a person asked for, before it is known which labels and runs there will be."""

    kind: Literal["pretrain", "finetune", "predict", "compare", "crossvalidate", "embed"]
    """What."""
    method: Method | None = None
    """What a pretraining learns by."""
    init: str | None = None
    """Run that a training starts from, whose model predicts, or whose network looks at the slices; None for random
    weights. A comparison takes the latest pretraining then, a look at the slices the latest network."""
    steps: Annotated[int, Field(ge=1)] | None = None
    """Optimiser steps; None takes the preset's."""
    preview: tuple[str, ...] = ()
    """Cases (ids) whose mask is shown on the way."""
    cases: tuple[str, ...] = ()
    """Cases (ids) to predict; none: every case."""
    exclude: tuple[str, ...] = ()
    """Cases (ids), removed ones too, that a pretraining, training or cross-validation leaves out, with their patients.
    """


_Wishes: TypeAdapter[tuple[Wish, ...]] = TypeAdapter(tuple[Wish, ...])
_Ids: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])
_Promises: TypeAdapter[dict[str, str | None]] = TypeAdapter(dict[str, str | None])


class Agenda:
    """The jobs of a project that wait, first one first. May be used from several threads."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._lock = RLock()
        self._waiting = self._read_waiting()
        self._promised = self._read_promised()

    @property
    def waiting(self) -> tuple[Wish, ...]:
        """What is to run, in this order."""
        return self._waiting

    def add(self, wish: Wish) -> tuple[Wish, ...]:
        """Put a job at the end; one of its kind that waits already keeps its place, and takes the new settings.

        Raises:
            JobError: as many wait as may.

        """
        with self._lock:
            place = next((at for at, one in enumerate(self._waiting) if one.kind == wish.kind), None)
            if place is None and len(self._waiting) >= MOST:
                raise JobError(f"{MOST} jobs wait already.", "Cancel one of them first.")
            if place is None:
                return self._keep((*self._waiting, wish))
            return self._keep((*self._waiting[:place], wish, *self._waiting[place + 1 :]))

    def cancel(self, kind: str) -> tuple[Wish, ...]:
        """Take the job of a kind off the list."""
        with self._lock:
            return self._keep(tuple(one for one in self._waiting if one.kind != kind))

    def take(self) -> Wish | None:
        """The job whose turn it is, taken off the list; None if none waits."""
        with self._lock:
            if not self._waiting:
                return None
            first = self._waiting[0]
            self._keep(self._waiting[1:])
            return first

    @property
    def promised(self) -> tuple[str, ...]:
        """Trainings (run ids) that a prediction of every case is to follow, oldest first."""
        return tuple(self._promised)

    def promise(self, run: str, first: str | None) -> None:
        """A training is to be followed by a prediction, also by whoever opens the project after it has ended.

        Args:
            run: the training.
            first: the case (id) to predict before the others.

        """
        with self._lock:
            self._keep_promised({**self._promised, run: first})

    def withdraw(self, *runs: str) -> None:
        """Let no prediction follow these trainings: it has begun, or is not wanted any more."""
        with self._lock:
            self._keep_promised({run: first for run, first in self._promised.items() if run not in runs})

    def due(self, finished: Collection[str]) -> tuple[str, str | None] | None:
        """The training among those that finished whose prediction is due, and the case before the others.

        It stays due until it is withdrawn. Of several the newest counts: its masks take the place of the others'.
        """
        with self._lock:
            return next(((run, self._promised[run]) for run in reversed(self._promised) if run in finished), None)

    @property
    def train_again(self) -> bool:
        """Whether a training shall follow each case that is finished."""
        return self._store.setting(_AGAIN) == "1"

    def set_train_again(self, on: bool) -> None:
        """Choose whether a training follows each finished case; kept with the project."""
        self._store.set_setting(_AGAIN, "1" if on else "0").result()

    @property
    def map_after(self) -> bool:
        """Whether the network of each finished pretraining looks at every slice, for the map; it does as delivered."""
        return self._store.setting(_MAP) != "0"

    def set_map_after(self, on: bool) -> None:
        """Choose whether a map follows each finished pretraining; kept with the project."""
        self._store.set_setting(_MAP, "1" if on else "0").result()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Cases (ids) that are kept for testing: whatever learns or cross-validates in the window leaves them out.

        Patients are left out, not cases: with one of a patient's cases all are, those that were removed or came later
        among them.
        """
        every = self._store.cases(removed=True)
        patients = self._patients_out(every)
        return tuple(case.id for case in every if case.patient_id in patients)

    def set_left_out(self, cases: tuple[str, ...]) -> tuple[str, ...]:
        """Choose the cases that are kept for testing; kept with the project, and heeded by what waits already.

        Args:
            cases: of those (ids) that are there. A patient all of whose cases were removed stays as it was.

        Returns:
            What :attr:`left_out` says from now on.

        """
        with self._lock:
            every = self._store.cases(removed=True)
            there = {case.patient_id for case in every if not case.removed}
            patients = {case.patient_id for case in every if case.id in cases} | (self._patients_out(every) - there)
            out = tuple(case.id for case in every if case.patient_id in patients)
            self._store.set_setting(_OUT, _Ids.dump_json(out).decode()).result()
            learns, changed = ("pretrain", "finetune", "compare", "crossvalidate"), {"exclude": out}
            self._keep(tuple(one.model_copy(update=changed) if one.kind in learns else one for one in self._waiting))
            return out

    def remember(self, wish: Wish) -> None:
        """Note the settings of a training, for the next one that starts by itself."""
        self._store.set_setting(_LAST, wish.model_dump_json()).result()

    @property
    def last_training(self) -> Wish | None:
        """The settings of the last training that was asked for; None before the first."""
        said = self._store.setting(_LAST)
        try:
            return None if said is None else Wish.model_validate_json(said)
        except ValueError:  # by another version
            return None

    def _patients_out(self, every: Sequence[CaseRecord]) -> set[str]:
        said = self._store.setting(_OUT)
        try:
            chosen = () if said is None else _Ids.validate_json(said)
        except ValueError:  # by another version
            return set()
        return {case.patient_id for case in every if case.id in chosen}

    def _keep(self, waiting: tuple[Wish, ...]) -> tuple[Wish, ...]:
        if waiting != self._waiting:
            self._store.set_setting(_WAITING, _Wishes.dump_json(waiting).decode()).result()
            self._waiting = waiting
        return waiting

    def _keep_promised(self, promised: dict[str, str | None]) -> None:
        if promised != self._promised:
            self._store.set_setting(_PROMISED, _Promises.dump_json(promised).decode()).result()
            self._promised = promised

    def _read_promised(self) -> dict[str, str | None]:
        said = self._store.setting(_PROMISED)
        try:
            return {} if said is None else _Promises.validate_json(said)
        except ValueError:  # by another version
            return {}

    def _read_waiting(self) -> tuple[Wish, ...]:
        said = self._store.setting(_WAITING)
        try:
            return () if said is None else _Wishes.validate_json(said)[:MOST]
        except ValueError:  # by another version: what it asked for cannot be known
            return ()

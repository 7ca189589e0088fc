"""What to label first and next, on an open project: by what a network makes of the slices, and what models say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.choices import Choice, benefits
from slicelab.core.covering import directions
from slicelab.core.errors import JobError, SlicelabError
from slicelab.core.geometry import stack_spacing
from slicelab.core.next_slices import Evidence, agreement_of, doubt_of, evenly, next_slices
from slicelab.core.slice_map import plane_of
from slicelab.core.slices import Overall, done_classes, overall
from slicelab.data.look import LOOK, load_look
from slicelab.engine.names import find_cases
from slicelab.engine.suggesting import Item, choose, embeddings_there, network_to_ask, networks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from slicelab.core.choices import Benefit
    from slicelab.core.next_slices import NextSlice
    from slicelab.data.embeddings import Embeddings
    from slicelab.data.look import Look
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, EditRecord
    from slicelab.engine.agenda import Agenda
    from slicelab.engine.job_builder import JobOptions
    from slicelab.engine.job_starter import JobStarter
    from slicelab.engine.label_book import LabelBook
    from slicelab.engine.predictions import Predictions
    from slicelab.engine.reviewing import Review
    from slicelab.engine.suggesting import Suggestion
    from slicelab.engine.views import RunSummary

    Floats = npt.NDArray[np.float64]

EVENLY = 5
"""How many evenly spaced slices are offered of a case."""
MOST_FIRST = 3
"""How many cases are suggested."""
MOST_NEXT = 3
"""How many slices are suggested of a case."""


@dataclass(frozen=True)
class Spot:
    """A slice on the map.

    Attributes:
        case: case id.
        name: the user's name for it.
        patient: patient id.
        slice: from 0.
        position: in its stack, 0 (inferior, posterior or left end) to 1.
        x, y: 0 to 1, y upwards.

    """

    case: str
    name: str
    patient: str
    slice: int
    position: float
    x: float
    y: float


@dataclass(frozen=True)
class SliceMap:
    """All slices as a network sees them: alike ones lie together.

    Attributes:
        run: the run whose network it is.
        latest: whether no newer network is there that has not looked at the slices yet.
        spots: case by case, each from its first slice.

    """

    run: str
    latest: bool
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class CaseAdvice:
    """What to label next of one case.

    Attributes:
        case: case id.
        next: slices with their reasons, strongest first.
        even: evenly spaced slices that are not labelled yet, from 0, ascending.

    """

    case: str
    next: tuple[NextSlice, ...]
    even: tuple[int, ...]


class Advice:
    """Calls about what a network makes of slices and which to label, on an open project.

    Args:
        store: the project.
        book: the labels of the reader.
        starter: starts looks at the slices.
        predictions: the masks that models made.
        review: what these were worth.
        reader_id: who labels.
        runs: the project's runs.
        agenda: knows which cases are kept for testing.

    """

    def __init__(
        self,
        store: ProjectStore,
        book: LabelBook,
        starter: JobStarter,
        predictions: Predictions,
        review: Review,
        reader_id: int,
        runs: Callable[[], Sequence[RunSummary]],
        agenda: Agenda,
    ) -> None:
        self._store = store
        self._book = book
        self._starter = starter
        self._predictions = predictions
        self._review = review
        self._reader = reader_id
        self._runs = runs
        self._agenda = agenda
        self._kept: tuple[object, Embeddings] | None = None  # the files are asked for after each finished slice
        self._followed: dict[str, dict[int, tuple[Choice, str]]] = {}

    # A look inside ------------------------------------------------------------------------------------------------

    def look(self, run_id: str) -> Look | None:
        """The last pictures out of a pretraining; None where it left none that can be read."""
        path = self._store.folder / "runs" / run_id / LOOK
        try:
            return load_look(path) if path.is_file() else None
        except SlicelabError:
            return None

    # The map ------------------------------------------------------------------------------------------------------

    def start_embed(self, run_id: str | None, options: JobOptions) -> str | None:
        """See :meth:`slicelab.engine.job_calls.Jobs.start_embed`."""
        model = network_to_ask(run_id, self._runs())
        cases = self._cases_to_cover(model)
        if self._embeddings(model, cases) is not None:
            return None
        return self._starter.embed(model, cases, options)

    def map(self) -> SliceMap | None:
        """Every slice as a point, by the latest network that has looked at all; None where none has."""
        seen = self._seen()
        if seen is None:
            return None
        model, cases, found = seen
        spots = []
        for case, points in zip(cases, plane_of([found.features[case.id] for case in cases]), strict=True):
            last = max(len(points) - 1, 1)
            spots += [
                Spot(case.id, case.name, case.patient_id, at, at / last, float(x), float(y))
                for at, (x, y) in enumerate(points)
            ]
        return SliceMap(model, model == networks(self._runs())[0], tuple(spots))

    def suggest(
        self, count: int, *, slices: int = 0, run_id: str | None = None, exclude: Sequence[str] = (), seed: int = 0
    ) -> Suggestion:
        """The cases (and slices of them) that stand best for all; see :func:`slicelab.engine.suggesting.choose`.

        Args:
            count: cases.
            slices: slices of each; 0 for none.
            run_id: as in :meth:`start_embed`, which comes first.
            exclude: cases to leave out, with their patients. Those a pretraining left out are, without being named.
            seed: of the search, where it is not exact.

        Raises:
            JobError: no run holds weights, or its network has not looked at the slices yet.
            SlicelabError: there are fewer patients left to choose from.

        """
        model = network_to_ask(run_id, self._runs())
        cases = self._cases_to_cover(model)
        found = self._embeddings(model, cases)
        if found is None:
            raise JobError(
                f"The network of {model} has not looked at the slices yet.",
                "Let it make the map of slices first (the button in Pretrain).",
            )
        left_out = {case.patient_id for case in find_cases(exclude, self._store.cases())}
        cases = tuple(case for case in cases if case.patient_id not in left_out)
        return choose(self._items(cases), found.features, model, count, slices, seed)

    def first(self, most: int = MOST_FIRST) -> Suggestion | None:
        """The cases to label first, each with the slice of it that stands for most; None where nothing can be said.

        Nothing can be said without a map, where every patient is labelled, and of a single patient. Patients who are
        kept for testing are not named: nothing is learned from their labels.
        """
        seen = self._seen()
        if seen is None:
            return None
        model, cases, found = seen
        kept = frozenset(self._agenda.left_out)
        items = self._items([case for case in cases if case.id not in kept])
        patients = {item.patient for item in items}
        left = len(patients) - len({item.patient for item in items if item.finished})
        if not left or len(patients) < 2:
            return None
        return choose(items, found.features, model, min(most, left), 1, 0)

    # The next slices ----------------------------------------------------------------------------------------------

    def next_of(self, case_id: str) -> CaseAdvice:
        """Which slices of a case to label next, each with its reason; and evenly spaced ones."""
        values = tuple(c.value for c in self._store.classes())
        states = self._book.sheet(case_id).states
        known = frozenset(at for at, one in enumerate(states) if overall(one, values) is not Overall.UNLABELLED)
        geometry = self._store.images(case_id)[0].geometry
        doubt, agreement = self._models_say(case_id)
        evidence = Evidence(
            count=len(states),
            known=known,
            spacing_mm=stack_spacing(geometry.spacing, geometry.acquisition_axis)[0],
            doubt=doubt,
            agreement=agreement,
            features=self._seen_as(case_id),
        )
        even = tuple(at for at in evenly(len(states), EVENLY) if at not in known)
        return CaseAdvice(case_id, next_slices(evidence, MOST_NEXT), even)

    # What was followed --------------------------------------------------------------------------------------------

    def follow(self, case_id: str, index: int, choice: Choice, why: str = "") -> Future[None] | None:
        """A reader goes to a slice by a suggestion: noted, unless it is labelled already or the project is read only.

        Args:
            case_id: the case.
            index: the slice, from 0.
            choice: covering, next or even.
            why: the reason in one word.

        Raises:
            ValueError: the slice is nobody's suggestion.

        """
        if choice is Choice.OWN:
            raise ValueError("an own choice follows no suggestion")
        values = tuple(c.value for c in self._store.classes())
        begun = overall(self._book.sheet(case_id).states[index], values) is not Overall.UNLABELLED
        if begun or self._store.read_only:
            return None
        self._led(case_id).setdefault(index, (choice, why))
        return self._store.follow_suggestion(case_id, self._reader, index, choice, why)

    def finished(self, case_id: str, slices: Sequence[int], saved: Future[EditRecord]) -> None:
        """Slices were marked done: how they came to be labelled is noted with that edit."""
        self._store.add_choices(saved, slices, self._led(case_id))

    def benefits(self) -> tuple[Benefit, ...]:
        """What the slices labelled by each kind of suggestion, and by own choice, brought; of those done now."""
        ledger = self._store.ledger(self._reader)
        chosen = [
            one for one in self._store.chosen(self._reader) if done_classes(ledger.get(one.case, {}).get(one.slice, {}))
        ]
        return benefits(chosen, self._review.corrections.standing())

    # ----------------------------------------------------------------------------------------------------------------

    def _led(self, case_id: str) -> dict[int, tuple[Choice, str]]:
        """Slices of a case that suggestions led to; read once, so that no finished slice waits for the disk."""
        if case_id not in self._followed:
            self._followed[case_id] = self._store.suggestions_followed(case_id, self._reader)
        return self._followed[case_id]

    def _models_say(self, case_id: str) -> tuple[Floats | None, Floats | None]:
        """How unsure the newest model is of each slice, and how far the two newest agree."""
        models = self._predictions.models_for(case_id)[-2:]
        masks = [mask for model in models if (mask := self._predictions.load(model, case_id)) is not None]
        if not masks:
            return None, None
        doubt = self._predictions.uncertainty(models[-1], case_id)
        return (
            None if doubt is None else doubt_of(doubt, masks[-1]),
            agreement_of(masks[0], masks[1]) if len(masks) > 1 else None,
        )

    def _seen_as(self, case_id: str) -> Floats | None:
        """A case's slices as comparable vectors of the latest network that looked at all; None without one."""
        seen = self._seen()
        if seen is None or all(case.id != case_id for case in seen[1]):
            return None
        _, cases, found = seen
        shown = directions([found.features[case.id] for case in cases])
        return next(one for case, one in zip(cases, shown, strict=True) if case.id == case_id)

    def _seen(self) -> tuple[str, tuple[CaseRecord, ...], Embeddings] | None:
        """The latest network that has looked at all slices, the cases, and what it made of them."""
        runs = self._runs()
        asked = {run.init for run in runs if run.kind == "embed"}
        for model in networks(runs):
            if model in asked:
                try:
                    cases = self._cases_to_cover(model)
                except JobError:
                    return None
                found = self._embeddings(model, cases)
                if found is not None:
                    return model, cases, found
        return None

    def _cases_to_cover(self, model: str) -> tuple[CaseRecord, ...]:
        apart = self._starter.kept_apart(model)
        cases = tuple(case for case in self._store.cases() if case.patient_id not in apart)
        if not cases:
            raise JobError("There is no case to choose from.", "Add images first.")
        return cases

    def _embeddings(self, model: str, cases: Sequence[CaseRecord]) -> Embeddings | None:
        volumes = {case.id: self._store.images(case.id)[0].sha256 for case in cases}
        runs = self._store.runs()
        weights = self._store.folder / "runs" / model / "weights.safetensors"
        key = (model, _stamp(weights), tuple(volumes.items()), sum(run.kind == "embed" for run in runs))
        if self._kept is None or self._kept[0] != key:
            found = embeddings_there(self._store.folder, model, runs, volumes)
            if found is None:
                return None
            self._kept = (key, found)
        return self._kept[1]

    def _items(self, cases: Sequence[CaseRecord]) -> list[Item]:
        """The cases as the choice sees them.

        One that is done throughout, though not for classes that were added since, counts as finished; where that
        leaves nobody to name, only what is done for every class there is does.
        """
        ledger, values = self._store.ledger(self._reader), tuple(c.value for c in self._store.classes())
        narrow, wide = [], []
        for case in cases:
            known = {i: overall(states, values) for i, states in ledger.get(case.id, {}).items()}
            count = self._store.images(case.id)[0].geometry.stack_shape[0]
            done = frozenset(i for i, state in known.items() if state is Overall.DONE)
            partly = frozenset(i for i, state in known.items() if state is Overall.PARTLY)
            # Slices done for all classes but those added since cover too, as long as others are left to name.
            covered = done | partly if len(done | partly) < count else done
            narrow.append(Item(case.id, case.name, case.patient_id, covered, len(done) == count))
            wide.append(Item(case.id, case.name, case.patient_id, done | partly, len(done | partly) == count))
        left = {item.patient for item in wide} - {item.patient for item in wide if item.finished}
        return wide if left else narrow


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes with a file's content; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size

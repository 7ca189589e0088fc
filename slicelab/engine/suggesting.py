"""Which cases, and which slices of them, to label first: those that stand best for the others."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.covering import cover, directions, distances, nearest
from slicelab.core.errors import JobError, SlicelabError
from slicelab.data.atomic import sha256_of
from slicelab.data.embeddings import EMBEDDINGS, load_embeddings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.data.embeddings import Embeddings
    from slicelab.data.store.records import RunRecord
    from slicelab.engine.views import RunSummary

    Vectors = npt.NDArray[Any]

_FEWEST = 5
_LEARNT = ("pretrain", "finetune")


@dataclass(frozen=True)
class Item:
    """A case as the choice sees it.

    Attributes:
        case: case id.
        name: the user's name for it.
        patient: patient id.
        done: slices (from 0) that are done, for all classes or for those looked at.
        finished: whether that is all of them.

    """

    case: str
    name: str
    patient: str
    done: frozenset[int]
    finished: bool


@dataclass(frozen=True)
class SuggestedSlice:
    """A slice worth labelling.

    Attributes:
        index: in the stack, from 0.
        stands_for: slices nearer to it than to any other chosen one, itself included.
        of: slices of all cases that its case stands for.

    """

    index: int
    stands_for: int
    of: int


@dataclass(frozen=True)
class SuggestedCase:
    """A case worth labelling.

    Attributes:
        case: case id.
        name: the user's name for it.
        stands_for: cases nearer to it than to any other chosen or finished one, itself included.
        of: cases looked at.
        nearest: distance to the nearest other chosen or finished case; None if there is none.
        typical: mean distance between two cases.
        slices: slices of it worth labelling, ascending; empty if none were asked for.
        unusual: whether no other case is like it, as cases of the project go.

    """

    case: str
    name: str
    stands_for: int
    of: int
    nearest: float | None
    typical: float
    slices: tuple[SuggestedSlice, ...] = ()
    unusual: bool = False

    @property
    def reason(self) -> str:
        """Why, in words."""
        said = f"stands for {self.stands_for} of {self.of} cases"
        if self.unusual:
            said += "; unusual: no other case is like it"
        if self.nearest is None:
            return said
        return (
            f"{said}; nearest of the others at distance {self.nearest:.2f} (two cases are {self.typical:.2f} apart on "
            "average)"
        )


@dataclass(frozen=True)
class Suggestion:
    """What to label next.

    Attributes:
        run: the run whose network looked at the cases.
        cases: those that stand for most first.
        finished: cases that are labelled throughout, which count as chosen.
        covered: mean distance from a case to the nearest chosen or finished one, as a share of the mean distance
            between two cases.

    """

    run: str
    cases: tuple[SuggestedCase, ...]
    finished: int
    covered: float


def choose(
    items: Sequence[Item], features: Mapping[str, Vectors], run: str, count: int, slices: int, seed: int
) -> Suggestion:
    """Choose cases, and slices of them. Pure.

    A patient counts once, however many cases there are of one: those share the weight of one, and one of them at most
    is chosen. Cases that are labelled throughout are centres already.

    Args:
        items: the cases to cover, excluded ones left out.
        features: case id to ``(slice, channel)``.
        run: for the record.
        count: cases to choose.
        slices: slices to choose of each; 0 chooses none.
        seed: of the search, where it is not exact.

    Raises:
        SlicelabError: there are fewer patients left to choose from, or none.

    """
    patients = sorted({item.patient for item in items})
    begun = {item.patient for item in items if item.finished}
    left = len(patients) - len(begun)
    if not left:
        raise SlicelabError(
            "There is no patient left to choose from: of each a case is labelled throughout, or it was left out.",
            "Add images of further patients, or leave out fewer.",
        )
    if count > left:
        raise SlicelabError(
            f"There {'is' if left == 1 else 'are'} only {left} patient{'' if left == 1 else 's'} left to choose from.",
            f"Ask for at most {left} cases.",
        )
    shown = directions([features[item.case] for item in items])
    centres = np.stack([one.mean(axis=0) for one in shown])
    apart = distances(centres, centres)
    np.fill_diagonal(apart, 0.0)
    before = [k for k, item in enumerate(items) if item.finished]
    shared = [1.0 / sum(other.patient == item.patient for other in items) for item in items]
    group = [patients.index(item.patient) for item in items]
    found = cover(apart, count, weight=shared, before=before, group=group, seed=seed)
    chosen = [*found.chosen, *before]
    belongs = nearest(apart, chosen)
    strange = unusual(apart)
    typical = float(apart[np.triu_indices(len(items), 1)].mean()) if len(items) > 1 else 0.0
    made = []
    for position, k in enumerate(found.chosen):
        own = [j for j in range(len(items)) if belongs[j] == position or j == k]
        others = [apart[k, other] for other in chosen if other != k]
        made.append(
            SuggestedCase(
                case=items[k].case,
                name=items[k].name,
                stands_for=len(own),
                of=len(items),
                nearest=float(min(others)) if others else None,
                typical=typical,
                unusual=k in strange,
                slices=_slices(shown[k], [shown[j] for j in own], items[k].done, slices, seed),
            )
        )
    made.sort(key=lambda one: (-one.stands_for, one.case))
    mean = float(np.average(apart[:, chosen].min(axis=1), weights=shared))
    return Suggestion(run, tuple(made), len(before), mean / typical if typical else 0.0)


def unusual(apart: Vectors) -> frozenset[int]:
    """Cases that no other is like: their nearest neighbour is much farther than cases' nearest neighbours are.

    Much: by more than three times the middle deviation from the median (scaled to a standard deviation), and by half.
    Of fewer than five cases nobody can say what is usual.

    Args:
        apart: ``(case, case)`` distances.

    """
    if len(apart) < _FEWEST:
        return frozenset()
    closest = np.where(np.eye(len(apart), dtype=bool), np.inf, apart).min(axis=1)
    middle = float(np.median(closest))
    limit = middle + max(3.0 * 1.4826 * float(np.median(np.abs(closest - middle))), 0.5 * middle)
    return frozenset(int(k) for k in np.flatnonzero(closest > limit))


def _slices(
    own: Vectors, represented: Sequence[Vectors], done: frozenset[int], count: int, seed: int
) -> tuple[SuggestedSlice, ...]:
    """Slices of a case that stand best for all slices of the cases it stands for; done ones cover already."""
    count = min(count, len(own) - len(done))
    if count <= 0:
        return ()
    apart = distances(np.concatenate(represented), own)
    before = sorted(done)
    found = cover(apart, count, before=before, seed=seed).chosen
    belongs = nearest(apart, [*found, *before])
    return tuple(
        SuggestedSlice(index, int((belongs == position).sum()), len(apart)) for position, index in enumerate(found)
    )


def network_to_ask(wanted: str | None, runs: Sequence[RunSummary]) -> str:
    """The run whose network shall look at the cases: the given one, the latest pretraining, or the latest finetuning.

    Raises:
        JobError: there is none, or the given one left no weights.

    """
    if wanted is not None:
        if not any(run.id == wanted and run.has_weights for run in runs):
            raise JobError(f"Run {wanted} holds no weights.", "Choose a pretraining or finetuning that finished.")
        return wanted
    found = networks(runs)
    if found:
        return found[0]
    raise JobError(
        "Nothing has been learnt from these volumes yet, so nobody can say which of them are alike.",
        "Let it learn from all volumes first (the button in Pretrain); that needs no labels.",
        typed="That is `slicelab pretrain PROJECT --method contrastive`.",
    )


def networks(runs: Sequence[RunSummary]) -> tuple[str, ...]:
    """Runs whose network could look at the cases: pretrainings, then finetunings, the latest of each kind first."""
    fitting = {kind: [run.id for run in runs if run.kind == kind and run.has_weights] for kind in _LEARNT}
    return tuple(run for kind in _LEARNT for run in reversed(fitting[kind]))


def embeddings_there(
    project: Path, model: str, runs: Sequence[RunRecord], volumes: Mapping[str, str]
) -> Embeddings | None:
    """The latest embeddings by a model that speak of all the given volumes, if there are any."""
    weights = project / "runs" / model / "weights.safetensors"
    if not weights.is_file():
        return None
    digest = sha256_of(weights)
    for run in reversed(runs):
        path = project / "runs" / run.id / EMBEDDINGS
        if run.kind == "embed" and run.init == model and path.is_file():
            with contextlib.suppress(SlicelabError):  # a damaged file is computed again
                found = load_embeddings(path)
                if found.speaks_of(dict(volumes), digest):
                    return found
    return None

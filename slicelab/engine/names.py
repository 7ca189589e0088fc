"""From the names people type to the project's ids, with an error that helps."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from slicelab.core.errors import UnknownNameError
from slicelab.core.labels import class_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from slicelab.core.labels import LabelClass
    from slicelab.data.store.records import CaseRecord, ReaderRecord, RunRecord


def find_cases(wanted: Iterable[str], cases: Sequence[CaseRecord]) -> tuple[CaseRecord, ...]:
    """The cases with the given names (or ids), in the given order, each once.

    Raises:
        UnknownNameError: a name that no case has.

    """
    by_name = {case.id: case for case in cases} | {case.name: case for case in cases}
    found = [by_name.get(name) or _unknown("case", name, [case.name for case in cases]) for name in wanted]
    return tuple(dict.fromkeys(found))


def find_class(wanted: str, classes: Sequence[LabelClass]) -> LabelClass:
    """The class with the given name, written large or small.

    Raises:
        UnknownNameError: the project has no such class.

    """
    found = {class_key(one.name): one for one in classes}.get(class_key(wanted))
    if found is None:
        raise UnknownNameError(
            f"The project has no class {wanted!r}.", f"It has: {', '.join(one.name for one in classes)}."
        )
    return found


def find_run(wanted: str, runs: Sequence[RunRecord]) -> RunRecord:
    """The run with the given id.

    Raises:
        UnknownNameError: the project has no such run.

    """
    return {run.id: run for run in runs}.get(wanted) or _unknown("run", wanted, [run.id for run in runs])


def find_reader(wanted: str, readers: Sequence[ReaderRecord]) -> ReaderRecord:
    """The reader with the given name.

    Raises:
        UnknownNameError: the project has no such reader.

    """
    names = [reader.name for reader in readers]
    return dict(zip(names, readers, strict=True)).get(wanted) or _unknown("reader", wanted, names)


def _unknown(kind: str, name: str, known: list[str]) -> NoReturn:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        hint = f"Did you mean {', '.join(near)}?"
    elif known:
        hint = f"It has {len(known)}: {', '.join(known[:5])}{' ...' if len(known) > 5 else ''}."
    else:
        hint = f"It has no {kind}s yet."
    raise UnknownNameError(f"The project has no {kind} named {name!r}.", hint)

"""What may be written down about a defect: where it happened, and nothing of what was being worked on."""

from __future__ import annotations

import traceback


def outline(error: BaseException) -> str:
    """An exception without its words: the kinds of error and the calls that led to them, the first cause first.

    The words of an exception may hold a name that a person gave to a file or a case, and so the name of a patient;
    a path may hold that of the person. Frames are therefore told by module, line and function, also those outside
    the package, and exceptions by their type alone.

    Args:
        error: what was raised, with its causes.

    Returns:
        Lines, each ended by a newline.

    """
    parts = [_one(part) for part in reversed(_with_causes(error))]
    return "which led to\n".join(parts)


def _with_causes(error: BaseException) -> list[BaseException]:
    """The exception, its cause, the cause's cause, and so on; each once."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and not any(at is known for known in chain):
        chain.append(at)
        at = at.__cause__ if at.__cause__ is not None or at.__suppress_context__ else at.__context__
    return chain


def _one(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    calls = [
        f"  {frame.f_globals.get('__name__', '?')}, line {line}, in {frame.f_code.co_name}\n"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return f"{name}\n{''.join(calls)}"

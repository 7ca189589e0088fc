"""How long something took, or will take, as a person says it: the same in the window, the report and the commands."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Such as ``42 s``, ``2 min 20 s`` (in steps of five seconds), ``12 min`` and ``1 h 6 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60 // 5 * 5} s" if whole < 600 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"

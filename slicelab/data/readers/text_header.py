"""What NRRD and MetaImage have in common: a header of text lines before, or beside, the voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from slicelab.core.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_HEADER = 1 << 20


def damaged(what: str) -> UnreadableFileError:
    """The error for a header line that makes no sense."""
    return UnreadableFileError(f"The file's header is damaged ({what}).", "Export the file again.")


def header_lines(file: BinaryIO) -> list[tuple[str, int]]:
    """Text lines from the start of a file, each with the offset after it; ends at 1 MB or at a byte that is no text."""
    file.seek(0)
    start = file.read(MAX_HEADER)
    lines, position = [], 0
    while position < len(start):
        end = start.find(b"\n", position)
        if end < 0:
            end = len(start)
        line = start[position:end].rstrip(b"\r")
        position = min(end + 1, len(start))
        try:
            lines.append((line.decode("utf-8"), position))
        except UnicodeDecodeError:
            lines.append(("\0", position))
            break
    return lines


def whole_numbers(fields: Mapping[str, str], key: str, count: int | None = None) -> list[int]:
    """The whole numbers of a field."""
    try:
        values = [int(word) for word in fields[key].split()]
    except (KeyError, ValueError) as error:
        raise damaged(key) from error
    if count is not None and len(values) != count:
        raise damaged(key)
    return values


def numbers(text: str, count: int, key: str) -> list[float]:
    """``count`` finite numbers from text."""
    try:
        values = [float(word) for word in text.split()]
    except ValueError as error:
        raise damaged(key) from error
    if len(values) != count or not np.isfinite(values).all():
        raise damaged(key)
    return values

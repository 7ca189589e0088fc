"""The reader process: decodes foreign files one after the other, so that they can harm nothing else.

Run as ``python -m slicelab.data.readers.child FOLDER``. Requests come as JSON lines on standard input; answers go to
standard output; voxels are left as ``.npy`` files in FOLDER, which is the parent's and private. It ends when its
input ends or its parent is gone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.data.readers import limits, wire
from slicelab.data.readers.load import Format, format_of, import_library, load, middle_slices

_PARENT_CHECK_SECONDS = 1.0


class _Answers:
    """The one way out: library output never gets in between, because it no longer has this handle."""

    def __init__(self) -> None:
        self._out: BinaryIO = os.fdopen(os.dup(1), "wb", buffering=0)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.close(silence)

    def send(self, stage: str, **content: Any) -> None:
        self._out.write(json.dumps({"stage": stage, **content}).encode() + b"\n")


def main(folder: Path) -> None:
    """Answer requests until there are no more."""
    answers = _Answers()
    threading.Thread(target=_end_with_parent, args=(os.getppid(), folder), daemon=True).start()
    answers.send("ready")
    for count, line in enumerate(sys.stdin.buffer):
        request = json.loads(line)
        try:
            if request["do"] == "read":
                _read(request, folder / f"{count}.npy", answers)
            elif request["do"] == "pictures":
                _pictures(request, folder / f"{count}.npy", answers)
            else:
                _discover(request, answers)
        except SlicelabError as error:
            answers.send("refused", **wire.error_message(error))
        except MemoryError:
            answers.send("refused", **wire.error_message(_too_much()))
        except OSError:
            answers.send("refused", **wire.error_message(_not_opened()))
        except Exception:  # never a traceback on a user's screen
            answers.send("refused", **wire.error_message(_damaged()))


def _read(request: wire.Message, target: Path, answers: _Answers) -> None:
    path = Path(request["path"])
    watch = _watched(path, answers)
    read = load(path, mask=request["mask"], series=request["series"], frame=request["frame"], watch=watch)
    voxels = read.volume.voxels
    np.save(target, voxels, allow_pickle=False)
    answers.send("read", voxels=target.name, volume=wire.volume_message(read))


def _pictures(request: wire.Message, target: Path, answers: _Answers) -> None:
    path = Path(request["path"])
    watch = _watched(path, answers)
    np.save(target, middle_slices(path, request["side"], series=request["series"], watch=watch), allow_pickle=False)
    answers.send("pictured", voxels=target.name)


def _watched(path: Path, answers: _Answers) -> limits.Watch:
    """Import what the file needs; a watch that lets this process grow as declared, and tells the parent."""
    _limit_memory(0)
    kind: Format | None = "dicom" if os.path.isdir(path) else format_of(path)
    if kind is not None:
        import_library(kind)
    answers.send("checking")

    def declare(size: int) -> None:
        _limit_memory(size)
        answers.send("reading", bytes=size)

    return limits.Watch(declare, lambda size: answers.send("file", bytes=size))


def _discover(request: wire.Message, answers: _Answers) -> None:
    from slicelab.data.readers.discovery import discover

    for kind in ("nifti", "dicom"):
        import_library(kind)
    _limit_memory(0)
    answers.send("looking", path="")
    hopeless = {Path(path) for path in request["hopeless"]}
    found = discover(
        [Path(path) for path in request["paths"]],
        hopeless=hopeless,
        on_file=lambda path: answers.send("looking", path=str(path)),
    )
    answers.send("found", discovery=wire.discovery_message(found))


def _limit_memory(size: int) -> None:
    """Let this process grow to what a file of ``size`` declared bytes may take; the parent watches as well.

    The processor time is a last resort, for a decoder that runs on and on after the parent is gone.
    """
    try:
        import resource

        with open("/proc/self/statm") as statm:
            addresses, resident = (int(word) * resource.getpagesize() for word in statm.read().split()[:2])
        growth = max(limits.memory_for(size) - resident, 0)
        resource.setrlimit(resource.RLIMIT_AS, (addresses + growth, resource.RLIM_INFINITY))
        seconds = int(time.process_time() + limits.STARVED_FACTOR * limits.seconds_for(size)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    except (ImportError, OSError, ValueError):
        return  # not on this system: the parent's watch is what there is


def _not_opened() -> UnreadableFileError:
    return UnreadableFileError("The file cannot be opened.", "Check that it is there and may be read.")


def _damaged() -> UnreadableFileError:
    return UnreadableFileError("The file is damaged.", "Export the file again.")


def _too_much() -> UnreadableFileError:
    return UnreadableFileError("The file needs more memory than its size allows.", "The file may be damaged.")


def _end_with_parent(parent: int, folder: Path) -> None:
    while _alive(parent):
        time.sleep(_PARENT_CHECK_SECONDS)
    shutil.rmtree(folder, ignore_errors=True)  # voxels of a patient: nobody else would remove them
    os._exit(0)


def _alive(parent: int) -> bool:
    if os.name == "posix":
        return os.getppid() == parent
    import psutil

    return bool(psutil.pid_exists(parent))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    shutil.rmtree(sys.argv[1], ignore_errors=True)

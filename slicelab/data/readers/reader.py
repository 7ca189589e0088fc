"""The reader that the application uses: foreign files are decoded in a child process, never in this one."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers import wire
from slicelab.data.readers.process import ReaderEndedError, ReaderProcess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    import numpy.typing as npt

    from slicelab.data.readers.model import Discovery, ReadVolume

_MAX_HOPELESS = 20


class VolumeReader:
    """Reads foreign files through a child process, which is started lazily, reused, and replaced after a kill.

    Safe to call from several threads: they take turns.

    Attributes:
        restarts: how often a child had to be replaced.

    """

    def __init__(self) -> None:
        self._process: ReaderProcess | None = None
        self._turn = threading.Lock()
        self.restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(
        self, path: Path, *, mask: bool = False, series: str | None = None, frame: int | None = None
    ) -> ReadVolume:
        """Read one volume.

        Args:
            path: a file, or the folder of a DICOM series.
            mask: read class values: whole numbers from 0 to 255, as uint8.
            series: UID of the DICOM series, where there are several.
            frame: which volume of several, from 0.

        Raises:
            UnreadableFileError: it cannot be read, or must not be; always in plain words.

        """
        request = {"do": "read", "path": _absolute(path), "mask": mask, "series": series, "frame": frame}
        answer, voxels = self._array(request)
        return wire.volume_of(answer["volume"], voxels)

    def pictures(self, path: Path, side: int, *, series: str | None = None) -> npt.NDArray[np.uint8]:
        """The middle slice of every volume of a series, small and grey, ``(volume, row, column)`` uint8.

        Args:
            path: a file, or the folder of a DICOM series.
            side: about how many pixels along each edge at most.
            series: UID of the DICOM series, where there are several.

        Raises:
            UnreadableFileError: it cannot be read, or must not be.

        """
        return self._array({"do": "pictures", "path": _absolute(path), "side": side, "series": series})[1]

    def discover(self, paths: Sequence[Path]) -> Discovery:
        """Find everything that can be imported from files and folders, from headers alone.

        A file over which the child has to be ended is listed as refused; the rest is found all the same.
        """
        hopeless: dict[str, ReaderEndedError] = {}
        with self._turn:
            while True:
                request = {"do": "discover", "paths": [_absolute(p) for p in paths], "hopeless": list(hopeless)}
                looking = ""
                try:
                    for answer in self._running().ask(request):
                        looking = answer.get("path", looking)
                except ReaderEndedError as error:
                    self._process = None
                    self.restarts += 1
                    if not looking or looking in hopeless or len(hopeless) >= _MAX_HOPELESS:
                        raise
                    hopeless[looking] = error
                    continue
                return wire.discovery_of(answer["discovery"])

    def close(self) -> None:
        """End the child, also over a file it is just reading. The reader can be used again; it starts a new one."""
        if (process := self._process) is not None:
            process.kill()
        with self._turn:
            if self._process is not None:
                self._process.close()
                self._process = None

    def _array(self, request: wire.Message) -> tuple[wire.Message, npt.NDArray[Any]]:
        """The last answer to a request, and the array that came with it."""
        with self._turn:
            process = self._running()
            answer = self._last(process, request)
            voxels_file = process.folder / Path(answer["voxels"]).name
            try:
                voxels = np.load(voxels_file, allow_pickle=False)
            except (OSError, ValueError) as error:
                raise UnreadableFileError(
                    "The volume could not be handed over; the disk for temporary files may be full.", "Free some space."
                ) from error
            finally:
                voxels_file.unlink(missing_ok=True)
                if process.bloated:
                    process.close()
                    self._process = None
        return answer, voxels

    def _running(self) -> ReaderProcess:
        if self._process is not None and not self._process.alive:
            self._process.close()
            self._process = None
            self.restarts += 1
        if self._process is None:
            self._process = ReaderProcess()
        return self._process

    def _last(self, process: ReaderProcess, request: wire.Message) -> wire.Message:
        try:
            *_, last = process.ask(request)
        except ReaderEndedError:
            self._process = None
            self.restarts += 1
            raise
        return last


def _absolute(path: Path) -> str:
    return str(Path(path).absolute())

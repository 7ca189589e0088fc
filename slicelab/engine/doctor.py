"""A check-up of this machine: what slicelab finds here, and whether the parts that fail most often work.

Nothing here imports torch or Qt: their views are asked of child processes, so that a broken driver shows as a line in
the report and not as a crash. No finding holds a path or a name of the user.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import psutil

import slicelab
from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import Geometry
from slicelab.core.volume import Volume
from slicelab.engine.child import ask

PACKAGES = ("torch", "numpy", "scipy", "nibabel", "SimpleITK", "pydicom", "PySide6-Essentials", "napari", "vispy")
LOW_DISK_BYTES = 5 * 10**9

_TORCH_VIEW = """
import json, torch
from slicelab.learn.device import NO_GPU, choose
compute = choose()
cards = range(torch.cuda.device_count() if torch.cuda.is_available() else 0)
print(json.dumps({
    "names": [torch.cuda.get_device_name(i) for i in cards],
    "bytes": [torch.cuda.get_device_properties(i).total_memory for i in cards],
    "mps": torch.backends.mps.is_available(),
    "built_for": torch.version.cuda or torch.version.hip or "",
    "gpu_fails": compute.why == NO_GPU,
    "words": f"{compute.words} ({compute.why})" if compute.why else compute.words,
}))
"""

_FORGET = """
from slicelab.learn.measured import forget
forget()
"""

_OPENGL_VIEW = """
import json
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
app = QGuiApplication([])
context, surface = QOpenGLContext(), QOffscreenSurface()
surface.create()
answer = {"made": bool(context.create() and context.makeCurrent(surface))}
if answer["made"]:
    ask = context.functions().glGetString
    answer |= {"renderer": str(ask(0x1F01)), "version": str(ask(0x1F02))}
    context.doneCurrent()
print(json.dumps(answer))
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: what was looked at, such as ``"OpenGL"``.
        ok: whether slicelab can work with what was found.
        words: what was found, one line.
        remedy: what to do about it; empty where nothing needs doing.
        limited: whether it is no fault, but not everything works here.

    """

    name: str
    ok: bool
    words: str
    remedy: str = ""
    limited: bool = False


@dataclass(frozen=True)
class Checkup:
    """Everything ``slicelab doctor`` reports.

    Attributes:
        slicelab: its version.
        python: the version of Python.
        system: operating system and processor type.
        packages: installed version per package that matters; ``"missing"`` where there is none.
        findings: what was looked at, in the order of the report.

    """

    slicelab: str
    python: str
    system: str
    packages: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether every finding is one that slicelab can work with."""
        return all(finding.ok for finding in self.findings)


def checkup(folder: Path | None = None, *, measure: bool = False) -> Checkup:
    """Look at this machine.

    Args:
        folder: where projects are to lie, for the space left and the trial of writing; the working folder if None.
        measure: measure anew where jobs compute, and in which number format, instead of saying what is kept.

    """
    place = folder if folder is not None else Path.cwd()
    return Checkup(
        slicelab=slicelab.__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        packages={name: _version(name) for name in PACKAGES},
        findings=(machine(), device(measure=measure), opengl(), disk(place), writing(place), reading()),
    )


def machine() -> Finding:
    """Processor cores and memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = psutil.virtual_memory()
    words = f"{cores} processor cores, {_size(memory.total)} of memory, {_size(memory.available)} of it free"
    return Finding("Machine", True, words)


def device(*, measure: bool = False) -> Finding:
    """What training would run on: chosen in a child process, just as a job does it.

    Args:
        measure: forget what was measured before.

    """
    seen = ask(_FORGET + _TORCH_VIEW if measure else _TORCH_VIEW)
    if seen is None:
        return Finding(
            "Training", False, "PyTorch does not start.", "Install slicelab again; see docs for the build to choose."
        )
    words = f"on {seen['words']}"
    if seen["names"]:
        gpus = ", ".join(f"{name} ({_size(size)})" for name, size in zip(seen["names"], seen["bytes"], strict=True))
        remedy = "Update the driver of the GPU." if seen["gpu_fails"] else ""
        return Finding("Training", True, f"{words}; GPU: {gpus}", remedy)
    if seen["mps"]:
        return Finding("Training", True, words)
    if seen["built_for"]:
        return Finding("Training", True, f"{words}: PyTorch found no GPU", "With an NVIDIA card: check its driver.")
    return Finding("Training", True, f"{words}: this build of PyTorch uses no GPU")


def opengl() -> Finding:
    """The graphics that the window would draw with, on the current display (asked of a child process)."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        # Not a fault: a server trains and exports without a window.
        words = "no display: the command line works, the window cannot open here"
        return Finding("OpenGL", True, words, limited=True)
    seen = ask(_OPENGL_VIEW)
    if seen is None or not seen["made"]:
        return Finding(
            "OpenGL",
            False,
            "the window has nothing to draw with",
            "Update the graphics driver, or install the packages in packaging/system-packages.txt.",
        )
    return Finding("OpenGL", True, f"{seen['version']}, {seen['renderer']}")


def disk(folder: Path) -> Finding:
    """The space left where projects are to lie."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return Finding("Disk", False, "the folder cannot be looked at", "Choose a folder that exists.")
    remedy = "" if free >= LOW_DISK_BYTES else "Make room: a project keeps its volumes uncompressed."
    return Finding("Disk", free >= LOW_DISK_BYTES, f"{_size(free)} free in the folder", remedy)


def writing(folder: Path) -> Finding:
    """A file written, flushed to the disk, read back and removed again, as every save does it."""
    started = time.monotonic()
    wanted = os.urandom(4096)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".slicelab-check-") as file:
            file.write(wanted)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            found = file.read()
    except OSError as error:
        words = f"the folder takes no files ({error.strerror or type(error).__name__})"
        return Finding("Writing", False, words, "Choose a folder you may write to.")
    seconds = time.monotonic() - started
    return Finding("Writing", found == wanted, f"a small file is safe on the disk after {seconds * 1000:.0f} ms")


def reading() -> Finding:
    """A volume written and read back through the reader process."""
    from slicelab.data.readers import VolumeReader
    from slicelab.data.writers import write_volume

    rng = np.random.default_rng(0)
    voxels = rng.integers(-100, 1000, size=(7, 6, 5)).astype(np.int16)
    affine = np.diag([-0.6, -0.7, 3.0, 1.0])
    written = Volume(voxels, Geometry((7, 6, 5), affine, 2)).canonical()
    started = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="slicelab-check-") as folder:
            path = Path(folder) / "check.nii"
            write_volume(path, written)
            with VolumeReader() as reader:
                read = reader.read(path).volume
    except SlicelabError as error:
        return Finding("Reading", False, f"a volume could not be read back: {error.message}", error.remedy)
    except OSError as error:
        words = f"the folder for temporary files takes none ({error.strerror or type(error).__name__})"
        return Finding("Reading", False, words, "Make room there, or set TMPDIR to another folder.")
    same = np.array_equal(read.voxels, written.voxels) and np.allclose(read.geometry.affine, written.geometry.affine)
    words = f"a volume comes back voxel by voxel, {time.monotonic() - started:.1f} s with the start of the reader"
    return Finding(
        "Reading", same, words if same else "a volume came back changed", "" if same else "Install slicelab again."
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB"

"""The rules of the repository: layers, what may be imported where, style, the wheel, the text."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import slicelab

# What a bare GPU machine may lack: training must start there all the same.
WINDOW_AND_FORMATS = ("PySide6", "shiboken6", "qtpy", "napari", "vispy", "pyqtgraph", "SimpleITK", "nibabel", "pydicom")

BLOCK = """
import importlib, sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"{{name}} is not on this machine", name=name)

sys.meta_path.insert(0, Block())
for module in {modules!r}:
    importlib.import_module(module)
"""

STEP = """
import torch
from slicelab.learn.optim import descend, make_optimiser
layer = torch.nn.Conv2d(1, 2, 3)
parameters = list(layer.parameters())
descend(make_optimiser([(parameters, 0.1)], "muon", 0.0), layer(torch.ones(1, 1, 4, 4)).sum(), parameters, 1.0)
print("torch._dynamo" in sys.modules)
"""


def python(code: str, executable: str = sys.executable, cwd: Path | None = None) -> str:
    done = subprocess.run([executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules(*packages: str) -> list[str]:
    """Every module of slicelab below the named packages; entry points are run, not imported."""
    found = [m.name for m in pkgutil.walk_packages(slicelab.__path__, "slicelab.", onerror=None)]
    return sorted(
        name
        for name in found
        if not name.endswith("__main__") and any(name == p or name.startswith(f"{p}.") for p in packages)
    )


def tracked_text(root: Path) -> list[Path]:
    """Text files that are, or are about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    endings = {".py", ".md", ".toml", ".sh", ".txt", ".yaml", ".yml", ".json", ".qss", ".cfg", ".spec", ""}
    paths = [root / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in endings and path.is_file()]


def files(folder: Path) -> list[str]:
    """Every file below a folder, relative to it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("importlinter.cli", "--no-logo"), ("mypy",)],
    ids=["style", "format", "layers", "types"],
)
def test_checkout_passes(command: tuple[str, ...], root: Path) -> None:
    if command[0] == "importlinter.cli":
        line = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c(['--no-logo'])"]
    else:
        line = [sys.executable, "-m", *command]
    done = subprocess.run(line, cwd=root, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_training_needs_no_window_no_file_formats_and_no_compiler() -> None:
    wanted = modules("slicelab.core", "slicelab.jobs", "slicelab.learn", "slicelab.worker")
    wanted += modules("slicelab.data.pool", "slicelab.data.snapshot", "slicelab.data.run_folder")
    code = BLOCK.format(blocked=WINDOW_AND_FORMATS, modules=wanted)
    assert python(code + STEP).strip() == "False", "a training's start must not wait for a compiler it does not use"


def test_nothing_but_learning_imports_torch() -> None:
    layers = ("core", "jobs", "data", "engine", "cli", "app", "worker")
    code = BLOCK.format(blocked=(), modules=modules(*(f"slicelab.{layer}" for layer in layers)))
    assert python(code + "print('torch' in sys.modules)").strip() == "False"


def test_core_needs_numpy_and_scipy_alone() -> None:
    others = tuple(set(packages_distributions()) - {"numpy", "scipy", "slicelab"})
    python(BLOCK.format(blocked=others, modules=modules("slicelab.core")))


def test_importing_slicelab_loads_nothing_heavy() -> None:
    loaded = set(python("import sys, slicelab; print(*sys.modules)").split())
    assert not loaded & {"numpy", "torch", "PySide6", "napari", "pydantic", "typer"}


@pytest.mark.parametrize(
    "entry", ["slicelab.cli.learn_commands", "slicelab.cli.project_commands", "slicelab.engine.session"]
)
def test_a_command_starts_without_what_only_some_of_it_needs(entry: str) -> None:
    """A second of waiting before every command: statistics, filters and the network are imported at first use."""
    loaded = set(python(f"import sys, {entry}; print(*sys.modules)").split())
    assert not loaded & {"torch", "scipy.stats", "scipy.ndimage", "scipy.sparse", "nibabel", "SimpleITK", "napari"}


def test_no_command_is_imported_for_another() -> None:
    loaded = set(python("import sys, slicelab.cli.main; print(*sys.modules)").split())
    assert not loaded & {"numpy", "slicelab.engine.session"}


def test_version_is_the_same_everywhere(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == slicelab.__version__
    assert f"## {slicelab.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_has_a_pinned_version(root: Path) -> None:
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", name, maxsplit=1)[0]).lower()

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (root / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line) for line in lines if "==" in line}
    dependencies = project["project"]["dependencies"]
    for extra in project["project"]["optional-dependencies"].values():
        dependencies = dependencies + extra
    assert {normal(name) for name in dependencies} <= pinned


def test_text_speaks_of_no_machine(root: Path) -> None:
    words = re.compile(r"(^|[^A-Za-z<{])/(?:" + "|".join(["work", "root", "farm", "Users/[a-z]"]) + r")/", re.MULTILINE)
    found = [
        f"{path.relative_to(root)}: {match.group(0)}"
        for path in tracked_text(root)
        for match in words.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_no_volume_is_part_of_the_repository(root: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, timeout=30, check=True)
    volumes = re.compile(r"\.(nii|nii\.gz|dcm|mha|mhd|nrrd|nhdr|npz|npy|safetensors|db)$")
    assert not [name for name in listed.stdout.splitlines() if volumes.search(name)]


def test_installed_wheel_finds_its_resources(root: Path, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(root)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("slicelab-*.whl")

    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    site = tmp_path / "env" / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
    ]
    done = subprocess.run(
        [*install, "--target", str(site), str(wheel)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    where = python(
        "import slicelab.core.resources as r; print(r.resource(''))",
        executable=str(tmp_path / "env" / "bin" / "python"),
        cwd=tmp_path,
    )
    installed = Path(where.strip())
    assert installed == site / "slicelab" / "resources"
    assert files(installed) == files(root / "resources")

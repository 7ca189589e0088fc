"""The small shell scripts behind make."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from pathlib import Path

needs_display_server = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed")
needs_debian = pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="not a Debian system")


def script(root: Path, name: str) -> str:
    return str(root / "packaging" / name)


def without_display() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}


def server_of(script_pid: int) -> psutil.Process:
    """The X server that a running with-display.sh started."""
    [server] = [child for child in psutil.Process(script_pid).children() if child.name() == "Xvfb"]
    return server


@needs_display_server
def test_virtual_display_is_there_for_the_command_and_gone_afterwards(root: Path) -> None:
    process = subprocess.Popen(
        [script(root, "with-display.sh"), "sh", "-c", 'echo "$DISPLAY $SLICELAB_VIRTUAL_DISPLAY"; read line; exit 7'],
        env=without_display(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    display, virtual = process.stdout.readline().split()
    server = server_of(process.pid)
    process.communicate("go on\n", timeout=30)
    assert display.startswith(":")
    assert virtual == "1"
    assert process.returncode == 7
    assert not server.is_running()


@needs_display_server
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_virtual_display_ends_with_a_killed_script(root: Path) -> None:
    process = subprocess.Popen(
        [script(root, "with-display.sh"), "sh", "-c", "echo up; read line"],
        env=without_display(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    server = server_of(process.pid)
    process.kill()
    process.communicate(timeout=30)
    server.wait(10)


def test_a_display_that_is_there_is_used(root: Path) -> None:
    done = subprocess.run(
        [script(root, "with-display.sh"), "sh", "-c", 'echo "$DISPLAY ${SLICELAB_VIRTUAL_DISPLAY:-no}"'],
        env={**without_display(), "DISPLAY": ":4242"} | {"SLICELAB_VIRTUAL_DISPLAY": ""},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [":4242", "no"]


@needs_debian
def test_installed_packages_need_nothing(root: Path) -> None:
    done = subprocess.run(
        [script(root, "install-debian.sh"), "dpkg", "libc6"], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout + done.stderr == ""


@needs_debian
@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="cannot stop being root")
def test_without_rights_the_one_line_to_run_is_printed(root: Path) -> None:
    nobody = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    text = (root / "packaging" / "install-debian.sh").read_text(encoding="utf-8")
    done = subprocess.run(
        [*nobody, "sh", "-s", "--", "dpkg", "slicelab-no-such-package"], cwd="/",
        input=text, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends slicelab-no-such-package" in done.stderr


def test_python_of_the_environment_is_a_supported_one(root: Path) -> None:
    done = subprocess.run([script(root, "find-python.sh")], capture_output=True, text=True, timeout=60, check=True)
    found = subprocess.run(
        [done.stdout.strip(), "-c", "import sys; print(sys.version_info[:2])"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert found.stdout.strip() in {"(3, 11)", "(3, 12)", "(3, 13)"}


def test_a_python_that_cannot_make_environments_has_its_missing_package_installed(root: Path, tmp_path: Path) -> None:
    """Debian keeps ensurepip apart; without rights, `install-debian.sh` prints the one line to run and ends it."""
    shutil.copytree(root / "packaging", tmp_path / "packaging")
    shutil.copy(root / "pyproject.toml", tmp_path)
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "python3.11").write_text(
        f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    )
    (tmp_path / "packaging" / "install-debian.sh").write_text('#!/bin/sh\necho "wanted: $*"\nexit 3\n')
    (commands / "python3.11").chmod(0o755)
    done = subprocess.run(
        [script(tmp_path, "setup.sh")], env={**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert f"python{sys.version_info.major}.{sys.version_info.minor}-venv" in done.stdout.split()
    assert not (tmp_path / ".venv").exists()


def started_runner(root: Path, *programs: str) -> subprocess.Popen[str]:
    """The runner of the tests with programs in the place of its parts: two for windows, the others behind."""
    run = (
        "import sys; sys.path.insert(0, sys.argv[1]); import run_tests; "
        "parts = [[sys.executable, '-c', program] for program in sys.argv[2:]]; "
        "sys.exit(run_tests.at_once(parts[:2], parts[2:]))"
    )
    command = [sys.executable, "-c", run, str(root / "packaging"), *programs]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("codes", "code"),
    [((0, 0, 0, 0), 0), ((3, 0, 0, 0), 3), ((0, 4, 0, 0), 4), ((0, 0, 0, 5), 5), ((0, 4, 5, 6), 4)],
)
def test_the_tests_pass_where_every_part_passed_and_all_that_was_said_is_heard(
    root: Path, codes: tuple[int, ...], code: int
) -> None:
    names = ["first", "second", "third", "fourth"]
    runner = started_runner(root, *(f"print('{name}'); exit({end})" for name, end in zip(names, codes, strict=True)))
    out, _ = runner.communicate(timeout=60)
    assert runner.returncode == code
    assert out.split() == names


def test_the_parts_behind_have_a_lower_priority_and_end_with_an_interrupted_run(root: Path, tmp_path: Path) -> None:
    there = [tmp_path / name for name in ("window", "another", "one", "other")]
    parts = [f"import os, time; open({str(one)!r}, 'w').write(str(os.getpid())); time.sleep(300)" for one in there]
    runner = started_runner(root, *parts)
    deadline = time.monotonic() + 60
    while not all(one.exists() and one.read_text() for one in there) and time.monotonic() < deadline:
        time.sleep(0.05)
    processes = [psutil.Process(int(one.read_text())) for one in there]
    own = os.getpriority(os.PRIO_PROCESS, 0)
    lower = min(own + 5, 19)
    assert [process.nice() for process in processes] == [own, own, lower, lower]
    runner.send_signal(signal.SIGINT)
    runner.communicate(timeout=60)
    assert runner.returncode != 0
    assert not any(process.is_running() for process in processes)


@pytest.mark.parametrize("chosen", ["", "3"])
def test_jobs_of_the_tests_run_beside_a_window_and_their_threads_wait_asleep_unless_somebody_chose(
    root: Path, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    for name in ("SLICELAB_NICE", "OMP_WAIT_POLICY"):
        monkeypatch.delenv(name, raising=False)
    if chosen:
        monkeypatch.setenv("SLICELAB_NICE", chosen)
    tell = "import os; print(*(os.environ.get(name, '-') for name in ('SLICELAB_NICE', 'OMP_WAIT_POLICY')))"
    out, _ = started_runner(root, tell, tell, tell).communicate(timeout=60)
    assert out.splitlines() == [f"{chosen or 5} passive"] * 3


def test_every_part_has_a_display_of_its_own_and_compiles_the_application_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONDONTWRITEBYTECODE")
    for name in names:
        monkeypatch.setenv(name, "1")
    tell = f"import os; print(*(os.environ.get(name, '-') for name in {names}))"
    out, _ = started_runner(root, tell, tell, tell).communicate(timeout=60)
    assert out.splitlines() == ["- - -"] * 3


def test_every_test_belongs_to_one_part(root: Path) -> None:
    run = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import run_tests; "
        "run_tests.at_once = lambda *parts: print(json.dumps(parts)) or 0; sys.exit(run_tests.main(['-x']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", run, str(root / "packaging")], capture_output=True, text=True, check=True
    )
    windows, behind = json.loads(done.stdout)
    parts = [*windows, *behind]
    tests = sorted(file.relative_to(root).as_posix() for file in (root / "tests").rglob("test_*.py"))
    assert [len(windows), len(behind)] == [2, 2]
    assert all(part[-1] == "-x" for part in parts)
    assert len(tests) > 100
    for test in tests:
        taken = 0
        for words in parts:
            named = [word for word in words if word.startswith("tests/")] or ["tests"]
            left = tuple(f"{word.removeprefix('--ignore=')}/" for word in words if word.startswith("--ignore="))
            within = test in named or test.startswith(tuple(f"{folder}/" for folder in named))
            taken += within and not test.startswith(left)
        assert taken == 1, test

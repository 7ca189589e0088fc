"""Commands about the program itself: demo, open, doctor."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from slicelab.cli.arguments import JsonOption, ProjectArgument
from slicelab.cli.output import Output, number, reporting, table
from slicelab.cli.progress import bar
from slicelab.core.durations import duration
from slicelab.core.errors import SlicelabError
from slicelab.engine.demo import DemoResult, run_demo
from slicelab.engine.session import Session

_SAFE = "The project is safe."
PictureOption = Annotated[
    Path | None, typer.Option(metavar="PNG", help="Write a picture of the window instead of staying open.")
]


if TYPE_CHECKING:
    from slicelab.engine.doctor import Finding


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the demo.")] = Path("slicelab-demo"),
    no_window: Annotated[bool, typer.Option("--no-window", help="Do not open the window at the end.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Run the whole loop on made-up volumes and open the window on the result."""
    output = Output(as_json=as_json)
    with reporting(output):
        with bar() as show:
            result = run_demo(out, lambda words, share: show(share, words))
        picture = None
        if not no_window and not someone_is_looking():
            picture = out / "window.png"
            picture_on_virtual_display(result.project, picture)
        facts = {
            "synthetic": True,
            "project": str(result.project),
            "run": result.model,
            "mean_dice": result.mean_dice,
            "seconds": result.seconds,
            "figures": [str(path) for path in result.figures],
            "window_picture": str(picture) if picture else None,
        }
        output.result(facts, *_demo_words(result, picture))
        if not no_window and picture is None:
            raise typer.Exit(start_window(result.project))


def open_(project: ProjectArgument, picture: PictureOption = None, as_json: JsonOption = False) -> None:
    """Open the window on a project."""
    output = Output(as_json=as_json)
    with reporting(output):
        with Session.open(project, read_only=True) as session:
            facts = {"project": str(session.folder), "window_picture": str(picture) if picture else None}
        if picture is not None and not someone_is_looking() and "SLICELAB_VIRTUAL_DISPLAY" not in os.environ:
            picture_on_virtual_display(project, picture)
        elif code := start_window(project, picture):
            raise SlicelabError(f"The window ended with an error ({code}).", "Run `slicelab doctor`.", _SAFE)
        output.result(facts, *([f"Picture of the window: {picture}"] if picture else []))


def doctor(
    measure: Annotated[
        bool,
        typer.Option("--measure", help="Measure anew which device and number format are fastest; jobs keep to it."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check what slicelab needs on this computer."""
    from slicelab.engine.doctor import checkup

    output = Output(as_json=as_json)
    with reporting(output):
        found = checkup(measure=measure)
        rows = [(_verdict(one), one.name, one.words) for one in found.findings]
        facts = {**asdict(found), "ok": found.healthy}
        lines = [f"{one.name}: {one.remedy}" for one in found.findings if one.remedy]
        head = f"slicelab {found.slicelab}, Python {found.python}, {found.system}"
        versions = ", ".join(f"{name} {version}" for name, version in found.packages.items())
        output.result(facts, head, versions, table("", "check", "found", rows=rows), *lines)
        raise typer.Exit(0 if found.healthy else 1)


def start_window(project: Path | None, picture: Path | None = None) -> int:
    """Open the window in this process; returns its exit code.

    Raises:
        SlicelabError: there is no display.

    """
    if not has_display():
        raise SlicelabError(
            "There is no display to open the window on.",
            "Run it where there is one; everything else works from the command line (slicelab --help).",
            _SAFE,
        )
    from slicelab.app import main

    return main(project, picture)


def _verdict(found: Finding) -> str:
    if not found.ok:
        return "PROBLEM"
    return "limited" if found.limited else "ok"


def someone_is_looking() -> bool:
    """Whether there is a display with a person before it."""
    return has_display() and "SLICELAB_VIRTUAL_DISPLAY" not in os.environ


def has_display() -> bool:
    """Whether there is something to draw a window on; Qt would otherwise bring the whole process down."""
    if sys.platform in ("win32", "darwin"):
        return True
    without_screen = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal", "vnc")
    return without_screen or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def picture_on_virtual_display(project: Path, picture: Path) -> None:
    """Render the window on a display that nobody sees and write its picture.

    Raises:
        SlicelabError: there is no virtual display, or the window did not come up.

    """
    command = [sys.executable, "-m", "slicelab", "open", str(project), "--picture", str(picture)]
    environment = {**os.environ, "SLICELAB_VIRTUAL_DISPLAY": "1"}
    if not os.environ.get("DISPLAY"):
        wrapper = shutil.which("xvfb-run")
        if wrapper is None:
            raise SlicelabError(
                "There is no display, and no virtual one (Xvfb) to draw the window on.",
                "Install the package xvfb, or use --no-window.",
                "The demo's results are safe.",
            )
        command = [wrapper, "-a", "-s", "-screen 0 1600x1000x24 +extension GLX", *command]
    ended = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if ended.returncode != 0 or not picture.is_file():
        raise SlicelabError("The window could not be drawn.", "Run `slicelab doctor`.", _SAFE)


def _demo_words(result: DemoResult, picture: Path | None) -> list[str]:
    took = duration(sum(result.seconds.values()))
    when = f"in {took}" if result.fresh else f"from an earlier run that took {took}"
    lines = [
        f"The whole loop ran {when}: {', '.join(f'{k} {duration(v)}' for k, v in result.seconds.items())}.",
        f"Mean Dice {number(result.mean_dice)} on cases the model never saw.",
        "SYNTHETIC volumes: the figure says nothing about patients.",
        f"Project: {result.project}",
        *(f"Figure: {path}" for path in result.figures),
    ]
    return [*lines, f"Picture of the window: {picture}"] if picture else lines

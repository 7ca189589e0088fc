"""The command line: a table of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from slicelab import __version__
from slicelab.cli.late_commands import LateCommands
from slicelab.cli.output import Output, reporting, write_error
from slicelab.core.errors import SlicelabError

_AS_JSON = "slicelab.json"
_CHECKED = "Value error, "
"""What the library that checks values puts before what is wrong with one."""


_COMMANDS = {
    "demo": "slicelab.cli.system_commands:demo",
    "new": "slicelab.cli.project_commands:new",
    "add-class": "slicelab.cli.project_commands:add_class",
    "rename-class": "slicelab.cli.project_commands:rename_class",
    "import": "slicelab.cli.project_commands:import_",
    "label": "slicelab.cli.project_commands:label",
    "cases": "slicelab.cli.project_commands:cases",
    "runs": "slicelab.cli.project_commands:runs",
    "pretrain": "slicelab.cli.learn_commands:pretrain",
    "suggest": "slicelab.cli.suggest_command:suggest",
    "finetune": "slicelab.cli.learn_commands:finetune",
    "predict": "slicelab.cli.learn_commands:predict",
    "resume": "slicelab.cli.learn_commands:resume",
    "evaluate": "slicelab.cli.learn_commands:evaluate",
    "export": "slicelab.cli.project_commands:export",
    "export-model": "slicelab.cli.model_commands:export_model",
    "apply": "slicelab.cli.model_commands:apply",
    "corrections": "slicelab.cli.corrections_command:corrections",
    "compare": "slicelab.cli.cross_commands:compare",
    "crossvalidate": "slicelab.cli.cross_commands:crossvalidate",
    "readers": "slicelab.cli.readers_command:readers",
    "report": "slicelab.cli.report_command:report",
    "destreak": "slicelab.cli.destreak_command:destreak",
    "presets": "slicelab.cli.preset_commands:presets",
    "open": "slicelab.cli.system_commands:open_",
    "doctor": "slicelab.cli.system_commands:doctor",
}


class Commands(TyperGroup):
    """Commands whose wrong use is one JSON object too, where ``--json`` was asked for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = LateCommands(_COMMANDS)

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **extra: Any) -> Any:
        """Read the words before the command."""
        as_json = "--json" in args
        with _misuse_said(as_json=as_json):
            context = super().make_context(info_name, args, *more, **extra)
        context.meta[_AS_JSON] = as_json
        return context

    def invoke(self, ctx: Any) -> Any:
        """Read the command's own words and run it."""
        with _misuse_said(as_json=ctx.meta[_AS_JSON]):
            return super().invoke(ctx)


@contextmanager
def _misuse_said(*, as_json: bool) -> Iterator[None]:
    try:
        yield
    except TyperException as error:  # its words go to stderr, with exit code 2, as without --json
        error.message = error.message.removeprefix(_CHECKED)
        if as_json:
            write_error(SlicelabError(error.format_message(), "See --help."))
        raise


app = typer.Typer(
    name="slicelab",
    cls=Commands,
    help="Medical image annotation that learns. Research use only. Not a medical device.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Without a command, open the window."""
    if version:
        typer.echo(f"slicelab {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from slicelab.cli.system_commands import start_window

        with reporting(Output(as_json=False)):
            raise typer.Exit(start_window(None))

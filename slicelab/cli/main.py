"""The command line: a table of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from slicelab import __version__
from slicelab.cli import learn_commands, model_commands, project_commands
from slicelab.cli.corrections_command import corrections
from slicelab.cli.cross_commands import compare, crossvalidate
from slicelab.cli.destreak_command import destreak
from slicelab.cli.output import Output, reporting, write_error
from slicelab.cli.preset_commands import presets
from slicelab.cli.readers_command import readers
from slicelab.cli.report_command import report
from slicelab.cli.suggest_command import suggest
from slicelab.cli.system_commands import demo, doctor, open_, start_window
from slicelab.core.errors import SlicelabError

_AS_JSON = "slicelab.json"
_CHECKED = "Value error, "
"""What the library that checks values puts before what is wrong with one."""


class Commands(TyperGroup):
    """Commands whose wrong use is one JSON object too, where ``--json`` was asked for."""

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

for command_name, command in (
    ("demo", demo),
    ("new", project_commands.new),
    ("add-class", project_commands.add_class),
    ("rename-class", project_commands.rename_class),
    ("import", project_commands.import_),
    ("label", project_commands.label),
    ("cases", project_commands.cases),
    ("runs", project_commands.runs),
    ("pretrain", learn_commands.pretrain),
    ("suggest", suggest),
    ("finetune", learn_commands.finetune),
    ("predict", learn_commands.predict),
    ("resume", learn_commands.resume),
    ("evaluate", learn_commands.evaluate),
    ("export", project_commands.export),
    ("export-model", model_commands.export_model),
    ("apply", model_commands.apply),
    ("corrections", corrections),
    ("compare", compare),
    ("crossvalidate", crossvalidate),
    ("readers", readers),
    ("report", report),
    ("destreak", destreak),
    ("presets", presets),
    ("open", open_),
    ("doctor", doctor),
):
    app.command(command_name)(command)


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
        with reporting(Output(as_json=False)):
            raise typer.Exit(start_window(None))

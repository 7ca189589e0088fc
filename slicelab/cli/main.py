"""The command line: a table of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from slicelab import __version__
from slicelab.cli import learn_commands, model_commands, project_commands
from slicelab.cli.preset_commands import presets
from slicelab.cli.system_commands import demo, doctor, open_, start_window

app = typer.Typer(
    name="slicelab",
    help="Medical image annotation that learns. Research use only. Not a medical device.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command_name, command in (
    ("demo", demo),
    ("new", project_commands.new),
    ("import", project_commands.import_),
    ("label", project_commands.label),
    ("cases", project_commands.cases),
    ("runs", project_commands.runs),
    ("pretrain", learn_commands.pretrain),
    ("finetune", learn_commands.finetune),
    ("predict", learn_commands.predict),
    ("resume", learn_commands.resume),
    ("evaluate", learn_commands.evaluate),
    ("export", project_commands.export),
    ("export-model", model_commands.export_model),
    ("apply", model_commands.apply),
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
        raise typer.Exit(start_window(None))

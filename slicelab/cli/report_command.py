"""The command that writes the methods report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slicelab.cli.arguments import JsonOption, ProjectArgument
from slicelab.cli.output import Output, reporting
from slicelab.core.errors import SlicelabError
from slicelab.data.atomic import replace_from_temp, write_bytes
from slicelab.engine.session import Session


def report(
    project: ProjectArgument,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file: .html or .pdf.", show_default=False)],
    run: Annotated[str | None, typer.Option(help="The model. Default: the newest that has predicted.")] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of reference masks named like the cases.")
    ] = None,
    reader: Annotated[
        str | None, typer.Option(metavar="NAME", help="The reader whose labels it is about. Default: the first.")
    ] = None,
    pseudonymise: Annotated[
        bool, typer.Option("--pseudonymise", help="Number cases and patients anew instead of giving their ids.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file of this name.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write what was done and measured as one page to hand on, without names."""
    output = Output(as_json=as_json)
    with reporting(output):
        ending = out.suffix.lower()
        if ending not in (".html", ".pdf"):
            raise SlicelabError("The report is written as .html or .pdf.", "Give --out such a name.")
        if out.exists() and not overwrite:
            raise SlicelabError("There is a file of this name already.", "Choose another one, or use --overwrite.")
        from slicelab.engine.report import methods_report
        from slicelab.engine.report_page import page

        with Session.open(project, read_only=True, reader=reader) as session:
            made = methods_report(session, run, against=against, anew=pseudonymise)
        html = page(made)
        if ending == ".html":
            write_bytes(out, html.encode())
        else:
            from slicelab.app.report_pdf import write_pdf

            with replace_from_temp(out) as partial:
                write_pdf(html, partial)
        facts = {"out": str(out), "sections": [section.title for section in made.sections]}
        output.result(facts, f"Wrote the methods report to {out}.")

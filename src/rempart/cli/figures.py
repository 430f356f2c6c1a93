"""`rempart figures`: what to publish, recomputed from the ledger alone."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from rempart.cli import show
from rempart.cli.acting import Slug, looking
from rempart.cli.words import new_file
from rempart.errors import Unavailable

app = typer.Typer(help="Figures for transparency reports.", no_args_is_help=True)


@app.callback()
def figures() -> None:
    """Figures for transparency reports."""


@app.command("export", epilog="Example: rempart figures export --from 2026-01-01 --to 2026-12-31 --format csv")
def export(
    *,
    first: Annotated[str, typer.Option("--from", help="First day, such as 2026-01-01; default: of last year.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day, such as 2026-12-31.")] = "",
    file_format: Annotated[Literal["csv", "json"], typer.Option("--format", help="How they are written.")] = "json",
    out: Annotated[Path | None, typer.Option(help="New file; default: standard output.")] = None,
    organisation: Slug = None,
    json_output: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> int:
    """Write the figures of a period."""
    import json

    from rempart.cases.transparency.writing import as_csv, last_year, period_of, report
    from rempart.people.queries import organisations

    with looking(organisation) as (desk, reader, mine):
        chosen = (first, last) if first or last else last_year(desk.clock())
        period = period_of(*chosen)
        name = next(one.name for one in organisations(reader) if one.id == mine)
        made = report(reader, mine, name, period, desk.clock())
    as_json = json_output or file_format == "json"
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n" if as_json else as_csv(made["figures"])
    with new_file(out) as file:
        if file.write(text.encode()) is None:
            raise Unavailable("the figures were not written whole; make room and try again")
    entry = made["ledger"]["entry"]
    show.say(f"{len(made['figures'])} figures from {made['from']} to {made['to']}, computed up to entry {entry}")
    return 0

"""`rempart organisations`: the tenants of this installation."""

from dataclasses import asdict
from typing import Annotated

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, cells

app = typer.Typer(help="Show and found organisations.", no_args_is_help=True)
VERSION = 1


@app.command("ls", epilog="Example: rempart organisations ls --json")
def ls(*, json_output: JsonOutput = False) -> int:
    """List the organisations, the oldest first."""
    from rempart.people import queries
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.reading() as reader:
        rows = [asdict(one) for one in queries.organisations(reader)]
    if json_output:
        show.data({"version": VERSION, "organisations": rows})
    else:
        show.table("", ("organisation", "short name", "name"), [cells(row) for row in rows])
    return 0


app.command("list", hidden=True, epilog="Example: rempart organisations list")(ls)


@app.command("add", epilog="Example: rempart organisations add hotline --name 'Example hotline'")
def add(
    slug: Annotated[str, typer.Argument(help="Short name: small letters, digits, hyphens.")],
    *,
    name: Annotated[str, typer.Option(help="Name that pages show.")],
    json_output: JsonOutput = False,
) -> int:
    """Found an organisation: its records are its own."""
    from rempart.people import organisations
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.writing() as writer:
        made = organisations.add(writer, slug, name, desk.clock())
    if json_output:
        show.data({"version": VERSION, **asdict(made)})
    else:
        show.say(f"organisation `{made.slug}` is founded; invite its administrator with `rempart people invite`")
    return 0

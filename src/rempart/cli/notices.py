"""`rempart notices`: notices by mail that wait, or are repeated."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rempart.facts.people import Actor
    from rempart.reporting.queries import Row
    from rempart.wiring.desk import Desk

app = typer.Typer(help="See which notices to hosts wait, and stop repeats.", no_args_is_help=True)
VERSION = 1
COLUMNS = ("report", "case", "recipient", "state", "sent", "next", "because")
Slug = Annotated[str | None, typer.Option("--organisation", help="Whose; not needed where there is only one.")]
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WAITING, OVER = ("waiting", "mailing"), ("waiting", "mailing", "over")


@app.command("list", epilog="Example: rempart notices list --all")
def listed(
    *,
    over: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """List notices by mail, what leaves next first."""
    from rempart.reporting.mailing import queries

    with _records(organisation) as (desk, actor), desk.database.reading() as reader:
        found = [_told(row) for row in queries.rounds(reader, actor.organisation, OVER if over else WAITING)]
    if json_output:
        show.data({"version": VERSION, "notices": found})
    else:
        show.table("", COLUMNS, [[one[name] for name in COLUMNS] for one in found])
    return 0


@app.command("stop", epilog="Example: rempart notices stop 12 --case 7")
def stop(
    report: Annotated[int, typer.Argument(help="Number of the report.")],
    *,
    case: Annotated[int, typer.Option(help="Number of its case, to be sure that it is the right one.")],
    organisation: Slug = None,
) -> int:
    """Stop repeating a notice that has left."""
    from rempart.errors import UserMistake
    from rempart.reporting.guards import row_of
    from rempart.reporting.mailing import ordering

    with _records(organisation) as (desk, actor), desk.database.writing() as writer:
        if row_of(writer, actor.organisation, report)["case_id"] != case:
            raise UserMistake(f"report {report} is not about case {case}; nothing was changed")
        ordering.stop(writer, actor, report, desk.clock())
    show.say(f"report {report} is not repeated any more")
    return 0


@contextmanager
def _records(slug: str | None) -> "Iterator[tuple[Desk, Actor]]":
    """The desk, and the operator of the organisation."""
    from rempart.facts.people import operator
    from rempart.people import organisations
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        with desk.database.reading() as reader:
            organisation = organisations.find(reader, slug)
        yield desk, operator(organisation.id)


def _told(row: "Row") -> dict[str, Any]:
    return {
        "report": row["report"],
        "case": row["case_id"],
        "recipient": row["recipient"],
        "state": row["state"],
        "sent": row["times"],
        "next": f"{row['next_at']:%Y-%m-%dT%H:%M:%SZ}" if row["state"] == "waiting" else "",
        "because": row["because"],
    }

"""`rempart erasures`: requests to erase what is kept about a person."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, looking, written

if TYPE_CHECKING:
    from rempart.cases.erasure.looking import Subject
    from rempart.cases.erasure.requests import About
    from rempart.storage.database import Reader

app = typer.Typer(help="Answer requests for erasure.", no_args_is_help=True)
VERSION = 1
Number = Annotated[str, typer.Argument(help="Number of the request, such as E-7KQ2-M4XT-90FB.")]
Cases = Annotated[list[int] | None, typer.Option("--case", help="A case that is about the person; may be repeated.")]
Notices = Annotated[list[str] | None, typer.Option("--notice", help="A notice that they gave; may be repeated.")]


@app.command("add", epilog="Example: rempart erasures add --words-from letter.txt --received-at 2026-11-22T09:30:00Z")
def add(
    *,
    words_from: Annotated[Path, typer.Option(help="File with who asks and for what; it is sealed.")],
    received_at: Annotated[str, typer.Option(help="When it came, with its offset; its month runs from then.")],
    language: Annotated[Literal["en", "fr"], typer.Option(help="Language of the answer.")] = "en",
    organisation: Slug = None,
) -> int:
    """Register a request; its month begins."""
    from rempart.cases.erasure import requests
    from rempart.cli.words import bytes_of

    words = bytes_of(words_from).decode("utf-8", "replace")
    with acting(organisation) as (desk, writer, actor):
        at = _moment(received_at)
        print(requests.receive(writer, desk.fields, actor, words, language, at, desk.clock()))
    return 0


@app.command("list", epilog="Example: rempart erasures list --json")
def list_(*, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Show the requests, open ones first."""
    from rempart.cases.erasure import requests

    with looking(organisation) as (desk, reader, mine):
        found = requests.listed(reader, desk.fields, mine)
    rows = [
        {
            "number": one.number,
            "received_at": written(one.received_at),
            "state": one.state,
            "answered_at": written(one.answered_at),
            "waits": one.waits,
        }
        for one in found
    ]
    if json_output:
        show.data({"version": VERSION, "erasures": rows})
    else:
        columns = ("number", "received_at", "state", "answered_at", "waits")
        show.table("", columns, [[str(row[name] or "") for name in columns] for row in rows])
    return 0


@app.command("look", epilog="Example: rempart erasures look --case 12 --notice N-7KQ2-M4XT-90FB")
def look(
    *, case: Cases = None, notice: Notices = None, organisation: Slug = None, json_output: JsonOutput = False
) -> int:
    """Say what may go and what keeps the rest."""
    from rempart.cases.erasure import requests

    with looking(organisation) as (desk, reader, mine):
        about = _about(reader, mine, case, notice)
        found = requests.look(reader, mine, about, desk.settings.desk.appeal_days, desk.clock())
    _tell(found, json_output=json_output)
    return 0


@app.command("answer", epilog="Example: rempart erasures answer E-7KQ2-M4XT-90FB --case 12 --confirm E-7KQ2-M4XT-90FB")
def answer(
    number: Number,
    *,
    case: Cases = None,
    notice: Notices = None,
    confirm: Annotated[str, typer.Option(help="The number of the request once more: what goes is gone for good.")],
    organisation: Slug = None,
) -> int:
    """Erase what may go; print the answer to send."""
    from rempart.cases.erasure import requests
    from rempart.cases.intake.numbers import read_number
    from rempart.errors import UserMistake

    if read_number(confirm) != read_number(number):
        raise UserMistake("that is not the number of the request; nothing was erased")
    with acting(organisation) as (desk, writer, actor):
        about = _about(writer, actor.organisation, case, notice)
        days, now = desk.settings.desk.appeal_days, desk.clock()
        text = requests.answer(
            writer, desk.vault, desk.fields, actor, read_number(number), about, appeal_days=days, now=now
        )
    print(text)
    return 0


def _about(reader: "Reader", organisation: int, cases: list[int] | None, notices: list[str] | None) -> "About":
    from rempart.cases.erasure.requests import About
    from rempart.cases.intake.numbers import read_number
    from rempart.reporting import queries as reports

    chosen = tuple(cases or ())
    busy = frozenset(one for one in chosen if reports.waits(reader, organisation, one))
    return About(chosen, tuple(read_number(one) for one in notices or ()), busy)


def _tell(found: "list[Subject]", *, json_output: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            "kind": one.kind,
            "id": one.id,
            "may_go": one.may_go,
            "gone": one.gone,
            "reasons": [{"code": why.code, "until": written(why.until), "basis": why.basis} for why in one.reasons],
        }
        for one in found
    ]
    if json_output:
        show.data({"version": VERSION, "things": rows})
        return
    for row in rows:
        why = ", ".join(
            " ".join(filter(None, (one["code"], one["basis"], one["until"] and f"until {one['until']}")))
            for one in row["reasons"]
        )
        print(f"{row['kind']} {row['id']}: {'gone already' if row['gone'] else why or 'may go'}")


def _moment(text: str) -> datetime:
    from rempart.cases.intake.moments import moment_of
    from rempart.errors import UserMistake

    found = moment_of(text, "received_at")
    if found is None:
        raise UserMistake("`received_at` is missing: a time is never filled in for you; write it")
    return found

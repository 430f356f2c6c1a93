"""`rempart orders`: the register of authorities' orders."""

from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rempart.cli import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rempart.cases.orders.records import Order, Sent
    from rempart.facts.people import Actor
    from rempart.storage.database import Writer
    from rempart.wiring.desk import Desk

app = typer.Typer(help="Answer authorities' orders before their time.", no_args_is_help=True)
VERSION = 1
FOUND = 10
Number = Annotated[str, typer.Argument(help="Number of the order, such as N-7KQ2-M4XT-90FB.")]
At = Annotated[str, typer.Option(help="When, such as 2026-11-22T09:30:00Z.")]
Text = Annotated[str, typer.Option(help="In a sentence, without any content.")]
Slug = Annotated[str | None, typer.Option("--organisation", help="Whose order; not needed where there is only one.")]
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Method = Literal["call_back", "known_address", "signature", "portal", "in_person"]
Reason = Literal["force_majeure", "unclear", "not_found", "not_ours", "other_law"]
About = Literal["abuse_material", "ai_material", "contact", "blackmail", "live", "place", "other"]


@app.command(
    "add",
    epilog="Example: rempart orders add --kind fr_removal --authority OFAC --reference 2026-117 "
    "--legal-basis 'LCEN 6-1' --received-at 2026-11-22T09:30:00Z --about abuse_material --urls-from addresses.txt",
)
def add(
    *,
    kind: Annotated[str, typer.Option(help="fr_removal, tco_removal, dsa_9 or dsa_10.")],
    authority: Annotated[str, typer.Option(help="Who sent it.")],
    reference: Annotated[str, typer.Option(help="The authority's own reference.")],
    legal_basis: Annotated[str, typer.Option(help="The law that the order names.")],
    received_at: Annotated[str, typer.Option(help="When it reached you, with its offset; starts the clock.")],
    about: Annotated[About, typer.Option(help="What it is about.")],
    urls_from: Annotated[Path | None, typer.Option(help="File with an address on each line, - for input.")] = None,
    accounts_from: Annotated[Path | None, typer.Option(help="File with an account on each line.")] = None,
    reasons_from: Annotated[Path | None, typer.Option(help="File with the reasons that the order gives.")] = None,
    territory: Annotated[str, typer.Option(help="Where it applies, if the order says.")] = "",
    language: Annotated[Literal["en", "fr"], typer.Option(help="Language of the order.")] = "en",
    due_at: Annotated[str, typer.Option(help="The time that the order itself sets.")] = "",
    user_wait_until: Annotated[str, typer.Option(help="The user must not be told before.")] = "",
    organisation: Slug = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what its clock would be; add nothing.")] = False,
    json_output: JsonOutput = False,
) -> int:
    """Add an order to the register and start its clock."""
    from rempart.cases.intake.urls import normalise
    from rempart.cases.orders import register
    from rempart.cases.orders.records import Sent

    sent = Sent(
        kind,
        authority,
        reference,
        legal_basis,
        _moment(received_at, "received-at"),
        about,
        tuple(dict.fromkeys(normalise(line) for line in _lines(urls_from))),
        tuple(dict.fromkeys(_lines(accounts_from))),
        "\n".join(_lines(reasons_from)),
        territory,
        language,
        _moment(due_at, "due-at") if due_at else None,
        _moment(user_wait_until, "user-wait-until") if user_wait_until else None,
    )
    if dry_run:
        return _foresee(sent)
    with _register(organisation, founds=True) as (desk, actor):
        with desk.database.writing() as writer:
            added = register.add(writer, desk.intake, actor, sent, desk.clock())
        if added.again:
            show.say("this order is in the register already; nothing was added")
        return _show(added.order, desk.clock(), json_output=json_output)


@app.command("list", epilog="Example: rempart orders list --json")
def list_(
    *,
    ended: Annotated[bool, typer.Option("--ended", help="Those that were answered, newest first.")] = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Show the orders whose clock runs, due first."""
    from rempart.cases.orders import register

    with _register(organisation) as (desk, actor), desk.database.reading() as reader:
        page = register.ended if ended else register.running
        orders, more = page(reader, desk.fields, actor.organisation, limit=register.LARGEST_PAGE)
        now = desk.clock()
    if json_output:
        show.data({"version": VERSION, "orders": [_told(one, now) for one in orders], "more": more is not None})
    else:
        columns = ("number", "kind", "authority", "reference", "state", "due at", "left")
        show.table("", columns, [_row(one, now) for one in orders])
        if more is not None:
            show.say(f"there are more than {register.LARGEST_PAGE}; the console shows all of them")
    return FOUND if any(one.runs and one.left(now).total_seconds() < 0 for one in orders) else 0


@app.command("show", epilog="Example: rempart orders show N-7KQ2-M4XT-90FB")
def show_order(
    number: Number,
    *,
    content: Annotated[bool, typer.Option("--content", help="Also addresses, accounts and reasons.")] = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Show one order: clock, sender, effect."""
    from rempart.cases.intake.numbers import read_number
    from rempart.cases.orders import register

    with _register(organisation) as (desk, actor), desk.database.reading() as reader:
        order = register.get(reader, desk.fields, actor.organisation, read_number(number))
        return _show(order, desk.clock(), json_output=json_output, content=content)


@app.command("authenticate", epilog="Example: rempart orders authenticate N-7KQ2-M4XT-90FB --how call_back")
def authenticate(
    number: Number,
    *,
    how: Annotated[Method, typer.Option(help="How you made sure who sent it.")],
    note: Annotated[str, typer.Option(help="Whom you called, which signature it was.")] = "",
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Say how you verified who sent the order."""
    from rempart.cases.orders import register

    return _step(
        organisation,
        number,
        lambda writer, desk, actor, number: register.authenticate(
            writer, desk.fields, actor, number, how, note, desk.clock()
        ),
        json_output=json_output,
    )


@app.command(
    "executed",
    epilog="Example: rempart orders executed N-7KQ2-M4XT-90FB --at 2026-11-22T11:00:00Z --effect '3 files removed'",
)
def executed(
    number: Number, *, at: At, effect: Text, organisation: Slug = None, json_output: JsonOutput = False
) -> int:
    """Say what effect was given to the order, and when."""
    from rempart.cases.orders import register

    when = _moment(at, "at")
    return _step(
        organisation,
        number,
        lambda writer, desk, actor, number: register.execute(
            writer, desk.fields, actor, number, effect, when, desk.clock()
        ),
        json_output=json_output,
    )


@app.command(
    "impossible",
    epilog="Example: rempart orders impossible N-7KQ2-M4XT-90FB --reason unclear --text 'the address lacks its end'",
)
def impossible(
    number: Number,
    *,
    reason: Annotated[Reason, typer.Option(help="Why.")],
    text: Text,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Say why the order cannot be carried out."""
    from rempart.cases.orders import register

    return _step(
        organisation,
        number,
        lambda writer, desk, actor, number: register.impossible(
            writer, desk.fields, actor, number, reason, text, desk.clock()
        ),
        json_output=json_output,
    )


@app.command(
    "challenge", epilog="Example: rempart orders challenge N-7KQ2-M4XT-90FB --text 'brought to the court today'"
)
def challenge(number: Number, *, text: Text, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Note that the order is contested; its clock goes on."""
    from rempart.cases.orders import register

    return _step(
        organisation,
        number,
        lambda writer, desk, actor, number: register.challenge(writer, desk.fields, actor, number, text, desk.clock()),
        json_output=json_output,
    )


@app.command("resume", epilog="Example: rempart orders resume N-7KQ2-M4XT-90FB --at 2026-11-23T08:00:00Z")
def resume(number: Number, *, at: At, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Say when what made it impossible ended."""
    from rempart.cases.orders import register

    when = _moment(at, "at")
    return _step(
        organisation,
        number,
        lambda writer, desk, actor, number: register.resume(writer, desk.fields, actor, number, when, desk.clock()),
        json_output=json_output,
    )


@app.command("user-told", epilog="Example: rempart orders user-told N-7KQ2-M4XT-90FB --at 2026-11-22T12:00:00Z")
def user_told(number: Number, *, at: At, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Say when the user was told of the order."""
    from rempart.cases.orders import register

    when = _moment(at, "at")
    return _step(
        organisation,
        number,
        lambda writer, desk, actor, number: register.user_told(writer, desk.fields, actor, number, when, desk.clock()),
        json_output=json_output,
    )


def _step(
    organisation: str | None,
    number: str,
    step: "Callable[[Writer, Desk, Actor, str], Order]",
    *,
    json_output: bool,
) -> int:
    from rempart.cases.intake.numbers import read_number

    with _register(organisation) as (desk, actor):
        with desk.database.writing() as writer:
            order = step(writer, desk, actor, read_number(number))
        return _show(order, desk.clock(), json_output=json_output)


@contextmanager
def _register(slug: str | None, *, founds: bool = False) -> "Iterator[tuple[Desk, Actor]]":
    """The desk, and the operator of the organisation. founds: the first one is founded when there is none."""
    from rempart.facts.people import operator
    from rempart.people import organisations
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        if founds:
            with desk.database.writing() as writer:
                organisation = organisations.chosen(writer, slug, desk.clock())
        else:
            with desk.database.reading() as reader:
                organisation = organisations.find(reader, slug)
        yield desk, operator(organisation.id)


def _moment(text: str, name: str) -> datetime:
    from rempart.cases.intake.moments import moment_of
    from rempart.errors import UserMistake

    found = moment_of(text.strip(), f"--{name}")
    if found is None:
        raise UserMistake(f"`--{name}` is empty; write it as 2026-11-22T09:30:00Z")
    return found


def _lines(file: Path | None) -> list[str]:
    from rempart.cli.words import bytes_of

    lines = bytes_of(file).decode("utf-8-sig", "replace").splitlines() if file else []
    return [line.strip() for line in lines if line.strip()]


def _foresee(sent: "Sent") -> int:
    from rempart.cases.orders.kinds import kind

    what = kind(sent.kind)
    by = "the law" if what.clock == "law" else "our own target"
    show.say(f"nothing was added; it would be due at {what.due_at(sent.received_at, sent.stated_due_at)} ({by})")
    show.say(f"source: {what.source}, as of {what.as_of}")
    return 0


def _show(order: "Order", now: datetime, *, json_output: bool, content: bool = False) -> int:
    told = _told(order, now)
    if content:
        told |= {"urls": list(order.urls), "accounts": list(order.accounts), "reasons": order.reasons}
    if json_output:
        show.data({"version": VERSION, "order": told})
    else:
        show.table("", ("order", ""), [(name.replace("_", " "), _cell(value)) for name, value in told.items()])
    return 0


def _told(order: "Order", now: datetime) -> dict[str, Any]:
    return {
        "number": order.number,
        "kind": order.kind.id,
        "authority": order.authority,
        "reference": order.reference,
        "legal_basis": order.legal_basis,
        "territory": order.territory,
        "state": order.state,
        "received_at": _written(order.received_at),
        "due_at": _written(order.due_at),
        "minutes_left": int(order.left(now).total_seconds() // 60) if order.runs else None,
        "clock": order.kind.clock,
        "authentication": order.authentication,
        "authenticated_at": _written(order.authenticated_at),
        "authenticated_by": order.authenticated_by,
        "effect": order.effect,
        "effect_at": _written(order.effect_at),
        "challenge": order.challenge,
        "ended_at": _written(order.ended_at),
        "ended_by": order.ended_by,
        "user_wait_until": _written(order.user_wait_until),
        "user_told_at": _written(order.user_told_at),
        "cases": list(order.cases),
    }


def _row(order: "Order", now: datetime) -> tuple[object, ...]:
    minutes = int(order.left(now).total_seconds() // 60)
    left = (
        "" if not order.runs else f"LATE {-minutes} min" if minutes < 0 else f"{minutes // 60} h {minutes % 60:02} min"
    )
    return (
        order.number,
        order.kind.id,
        order.authority,
        order.reference,
        order.state,
        _written(order.due_at),
        left,
    )


def _written(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)

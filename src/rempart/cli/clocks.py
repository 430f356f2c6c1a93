"""`rempart clocks`: what is due, and the rules of law that it comes from."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, looking, written

if TYPE_CHECKING:
    from rempart.reporting.calendar import Due

app = typer.Typer(help="See what is due, and keep legal clocks.", no_args_is_help=True)
VERSION = 1
FOUND = 10
Number = Annotated[int, typer.Argument(help="Number of the clock.")]
At = Annotated[str, typer.Option(help="When, with its offset, such as 2026-11-22T09:30:00Z; default: now.")]


@app.command("rules", epilog="Example: rempart clocks rules --json")
def rules(*, json_output: JsonOutput = False) -> int:
    """Show the rules of law, with their sources."""
    from rempart.law import laws

    if json_output:
        rows = [asdict(one) | {"duration": dict(one.duration), "pauses": list(one.pauses)} for one in laws().values()]
        show.data({"version": VERSION, "rules": rows})
        return 0
    cells = [(one.id, one.kind, "yes" if one.in_force else "no", one.en, one.source) for one in laws().values()]
    show.table("", ("rule", "kind", "in force", "what", "source"), cells)
    return 0


@app.command("list", epilog="Example: rempart clocks list")
def list_(*, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Show all that is due: orders, appeals, reports, duties."""
    from rempart.reporting.calendar import due

    with looking(organisation) as (desk, reader, mine):
        now = desk.clock()
        rows = [_row(one, now) for one in due(reader, mine, "en", now)]
    if json_output:
        show.data({"version": VERSION, "due": rows})
    else:
        columns = ("kind", "name", "due_at", "late", "paused", "jurisdiction", "rule")
        show.table("", columns, [[_cell(row[name]) for name in columns] for row in rows])
    return FOUND if any(row["late"] for row in rows) else 0


@app.command("start", epilog="Example: rempart clocks start uk.question --about report:7")
def start(
    rule: Annotated[str, typer.Argument(help="Rule of law, as `rempart clocks rules` names it.")],
    *,
    about: Annotated[str, typer.Option(help="What it is about, such as report:7.")],
    at: At = "",
    case: Annotated[int | None, typer.Option(help="The case that it presses.")] = None,
    organisation: Slug = None,
) -> int:
    """Start a clock; the same one twice is one."""
    from rempart.cases.clocks import clocks

    with acting(organisation) as (desk, writer, actor):
        now = desk.clock()
        made = clocks.start(writer, actor, rule, about, _moment(at) or now, now, case_id=case)
    print(made)
    return 0


@app.command("pause", epilog="Example: rempart clocks pause 3 --reason clarification")
def pause(
    clock: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why it stands still; the rule names its reasons.")],
    at: At = "",
    organisation: Slug = None,
) -> int:
    """Let a clock stand still, where its rule allows it."""
    from rempart.cases.clocks import clocks

    with acting(organisation) as (desk, writer, actor):
        clocks.pause(writer, actor, clock, reason, _moment(at) or desk.clock(), desk.clock())
    return 0


@app.command("resume", epilog="Example: rempart clocks resume 3")
def resume(clock: Number, *, at: At = "", organisation: Slug = None) -> int:
    """Let it run: on, or anew, as its rule says."""
    from rempart.cases.clocks import clocks

    with acting(organisation) as (desk, writer, actor):
        clocks.resume(writer, actor, clock, _moment(at) or desk.clock(), desk.clock())
    return 0


@app.command("end", epilog="Example: rempart clocks end 3 --how answered")
def end(
    clock: Number,
    *,
    how: Annotated[str, typer.Option(help="What ended it, in a word or two.")],
    organisation: Slug = None,
) -> int:
    """The duty is done."""
    from rempart.cases.clocks import clocks

    with acting(organisation) as (desk, writer, actor):
        in_time = clocks.end(writer, actor, clock, how, desk.clock())
    show.say("in time" if in_time else "late")
    return 0 if in_time else FOUND


def _row(one: "Due", now: datetime) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "name": one.name,
        "clock": one.clock,
        "case": one.case_id,
        "due_at": written(one.at),
        "late": one.late(now),
        "paused": one.paused or None,
        "jurisdiction": one.jurisdiction,
        "rule": one.rule or None,
        "source": one.source or None,
    }


def _cell(value: Any) -> str:
    return {None: "", True: "yes", False: "no"}.get(value, str(value)) if not isinstance(value, str) else value


def _moment(text: str) -> datetime | None:
    from rempart.cases.intake.moments import moment_of

    return moment_of(text, "at")

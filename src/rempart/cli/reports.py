"""`rempart reports`: what the desk reports, from draft to receipt, for people and for scripts."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, cells, looking, written

if TYPE_CHECKING:
    from datetime import datetime

    from rempart.facts.people import Actor
    from rempart.reporting.drafting import Looked, Reporting
    from rempart.storage.database import Writer

app = typer.Typer(help="Report what was decided.", no_args_is_help=True)
VERSION = 1
MOST_SHOWN = 200
WAITS = 10
Number = Annotated[int, typer.Argument(min=1, max=2**53, help="Number of the report.")]
Confirmed = Annotated[
    int | None,
    typer.Option("--case", min=1, help="Number of its case, to confirm: you are asked for it where this is left out."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the exact bytes; change nothing.")]


@app.command("list", epilog="Example: rempart reports list --state draft --json")
def list_(
    *,
    state: Annotated[str, typer.Option(help="Only those in this state; default: all that have not ended.")] = "",
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Show reports, due first. Exit code 10: some wait for people."""
    from typing import get_args

    from rempart.errors import UserMistake
    from rempart.facts.report import OPEN_STATES, ReportState
    from rempart.reporting import queries

    if state and state not in get_args(ReportState):
        raise UserMistake(f"there is no state `{state[:20]}`; states are {', '.join(get_args(ReportState))}")
    with looking(organisation) as (_, reader, mine):
        rows = queries.waiting(reader, mine, (state,) if state else OPEN_STATES, MOST_SHOWN)
    told = [_row(row) for row in rows]
    if json_output:
        show.data({"version": VERSION, "reports": told})
    else:
        show.table("", tuple(told[0]) if told else ("report",), [cells(one) for one in told])
    return WAITS if any(row["state"] in ("draft", "approved", "needs_people") for row in rows) else 0


@app.command("recipients", epilog="Example: rempart reports recipients")
def recipients(*, json_output: JsonOutput = False) -> int:
    """Show to whom reports can be made, and what each asks."""
    from rempart.reporting.recipients import RECIPIENTS

    told: list[dict[str, Any]] = [
        {
            "recipient": name,
            "carries_out": one.carries_out,
            "transport": one.transport,
            "approvals": one.approvals,
            "questions": [f"{each.name}{'*' if each.required else ''}" for each in one.questions],
        }
        for name, one in RECIPIENTS.items()
    ]
    if json_output:
        show.data({"version": VERSION, "recipients": told})
    else:
        show.table("", tuple(told[0]), [cells(one) for one in told])
    return 0


@app.command("draft", epilog="Example: rempart reports draft 12 cybertip")
def draft(
    case: Annotated[int, typer.Argument(min=1, help="Number of the decided case.")],
    recipient: Annotated[str, typer.Argument(help="Whom to tell; see `rempart reports recipients`.")],
    *,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Draft a report about a decided case. Nothing leaves."""
    from rempart.reporting import planning
    from rempart.wiring.reporting import reporting_of

    with acting(organisation) as (desk, writer, actor):
        made = planning.draft_by_hand(writer, reporting_of(desk), actor, case, recipient, desk.clock())
    return show_report(made, organisation=organisation, json_output=json_output)


@app.command("show", epilog="Example: rempart reports show 7")
def show_report(number: Number, *, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Show one report: questions, problems, receipts."""
    from rempart.reporting import drafting, queries
    from rempart.wiring.reporting import reporting_of

    with looking(organisation) as (desk, reader, mine):
        looked = drafting.look(reader, reporting_of(desk), mine, number, desk.clock())
        receipts = [
            {
                "at": written(one["at"]),
                "step": one["kind"],
                "request": one["request_id"],
                "sha256": one["content_sha256"],
            }
            for one in queries.receipts(reader, mine, number)
        ]
    if json_output:
        show.data({"version": VERSION, "report": _whole(looked), "receipts": receipts})
    else:
        _print(looked, receipts)
    return 0


@app.command("preview", epilog="Example: rempart reports preview 7 --out report.txt")
def preview(
    number: Number,
    *,
    out: Annotated[Path | None, typer.Option(help="File for the bytes; default: standard output.")] = None,
    organisation: Slug = None,
) -> int:
    """Show the exact bytes that would leave, or left."""
    from rempart.cli.words import new_file
    from rempart.errors import Conflict
    from rempart.reporting import drafting
    from rempart.wiring.reporting import reporting_of

    with looking(organisation) as (desk, reader, mine):
        looked = drafting.look(reader, reporting_of(desk), mine, number, desk.clock())
    if looked.payload is None:
        first = looked.problems[0]
        raise Conflict(f"report {number} cannot be made yet: {first.field}: {first.says}")
    if out is None and sys.stdout.isatty():
        print(_harmless(looked.payload.content))
        return 0
    with new_file(out) as stream:
        stream.write(looked.payload.content)
    return 0


@app.command("answer", epilog="Example: rempart reports answer 7 --set danger_now=no --from answers.json")
def answer(
    number: Number,
    *,
    given: Annotated[
        list[str] | None, typer.Option("--set", help="QUESTION=ANSWER; an empty answer takes it back.")
    ] = None,
    answers_from: Annotated[
        Path | None, typer.Option("--from", help="JSON object of questions and answers, - for standard input.")
    ] = None,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Answer questions of a draft.

    What names people or places belongs into a file: a command line stays in the shell's history.
    """
    from rempart.errors import UserMistake
    from rempart.reporting import drafting

    if not all("=" in one for one in given or ()):
        raise UserMistake("an answer is written QUESTION=ANSWER; correct --set")
    answers = {**_read(answers_from), **dict(one.split("=", 1) for one in given or ())}
    if not answers:
        raise UserMistake("nothing was answered; give --set QUESTION=ANSWER or --from FILE")

    def do(writer: "Writer", reporting: "Reporting", actor: "Actor", now: "datetime") -> None:
        drafting.answer(writer, reporting, actor, number, answers, now)

    return _step(do, number, organisation, json_output=json_output)


@app.command("approve", epilog="Example: rempart reports approve 7 --case 12 --dry-run")
def approve(
    number: Number,
    *,
    case: Confirmed = None,
    dry_run: DryRun = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Answer for a report: its bytes are final, and it leaves."""
    from rempart.reporting import drafting

    if dry_run:
        return preview(number, organisation=organisation)

    def do(writer: "Writer", reporting: "Reporting", actor: "Actor", now: "datetime") -> None:
        _confirm(writer, actor, number, case)
        drafting.approve(writer, reporting, actor, number, now)

    return _step(do, number, organisation, json_output=json_output)


@app.command("hand-over", epilog="Example: rempart reports hand-over 7 --case 12 --reference K-2026-7")
def hand_over(
    number: Number,
    *,
    case: Confirmed = None,
    reference: Annotated[str, typer.Option(help="The number that they gave, if they gave one.")] = "",
    dry_run: DryRun = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Say that you handed a sheet over."""
    from rempart.reporting import sending

    if dry_run:
        return preview(number, organisation=organisation)

    def do(writer: "Writer", reporting: "Reporting", actor: "Actor", now: "datetime") -> None:
        _confirm(writer, actor, number, case)
        sending.hand_over(writer, reporting, actor, number, reference, now)

    return _step(do, number, organisation, json_output=json_output)


@app.command("withdraw", epilog="Example: rempart reports withdraw 7 --case 12 --reason 'drafted twice'")
def withdraw(
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="Why, in a sentence without any content.")],
    case: Confirmed = None,
    dry_run: DryRun = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Give a report up before it leaves."""
    from rempart.reporting import drafting

    if dry_run:
        return preview(number, organisation=organisation)

    def do(writer: "Writer", reporting: "Reporting", actor: "Actor", now: "datetime") -> None:  # noqa: ARG001
        _confirm(writer, actor, number, case)
        drafting.withdraw(writer, actor, number, reason, now)

    return _step(do, number, organisation, json_output=json_output)


@app.command("go-on", epilog="Example: rempart reports go-on 7")
def go_on(number: Number, *, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Send on a report that stood still, once it is mended."""
    return _order("go_on", number, None, organisation, json_output=json_output)


@app.command("begin-again", epilog="Example: rempart reports begin-again 7 --case 12")
def begin_again(
    number: Number,
    *,
    case: Confirmed = None,
    dry_run: DryRun = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Send a report anew, when they have no finished one."""
    if dry_run:
        return preview(number, organisation=organisation)
    return _order("begin_again", number, case, organisation, json_output=json_output)


@app.command("retract", epilog="Example: rempart reports retract 7 --case 12")
def retract(
    number: Number,
    *,
    case: Confirmed = None,
    dry_run: DryRun = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Ask the recipient to drop what was begun."""
    if dry_run:
        return preview(number, organisation=organisation)
    return _order("retract", number, case, organisation, json_output=json_output)


def _order(what: str, number: int, case: int | None, organisation: str | None, *, json_output: bool) -> int:
    from rempart.reporting import sending

    def do(writer: "Writer", reporting: "Reporting", actor: "Actor", now: "datetime") -> None:  # noqa: ARG001
        if what != "go_on":
            _confirm(writer, actor, number, case)
        sending.order(writer, actor, number, what, now)

    return _step(do, number, organisation, json_output=json_output)


def _step(
    do: "Callable[[Writer, Reporting, Actor, datetime], None]",
    number: int,
    organisation: str | None,
    *,
    json_output: bool,
) -> int:
    from rempart.wiring.reporting import reporting_of

    with acting(organisation) as (desk, writer, actor):
        do(writer, reporting_of(desk), actor, desk.clock())
    return show_report(number, organisation=organisation, json_output=json_output)


def _confirm(writer: "Writer", actor: "Actor", number: int, case: int | None) -> None:
    """Nothing. Raises UserMistake unless somebody gives the number of the report's case."""
    from rempart.errors import UserMistake
    from rempart.reporting.guards import row_of

    row = row_of(writer, actor.organisation, number)
    if (_asked(row) if case is None else case) != row["case_id"]:
        raise UserMistake(f"report {number} is about another case; look at it again, nothing was changed")


def _asked(row: Any) -> int:
    """The number that somebody at the terminal writes. Raises UserMistake where nobody is there."""
    from rempart.errors import UserMistake

    if not sys.stdin.isatty():
        raise UserMistake("this cannot be undone; give the number of the case with --case")
    show.say(f"report {row['id']} to {row['recipient']} ({row['environment']}): this cannot be undone")
    said = str(typer.prompt("number of its case, to confirm", err=True)).strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0


def _read(file: Path | None) -> dict[str, str]:
    """The answers in the file. Raises UserMistake when there are none."""
    from rempart.cli.words import bytes_of
    from rempart.errors import UserMistake

    if file is None:
        return {}
    try:
        found: Any = json.loads(bytes_of(file))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise UserMistake(f'`{file}` holds no answers; write a JSON object such as {{"danger_now": "no"}}')
    return found


def _harmless(content: bytes) -> str:
    """The bytes as a terminal may show them: what others wrote gives it no orders."""
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(one if one.isprintable() or one in "\n\t" else "\N{REPLACEMENT CHARACTER}" for one in text)


def _row(row: Any) -> dict[str, Any]:
    return {
        "report": row["id"],
        "state": row["state"],
        "recipient": row["recipient"],
        "case": row["case_id"],
        "environment": row["environment"],
        "due_at": written(row["due_at"]),
        "external_id": row["external_id"] or "",
        "problem": row["problem"],
    }


def _whole(looked: "Looked") -> dict[str, Any]:
    """The report as data; what it says of content only by `preview`."""
    return {
        **_row(looked.row),
        "transport": looked.recipient.transport,
        "approvals": looked.recipient.approvals,
        "approved_by": [one for one in (looked.row["approved_by"], looked.row["second_approver"]) if one],
        "payload_sha256": looked.row["payload_sha256"],
        "questions": [
            {
                "name": one.name,
                "asks": one.en,
                "kind": one.kind,
                "choices": ["yes", "no"] if one.kind == "yesno" else list(one.choices),
                "required": one.required,
                "answer": looked.answers.get(one.name),
            }
            for one in looked.recipient.questions
        ],
        "problems": [{"field": one.field, "says": one.says} for one in looked.problems],
    }


def _print(looked: "Looked", receipts: list[dict[str, Any]]) -> None:
    whole = _whole(looked)
    facts = [(name, str(value or "")) for name, value in whole.items() if not isinstance(value, list)]
    show.table("", ("fact", "value"), facts)
    asked = [
        (f"{one['name']}{'*' if one['required'] else ''}", one["asks"], " ".join(one["choices"]), one["answer"] or "")
        for one in whole["questions"]
    ]
    show.table("", ("question (* needed)", "asks", "choices", "answer"), asked)
    for one in looked.problems:
        show.say(f"cannot leave: {one.field}: {one.says}")
    if receipts:
        show.table("", tuple(receipts[0]), [cells(one) for one in receipts])

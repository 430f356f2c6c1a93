"""`rempart bundles`: what partner hotlines and providers send in bulk."""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal, cast

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, looking, written

if TYPE_CHECKING:
    from rempart.cases.bundles.bundle_format import Source
    from rempart.cases.bundles.bundles import Bundle
    from rempart.facts.people import Actor
    from rempart.wiring.desk import Desk

app = typer.Typer(help="Take in what partners send in bulk.", no_args_is_help=True)
VERSION = 1
STOPPED = 130
MISTAKE = 2
MOST_SHOWN = 200
Number = Annotated[str, typer.Argument(help="Number of the bundle, such as B-7KQ2-M4XT-90FB.")]
Name = Annotated[str, typer.Option(help="Short name of who sent it, such as a hotline's.")]
Format = Annotated[Literal["ndjson", "csv", "vics"], typer.Option("--format", help="ndjson, csv or vics.")]
ProfileName = Annotated[str, typer.Option(help="What its categories mean; needed for vics.")]


@app.command(
    "import",
    epilog="Example: rempart bundles import report.json --partner hotline --format vics --profile us --dry-run",
)
def import_(
    file: Annotated[Path, typer.Argument(help="The bundle.")],
    *,
    partner: Name,
    format_name: Format,
    profile: ProfileName = "",
    organisation: Slug = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read everything, say what would come, keep nothing.")
    ] = False,
    json_output: JsonOutput = False,
) -> int:
    """Turn the rows of a bundle into cases; goes on where it was."""
    from rempart.cases.bundles import bundles

    bundles.check(partner, format_name, profile)
    source, size = _source(file)
    if dry_run:
        return _foresee(source, size, partner, format_name, profile, organisation, json_output=json_output)
    with acting(organisation) as (desk, writer, actor):
        with source() as stream:
            digest = file_digest(cast(Any, stream), "sha256").digest()
        name = f"{partner}\n{format_name}\n{profile}\n".encode() + digest
        sending = bundles.Sending(
            partner, format_name, profile, digest, size, f"file:{desk.fields.blind('bundle-request', name)}"
        )
        bundle, again = bundles.receive(writer, desk.intake, actor, sending, desk.clock())
    if again and bundle.state in bundles.ENDED:
        show.say(f"this very file was imported before, as {bundle.number}; nothing was done")
        return _tell(bundle, json_output=json_output)
    if again:
        show.say(f"bundle {bundle.number} goes on behind row {bundle.rows}")
    return _import(bundle, source, size, organisation, json_output=json_output)


@app.command("list", epilog="Example: rempart bundles list --json")
def list_(*, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Show the bundles that came, newest first."""
    from rempart.cases.bundles import bundles

    with looking(organisation) as (_, reader, mine):
        found = bundles.newest(reader, mine, limit=MOST_SHOWN)
    if json_output:
        show.data({"version": VERSION, "bundles": [told(one) for one in found]})
        return 0
    columns = (
        "number",
        "partner",
        "format",
        "state",
        "rows",
        "accepted",
        "duplicate",
        "refused",
        "received at",
        "problem",
    )
    rows = [
        (
            one.number,
            one.partner,
            one.format,
            one.state,
            one.rows,
            one.accepted,
            one.duplicate,
            sum(one.refused.values()),
            written(one.received_at),
            one.problem,
        )
        for one in found
    ]
    show.table("", columns, rows)
    return 0


@app.command("show", epilog="Example: rempart bundles show B-7KQ2-M4XT-90FB --refused")
def show_bundle(
    number: Number,
    *,
    refused: Annotated[bool, typer.Option("--refused", help="Also the refused rows: where, and why.")] = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Show what became of the rows of one bundle."""
    from rempart.cases.bundles import bundles
    from rempart.cases.intake.numbers import read_number

    with looking(organisation) as (_, reader, mine):
        bundle = bundles.get(reader, mine, read_number(number))
        limit = bundles.LARGEST_PAGE
        rows = bundles.refused_rows(reader, mine, bundle, limit=limit) if refused else []
        while rows and len(rows) % limit == 0:
            more = bundles.refused_rows(reader, mine, bundle, rows[-1][0], limit)
            if not more:
                break
            rows += more
    return _tell(bundle, rows if refused else None, json_output=json_output)


def _import(bundle: "Bundle", source: "Source", size: int, organisation: str | None, *, json_output: bool) -> int:
    from rempart.cli.screen import stopped_by_signal
    from rempart.wiring.bundling import import_bundle

    with (
        _operating(organisation) as (desk, actor),
        stopped_by_signal() as stop,
        _progress(source, size) as (watched, tick),
    ):
        done = import_bundle(desk, actor, bundle.id, watched, progress=tick, stopped=stop.is_set)
    if done.state not in ("done", "broken"):
        show.say(f"stopped behind row {done.rows}; the same command goes on there")
        _tell(done, json_output=json_output)
        return STOPPED
    return _tell(done, json_output=json_output)


@contextmanager
def _operating(organisation: str | None) -> "Iterator[tuple[Desk, Actor]]":
    """The desk, and the operator who acts on it in as many units of work as it takes."""
    from rempart.facts.people import operator
    from rempart.people import organisations
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        with desk.database.reading() as reader:
            actor = operator(organisations.find(reader, organisation).id)
        yield desk, actor


def _foresee(
    source: "Source",
    size: int,
    partner: str,
    format_name: str,
    profile: str,
    organisation: str | None,
    *,
    json_output: bool,
) -> int:
    """Says what an import would make of the file. What is remembered of each row is a number."""
    from rempart.cases.bundles.foreseeing import foresee
    from rempart.people import organisations, queries
    from rempart.wiring.bundling import rows_of
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.reading() as reader, _progress(source, size) as (watched, tick):
        known = organisation is not None or queries.organisations(reader)
        mine = organisations.find(reader, organisation).id if known else 0  # nobody has sent anything yet
        rows = rows_of(format_name, profile, watched)
        counts = foresee(reader, desk.fields, mine, partner, rows, tick)
    if json_output:
        show.data({"version": VERSION, "dry_run": True, **counts})
    else:
        show.table("", ("rows", "count"), _counted(counts))
    show.say("nothing was kept")
    return 0


def _source(file: Path) -> "tuple[Source, int]":
    """(what opens the file anew, its size). Standard input is read whole."""
    from rempart.cli.words import bytes_of
    from rempart.errors import UserMistake

    if str(file) == "-":
        content = bytes_of(file)
        return (lambda: io.BytesIO(content)), len(content)
    try:
        with file.open("rb"):
            return (lambda: file.open("rb")), file.stat().st_size
    except OSError as error:
        raise UserMistake(f"`{file}` cannot be read ({error.strerror}); check the path") from None


@contextmanager
def _progress(source: "Source", size: int) -> "Iterator[tuple[Source, Callable[[int], None]]]":
    """(the same source, watched; what draws how far the reading has come, when it is told a number of rows)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("reading"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rows]} rows"),
    )
    bar = Progress(*columns, console=console, auto_refresh=False)
    task = bar.add_task("reading", total=max(size, 1), rows=0)
    opened: list[BinaryIO] = []

    def watched() -> BinaryIO:
        opened[:] = [source()]
        return opened[0]

    def tick(rows: int) -> None:
        if console.is_terminal and opened and not opened[0].closed:
            bar.update(task, completed=opened[0].tell(), rows=rows)
            bar.refresh()

    with bar if console.is_terminal else _Quiet():
        yield watched, tick


class _Quiet:
    """Draws nothing: there is no terminal."""

    def __enter__(self) -> None:
        """Nothing."""

    def __exit__(self, *_error: object) -> None:
        """Nothing."""


def told(bundle: "Bundle") -> dict[str, Any]:
    """The bundle as data."""
    return {
        "bundle": bundle.number,
        "partner": bundle.partner,
        "format": bundle.format,
        "profile": bundle.profile,
        "state": bundle.state,
        **_counts(bundle),
        "cut": bundle.cut,
        "problem": bundle.problem,
        "bytes": bundle.size_bytes,
        "received_at": written(bundle.received_at),
        "ended_at": written(bundle.ended_at),
    }


def _counts(bundle: "Bundle") -> dict[str, Any]:
    return {
        "rows": bundle.rows,
        "accepted": bundle.accepted,
        "duplicate": bundle.duplicate,
        "refused": dict(bundle.refused),
        "set_aside": dict(bundle.set_aside),
    }


def _counted(counts: dict[str, Any]) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [(name, counts[name]) for name in ("rows", "accepted", "duplicate")]
    rows += [(f"refused: {reason}", number) for reason, number in Counter(counts["refused"]).most_common()]
    return rows + [(f"set aside: {reason}", number) for reason, number in Counter(counts["set_aside"]).most_common()]


def _tell(bundle: "Bundle", refused: list[tuple[int, str]] | None = None, *, json_output: bool) -> int:
    rows = [{"position": position, "reason": reason} for position, reason in refused or ()]
    if json_output:
        show.data({"version": VERSION, **told(bundle), **({"refused_rows": rows} if refused is not None else {})})
    else:
        show.table(f"{bundle.number} ({bundle.partner}, {bundle.state})", ("rows", "count"), _counted(_counts(bundle)))
        if refused is not None:
            show.table("", ("row", "reason"), refused)
    if bundle.cut:
        show.say("the file breaks off: what came before is taken")
    if bundle.problem:
        show.say(f"nothing could be read: {bundle.problem}")
    return MISTAKE if bundle.state == "broken" else 0

"""`rempart audit`: the ledger holds, or the first entry that does not; what it says; a checkpoint now."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, looking, written
from rempart.cli.words import bytes_of, new_file, own_public_key, public_key_of
from rempart.errors import UserMistake

if TYPE_CHECKING:
    from collections.abc import Callable

    from rempart.audit.chain import Entry
    from rempart.audit.verifying import Verdict
    from rempart.cases.retelling import Difference
    from rempart.storage.database import Database

app = typer.Typer(help="Check and read the ledger of everything that was done.", no_args_is_help=True)
VERSION = 1
BROKEN = 1
MOST_DIFFERENCES = 20
MOST_SHOWN = 100_000
Day = Annotated[str | None, typer.Option(help="Day, such as 2026-11-22.")]


@app.command("verify", epilog="Example: rempart audit verify --cases")
def verify(
    *,
    cases: Annotated[bool, typer.Option("--cases", help="Also tell every case anew and compare its row.")] = False,
    elsewhere: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that was kept elsewhere; may be repeated.")
    ] = None,
    public_key: Annotated[str | None, typer.Option(help="Public key or its file; default: of this machine.")] = None,
    json_output: JsonOutput = False,
) -> int:
    """Check every entry, the chain, and the signed checkpoints."""
    from rempart import settings as tree
    from rempart.audit.verifying import verify as verified
    from rempart.cases.queries import newest_entry
    from rempart.wiring.desk import checkpoint_folder, open_database

    settings = tree.read()
    key = public_key_of(public_key) if public_key is not None else own_public_key()
    kept = [bytes_of(file) for file in elsewhere or ()]
    with open_database(settings) as database:
        with database.reading() as reader:
            spoken_of = newest_entry(reader)
        verdict = verified(
            database,
            key,
            checkpoint_folder(settings),
            at_least_seq=spoken_of,
            elsewhere=kept,
            progress=show.counter("entries"),
        )
        found, count = _retold(database) if cases else ([], 0)
    if json_output:
        show.data(_told(verdict, found, count, cases=cases))
    else:
        _say(verdict, found, count, cases=cases)
    return 0 if verdict.whole and not count else BROKEN


@app.command("show", epilog="Example: rempart audit show --about case --id 12")
def entries(
    *,
    about: Annotated[str, typer.Option(help="What the entries are about: case, notice, appeal, …")] = "",
    about_id: Annotated[str, typer.Option("--id", help="Which one.")] = "",
    verb: Annotated[str, typer.Option(help="What was done: a verb, or its beginning as `case.`")] = "",
    actor: Annotated[str, typer.Option(help="Who did it: a pseudonym, or worker, public, operator.")] = "",
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, typer.Option(help="Most entries, the newest.", min=1, max=MOST_SHOWN)] = 50,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Show entries, the oldest first."""
    from rempart.audit.browsing.queries import Wanted, page

    first, last = _day(since, "--since"), _day(until, "--until")
    wanted = Wanted(about, about_id, verb, actor, first, last + timedelta(days=1) if last else None)
    with looking(organisation) as (_, reader, mine):
        found = page(reader, mine, wanted, None, limit)[::-1]
    if json_output:
        show.data({"version": VERSION, "entries": [_record(one) for one in found]})
    else:
        rows = [
            (one.seq, written(one.at), one.actor, one.about, one.about_id, one.verb, json.dumps(one.data))
            for one in found
        ]
        show.table("", ("entry", "at", "actor", "about", "id", "verb", "data"), rows)
    return 0


@app.command("checkpoint", epilog="Example: rempart audit checkpoint --out checkpoint.json")
def checkpoint(
    *,
    out: Annotated[Path | None, typer.Option(help="Also write it here, to be kept on another machine.")] = None,
    json_output: JsonOutput = False,
) -> int:
    """Sign how far the ledger goes, now."""
    from rempart.audit.checkpoints import make_checkpoint, newest
    from rempart.errors import Unavailable
    from rempart.wiring.desk import checkpoint_folder, open_records

    with open_records() as desk:
        folder = checkpoint_folder(desk.settings)
        made = make_checkpoint(desk.database, desk.keys, folder, desk.clock())
        with desk.database.reading() as reader:
            last = made or newest(reader, desk.keys.public_signing_key, folder)
    if last is None:
        raise UserMistake("the ledger has no entry yet; there is nothing to sign")
    if out is not None:
        with new_file(out) as file:
            if file.write(last.statement) != len(last.statement):
                raise Unavailable(f"`{out}` was not written whole; make room and try again")
    told = {"number": last.number, "entry": last.seq, "hash": last.hash, "at": written(last.at), "new": bool(made)}
    if json_output:
        show.data({"version": VERSION, **told})
    else:
        show.say(f"checkpoint {last.number}{'' if made else ' (nothing new since)'}")
        print(f"entry {last.seq}\nhash {last.hash}\nat {written(last.at)}")
    return 0


def _retold(database: "Database") -> "tuple[list[Difference], int]":
    """(the first differences, how many there are)."""
    from rempart.cases.retelling import differences

    kept: list[Difference] = []
    count = 0
    for one in differences(database, show.counter("cases")):
        count += 1
        if len(kept) < MOST_DIFFERENCES:
            kept.append(one)
    return kept, count


def _told(verdict: "Verdict", found: "list[Difference]", count: int, *, cases: bool) -> dict[str, Any]:
    return {
        "version": VERSION,
        "whole": verdict.whole and not count,
        "entries": verdict.entries,
        "checkpoints": verdict.checkpoints,
        "first_bad": verdict.first_bad,
        "problems": [asdict(one) for one in verdict.problems],
        "problem_count": verdict.problem_count,
        "missing_guards": list(verdict.missing_guards),
        "cases_compared": cases,
        "differences": [_difference(one) for one in found],
        "difference_count": count,
    }


def _say(verdict: "Verdict", found: "list[Difference]", count: int, *, cases: bool) -> None:
    for one in verdict.problems:
        print(f"entry {one.seq}: {one.what}")
    if verdict.problem_count > len(verdict.problems):
        print(f"and {verdict.problem_count - len(verdict.problems)} more")
    for name in verdict.missing_guards:
        print(f"trigger `{name}` is gone: the database does not refuse changes any more")
    for each in found:
        told = _difference(each)
        print(f"case {told['case']}: `{told['column']}` is {told['row']}, and was left at {told['story']}")
    if count > len(found):
        print(f"and {count - len(found)} more")
    if verdict.whole and not count:
        compared = ", every case is what its story comes to" if cases else ""
        print(f"whole: {verdict.entries} entries, {verdict.checkpoints} checkpoints agree{compared}")


def _difference(one: "Difference") -> dict[str, Any]:
    plain: Callable[[Any], Any] = lambda value: written(value) if isinstance(value, datetime) else value  # noqa: E731
    return asdict(one) | {"row": plain(one.row), "story": plain(one.story)}


def _record(entry: "Entry") -> dict[str, Any]:
    return asdict(entry) | {"at": written(entry.at)}


def _day(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UserMistake(f"`{option}` is no day; write it as in 2026-11-22") from None

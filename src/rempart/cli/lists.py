"""`rempart lists`: the hash lists we hold. No command here ever prints a fingerprint."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rempart.cli import show
from rempart.cli.words import mapping_of

if TYPE_CHECKING:
    from rempart.facts import Fingerprint
    from rempart.lists import Lists

app = typer.Typer(help="Import, show and withdraw hash lists.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the list.")]
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
VERSION = 1
MOST_REFUSED_PERCENT = 10


def _lists() -> "Lists":
    from rempart.wiring import open_lists

    return open_lists()


@app.command("import", epilog="Example: rempart lists import hashes.csv --list partner --source 'Partner hotline'")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, NDJSON, hash lines, VICS 2.0 JSON or reference local file.")],
    *,
    name: Annotated[str, typer.Option("--list", help="Name of the list, made when it is new.")],
    source: Annotated[str | None, typer.Option(help="Who the list comes from; required for a new list.")] = None,
    format_name: Annotated[
        str | None, typer.Option("--format", help="csv, ndjson, lines, vics or threatexchange; default: by content.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Column or key, as in pdq=PDQ_HEX, id=REF, classification=CAT.")
    ] = None,
    known_good: Annotated[bool, typer.Option("--known-good", help="A list of harmless items.")] = False,
    policy: Annotated[
        Literal["block", "review", "ignore"] | None, typer.Option(help="What a match asks for; new lists: review.")
    ] = None,
    distance: Annotated[int | None, typer.Option(min=0, max=63, help="Largest PDQ distance; new lists: 31.")] = None,
    max_age_days: Annotated[int | None, typer.Option(min=0, help="When the list counts as stale; 0: never.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Under whose law it was made, if known.")] = None,
    classification: Annotated[str | None, typer.Option(help="Classification of entries that carry none.")] = None,
    add: Annotated[bool, typer.Option("--add", help="Only add; by default the file is the new truth.")] = False,
    allow_shrink: Annotated[bool, typer.Option("--allow-shrink", help="Also when most entries would go.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    json_output: JsonOutput = False,
) -> int:
    """Import a list; bad rows are set aside, not fatal."""
    from rempart.lists.rows import ROLES

    report = _lists().import_file(
        file,
        name=name,
        source=source,
        format=format_name,
        mapping=mapping_of(column, ROLES),
        polarity="known-good" if known_good else None,
        policy=policy,
        max_distance_bits=distance,
        max_age_days=max_age_days,
        jurisdiction=jurisdiction,
        classification=classification,
        mode="add" if add else "replace",
        allow_shrink=allow_shrink,
        dry_run=dry_run,
    )
    refused = sum(report.refused.values())
    if refused * 100 > report.rows * MOST_REFUSED_PERCENT:
        show.say(
            f"warning: {refused} of {report.rows} rows were refused; check the format and the columns, "
            f"and see `rempart lists show {name} --quarantine`"
        )
    if json_output:
        show.data({"version": VERSION, **asdict(report)})
        return 0
    names = ("rows", "added", "changed", "unchanged", "merged", "removed", "kept")
    rows: list[tuple[str, object]] = [(word, getattr(report, word)) for word in names]
    rows += [(f"refused: {reason}", count) for reason, count in report.refused.items()]
    rows += [(f"set aside: {reason}", count) for reason, count in report.set_aside.items()]
    show.table(f"{report.list_name} ({report.format})", ("rows", "count"), rows)
    if report.incomplete:
        show.say("the file breaks off: what came before is taken, and nothing was removed")
    done = "would become" if dry_run else "is at"
    version = report.version_after
    show.say(f"list `{report.list_name}` {done} version {version}")
    return 0


@app.command("ls", epilog="Example: rempart lists ls --json")
def ls(*, json_output: JsonOutput = False) -> int:
    """Show all lists: size, version, age."""
    summaries = _lists().ls()
    if json_output:
        show.data({"version": VERSION, "lists": [asdict(summary) for summary in summaries]})
        return 0
    rows = [
        (s.facts.name, s.facts.version, s.facts.entries, s.facts.policy, s.facts.polarity, s.facts.source, _age(s))
        for s in summaries
    ]
    show.table("", ("list", "version", "entries", "policy", "polarity", "source", "age"), rows)
    if not rows:
        show.say("no list yet; run `rempart lists import FILE --list NAME --source WHO`")
    return 0


def _age(summary: Any) -> str:
    return f"{summary.age_days:.1f} days{' STALE' if summary.stale else ''}"


@app.command("show", epilog="Example: rempart lists show demo --quarantine")
def show_list(
    name: Name,
    *,
    quarantine: Annotated[bool, typer.Option(help="The rows refused at the last import: line and reason.")] = False,
    json_output: JsonOutput = False,
) -> int:
    """Show one list: settings, counts, holds."""
    lists = _lists()
    summary, held = lists.show(name), lists.held(name)
    refused = lists.quarantine(name) if quarantine else ()
    if json_output:
        record = {**asdict(summary), "held": held}
        show.data({"version": VERSION, **record, **({"quarantine": refused} if quarantine else {})})
        return 0
    rows: list[tuple[str, object]] = list(asdict(summary.facts).items())
    rows += [(f"{kind} fingerprints", count) for kind, count in summary.fingerprints.items()]
    rows += [("age", _age(summary)), ("rows refused at the last import", summary.quarantined)]
    rows += [(f"held: {ref}", why) for ref, why in held.items()]
    rows += [(f"line {line}", reason) for line, reason in refused]
    show.table("", ("what", "value"), rows)
    return 0


@app.command("diff", epilog="Example: rempart lists diff demo 1 2")
def diff(
    name: Name,
    old: Annotated[int, typer.Argument(help="The earlier version.")],
    new: Annotated[int | None, typer.Argument(help="The later version; default: the current one.")] = None,
    *,
    json_output: JsonOutput = False,
) -> int:
    """Show which entries came and went."""
    found = _lists().diff(name, old, new)
    if json_output:
        show.data({"version": VERSION, **asdict(found)})
        return 0
    for mark, refs in (("+", found.added), ("-", found.removed)):
        for ref in refs:
            print(f"{mark} {ref}")
    show.say(f"{len(found.added)} came, {len(found.removed)} went between {found.old} and {found.new}")
    return 0


@app.command(
    "withdraw", epilog="Example: rempart lists withdraw demo --ref case-17 --reason 'victim asked' --receipt r.json"
)
def withdraw(
    name: Name,
    *,
    reason: Annotated[str | None, typer.Option(help="Why; it stands in the receipt.")] = None,
    ref: Annotated[list[str] | None, typer.Option(help="Reference of the entry, as findings show it.")] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from", help="File with `kind hex` lines; - for standard input."),
    ] = None,
    receipt: Annotated[Path | None, typer.Option(help="New file for the signed receipt.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")] = False,
) -> int:
    """Withdraw entries at once; their values are gone."""
    from rempart.cli.words import fingerprints_of, new_file

    refs, prints = ref or (), fingerprints_of(from_file)
    if dry_run:
        return _show_withdrawal(name, refs, prints)
    with new_file(receipt) as stream:
        found = _lists().withdraw(name, refs=refs, fingerprints=prints, reason=reason or "")
        stream.write(found.statement)
    if receipt is not None:
        show.say(f"receipt: {receipt}")
    show.say(f"{found.entries} entries withdrawn from `{name}`, now at version {found.version}")
    return 0


def _show_withdrawal(name: str, refs: Sequence[str], prints: "Sequence[Fingerprint]") -> int:
    found = _lists().preview_withdrawal(name, refs=refs, fingerprints=prints)
    for one in found.refs:
        print(one)
    counted = ", ".join(f"{count} {kind}" for kind, count in found.fingerprints.items())
    show.say(
        f"{found.entries} entries with {counted} would be withdrawn for ever from `{name}`, which is at version "
        f"{found.version}; nothing was changed"
    )
    return 0


@app.command("receipts", epilog="Example: rempart lists receipts demo | tail -1 > receipt.json")
def receipts(name: Name) -> int:
    """Print the signed receipts of all withdrawals."""
    for statement in _lists().receipts(name):
        print(statement.decode().rstrip())
    return 0


@app.command("key", epilog="Example: rempart lists key > rempart-public-key.txt")
def key() -> int:
    """Print the public key that receipts are checked with."""
    from rempart.cli.words import own_public_key

    print(own_public_key())
    return 0


@app.command("verify", epilog="Example: rempart lists verify --receipt r.json --public-key rempart-public-key.txt")
def verify(
    name: Annotated[str | None, typer.Argument(help="Name of the list; default: all.")] = None,
    *,
    receipt: Annotated[Path | None, typer.Option(help="Check this receipt of a withdrawal instead.")] = None,
    public_key: Annotated[
        str | None, typer.Option(help="With --receipt: who signed it, a key or a file; default: this installation.")
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from", help="With --receipt: does it speak of these fingerprints?")
    ] = None,
    json_output: JsonOutput = False,
) -> int:
    """Check files, signatures and receipts."""
    from rempart.cli.words import own_public_key

    if receipt is not None:
        return _verify_receipt(receipt, public_key, from_file)
    own_public_key()  # with keys made on the spot every list would look forged
    lists = _lists()
    checked = [lists.verify(one) for one in ([name] if name else lists.names())]
    if json_output:
        show.data({"version": VERSION, "lists": [asdict(one) for one in checked]})
    else:
        for one in checked:
            state = "as written" if not one.problems else "; ".join(one.problems)
            print(f"{one.list_name} version {one.version}: {one.files_checked} files: {state}")
    return 1 if any(one.problems for one in checked) else 0


def _verify_receipt(file: Path, public_key: str | None, from_file: Path | None) -> int:
    from rempart.cli.words import bytes_of, fingerprints_of, own_public_key, public_key_of
    from rempart.lists import speaks_of, verify_receipt

    statement = bytes_of(file)
    found = verify_receipt(statement, public_key_of(public_key) if public_key else own_public_key())
    print(
        f"signed with this key: {found.entries} entries withdrawn from `{found.list_name}` at {found.at_utc}: "
        f"{found.reason}"
    )
    unspoken = [print_ for print_ in fingerprints_of(from_file) if not speaks_of(found, print_)]
    if unspoken:
        show.say(f"the receipt does not speak of {len(unspoken)} of these fingerprints")
    return 1 if unspoken else 0


@app.command("hold", epilog="Example: rempart lists hold demo case-17 --why 'matches a test card'")
def hold(
    name: Name,
    refs: Annotated[list[str], typer.Argument(help="References of the entries.")],
    *,
    why: Annotated[str, typer.Option(help="Why the entries are held.")],
) -> int:
    """Let matches of entries ask for review only."""
    version = _lists().hold(name, refs, why)
    show.say(f"{len(refs)} entries of `{name}` are held; it is at version {version}")
    return 0


@app.command("release", epilog="Example: rempart lists release demo case-17")
def release(name: Name, refs: Annotated[list[str], typer.Argument(help="References of the entries.")]) -> int:
    """Release held entries."""
    version = _lists().release(name, refs)
    show.say(f"{len(refs)} entries of `{name}` are released; it is at version {version}")
    return 0

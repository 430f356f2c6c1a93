"""`rempart vault`: whether it is whole, purging what a case holds, the certificates of purges."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, looking, written
from rempart.cli.words import bytes_of, new_file, own_public_key, public_key_of
from rempart.errors import Unavailable, UserMistake

if TYPE_CHECKING:
    from rempart.vault.certificates import Certificate
    from rempart.vault.verifying import Found

app = typer.Typer(help="Check the sealed vault, and purge from it.", no_args_is_help=True)
VERSION = 1
BROKEN = 1


@app.command("verify", epilog="Example: rempart vault verify --json")
def verify(*, json_output: JsonOutput = False) -> int:
    """Check every object's file, key and purge certificate."""
    from rempart.vault.verifying import verify as verified
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        found = verified(desk.database, desk.vault, desk.clock(), progress=show.counter("objects"))
    if json_output:
        show.data({"version": VERSION, "whole": found.whole, **asdict(found)})
    else:
        _say(found)
    return 0 if found.whole else BROKEN


@app.command("purge", epilog="Example: rempart vault purge 12 --reason 'asked for by its owner'")
def purge(
    case: Annotated[int, typer.Argument(help="The case whose media go: originals, previews, fingerprints.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; it stands on the certificate.")],
    confirm: Annotated[int | None, typer.Option(help="The number of the case once more, instead of asking.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")] = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Purge what a case holds, for good."""
    from rempart.cases.retention.purging import holding, purge_case

    with acting(organisation) as (desk, writer, actor):
        held = holding(writer, actor, case, desk.clock())
    show.say(f"case {case}: {held.media} media, {held.originals} originals in the vault, {held.size_bytes} bytes")
    if dry_run:
        if json_output:
            show.data({"version": VERSION, "dry_run": True, **asdict(held)})
        return 0
    _check(case, confirm)
    with acting(organisation) as (desk, writer, actor):
        made = purge_case(writer, desk.vault, desk.fields, actor, case, reason, desk.clock())
    if json_output:
        show.data({"version": VERSION, "certificates": [_record(one) for one in made]})
    else:
        show.say(f"purged; {len(made)} certificates: `rempart vault certificates --case {case}`")
    return 0


@app.command("certificates", epilog="Example: rempart vault certificates --case 12 --out certificates")
def certificates(
    *,
    case: Annotated[int | None, typer.Option(help="Of this case only.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write the signed statements into.")] = None,
    check: Annotated[
        Path | None, typer.Option(help="Check this certificate instead, of whatever installation.")
    ] = None,
    public_key: Annotated[str | None, typer.Option(help="Public key or its file; default: of this machine.")] = None,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """List the certificates of purges, the oldest first."""
    from rempart.vault.certificates import read
    from rempart.vault.queries import certified

    key = public_key_of(public_key) if public_key is not None else own_public_key()
    if check is not None:
        found = [read(bytes_of(check), key)]
    else:
        with looking(organisation) as (_, reader, mine):
            found = [read(one, key) for one in certified(reader, mine)]
    found = [one for one in found if case is None or one.about == f"case {case}"]
    if out is not None:
        _write(out, found)
    if json_output:
        show.data({"version": VERSION, "certificates": [_record(one) for one in found]})
    else:
        rows = [(one.object, one.about, written(one.purged_at), one.by, one.reason, one.size_bytes) for one in found]
        show.table("", ("object", "about", "purged at", "by", "reason", "bytes"), rows)
    return 0


def _check(case: int, confirm: int | None) -> None:
    """Nothing. Raises UserMistake unless somebody wrote the number of the case."""
    if confirm is None:
        if not sys.stdin.isatty():
            raise UserMistake(f"nobody is here to confirm; add --confirm {case}")
        print("this cannot be undone; write the number of the case to purge it: ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip()
        confirm = int(answer) if answer.isascii() and answer.isdigit() else None
    if confirm != case:
        raise UserMistake("that is not the number of the case; nothing was purged")


def _say(found: "Found") -> None:
    for one in found.problems:
        print(f"{one.what}: {one.says}")
    if found.problem_count > len(found.problems):
        print(f"and {found.problem_count - len(found.problems)} more")
    if found.orphans:
        show.say(f"{found.orphans} files belong to nothing; the worker sweeps them away")
    if found.whole:
        print(f"whole: {found.objects} objects, {found.size_bytes} bytes, {found.purged} purged")


def _write(folder: Path, found: "list[Certificate]") -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserMistake(f"`{folder}` cannot be made ({error.strerror}); choose another place") from None
    for one in found:
        path = folder / f"{one.object}.json"
        if path.exists():
            continue
        with new_file(path) as file:
            if file.write(one.statement) != len(one.statement):
                raise Unavailable(f"`{path}` was not written whole; make room and try again")


def _record(one: "Certificate") -> dict[str, Any]:
    told = asdict(one) | {"stored_at": written(one.stored_at), "purged_at": written(one.purged_at)}
    del told["statement"]
    return told | {"digest": one.digest}

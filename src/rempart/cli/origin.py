"""`rempart origin`: how pixels were made, from evidence."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from rempart.cli import show
from rempart.errors import UserMistake

FILES = "examine"
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
VERSION = 1


class FilesFirst(TyperGroup):
    """`rempart origin photo.jpg` means `rempart origin examine photo.jpg`: the main job needs no verb."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words of the command line, the verb put in where it is left out."""
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [FILES, *args]
        rest: list[str] = super().parse_args(ctx, args)
        return rest


app = typer.Typer(help="Say how pixels were made, from evidence.", no_args_is_help=True, cls=FilesFirst)
trust_app = typer.Typer(help="Whom to believe: trust lists, deny list, product list.", no_args_is_help=True)
camera_app = typer.Typer(help="Link files of one device without viewing them.", no_args_is_help=True)
app.add_typer(trust_app, name="trust")
app.add_typer(camera_app, name="camera-fingerprint")


@app.command(FILES, epilog="Example: rempart origin photo.jpg --json")
def examine(
    files: Annotated[list[str], typer.Argument(help="Files and folders to examine.")],
    *,
    html: Annotated[Path | None, typer.Option(help="Write a page of evidence for each file here.")] = None,
    seal: Annotated[
        Path | None, typer.Option(help="Keep carriers that may hold prompts in this folder, sealed with your key.")
    ] = None,
    language: Annotated[Literal["en", "fr"] | None, typer.Option(help="Language of the pages.")] = None,
    json_output: JsonOutput = False,
) -> int:
    """Examine how the pixels of files were made.

    It never tells whether a real child is shown or used, and no evidence of AI ever lowers the urgency of a case.
    """
    from rempart.batch.inputs import Inputs
    from rempart.facts.evidence_wire import origin_to_json
    from rempart.wiring import open_house

    with open_house(workers=1) as house:
        found = list(house.origins(Inputs(paths=tuple(files))))
        pages = house.origin_pages(found, html, language) if html is not None else []
        sealed = house.seal_carriers(found, seal) if seal is not None else {}
    if json_output:
        show.data({"version": VERSION, "files": [{"item": name, **origin_to_json(origin)} for name, origin in found]})
    else:
        for name, origin in found:
            _tell(name, origin)
    for page in pages:
        show.say(f"page: {page}")
    for what, count in sealed.items():
        show.say(f"carriers {what}: {count}")
    return 2 if any(one.reason == "unreadable: missing" for _, origin in found for one in origin.evidence) else 0


def _tell(name: str, origin: Any) -> None:
    verdict = origin.verdict
    print(f"{name}: {verdict.verdict}{' (raises urgency)' if verdict.urgency else ''}")
    for rule in verdict.rules:
        print(f"  {rule}")
    for one in origin.evidence:
        signer = f", signer {one.signer.name}" if one.signer else ""
        tool = f", {one.tool}" if one.tool else ""
        print(f"  - {one.claim} at {one.locator}{tool}{signer}; to add: {one.add_cost}, to strip: {one.strip_cost}")
    print(f"  {verdict.notice}")


@app.command("selftest", epilog="Example: rempart origin selftest --json")
def selftest(*, json_output: JsonOutput = False) -> int:
    """Check carriers, forgeries and what survives an edit."""
    from rempart.testing import origin_selftest
    from rempart.wiring import open_house

    with open_house(workers=1) as house:
        opener = house.opener()
        result = origin_selftest.run(lambda data: opener.origin_of(data, pixels=True), show.counter("origin self-test"))
    told = result.to_json()
    if json_output:
        show.data(told)
    else:
        for what in ("carriers", "forgeries"):
            print(f"{what}: " + ", ".join(f"{name} {count}" for name, count in told[what].items()))
        edits = list(result.survival)
        carriers = sorted({name for survivors in result.survival.values() for name in survivors})
        rows = [(name, *("yes" if result.survival[edit].get(name) else "-" for edit in edits)) for name in carriers]
        show.table("what survives", ("carrier", *edits), rows)
    for sentence in result.broken_promises:
        show.say(sentence)
    return 1 if result.broken_promises else 0


@trust_app.command("import", epilog="Example: rempart origin trust import C2PA-TRUST-LIST.pem --name official")
def import_trust(
    file: Annotated[Path | None, typer.Argument(help="The list, as its publisher gives it.")] = None,
    *,
    pull: Annotated[
        str | None, typer.Option("--pull", help="Fetch it from this address of a host that you allowed, instead.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the store: official, interim, or your own.")],
    kind: Annotated[
        Literal["authorities", "allowed", "timestamps", "products", "denials"],
        typer.Option(help="What the file lists."),
    ] = "authorities",
    issued: Annotated[str, typer.Option(help="Date of issue, where the file states none: 2026-08-05.")] = "",
    next_update: Annotated[str, typer.Option(help="Date of its successor, where the file states none.")] = "",
) -> int:
    """Import a trust list in place of the one of that name."""
    from rempart.clock import utc_now
    from rempart.origin import trust_files
    from rempart.origin.trust_parsing import MOST_FILE_BYTES
    from rempart.wiring import trust_folder
    from rempart.wiring.network import pull_file

    if pull is not None and file is None:
        content = pull_file(pull, MOST_FILE_BYTES)
    elif file is not None and pull is None:
        content = trust_files.content_of(file)
    else:
        raise UserMistake("name the file of the list, or its address with --pull; one of them")
    entry = trust_files.import_content(
        trust_folder(), content, kind, name, now=utc_now(), issued=issued, next_update=next_update
    )
    show.say(f"{entry.count} {entry.kind} imported as `{entry.name}`, issued {entry.issued or 'on an unknown date'}")
    return 0


@trust_app.command("ls", epilog="Example: rempart origin trust ls")
def list_trust(*, json_output: JsonOutput = False) -> int:
    """Show the trust lists in force and their dates."""
    from rempart.origin.trust_files import imported, staleness
    from rempart.wiring import open_trust, trust_folder

    entries, trust = imported(trust_folder()), open_trust()
    stale = staleness(trust)
    if json_output:
        stores = [
            {"name": store.name, "issued": store.issued, "next_update": store.next_update} for store in trust.stores
        ]
        show.data({"version": VERSION, "stores": stores, "imported": [asdict(one) for one in entries], "stale": stale})
        return 0
    dates = [(store.name, store.issued, store.next_update) for store in trust.stores]
    show.table("stores in force", ("store", "issued", "next update"), dates)
    show.table(
        "imported", ("kind", "name", "entries", "issued"), [(e.kind, e.name, e.count, e.issued) for e in entries]
    )
    for sentence in stale:
        show.say(sentence)
    return 0


@camera_app.command("build", epilog="Example: rempart origin camera-fingerprint build flats/ --device a --out a.npz")
def build(
    files: Annotated[list[str], typer.Argument(help="Unedited files of one device, best of evenly lit scenes.")],
    *,
    device: Annotated[str, typer.Option(help="Name of the device.")],
    out: Annotated[Path, typer.Option(help="Where to write the fingerprint.")],
) -> int:
    """Build the sensor fingerprint of a device."""
    from rempart.batch.inputs import Inputs
    from rempart.origin.prnu import linking, storing
    from rempart.wiring import sensor_views

    built = linking.build(device, sensor_views(Inputs(paths=tuple(files))))
    out.write_bytes(storing.to_npz(built.fingerprint))
    show.say(f"fingerprint of `{device}` from {built.fingerprint.pictures} pictures: {out}")
    for reason, count in built.skipped.items():
        show.say(f"left out: {count}: {reason}")
    return 0


@camera_app.command("link", epilog="Example: rempart origin camera-fingerprint link seized/ --with a.npz")
def link(
    files: Annotated[list[str], typer.Argument(help="Files to compare.")],
    *,
    fingerprints: Annotated[list[Path], typer.Option("--with", help="Sensor fingerprints to compare with.")],
    json_output: JsonOutput = False,
) -> int:
    """Say which files may come from which device.

    A link supports the same device; that there is none says nothing. Not validated on phones.
    """
    from rempart.batch.inputs import Inputs
    from rempart.cli.words import bytes_of
    from rempart.origin.prnu import linking, storing
    from rempart.wiring import sensor_views

    sensors = [storing.from_npz(bytes_of(path)) for path in fingerprints]
    if not sensors:
        raise UserMistake("no fingerprint to compare with; name one with --with")
    links = list(linking.link(sensor_views(Inputs(paths=tuple(files))), sensors))
    if json_output:
        show.data({"version": VERSION, "links": [asdict(one) for one in links]})
    else:
        rows = [(one.file, one.device, one.outcome, f"{one.pce:.1f}", one.reason) for one in links]
        show.table("", ("file", "device", "outcome", "PCE", "reason"), rows)
    return 10 if any(one.outcome == "supports same device" for one in links) else 0

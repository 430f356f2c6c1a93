"""`rempart police`: exchange with police tools in VICS 2.0, and hand over the queue's order."""

import csv
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, looking

app = typer.Typer(help="Exchange cases with police tools.", no_args_is_help=True)
VERSION = 1
Profile = Annotated[str, typer.Option(help="Whose numbers of categories: they differ by country; never assumed.")]


@app.command("export", epilog="Example: rempart police export 12 13 --profile us --out case.json")
def export(
    cases: Annotated[list[int], typer.Argument(help="Numbers of decided cases.")],
    *,
    profile: Profile,
    out: Annotated[Path, typer.Option(help="File to write; it must not exist.")],
    hash_set: Annotated[bool, typer.Option("--hash-set", help="Media alone, without a case around them.")] = False,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Write decided cases as VICS 2.0 JSON, without media."""
    from rempart.audit.queries import append
    from rempart.cases.bundles.profiles import profile as named
    from rempart.reporting.vics.exporting import Exported, exported
    from rempart.reporting.vics.record import CaseHead
    from rempart.reporting.vics.writing import write_case, write_hash_set

    chosen, counts = named(profile), Exported()
    with acting(organisation) as (desk, writer, actor), _new(out).open("xb") as file:
        media = exported(writer, desk.fields, actor.organisation, cases, chosen, counts)
        own = desk.settings.reporting.desk
        head = CaseHead(
            case_id=f"rempart-{'-'.join(map(str, cases))}"[:200],
            case_number=", ".join(map(str, cases))[:200],
            contact_name=own.contact_name,
            contact_organization=own.name,
            contact_phone=own.contact_phone,
            contact_email=own.contact_email,
        )
        if hash_set:
            write_hash_set(file, chosen.jurisdiction, media)
        else:
            write_case(file, chosen.jurisdiction, head, media)
        for case_id in cases:
            data = {"profile": chosen.name, "format": "vics"}
            append(writer, actor, "case", case_id, "case.exported", data, desk.clock())
    told: dict[str, Any] = {
        "version": VERSION,
        "cases": counts.cases,
        "media": counts.media,
        "written": counts.written,
        "without_category": counts.uncategorised,
        "left_out": counts.left_out,
    }
    if json_output:
        show.data(told)
        return 0
    show.say(f"{counts.written} of {counts.media} media of {counts.cases} cases written to {out}")
    for reason, number in counts.left_out.items():
        show.say(f"left out: {number}: {reason}")
    if counts.uncategorised:
        show.say(f"{counts.uncategorised} without a category: their decision has no number in profile `{chosen.name}`")
    return 0


@app.command("check", epilog="Example: rempart police check case.json")
def check(
    file: Annotated[Path, typer.Argument(help="A VICS 2.0 file.")],
    *,
    json_output: JsonOutput = False,
) -> int:
    """Read a VICS file whole and say what is in it; keeps nothing."""
    from rempart.reporting.vics.reading import Unclear, read

    unclear, count, files, categories = Unclear(), 0, 0, dict[str, int]()
    with file.open("rb") as stream:
        for media in read(stream, unclear):
            count, files = count + 1, files + len(media.media_files)
            name = media.category or "none"
            categories[name] = categories.get(name, 0) + 1
    told = {
        "version": VERSION,
        "media": count,
        "media_files": files,
        "categories": categories,
        "unclear": unclear.counts,
    }
    if json_output:
        show.data(told)
    else:
        rows = [(name, str(number)) for name, number in sorted(categories.items())]
        show.table(f"{count} media, {files} places", ("category as it stands", "media"), rows)
        for reason, number in unclear.counts.items():
            show.say(f"not understood: {number}: {reason}")
    return 0


@app.command("import", epilog="Example: rempart police import case.json --partner police --profile us")
def import_(
    file: Annotated[Path, typer.Argument(help="A VICS 2.0 file.")],
    *,
    partner: Annotated[str, typer.Option(help="Short name of who sent it.")],
    profile: Profile,
    organisation: Slug = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come, keep nothing.")] = False,
    json_output: JsonOutput = False,
) -> int:
    """Turn media of a VICS file into cases; goes on where it was."""
    from rempart.cli import bundles

    return bundles.import_(
        file,
        partner=partner,
        format_name="vics",
        profile=profile,
        organisation=organisation,
        dry_run=dry_run,
        json_output=json_output,
    )


@app.command("queue", epilog="Example: rempart police queue --out queue")
def queue(
    *,
    out: Annotated[Path, typer.Option(help="Name of the two files: OUT.ndjson and OUT.csv; they must not exist.")],
    organisation: Slug = None,
) -> int:
    """Write the queue in its order, with the reasons."""
    from rempart.reporting.bundling import COLUMNS, in_order

    names = [_new(out.with_suffix(suffix)) for suffix in (".ndjson", ".csv")]
    count = 0
    with (
        looking(organisation) as (desk, reader, mine),
        names[0].open("x", encoding="utf-8") as lines,
        names[1].open("x", encoding="utf-8", newline="") as table,
    ):
        rows = csv.writer(table)
        rows.writerow(COLUMNS)
        for one in in_order(reader, mine, desk.rules):
            lines.write(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n")
            rows.writerow([one[name] if not isinstance(one[name], list) else "; ".join(one[name]) for name in COLUMNS])
            count += 1
    show.say(f"{count} cases in order in {names[0]} and {names[1]}")
    return 0


def _new(path: Path) -> Path:
    from rempart.errors import Conflict

    if path.exists():
        raise Conflict(f"`{path}` exists already; choose another name")
    return path

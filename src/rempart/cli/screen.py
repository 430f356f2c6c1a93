"""`rempart screen`: the main job."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Literal

import typer

from rempart.cli import show
from rempart.errors import Unavailable

EXAMPLE = "Example: rempart screen uploads/ --list demo --out build/job"
FOUND = 10
MISTAKE = 2
OUTSIDE = 3
STOPPED = 130


def screen(
    paths: Annotated[list[str] | None, typer.Argument(help="Files, folders and archives to screen.")] = None,
    *,
    out: Annotated[Path, typer.Option(help="Folder for findings, summary and report; the job resumes there.")],
    lists: Annotated[list[str] | None, typer.Option("--list", help="List to screen against; default: all.")] = None,
    files_from: Annotated[list[Path] | None, typer.Option(help="Text file with one path per line.")] = None,
    manifest: Annotated[list[Path] | None, typer.Option(help="NDJSON file: path or url, and known digests.")] = None,
    tables: Annotated[
        list[Path] | None, typer.Option("--table", help="Parquet or CSV index with digest columns; no media is read.")
    ] = None,
    column: Annotated[list[str] | None, typer.Option(help="Column of the table, as in md5=MD5_HEX or url=URL.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Child processes at once; default: one per core.")] = None,
    exact: Annotated[bool | None, typer.Option(help="PDQ bit for bit as the reference; slower.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Begin anew where the job is finished.")] = False,
    previews: Annotated[bool, typer.Option(help="Embed pixelated grey previews of matches in the report.")] = False,
    language: Annotated[Literal["en", "fr"] | None, typer.Option(help="Language of the report.")] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> int:
    """Screen pictures against hash lists."""
    from rempart.batch.inputs import Inputs
    from rempart.cli.words import mapping_of
    from rempart.facts import BYTES_OF_KIND
    from rempart.wiring import open_house

    inputs = Inputs(
        paths=tuple(paths or ()),
        file_lists=tuple(files_from or ()),
        manifests=tuple(manifest or ()),
        tables=tuple(tables or ()),
        columns=mapping_of(column, (*BYTES_OF_KIND, "url")),
    )
    with stopped_by_signal() as stop:
        try:
            with open_house(workers=workers, exact=exact) as house, show.job_progress("screening") as progress:
                job = house.screen(
                    inputs,
                    out,
                    lists=lists,
                    previews=previews,
                    again=again,
                    language=language,
                    progress=progress,
                    stop=stop,
                )
        except Unavailable as error:
            if not stop.is_set():
                raise
            show.say(f"rempart: {error}")
            return STOPPED
    if json_output:
        show.data(job.summary)
    else:
        show.outcomes(job.summary)
    for name, ref in job.quarantined:
        show.say(f"entry `{ref}` of `{name}` met so many items that it is now held for review")
    for path in paths or ():
        if not os.path.lexists(path):
            show.say(f"there is nothing at `{path}`; the rest was screened")
    if not job.summary["items"]:
        show.say("there was nothing to examine; check the paths")
    for warning in job.warnings:
        show.say(warning)
    show.say(f"report: {job.report}")
    return _exit_code(job.summary)


def _exit_code(summary: dict[str, Any]) -> int:
    """Found, a mistaken path, decoders that die over most items, or fine."""
    reasons = summary["not_examined"]
    dead = sum(count for reason, count in reasons.items() if reason.startswith(("crashed", "timeout")))
    if dead * 2 > summary["items"]:
        show.say(f"{dead} of {summary['items']} items stopped their decoder: run `rempart doctor`")
        return OUTSIDE
    if summary["match"]:
        return FOUND
    return MISTAKE if reasons.get("unreadable: missing") else 0


@contextmanager
def stopped_by_signal() -> Iterator[threading.Event]:
    """An event that a first Ctrl-C or a polite kill sets, so that finished work is kept; a second Ctrl-C insists."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

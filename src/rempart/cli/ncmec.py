"""`rempart ncmec`: whether the CyberTipline lets us in, and whether its schema still takes what we write."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput

if TYPE_CHECKING:
    from rempart.reporting.cybertip.target import Target
    from rempart.reporting.cybertip.transport import Transport
    from rempart.wiring.desk import Desk

app = typer.Typer(help="Ask NCMEC's CyberTipline about itself.", no_args_is_help=True)
VERSION = 1
DIFFERS = 10


@app.command("status", epilog="Example: rempart ncmec status")
def status(*, json_output: JsonOutput = False) -> int:
    """Ask whether the credentials are good. Nothing is reported."""
    from rempart.reporting.cybertip import schema
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        where, transport = _reached(desk)
        said = schema.status(where, transport)
    if json_output:
        show.data({"version": VERSION, "environment": where.environment, "address": where.address, "said": said})
    else:
        show.say(f"{where.environment}: {said}")
    return 0


@app.command("fetch-xsd", epilog="Example: rempart ncmec fetch-xsd --out ncmec.xsd")
def fetch_xsd(
    *,
    out: Annotated[Path | None, typer.Option(help="File for the schema, which is theirs: do not share it.")] = None,
    json_output: JsonOutput = False,
) -> int:
    """Fetch the schema, and say what of ours it would refuse."""
    from hashlib import sha256

    from rempart.reporting.cybertip import schema
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        where, transport = _reached(desk)
        content = schema.fetched(where, transport)
    if out is not None:
        out.write_bytes(content)
    found = schema.differences(content, _samples())
    digest = sha256(content).hexdigest()
    if json_output:
        told = {"version": VERSION, "environment": where.environment, "sha256": digest, "differences": found}
        show.data(told)
    else:
        show.say(f"schema of {where.environment}: {len(content)} bytes, SHA-256 {digest}")
        for one in found or ["it takes everything that our sample says"]:
            show.say(one)
    return DIFFERS if found else 0


def _reached(desk: "Desk") -> "tuple[Target, Transport]":
    """Where reports go, and how to speak to it. Raises as drafting does while nobody chose."""
    from rempart.reporting.drafting import environment_of
    from rempart.reporting.recipients.cybertip import reached
    from rempart.wiring.reporting import reporting_of

    reporting = reporting_of(desk)
    environment = environment_of(reporting)
    return reached(environment, reporting.options_of("cybertip"), desk.outbound, reporting.signed_off_by)


def _samples() -> list[tuple[str, bytes]]:
    """A report and the details of a file, as we write them."""
    from rempart.reporting.recipients import RECIPIENTS
    from rempart.testing.sample_case import OPTIONS, sample_case

    said = RECIPIENTS["cybertip"].build(sample_case(), {"incident_type": _a_type()}, OPTIONS)
    return [("report", said["report"].encode()), *(("file", one["details"].encode()) for one in said["files"])]


def _a_type() -> str:
    from rempart.reporting.cybertip.grammar import INCIDENT_TYPES

    return INCIDENT_TYPES[0]

"""`rempart emulate`: an authority or a host on this machine, to try reporting with."""

import signal
import threading
from typing import Annotated

import typer

from rempart.cli import show

EXAMPLE = "Example: rempart emulate cybertip --port 9100 --fault upload=drop-after"
VERSION = 1
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def emulate(
    what: Annotated[str, typer.Argument(help="Whom to play; leave it out to list them.")] = "",
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port of loopback; default: a free one.")] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="STEP=NAME or STEP=NAME*TIMES: what goes wrong at the next calls."),
    ] = None,
    json_output: JsonOutput = False,
) -> int:
    """Play an authority on loopback until stopped.

    Prints the variables of a desk that reports here, and when it is stopped what it was sent, as JSON.
    """
    from rempart.testing.emulators.catalogue import EMULATORS, emulator_named, read_faults

    if not what:
        rows = [(name, one.says, " ".join(one.steps), " ".join(one.faults)) for name, one in EMULATORS.items()]
        if json_output:
            keys = ("name", "plays", "steps", "faults")
            show.data({"version": VERSION, "emulators": [dict(zip(keys, row, strict=True)) for row in rows]})
        else:
            show.table("", ("emulator", "plays", "steps", "faults"), rows)
        return 0
    chosen = emulator_named(what)
    wanted = read_faults(chosen, fault or [])
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        with chosen.serving(port, wanted) as one:
            _introduce(what, one.address, dict(one.variables), json_output)
            stopped.wait()
            show.data({"version": VERSION, "emulator": what, **one.counts()})
    except OSError:
        from rempart.errors import Unavailable

        raise Unavailable(f"port {port} of loopback is taken; choose another --port") from None
    return 0


def _introduce(what: str, address: str, variables: dict[str, str], json_output: bool) -> None:
    if json_output:
        print(show.line({"version": VERSION, "emulator": what, "address": address, "variables": variables}), flush=True)
        return
    for name, value in variables.items():
        print(f"export {name}='{value}'", flush=True)
    show.say(f"{what}: plays at {address}, on this machine only; stop it with Ctrl-C")

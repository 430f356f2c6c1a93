"""`rempart worker`: perform what the desk decided; look at what failed."""

import os
import signal
import threading
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from rempart.cli import show

EXAMPLE = "Example: rempart worker"
FAILED_EXAMPLE = "Example: rempart worker failed --retry 12"
DUTIES_EXAMPLE = "Example: rempart worker duties"
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
VERSION = 1
FOUND = 10

app = typer.Typer(invoke_without_command=True, epilog=EXAMPLE)


@app.callback()
def worker(context: typer.Context) -> None:
    """Perform effects and regular duties until stopped."""
    if context.invoked_subcommand is not None:
        return
    from rempart.wiring.desk import open_desk
    from rempart.wiring.logs import start_logging
    from rempart.worker.loop import Worker

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    start_logging()
    with open_desk() as desk:
        one = Worker(desk)
        one.start()
        show.say(f"worker: {one.name}")
        stopped.wait()
        ended = one.stop()
    if not ended:  # something hangs in a thread: the next worker makes that attempt anew
        os._exit(0)


@app.command("failed", epilog=FAILED_EXAMPLE)
def failed(
    *,
    retry: Annotated[int | None, typer.Option(help="Try the effect of this number again.")] = None,
    json_output: JsonOutput = False,
) -> int:
    """List the effects that failed for good."""
    from rempart.storage import outbox
    from rempart.wiring.desk import open_records

    with open_records() as desk:
        if retry is not None:
            with desk.database.writing() as writer:
                outbox.try_again(writer, retry, desk.clock())
            show.say(f"effect {retry} will be tried again")
            return 0
        with desk.database.reading() as reader:
            found = outbox.failed(reader)
    rows = [{**asdict(one), "ended_at": _written(one.ended_at)} for one in found]
    if json_output:
        show.data({"version": VERSION, "failed": rows})
    else:
        show.table("", ("effect", "organisation", "kind", "about", "problem", "failed at", "attempts"), _cells(rows))
    return FOUND if found else 0


@app.command("duties", epilog=DUTIES_EXAMPLE)
def duties(*, json_output: JsonOutput = False) -> int:
    """List the regular duties and how they went."""
    from rempart.storage import duties as rota
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.reading() as reader:
        known = rota.known(reader)
    rows = [
        {
            "name": one.name,
            "done_at": _written(one.done_at),
            "next_at": _written(one.taken_until),
            "problem": one.problem,
        }
        for one in known
    ]
    if json_output:
        show.data({"version": VERSION, "duties": rows})
    else:
        show.table("", ("duty", "done at", "next at", "problem"), _cells(rows))
    return FOUND if any(one.problem for one in known) else 0


def _written(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def _cells(rows: list[dict[str, Any]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row.values()] for row in rows]

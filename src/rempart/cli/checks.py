"""Commands that show whether this installation can be trusted: self-test, benchmarks, doctor, settings."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from rempart.cli import show

SELFTEST_EXAMPLE = "Example: rempart selftest --json"
BENCH_EXAMPLE = "Example: rempart bench hash --json"
DOCTOR_EXAMPLE = "Example: rempart doctor"
SETTINGS_EXAMPLE = "Example: REMPART_WORKERS=4 rempart settings"
WARM_EXAMPLE = "Example: rempart warm"

JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def selftest(
    *,
    photos: Annotated[int, typer.Option(min=1, help="How many photos to edit.")] = 24,
    json_output: JsonOutput = False,
) -> int:
    """Measure recall by format and edit on benign photos.

    Each photo is listed, then saved in every format and edited in every way, and sent through the whole
    pipeline. Beside it stands the reference library, when the `bench` extra is installed.
    """
    from rempart.testing import selftest as recall
    from rempart.testing.peer import threatexchange_peer
    from rempart.testing.pipeline import PipelineMatcher
    from rempart.wiring import open_house

    with open_house(workers=1) as house:
        ours, peer = PipelineMatcher(house.opener()), threatexchange_peer()
        result = recall.run(ours, photos=photos, peer=peer, progress=show.counter("self-test"))
    if json_output:
        show.data(result.to_json())
    else:
        rows = [(name, _percent(ours), _percent(result.peer.get(name)), note) for name, ours, note in result.rows()]
        show.table(f"recall on {result.photos} photos", ("format × edit", "ours", "peer", ""), rows)
    for name in result.broken_promises:
        show.say(f"below 100 % although promised: {name}: {', '.join(result.missed[name])}")
    for reason, count in ours.reasons.items():
        show.say(f"not examined: {count} uploads: {reason}")
    return 1 if result.broken_promises else 0


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def bench(
    what: Annotated[
        Literal["hash", "match", "screen", "lists", "origin", "serve", "report"],
        typer.Argument(help="What to measure."),
    ],
    *,
    quick: Annotated[bool, typer.Option(help="Small sizes: a check that it runs, not a measurement.")] = False,
    json_output: JsonOutput = False,
) -> int:
    """Measure ours and the peers in one process tree."""
    result = _benchmark(what)(quick)
    if json_output:
        show.data(result)
        return 0
    for part in ("figures", "ratios"):
        rows = [(name, f"{value:.4g}") for name, value in result[part].items()]
        show.table(part, ("name", "median"), rows)
    return 0


def _benchmark(what: str) -> Callable[[bool], dict[str, Any]]:
    from importlib import import_module

    names = {"hash": "hashing", "match": "matching", "screen": "screening"}
    run = import_module(f"rempart.testing.benchmarks.{names.get(what, what)}").run
    return lambda quick: dict(run(quick=quick))


def doctor(*, json_output: JsonOutput = False) -> int:
    """Show what protects this machine, and what is missing."""
    from rempart.cli.health import checks
    from rempart.wiring import open_house

    with open_house(workers=1) as house:
        found = list(checks(house))
    if json_output:
        show.data({"version": 1, "checks": [check.to_json() for check in found]})
    else:
        rows = [(check.name, "ok" if check.fine else "LOOK", check.says) for check in found]
        show.table("", ("check", "state", "what it means"), rows)
    return 0 if all(check.fine for check in found) else 3


def settings(*, json_output: JsonOutput = False) -> int:
    """Show every setting in force, secrets masked."""
    from rempart import settings as tree

    rows = tree.table(tree.read())
    if json_output:
        show.data({"version": 1, "settings": [dict(zip(("name", "value", "help"), row, strict=True)) for row in rows]})
    else:
        show.table("", ("setting", "value", "help"), rows)
    return 0


def warm() -> int:
    """Compile the kernels once, so that later starts are fast."""
    from rempart import fingerprints
    from rempart.matching import kernels as matching

    compiled = fingerprints.warm() and matching.warm()
    show.say("kernels are compiled and cached" if compiled else "numba is not there; the slower numpy path is used")
    return 0

"""`rempart demo`: the main job on bundled benign media."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from rempart.cli import show

EXAMPLE = "Example: rempart demo --out build/demo"


def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder to build the demo in; made anew each time.")] = Path("build/demo"),
    language: Annotated[Literal["en", "fr"] | None, typer.Option(help="Language of the report.")] = None,
) -> int:
    """Screen 300 benign pictures against a demo list."""
    from rempart.testing.demo import run

    show.say("making benign pictures in many formats, edits and states of damage ...")
    with show.job_progress("screening") as progress:
        result = run(out, language=language, progress=progress)
    show.outcomes(result.job.summary)
    for surprise in result.surprises:
        show.say(f"not as expected: {surprise}")
    print(f"report: {result.job.report}")
    return 1 if result.surprises else 0

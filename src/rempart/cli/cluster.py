"""`rempart cluster`: near-duplicates among the operator's own files."""

from collections.abc import Mapping
from typing import Annotated

import typer

from rempart.cli import show

EXAMPLE = "Example: rempart cluster photos/ --json"


def cluster(
    paths: Annotated[list[str], typer.Argument(help="Files and folders to compare with each other.")],
    *,
    distance: Annotated[int, typer.Option(min=0, max=63, help="Largest PDQ distance, in bits.")] = 31,
    workers: Annotated[int | None, typer.Option(min=1, help="Child processes at once; default: one per core.")] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Group near-duplicate pictures, also turned ones."""
    from rempart.batch.inputs import Inputs
    from rempart.wiring import open_house

    with open_house(workers=workers) as house:
        found = house.cluster(Inputs(paths=tuple(paths)), distance)
    if json_output:
        show.data(found.to_json())
        return _exit_code(found.not_examined)
    for number, members in enumerate(found.groups, 1):
        print(f"cluster {number}: {len(members)} items")
        for name in members:
            print(f"  {name}")
    show.say(f"{len(found.groups)} clusters, {found.alone} items alone, {found.not_examined.total()} not examined")
    return _exit_code(found.not_examined)


def _exit_code(not_examined: Mapping[str, int]) -> int:
    return 2 if not_examined.get("unreadable: missing") else 0

"""`rempart fingerprint`: the fingerprints of the operator's own files."""

from typing import Annotated

import typer

from rempart.cli import show

EXAMPLE = "Example: rempart fingerprint photo.jpg --json"


def fingerprint(
    files: Annotated[list[str], typer.Argument(help="Files to fingerprint.")],
    *,
    all_views: Annotated[
        bool, typer.Option(help="Every view that screening compares, not only the plain one.")
    ] = False,
    exact: Annotated[bool | None, typer.Option(help="PDQ bit for bit as the reference; slower.")] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Print digests and PDQ of files.

    Fingerprints are sensitive: keep what this prints as you would keep the pictures.
    """
    from rempart.wiring import open_house

    with open_house(workers=1, exact=exact) as house:
        records = [record for file in files for record in house.fingerprints(file, all_views=all_views)]
    if json_output:
        show.data({"version": 1, "files": records})
    else:
        for record in records:
            _tell(record)
    return 0


def _tell(record: dict[str, object]) -> None:
    fields = [
        (key, value) for key, value in record.items() if key not in ("pdq", "item") and value not in (None, [], "")
    ]
    print(record["item"])
    for key, value in fields:
        print(f"  {key:12} {', '.join(value) if isinstance(value, list) else value}")
    views = record["pdq"]
    assert isinstance(views, list)  # noqa: S101 - narrows the type of our own record
    for view in views:
        words = [str(view[key]) for key in ("path", "transform", "crop", "ground")]
        print(f"  {'pdq':12} {view['value']} quality {view['quality']} ({', '.join(words)}, frame {view['frame']})")

"""`rempart fingerprint`: the fingerprints of the operator's own files."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.facts import View

if TYPE_CHECKING:
    from rempart.facts import Examination

MISTAKE = 2
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
    from rempart.batch.inputs import Inputs
    from rempart.wiring import open_house

    with open_house(workers=1, exact=exact) as house:
        records = [_record(name, seen, all_views) for name, seen in house.examine(Inputs(paths=tuple(files)))]
    if json_output:
        show.data({"version": 1, "files": records})
    else:
        for record in records:
            _tell(record)
    return MISTAKE if any("unreadable: missing" in record["gaps"] for record in records) else 0


def _record(name: str, seen: "Examination", all_views: bool) -> dict[str, Any]:
    """What is printed of one file: every digest, and the plain view of each frame or all views."""
    views = [variant for variant in seen.variants if all_views or variant.view == View(variant.view.frame)]
    return {
        "item": name,
        "media_type": seen.media_type,
        "size_bytes": seen.size_bytes,
        "width_pixels": seen.width_pixels,
        "height_pixels": seen.height_pixels,
        **{digest.kind: digest.value.hex() for digest in seen.digests},
        "pdq": [
            {"value": view.fingerprint.value.hex(), "quality": view.fingerprint.quality, **asdict(view.view)}
            for view in views
        ],
        "gaps": list(seen.gaps),
    }


def _tell(record: dict[str, Any]) -> None:
    print(record["item"])
    for key, value in record.items():
        if key not in ("pdq", "item") and value not in (None, []):
            print(f"  {key:14} {', '.join(value) if isinstance(value, list) else value}")
    for view in record["pdq"]:
        words = ", ".join(view[key] for key in ("path", "transform", "crop", "ground"))
        print(f"  {'pdq':14} {view['value']} quality {view['quality']} ({words}, frame {view['frame']})")

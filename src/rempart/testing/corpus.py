"""A folder of benign items, the lists to screen it against, and what must come out for every item.

`expected.json` is `{"version": 1, "items": {path: [outcome, ...]}}`: the path is relative to `items/`, members of
archives stand behind `!/`, and an outcome is `match`, `no_match` or `not_examined: code`; any one of them is right.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rempart.facts import Fingerprint
from rempart.testing.corpus_items import Demo, demo_items
from rempart.testing.pictures import Pixels

PdqOf = Callable[[Pixels], Fingerprint]
"""What fingerprints an original: (height, width, 3) RGB to PDQ with its quality."""

COLUMNS: Final = ("id", "sha256", "sha1", "md5", "pdq", "quality", "classification")
MEMBER_MARK: Final = "!/"


@dataclass(frozen=True, slots=True)
class DemoCorpus:
    """Where everything was written.

    expected: the acceptable outcomes by path below `items`.
    """

    items: Path
    demo_list: Path
    known_good: Path
    expected_file: Path
    expected: dict[str, tuple[str, ...]] = field(repr=False)
    files: int
    size_bytes: int

    def surprises(self, outcomes: Mapping[str, str]) -> list[str]:
        """What is not as foretold, in sentences; empty when all is.

        outcomes: by path below `items`: `match`, `no_match` or `not_examined: code`, details of reasons allowed.
        A member of an archive that nobody foretold is no surprise unless it matches.
        """
        return [*self._unlike(outcomes), *self._unforetold(outcomes)]

    def _unlike(self, outcomes: Mapping[str, str]) -> Iterator[str]:
        for path, acceptable in self.expected.items():
            found = outcomes.get(path, "missing")
            if found not in acceptable and _without_detail(found) not in acceptable:
                yield f"{path}: {found}, not {' or '.join(acceptable)}"

    def _unforetold(self, outcomes: Mapping[str, str]) -> Iterator[str]:
        for path in sorted(set(outcomes) - set(self.expected)):
            if MEMBER_MARK not in path or outcomes[path] == "match":
                yield f"{path}: {outcomes[path]}, but nothing was foretold"


def build_demo(folder: Path, pdq_of: PdqOf) -> DemoCorpus:
    """The corpus, written anew into `folder`; the same bytes each time.

    pdq_of: fingerprints the originals of the list. Raises Unavailable when the photographs are not installed.
    Cost: about 350 files, 35 MB and 10 seconds.
    """
    demo = demo_items()
    items = folder / "items"
    if items.exists():
        shutil.rmtree(items)
    size = sum(_write(items / item.path, item.data) for item in demo.items)
    for path, target in demo.links.items():
        (items / path).parent.mkdir(parents=True, exist_ok=True)
        (items / path).symlink_to(target)
    expected = {item.path: item.outcomes for item in demo.items} | demo.members
    expected |= dict.fromkeys(demo.links, ("not_examined: link not followed",))
    _write_list(folder / "demo-list.csv", _bad_rows(demo, pdq_of))
    _write_list(folder / "known-good.csv", _good_rows(demo, pdq_of))
    (folder / "expected.json").write_text(_as_json(expected), encoding="utf-8")
    return DemoCorpus(
        items=items,
        demo_list=folder / "demo-list.csv",
        known_good=folder / "known-good.csv",
        expected_file=folder / "expected.json",
        expected=expected,
        files=len(demo.items) + len(demo.links),
        size_bytes=size,
    )


def _write(path: Path, data: bytes) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(data)


def _as_json(expected: Mapping[str, tuple[str, ...]]) -> str:
    items = {path: list(outcomes) for path, outcomes in sorted(expected.items())}
    return json.dumps({"version": 1, "items": items}, indent=1, ensure_ascii=False) + "\n"


def _without_detail(outcome: str) -> str:
    """`not_examined: unsupported: video/mp4` without the media type."""
    return ": ".join(outcome.split(": ")[:2])


Row = dict[str, str]


def _bad_rows(demo: Demo, pdq_of: PdqOf) -> Iterator[Row]:
    """Pictures by PDQ, then files by one digest each."""
    for ref, pixels in demo.listed.items():
        yield _row(ref, "demo", pdq=pdq_of(pixels))
    for number, (ref, data) in enumerate(demo.listed_files.items()):
        kind = ("sha256", "sha1", "md5")[number % 3]
        yield {**_row(ref, "demo"), kind: hashlib.new(kind, data, usedforsecurity=False).hexdigest()}


def _good_rows(demo: Demo, pdq_of: PdqOf) -> Iterator[Row]:
    for ref, pixels in demo.known_good.items():
        yield _row(ref, "known good", pdq=pdq_of(pixels))
    for ref, data in demo.known_good_files.items():
        yield {**_row(ref, "known good"), "sha256": hashlib.sha256(data).hexdigest()}


def _row(ref: str, classification: str, pdq: Fingerprint | None = None) -> Row:
    row = dict.fromkeys(COLUMNS, "") | {"id": ref, "classification": classification}
    if pdq is not None:
        row |= {"pdq": pdq.value.hex(), "quality": str(pdq.quality)}
    return row


def _write_list(path: Path, rows: Iterator[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

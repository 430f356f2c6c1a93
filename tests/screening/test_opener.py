"""Archives that are larger than any single file may be: their members are examined all the same."""

import bz2
import gzip
import hashlib
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rempart.facts import Limits, NoMatch, NotExamined
from rempart.facts.item import Item
from rempart.media.sandbox import Sandbox
from rempart.screening.opener import PRELOAD, TASK, SandboxOpener
from rempart.screening.screen import screen
from rempart.testing.archives import tarred, zipped
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.pictures import pattern

LIMITS = Limits(max_bytes=200_000, max_archive_bytes=2_000_000, max_member_bytes_total=2_000_000)
PICTURE = ENCODINGS["jpeg"].encode(pattern(7, 240, 180))
FILLER = {f"{number}.bin": random.Random(number).randbytes(150_000) for number in range(4)}
CONTENTS = {**FILLER, "picture.jpg": PICTURE}
LARGE = {
    "zip": zipped(CONTENTS, level=0),
    "deflated zip": zipped(CONTENTS),
    "tar": tarred(CONTENTS),
    "tar.gz": gzip.compress(tarred(CONTENTS)),
    "tar.bz2": bz2.compress(tarred(CONTENTS)),
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(TASK, PRELOAD, LIMITS) as started:
        yield started


@pytest.fixture
def opener(sandbox: Sandbox) -> SandboxOpener:
    return SandboxOpener(sandbox.child(), LIMITS)


class _NoLists:
    """A snapshot in which nothing stands."""

    def matches(self, *_: object) -> tuple[()]:
        return ()


def outcomes(opener, source):
    found = {each.item: each.outcome for each in screen(Item("it", source), _NoLists, opener)}  # type: ignore[arg-type]
    return {name: outcome.reason if isinstance(outcome, NotExamined) else "" for name, outcome in found.items()}


@pytest.mark.parametrize("kind", LARGE)
@pytest.mark.parametrize("where", ["file", "bytes"])
def test_the_members_of_an_archive_larger_than_any_file_are_examined(opener, tmp_path, kind, where):
    data = LARGE[kind]
    assert len(data) > 2 * LIMITS.max_bytes
    (tmp_path / "it").write_bytes(data)
    found = outcomes(opener, tmp_path / "it" if where == "file" else data)
    assert found == {
        **{f"it!/{name}": "unsupported: application/octet-stream" for name in FILLER},
        "it!/picture.jpg": "",
        "it": "",
    }


def test_a_large_archive_has_its_digests_and_its_type(opener):
    seen = opener.examine(LARGE["zip"])
    assert (seen.container, seen.media_type, seen.gaps) == (True, "application/zip", ())
    assert seen.size_bytes == len(LARGE["zip"])
    values = {print_.kind: print_.value for print_ in seen.digests}
    assert values["sha256"] == hashlib.sha256(LARGE["zip"]).digest()


def test_a_large_archive_inside_an_archive_is_a_gap_of_its_own(opener):
    inner = zipped(CONTENTS, level=0)
    assert outcomes(opener, zipped({"inner.zip": inner}, level=0))["it!/inner.zip"] == "limit: bytes"


def test_an_archive_beyond_its_own_limit_is_a_gap_and_is_not_even_hashed(opener):
    data = zipped({"a": bytes(LIMITS.max_archive_bytes)}, level=0)
    seen = opener.examine(data)
    assert (seen.container, seen.gaps, seen.digests) == (False, ("limit: archive bytes", "limit: bytes"), ())
    assert seen.size_bytes == len(data)


def test_a_sparse_file_of_terabytes_is_a_gap_at_once(opener, tmp_path):
    with (tmp_path / "it").open("wb") as file:
        file.truncate(10 * 2**40)
    start = time.monotonic()
    seen = opener.examine(tmp_path / "it")
    assert (seen.gaps, seen.digests, seen.size_bytes) == (("limit: bytes",), (), 10 * 2**40)
    assert time.monotonic() - start < 5


def test_what_the_child_says_of_digests_and_size_is_not_believed(opener, monkeypatch):
    run = opener._child.run
    lie = {"digests": [["sha256", "00" * 32]], "size_bytes": 1}
    monkeypatch.setattr(opener._child, "run", lambda source, request: {**run(source, request), **lie})
    seen = opener.examine(PICTURE)
    assert seen.digests[0].value == hashlib.sha256(PICTURE).digest()
    assert (len(seen.digests), seen.size_bytes) == (3, len(PICTURE))


def test_a_child_that_speaks_nonsense_is_replaced_and_the_digests_are_still_there(opener, monkeypatch):
    opener.examine(PICTURE)
    before = opener._child.number
    with monkeypatch.context() as patched:
        patched.setattr("rempart.screening.opener.examination_from_json", lambda _: {}["nothing"])
        seen = opener.examine(PICTURE)
    assert (seen.gaps, len(seen.digests)) == (("crashed",), 3)
    assert opener.examine(PICTURE).gaps == ()
    assert opener._child.number != before


def test_a_stop_request_ends_the_hashing_and_costs_no_fingerprint(sandbox):
    stopped = SandboxOpener(sandbox.child(), LIMITS, stop=lambda: True).examine(PICTURE)
    assert (stopped.digests, stopped.gaps) == ((), ("timeout",))
    assert stopped.variants


def test_anything_else_that_is_too_large_is_a_gap_with_digests_and_type(opener):
    seen = opener.examine(PICTURE + bytes(LIMITS.max_bytes))
    assert (seen.media_type, seen.container, seen.gaps) == ("image/jpeg", False, ("limit: bytes",))
    assert len(seen.digests) == 3


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_archive_cut_short_is_a_gap_after_its_members(opener, kind):
    found = outcomes(opener, LARGE[kind][: len(LARGE[kind]) * 9 // 10])
    assert found["it"] in ("truncated", "damaged: zip")
    if kind != "tar.bz2":  # a single block, which is lost as a whole
        assert found["it!/1.bin"] == "unsupported: application/octet-stream"


def sparse_zip(path: Path, hole_bytes: int) -> None:
    """A stored zip whose first member is a hole of the file system, and whose second one is the picture."""
    data = bytearray(zipped({"hole": b"", "picture.jpg": PICTURE}, level=0))
    first, second, directory = 30 + len("hole"), data.index(b"PK\x03\x04", 4), data.index(b"PK\x01\x02")
    entry = data.index(b"PK\x01\x02", directory + 4)
    for at in (18, 22, directory + 20, directory + 24):
        data[at : at + 4] = hole_bytes.to_bytes(4, "little")
    data[entry + 42 : entry + 46] = (second + hole_bytes).to_bytes(4, "little")
    data[-6:-2] = (directory + hole_bytes).to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(data[:first])
        file.seek(first + hole_bytes)
        file.write(data[first:])


def test_an_archive_of_gigabytes_is_read_only_where_its_members_are(tmp_path):
    sparse_zip(tmp_path / "it", 3 * 2**30)
    limits = replace(LIMITS, max_archive_bytes=4 * 2**30, max_memory_bytes=2**30)
    with Sandbox(TASK, (), limits) as small:
        start = time.monotonic()
        found = {member.name: member.reason for member in small.child().members(tmp_path / "it")}
    assert found == {"hole": "limit: bytes", "picture.jpg": None}
    assert time.monotonic() - start < limits.max_seconds


def test_a_picture_with_a_zip_behind_it_is_examined_with_its_members(opener):
    found = list(screen(Item("it", PICTURE + zipped({"a.jpg": PICTURE})), _NoLists, opener))  # type: ignore[arg-type]
    assert [each.item for each in found] == ["it!/a.jpg", "it"]
    assert all(each.outcome == NoMatch() for each in found)
    assert found[1].frames == 1
    assert np.prod((found[1].width_pixels, found[1].height_pixels)) == 240 * 180


def test_a_child_that_saw_a_damaged_file_sees_no_other(opener):
    opener.examine(PICTURE)
    before = opener._child.number
    opener.examine(PICTURE)
    assert opener._child.number == before
    assert opener.examine(HOSTILE["png-zero-size"].build()).gaps == ("damaged: png",)
    opener.examine(PICTURE)
    assert opener._child.number != before

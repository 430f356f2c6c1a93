"""One item to its findings: rows without a file, archives at every depth, one budget for all that lies in an item."""

import random
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from rempart.facts import Fingerprint, HashList, Item, Limits, Matched, NoMatch, NotExamined, View, name_of
from rempart.fingerprints import pdq
from rempart.matching import ExactIndex, HammingIndex, ListSnapshot, Snapshot
from rempart.media import open_pictures
from rempart.media.budget import Budget
from rempart.media.sandbox import Sandbox
from rempart.screening import PRELOAD, TASK, SandboxOpener, screen
from rempart.testing.archives import gzipped_tar, tarred, zipped
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.pictures import pattern

LIMITS = Limits(max_bytes=400_000, max_members=20, max_member_bytes_total=3_000_000, max_seconds=10)
PICTURE = ENCODINGS["jpeg"].encode(pattern(7, 240, 180))
OTHER = ENCODINGS["png"].encode(pattern(8, 240, 180))
ZEROS = bytes(300_000)
MASTER = "it"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(TASK, PRELOAD, LIMITS) as started:
        yield started


@pytest.fixture
def opener(sandbox: Sandbox) -> SandboxOpener:
    return SandboxOpener(sandbox.child(), LIMITS, origin="no")


def a_list(value: bytes, kind: str = "pdq", distance: int = 31) -> Snapshot:
    """A known-bad list of one entry."""
    facts = HashList("bad", 1, "a test", "known-bad", "block", distance, None)
    values = np.frombuffer(value, np.uint8).reshape(1, -1)
    near, nothing = (
        HammingIndex.build(values, np.arange(1)),
        HammingIndex.build(np.empty((0, 32), np.uint8), np.empty(0)),
    )
    exact = {} if kind == "pdq" else {kind: ExactIndex.build(values, np.arange(1))}
    listed = ListSnapshot(facts, near if kind == "pdq" else nothing, exact, lambda _: ("entry", "", False))  # type: ignore[arg-type]
    return Snapshot((listed,))


def luma_of(data: bytes):
    return next(iter(open_pictures(data, Limits()))).luma


LISTED = a_list(pdq(luma_of(PICTURE)).value)


def found(opener, data, snapshot=LISTED, known=()):
    """Each finding's name and what it ended as."""
    findings = screen(Item(MASTER, data, known), lambda: snapshot, opener)
    return {each.item: getattr(each.outcome, "reason", name_of(each.outcome)) for each in findings}


class _NothingToOpen:
    """An opener that must not be asked."""


def of_row(*known):
    (finding,) = screen(Item("row", None, known), lambda: LISTED, _NothingToOpen())  # type: ignore[arg-type]
    return finding.outcome


def test_a_row_of_fingerprints_alone_matches_by_them():
    assert isinstance(of_row(pdq(luma_of(PICTURE))), Matched)
    assert of_row(pdq(luma_of(OTHER))) == NoMatch()


def test_a_row_with_neither_file_nor_fingerprint_is_never_no_match():
    assert of_row() == NotExamined("no usable fingerprint")


def test_a_file_that_cannot_be_opened_is_still_met_by_what_is_claimed_of_it(opener, tmp_path):
    claim = (pdq(luma_of(PICTURE)),)
    assert found(opener, tmp_path / "gone", known=claim) == {"it": "match"}
    assert found(opener, tmp_path / "gone") == {"it": "vanished"}


def test_a_claimed_digest_that_is_not_the_files_is_a_gap(opener):
    claim = (Fingerprint("sha256", bytes(32)),)
    assert found(opener, OTHER, known=claim) == {"it": "claimed digest differs"}
    assert found(opener, PICTURE, known=claim) == {"it": "match"}


@pytest.mark.parametrize("pack", [zipped, tarred, gzipped_tar])
def test_members_come_before_their_archive_and_each_is_judged(opener, pack):
    data = pack({"a.jpg": PICTURE, "b.png": OTHER, "c.txt": b"words"})
    assert list(found(opener, data).items()) == [
        ("it!/a.jpg", "match"),
        ("it!/b.png", "no_match"),
        ("it!/c.txt", "unsupported: application/octet-stream"),
        ("it", "no_match"),
    ]


def test_an_archive_in_an_archive_is_opened_and_one_more_is_a_gap_of_that_one(opener):
    inner = tarred({"a.jpg": PICTURE, "deepest.zip": zipped({"b.jpg": PICTURE})})
    assert found(opener, zipped({"inner.tar": inner})) == {
        "it!/inner.tar!/a.jpg": "match",
        "it!/inner.tar!/deepest.zip": "nested too deep",
        "it!/inner.tar": "no_match",
        "it": "no_match",
    }


def test_a_container_that_is_listed_matches_although_its_members_cannot_be_had(opener):
    data = HOSTILE["zip-encrypted"].build()
    cut = zipped({"a.jpg": PICTURE, "b.jpg": OTHER}, level=0)[:-30]
    digest = next(each for each in opener.examine(cut).digests if each.kind == "sha256").value
    assert found(opener, data) == {"it!/a.jpg": "encrypted", "it": "no_match"}
    findings = list(screen(Item(MASTER, cut), lambda: a_list(digest, "sha256"), opener))
    assert isinstance(findings[-1].outcome, Matched)
    assert findings[-1].gaps == ("damaged: zip",)


def test_an_archive_cut_short_is_a_gap_of_its_own_after_its_members(opener):
    assert found(opener, tarred({"a.jpg": PICTURE, "b.png": OTHER})[: len(PICTURE) + 2000]) == {
        "it!/a.jpg": "match",
        "it": "truncated",
    }


def bombs(count: int, members: dict[str, bytes]) -> bytes:
    return zipped({f"{number:02}.zip": zipped(members) for number in range(count)}, level=0)


def test_archives_in_an_archive_spend_one_budget_of_bytes(opener):
    outcomes = found(opener, bombs(9, {str(number): ZEROS for number in range(4)}))
    assert outcomes["it"] == "limit: member bytes"
    assert "limit: member bytes" in {outcome for name, outcome in outcomes.items() if name.count("!/") == 1}
    unpacked = sum(len(ZEROS) for name in outcomes if name.count("!/") == 2)
    assert 2_000_000 < unpacked <= LIMITS.max_member_bytes_total


def test_what_is_unpacked_and_thrown_away_is_paid_for_too(opener):
    outcomes = found(opener, bombs(12, {"too large": bytes(LIMITS.max_bytes + 1)}))
    assert outcomes["it"] == "limit: member bytes"
    assert list(outcomes.values()).count("limit: bytes") <= LIMITS.max_member_bytes_total // LIMITS.max_bytes


def test_archives_in_an_archive_spend_one_budget_of_members(opener):
    outcomes = found(opener, bombs(9, {str(number): b"x" for number in range(4)}))
    assert outcomes["it"] == "limit: members"
    assert len(outcomes) <= LIMITS.max_members + 1


def test_archives_in_an_archive_spend_one_budget_of_time(opener, monkeypatch):
    short = Budget(LIMITS, 1000, 10**9, seconds=0.2)
    monkeypatch.setattr(opener, "budget", lambda _: short)
    outcomes = found(opener, bombs(100, {f"{number}.jpg": PICTURE for number in range(9)}))
    assert outcomes["it"] == "limit: member seconds"
    assert len(outcomes) < 900


def test_an_archive_that_is_just_within_its_budget_has_no_gap(opener):
    members = {f"{number}": b"x" for number in range(9)}
    outcomes = found(opener, zipped({"a.zip": zipped(members), "b.zip": zipped(members)}, level=0))
    assert len(outcomes) == LIMITS.max_members + 1
    assert outcomes["it"] == "no_match"


def test_the_budget_is_of_one_item_and_the_next_has_its_own(opener):
    data = zipped({str(number): b"x" for number in range(15)})
    assert [found(opener, data)["it"] for _ in range(3)] == ["no_match"] * 3


def full_and_nearest() -> tuple[bytes, Fingerprint, Fingerprint]:
    """A large file whose two canonical fingerprints lie far apart, with both. The second by its definition."""
    pixels = pattern(11, 1100, 900).copy()
    pixels[:, 1::2] = pixels[:, 1::2] // 3  # columns that every second sample misses
    data = ENCODINGS["jpeg"].encode(pixels)
    luma = luma_of(data)
    rows, columns = (np.arange(512) * length // 512 for length in luma.shape)
    return data, pdq(luma), pdq(np.ascontiguousarray(luma[rows][:, columns]))


def test_an_entry_hashed_on_the_nearest_512_path_is_met_by_the_file_in_full_size(sandbox):
    data, full, nearest = full_and_nearest()
    apart = (int.from_bytes(full.value, "big") ^ int.from_bytes(nearest.value, "big")).bit_count()
    assert apart > 0
    opener = SandboxOpener(sandbox.child(), LIMITS)
    (finding,) = screen(Item("it", data), lambda: a_list(nearest.value, distance=apart - 1), opener)
    assert isinstance(finding.outcome, Matched)
    (match,) = finding.outcome.matches
    assert (match.view, match.distance_bits) == (View(path="nearest-512"), 0)


def test_every_hostile_archive_ends_with_counted_findings(opener):
    for name, hostile in HOSTILE.items():
        if name.startswith(("zip", "tar", "gzip")) and name != "zip-of-bombs":
            outcomes = Counter(each.item for each in screen(Item(name, hostile.build()), lambda: LISTED, opener))
            assert outcomes[name] == 1, name


def test_the_same_archive_gives_the_same_findings(opener):
    data = zipped({"a.jpg": PICTURE, "b.bin": random.Random(5).randbytes(999)})
    first, second = (list(screen(Item("it", data), lambda: LISTED, opener)) for _ in range(2))
    assert first == second

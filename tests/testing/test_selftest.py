from collections.abc import Collection

import numpy as np
import pytest

from rempart.testing.edits import EDITS
from rempart.testing.encodings import ENCODINGS
from rempart.testing.peer import ThreatExchangePeer
from rempart.testing.pictures import Pixels, pattern
from rempart.testing.selftest import CASES, Case, run

PHOTOS = {"one": pattern(1, 60, 40), "two": pattern(2, 60, 40)}
FEW = (Case("jpeg", "identity"), Case("png", "mirror"), Case("jpeg", "crop 5 %"))


class Remembering:
    """A matcher that finds what its rule says."""

    def __init__(self, found: Collection[str], blind_to: bytes = b"no file holds this") -> None:
        self.found, self.blind_to = found, blind_to
        self.listed: dict[str, Pixels] = {}
        self.seen: list[bytes] = []

    def enlist(self, ref: str, pixels: Pixels) -> None:
        self.listed[ref] = pixels

    def look_up(self, data: bytes) -> Collection[str]:
        self.seen.append(data)
        return () if self.blind_to in data else self.found


def test_every_format_meets_identity_and_two_formats_meet_every_edit() -> None:
    names = {case.name for case in CASES}
    assert {"jpeg × mirror", "png × letterbox 5 % black", "gif-palette × identity", "jpeg-exif-5 × identity"} <= names
    assert {f"{encoding} × {edit}" for encoding in ("jpeg", "png") for edit in EDITS} <= names
    untried = {name for name in ENCODINGS if f"{name} × identity" not in names}
    assert all("-exif-" in name and not name.startswith("jpeg") for name in untried)
    assert len(names) == len(CASES)


def test_what_is_always_found_has_recall_one_and_no_broken_promise() -> None:
    result = run(Remembering(("one", "two")), photos=PHOTOS, cases=FEW)
    assert result.ours == {case.name: 1.0 for case in FEW}
    assert result.broken_promises == ()
    assert result.peer == {}
    assert result.photos == 2


def test_a_miss_is_named_and_breaks_the_promise_where_there_is_one() -> None:
    result = run(Remembering(("one",)), photos=PHOTOS, cases=FEW)
    assert result.ours == {case.name: 0.5 for case in FEW}
    assert result.broken_promises == ("jpeg × identity", "png × mirror")
    assert result.missed["jpeg × identity"] == ("two",)
    notes = {name: note for name, _, note in result.rows()}
    assert notes["png × mirror"] == "BROKEN PROMISE: 1 missed"
    assert notes["jpeg × crop 5 %"] == "not promised"


def test_meeting_another_photo_is_counted_as_mistaken() -> None:
    assert run(Remembering(("one",)), photos=PHOTOS, cases=FEW).mistaken == 3
    assert run(Remembering(()), photos=PHOTOS, cases=FEW).mistaken == 0


def test_both_matchers_list_the_originals_and_see_the_same_uploads() -> None:
    ours, peer = Remembering(("one", "two")), Remembering(("one", "two"), blind_to=b"\x89PNG")
    told: list[tuple[int, int]] = []
    result = run(ours, photos=PHOTOS, cases=FEW, peer=peer, progress=lambda done, total: told.append((done, total)))
    assert ours.seen == peer.seen
    assert list(ours.listed) == list(peer.listed) == ["one", "two"]
    assert np.array_equal(ours.listed["one"], PHOTOS["one"])
    assert result.peer == {"jpeg × identity": 1.0, "png × mirror": 0.0, "jpeg × crop 5 %": 1.0}
    assert told == [(number, 6) for number in range(1, 7)]


def test_the_json_has_ours_and_peer_by_format_and_edit() -> None:
    said = run(Remembering(("one",)), photos=PHOTOS, cases=FEW).to_json()
    assert said["version"] == 1
    assert said["ours"] == {"jpeg × identity": 0.5, "png × mirror": 0.5, "jpeg × crop 5 %": 0.5}
    assert said["peer"] == {}


def test_as_many_photographs_are_used_as_asked() -> None:
    ours = Remembering(())
    assert run(ours, photos=3, cases=FEW[:1]).photos == 3
    assert len(ours.seen) == 3


@pytest.mark.parametrize("answer", [OSError("x"), ValueError("x"), IndexError("x")])
def test_a_crash_of_the_peer_is_no_match(answer: Exception) -> None:
    def hash_or_crash(data: bytes) -> str:
        if data.startswith(b"\xff\xd8"):
            raise answer
        return "0f" * 32

    peer = ThreatExchangePeer(hash_or_crash)
    peer.enlist("one", PHOTOS["one"])
    assert list(peer.look_up(ENCODINGS["png"].encode(PHOTOS["one"]))) == ["one"]
    assert list(peer.look_up(ENCODINGS["jpeg"].encode(PHOTOS["one"]))) == []


def test_the_peer_matches_at_thirty_one_bits_and_not_at_thirty_two() -> None:
    listed = 0
    near, far, low_quality = (1 << 31) - 1, (1 << 32) - 1, ""
    answers = iter([f"{listed:064x}", f"{near:064x}", f"{far:064x}", low_quality])
    peer = ThreatExchangePeer(lambda data: next(answers))
    peer.enlist("one", PHOTOS["one"])
    assert [list(peer.look_up(b"")) for _ in range(3)] == [["one"], [], []]

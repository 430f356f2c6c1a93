"""What screening matches against."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from rempart.facts import Entry, Fingerprint, Match, Variant, View
from rempart.lists import Lists


@pytest.mark.parametrize("copies", [1, 2])
def test_d5_a_list_of_one_hash_or_twice_the_same_matches_after_a_reload(
    tmp_path, memory_folder, keys, clock, lists, make, write, meets, copies
) -> None:
    one = make()
    report = lists.import_file(write(f"pdq\n{one.value.hex()}\n" * copies), name="demo", source="test")
    assert report.merged == copies - 1
    for folder in (memory_folder, None):
        reloaded = Lists(tmp_path / "lists", keys, folder, clock)
        assert len(meets(one, reloaded)) == 1
        assert len(meets(one, Lists(tmp_path / "lists", keys, folder, clock))) == 1


def test_a_known_good_list_says_so_in_its_matches(lists, make, csv_of, meets) -> None:
    one = make()
    lists.import_file(csv_of([("a", one)]), name="good", source="test", polarity="known-good", policy="ignore")
    assert [(match.polarity, match.policy) for match in meets(one)] == [("known-good", "ignore")]


def test_an_unchanged_list_gives_the_very_same_snapshot(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    assert lists.snapshot() is lists.snapshot()
    before = lists.snapshot()
    lists.append("demo", [Entry(make(), "b")])
    assert lists.snapshot() is not before


def test_the_snapshot_of_a_restored_copy_with_another_history_is_read_anew(
    lists, make, csv_of, meets, tmp_path
) -> None:
    a, b, c = make.many(3)
    lists.import_file(csv_of([("a", a)]), name="demo", source="test")
    shutil.copytree(tmp_path / "lists/demo", tmp_path / "copy")
    lists.append("demo", [Entry(b, "b")])
    assert len(meets(b)) == 1
    shutil.rmtree(tmp_path / "lists/demo")
    shutil.copytree(tmp_path / "copy", tmp_path / "lists/demo")
    lists.append("demo", [Entry(c, "c")])
    assert meets(b) == ()
    assert len(meets(a)) == len(meets(c)) == 1


def test_the_facts_of_a_list_are_what_was_stated(lists, make, csv_of) -> None:
    lists.import_file(
        csv_of([("a", make())]), name="demo", source=" iwf ", jurisdiction="UK", classification="A", policy="block"
    )
    facts = lists.snapshot().lists[0].facts
    assert facts == replace(
        facts, name="demo", source="iwf", jurisdiction="UK", classification="A", policy="block", entries=1, version=1
    )
    assert facts.updated_at_utc == "2026-11-22T12:00:00Z"


def test_a_damaged_history_does_not_stop_the_screening(lists, make, csv_of, meets, tmp_path, keys, clock) -> None:
    one, other = make.many(2)
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")
    lists.append("demo", [Entry(other, "b")])
    lists.hold("demo", ["a"], "odd")
    (tmp_path / "lists/demo/versions/00000002.json").unlink()
    (tmp_path / "lists/demo/versions/00000001.json").write_bytes(b"rubbish")
    fresh = Lists(tmp_path / "lists", keys, None, clock)
    for store in (lists, fresh):
        assert len(meets(one, store)) == len(meets(other, store)) == 1
    assert lists.verify("demo").problems == ("version 2 is missing",)


def test_d8_both_ways_to_ask_give_whole_distances_echo_the_entry_and_honour_what_was_decided(
    lists, make, csv_of, keys
) -> None:
    """Of the system compared with: distances are text, entries are not echoed, and one way ignores what is disabled."""
    stays, gone, odd, fine = make.many(4)
    lists.import_file(
        csv_of([("stays", stays), ("gone", gone), ("odd", odd)]), name="bad", source="test", policy="block"
    )
    lists.import_file(csv_of([("fine", fine)]), name="good", source="test", polarity="known-good")
    lists.hold("bad", ["odd"], "odd")
    lists.withdraw("bad", refs=["gone"], reason="asked")
    asked = [Fingerprint("pdq", flipped(one.value, bits)) for bits, one in enumerate((stays, gone, odd, fine))]
    snapshot = lists.snapshot()
    wanted = [
        ("bad", 3, "stays", 0, "block", "known-bad", False),
        ("bad", 3, "odd", 2, "review", "known-bad", True),
        ("good", 1, "fine", 3, "review", "known-good", False),
    ]
    found = snapshot.matches((), tuple(Variant(one, View()) for one in asked))
    assert [described(match) for match in found] == wanted
    assert all(type(match.distance_bits) is int for match in found)
    values = np.frombuffer(b"".join(one.value for one in asked), np.uint8).reshape(-1, 32)
    rows = snapshot.digest_matches("pdq", values)
    assert rows.distance_bits.dtype.kind == "u"
    assert rows.row.tolist() == [0, 2, 3]
    again = []
    for number, entry, bits in zip(rows.list_number, rows.entry, rows.distance_bits, strict=True):
        held = snapshot.lists[number]
        ref, _, in_quarantine = held.describe(int(entry))
        policy = "review" if in_quarantine else held.facts.policy
        again.append((held.facts.name, held.facts.version, ref, int(bits), policy, held.facts.polarity, in_quarantine))
    assert again == wanted


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_d8_a_withdrawn_or_held_digest_is_honoured_both_ways(lists, make, csv_of, kind) -> None:
    stays, gone = make.many(2, kind)
    lists.import_file(csv_of([("stays", stays), ("gone", gone)], kind), name="bad", source="test", policy="block")
    lists.hold("bad", ["stays"], "odd")
    lists.withdraw("bad", refs=["gone"], reason="asked")
    snapshot = lists.snapshot()
    assert [described(match) for match in snapshot.matches((stays, gone), ())] == [
        ("bad", 3, "stays", 0, "review", "known-bad", True)
    ]
    values = np.frombuffer(stays.value + gone.value, np.uint8).reshape(2, -1)
    rows = snapshot.digest_matches(kind, values)
    assert (rows.row.tolist(), rows.distance_bits.tolist()) == ([0], [0])
    assert snapshot.lists[0].describe(int(rows.entry[0])) == ("stays", "", True)


def described(match: Match) -> tuple[object, ...]:
    return (
        match.list_name,
        match.list_version,
        match.entry_ref,
        match.distance_bits,
        match.policy,
        match.polarity,
        match.held,
    )


def flipped(value: bytes, bits: int) -> bytes:
    """The value with so many bits of its first byte flipped."""
    return bytes([value[0] ^ ((1 << bits) - 1)]) + value[1:]

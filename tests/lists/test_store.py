"""The lists as people use them. Tests named d1..d9 stand for rows of the defect table of other systems."""

import errno
import json
import os
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from rempart.errors import Broken, Conflict, NotFound, Unavailable, UserMistake
from rempart.facts import Entry, Fingerprint
from rempart.lists import Lists, speaks_of, verify_receipt
from rempart.lists.memory import Indexes
from rempart.storage import KeyRing


def test_d1_a_withdrawn_entry_stops_matching(lists, make, csv_of, meets) -> None:
    gone, stays = make.many(2)
    lists.import_file(csv_of([("a", gone), ("b", stays)]), name="demo", source="test")
    assert [match.entry_ref for match in meets(gone)] == ["a"]
    lists.withdraw("demo", refs=["a"], reason="asked")
    assert meets(gone) == ()
    assert [match.entry_ref for match in meets(stays)] == ["b"]


def test_d1_an_entry_that_the_source_withdrew_stops_matching_at_the_next_import(lists, make, csv_of, meets) -> None:
    gone, stays = make.many(2)
    lists.import_file(csv_of([("a", gone), ("b", stays)]), name="demo", source="test")
    report = lists.import_file(csv_of([("b", stays)]), name="demo")
    assert (report.removed, report.unchanged, report.added) == (1, 1, 0)
    assert meets(gone) == ()
    assert len(meets(stays)) == 1


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_d2_entries_with_nothing_but_a_digest_are_kept(lists, make, csv_of, meets, kind) -> None:
    one = make(kind)
    lists.import_file(csv_of([("a", one)], kind), name="demo", source="test")
    assert [(match.entry_ref, match.kind, match.distance_bits) for match in meets(one)] == [("a", kind, 0)]


def test_d2_the_digests_of_one_row_are_one_entry(lists, make, write, meets) -> None:
    md5, sha1, pdq = make("md5"), make("sha1"), make()
    path = write(f"MD5;SHA1;Hash;Image ID\n{md5.value.hex()};{sha1.value.hex().upper()};{pdq.value.hex()};17\n")
    mapping = {"md5": "MD5", "sha1": "SHA1", "pdq": "Hash", "id": "Image ID"}
    report = lists.import_file(path, name="demo", source="test", mapping=mapping)
    assert (report.rows, report.added, lists.show("demo").facts.entries) == (1, 1, 1)
    assert {match.entry_ref for one in (md5, sha1, pdq) for match in meets(one)} == {"17"}
    lists.withdraw("demo", fingerprints=[sha1], reason="asked")
    assert not any(meets(one) for one in (md5, sha1, pdq))


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


def test_d7_nothing_readable_and_no_pickle_reaches_the_disk(lists, make, write, tmp_path) -> None:
    prints = [make(kind) for kind in ("pdq", "md5", "sha1", "sha256") for _ in range(50)]
    rows = "".join(json.dumps({one.kind: one.value.hex(), "id": f"r{n}"}) + "\n" for n, one in enumerate(prints))
    lists.import_file(write(rows), name="demo", source="test")
    (tmp_path / "import.txt").unlink()
    extra = make()
    lists.append("demo", [Entry(extra, "x")])
    lists.withdraw("demo", refs=["r3"], reason="asked")
    stored = b"\x00".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for one in (*prints, extra):
        for start in range(0, len(one.value) - 7, 4):
            run = one.value[start : start + 8]
            assert run not in stored
            assert run.hex().encode() not in stored.lower()
    assert b"\x80\x04\x95" not in stored


def test_d7_another_key_opens_nothing(lists, make, csv_of, tmp_path, clock) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    stranger = Lists(tmp_path / "lists", KeyRing.generate(), None, clock)
    with pytest.raises(Broken, match="does not carry our signature"):
        stranger.snapshot()
    assert "signature" in stranger.verify("demo").problems[0]


def test_d9_the_reference_local_format_keeps_up_with_deletions(lists, make, write, meets) -> None:
    gone, stays, md5 = make(), make(), make("md5")

    def lines(*prints: Fingerprint) -> str:
        return "".join(f"{'pdq' if one.kind == 'pdq' else 'video_md5'} {one.value.hex()}\n" for one in prints)

    first = lists.import_file(write(lines(gone, stays, md5)), name="demo", source="test")
    assert (first.format, first.added) == ("threatexchange", 3)
    kept_ref = meets(stays)[0].entry_ref
    second = lists.import_file(write(lines(stays, md5)), name="demo")
    assert (second.removed, second.unchanged) == (1, 2)
    assert meets(gone) == ()
    assert meets(stays)[0].entry_ref == kept_ref
    assert len(meets(md5)) == 1


def test_every_row_read_is_counted_once(lists, make, write) -> None:
    a, b = make.many(2)
    rows = f"a,{a.value.hex()}\na,{a.value.hex()}\nb,{b.value.hex()}\nc,zz\nd,\ne,{'00' * 32}\n"
    report = lists.import_file(write("id,pdq\n" + rows), name="demo", source="test")
    assert report.rows == 6
    assert report.rows == report.added + report.changed + report.unchanged + report.merged + sum(
        report.refused.values()
    )
    assert (report.added, report.merged, sum(report.refused.values())) == (2, 1, 3)
    assert [line for line, _ in lists.quarantine("demo")] == [5, 6, 7]
    assert lists.show("demo").quarantined == 3


def test_a_dry_run_says_what_would_happen_and_writes_nothing(lists, make, csv_of, tmp_path) -> None:
    report = lists.import_file(csv_of([("a", make())]), name="demo", source="test", dry_run=True)
    assert (report.added, report.dry_run, report.version_after) == (1, True, 0)
    assert not (tmp_path / "lists").exists()
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    again = lists.import_file(csv_of([("b", make())]), name="demo", dry_run=True)
    assert (again.added, again.removed, again.version_before, again.version_after) == (1, 1, 1, 1)
    assert lists.show("demo").facts.version == 1


def test_add_only_adds(lists, make, csv_of, meets) -> None:
    a, b = make.many(2)
    lists.import_file(csv_of([("a", a)]), name="demo", source="test")
    report = lists.import_file(csv_of([("b", b)]), name="demo", mode="add")
    assert (report.added, report.removed, report.kept) == (1, 0, 0)
    assert len(meets(a)) == len(meets(b)) == 1


def test_add_gives_an_entry_more_fingerprints_under_its_ref(lists, make, csv_of, meets) -> None:
    pdq, md5 = make(), make("md5")
    lists.import_file(csv_of([("a", pdq)]), name="demo", source="test")
    report = lists.import_file(csv_of([("a", md5)], "md5"), name="demo", mode="add")
    assert (report.changed, report.added) == (1, 0)
    assert [match.entry_ref for one in (pdq, md5) for match in meets(one)] == ["a", "a"]


def test_an_entry_whose_fingerprint_changed_matches_by_the_new_one_only(lists, make, csv_of, meets) -> None:
    before, after = make.many(2)
    lists.import_file(csv_of([("a", before)]), name="demo", source="test")
    report = lists.import_file(csv_of([("a", after)]), name="demo")
    assert (report.changed, report.added, report.removed) == (1, 0, 0)
    assert meets(before) == ()
    assert [match.entry_ref for match in meets(after)] == ["a"]


def test_the_classification_of_the_source_is_kept_as_it_stands_and_may_change(lists, make, write, meets) -> None:
    one = make()
    lists.import_file(write(f"id,pdq,classification\na,{one.value.hex()},5\n"), name="demo", source="test")
    assert meets(one)[0].classification == "5"
    report = lists.import_file(write(f"id,pdq,classification\na,{one.value.hex()},0\n"), name="demo")
    assert report.changed == 1
    assert meets(one)[0].classification == "0"


def test_an_entry_without_a_classification_has_that_of_its_list(lists, make, write, meets) -> None:
    own, none = make.many(2)
    rows = f"id,pdq,classification\na,{own.value.hex()},A1\nb,{none.value.hex()},\n"
    lists.import_file(write(rows), name="demo", source="test", classification="B")
    assert [meets(one)[0].classification for one in (own, none)] == ["A1", "B"]


def test_a_row_that_cannot_be_read_does_not_withdraw_its_entry(lists, make, csv_of, write, meets) -> None:
    a, b = make.many(2)
    lists.import_file(csv_of([("a", a), ("b", b)]), name="demo", source="test")
    report = lists.import_file(write(f"id,pdq\na,{a.value.hex()[:-1]}\nb,{b.value.hex()}\n"), name="demo")
    assert (report.kept, report.removed, report.unchanged) == (1, 0, 1)
    assert len(meets(a)) == 1


def test_a_file_that_breaks_off_withdraws_nothing(lists, make, write, meets) -> None:
    prints = make.many(3, "md5")
    media = [{"MediaID": n, "Category": "1", "MD5": one.value.hex()} for n, one in enumerate(prints)]
    whole = json.dumps({"value": media})
    lists.import_file(write(whole), name="demo", source="test")
    report = lists.import_file(write(whole[: whole.index('"MediaID": 2')]), name="demo")
    assert (report.incomplete, report.unchanged, report.kept, report.removed) == (True, 2, 1, 0)
    assert all(meets(one) for one in prints)


def test_a_file_without_a_usable_row_never_empties_a_list(lists, make, csv_of, write, meets) -> None:
    one = make()
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")
    with pytest.raises(UserMistake, match=r"none of the 1 rows .*: 1\), so list `demo` keeps its 1 entries"):
        lists.import_file(write("id,pdq\nb,zz\n"), name="demo")
    with pytest.raises(UserMistake, match="is empty"):
        lists.import_file(write(""), name="demo")
    assert len(meets(one)) == 1


def test_a_new_list_needs_a_source(lists, make, csv_of) -> None:
    with pytest.raises(UserMistake, match="its source must be stated"):
        lists.import_file(csv_of([("a", make())]), name="demo")
    with pytest.raises(UserMistake, match="source of the list is empty"):
        lists.import_file(csv_of([("a", make())]), name="demo", source=" ")
    assert lists.names() == []


@pytest.mark.parametrize("other", [{"source": "someone else"}, {"polarity": "known-good"}])
def test_two_lists_of_one_name_are_a_conflict(lists, make, csv_of, other) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    with pytest.raises(Conflict, match="list `demo` exists with"):
        lists.import_file(csv_of([("a", make())]), name="demo", **other)


@pytest.mark.parametrize(
    "wrong", [{"policy": "burn"}, {"polarity": "odd"}, {"max_distance_bits": 64}, {"max_age_days": -1}]
)
def test_settings_that_no_list_may_have_are_refused(lists, make, csv_of, wrong) -> None:
    with pytest.raises(UserMistake):
        lists.import_file(csv_of([("a", make())]), name="demo", source="test", **wrong)
    assert lists.names() == []


@pytest.mark.parametrize("name", ["../up", "a/b", "", "A"])
def test_a_name_that_hides_a_path_is_refused_by_every_verb(lists, make, csv_of, name) -> None:
    calls = (
        lambda: lists.import_file(csv_of([("a", make())]), name=name, source="test"),
        lambda: lists.append(name, [Entry(make(), "a")]),
        lambda: lists.withdraw(name, refs=["a"], reason="x"),
        lambda: lists.show(name),
        lambda: lists.verify(name),
        lambda: lists.snapshot([name]),
    )
    for call in calls:
        with pytest.raises(UserMistake, match="list name cannot be used"):
            call()


def test_what_is_not_there_is_not_found(lists, make, csv_of) -> None:
    with pytest.raises(NotFound, match="no list `none`"):
        lists.show("none")
    with pytest.raises(NotFound, match="no list `none`"):
        lists.append("none", [Entry(make(), "a")])
    with pytest.raises(NotFound, match="no list `none`"):
        lists.snapshot(["none"])
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    with pytest.raises(NotFound, match="no entry `z`: nothing was changed"):
        lists.withdraw("demo", refs=["a", "z"], reason="asked")
    with pytest.raises(NotFound, match="does not hold 1 of the 1 fingerprints"):
        lists.withdraw("demo", fingerprints=[make()], reason="asked")
    assert lists.show("demo").facts.version == 1


def test_settings_stay_unless_stated_again(lists, make, csv_of) -> None:
    path = csv_of([("a", make())])
    lists.import_file(
        path, name="demo", source="test", policy="block", max_distance_bits=20, jurisdiction="FR", max_age_days=0
    )
    lists.import_file(path, name="demo", policy="review")
    facts = lists.show("demo").facts
    assert (facts.policy, facts.max_distance_bits, facts.jurisdiction, facts.max_age_days) == ("review", 20, "FR", None)


def test_a_known_good_list_says_so_in_its_matches(lists, make, csv_of, meets) -> None:
    one = make()
    lists.import_file(csv_of([("a", one)]), name="good", source="test", polarity="known-good", policy="ignore")
    assert [(match.polarity, match.policy) for match in meets(one)] == [("known-good", "ignore")]


def test_a_list_is_stale_when_its_source_was_not_heard_for_too_long(lists, make, csv_of, clock) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test", max_age_days=2)
    clock.move(days=2)
    assert not lists.show("demo").stale
    clock.move(seconds=1)
    assert lists.ls()[0].stale
    lists.hold("demo", ["a"], "odd")
    assert lists.show("demo").stale
    lists.append("demo", [Entry(make(), "b")])
    assert not lists.show("demo").stale


def test_an_appended_entry_matches_at_the_next_snapshot(lists, make, csv_of, meets) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    pdq, md5, nameless = make(), make("md5"), make()
    report = lists.append("demo", [Entry(pdq, "n", "A1"), Entry(md5, "n", "A1"), Entry(nameless, "")])
    assert (report.rows, report.added, report.merged) == (3, 2, 1)
    assert [(match.entry_ref, match.classification) for match in meets(pdq)] == [("n", "A1")]
    assert meets(md5)[0].entry_ref == "n"
    assert meets(nameless)[0].entry_ref.startswith("rempart-")


def test_a_degenerate_entry_is_refused_also_when_appended(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    report = lists.append("demo", [Entry(Fingerprint("pdq", bytes(32)), "flat")])
    assert (report.added, sum(report.refused.values()), report.version_after) == (0, 1, 1)


def test_many_small_appends_are_put_together_and_all_match(lists, make, csv_of, meets, tmp_path) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    added = make.many(70)
    for number, one in enumerate(added):
        lists.append("demo", [Entry(one, f"n{number}")])
    assert [meets(one)[0].entry_ref for one in added] == [f"n{number}" for number in range(70)]
    assert len(list((tmp_path / "lists/demo/sealed").iterdir())) < 80
    assert lists.verify("demo").problems == ()


def test_the_receipt_of_a_withdrawal_holds_and_speaks_of_what_went(lists, make, csv_of, keys) -> None:
    gone, stays = make.many(2)
    lists.import_file(csv_of([("a", gone), ("b", stays)]), name="demo", source="test")
    receipt = lists.withdraw("demo", refs=["a"], reason="asked by the person shown")
    again = verify_receipt(lists.receipts("demo")[0], keys.public_signing_key)
    assert again == receipt
    assert (receipt.refs, receipt.entries, receipt.version) == (("a",), 1, 2)
    assert speaks_of(receipt, gone)
    assert not speaks_of(receipt, stays)


def test_a_withdrawn_value_stands_in_no_file_that_the_key_opens(
    lists, make, csv_of, tmp_path, keys, memory_folder
) -> None:
    gone, stays = make.many(2)
    lists.import_file(csv_of([("a", gone), ("b", stays)]), name="demo", source="test")
    lists.append("demo", [Entry(make(), "c")])
    lists.withdraw("demo", refs=["a"], reason="asked")
    opened = b"".join(keys.unseal(path.read_bytes(), "it") for path in (tmp_path / "lists").rglob("*.age"))
    readable = b"".join(path.read_bytes() for path in (memory_folder or tmp_path).rglob("*.npy"))
    words = b"".join(gone.value[start : start + 8][::-1] for start in range(0, 32, 8))
    kept = b"".join(stays.value[start : start + 8][::-1] for start in range(0, 32, 8))
    assert stays.value in opened
    assert gone.value not in opened
    assert words not in readable
    assert (kept in readable) is (memory_folder is not None)


def test_nothing_to_withdraw_or_no_reason_is_a_mistake(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    with pytest.raises(UserMistake, match="nothing to withdraw"):
        lists.withdraw("demo", reason="asked")
    with pytest.raises(UserMistake, match="needs a reason"):
        lists.withdraw("demo", refs=["a"], reason=" ")


def test_the_last_entry_can_be_withdrawn(lists, make, csv_of, meets) -> None:
    one = make()
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")
    lists.withdraw("demo", refs=["a"], reason="asked")
    assert meets(one) == ()
    assert lists.show("demo").facts.entries == 0
    assert lists.verify("demo").problems == ()
    lists.append("demo", [Entry(one, "again")])
    assert [match.entry_ref for match in meets(one)] == ["again"]


def test_an_entry_without_a_ref_is_withdrawn_by_the_name_we_gave_it(lists, make, write, meets) -> None:
    one, other = make.many(2)
    lists.import_file(write(f"pdq\n{one.value.hex()}\n{other.value.hex()}\n"), name="demo", source="test")
    lists.withdraw("demo", refs=[meets(one)[0].entry_ref], reason="asked")
    assert meets(one) == ()
    assert len(meets(other)) == 1


def test_a_ref_that_spells_the_fingerprint_is_never_shown(lists, make, write, meets) -> None:
    one = make()
    dashed = "-".join(one.value.hex().upper()[start : start + 8] for start in range(0, 64, 8))
    lists.import_file(write(f"id,pdq\n{dashed},{one.value.hex()}\n"), name="demo", source="test")
    assert meets(one)[0].entry_ref == "rempart-1"


def test_a_held_entry_asks_for_review_until_it_is_released(lists, make, csv_of, meets) -> None:
    one = make()
    lists.import_file(csv_of([("a", one)]), name="demo", source="test", policy="block")
    lists.hold("demo", ["a"], "matches a test card")
    assert [(match.held, match.policy) for match in meets(one)] == [(True, "review")]
    assert lists.held("demo") == {"a": "matches a test card"}
    lists.release("demo", ["a"])
    assert [(match.held, match.policy) for match in meets(one)] == [(False, "block")]


def test_an_entry_that_floods_one_job_is_held_for_review(lists, make, csv_of, meets) -> None:
    one, other = make.many(2)
    lists.import_file(csv_of([("a", one), ("b", other)]), name="demo", source="test", policy="block")
    assert lists.record_hits({("demo", "a"): 49, ("demo", "b"): 49}, 100) == []
    assert lists.record_hits({("demo", "a"): 50, ("demo", "b"): 3}, 1001) == []
    assert lists.record_hits({("demo", "a"): 50, ("demo", "b"): 3}, 1000) == [("demo", "a")]
    assert (meets(one)[0].policy, meets(other)[0].policy) == ("review", "block")


def test_holds_survive_an_import_that_keeps_the_entry_and_end_with_it(lists, make, csv_of) -> None:
    one, other = make.many(2)
    lists.import_file(csv_of([("a", one), ("b", other)]), name="demo", source="test")
    lists.hold("demo", ["a", "b"], "odd")
    lists.import_file(csv_of([("a", one)]), name="demo")
    assert lists.held("demo") == {"a": "odd"}


def test_diff_names_refs_between_any_two_versions(lists, make, csv_of) -> None:
    a, b, c, d = make.many(4)
    lists.import_file(csv_of([("a", a), ("b", b)]), name="demo", source="test")
    lists.append("demo", [Entry(c, "c")])
    lists.withdraw("demo", refs=["a"], reason="asked")
    lists.import_file(csv_of([("b", b), ("d", d)]), name="demo")
    seen = {
        (old, new): (lists.diff("demo", old, new).added, lists.diff("demo", old, new).removed)
        for old, new in [(0, 1), (1, 2), (1, 3), (2, 4), (1, 4), (3, 3)]
    }
    assert seen == {
        (0, 1): (("a", "b"), ()),
        (1, 2): (("c",), ()),
        (1, 3): (("c",), ("a",)),
        (2, 4): (("d",), ("a", "c")),
        (1, 4): (("d",), ("a",)),
        (3, 3): ((), ()),
    }
    with pytest.raises(UserMistake, match="must not be after"):
        lists.diff("demo", 2, 1)
    with pytest.raises(NotFound, match="no version 9"):
        lists.diff("demo", 1, 9)


def test_an_unchanged_list_gives_the_very_same_snapshot(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    assert lists.snapshot() is lists.snapshot()
    before = lists.snapshot()
    lists.append("demo", [Entry(make(), "b")])
    assert lists.snapshot() is not before


def test_no_listing_error_or_repr_shows_a_fingerprint(lists, make, csv_of, write, tmp_path) -> None:
    one = make()
    digits = one.value.hex()
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")
    said = [repr(lists.ls()), repr(lists.show("demo")), repr(lists.snapshot()), repr(lists.diff("demo", 0))]
    wrong = (f"id,pdq\na,{digits}0\n", f"{digits}\n{digits}\n", f"id,sha1\na,{digits}\n", f"{digits},{digits}\n")
    for number, content in enumerate(wrong):
        for format_name in (None, "csv", "lines", "ndjson", "threatexchange", "vics"):
            try:
                said.append(repr(lists.import_file(write(content), name=f"w{number}", source="t", format=format_name)))
            except UserMistake as mistake:
                said.append(f"{mistake!r} {mistake.__cause__!r} {mistake.__context__!r}")
    lists.withdraw("demo", fingerprints=[one], reason="asked")
    try:
        lists.withdraw("demo", fingerprints=[one], reason="asked")
    except NotFound as error:
        said.append(repr(error))
    together = " ".join(said).lower()
    assert not any(digits[start : start + 16] in together for start in range(0, 48, 8))
    assert repr(one.value) not in together


def test_the_snapshot_of_a_restored_copy_with_another_history_is_read_anew(
    lists, make, csv_of, meets, tmp_path
) -> None:
    import shutil

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


def test_d4_a_clock_of_another_zone_is_written_as_utc(tmp_path, keys, make, csv_of) -> None:
    paris = datetime(2026, 11, 22, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    lists = Lists(tmp_path / "lists", keys, None, lambda: paris)
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    assert lists.show("demo").facts.updated_at_utc == "2026-11-22T12:30:00Z"
    assert lists.show("demo").age_days == 0


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


def test_a_full_disk_leaves_the_list_as_it_was(lists, make, csv_of, meets, monkeypatch) -> None:
    one, other = make.many(2)
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_room)
        with pytest.raises(Unavailable, match=r"cannot be changed .* it stays as it was"):
            lists.append("demo", [Entry(other, "b")])
    assert len(meets(one)) == 1
    assert meets(other) == ()
    assert lists.verify("demo").problems == ()


def test_a_full_memory_folder_is_a_clear_error_and_leaves_no_rubbish(
    lists, make, csv_of, memory_folder, monkeypatch
) -> None:
    if memory_folder is None:
        return

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Indexes, "save", no_room)
        with pytest.raises(Unavailable, match="make room there"):
            lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    assert not [path for path in memory_folder.iterdir() if path.is_dir()]
    assert lists.snapshot().lists[0].facts.entries == 1


def test_a_new_list_without_a_usable_row_is_never_made(lists, write, tmp_path) -> None:
    for mode in ("replace", "add"):
        for dry_run in (False, True):
            with pytest.raises(UserMistake, match=r"none of the 2 rows .*: 2\), so list `demo` was not made"):
                lists.import_file(write("id,pdq\na,zz\nb,yy\n"), name="demo", source="t", mode=mode, dry_run=dry_run)
    assert lists.names() == []
    assert not (tmp_path / "lists" / "demo").exists()


def test_a_column_of_digests_mapped_as_ref_is_not_shown_but_tells_entries_apart(lists, make, write, meets) -> None:
    md5, sha1, later = make("md5"), make("sha1"), make("sha1")
    for ref in (md5.value.hex(), b64encode(md5.value).decode()):
        name = f"list-{len(ref)}"
        lists.import_file(write(f"id,sha1\n{ref},{sha1.value.hex()}\n"), name=name, source="test")
        again = lists.import_file(write(f"id,sha1\n{ref},{sha1.value.hex()}\n"), name=name)
        assert (again.unchanged, again.added, again.removed) == (1, 0, 0)
        changed = lists.import_file(write(f"id,sha1\n{ref},{later.value.hex()}\n"), name=name)
        assert (changed.changed, changed.added, changed.removed) == (1, 0, 0)
        kept = lists.import_file(write(f"id,sha1\n{ref},zz\nx,{sha1.value.hex()}\n"), name=name)
        assert kept.kept == 1
        assert ref not in repr(lists.diff(name, 0))
    assert {match.entry_ref for match in meets(later)} == {"rempart-2"}


def test_media_of_two_cases_with_one_number_are_two_entries(lists, make, write, meets) -> None:
    first, second, third = make.many(3, "md5")

    def case(name: str, one: Fingerprint) -> dict[str, object]:
        return {"CaseID": name, "Media": [{"MediaID": 1, "Category": "1", "MD5": one.value.hex()}]}

    both = lists.import_file(
        write(json.dumps({"value": [case("a", first), case("b", second)]})), name="demo", source="t"
    )
    assert (both.added, both.merged) == (2, 0)
    added = lists.import_file(write(json.dumps({"value": [case("c", third)]})), name="demo", mode="add")
    assert (added.added, added.changed) == (1, 0)
    assert [meets(one)[0].entry_ref for one in (first, second, third)] == ["a/1", "b/1", "c/1"]


def test_adding_another_hash_set_merges_no_two_files_of_one_number(lists, make, write, meets) -> None:
    first, second = make.many(2, "md5")
    for one in (first, second, first):
        media = {"MediaID": 1, "Category": "1", "MD5": one.value.hex()}
        lists.import_file(write(json.dumps({"value": [media]})), name="demo", source="t", mode="add")
    assert lists.show("demo").facts.entries == 2
    lists.withdraw("demo", fingerprints=[second], reason="asked")
    assert [match.entry_ref for match in meets(first)] == ["1"]
    assert meets(second) == ()


def test_a_line_of_64_digits_does_not_cost_a_list_of_md5(lists, make, write, meets) -> None:
    one = make("md5")
    report = lists.import_file(write(f"{one.value.hex()}\n{make().value.hex()}\n"), name="demo", source="t")
    assert (report.added, sum(report.refused.values())) == (1, 1)
    assert len(meets(one)) == 1


def test_an_entry_that_is_held_already_is_not_reported_as_newly_held(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make()), ("b", make())]), name="demo", source="test")
    lists.hold("demo", ["a"], "odd")
    hits = {("demo", "a"): 100, ("demo", "b"): 100, ("demo", "gone"): 100}
    assert lists.record_hits(hits, 100) == [("demo", "b")]
    assert lists.record_hits(hits, 100) == []
    assert lists.held("demo")["a"] == "odd"

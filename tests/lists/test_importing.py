"""Importing a file. Tests named d1..d9 stand for rows of the defect table of other systems."""

import json

import pytest

from rempart.errors import Conflict, UserMistake
from rempart.facts import Fingerprint


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
    assert (report.added, report.dry_run, report.version_after) == (1, True, 1)
    assert not (tmp_path / "lists").exists()
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    again = lists.import_file(csv_of([("b", make())]), name="demo", dry_run=True)
    assert (again.added, again.removed, again.version_before, again.version_after) == (1, 1, 1, 2)
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


def test_settings_stay_unless_stated_again(lists, make, csv_of) -> None:
    path = csv_of([("a", make())])
    lists.import_file(
        path, name="demo", source="test", policy="block", max_distance_bits=20, jurisdiction="FR", max_age_days=0
    )
    lists.import_file(path, name="demo", policy="review")
    facts = lists.show("demo").facts
    assert (facts.policy, facts.max_distance_bits, facts.jurisdiction, facts.max_age_days) == ("review", 20, "FR", None)


def test_a_new_list_without_a_usable_row_is_never_made(lists, write, tmp_path) -> None:
    for mode in ("replace", "add"):
        for dry_run in (False, True):
            with pytest.raises(UserMistake, match=r"none of the 2 rows .*: 2\), so list `demo` was not made"):
                lists.import_file(write("id,pdq\na,zz\nb,yy\n"), name="demo", source="t", mode=mode, dry_run=dry_run)
    assert lists.names() == []
    assert not (tmp_path / "lists" / "demo").exists()


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

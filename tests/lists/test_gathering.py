import pytest

from rempart.lists.gathering import gather
from rempart.lists.rows import Refusal, Row


def test_a_bad_fingerprint_beside_a_good_one_costs_only_itself(make) -> None:
    row = Row(1, (("md5", make("md5").value.hex()), ("sha1", "zz")), "a", unusable=("photodna",))
    gathered = gather([row])
    table, merged = gathered.table()
    assert (len(table), merged, sum(gathered.refused.values())) == (1, 0, 0)
    assert sorted(gathered.set_aside.values()) == [1, 1]
    assert gathered.set_aside["unusable kind: photodna"] == 1


def test_a_row_with_unusable_kinds_only_is_refused_with_that_reason() -> None:
    gathered = gather([Row(3, (), "a", unusable=("photodna",))])
    assert gathered.quarantine == [(3, "unusable kind: photodna")]


def test_a_low_quality_is_refused(make) -> None:
    digits = make().value.hex()
    gathered = gather([Row(1, (("pdq", digits),), quality="49"), Row(2, (("pdq", digits),), quality="50")])
    assert [position for position, _ in gathered.quarantine] == [1]
    assert len(gathered.table()[0]) == 1


@pytest.mark.parametrize("quality", ["", "high", "-1", "٣", "99999", "1e3"])
def test_a_quality_that_is_no_number_says_nothing(make, quality) -> None:
    gathered = gather([Row(1, (("pdq", make().value.hex()),), quality=quality)])
    assert not gathered.refused


def test_rows_of_one_ref_are_one_entry_and_counted(make) -> None:
    a, b = make.many(2)
    rows = [Row(1, (("pdq", a.value.hex()),), "x"), Row(2, (("pdq", b.value.hex()),), "x")]
    table, merged = gather(rows).table()
    assert (len(table), merged, len(table.prints["pdq"].ids)) == (1, 1, 2)


def test_equal_fingerprints_under_two_refs_are_two_entries(make) -> None:
    one = make().value.hex()
    table, merged = gather([Row(1, (("pdq", one),), "x"), Row(2, (("pdq", one),), "y")]).table()
    assert (len(table), merged) == (2, 0)


def test_a_refusal_that_ends_the_file_marks_it_incomplete() -> None:
    assert gather([Refusal(1, "damaged", ends_file=True)]).incomplete
    assert not gather([Refusal(1, "odd")]).incomplete


@pytest.mark.parametrize("ref", ["rempart-3", "x" * 201, "\x00\n", "  "])
def test_a_ref_that_may_not_be_shown_is_replaced_by_ours(make, ref) -> None:
    table, _ = gather([Row(1, (("pdq", make().value.hex()),), ref)]).table()
    assert table.labels.refs[0] == ""


def test_rows_of_one_ref_with_other_digests_are_entries_of_their_own(make) -> None:
    a, b, sha1 = make("md5"), make("md5"), make("sha1")
    texts = [((one.kind, one.value.hex()),) for one in (a, b, a, sha1)]
    table, merged = gather([Row(number, text, "x") for number, text in enumerate(texts)]).table()
    assert (len(table), merged) == (3, 1)
    assert [table.labels.ref(place) for place in range(3)] == ["x"] * 3
    assert len(table.prints["md5"].ids) == len(set(table.prints["md5"].ids.tolist())) == 2

"""Withdrawing entries."""

import pytest

from rempart.errors import UserMistake
from rempart.facts import Entry
from rempart.lists import speaks_of, verify_receipt


def test_d1_a_withdrawn_entry_stops_matching(lists, make, csv_of, meets) -> None:
    gone, stays = make.many(2)
    lists.import_file(csv_of([("a", gone), ("b", stays)]), name="demo", source="test")
    assert [match.entry_ref for match in meets(gone)] == ["a"]
    lists.withdraw("demo", refs=["a"], reason="asked")
    assert meets(gone) == ()
    assert [match.entry_ref for match in meets(stays)] == ["b"]


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

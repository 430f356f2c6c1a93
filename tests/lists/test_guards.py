"""What must not happen silently: a list that loses its head, its keys, most of its entries, or half a withdrawal."""

import json
from pathlib import Path

import pytest

from rempart.errors import Broken, UserMistake
from rempart.facts import Entry
from rempart.settings import Settings
from rempart.wiring import open_keys, open_lists


def test_a_list_that_lost_its_current_manifest_is_broken_and_not_gone(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    (lists.folder / "demo" / "current.json").unlink()
    assert lists.names() == ["demo"]
    with pytest.raises(Broken, match="has lost its current"):
        lists.snapshot()
    assert lists.verify("demo").problems
    with pytest.raises(Broken, match="has lost its current"):
        lists.import_file(csv_of([("b", make())]), name="demo", source="test")


def test_keys_are_never_made_anew_beside_lists(settings: Settings, tmp_path: Path) -> None:
    lists = open_lists(settings)
    (tmp_path / "l.csv").write_text("md5\n" + "ab" * 16 + "\n")
    lists.import_file(tmp_path / "l.csv", name="demo", source="test")
    ring = settings.data_folder / "keys" / "ring.json"
    kept = ring.rename(tmp_path / "ring.json")
    with pytest.raises(UserMistake, match="set REMPART_KEY_FILE"):
        open_keys(settings)
    assert not ring.exists()
    moved = settings.model_copy(update={"key_file": kept})
    assert open_lists(moved).names() == ["demo"]


def test_an_import_that_lacks_most_of_a_list_is_refused_unless_it_is_meant(lists, make, csv_of) -> None:
    rows = [(str(number), make()) for number in range(300)]
    lists.import_file(csv_of(rows), name="demo", source="test")
    with pytest.raises(UserMistake, match="--allow-shrink"):
        lists.import_file(csv_of(rows[:100]), name="demo")
    assert lists.show("demo").facts.entries == 300
    assert lists.import_file(csv_of(rows[:160]), name="demo").removed == 140
    assert lists.import_file(csv_of(rows[:1]), name="demo", allow_shrink=True).removed == 159


def test_a_withdrawn_value_goes_wherever_it_stands_in_the_list(lists, make, csv_of) -> None:
    value = make()
    lists.import_file(csv_of([("x", make())]), name="demo", source="test")
    lists.append("demo", [Entry(value, "a"), Entry(value, "b"), Entry(make(), "c")])
    receipt = lists.withdraw("demo", refs=["a"], reason="asked")
    assert set(receipt.refs) == {"a", "b"}
    assert lists.show("demo").facts.entries == 2


def test_a_vics_record_that_is_no_object_is_counted(lists, make, tmp_path: Path) -> None:
    file = tmp_path / "v.json"
    record = {"MediaID": 1, "Category": 1, "MD5": make("md5").value.hex()}
    file.write_text(json.dumps({"value": [{"CaseNumber": "7", "Media": [record, 5, None, "x"]}]}))
    report = lists.import_file(file, name="demo", source="test")
    assert (report.rows, report.added, sum(report.refused.values())) == (4, 1, 3)


def test_two_columns_of_one_name_are_refused(lists, make, tmp_path: Path) -> None:
    file = tmp_path / "v.csv"
    file.write_text(f"md5,md5\n{make('md5').value.hex()},{make('md5').value.hex()}\n")
    with pytest.raises(UserMistake, match="two columns called `md5`"):
        lists.import_file(file, name="demo", source="test")

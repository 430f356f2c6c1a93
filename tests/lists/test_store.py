"""What all verbs share: names, what is not there, ages."""

from datetime import datetime, timedelta, timezone

import pytest

from rempart.errors import NotFound, UserMistake
from rempart.facts import Entry
from rempart.lists import Lists


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


def test_d4_a_clock_of_another_zone_is_written_as_utc(tmp_path, keys, make, csv_of) -> None:
    paris = datetime(2026, 11, 22, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    lists = Lists(tmp_path / "lists", keys, None, lambda: paris)
    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    assert lists.show("demo").facts.updated_at_utc == "2026-11-22T12:30:00Z"
    assert lists.show("demo").age_days == 0

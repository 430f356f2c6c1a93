"""Holding entries for review."""


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


def test_an_entry_that_is_held_already_is_not_reported_as_newly_held(lists, make, csv_of) -> None:
    lists.import_file(csv_of([("a", make()), ("b", make())]), name="demo", source="test")
    lists.hold("demo", ["a"], "odd")
    hits = {("demo", "a"): 100, ("demo", "b"): 100, ("demo", "gone"): 100}
    assert lists.record_hits(hits, 100) == [("demo", "b")]
    assert lists.record_hits(hits, 100) == []
    assert lists.held("demo")["a"] == "odd"

"""Appending entries."""

from rempart.facts import Entry, Fingerprint


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

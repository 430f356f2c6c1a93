"""What changed between versions."""

import pytest

from rempart.errors import NotFound, UserMistake
from rempart.facts import Entry


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

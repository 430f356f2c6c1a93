"""Every kind of damage is named."""

from pathlib import Path

import pytest

from rempart.errors import NotFound
from rempart.facts import Entry


@pytest.fixture
def folder(lists, make, csv_of, tmp_path) -> Path:
    """A list with a history: import with a refused row, append, withdrawal, hold."""
    a, b = make.many(2)
    lists.import_file(csv_of([("a", a), ("b", b)]), name="demo", source="test")
    lists.append("demo", [Entry(make(), "c")])
    lists.withdraw("demo", refs=["a"], reason="asked")
    lists.hold("demo", ["b"], "odd")
    assert lists.verify("demo").problems == ()
    return tmp_path / "lists" / "demo"


@pytest.mark.parametrize("label", ["prints", "labels", "removed"])
def test_an_edited_sealed_file_is_named(lists, folder, label) -> None:
    path = next(folder.glob(f"sealed/{label}-*"))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert path.name in " ".join(lists.verify("demo").problems)


@pytest.mark.parametrize("label", ["prints", "labels", "removed"])
def test_a_missing_sealed_file_is_named(lists, folder, label) -> None:
    path = next(folder.glob(f"sealed/{label}-*"))
    path.unlink()
    assert path.name in " ".join(lists.verify("demo").problems)


def test_a_file_sealed_by_who_knows_our_public_key_is_noticed(lists, folder, keys) -> None:
    path = next(folder.glob("sealed/prints-*"))
    path.write_bytes(keys.seal(keys.unseal(path.read_bytes(), "it")))
    assert "not the one that was written" in " ".join(lists.verify("demo").problems)


def test_an_edited_manifest_is_noticed(lists, folder) -> None:
    path = folder / "current.json"
    path.write_bytes(path.read_bytes().replace(b'"policy":"review"', b'"policy":"ignore"'))
    assert "does not carry our signature" in lists.verify("demo").problems[0]


def test_an_edited_old_version_is_noticed(lists, folder) -> None:
    path = folder / "versions" / "00000002.json"
    path.unlink()
    path.write_bytes((folder / "versions" / "00000001.json").read_bytes())
    assert lists.verify("demo").problems == ("the version chain is broken: version 3 does not follow version 2",)


def test_a_missing_old_version_is_noticed(lists, folder) -> None:
    (folder / "versions" / "00000001.json").unlink()
    assert lists.verify("demo").problems == ("version 1 is missing",)


def test_a_file_that_belongs_to_nothing_is_named_and_goes_with_the_next_change(lists, folder, make) -> None:
    (folder / "sealed" / "prints-0000.age").write_bytes(b"left over")
    (folder / ".part-0000").write_bytes(b"left over")
    assert len(lists.verify("demo").problems) == 2
    lists.append("demo", [Entry(make(), "d")])
    assert lists.verify("demo").problems == ()
    assert not (folder / ".part-0000").exists()


def test_a_list_put_under_another_name_is_noticed(lists, folder) -> None:
    folder.rename(folder.with_name("other"))
    assert "belongs to list `demo`" in lists.verify("other").problems[0]


def test_no_list_is_not_found(lists) -> None:
    with pytest.raises(NotFound):
        lists.verify("none")

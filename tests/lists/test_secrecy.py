"""No fingerprint is readable where it must not be."""

import json
from base64 import b64encode

import pytest

from rempart.errors import Broken, NotFound, UserMistake
from rempart.facts import Entry
from rempart.lists import Lists
from rempart.storage import KeyRing


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


def test_a_ref_that_spells_the_fingerprint_is_never_shown(lists, make, write, meets) -> None:
    one = make()
    dashed = "-".join(one.value.hex().upper()[start : start + 8] for start in range(0, 64, 8))
    lists.import_file(write(f"id,pdq\n{dashed},{one.value.hex()}\n"), name="demo", source="test")
    assert meets(one)[0].entry_ref == "rempart-1"


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

import csv
import hashlib
import json
from pathlib import Path

import pytest

from rempart.facts import BYTES_OF_KIND, reasons
from rempart.fingerprints import pdq_exact
from rempart.testing.corpus import COLUMNS, DemoCorpus, build_demo
from rempart.testing.corpus_items import HOSTILE_OUTCOMES, KNOWN_GOOD, LISTED
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> DemoCorpus:
    return build_demo(tmp_path_factory.mktemp("demo"), pdq_exact)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_corpus_is_large_enough_and_small_enough(corpus: DemoCorpus) -> None:
    assert corpus.files >= 330
    assert corpus.size_bytes < 60_000_000
    on_disk = [path for path in corpus.items.rglob("*") if path.is_symlink() or path.is_file()]
    assert len(on_disk) == corpus.files
    assert sum(path.lstat().st_size for path in on_disk if not path.is_symlink()) == corpus.size_bytes


def test_every_file_has_an_expectation_and_every_expectation_a_file(corpus: DemoCorpus) -> None:
    on_disk = {
        path.relative_to(corpus.items).as_posix()
        for path in corpus.items.rglob("*")
        if path.is_symlink() or path.is_file()
    }
    assert {path.split("!/")[0] for path in corpus.expected} == on_disk
    assert {path for path in corpus.expected if "!/" not in path} == on_disk


def test_expectations_use_the_words_of_findings(corpus: DemoCorpus) -> None:
    for outcomes in corpus.expected.values():
        for outcome in outcomes:
            name, _, reason = outcome.partition(": ")
            assert name in ("match", "no_match", "not_examined")
            assert (name == "not_examined") == (reason in reasons.MEANING)


def test_all_three_outcomes_and_every_encoding_are_there(corpus: DemoCorpus) -> None:
    firm = [outcomes[0] for outcomes in corpus.expected.values() if len(outcomes) == 1]
    assert firm.count("match") >= 150
    assert firm.count("no_match") >= 90
    assert sum(outcome.startswith("not_examined") for outcome in firm) >= 20
    assert {path.split("/")[1] for path in corpus.expected if path.startswith("formats/")} == set(ENCODINGS)


def test_the_file_of_expectations_says_the_same(corpus: DemoCorpus) -> None:
    said = json.loads(corpus.expected_file.read_text())
    assert said["version"] == 1
    assert {path: tuple(outcomes) for path, outcomes in said["items"].items()} == corpus.expected


def test_the_lists_hold_well_formed_rows_of_what_is_expected_to_match(corpus: DemoCorpus) -> None:
    bad, good = rows(corpus.demo_list), rows(corpus.known_good)
    assert tuple(bad[0]) == COLUMNS
    assert {row["id"] for row in bad} >= set(LISTED)
    assert KNOWN_GOOD in {row["id"] for row in good}
    for row in (*bad, *good):
        values = [(kind, row[kind]) for kind in BYTES_OF_KIND if row[kind]]
        assert values
        assert all(len(bytes.fromhex(text)) == BYTES_OF_KIND[kind] for kind, text in values)
        assert not row["pdq"] or int(row["quality"]) >= 50


def test_papers_are_listed_by_a_digest_of_each_kind(corpus: DemoCorpus) -> None:
    papers = [row for row in rows(corpus.demo_list) if row["id"].startswith("paper-")]
    for kind, row in zip(("sha256", "sha1", "md5"), papers, strict=True):
        data = (corpus.items / "papers" / f"{row['id']}.txt").read_bytes()
        assert row[kind] == hashlib.new(kind, data, usedforsecurity=False).hexdigest()


def test_nothing_is_foretold_of_hostile_files_that_do_not_exist() -> None:
    assert set(HOSTILE_OUTCOMES) <= set(HOSTILE)


def test_building_again_gives_the_same_bytes(corpus: DemoCorpus) -> None:
    def state() -> dict[str, bytes]:
        files = (path for path in corpus.items.parent.rglob("*") if path.is_file() and not path.is_symlink())
        return {str(path): hashlib.sha256(path.read_bytes()).digest() for path in files}

    before = state()
    assert build_demo(corpus.items.parent, pdq_exact).expected == corpus.expected
    assert state() == before


def test_surprises_are_told_in_sentences_and_details_of_reasons_do_not_matter(corpus: DemoCorpus) -> None:
    foretold = {path: outcomes[-1] for path, outcomes in corpus.expected.items()}
    assert corpus.surprises(foretold) == []
    detailed = {path: f"{o}: pixels" if o.startswith("not_examined") else o for path, o in foretold.items()}
    assert corpus.surprises(detailed) == []
    path = "papers/paper-0.txt"
    assert corpus.surprises(foretold | {path: "no_match"}) == [f"{path}: no_match, not match"]
    assert corpus.surprises({key: value for key, value in foretold.items() if key != path}) == [
        f"{path}: missing, not match"
    ]


def test_a_member_nobody_foretold_may_be_anything_but_a_match(corpus: DemoCorpus) -> None:
    foretold = {path: outcomes[-1] for path, outcomes in corpus.expected.items()}
    inside = "hostile/zip-bomb.zip!/zeros.bmp"
    assert corpus.surprises(foretold | {inside: "not_examined: damaged"}) == []
    assert corpus.surprises(foretold | {inside: "match"}) != []
    assert corpus.surprises(foretold | {"stray.jpg": "no_match"}) != []

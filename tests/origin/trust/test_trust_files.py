"""The folder of imported lists: dated, checked at every reading, and old ones say so."""

import json
from datetime import UTC, date, datetime

import pytest

from rempart.errors import Broken, UserMistake
from rempart.origin.trust import trust_from_json, trust_to_json
from rempart.origin.trust_files import (
    default_stores,
    import_trust,
    imported,
    installed_default,
    load_trust,
    staleness,
)
from rempart.testing.signing import authority

NOW, TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC), date(2026, 11, 22)
ROOT, OTHER = authority("Root"), authority("Other")


@pytest.fixture
def bring(tmp_path):
    """Imports a list with this content into the folder."""

    def bringing(content, kind, name="official", **dates):
        file = tmp_path / "incoming"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_trust(tmp_path / "trust", file, kind, name, now=NOW, **dates)

    return bringing


@pytest.fixture
def load(tmp_path):
    return lambda today=TODAY: load_trust(tmp_path / "trust", today, default=tmp_path / "no default")


def test_an_imported_store_is_in_force_with_its_dates(bring, load):
    entry = bring(ROOT.pem, "authorities", issued="2026-08-05", next_update="2027-08-05")
    (store,) = load().stores
    assert (store.name, store.issued, store.next_update, store.stale_since) == (
        "official",
        "2026-08-05",
        "2027-08-05",
        "",
    )
    assert (entry.count, entry.imported_at) == (1, "2026-11-22T09:00:00+00:00")


def test_every_kind_of_list_finds_its_place(bring, load):
    bring(ROOT.pem, "authorities")
    bring(OTHER.pem, "authorities", "newsroom")
    bring(OTHER.pem, "allowed", "newsroom")
    bring(OTHER.pem, "timestamps")
    bring(json.dumps([{"recordId": "x", "product": {}}]), "products", issued="2026-08-20")
    bring('[[deny]]\nserial = "7"', "denials")
    trust = load()
    assert [store.name for store in trust.stores] == ["official", "newsroom"]
    assert trust.stores[1].allowed_pem
    assert trust.timestamp_anchors_pem
    assert trust.products[0].record_id == "x"
    assert trust.products_issued == "2026-08-20"
    assert trust.denials[0].serial == "7"
    assert trust_from_json(json.loads(json.dumps(trust_to_json(trust)))) == trust


def test_a_newer_import_replaces_the_list_of_the_same_name(bring, load, tmp_path):
    bring(ROOT.pem, "authorities")
    bring(OTHER.pem, "authorities")
    (store,) = load().stores
    assert store.anchors_pem.strip() == OTHER.pem.strip()
    assert len(list((tmp_path / "trust").iterdir())) == 2


def test_an_old_list_says_since_when(bring, load):
    bring(ROOT.pem, "authorities", next_update="2026-11-21")
    assert load().stores[0].stale_since == "2026-11-21"
    assert staleness(load()) == ("trust list `official` is stale since 2026-11-21; import a newer one",)
    assert staleness(load(date(2026, 11, 21))) == ()


def test_no_list_at_all_is_said(load):
    (sentence,) = staleness(load())
    assert "no signer is believed" in sentence


def test_a_list_that_was_changed_on_disk_is_not_believed(bring, load, tmp_path):
    entry = bring(ROOT.pem, "authorities")
    (tmp_path / "trust" / entry.file).write_text(OTHER.pem)
    with pytest.raises(Broken, match="was changed since its import"):
        load()


def test_a_list_that_vanished_is_not_passed_over(bring, load, tmp_path):
    entry = bring(ROOT.pem, "authorities")
    (tmp_path / "trust" / entry.file).unlink()
    with pytest.raises(Broken, match="import it again"):
        load()


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"lists": [{"kind": "authorities"}]}'])
def test_a_spoilt_manifest_is_reported(manifest, tmp_path):
    (tmp_path / "trust.json").write_text(manifest)
    with pytest.raises(Broken):
        imported(tmp_path)


@pytest.mark.parametrize(
    ("kind", "name"), [("roots", "official"), ("authorities", "../x"), ("authorities", "Official")]
)
def test_a_wrong_kind_or_name_is_refused(bring, kind, name):
    with pytest.raises(UserMistake):
        bring(ROOT.pem, kind, name)


def test_a_refused_list_leaves_the_old_one_in_force(bring, load):
    bring(ROOT.pem, "authorities")
    with pytest.raises(UserMistake):
        bring("nothing", "authorities")
    assert load().stores[0].anchors_pem.strip() == ROOT.pem.strip()


def test_a_missing_file_is_named_as_a_mistake(tmp_path):
    with pytest.raises(UserMistake, match="cannot be read"):
        import_trust(tmp_path, tmp_path / "none", "authorities", "official", now=NOW)


def default(folder):
    folder.mkdir()
    (folder / "README.md").write_text("Fetched **2026-07-10**:")
    (folder / "c2pa-trust-list.pem").write_text(ROOT.pem)
    (folder / "anchors.pem").write_text(OTHER.pem)
    (folder / "allowed.sha256.txt").write_text("A" * 43 + "=")
    return folder


def test_without_imports_the_dated_copies_serve_and_age(tmp_path):
    trust = load_trust(tmp_path / "trust", TODAY, default=default(tmp_path / "default"))
    assert [(store.name, store.issued, store.stale_since) for store in trust.stores] == [
        ("official", "2026-07-10", "2026-10-08"),
        ("interim", "2026-07-10", ""),
    ]


def test_an_import_replaces_all_the_dated_copies(bring, tmp_path):
    bring(ROOT.pem, "authorities", "newsroom")
    trust = load_trust(tmp_path / "trust", TODAY, default=default(tmp_path / "default"))
    assert [store.name for store in trust.stores] == ["newsroom"]


def test_the_copies_of_an_installed_package_are_found_without_running_it():
    folder = installed_default()
    assert folder is None or [store.name for store in default_stores(folder)] in (["official", "interim"], [])

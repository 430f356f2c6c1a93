"""What is stored comes back to its organisation only, with every opening in the ledger."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from rempart.audit import queries as audit
from rempart.errors import Broken, NotFound, Unavailable, UserMistake
from rempart.facts.people import Actor
from rempart.people.tables import organisation
from rempart.storage import KeyRing
from rempart.storage.database import Database
from rempart.vault import Vault, objects

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ANNA, OTHER = Actor(1, "R-1", "reviewer"), Actor(2, "R-2", "reviewer")
PLAIN = b"a purple dragon " * 1000


@pytest.fixture
def desk(database: Database) -> Database:
    with database.writing() as writer:
        for slug in ("desk", "other"):
            writer.insert(organisation, slug=slug, name=slug, created_at=NOW)
    return database


@pytest.fixture
def vault(tmp_path: Path, keys: KeyRing) -> Vault:
    return Vault(tmp_path / "vault", keys)


def _store(desk: Database, vault: Vault, content: bytes = PLAIN) -> str:
    with desk.writing() as writer:
        return vault.store(writer, ANNA, content, NOW)


def _open(desk: Database, vault: Vault, object_id: str, actor: Actor = ANNA, purpose: str = "review") -> bytes:
    with desk.writing() as writer:
        return vault.open(writer, actor, object_id, purpose, NOW)


def test_what_is_stored_comes_back_and_both_acts_are_in_the_ledger(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    assert _open(desk, vault, object_id) == PLAIN
    with desk.reading() as reader:
        stored, opened = audit.story(reader, 1, "vault", object_id)
    assert (stored.verb, opened.verb, opened.actor, opened.data) == (
        "vault.stored",
        "vault.opened",
        "R-1",
        {"purpose": "review"},
    )


def test_the_content_stands_nowhere_in_the_open(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    path = objects.path_of(vault.folder, object_id)
    assert b"purple dragon" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_an_object_of_another_organisation_is_not_found(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    with pytest.raises(NotFound):
        _open(desk, vault, object_id, OTHER)


@pytest.mark.parametrize("object_id", ["", "0" * 32, "../../etc/passwd", "é" * 32])
def test_an_unknown_id_is_not_found(desk: Database, vault: Vault, object_id: str) -> None:
    with pytest.raises(NotFound):
        _open(desk, vault, object_id)


@pytest.mark.parametrize("purpose", ["", "   ", "x" * 81, "two\nlines"])
def test_an_opening_needs_a_purpose(desk: Database, vault: Vault, purpose: str) -> None:
    object_id = _store(desk, vault)
    with pytest.raises(UserMistake):
        _open(desk, vault, object_id, purpose=purpose)


def test_a_changed_bit_is_told(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    path = objects.path_of(vault.folder, object_id)
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    with pytest.raises(Broken, match="not the one"):
        _open(desk, vault, object_id)


def test_a_missing_file_is_told_and_leaves_no_opening(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    objects.path_of(vault.folder, object_id).unlink()
    with pytest.raises(Broken, match="missing"):
        _open(desk, vault, object_id)
    with desk.reading() as reader:
        assert [entry.verb for entry in audit.entries(reader)] == ["vault.stored"]


def test_the_key_of_one_object_opens_no_other(keys: KeyRing, tmp_path: Path) -> None:
    one, other = (objects.seal(tmp_path, content, keys) for content in (b"one", b"other"))
    with pytest.raises(Broken):
        objects.identity_of(other.id, one.key_sealed, keys)
    sealed = objects.path_of(tmp_path, other.id).read_bytes()
    with pytest.raises(Broken):
        objects.unseal(other.id, sealed, objects.identity_of(one.id, one.key_sealed, keys))


def test_the_key_ring_itself_does_not_open_the_file(desk: Database, vault: Vault, keys: KeyRing) -> None:
    sealed = objects.path_of(vault.folder, _store(desk, vault)).read_bytes()
    with pytest.raises(Broken):
        keys.unseal(sealed, "the file")


def test_any_age_tool_opens_the_file_with_the_objects_own_identity(keys: KeyRing, tmp_path: Path) -> None:
    made = objects.seal(tmp_path, PLAIN, keys)
    identity = pyrage.x25519.Identity.from_str(objects.identity_of(made.id, made.key_sealed, keys))
    assert pyrage.decrypt(objects.path_of(tmp_path, made.id).read_bytes(), [identity]) == PLAIN


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_keeps_nothing(desk: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="nothing was kept"):
        _store(desk, vault)
    assert objects.files(vault.folder) == []
    with desk.reading() as reader:
        assert audit.count(reader) == 0

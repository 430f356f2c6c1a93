"""A purge deletes the key: nobody opens the bytes again, and a signed certificate says so."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from rempart.audit import queries as audit
from rempart.errors import Broken, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.people.tables import organisation
from rempart.storage import KeyRing, outbox
from rempart.storage.database import Database
from rempart.testing.desk import NOW
from rempart.vault import Vault, certificates, objects, queries
from rempart.vault.certificates import Certificate
from rempart.vault.purging import purge, remove_file
from rempart.vault.sweeping import sweep
from rempart.vault.verifying import missing, verify

ANNA, OTHER = Actor(1, "R-1", "reviewer"), Actor(2, "R-2", "reviewer")
PLAIN = b"a purple dragon " * 1000
LATER = NOW + timedelta(hours=2)


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


def _purge(desk: Database, vault: Vault, object_id: str, actor: Actor = ANNA, reason: str = "asked for") -> Certificate:
    with desk.writing() as writer:
        return purge(writer, vault, actor, object_id, "case 12", reason, NOW)


def _aged(path: Path, hours: float = 0) -> None:
    at = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


def test_a_purged_object_cannot_be_opened_any_more_even_with_a_copy_of_its_file(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    with desk.reading() as reader:
        row = queries.of(reader, 1, object_id)
    assert row is not None
    assert row.key_sealed is not None
    sealed = objects.path_of(vault.folder, object_id).read_bytes()
    _purge(desk, vault, object_id)
    desk.scrub("vault_object")
    with desk.writing() as writer, pytest.raises(NotFound, match="purged"):
        vault.open(writer, ANNA, object_id, "review", NOW)
    with desk.reading() as reader:
        after = queries.of(reader, 1, object_id)
    assert after is not None
    assert after.key_sealed is None
    with pytest.raises(Broken):  # the copy of the sealed bytes, with every key that is left
        vault.keys.unseal(sealed, "the copy")
    if desk.is_sqlite:  # the sealed key stands in no file of the database any more
        folder = Path(str(desk.url.database)).parent
        assert all(row.key_sealed not in one.read_bytes() for one in folder.glob("*.sqlite3*"))


def test_the_certificate_is_signed_and_named_by_the_ledger(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    made = _purge(desk, vault, object_id, reason="  asked for\nby its owner ")
    read = certificates.read(made.statement, vault.keys.public_signing_key)
    assert read == made
    assert (read.object, read.about, read.by, read.reason) == (object_id, "case 12", "R-1", "asked for by its owner")
    with desk.reading() as reader:
        entry = audit.story(reader, 1, "vault", object_id)[-1]
        assert list(queries.certified(reader, 1)) == [made.statement]
        assert list(queries.certified(reader, 2)) == []
    assert (entry.verb, entry.data["certificate"]) == ("vault.purged", made.digest)
    changed = json.loads(made.statement)
    changed["body"]["reason"] = "another"
    for wrong in (json.dumps(changed).encode(), b"", b"{}"):
        with pytest.raises(Broken):
            certificates.read(wrong, vault.keys.public_signing_key)
    with pytest.raises(Broken):
        certificates.read(made.statement, KeyRing.generate().public_signing_key)


@pytest.mark.parametrize("reason", ["", " ", "x" * 201, "a\0b"])
def test_a_purge_needs_a_reason(desk: Database, vault: Vault, reason: str) -> None:
    object_id = _store(desk, vault)
    with pytest.raises(UserMistake):
        _purge(desk, vault, object_id, reason=reason)


def test_it_is_purged_once_and_by_its_own_organisation(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    with pytest.raises(NotFound):
        _purge(desk, vault, object_id, OTHER)
    _purge(desk, vault, object_id)
    with pytest.raises(NotFound):
        _purge(desk, vault, object_id)


def test_its_file_is_removed_afterwards_and_no_other(desk: Database, vault: Vault) -> None:
    gone, kept = _store(desk, vault), _store(desk, vault)
    _purge(desk, vault, gone)
    with desk.reading() as reader:
        assert len(outbox.due(reader, NOW)) == 1
        assert remove_file(reader, vault, gone)
        assert not remove_file(reader, vault, gone)
        assert not remove_file(reader, vault, kept)
        assert not remove_file(reader, vault, "0" * 32)
    assert [objects.id_of(path) for path in objects.files(vault.folder)] == [kept]


def test_a_whole_vault_is_whole(desk: Database, vault: Vault) -> None:
    for number in range(3):
        _store(desk, vault, b"x" * (number + 1))
    _purge(desk, vault, gone := _store(desk, vault))
    objects.remove(vault.folder, gone)
    told: list[tuple[int, int]] = []
    found = verify(desk, vault, NOW, progress=lambda done, total: told.append((done, total)))
    assert (found.whole, found.objects, found.purged, found.size_bytes, found.orphans) == (True, 3, 1, 6, 0)
    assert told[-1] == (4, 4)
    assert missing(desk, vault) == 0


def test_each_kind_of_damage_is_told(desk: Database, vault: Vault) -> None:
    names = {name: _store(desk, vault) for name in ("missing", "damaged", "key", "certificate", "left_over", "fine")}
    objects.path_of(vault.folder, names["missing"]).unlink()
    path = objects.path_of(vault.folder, names["damaged"])
    path.write_bytes(path.read_bytes()[:-1])
    for one in ("certificate", "left_over"):
        _purge(desk, vault, names[one])
    objects.remove(vault.folder, names["certificate"])
    with desk.writing() as writer:
        other = "(SELECT key_sealed FROM vault_object WHERE id = :fine)"
        sql = f"UPDATE vault_object SET key_sealed = {other} WHERE id = :id"  # noqa: S608
        writer.run(text(sql), {"id": names["key"], "fine": names["fine"]})
        sql = "UPDATE vault_object SET certificate = :nothing WHERE id = :id"
        writer.run(text(sql), {"id": names["certificate"], "nothing": b"{}"})
    found = verify(desk, vault, NOW)
    assert not found.whole
    assert found.problem_count == 5
    assert {(one.what, one.object) for one in found.problems} == {
        (what, names[what]) for what in ("missing", "damaged", "key", "certificate", "left_over")
    }
    assert missing(desk, vault) == 1


def test_a_file_that_a_crash_left_without_its_row_is_swept_after_an_hour(desk: Database, vault: Vault) -> None:
    kept = _store(desk, vault)
    orphan = vault.seal(b"a purple dragon")  # the process died here
    for object_id in (kept, orphan.id):
        _aged(objects.path_of(vault.folder, object_id))
    torn = objects.path_of(vault.folder, kept).with_name(".part-0011")
    torn.write_bytes(b"half")
    _aged(torn)
    assert sweep(desk, vault, NOW + timedelta(minutes=59)) == 0
    assert verify(desk, vault, NOW).orphans == 0
    assert verify(desk, vault, LATER).orphans == 2
    assert sweep(desk, vault, LATER) == 2
    assert [objects.id_of(path) for path in objects.files(vault.folder)] == [kept]
    with desk.writing() as writer:
        assert vault.open(writer, ANNA, kept, "review", NOW) == PLAIN


def test_a_file_that_gets_its_row_late_is_left_alone(desk: Database, vault: Vault) -> None:
    sealed = vault.seal(PLAIN)
    _aged(objects.path_of(vault.folder, sealed.id))
    with desk.writing() as writer:
        vault.keep(writer, ANNA, sealed, LATER)
    assert sweep(desk, vault, LATER) == 0


def test_sweeping_takes_the_file_of_a_purged_object_that_the_worker_never_came_to(desk: Database, vault: Vault) -> None:
    object_id = _store(desk, vault)
    _aged(objects.path_of(vault.folder, object_id))
    _purge(desk, vault, object_id)
    assert sweep(desk, vault, LATER) == 1
    assert verify(desk, vault, LATER).whole

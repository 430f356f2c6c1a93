import json
import os
import pickle
import sys
from pathlib import Path

import pyrage
import pytest

from rempart.errors import Broken, Unavailable, UserMistake
from rempart.storage import KeyRing
from rempart.storage.keys import signature_holds


def test_a_key_ring_survives_its_text() -> None:
    ring = KeyRing.generate()
    again = KeyRing.from_text(ring.to_text())
    assert again.unseal(ring.seal(b"content"), "it") == b"content"
    assert signature_holds(b"said", again.sign(b"said"), ring.public_signing_key)


def test_any_age_tool_with_the_identity_opens_what_we_seal() -> None:
    ring = KeyRing.generate()
    identity = pyrage.x25519.Identity.from_str(json.loads(ring.to_text())["sealing"])
    assert pyrage.decrypt(ring.seal(b"content"), [identity]) == b"content"


def test_neither_repr_nor_pickle_gives_the_secrets_away() -> None:
    ring = KeyRing.generate()
    stored = json.loads(ring.to_text())
    assert stored["sealing"] not in repr(ring)
    assert stored["signing"] not in repr(ring)
    with pytest.raises(TypeError, match="does not travel"):
        pickle.dumps(ring)


def test_a_wrong_key_is_a_clear_error() -> None:
    sealed = KeyRing.generate().seal(b"content")
    with pytest.raises(Broken, match="the file cannot be opened: another key sealed it, or it was changed"):
        KeyRing.generate().unseal(sealed, "the file")


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", "secret-text", '{"version":1,"sealing":"AGE","signing":""}', "[" * 99_999]
)
def test_a_text_that_is_no_key_ring_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(UserMistake) as refused:
        KeyRing.from_text(text)
    assert "secret-text" not in str(refused.value)


def test_a_key_file_of_another_version_is_refused() -> None:
    stored = json.loads(KeyRing.generate().to_text())
    with pytest.raises(UserMistake, match="version"):
        KeyRing.from_text(json.dumps({**stored, "version": 2}))


def test_the_first_use_makes_a_key_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    ring = KeyRing.from_file_or_new(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert KeyRing.from_file_or_new(path).public_signing_key == ring.public_signing_key


def test_a_key_file_open_to_others_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "ring.json"
    KeyRing.from_file_or_new(path)
    path.chmod(0o644)
    with pytest.raises(UserMistake, match="chmod 600"):
        KeyRing.from_file(path)


def test_a_missing_key_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="cannot be read"):
        KeyRing.from_file(tmp_path / "nothing.json")


def test_a_command_may_print_the_key(tmp_path: Path) -> None:
    ring = KeyRing.generate()
    path = tmp_path / "secret"
    path.write_text(ring.to_text())
    printed = KeyRing.from_command([sys.executable, "-c", f"print(open({os.fspath(path)!r}).read())"])
    assert printed.public_signing_key == ring.public_signing_key


def test_a_command_that_fails_is_unavailable_and_its_output_stays_out_of_the_message() -> None:
    with pytest.raises(Unavailable) as failed:
        KeyRing.from_command([sys.executable, "-c", "print('half-a-secret'); raise SystemExit(1)"])
    assert "half-a-secret" not in str(failed.value)


def test_a_command_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="does not exist"):
        KeyRing.from_command([os.fspath(tmp_path / "no-such-command")])


def test_a_signature_by_another_key_does_not_hold() -> None:
    ring, other = KeyRing.generate(), KeyRing.generate()
    assert not signature_holds(b"said", ring.sign(b"said"), other.public_signing_key)
    assert not signature_holds(b"said", ring.sign(b"said")[:-1], ring.public_signing_key)
    assert not signature_holds(b"said", ring.sign(b"said"), "not base64")

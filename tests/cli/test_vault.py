"""`rempart vault`: whole or not, a purge that asks for the number of the case, certificates that anybody can check."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rempart.people.queries import add_organisation
from rempart.storage import KeyRing
from rempart.testing.desk import NOW, make_case, make_media
from rempart.vault import objects
from rempart.wiring.desk import open_records

Run = Callable[..., subprocess.CompletedProcess[str]]
WHY = ("--reason", "asked for by its owner")


@pytest.fixture
def rempart(environment: dict[str, str], tmp_path: Path) -> Run:
    def run(*arguments: str, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rempart", *arguments]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd=tmp_path, env=environment | extra, timeout=120
        )

    return run


@pytest.fixture
def vault(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a vault with one original each of a decided case (1) and of an open one (2)."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with open_records() as desk:
        with desk.database.writing() as writer:
            organisation = add_organisation(writer, "desk", "Desk", NOW)
            ended = {"state": "decided", "outcome": "not_illegal", "decided_at": NOW, "final_at": NOW}
            for seed, columns in enumerate((ended, {}), 1):
                case = make_case(writer, organisation, **columns)  # type: ignore[arg-type]
                make_media(writer, desk.fields, organisation, case, vault=desk.vault, seed=seed)
        return desk.vault.folder


def test_a_vault_is_whole_until_a_file_is_damaged(rempart: Run, vault: Path) -> None:
    done = rempart("vault", "verify", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["objects"] == 2
    objects.files(vault)[0].write_bytes(b"x")
    done = rempart("vault", "verify")
    assert done.returncode == 1
    assert done.stdout.startswith("damaged: the file of object")


def test_a_purge_asks_for_the_number_of_the_case(rempart: Run, vault: Path) -> None:
    dry = rempart("vault", "purge", "1", *WHY, "--dry-run", "--json")
    assert dry.returncode == 0, dry.stderr
    assert json.loads(dry.stdout)["originals"] == 1
    for wrong in ((), ("--confirm", "2")):
        done = rempart("vault", "purge", "1", *WHY, *wrong, stdin="1\n")
        assert done.returncode == 2
    assert "add --confirm 1" in rempart("vault", "purge", "1", *WHY).stderr
    done = rempart("vault", "purge", "1", *WHY, "--confirm", "1", "--json")
    assert done.returncode == 0, done.stderr
    (made,) = json.loads(done.stdout)["certificates"]
    assert (made["about"], made["by"], made["reason"]) == ("case 1", "operator", WHY[1])
    again = rempart("vault", "purge", "1", *WHY, "--confirm", "1")
    assert again.returncode == 2
    assert rempart("vault", "purge", "2", *WHY, "--confirm", "2").returncode == 2  # it is open
    assert rempart("vault", "purge", "99", *WHY, "--confirm", "99").returncode == 2


def test_certificates_are_listed_written_and_checked_elsewhere(rempart: Run, vault: Path, tmp_path: Path) -> None:
    rempart("vault", "purge", "1", *WHY, "--confirm", "1")
    assert WHY[1] in rempart("vault", "certificates").stdout
    done = rempart("vault", "certificates", "--case", "1", "--out", "kept", "--json")
    (made,) = json.loads(done.stdout)["certificates"]
    file = tmp_path / "kept" / f"{made['object']}.json"
    assert json.loads(file.read_text())["body"]["object"] == made["object"]
    key = rempart("lists", "key").stdout.strip()
    elsewhere = {"REMPART_DATA_FOLDER": str(tmp_path / "elsewhere")}
    checked = ("vault", "certificates", "--check", str(file), "--public-key", key, "--json")
    assert json.loads(rempart(*checked, **elsewhere).stdout)["certificates"][0]["object"] == made["object"]
    file.chmod(0o600)
    file.write_text(file.read_text().replace("asked for", "Asked for"))
    assert rempart(*checked, **elsewhere).returncode == 1
    assert json.loads(rempart("vault", "certificates", "--case", "2", "--json").stdout)["certificates"] == []


def test_keys_from_a_file_the_environment_or_a_command_open_the_same_vault(
    rempart: Run, vault: Path, tmp_path: Path
) -> None:
    ring = vault.parent / "keys" / "ring.json"
    text = ring.read_text()
    elsewhere = tmp_path / "ring.json"
    ring.rename(elsewhere)
    for given in (
        {"REMPART_KEY_FILE": str(elsewhere)},
        {"REMPART_KEY": text},
        {"REMPART_KEY_COMMAND": json.dumps(["cat", str(elsewhere)])},
    ):
        done = rempart("vault", "verify", "--json", **given)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["whole"]
    done = rempart("vault", "verify")  # no new keys are made: they would open nothing of it
    assert done.returncode == 2
    assert "is a vault but no keys" in done.stderr
    assert not ring.exists()
    done = rempart("vault", "verify", "--json", REMPART_KEY=KeyRing.generate().to_text())
    assert done.returncode == 1
    assert {one["what"] for one in json.loads(done.stdout)["problems"]} == {"key"}

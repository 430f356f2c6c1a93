"""`rempart origin` as an investigator runs it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rempart.storage.keys import KeyRing
from rempart.testing.carriers import CARRIERS
from rempart.testing.loopback import door, ok, says
from rempart.testing.signing import authority

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def rempart(environment: dict[str, str], tmp_path: Path) -> Run:
    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rempart", "origin", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment | extra, timeout=120
        )

    return run


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("a1111-png-tEXt", "camera-jpeg"):
        (tmp_path / name).write_bytes(CARRIERS[name].build())
    return tmp_path


def test_files_need_no_verb_and_the_json_carries_the_notice(rempart: Run, files: Path) -> None:
    done = rempart("a1111-png-tEXt", "camera-jpeg", "--json")
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)["files"]
    assert first["verdict"] == "ai.declared"
    assert first["urgency"] == 0
    assert second["verdict"] == "captured.indicated"
    assert all("real child" in one["notice"] for one in (first, second))


def test_no_prompt_is_ever_printed(rempart: Run, files: Path) -> None:
    words = CARRIERS["a1111-png-tEXt"].build()
    assert b"dragon" in words  # the harmless prompt of the test pictures
    done = rempart("a1111-png-tEXt", "--json", "--html", "pages")
    assert "dragon" not in done.stdout + done.stderr + (files / "pages/evidence-0001.html").read_text()


def test_carriers_that_may_hold_prompts_are_kept_sealed_when_asked_for(
    rempart: Run, files: Path, environment: dict[str, str]
) -> None:
    done = rempart("a1111-png-tEXt", "--seal", "sealed")
    assert "carriers sealed: 1" in done.stderr
    (kept,) = (files / "sealed").iterdir()
    assert b"dragon" not in kept.read_bytes()
    keys = KeyRing.from_file(Path(environment["REMPART_DATA_FOLDER"]) / "keys" / "ring.json")
    assert b"dragon" in keys.unseal(kept.read_bytes(), "the carrier")


def test_a_missing_file_is_a_mistake_and_the_rest_is_examined(rempart: Run, files: Path) -> None:
    done = rempart("gone.jpg", "camera-jpeg", "--json")
    assert done.returncode == 2
    assert [one["verdict"] for one in json.loads(done.stdout)["files"]] == ["unknown", "captured.indicated"]


def test_trust_lists_in_force_are_shown_with_their_dates(rempart: Run, files: Path) -> None:
    done = rempart("trust", "ls", "--json")
    assert done.returncode == 0, done.stderr
    assert {store["name"] for store in json.loads(done.stdout)["stores"]} == {"official", "interim"}


def test_a_detector_that_is_not_installed_is_told_before_anything_starts(rempart: Run, files: Path) -> None:
    done = rempart("camera-jpeg", REMPART_DETECTOR="mine")
    assert done.returncode == 2
    assert "no installed package offers the detector `mine`" in done.stderr


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_trust_list_is_pulled_from_a_host_that_was_allowed(rempart: Run, files: Path) -> None:
    pem = authority("Root").pem
    with door(says(ok(pem.encode()))) as server:
        words = ("trust", "import", "--pull", f"{server.url}/list.pem?key=secret", "--name", "official")
        refused = rempart(*words)
        assert (refused.returncode, server.came) == (2, 0)
        assert "REMPART_NET__ALLOWED_HOSTS" in refused.stderr
        done = rempart(*words, REMPART_NET__ALLOWED_HOSTS=json.dumps([f"127.0.0.1:{server.port}"]))
    assert done.returncode == 0, done.stderr
    assert "1 authorities imported as `official`" in done.stderr
    assert "secret" not in done.stderr + refused.stderr
    (listed,) = json.loads(rempart("trust", "ls", "--json").stdout)["imported"]
    assert (listed["kind"], listed["name"], listed["count"]) == ("authorities", "official", 1)


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(("answer", "code"), [(ok(b"no list"), 2), (ok(b"", status="404 Gone"), 2), (b"", 3)])
def test_a_list_that_does_not_come_changes_nothing(rempart: Run, files: Path, answer: bytes, code: int) -> None:
    (files / "root.pem").write_text(authority("Root").pem)
    assert rempart("trust", "import", "root.pem", "--name", "mine").returncode == 0
    with door(says(answer)) as server:
        allowed = json.dumps([f"127.0.0.1:{server.port}"])
        words = ("trust", "import", "--pull", server.url, "--name", "mine")
        assert rempart(*words, REMPART_NET__ALLOWED_HOSTS=allowed).returncode == code
    (listed,) = json.loads(rempart("trust", "ls", "--json").stdout)["imported"]
    assert listed["count"] == 1


@pytest.mark.parametrize("words", [(), ("root.pem", "--pull", "https://lists.example/a")])
def test_a_list_comes_from_a_file_or_from_an_address(rempart: Run, files: Path, words: tuple[str, ...]) -> None:
    done = rempart("trust", "import", *words, "--name", "mine")
    assert done.returncode == 2
    assert "one of them" in done.stderr

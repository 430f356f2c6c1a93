"""`rempart bundles` as an operator types it."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rempart.cli import screen
from rempart.cli.main import main
from rempart.testing.desk_bundles import many_rows, ndjson, vics, vics_media

Run = Callable[..., subprocess.CompletedProcess[str]]
ROWS = ndjson(many_rows(120))


@pytest.fixture
def rempart(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Runs one command line of `rempart bundles` in the test's folder."""
    (tmp_path / "rows.ndjson").write_bytes(ROWS)

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            patched.chdir(tmp_path)
            patched.setattr(sys, "argv", ["rempart", "bundles", *arguments])
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            with pytest.raises(SystemExit) as left:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out, err)

    return run


IMPORT = ("import", "rows.ndjson", "--partner", "hotline", "--format", "ndjson")


def test_a_bundle_is_foreseen_imported_listed_and_shown(rempart: Run) -> None:
    foreseen = json.loads(rempart(*IMPORT, "--dry-run", "--json").stdout)
    assert rempart("list").returncode == 2  # looking founds no organisation, and a foresight keeps nothing
    done = json.loads(rempart(*IMPORT, "--json").stdout)
    assert (done["state"], done["rows"]) == ("done", 120)
    assert {name: done[name] for name in ("accepted", "duplicate", "refused")} == {
        name: foreseen[name] for name in ("accepted", "duplicate", "refused")
    }
    assert done["accepted"] + done["duplicate"] + sum(done["refused"].values()) == 120
    shown = json.loads(rempart("show", done["bundle"], "--refused", "--json").stdout)
    assert [one["position"] for one in shown["refused_rows"]] == [20, 40, 60, 80, 100, 120]
    assert len(json.loads(rempart("list", "--json").stdout)["bundles"]) == 1
    assert rempart("list").returncode == 0
    assert "refused: nothing to look for" in rempart("show", done["bundle"]).stdout


def test_the_same_file_again_does_nothing(rempart: Run) -> None:
    first = json.loads(rempart(*IMPORT, "--json").stdout)
    again = rempart(*IMPORT, "--json")
    assert again.returncode == 0
    assert "was imported before" in again.stderr
    assert json.loads(again.stdout)["bundle"] == first["bundle"]


def test_a_stopped_import_goes_on_with_the_same_command(rempart: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop:
        def is_set(self) -> bool:
            return True

    class Stopped:
        def __enter__(self) -> Stop:
            return Stop()

        def __exit__(self, *_error: object) -> None:
            pass

    with monkeypatch.context() as patched:
        patched.setattr(screen, "stopped_by_signal", Stopped)
        half = rempart(*IMPORT, "--json")
    assert half.returncode == 130
    assert json.loads(half.stdout)["rows"] == 50
    done = rempart(*IMPORT, "--json")
    assert "goes on behind row 50" in done.stderr
    assert (json.loads(done.stdout)["state"], json.loads(done.stdout)["rows"]) == ("done", 120)


def test_a_vics_bundle_needs_its_profile_and_comes_from_standard_input(rempart: Run) -> None:
    content = vics([vics_media(b"a"), vics_media(b"b", Category=4)])
    words = ("import", "-", "--partner", "police", "--format", "vics")
    refused = rempart(*words, stdin=content)
    assert refused.returncode == 2
    assert "name the profile" in refused.stderr
    done = json.loads(rempart(*words, "--profile", "us", "--json", stdin=content).stdout)
    assert (done["accepted"], done["refused"]) == (1, {"set aside by the profile: comparison": 1})


def test_a_file_that_is_none_leaves_with_a_mistake(rempart: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("purple\n1\n")
    assert rempart("import", "missing", "--partner", "a", "--format", "csv").returncode == 2
    done = rempart("import", "bad.csv", "--partner", "a", "--format", "csv")
    assert done.returncode == 2
    assert "nothing could be read" in done.stderr
    assert rempart("import", "bad.csv", "--partner", "a", "--format", "csv", "--dry-run").returncode == 2
    assert rempart("show", "B-0000-0000-0000").returncode == 2

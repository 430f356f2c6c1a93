"""The commands as an operator runs them: in a process of their own, exit codes and one-sentence errors."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rempart.testing.encodings import ENCODINGS
from rempart.testing.pictures import pattern

Run = Callable[..., subprocess.CompletedProcess[str]]
FOUND = 10


@pytest.fixture
def rempart(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs one command line in the test's folder and gives what it printed."""

    def run(*arguments: str, stdin: str | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rempart", *arguments]
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, cwd=tmp_path, env=environment | extra, timeout=120
        )

    return run


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Four patterns, one of them mirrored as a GIF."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(4):
        (folder / f"{seed}.png").write_bytes(ENCODINGS["png"].encode(pattern(seed, 300, 200)))
    (folder / "mirrored.gif").write_bytes(ENCODINGS["gif-palette"].encode(pattern(0, 300, 200)[:, ::-1].copy()))
    (folder / "notes.txt").write_text("no picture")
    return folder


def listed(rempart: Run, tmp_path: Path, *names: str) -> None:
    """A list `demo` with the PDQ of these files."""
    shown = json.loads(rempart("fingerprint", *names, "--json").stdout)["files"]
    rows = [f"{record['pdq'][0]['value']},{Path(record['item']).stem}" for record in shown]
    (tmp_path / "list.csv").write_text("\n".join(["pdq,id", *rows]))
    done = rempart("lists", "import", "list.csv", "--list", "demo", "--source", "a test", "--policy", "block")
    assert done.returncode == 0, done.stderr


def test_a_listed_picture_is_found_mirrored_and_as_gif(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    done = rempart("screen", "pictures", "--list", "demo", "--out", "job", "--json")
    assert done.returncode == FOUND, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["items"], summary["match"], summary["no_match"]) == (6, 2, 3)
    assert summary["not_examined"] == {"unsupported: application/octet-stream": 1}
    findings = [json.loads(line) for line in (tmp_path / "job/findings.jsonl").read_text().splitlines()]
    mirrored = next(finding for finding in findings if finding["item"].endswith("mirrored.gif"))
    assert mirrored["matches"][0]["view"]["transform"] == "mirror"
    assert mirrored["matches"][0]["entry_ref"] == "0"
    assert (tmp_path / "job/report.html").exists()


def test_a_finished_job_is_not_taken_for_a_new_one_unless_asked(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    first = rempart("screen", "pictures", "--out", "job", "--json")
    (pictures / "new.png").write_bytes(ENCODINGS["png"].encode(pattern(0, 300, 200)))
    second = rempart("screen", "pictures", "--out", "job", "--json")
    assert second.returncode == 2
    assert "is finished; choose another --out, or add --again" in second.stderr
    third = rempart("screen", "pictures", "--out", "job", "--json", "--again")
    assert json.loads(third.stdout)["match"] == json.loads(first.stdout)["match"] + 1


def test_the_same_items_and_lists_give_the_same_bytes(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    for out, workers in (("one", "1"), ("two", "2")):
        rempart("screen", "pictures", "--out", out, "--workers", workers)
    assert (tmp_path / "one/findings.jsonl").read_bytes() == (tmp_path / "two/findings.jsonl").read_bytes()
    assert (tmp_path / "one/summary.json").read_bytes() == (tmp_path / "two/summary.json").read_bytes()


def test_an_empty_or_stale_list_is_said(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    rempart("lists", "withdraw", "demo", "--ref", "0", "--reason", "asked", "--receipt", "r.json")
    done = rempart("screen", "pictures", "--out", "job")
    assert "list `demo` has no entries" in done.stderr


def test_previews_stand_in_the_report_of_matches_only(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    rempart("screen", "pictures", "--out", "job", "--previews", "--language", "fr")
    html = (tmp_path / "job/report.html").read_text()
    assert html.count("data:image/png;base64,") == 2
    assert '<html lang="fr">' in html
    assert not list((tmp_path / "job").rglob("*.previews"))


def test_a_file_list_names_what_to_screen(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    (tmp_path / "files.txt").write_text("pictures/0.png\npictures/1.png\n")
    done = rempart("screen", "--files-from", "files.txt", "--out", "job", "--json")
    assert (json.loads(done.stdout)["match"], json.loads(done.stdout)["items"]) == (1, 2)


def test_a_polite_kill_keeps_what_is_done_and_the_job_goes_on(
    rempart: Run, pictures: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    for number in range(400):
        (pictures / f"more-{number}.txt").write_text(str(number))
    command = [sys.executable, "-m", "rempart", *["screen", "pictures", "--out", "job", "--workers", "1"]]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list(tmp_path.glob("job/job/shards/*.jsonl")):
        pass
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "the same command goes on where it was" in said
    done = rempart("screen", "pictures", "--out", "job", "--workers", "1", "--json")
    assert json.loads(done.stdout)["items"] == 406


def test_a_withdrawn_entry_matches_no_more_and_its_receipt_holds(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png", "pictures/1.png")
    done = rempart("lists", "withdraw", "demo", "--ref", "0", "--reason", "asked", "--receipt", "receipt.json")
    assert done.returncode == 0, done.stderr
    assert rempart("screen", "pictures/0.png", "--out", "job").returncode == 0
    assert rempart("screen", "pictures/1.png", "--out", "job2").returncode == FOUND
    value = json.loads(rempart("fingerprint", "pictures/0.png", "--json").stdout)["files"][0]["pdq"][0]["value"]
    other = json.loads(rempart("fingerprint", "pictures/1.png", "--json").stdout)["files"][0]["pdq"][0]["value"]
    about = ("lists", "verify", "--receipt", "receipt.json", "--from", "-")
    assert rempart(*about, stdin=f"pdq {value}\n").returncode == 0
    assert rempart(*about, stdin=f"pdq {other}\n").returncode == 1
    assert rempart("lists", "verify").returncode == 0


def test_no_listing_shows_a_fingerprint(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    value = json.loads(rempart("fingerprint", "pictures/0.png", "--json").stdout)["files"][0]["pdq"][0]["value"]
    rempart("screen", "pictures", "--out", "job")
    for command in (("ls",), ("show", "demo", "--quarantine"), ("diff", "demo", "1"), ("verify",)):
        for extra in ((), ("--json",)):
            done = rempart("lists", *command, *extra)
            assert done.returncode == 0, done.stderr
            assert value not in done.stdout + done.stderr
    for file in (tmp_path / "job").rglob("*"):
        assert file.is_dir() or value.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("screen", "x", "--out", "job"), "there is no list yet; run `rempart lists import"),
        (("lists", "show", "nolist"), "there is no list `nolist`; see `rempart lists ls`"),
        (("lists", "import", "none.csv", "--list", "demo", "--source", "me"), "none.csv"),
        (("lists", "import", "list.csv", "--list", "Demo/../x", "--source", "me"), "name"),
        (("lists", "import", "list.csv", "--list", "demo"), "source"),
        (
            ("lists", "import", "list.csv", "--list", "demo", "--source", "me", "--column", "nonsense"),
            "--column md5=COLUMN",
        ),
        (("lists", "verify", "--receipt", "none.json"), "`none.json` cannot be read"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(
    rempart: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "list.csv").write_text("md5\n" + "ab" * 16 + "\n")
    done = rempart(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_job_without_inputs_is_a_mistake(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    done = rempart("screen", "--out", "job")
    assert done.returncode == 2
    assert "nothing to screen" in done.stderr


def test_a_missing_path_is_counted_and_the_rest_is_done(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    done = rempart("screen", "pictures/1.png", "gone.png", "--out", "job", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["not_examined"] == {"unreadable: missing": 1}
    assert json.loads(done.stdout)["items"] == 2


def test_a_manifest_and_a_table_are_screened_by_their_digests(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    record = json.loads(rempart("fingerprint", "pictures/2.png", "--json").stdout)["files"][0]
    (tmp_path / "list.txt").write_text(record["md5"])
    assert rempart("lists", "import", "list.txt", "--list", "digests", "--source", "a test").returncode == 0
    (tmp_path / "index.csv").write_text(
        f"URL;HASH\nhttps://a;{record['md5'].upper()}\nhttps://b;{'0' * 31}1\nhttps://c;x\n"
    )
    (tmp_path / "m.ndjson").write_text(json.dumps({"url": "https://d", "md5": record["md5"]}))
    done = rempart(
        *("screen", "--table", "index.csv", "--column", "md5=HASH", "--column", "url=URL"),
        *("--manifest", "m.ndjson", "--out", "job", "--json"),
    )
    assert done.returncode == FOUND, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["items"], summary["match"], summary["no_match"]) == (4, 2, 1)
    assert summary["not_examined"] == {"bad row": 1}


def test_an_unknown_column_of_a_table_names_the_ones_there_are(rempart: Run, pictures: Path, tmp_path: Path) -> None:
    listed(rempart, tmp_path, "pictures/0.png")
    (tmp_path / "index.csv").write_text("URL,HASH\na,b\n")
    done = rempart("screen", "--table", "index.csv", "--column", "md5=MD5", "--out", "job")
    assert done.returncode == 2
    assert "no column `MD5`; it has: URL, HASH" in done.stderr


def test_clusters_hold_what_is_the_same_picture_also_mirrored(rempart: Run, pictures: Path) -> None:
    done = rempart("cluster", "pictures", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [[Path(name).name for name in group] for group in found["clusters"]] == [["0.png", "mirrored.gif"]]
    assert found["alone"] == 3
    assert found["not_examined"] == {"unsupported: application/octet-stream": 1}


def test_exact_mode_gives_the_fingerprint_of_the_colour_pixels(rempart: Run, pictures: Path) -> None:
    plain, exact = (
        json.loads(rempart("fingerprint", "pictures/3.png", "--json", *extra).stdout)["files"][0]["pdq"][0]["value"]
        for extra in ((), ("--exact",))
    )
    assert (int(plain, 16) ^ int(exact, 16)).bit_count() <= 10


def test_secrets_are_masked_in_the_settings(rempart: Run) -> None:
    done = rempart("settings", REMPART_KEY="very secret")
    assert done.returncode == 0
    assert "very secret" not in done.stdout
    assert "REMPART_LIMITS__MAX_PIXELS" in done.stdout


def test_a_setting_that_cannot_be_understood_is_named(rempart: Run) -> None:
    done = rempart("settings", REMPART_WORKERS="many")
    assert done.returncode == 2
    assert "REMPART_WORKERS" in done.stderr


def test_the_doctor_tries_the_sandbox(rempart: Run) -> None:
    checks = {check["name"]: check for check in json.loads(rempart("doctor", "--json").stdout)["checks"]}
    assert checks["sandbox: open a file"]["fine"]
    assert checks["sandbox: make a socket"]["fine"]
    assert checks["kernels: matching"]["fine"]
    assert checks["list snapshots"]["fine"]


def test_every_command_has_a_short_first_line_and_its_own_example() -> None:
    import typer

    from rempart.cli.main import app

    for name, verb in _verbs(typer.main.get_command(app), ""):
        assert len(verb.help.splitlines()[0]) <= 60, name
        assert verb.epilog.startswith("Example: "), name
        assert f"rempart {name.removesuffix(' examine')}" in verb.epilog, name


def _verbs(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Every command below the group, with its words."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _verbs(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command

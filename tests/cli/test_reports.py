"""`rempart reports` and `rempart ncmec` as an operator types them."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rempart.cli.main import main
from rempart.cli.reports import _harmless, _read
from rempart.errors import UserMistake
from rempart.testing.desk import make_organisation
from rempart.testing.desk_reporting import make_decided
from rempart.wiring.desk import open_records

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SET = ("authority=Kantonspolizei", "language=en", "danger_now=no", "accounts=no")


@pytest.fixture
def rempart(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Runs one command line in an installation whose case 1 is decided."""
    chosen = {
        "REMPART_REPORTING__ENVIRONMENT": "emulator",
        "REMPART_REPORTING__DESK__NAME": "Dragon Watch",
    }
    for name, value in {**environment, **chosen}.items():
        monkeypatch.setenv(name, value)
    with open_records() as desk, desk.database.writing() as writer:
        make_decided(writer, desk.fields, make_organisation(writer))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["rempart", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capfdbinary.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out.decode(), err.decode())

    return run


def told(run: Run, *arguments: str) -> dict[str, object]:
    found = json.loads(run("reports", *arguments, "--json").stdout)
    assert found["version"] == 1
    report: dict[str, object] = found["report"]
    return report


def test_a_report_goes_from_draft_to_hand_over_on_the_command_line(rempart: Run) -> None:
    made = told(rempart, "draft", "1", "police")
    assert (made["state"], made["recipient"]) == ("draft", "police")
    assert made["problems"]
    assert rempart("reports", "preview", "1").returncode == 2
    answers = [word for one in SET for word in ("--set", one)]
    assert told(rempart, "answer", "1", *answers)["problems"] == []
    shown = rempart("reports", "approve", "1", "--case", "1", "--dry-run").stdout
    assert "Kantonspolizei" in shown
    assert told(rempart, "show", "1")["state"] == "draft"
    assert rempart("reports", "approve", "1", "--case", "2").returncode == 2
    assert told(rempart, "approve", "1", "--case", "1")["state"] == "approved"
    assert rempart("reports", "preview", "1").stdout == shown
    listed = rempart("reports", "list", "--json")
    assert (listed.returncode, len(json.loads(listed.stdout)["reports"])) == (10, 1)
    assert told(rempart, "hand-over", "1", "--case", "1", "--reference", "K-7")["external_id"] == "K-7"
    assert rempart("reports", "list").returncode == 0
    assert "handed_over" in rempart("reports", "show", "1").stdout


class Terminal(io.StringIO):
    """Somebody who writes, and reads."""

    def isatty(self) -> bool:
        return True


def test_what_is_final_asks_for_the_number_of_the_case_and_shows_its_bytes(
    rempart: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(dict(one.split("=") for one in SET) | {"authority": "Wache \x1b[31m"}))
    told(rempart, "draft", "1", "police")
    assert told(rempart, "answer", "1", "--from", str(answers))["problems"] == []
    kept = tmp_path / "sheet.txt"
    assert rempart("reports", "preview", "1", "--out", str(kept)).returncode == 0
    assert rempart("reports", "preview", "1", "--out", str(kept)).returncode == 2  # nothing is overwritten
    for words in (("withdraw", "1", "--reason", "twice"), ("retract", "1"), ("begin-again", "1"), ("hand-over", "1")):
        assert rempart("reports", *words, "--dry-run").stdout == kept.read_text()
        assert "--case" in rempart("reports", *words).stderr  # nobody is at a terminal
    for typed in ("2\n", "y\n", "\N{ARABIC-INDIC DIGIT ONE}\n", "9" * 5000 + "\n"):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        assert rempart("reports", "withdraw", "1", "--reason", "twice").returncode == 2
    assert told(rempart, "show", "1")["state"] == "draft"
    monkeypatch.setattr(sys, "stdin", Terminal("1\n"))
    assert told(rempart, "withdraw", "1", "--reason", "twice")["state"] == "withdrawn"


def test_what_others_wrote_gives_no_orders_to_a_terminal() -> None:
    assert _harmless(b"a\r\nb\t\x1b[2J\xc2\x9bx") == "a\nb\t\ufffd[2J\ufffdx"


@pytest.mark.parametrize("text", ["[]", '{"authority": 1}', "[" * 100_000])
def test_a_file_without_answers_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(text)
    with pytest.raises(UserMistake, match="holds no answers"):
        _read(file)


def test_mistakes_say_what_to_do(rempart: Run) -> None:
    assert "recipients are" in rempart("reports", "draft", "1", "dragons").stderr
    assert "QUESTION=ANSWER" in rempart("reports", "answer", "1", "--set", "nothing").stderr
    assert "states are" in rempart("reports", "list", "--state", "odd").stderr
    assert "no report 9" in rempart("reports", "show", "9").stderr
    made = told(rempart, "draft", "1", "police")
    assert rempart("reports", "go-on", str(made["report"])).returncode == 2
    assert told(rempart, "withdraw", "1", "--case", "1", "--reason", "twice")["state"] == "withdrawn"


def test_the_recipients_and_what_they_ask(rempart: Run) -> None:
    found = json.loads(rempart("reports", "recipients", "--json").stdout)["recipients"]
    assert {"cybertip", "pharos", "nca", "police", "iccam", "statement"} <= {one["recipient"] for one in found}


def test_the_authority_is_not_asked_before_somebody_says_which_environment(rempart: Run) -> None:
    assert "EMULATOR_ADDRESS" in rempart("ncmec", "status").stderr

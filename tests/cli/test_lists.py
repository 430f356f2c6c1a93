"""`rempart lists` as an operator types it, on random digests."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from rempart.cli.health import lists as list_checks
from rempart.cli.health import swap
from rempart.cli.main import main
from rempart.cli.words import mapping_of, new_file, public_key_of
from rempart.errors import Unavailable, UserMistake
from rempart.facts import Fingerprint
from rempart.storage import KeyRing

Run = Callable[..., subprocess.CompletedProcess[str]]
DIGESTS = [Random(seed).randbytes(16).hex() for seed in range(4)]


@pytest.fixture
def rempart(
    environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Runs one command line of `rempart lists` in the test's folder and gives what it printed.

    In this process: starting one for each line would take most of the time; `test_cli.py` does that.
    """

    def run(*arguments: str, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name, value in (environment | extra).items():
                patched.setenv(name, value)
            patched.chdir(tmp_path)
            patched.setattr(sys, "argv", ["rempart", "lists", *arguments])
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            with pytest.raises(SystemExit) as left:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out, err)

    return run


@pytest.fixture
def demo(rempart: Run, tmp_path: Path) -> Run:
    """The same, with a list `demo` of the entries a and b."""
    (tmp_path / "list.csv").write_text(f"id,md5\na,{DIGESTS[0]}\nb,{DIGESTS[1]}\n")
    done = rempart("import", "list.csv", "--list", "demo", "--source", "a test")
    assert done.returncode == 0, done.stderr
    return rempart


def entries(rempart: Run) -> int:
    return int(json.loads(rempart("show", "demo", "--json").stdout)["facts"]["entries"])


def test_a_dry_run_shows_what_would_be_withdrawn_and_changes_nothing(demo: Run) -> None:
    by_ref = demo("withdraw", "demo", "--ref", "a", "--dry-run")
    by_print = demo("withdraw", "demo", "--from", "-", "--dry-run", stdin=f"md5 {DIGESTS[0]}\n")
    for done in (by_ref, by_print):
        assert (done.returncode, done.stdout) == (0, "a\n")
        assert "1 entries with 1 md5 would be withdrawn for ever" in done.stderr
    assert entries(demo) == 2
    assert demo("receipts", "demo").stdout == ""
    assert demo("withdraw", "demo", "--ref", "z", "--dry-run").returncode == 2


@pytest.mark.parametrize("place", ["no/such/folder/r.json", "list.csv"])
def test_a_receipt_that_cannot_be_written_is_noticed_before_anything_is_withdrawn(demo: Run, place: str) -> None:
    done = demo("withdraw", "demo", "--ref", "a", "--reason", "asked", "--receipt", place)
    assert done.returncode == 2
    assert f"`{place}`" in done.stderr
    assert "Traceback" not in done.stderr
    assert entries(demo) == 2


def test_a_withdrawal_that_fails_leaves_no_receipt(demo: Run, tmp_path: Path) -> None:
    for arguments in (("--ref", "z", "--reason", "asked"), ("--ref", "a")):
        done = demo("withdraw", "demo", *arguments, "--receipt", "r.json")
        assert done.returncode == 2
        assert not (tmp_path / "r.json").exists()
    assert entries(demo) == 2


def test_who_did_not_sign_a_receipt_can_check_it_with_the_public_key(demo: Run, tmp_path: Path) -> None:
    assert demo("withdraw", "demo", "--ref", "a", "--reason", "asked", "--receipt", "r.json").returncode == 0
    key = demo("key").stdout
    (tmp_path / "key.txt").write_text(key)
    elsewhere = {"REMPART_DATA_FOLDER": str(tmp_path / "elsewhere")}
    about = ("verify", "--receipt", "r.json", "--from", "-", "--public-key")
    for given in (key.strip(), "key.txt"):
        assert demo(*about, given, stdin=f"md5 {DIGESTS[0]}\n", **elsewhere).returncode == 0
        assert demo(*about, given, stdin=f"md5 {DIGESTS[1]}\n", **elsewhere).returncode == 1
    stranger = KeyRing.generate().public_signing_key
    assert "not signed with this key" in demo(*about, stranger, stdin="", **elsewhere).stderr
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("command", [("verify",), ("verify", "--receipt", "list.csv"), ("key",)])
def test_to_verify_makes_no_keys_where_none_are(demo: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    done = demo(*command, REMPART_DATA_FOLDER=str(tmp_path / "elsewhere"))
    assert done.returncode == 2
    assert "there are no keys" in done.stderr
    assert not (tmp_path / "elsewhere").exists()


def test_stored_receipts_are_printed_one_in_a_line(demo: Run, tmp_path: Path) -> None:
    for ref in ("a", "b"):
        printed = demo("withdraw", "demo", "--ref", ref, "--reason", "asked").stdout
        assert json.loads(printed)["body"]["refs"] == [ref]
    lines = demo("receipts", "demo").stdout.splitlines()
    assert [json.loads(line)["body"]["refs"] for line in lines] == [["a"], ["b"]]
    (tmp_path / "last.json").write_text(lines[-1] + "\n")
    assert demo("verify", "--receipt", "last.json").returncode == 0


@pytest.mark.parametrize(("good", "warned"), [(9, False), (8, True)])
def test_many_refused_rows_are_a_warning(rempart: Run, tmp_path: Path, good: int, warned: bool) -> None:
    rows = [Random(seed).randbytes(16).hex() for seed in range(good)] + ["zz"]
    (tmp_path / "list.csv").write_text("\n".join(["md5", *rows]))
    for extra in ((), ("--json",)):
        done = rempart("import", "list.csv", "--list", "demo", "--source", "a test", *extra)
        assert done.returncode == 0
        assert (f"warning: 1 of {good + 1} rows were refused" in done.stderr) is warned


def test_a_file_without_a_usable_row_is_a_mistake_and_no_list(rempart: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("md5,id\nzz,1\n,2\n")
    done = rempart("import", "list.csv", "--list", "demo", "--source", "a test")
    assert done.returncode == 2
    assert "none of the 2 rows of the file can be used" in done.stderr
    assert "no fingerprint in the row: 1" in done.stderr
    assert json.loads(rempart("ls", "--json").stdout)["lists"] == []


def test_columns_are_named_once_and_for_a_known_role() -> None:
    assert mapping_of(["md5=MD5", " id = Image ID ", "classification=a=b"]) == {
        "md5": "MD5",
        "id": "Image ID",
        "classification": "a=b",
    }
    assert mapping_of(["url=URL"], ("url",)) == {"url": "URL"}
    for wrong, sentence in (
        (["md5"], "names no column"),
        (["md5="], "names no column"),
        (["colour=x"], "no role `colour`"),
        (["md5=a", "md5=b"], "mapped twice"),
    ):
        with pytest.raises(UserMistake, match=sentence):
            mapping_of(wrong)
    with pytest.raises(UserMistake, match="no role `id`; roles are url"):
        mapping_of(["id=x"], ("url",))


def test_a_public_key_is_read_from_its_text_or_its_file(tmp_path: Path) -> None:
    key = KeyRing.generate().public_signing_key
    (tmp_path / "key").write_text(f"{key}\n")
    (tmp_path / "none").write_text("x" * 44)
    assert public_key_of(key) == public_key_of(str(tmp_path / "key")) == key
    for wrong in ("none", "missing"):
        with pytest.raises(UserMistake):
            public_key_of(str(tmp_path / wrong))


def test_a_new_file_that_runs_full_is_gone_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.json"

    def write_too_much() -> None:
        with new_file(path):
            raise OSError(28, "No space left on device")

    with pytest.raises(Unavailable, match=r"cannot be written \(No space left on device\)"):
        write_too_much()
    assert not path.exists()


@pytest.mark.parametrize(
    ("content", "fine", "says"),
    [
        ("Filename\tType\n", True, "off"),
        ("Filename\tType\n/dev/sda2 partition 8 0 -2\n/swap file 8 0 -3\n", False, "on (/dev/sda2, /swap)"),
    ],
)
def test_the_doctor_warns_of_swap(tmp_path: Path, content: str, fine: bool, says: str) -> None:
    (tmp_path / "swaps").write_text(content)
    check = swap(tmp_path / "swaps")
    assert check.fine is fine
    assert says in check.says
    assert swap(tmp_path / "missing").fine


def test_the_doctor_warns_of_a_list_without_entries(settings, tmp_path: Path) -> None:
    from types import SimpleNamespace

    from rempart.wiring import open_lists

    lists = open_lists(settings)
    (tmp_path / "list.csv").write_text(f"id,md5\na,{DIGESTS[0]}\n")
    lists.import_file(tmp_path / "list.csv", name="demo", source="a test")
    assert [check.fine for check in list_checks(SimpleNamespace(lists=lists))] == [True]
    lists.withdraw("demo", fingerprints=[Fingerprint("md5", bytes.fromhex(DIGESTS[0]))], reason="asked")
    (check,) = list_checks(SimpleNamespace(lists=lists))
    assert not check.fine
    assert "an empty list answers that nothing is known" in check.says

"""A withdrawal that is killed, or finds no room, on either side of its commit: the receipt says what is true."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rempart.errors import NotFound, Unavailable
from rempart.facts import Entry
from rempart.lists import verify_receipt
from rempart.lists.disk import Disk
from rempart.lists.memory import Indexes
from rempart.storage import KeyRing

KILLED = """
import os, signal, sys
from pathlib import Path
from rempart.clock import utc_now
from rempart.lists import Lists
from rempart.lists.disk import Disk
from rempart.storage import KeyRing
folder, key_file, moment = sys.argv[1:4]
publish = Disk.publish
def publish_and_die(disk, manifest):
    if moment == "after":
        publish(disk, manifest)
    os.kill(os.getpid(), signal.SIGKILL)
Disk.publish = publish_and_die
lists = Lists(Path(folder), KeyRing.from_file(Path(key_file)), None, utc_now)
lists.withdraw("demo", refs=["a"], reason="asked")
"""


@pytest.fixture
def two(lists, make, csv_of):
    """The fingerprints of a list `demo` with the entries a and b."""
    gone, stays = make.many(2)
    lists.import_file(csv_of([("a", gone), ("b", stays)]), name="demo", source="test")
    return gone, stays


@pytest.fixture
def kill(tmp_path: Path, keys: KeyRing):
    """Withdraws the entry a in a process that is killed just before, or just after, the commit."""
    key_file = tmp_path / "ring.json"
    key_file.touch(mode=0o600)
    key_file.write_text(keys.to_text())

    def run(moment: str) -> None:
        command = [sys.executable, "-c", KILLED, tmp_path / "lists", key_file, moment]
        done = subprocess.run(list(map(os.fspath, command)), check=False)
        assert done.returncode == -signal.SIGKILL

    return run


def test_a_kill_before_the_commit_leaves_the_entry_and_a_receipt_that_does_not_count(
    lists, two, kill, meets, make
) -> None:
    kill("before")
    assert len(meets(two[0])) == 1
    assert lists._disk("demo").receipt_path(2).exists()
    assert lists.receipts("demo") == []
    lists.append("demo", [Entry(make(), "c")])
    assert not lists._disk("demo").receipt_path(2).exists()
    assert lists.receipts("demo") == []
    assert lists.verify("demo").problems == ()


def test_a_kill_after_the_commit_loses_no_receipt_and_the_next_attempt_cleans_up(
    lists, two, kill, meets, keys, tmp_path
) -> None:
    kill("after")
    assert meets(two[0]) == ()
    (statement,) = lists.receipts("demo")
    assert verify_receipt(statement, keys.public_signing_key).refs == ("a",)
    with pytest.raises(NotFound):
        lists.withdraw("demo", refs=["a"], reason="asked")
    opened = b"".join(keys.unseal(path.read_bytes(), "it") for path in (tmp_path / "lists").rglob("*.age"))
    assert two[0].value not in opened
    assert lists.verify("demo").problems == ()


def test_a_receipt_of_another_history_does_not_count(lists, two, kill, make) -> None:
    kill("before")
    path = lists._disk("demo").receipt_path(2)
    kept = path.read_bytes()
    lists.append("demo", [Entry(make(), "c")])
    path.write_bytes(kept)
    assert lists.receipts("demo") == []
    path.write_bytes(b"rubbish")
    assert lists.receipts("demo") == []


@pytest.mark.parametrize(
    ("step", "sentence", "version"),
    [("publish", "it stays as it was", 1), ("sweep", r"is changed, but .* repeat the command to finish", 2)],
)
def test_no_room_says_truly_whether_the_list_is_changed(lists, two, monkeypatch, step, sentence, version) -> None:
    real = getattr(Disk, step)

    def no_room(disk: Disk, manifest) -> None:
        if manifest.version == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(disk, manifest)

    with monkeypatch.context() as patched:
        patched.setattr(Disk, step, no_room)
        with pytest.raises(Unavailable, match=sentence):
            lists.withdraw("demo", refs=["a"], reason="asked")
    assert lists.show("demo").facts.version == version
    assert len(lists.receipts("demo")) == version - 1


def test_a_full_disk_leaves_the_list_as_it_was(lists, make, csv_of, meets, monkeypatch) -> None:
    one, other = make.many(2)
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")

    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_room)
        with pytest.raises(Unavailable, match=r"cannot be changed .* it stays as it was"):
            lists.append("demo", [Entry(other, "b")])
    assert len(meets(one)) == 1
    assert meets(other) == ()
    assert lists.verify("demo").problems == ()


def test_a_full_memory_folder_is_a_clear_error_and_leaves_no_rubbish(
    lists, make, csv_of, memory_folder, monkeypatch
) -> None:
    if memory_folder is None:
        return

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Indexes, "save", no_room)
        with pytest.raises(Unavailable, match="make room there"):
            lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    assert not [path for path in memory_folder.iterdir() if path.is_dir()]
    assert lists.snapshot().lists[0].facts.entries == 1

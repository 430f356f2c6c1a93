"""Several processes on one list, and a process that dies."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from rempart.facts import Entry
from rempart.lists import Lists
from rempart.storage import KeyRing

READER = """
import sys
from pathlib import Path
from rempart.clock import utc_now
from rempart.facts import Fingerprint, Variant, View
from rempart.lists import Lists
from rempart.storage import KeyRing
folder, key_file, memory = sys.argv[1:4]
lists = Lists(Path(folder), KeyRing.from_file(Path(key_file)), Path(memory) if memory else None, utc_now)
for line in sys.stdin:
    one = Fingerprint("pdq", bytes.fromhex(line.strip()))
    found = lists.snapshot().matches((), (Variant(one, View()),))
    print(",".join(match.entry_ref for match in found), flush=True)
"""

WRITER = """
import sys
from pathlib import Path
from random import Random
from rempart.clock import utc_now
from rempart.facts import Entry, Fingerprint
from rempart.lists import Lists
from rempart.storage import KeyRing
folder, key_file, memory, seed = sys.argv[1:5]
lists = Lists(Path(folder), KeyRing.from_file(Path(key_file)), Path(memory) if memory else None, utc_now)
random = Random(int(seed))
print("ready", flush=True)
for number in range(10_000):
    entries = [Entry(Fingerprint("md5", random.randbytes(16)), f"s{seed}-{number}-{n}") for n in range(2)]
    lists.append("demo", entries)
    if number % 3 == 2:
        lists.withdraw("demo", refs=[f"s{seed}-{number}-0"], reason="test")
"""


@pytest.fixture
def key_file(tmp_path: Path, keys: KeyRing) -> Path:
    path = tmp_path / "ring.json"
    path.touch(mode=0o600)
    path.write_text(keys.to_text())
    return path


def start(script: str, tmp_path: Path, key_file: Path, memory: Path | None, *more: str) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", script, tmp_path / "lists", key_file, memory or "", *more]
    return subprocess.Popen(list(map(os.fspath, arguments)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(process: "subprocess.Popen[str]", digits: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(digits + "\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


@pytest.mark.parametrize("in_memory", [True, False])
def test_another_process_sees_appends_and_withdrawals_at_its_next_item(
    lists, make, csv_of, tmp_path, key_file, memory_folder, in_memory
) -> None:
    first, later = make.many(2)
    lists.import_file(csv_of([("a", first)]), name="demo", source="test")
    with start(READER, tmp_path, key_file, memory_folder if in_memory else None) as reader:
        assert ask(reader, first.value.hex()) == "a"
        lists.append("demo", [Entry(later, "b")])
        assert ask(reader, later.value.hex()) == "b"
        lists.withdraw("demo", refs=["a"], reason="asked")
        assert ask(reader, first.value.hex()) == ""
        assert ask(reader, later.value.hex()) == "b"
        assert reader.stdin is not None
        reader.stdin.close()
        assert reader.wait() == 0


def test_two_writers_lose_nothing(lists, make, csv_of, tmp_path, key_file, memory_folder, meets) -> None:
    """Threads with a store each stand for processes: the lock is on the file."""
    from threading import Thread

    lists.import_file(csv_of([("a", make())]), name="demo", source="test")
    stores = [Lists(tmp_path / "lists", lists._keys, memory_folder, lists._clock) for _ in range(3)]
    prints = [make.many(8) for _ in stores]

    def work(store: Lists, number: int) -> None:
        for place, one in enumerate(prints[number]):
            store.append("demo", [Entry(one, f"w{number}-{place}")])
            store.snapshot()

    threads = [Thread(target=work, args=(store, number)) for number, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [[match.entry_ref for match in meets(one)] for row in prints for one in row]
    assert found == [[f"w{number}-{place}"] for number in range(3) for place in range(8)]
    assert lists.verify("demo").problems == ()
    assert lists.show("demo").facts.version == 25


@pytest.mark.parametrize("seed", range(4))
def test_a_writer_killed_at_any_moment_leaves_the_old_or_the_new_version(
    lists, make, csv_of, tmp_path, key_file, memory_folder, meets, seed
) -> None:
    one = make()
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")
    with start(WRITER, tmp_path, key_file, memory_folder, str(seed)) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        wanted = 2 + Random(seed).randrange(12)
        while lists._disk("demo").current()[0].version < wanted:
            assert writer.poll() is None
        writer.send_signal(signal.SIGKILL)
    now = lists.show("demo").facts
    assert now.version >= wanted
    assert [match.entry_ref for match in meets(one)] == ["a"]
    assert all("interrupted change" in problem for problem in lists.verify("demo").problems)
    lists.append("demo", [Entry(make(), "after")])
    assert lists.verify("demo").problems == ()
    assert lists.snapshot().lists[0].facts.entries == now.entries + 1


def test_a_base_that_was_being_built_when_its_builder_died_is_never_opened(
    lists, make, csv_of, tmp_path, keys, clock, memory_folder, meets
) -> None:
    if memory_folder is None:
        return
    one = make()
    lists.import_file(csv_of([("a", one)]), name="demo", source="test")
    base = next(memory_folder.glob("*-00000001-*"))
    uid = base.name.split("-")[0]
    base.rename(memory_folder / f".building-{uid}-00")
    for path in (memory_folder / f".building-{uid}-00" / "pdq").iterdir():
        if path.is_file():
            path.write_bytes(b"half")
    assert len(meets(one, Lists(tmp_path / "lists", keys, memory_folder, clock))) == 1
    assert not list(memory_folder.glob(".building-*"))


def test_the_base_in_memory_is_shared_and_superseded_ones_go(
    lists, make, csv_of, tmp_path, keys, clock, memory_folder, meets
) -> None:
    if memory_folder is None:
        return
    one, other = make.many(2)
    lists.import_file(csv_of([("a", one), ("b", other)]), name="demo", source="test")
    second = Lists(tmp_path / "lists", keys, memory_folder, clock)
    assert len(meets(one, second)) == 1
    held = second.snapshot()
    lists.withdraw("demo", refs=["a"], reason="asked")
    assert [path.name.split("-")[1] for path in memory_folder.glob("[!.]*-*-*")] == ["00000002"]
    assert len(held.lists[0].near) == 2
    assert meets(one, second) == ()
    assert len(meets(other, second)) == 1
    modes = {path.stat().st_mode & 0o777 for path in memory_folder.rglob("*") if path.is_file()}
    assert modes == {0o600}

"""The sandbox as a whole, with a child that misbehaves on request."""

import io
import json
import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PIL import Image

from rempart.errors import Broken
from rempart.facts import Limits, reasons
from rempart.media import NotExaminable
from rempart.media.content_type import CONTAINERS
from rempart.media.sandbox import Sandbox, wire
from rempart.media.sandbox.confinement import MOST_REQUESTS
from rempart.media.sandbox.source import Blob
from rempart.testing.archives import tarred, zipped
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.mutations import mutated_corpus
from rempart.testing.pictures import pattern

TASKS = Path(__file__).parents[1]
DIES_WITHIN_SECONDS = 20


def picture(level=9):
    out = io.BytesIO()
    Image.new("L", (16, 16), level).save(out, "PNG")
    return out.getvalue()


def reason_of(child, misbehave):
    with pytest.raises(NotExaminable) as caught:
        child.run(picture(), {"misbehave": misbehave})
    return caught.value.reason


def open_descriptors():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def gone(process):
    """True when the process ends in time. process: a pidfd."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(DIES_WITHIN_SECONDS * 1000))


def test_a_file_bytes_and_a_blob_give_the_same_answer(child, tmp_path):
    (tmp_path / "it").write_bytes(picture())
    with Blob.of(picture()) as blob:
        answers = [child.run(source, {}) for source in (tmp_path / "it", picture(), blob)]
    assert answers[0]["means"] == [9.0]
    assert answers[0] == answers[1] == answers[2]


def test_one_process_serves_many_items(child):
    assert len({child.run(picture(), {})["process"] for _ in range(20)}) == 1


@pytest.mark.parametrize(
    ("misbehave", "reason"),
    [
        ("die", "crashed"),
        ("raise", "crashed"),
        ("say too much", "crashed"),
        ("make up a reason", "crashed"),
        ("run a program", "crashed"),
        ("import late", "crashed"),
        ("fill memory", "limit: memory"),
        ("recurse", "limit: recursion"),
    ],
)
def test_a_child_that_misbehaves_costs_one_item_and_the_next_works(child, misbehave, reason):
    before = child.run(picture(), {})["process"]
    assert reason_of(child, misbehave) == reason
    after = child.run(picture(), {})
    assert after["means"] == [9.0]
    assert (after["process"] == before) == (misbehave in ("make up a reason", "recurse"))


def test_an_unforeseen_error_names_its_place_and_no_content(child):
    with pytest.raises(NotExaminable) as caught:
        child.run(picture(), {"misbehave": "raise"})
    assert caught.value.where.startswith("LookupError at _raise:")


def test_a_child_that_hangs_is_stopped_at_the_limit_and_replaced(sandbox):
    with Sandbox("sandbox_tasks:look", limits=Limits(max_seconds=0.3), search_path=(TASKS,)) as impatient:
        child = impatient.child()
        first = child.run(picture(), {})["process"]
        assert reason_of(child, "hang") == "timeout"
        assert child.run(picture(), {})["process"] != first


def kill_and_wait(process):
    handle = os.pidfd_open(process)
    os.kill(process, signal.SIGKILL)
    assert gone(handle)
    os.close(handle)


def test_a_child_killed_between_two_items_costs_nothing(child):
    kill_and_wait(child.run(picture(), {})["process"])
    assert child.run(picture(), {})["means"] == [9.0]


def test_a_child_killed_in_the_middle_costs_one_item(child, monkeypatch):
    process = child.run(picture(), {})["process"]
    receive = wire.receive

    def kill_first(*arguments):
        os.kill(process, signal.SIGKILL)
        return receive(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(wire, "receive", kill_first)
        assert reason_of(child, "hang") == "crashed"
    assert child.run(picture(), {})["means"] == [9.0]


def test_a_nursery_killed_from_outside_is_replaced():
    with Sandbox("sandbox_tasks:look", search_path=(TASKS,)) as sandbox:
        child = sandbox.child()
        process = child.run(picture(), {})["process"]
        handle = os.pidfd_open(process)
        kill_and_wait(psutil.Process(process).ppid())
        assert gone(handle)
        os.close(handle)
        assert child.run(picture(), {})["means"] == [9.0]


def test_a_file_that_shrinks_while_it_is_read_has_vanished(child, monkeypatch):
    monkeypatch.setattr("rempart.media.sandbox.source._checked_size", lambda *_: 10**6)
    with pytest.raises(NotExaminable, match="vanished"):
        child.run(picture(), {})


def test_a_file_that_grows_while_it_is_read_is_read_whole(child, monkeypatch):
    monkeypatch.setattr("rempart.media.sandbox.source._checked_size", lambda *_: 10)
    assert child.run(picture(), {})["means"] == [9.0]


def test_a_task_that_does_not_exist_is_told_at_once():
    with Sandbox("sandbox_tasks:nothing", search_path=(TASKS,)) as sandbox, pytest.raises(Broken, match="nothing"):
        sandbox.child().run(picture(), {})


def test_threads_have_a_child_each(sandbox):
    processes = {}

    def work(number):
        child = sandbox.child()
        processes[number] = {child.run(picture(), {})["process"] for _ in range(10)}

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set().union(*processes.values())) == 4


def test_a_child_is_replaced_before_it_grows_old(child):
    processes = [child.run(picture(), {})["process"] for _ in range(MOST_REQUESTS + 1)]
    assert len(set(processes[:-1])) == 1
    assert processes[-1] != processes[0]


def test_nothing_leaks_in_the_parent(sandbox):
    child = sandbox.child()
    archive = zipped({"a.png": picture(), "b": b""})
    child.run(picture(), {})
    before = open_descriptors()
    for _ in range(500):
        child.run(picture(), {})
    for _ in range(5):
        for member in child.members(archive):
            if member.source:
                member.source.close()
        reason_of(child, "die")
    next(child.members(archive)).source.close()
    child.close()
    assert open_descriptors() < before


def test_members_come_out_and_can_be_run_and_unpacked_again(child):
    archive = tarred({"inner.zip": zipped({"a.png": picture(5)}), "b.png": picture(6)})
    inner, plain = child.members(archive)
    with inner.source, plain.source:
        assert child.run(plain.source, {})["means"] == [6.0]
        assert child.run(inner.source, {})["media_type"] == "application/zip"
        (deepest,) = child.members(inner.source, depth=2)
        with deepest.source:
            assert child.run(deepest.source, {})["means"] == [5.0]
            with pytest.raises(NotExaminable, match="nested too deep"):
                next(child.members(deepest.source, depth=3))


def test_members_that_cannot_be_had_come_with_their_reason(child):
    found = {member.name: member.reason for member in child.members(HOSTILE["zip-encrypted"].build())}
    assert found == {"a.jpg": "encrypted"}


def test_an_archive_cut_short_keeps_the_members_before_the_cut(child):
    data = tarred({"a": b"x" * 600, "b": b"y" * 6000})
    members = child.members(data[:4000])
    with next(members).source as first:
        assert first.size_bytes == 600
    with pytest.raises(NotExaminable, match="truncated"):
        list(members)


def test_what_is_no_archive_has_no_members(child):
    with pytest.raises(NotExaminable, match="unsupported: image/png"):
        next(child.members(picture()))


def test_everything_is_in_force_and_every_attempt_is_refused(sandbox):
    status = sandbox.status()
    tried = {name: outcome for name, outcome in status.items() if outcome in ("refused", "ALLOWED")}
    assert len(tried) == 7
    assert set(tried.values()) == {"refused"}
    assert status["memory, time and size limits"] == "in force (1024 MiB)"
    assert {"network", "file system", "system calls", "no new privileges", "dies with its parent"} <= status.keys()


def test_nothing_survives_the_sandbox(sandbox):
    with Sandbox("sandbox_tasks:look", search_path=(TASKS,)) as short:
        process = short.child().run(picture(), {})["process"]
        handles = [os.pidfd_open(process), os.pidfd_open(psutil.Process(process).ppid())]
    for handle in handles:
        assert gone(handle)
        os.close(handle)


PARENT = """
import json, sys, threading
from pathlib import Path
from rempart.media.sandbox import Sandbox, wire
sandbox = Sandbox("sandbox_tasks:look", search_path=(Path(sys.argv[1]),)).__enter__()
picture = bytes.fromhex(sys.argv[2])
idle, busy = sandbox.child(), sandbox.child()
processes = [child.run(picture, {})["process"] for child in (idle, busy)]
threading.Thread(target=busy.run, args=(picture, {"misbehave": "hang"})).start()
print(json.dumps(processes), flush=True)
"""


def test_no_child_outlives_a_parent_that_is_killed():
    command = [sys.executable, "-c", PARENT, str(TASKS), picture().hex()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        idle, busy = json.loads(parent.stdout.readline())
        handles = [os.pidfd_open(each) for each in (idle, busy, psutil.Process(idle).ppid())]
        parent.kill()
    for handle in handles:
        assert gone(handle)
        os.close(handle)


def outcomes_of(child, source, depth=1):
    """How the source and everything in it ended, each with a word of the vocabulary or `answered`."""
    try:
        answer = child.run(source, {})
        yield answer["gaps"][0] if answer["gaps"] else "answered"
        for member in child.members(source, depth) if answer["media_type"] in CONTAINERS else ():
            if member.source is None:
                yield member.reason
                continue
            with member.source:
                yield from outcomes_of(child, member.source, depth + 1)
    except NotExaminable as error:
        yield error.reason


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.campaign)])
def test_damaged_files_end_with_an_answer_or_a_reason(child, count):
    outcomes = [each for _, data in mutated_corpus(count, seed=31) for each in outcomes_of(child, data)]
    assert len(outcomes) >= count
    assert {reasons.code_of(each) for each in outcomes} <= {"answered", *reasons.MEANING} - {"crashed", "timeout"}


def test_no_format_needs_anything_that_a_confined_process_cannot_have(child):
    wanting = {}
    for name, encoding in ENCODINGS.items():
        answer = child.run(encoding.encode(pattern(5, 96, 72)), {})
        if answer["gaps"] or (not answer["means"] and not encoding.archive):
            wanting[name] = answer["gaps"]
    assert wanting == {}


@pytest.mark.parametrize("encoding", ["webp", "avif", "heic", "jpeg", "tiff-jpeg"])
def test_decoders_that_like_threads_work_inside(child, encoding):
    if encoding in ENCODINGS:
        answer = child.run(ENCODINGS[encoding].encode(pattern(1, 1200, 900)), {})
        assert (len(answer["means"]), answer["gaps"]) == (1, [])


def test_the_memory_limit_may_be_small():
    limits = replace(Limits(), max_memory_bytes=256 * 2**20)
    with Sandbox("sandbox_tasks:look", limits=limits, search_path=(TASKS,)) as small:
        child = small.child()
        assert reason_of(child, "fill memory") == "limit: memory"
        assert child.run(picture(), {})["means"] == [9.0]


def test_a_child_without_memory_to_live_is_one_clear_error_and_no_finding():
    limits = replace(Limits(), max_memory_bytes=2**20)
    with Sandbox("sandbox_tasks:look", limits=limits, search_path=(TASKS,)) as tiny:
        for ask in (tiny.status, lambda: tiny.child().run(picture(), {}), lambda: list(tiny.child().members(b"PK"))):
            with pytest.raises(Broken, match="MAX_MEMORY_BYTES"):
                ask()


def test_a_child_that_dies_while_it_tries_its_protections_is_a_clear_error(sandbox, monkeypatch):
    def die(*_):
        raise wire.Closed

    monkeypatch.setattr("rempart.media.sandbox.processes.ChildProcess.ask", die)
    with pytest.raises(Broken, match="died while it tried"):
        sandbox.status()

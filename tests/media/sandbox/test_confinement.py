import errno
import json
import os
import resource
import subprocess
import sys
from dataclasses import replace

import pytest

from rempart.facts import Limits
from rempart.media.sandbox import confinement, kernel, landlock, seccomp


def test_what_the_kernel_refuses_is_reported_and_not_fatal(monkeypatch):
    def refuse(_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(kernel, "unshare", refuse)
    assert confinement.leave_the_network() == {"network": "not in force (Operation not permitted)"}


def test_a_machine_without_a_known_filter_is_reported(monkeypatch):
    monkeypatch.setattr(kernel, "MACHINE", "pdp11")
    with pytest.raises(OSError, match="no filter is known for pdp11"):
        seccomp.install(extracting=False)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_each_call_has_its_own_number(machine, monkeypatch):
    monkeypatch.setattr(kernel, "MACHINE", machine)
    program = seccomp._program(extracting=True)
    compared = [value for code, _, skip, value in program[4:] if code == 0x15 and skip in (1, 4)]
    numbers = [number for number in compared if number != os.getpid()]
    assert len(set(numbers)) == len(numbers) > 40


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_jump_leaves_the_filter_and_it_ends_in_refusal(machine, monkeypatch):
    monkeypatch.setattr(kernel, "MACHINE", machine)
    program = seccomp._program(extracting=False)
    for at, (_, when_true, when_false, _) in enumerate(program):
        assert at + 1 + max(when_true, when_false) < len(program) or at == len(program) - 1
    assert program[-1] == (0x06, 0, 0, 0x00050001)


def answer_of(program, machine, number, arguments=(0, 0, 0, 0, 0, 0)):
    """A naive twin of the kernel's interpreter, for the instructions that we use."""
    loads = {0: number, 4: machine} | {16 + 8 * index: value & 0xFFFFFFFF for index, value in enumerate(arguments)}
    at = accumulator = 0
    while True:
        code, when_true, when_false, value = program[at]
        if code == 0x06:
            return value
        if code == 0x20:
            accumulator, step = loads[value], 0
        else:
            step = when_true if (accumulator == value if code == 0x15 else accumulator & value) else when_false
        at += 1 + step


ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


@pytest.mark.parametrize(
    ("number", "arguments", "answer"),
    [
        (0, (), ALLOW),  # read
        (2, (), EPERM),  # open
        (257, (), EPERM),  # openat
        (41, (), EPERM),  # socket
        (42, (), EPERM),  # connect
        (57, (), EPERM),  # fork
        (59, (), EPERM),  # execve
        (62, (), EPERM),  # kill
        (101, (), EPERM),  # ptrace
        (435, (), ENOSYS),  # clone3
        (56, (0x3D0F00,), ALLOW),  # clone, as a thread is made
        (56, (0x1200011,), EPERM),  # clone, as a process is made
        (9, (0, 4096, 3), ALLOW),  # mmap, read and write
        (9, (0, 4096, 5), EPERM),  # mmap, executable
        (10, (0, 4096, 7), EPERM),  # mprotect, executable
        (234, (os.getpid(),), ALLOW),  # tgkill, itself
        (234, (1,), EPERM),  # tgkill, another
        (319, (), EPERM),  # memfd_create
        (0x40000000, (), EPERM),  # the x32 table
    ],
)
def test_the_filter_answers_as_it_is_meant_to(number, arguments, answer, monkeypatch):
    monkeypatch.setattr(kernel, "MACHINE", "x86_64")
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    assert answer_of(seccomp._program(extracting=False), 0xC000003E, number, padded) == answer


def test_a_call_of_another_machine_kills(monkeypatch):
    monkeypatch.setattr(kernel, "MACHINE", "x86_64")
    assert answer_of(seccomp._program(extracting=False), 0x40000003, 0) == KILL


def test_only_an_extractor_makes_memory_files(monkeypatch):
    monkeypatch.setattr(kernel, "MACHINE", "x86_64")
    assert answer_of(seccomp._program(extracting=True), 0xC000003E, 319) == ALLOW


@pytest.mark.parametrize(
    ("abi", "length", "rights"), [(1, 8, 13), (2, 8, 14), (3, 8, 15), (4, 16, 15), (5, 16, 16), (7, 24, 16)]
)
def test_landlock_asks_for_all_that_the_kernel_knows_and_no_more(abi, length, rights):
    ruleset = landlock._ruleset(abi)
    assert len(ruleset) == length
    assert int.from_bytes(ruleset[:8], "little") == 2**rights - 1


UNDER_A_HARD_LIMIT = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3_500_000_000,) * 2)
from rempart.media.sandbox import Sandbox
with Sandbox("sandbox_tasks:look", search_path=(Path(sys.argv[1]),)) as sandbox:
    print(json.dumps(sandbox.status()))
"""


def test_a_hard_limit_below_ours_stays_in_force():
    folder = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - for a command line
    command = [sys.executable, "-c", UNDER_A_HARD_LIMIT, folder]
    status = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert status["memory, time and size limits"] == "in force (3337 MiB)"
    assert status["open a file"] == "refused"


def test_no_bound_is_raised_above_the_hard_limit_or_beyond_what_the_kernel_counts(monkeypatch):
    asked = {}
    monkeypatch.setattr(resource, "getrlimit", lambda what: (5, resource.RLIM_INFINITY if what == 9 else 1000))
    monkeypatch.setattr(resource, "setrlimit", lambda what, bounds: asked.update({what: bounds}))
    confinement._limit(replace(Limits(), max_memory_bytes=2**80, max_seconds=float("inf")), extracting=True)
    assert resource.RLIMIT_AS == 9
    assert asked[resource.RLIMIT_AS] == (sys.maxsize, sys.maxsize)
    assert asked[resource.RLIMIT_CPU] == (1000, 1000)
    assert asked[resource.RLIMIT_CORE] == (0, 0)


def test_a_limit_that_may_not_be_set_is_reported_and_not_fatal():
    def refuse():
        raise ValueError("not allowed to raise maximum limit")

    assert confinement._tried("limits", refuse) == {"limits": "not in force (not allowed to raise maximum limit)"}

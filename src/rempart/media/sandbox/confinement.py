"""Giving up, for good, everything a decoder does not need."""

import os
import resource
import signal
import sys
from collections.abc import Callable

from rempart.facts import Limits
from rempart.media.sandbox import kernel, landlock, seccomp

MOST_REQUESTS = 250  # so many can a child that was taken over lie about; a new one costs ten milliseconds
_OPEN_DESCRIPTORS = 8
_SOCKET_DESCRIPTOR = 3
_LONGEST_SECONDS = 10.0**9

InForce = dict[str, str]


def leave_the_network() -> InForce:
    """What is in force in the nursery, and so in every child that it forks."""
    namespaces = kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC
    return _tried("network", lambda: _unshare(namespaces))


def keep_only(channel: int) -> int:
    """The descriptor of the channel, now the only one besides an empty 0, 1 and 2."""
    nothing = os.open(os.devnull, os.O_RDWR)
    kept = os.dup2(channel, max(channel, nothing, _SOCKET_DESCRIPTOR) + 1)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.dup2(kept, _SOCKET_DESCRIPTOR)
    os.closerange(_SOCKET_DESCRIPTOR + 1, 2**16)
    return _SOCKET_DESCRIPTOR


def confine(limits: Limits, nursery: int, extracting: bool) -> InForce:
    """What is in force in this child from now on. Best effort: what the kernel refuses is reported, not fatal.

    nursery: process id of the parent, whose death is ours. extracting: may make memory files for archive members.
    """
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("no new privileges", _gain_no_privileges),
        ("dies with its parent", lambda: _die_with(nursery)),
        ("memory, time and size limits", lambda: _limit(limits, extracting)),
        ("file system", landlock.renounce),
        ("system calls", lambda: seccomp.install(extracting)),
    )
    in_force: InForce = {}
    for name, step in steps:
        in_force |= _tried(name, step)
    return in_force


def _tried(name: str, step: Callable[[], str]) -> InForce:
    try:
        return {name: step()}
    except (OSError, ValueError) as error:  # ValueError: setrlimit says so of what it may not raise
        return {name: f"not in force ({getattr(error, 'strerror', None) or error})"}


def _unshare(namespaces: int) -> str:
    kernel.unshare(namespaces)
    return "in force (own user and network namespace)"


def _gain_no_privileges() -> str:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    return "in force"


def _die_with(nursery: int) -> str:
    """In force; the parent may have died before we asked, so look once."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != nursery:
        os._exit(0)
    return "in force"


def _limit(limits: Limits, extracting: bool) -> str:
    """In force, each as a hard limit; where a lower one is there already, that one stays."""
    bounds = {
        resource.RLIMIT_AS: limits.max_memory_bytes,
        resource.RLIMIT_CPU: int(min(limits.max_seconds * MOST_REQUESTS, _LONGEST_SECONDS)) + 60,
        resource.RLIMIT_FSIZE: limits.max_bytes if extracting else 0,
        resource.RLIMIT_NOFILE: _OPEN_DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for what, bound in bounds.items():
        lower = _no_higher(what, bound)
        resource.setrlimit(what, (lower, lower))
    return f"in force ({resource.getrlimit(resource.RLIMIT_AS)[1] // 2**20} MiB)"


def _no_higher(what: int, bound: int) -> int:
    """The bound, or the hard limit in force when that is lower: nobody may raise it, and trying fails."""
    hard = resource.getrlimit(what)[1]
    return min(bound, sys.maxsize if hard == resource.RLIM_INFINITY else hard)

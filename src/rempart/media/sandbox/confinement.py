"""Giving up, for good, everything a decoder does not need."""

import os
import resource
import signal
from collections.abc import Callable

from rempart.facts import Limits
from rempart.media.sandbox import kernel, landlock, seccomp

RECYCLE_AFTER_ITEMS = 500
_OPEN_DESCRIPTORS = 8
_SOCKET_DESCRIPTOR = 3

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
    except OSError as error:
        return {name: f"not in force ({error.strerror or error})"}


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
    """In force, each as a hard limit."""
    bounds = {
        resource.RLIMIT_AS: limits.max_memory_bytes,
        resource.RLIMIT_CPU: int(limits.max_seconds * RECYCLE_AFTER_ITEMS) + 60,
        resource.RLIMIT_FSIZE: limits.max_bytes if extracting else 0,
        resource.RLIMIT_NOFILE: _OPEN_DESCRIPTORS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    for what, bound in bounds.items():
        resource.setrlimit(what, (bound, bound))
    return f"in force ({limits.max_memory_bytes // 2**20} MiB)"

"""System calls that Python has no name for, on the two machines we know: numbers from the kernel's own tables."""

import ctypes
import os
import platform

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
CLONE_NEWIPC = 0x08000000

MACHINE = platform.machine()
_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int, pointer: "ctypes.c_void_p | ctypes.Array[ctypes.c_char] | None" = None) -> None:
    """The kernel did it. Raises OSError."""
    address = ctypes.c_void_p() if pointer is None else ctypes.cast(pointer, ctypes.c_void_p)
    zero = ctypes.c_ulong(0)
    _checked(_libc.prctl(ctypes.c_int(option), ctypes.c_ulong(value), address, zero, zero))


def unshare(flags: int) -> None:
    """The process stands in namespaces of its own. Raises OSError where that is not allowed."""
    _checked(_libc.unshare(ctypes.c_int(flags)))


def call(number: int, *arguments: int | bytes | None) -> int:
    """What the system call answers. Raises OSError."""
    return _checked(_libc.syscall(ctypes.c_long(number), *(_argument(argument) for argument in arguments)))


def _argument(value: int | bytes | None) -> "ctypes.c_char_p | ctypes.c_long":
    return ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value)


def _checked(answer: int) -> int:
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer

"""A seccomp filter: the system calls a decoder needs, and no other.

Everything not named here is answered with EPERM, so a library that only tries (to make a thread pool, to look for a
configuration file) goes on without it. Three families of calls are allowed with certain arguments only:
  clone      to make a thread, never a process (libwebp decodes in a thread and fails without one);
             clone3 is answered with ENOSYS, because its arguments cannot be seen and libc then falls back to clone
  mmap, mprotect   never executable: no new code
  tgkill     to the process itself (abort)
Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

import ctypes
import os
import struct
import sys

from rempart.media.sandbox import kernel

_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050001, 0x00050026
_MODE_FILTER = 2
_LOAD, _JUMP_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_CLONE_THREAD, _PROT_EXEC = 0x00010000, 0x4

# name: (x86_64, aarch64); None where the machine has no such call
_CALLS: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "lseek": (8, 62), "pread64": (17, 67),
    "poll": (7, None), "ppoll": (271, 73), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216),
    "madvise": (28, 233), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "sched_yield": (24, 124), "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
    "getpid": (39, 172), "gettid": (186, 178), "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211),
    "recvmsg": (47, 212), "exit": (60, 93), "exit_group": (231, 94), "futex": (202, 98), "getrusage": (98, 165),
    "gettimeofday": (96, 169), "clock_gettime": (228, 113), "clock_getres": (229, 114), "time": (201, None),
    "sched_getaffinity": (204, 123), "set_robust_list": (273, 99), "rseq": (334, 293), "getrandom": (318, 278),
    "restart_syscall": (219, 128), "sysinfo": (99, 179), "ftruncate": (77, 46),
}  # fmt: skip
_MEMFD_CREATE = (319, 279)
_CLONE, _CLONE3, _MMAP, _MPROTECT = (56, 220), (435, 435), (9, 222), (10, 226)
_TGKILL = (234, 131)
_AUDIT_MACHINE = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

Instruction = tuple[int, int, int, int]


def install(extracting: bool) -> str:
    """What is in force from now on. Raises OSError where the kernel or the machine has no such filter.

    extracting: the process hands out archive members in memory files, so it may make those.
    """
    if kernel.MACHINE not in _AUDIT_MACHINE or sys.byteorder != "little":
        raise OSError(f"no filter is known for {kernel.MACHINE}")
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _program(extracting))
    instructions = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(instructions))
    kernel.prctl(kernel.PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(program, len(program)))
    return f"in force (seccomp, {kernel.MACHINE})"


def _program(extracting: bool) -> list[Instruction]:
    """The filter: machine, then each call, then refusal."""
    machine, column = _AUDIT_MACHINE[kernel.MACHINE]
    own_process = os.getpid()
    program = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_JUMP_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    plain = [*_CALLS.values(), *([_MEMFD_CREATE] if extracting else [])]
    for numbers in plain:
        if (number := numbers[column]) is not None:
            program += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ALLOW)]
    program += [(_JUMP_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ENOSYS)]
    program += _when(_CLONE[column], 0, (_JUMP_ANY_BIT, 0, 1, _CLONE_THREAD))
    program += _when(_MMAP[column], 2, (_JUMP_ANY_BIT, 1, 0, _PROT_EXEC))
    program += _when(_MPROTECT[column], 2, (_JUMP_ANY_BIT, 1, 0, _PROT_EXEC))
    program += _when(_TGKILL[column], 0, (_JUMP_EQUAL, 0, 1, own_process))
    return [*program, (_RETURN, 0, 0, _EPERM)]


def _when(number: int, argument: int, test: Instruction) -> list[Instruction]:
    """The call is allowed when the low half of its argument passes the test, and refused otherwise."""
    return [
        (_JUMP_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument),
        test,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _EPERM),
    ]

"""Landlock: the process gives up the file system, TCP and signals to others, for good.

Source: linux/landlock.h; each ABI adds rights, so the mask grows with the version the kernel reports.
"""

import os
import struct

from rempart.media.sandbox import kernel

_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same on every machine since Linux 5.13
_ASK_VERSION = 1
_FILE_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 5: 16}  # number of rights, one bit each
_NET_RIGHTS_SINCE, _SCOPES_SINCE = 4, 6


def abi() -> int:
    """The version the kernel offers. Raises OSError where it has none."""
    return kernel.call(_CREATE_RULESET, None, 0, _ASK_VERSION)


def renounce() -> str:
    """What is in force from now on: no file can be opened, made or removed by path. Raises OSError."""
    version = abi()
    attributes = _ruleset(version)
    ruleset = kernel.call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        kernel.call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return f"in force (landlock ABI {version})"


def _ruleset(version: int) -> bytes:
    """`struct landlock_ruleset_attr` as long as this ABI knows it: everything handled, nothing allowed."""
    rights = max(count for since, count in _FILE_RIGHTS_OF_ABI.items() if since <= version)
    packed = struct.pack("=Q", 2**rights - 1)
    if version >= _NET_RIGHTS_SINCE:
        packed += struct.pack("=Q", 0b11)
    if version >= _SCOPES_SINCE:
        packed += struct.pack("=Q", 0b11)
    return packed

"""What a list may be called."""

import re

from rempart.errors import UserMistake

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def check_name(name: str) -> str:
    """The name, if it is one; it is also a folder's name, so no path can hide in it. Raises UserMistake."""
    if not _NAME.fullmatch(name):
        raise UserMistake(
            "the list name cannot be used: 1 to 63 of a-z, 0-9 and `-`, starting with a letter or digit, "
            "such as `iwf-photo`"
        )
    return name

"""Words of strangers as they may be shown: what would turn a line around, or hide in it, stands there as its number."""

import re

# Unicode 16, property Bidi_Control, and the marks that take no room at all.
_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def visible(text: str) -> str:
    """The text, in which every such character stands as its number, such as \u27e6U+202E\u27e7."""
    return _HIDDEN.sub(lambda found: f"\u27e6U+{ord(found[0]):04X}\u27e7", text)

"""Names that can be shown."""

import unicodedata

LONGEST_NAME = 1024
_UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def showable(raw: str, longest: int = LONGEST_NAME) -> str:
    """The name without control characters, direction overrides or halves of characters, and not endless."""
    shown = "".join("\ufffd" if unicodedata.category(letter) in _UNSHOWABLE else letter for letter in raw[:longest])
    return shown or "unnamed"


class Names:
    """Gives each member a name that is safe to show and that no other member of the archive has."""

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}

    def of(self, raw: str) -> str:
        """The name; a second one of the same gets a number, also when it had to be cut."""
        shown = showable(raw)
        uses = self._uses[shown] = self._uses.get(shown, 0) + 1
        if uses == 1:
            return shown
        number = f" ({uses})"
        return self.of(shown[: LONGEST_NAME - len(number)] + number)

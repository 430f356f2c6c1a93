"""The keys of the console: one registry, scoped per page. Each stands on a button that can be seen and clicked.

A page marks its control with `{{ keys.mark("skip") }}` and draws `{{ keys.cap("skip") }}` on it; the script finds it by
its mark. Keys are off while somebody types, in dialogs, and when they are switched off (WCAG 2.2, 2.1.4).
"""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

Page = Literal["queue", "case"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key. key: as `KeyboardEvent.key` names it, `Space` for the blank. text: the words for what it does."""

    key: str
    action: str
    pages: tuple[Page, ...]

    @property
    def text(self) -> str:
        """The key of its words."""
        return f"keys.{self.action.rstrip('123456789')}"


CODES = tuple(Key(str(digit), f"code-{digit}", ("case",)) for digit in range(1, 10))
KEYS: tuple[Key, ...] = (
    Key("?", "help", ("queue", "case")),
    Key("n", "next-case", ("queue", "case")),
    Key("j", "down", ("queue", "case")),
    Key("k", "up", ("queue", "case")),
    Key("b", "break", ("queue", "case")),
    Key("u", "undo", ("queue", "case")),
    *CODES,
    Key("0", "clear", ("case",)),
    Key("Enter", "submit", ("case",)),
    Key("Space", "preview", ("case",)),
    Key("Shift+Space", "original", ("case",)),
    Key("c", "claim", ("case",)),
    Key("r", "release", ("case",)),
    Key("s", "skip", ("case",)),
    Key("e", "escalate", ("case",)),
    Key("p", "police", ("case",)),
    Key("f", "cluster", ("case",)),
    Key("w", "why", ("case",)),
)
# What a browser, a screen reader or a page does with a key by itself. Space scrolls and Enter follows what has the
# focus: ours act only where the focus is on nothing that would.
TAKEN = frozenset(
    {"Tab", "Escape", "Backspace", "Delete", "Home", "End", "PageUp", "PageDown", "/", "'", "Insert"}
    | {f"Arrow{side}" for side in ("Up", "Down", "Left", "Right")}
    | {f"F{number}" for number in range(1, 13)}
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one page, for its template."""

    page: Page

    @property
    def all(self) -> tuple[Key, ...]:
        """Every key that works here, in the order of the help."""
        return tuple(one for one in KEYS if self.page in one.pages)

    def mark(self, action: str) -> Markup:
        """What marks the control that the key stands for. Raises KeyError for an action that this page has not."""
        key = self._key(action).key
        return Markup('data-key="{0}" aria-keyshortcuts="{0}"').format(key)

    def cap(self, action: str) -> Markup:
        """The key as it is drawn beside its control; not spoken, `mark` says it."""
        return Markup('<kbd aria-hidden="true">{}</kbd>').format(self._key(action).key.replace("+", " + "))

    def _key(self, action: str) -> Key:
        found = {one.action: one for one in self.all}
        return found[action]

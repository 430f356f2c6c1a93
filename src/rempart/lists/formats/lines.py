"""One fingerprint per line, nothing else. Blank lines and `#` comments are passed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rempart.errors import UserMistake
from rempart.facts import Kind
from rempart.lists.bounded_text import TOO_LONG, head_lines, is_hex, lines
from rempart.lists.rows import Mapped, Refusal, Row, stated_kind

_KIND_OF_LENGTH: dict[int, Kind] = {32: "md5", 40: "sha1"}
_AMBIGUOUS_LENGTH = 64
AMBIGUOUS = "lines of 64 digits can be sha256 or pdq; say which with the mapping `kind=sha256` or `kind=pdq`"


@dataclass(frozen=True, slots=True)
class Lines:
    """Bare fingerprints; mapping `kind=pdq` says of which kind, else the length does."""

    name: str = "lines"

    def claims(self, head: bytes) -> bool:
        """Whether every line is one run of hexadecimal digits."""
        found = head_lines(head)
        return bool(found) and all(is_hex(line) for line in found)

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every line that is not blank. Raises UserMistake when all have 64 digits and no kind is stated."""
        kind = stated_kind(mapping)
        clear = ambiguous = 0
        for number, line in lines(path):
            text = "" if line is None else line.strip()
            if line is None:
                yield Refusal(number, TOO_LONG)
            elif not text or text.startswith("#"):
                continue
            elif kind is None and len(text) == _AMBIGUOUS_LENGTH:
                ambiguous += 1
                yield Refusal(number, AMBIGUOUS)
                continue
            else:
                yield _row(number, text, kind)
            clear += 1
        if ambiguous and not clear:
            raise UserMistake(AMBIGUOUS)


def _row(number: int, text: str, kind: Kind | None) -> Row | Refusal:
    kind = kind or _KIND_OF_LENGTH.get(len(text))
    if kind is None:
        return Refusal(number, "the line is as long as no kind of fingerprint")
    return Row(number, ((kind, text),))


LINES = Lines()

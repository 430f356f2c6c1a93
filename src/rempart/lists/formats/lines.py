"""One fingerprint per line, nothing else. Blank lines and `#` comments are passed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND, Kind
from rempart.lists.bounded_text import TOO_LONG, head_lines, is_hex, lines
from rempart.lists.rows import Mapped, Refusal, Row

_KIND_OF_LENGTH: dict[int, Kind] = {32: "md5", 40: "sha1"}
_AMBIGUOUS_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Lines:
    """Bare fingerprints; mapping `kind=pdq` says of which kind, else the length does."""

    name: str = "lines"

    def claims(self, head: bytes) -> bool:
        """Whether every line is one run of hexadecimal digits."""
        found = head_lines(head)
        return bool(found) and all(is_hex(line) for line in found)

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every line that is not blank. Raises UserMistake for 64 digits without a kind: sha256 or pdq?"""
        kind = _stated_kind(mapping)
        for number, line in lines(path):
            text = "" if line is None else line.strip()
            if line is None:
                yield Refusal(number, TOO_LONG)
            elif text and not text.startswith("#"):
                yield _row(number, text, kind)


def _stated_kind(mapping: Mapped) -> Kind | None:
    extra = sorted(set(mapping) - {"kind"})
    if extra:
        raise UserMistake(f"a file of bare lines has no column for `{extra[0]}`; only `kind=...` can be mapped")
    kind = mapping.get("kind")
    if kind is not None and kind not in BYTES_OF_KIND:
        raise UserMistake(f"there is no kind of fingerprint called `{kind}`; kinds are {', '.join(BYTES_OF_KIND)}")
    return kind


def _row(number: int, text: str, kind: Kind | None) -> Row | Refusal:
    if kind is None:
        if len(text) == _AMBIGUOUS_LENGTH:
            raise UserMistake(
                "lines of 64 digits can be sha256 or pdq; say which with the mapping `kind=sha256` or `kind=pdq`"
            )
        kind = _KIND_OF_LENGTH.get(len(text))
    if kind is None:
        return Refusal(number, "the line is as long as no kind of fingerprint")
    return Row(number, ((kind, text),))


LINES = Lines()

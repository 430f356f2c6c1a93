"""The `local_file` format of the reference library: a type and a value per line, or bare values of a stated kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rempart.facts import Kind
from rempart.lists.bounded_text import TOO_LONG, head_lines, lines
from rempart.lists.rows import Mapped, Refusal, Row, stated_kind

KIND_OF_TYPE: dict[str, Kind] = {
    "pdq": "pdq",
    "video_md5": "md5",
    "photo_md5": "md5",
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
}
UNUSABLE_TYPES = frozenset(
    {"pdq_ocr", "vpdq", "video_tmk_pdqf", "video_vpdq", "photodna", "text_tlsh", "trend_query", "raw_text", "url"}
)


@dataclass(frozen=True, slots=True)
class ThreatExchange:
    """`pdq 0123...` per line; mapping `kind=pdq` for bare values."""

    name: str = "threatexchange"

    def claims(self, head: bytes) -> bool:
        """Whether every line begins with a known type and has a value after it."""
        found = [line.split() for line in head_lines(head)]
        known = KIND_OF_TYPE.keys() | UNUSABLE_TYPES
        return bool(found) and all(len(words) > 1 and words[0].lower() in known for words in found)

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every line that is not blank."""
        kind = stated_kind(mapping)
        for number, line in lines(path):
            if line is None:
                yield Refusal(number, TOO_LONG)
            elif line.strip() and not line.startswith("#"):
                yield _row(number, line.split(None, 1), kind)


def _row(number: int, words: list[str], stated: Kind | None) -> Row | Refusal:
    if len(words) == 1:
        if stated is None:
            return Refusal(number, "the line has no type; map `kind=...` for bare values")
        return Row(number, ((stated, words[0]),))
    name = words[0].lower()
    if name in UNUSABLE_TYPES:
        return Refusal(number, f"unusable kind: {name}")
    kind = KIND_OF_TYPE.get(name)
    return Row(number, ((kind, words[1]),)) if kind else Refusal(number, "unusable kind: of an unknown type")


THREATEXCHANGE = ThreatExchange()

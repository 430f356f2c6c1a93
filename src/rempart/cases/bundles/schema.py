"""The formal schema of a row: every field that NDJSON and CSV may have, what it holds and what becomes of it."""

from dataclasses import dataclass
from typing import Literal

from rempart.cases.triage.vocabulary import VOCABULARY, Word
from rempart.facts import BYTES_OF_KIND

FieldType = Literal["text", "hex", "count", "addresses", "yes", "word", "moment"]
VERSION = 1
# Fields that begin so are the partner's own: they are passed over.
OWN_PREFIX = "x_"
MOST_TEXT = 1000
MOST_URLS = 50
# What a partner says of how it knows that pixels are AI-made -> the rung of the ladder. A, a signature that was
# verified, is never taken on somebody's word.
AI_SAID = {"own_service": "B", "metadata": "B", "known_set": "C", "detector": "D", "opinion": "E"}
# What the desk finds out itself, or what has a field of its own.
_NOT_STATED = frozenset({"novelty", "capture_age_days", "ai_evidence", "trusted_flagger"})


@dataclass(frozen=True, slots=True)
class RowField:
    """One field of a row. choices: the words that it may hold; empty when it is free."""

    name: str
    type: FieldType
    en: str
    choices: tuple[str, ...] = ()


def _stated(word: Word) -> RowField:
    unit = f", in {word.unit}" if word.unit else ""
    return RowField(word.name, word.type, word.en + unit, word.choices)


IDENTITY = (
    RowField("id", "text", "the partner's own name of the row; sent again under it, a row is a duplicate"),
    *(RowField(kind, "hex", f"fingerprint, {2 * size} hexadecimal digits") for kind, size in BYTES_OF_KIND.items()),
    RowField("pdq_quality", "count", "quality of the pdq, 0 to 100; needed beside it"),
    RowField("urls", "addresses", f"where it stands, up to {MOST_URLS}: in JSON a list, in a table parted by blanks"),
    RowField("account", "text", "who is reported, in the partner's words; kept as a blind value only"),
    RowField("device", "text", "the device it comes from; kept as a blind value only"),
    RowField("incident", "text", "what ties rows together, such as a report's number; kept as a blind value only"),
    RowField("name", "text", "the file's name; sealed"),
    RowField("captured_at", "moment", "when it was captured, with its offset"),
    RowField("ai_evidence", "word", "how the partner knows that it is AI-made", tuple(AI_SAID)),
)
STATED = tuple(
    _stated(word) for word in VOCABULARY.values() if "partner" in word.sources and word.name not in _NOT_STATED
)
FIELDS = {field.name: field for field in (*IDENTITY, *STATED)}

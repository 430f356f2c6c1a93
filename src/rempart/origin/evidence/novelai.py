"""NovelAI's pixel signature, in a text of the file or hidden in the alpha plane."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rempart.facts import reasons
from rempart.facts.evidence import Evidence, EvidenceKind, Integrity, Signer
from rempart.origin.json_text import inner_object, json_object
from rempart.origin.novelai_signature import FIELD, PUBLIC_KEY, is_from_text_alone, shows_its_colours, verifies
from rempart.origin.reading import texts
from rempart.origin.stealth_bits import MAX_PAYLOAD_BYTES, hidden
from rempart.origin.subject import Pixels, Subject

TRUST_STORE: Final = "novelai"
MISMATCH: Final = "rempart.novelai.signatureMismatch"
ALPHA_PAINTS: Final = "rempart.novelai.alphaPaints"
MORE_FRAMES: Final = "rempart.novelai.moreFrames"
MAYBE_FROM_A_PICTURE: Final = "rempart.novelai.maybeFromAPicture"
MOST_PIXELS: Final = 40_000_000
# Of animated PNG and WebP, of which only the first frame is signed.
_MARKS_OF_FRAMES: Final = (b"\0\0\0\x08acTL", b"ANIM\x06\0\0\0")
_GZIP_BITS = 31


@dataclass(frozen=True, slots=True)
class _Found:
    """Settings with a signature, and where they stand."""

    kind: EvidenceKind
    locator: str
    settings: Mapping[str, object]
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class NovelAiSignature:
    """The source. public_key: of NovelAI; tests pass their own."""

    public_key: bytes = PUBLIC_KEY
    name: str = "novelai"
    needs_pixels: bool = True

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each carrier that holds a signature, whether it holds true or not."""
        pixels = subject.pixels
        if pixels is None or pixels.ndim != 3 or pixels.shape[2] < 3:
            return
        for found in _carried(subject, pixels):
            if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
                yield self._unseen(found)
            else:
                yield self._judged(found, subject, pixels)

    def _judged(self, found: _Found, subject: Subject, pixels: Pixels) -> Evidence:
        """The claim that a signature over colours and settings makes, or that one over something else fails to make."""
        codes = tuple(self._failures(found, subject, pixels))
        from_text = is_from_text_alone(found.settings)
        notes = () if from_text else (MAYBE_FROM_A_PICTURE,)
        return Evidence(
            source=self.name,
            kind=found.kind,
            locator=found.locator,
            claim="fullyGenAIMedia",
            strength="hint" if codes else "crypto",
            add_cost="trivial" if codes else "needs_key",
            strip_cost="trivial",
            tool="NovelAI",
            fields=(FIELD,),
            signer=None if codes else Signer("NovelAI", trust_store=TRUST_STORE),
            integrity=Integrity("broken" if codes else "trusted", (*codes, *notes), hard_binding=not codes),
            asserted="created",
            derived=not from_text,
            raw_sha256=found.raw_sha256,
            contains_prompt=True,
        )

    def _failures(self, found: _Found, subject: Subject, pixels: Pixels) -> Iterator[str]:
        """Why the signature does not stand for what the file shows."""
        if not verifies(pixels, found.settings, self.public_key):
            yield MISMATCH
            return
        if not shows_its_colours(pixels):
            yield ALPHA_PAINTS
        if any(mark in subject.data for mark in _MARKS_OF_FRAMES):
            yield MORE_FRAMES

    def _unseen(self, found: _Found) -> Evidence:
        return Evidence(
            source=self.name,
            kind=found.kind,
            locator=found.locator,
            claim="noStatement",
            strength="hint",
            add_cost="trivial",
            strip_cost="trivial",
            tool="NovelAI",
            fields=(FIELD,),
            integrity=Integrity("not_examined"),
            raw_sha256=found.raw_sha256,
            contains_prompt=True,
            reason=reasons.reason(reasons.LIMIT, "pixels"),
        )


def _carried(subject: Subject, pixels: Pixels) -> Iterator[_Found]:
    """Settings with a signature in the texts of the file, then in the pixels."""
    for text in texts(subject):
        if FIELD in text.text and (settings := _signed(json_object(text.text))):
            yield _Found("text", f"{text.locator} {FIELD}", settings, text.segment.raw_sha256)
    concealed = hidden(pixels) if pixels.shape[2] == 4 else None
    if concealed is not None and concealed.where == "alpha":
        raw = _unfolded(concealed.payload) if concealed.compressed else concealed.payload
        if settings := _signed(json_object(raw.decode("utf-8", "replace"))):
            digest = hashlib.sha256(concealed.payload).hexdigest()
            yield _Found("stealth", f"pixels, lowest bits of alpha {FIELD}", settings, digest)


def _signed(body: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """The settings that hold the signature: the object itself, or the one in its comment."""
    if body is not None and "Comment" in body:
        body = inner_object(body["Comment"])
    if body is not None and FIELD not in body and "Comment" in body:
        body = inner_object(body["Comment"])
    return body if body is not None and FIELD in body else None


def _unfolded(payload: bytes) -> bytes:
    try:
        return zlib.decompressobj(_GZIP_BITS).decompress(payload, MAX_PAYLOAD_BYTES)
    except zlib.error:
        return b""


SOURCE = NovelAiSignature()

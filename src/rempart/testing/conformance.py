"""What every leaf must do, as classes a leaf's test inherits: state the leaf, and pytest runs the rest.

class TestPng(MediaFormatConformance):
    leaf = png.FORMAT
    encodings = ("png", "png-palette")
"""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rempart.errors import UserMistake
from rempart.facts import Fingerprint, Limits, reasons
from rempart.fingerprints.kind_spec import KindSpec
from rempart.fingerprints.mistakes import NotAFingerprint
from rempart.lists.rows import ListFormat, Mapped, Refusal, Row
from rempart.media import NotExaminable
from rempart.media.format import Format
from rempart.media.picture import Frame
from rempart.testing.encodings import ENCODINGS
from rempart.testing.mutations import mutate
from rempart.testing.orientations import shown
from rempart.testing.pictures import Pixels, pattern

LEAST_LIKENESS = 0.94
"""Correlation of two thumbnails above which they show one picture; unrelated patterns stay below 0.7."""


def expect(holds: bool, otherwise: str) -> None:
    """Nothing. Raises AssertionError with the sentence when it does not hold."""
    if not holds:
        raise AssertionError(otherwise)


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How alike two pictures look, at most 1: the correlation of their 16 x 16 grey thumbnails; 0 when one is flat."""
    first, second = _thumbnail(one), _thumbnail(other)
    if not (first.std() and second.std()):
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _thumbnail(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    image = Image.fromarray(pixels).convert("L").resize((16, 16), Image.Resampling.BOX)
    return np.asarray(image, np.float64).ravel()


def opaque(frame: Frame, ground: int) -> NDArray[np.uint8]:
    """The frame upright, laid on a ground of one grey where it is transparent."""
    pixels = frame.pixels
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    if channels in (2, 4):
        share = pixels[..., -1:].astype(np.float32) / 255
        mixed = np.rint(pixels[..., :-1] * share + ground * (1 - share)).astype(np.uint8)
        pixels = mixed[..., 0] if channels == 2 else mixed
    return shown(pixels, frame.orientation)


class MediaFormatConformance:
    """A format of pictures. encodings: the names in `ENCODINGS` that the leaf opens."""

    leaf: ClassVar[Format]
    encodings: ClassVar[tuple[str, ...]]
    limits: ClassVar[Limits] = Limits()

    def picture(self) -> Pixels:
        """The picture that is encoded."""
        return pattern(31, 120, 90)

    def encoded(self, name: str) -> bytes:
        """The picture in one encoding."""
        return ENCODINGS[name].encode(self.picture())

    def test_the_picture_is_seen_in_every_encoding(self) -> None:
        """The last frame shows the picture, upright, on black or on white ground."""
        for name in self.encodings:
            frames = list(self.leaf.frames(self.encoded(name), self.limits, True))
            expect(len(frames) == ENCODINGS[name].frames, f"{name}: {len(frames)} frames")
            expect(not any(frame.gap for frame in frames), f"{name}: a whole file is said to be damaged")
            best = max(likeness(opaque(frames[-1], ground), self.picture()) for ground in (0, 255))
            expect(best >= LEAST_LIKENESS, f"{name}: likeness {best:.2f}")

    def test_the_same_bytes_give_the_same_pixels(self) -> None:
        """Decoding twice changes nothing, with and without colour."""
        for colour in (False, True):
            data = self.encoded(self.encodings[0])
            first, second = (next(iter(self.leaf.frames(data, self.limits, colour))) for _ in range(2))
            expect(np.array_equal(first.pixels, second.pixels), f"colour={colour}: the pixels differ")

    def test_a_file_without_its_end_is_never_called_whole(self) -> None:
        """A cut file raises, or marks the frame that is not whole."""
        for name in self.encodings:
            data = self.encoded(name)
            for share in (0.1, 0.5, 0.9):
                expect(self._complains(data[: int(len(data) * share)]), f"{name} cut at {share} passes as whole")

    def test_a_picture_of_too_many_pixels_is_refused(self) -> None:
        """The limit is checked before any pixel is out."""
        tight = Limits(max_pixels=100)
        for name in self.encodings:
            reason = self._reason(self.encoded(name), tight)
            expect(reasons.code_of(reason) == reasons.LIMIT, f"{name}: {reason or 'decoded'}")

    def test_damage_ends_in_a_reason_and_nothing_else(self) -> None:
        """Forty spoilt files per encoding: frames come out or NotExaminable is raised."""
        for name in self.encodings:
            data = self.encoded(name)
            for seed in range(40):
                reason = self._reason(mutate(data, seed), Limits(max_pixels=10**6))
                expect(not reason or reasons.code_of(reason) in reasons.MEANING, f"{name}/{seed}: {reason}")

    def _complains(self, data: bytes) -> bool:
        try:
            return any(frame.gap for frame in self.leaf.frames(data, self.limits, False))
        except NotExaminable:
            return True

    def _reason(self, data: bytes, limits: Limits) -> str:
        """Why it could not be examined; empty when it could."""
        try:
            for _ in self.leaf.frames(data, limits, False):
                pass
        except NotExaminable as error:
            return error.reason
        return ""


class FingerprintKindConformance:
    """A kind of fingerprints. sample: a value that a list may hold."""

    leaf: ClassVar[KindSpec]
    sample: ClassVar[bytes]

    def test_hexadecimal_text_of_either_case_is_read(self) -> None:
        """Lower case, upper case and blanks around make no difference."""
        text = self.sample.hex()
        for spelt in (text, text.upper(), f"  {text}\r\n"):
            expect(self.leaf.parse(spelt).value == self.sample, "the value read is not the one written")
        expect(self.leaf.size_bytes == len(self.sample), "the size does not fit the sample")

    def test_text_that_is_no_fingerprint_is_refused_without_being_repeated(self) -> None:
        """Wrong lengths, other letters and signs."""
        text = self.sample.hex()
        for wrong in (text[:-2], text + "00", "g" + text[1:], text[:-1] + "\u0665", " ".join(text)[: len(text)], ""):
            try:
                self.leaf.parse(wrong)
            except NotAFingerprint as error:
                expect(len(wrong) < 8 or wrong[:8] not in str(error), "the error repeats the value")
            else:
                raise AssertionError("text that is no fingerprint was read")

    def test_a_placeholder_may_not_stand_on_a_list(self) -> None:
        """All zeros and all ones are refused with a reason; the sample is not."""
        for value in (bytes(len(self.sample)), b"\xff" * len(self.sample)):
            expect(bool(self.leaf.refuse(Fingerprint(self.leaf.name, value))), "a placeholder was accepted")
        expect(self.leaf.refuse(Fingerprint(self.leaf.name, self.sample)) is None, "the sample was refused")

    def test_the_value_is_not_in_its_repr(self) -> None:
        """A fingerprint may be logged by mistake; its value must not."""
        expect(self.sample.hex() not in repr(self.leaf.parse(self.sample.hex())), "repr shows the value")


class ListFormatConformance(ABC):
    """A format of list files. The subclass writes one with `file_of`."""

    leaf: ClassVar[ListFormat]
    mapping: ClassVar[Mapped] = {}

    @abstractmethod
    def file_of(self, values: list[str]) -> bytes:
        """A file of these md5 values, in hexadecimal, in order."""

    def values(self, count: int = 5) -> list[str]:
        """Seeded random md5 values."""
        return [np.random.default_rng(seed).bytes(16).hex() for seed in range(count)]

    def test_every_record_comes_out_in_order(self, tmp_path: Path) -> None:
        """What was written is read, with positions that rise."""
        rows = self._rows(tmp_path, self.file_of(self.values()))
        taken = [row for row in rows if isinstance(row, Row)]
        expect([dict(row.texts).get("md5") for row in taken] == self.values(), "the values read differ")
        positions = [row.position for row in rows]
        expect(positions == sorted(set(positions)), "positions do not rise")

    def test_the_format_knows_its_own_files(self) -> None:
        """`claims` says yes to a file of the format, and no to a picture or nothing."""
        expect(self.leaf.claims(self.file_of(self.values())[:4096]), "its own file is not claimed")
        for foreign in (b"", ENCODINGS["png"].encode(pattern(1, 32, 32))[:4096]):
            expect(not self.leaf.claims(foreign), "a foreign file is claimed")

    def test_damage_ends_in_refusals_or_a_clear_mistake(self, tmp_path: Path) -> None:
        """Sixty spoilt files: rows, refusals or UserMistake; no other error, and no value in a message."""
        data = self.file_of(self.values())
        for seed in range(60):
            try:
                rows = self._rows(tmp_path, mutate(data, seed))
            except UserMistake as error:
                expect(not any(value in str(error) for value in self.values()), f"seed {seed}: the error shows a value")
            else:
                shown_texts = [row.reason for row in rows if isinstance(row, Refusal)]
                leaked = any(value in text for text in shown_texts for value in self.values())
                expect(not leaked, f"seed {seed}: a refusal shows a value")

    def test_one_bad_record_never_loses_the_others(self, tmp_path: Path) -> None:
        """A value that is no fingerprint stands between good ones: they all come out."""
        values = self.values()
        spoilt = [*values[:2], "not-a-fingerprint", *values[2:]]
        rows = self._rows(tmp_path, self.file_of(spoilt))
        found = {dict(row.texts).get("md5") for row in rows if isinstance(row, Row)}
        expect(set(values) <= found, "good rows were lost beside a bad one")

    def _rows(self, folder: Path, data: bytes) -> list[Row | Refusal]:
        path = folder / "list"
        path.write_bytes(data)
        return list(self.leaf.rows(path, self.mapping))

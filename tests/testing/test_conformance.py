"""Every leaf that exists meets what every leaf must do."""

import numpy as np
import pytest

from rempart.fingerprints.kinds import KINDS
from rempart.lists.formats import FORMATS as LIST_FORMATS
from rempart.media.formats import FORMATS as MEDIA_FORMATS
from rempart.testing.conformance import (
    FingerprintKindConformance,
    ListFormatConformance,
    MediaFormatConformance,
    expect,
    likeness,
)
from rempart.testing.encodings import ENCODINGS
from rempart.testing.pictures import pattern


def encodings_of(media_type: str) -> tuple[str, ...]:
    """Names of the encodings of a type that leaves open alone; the orientations but one are left to their own test."""
    return tuple(
        name
        for name, encoding in ENCODINGS.items()
        if encoding.media_type == media_type
        and encoding.orientation in (1, 6)
        and name not in ("png-rgba-sticker", "jpeg-mpo")  # a wider canvas; two whole JPEGs in a row
    )


class TestJpeg(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/jpeg"]
    encodings = encodings_of("image/jpeg")


class TestPng(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/png"]
    encodings = encodings_of("image/png")


class TestGif(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/gif"]
    encodings = encodings_of("image/gif")


class TestWebP(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/webp"]
    encodings = encodings_of("image/webp")


class TestBmp(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/bmp"]
    encodings = encodings_of("image/bmp")


class TestTiff(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/tiff"]
    encodings = encodings_of("image/tiff")


class TestAvif(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/avif"]
    encodings = encodings_of("image/avif")


class TestHeic(MediaFormatConformance):
    leaf = MEDIA_FORMATS["image/heic"]
    encodings = encodings_of("image/heic")


class TestSha256(FingerprintKindConformance):
    leaf = KINDS["sha256"]
    sample = np.random.default_rng(1).bytes(32)


class TestSha1(FingerprintKindConformance):
    leaf = KINDS["sha1"]
    sample = np.random.default_rng(2).bytes(20)


class TestMd5(FingerprintKindConformance):
    leaf = KINDS["md5"]
    sample = np.random.default_rng(3).bytes(16)


class TestPdq(FingerprintKindConformance):
    leaf = KINDS["pdq"]
    sample = np.packbits(np.random.default_rng(4).permutation(np.arange(256) % 2).astype(np.uint8)).tobytes()


class TestCsv(ListFormatConformance):
    leaf = LIST_FORMATS["csv"]

    def file_of(self, values: list[str]) -> bytes:
        rows = (f"{number},{value}" for number, value in enumerate(values))
        return "\n".join(("id,md5", *rows, "")).encode()


class TestNdjson(ListFormatConformance):
    leaf = LIST_FORMATS["ndjson"]

    def file_of(self, values: list[str]) -> bytes:
        return "".join(f'{{"id": "{number}", "md5": "{value}"}}\n' for number, value in enumerate(values)).encode()


class TestLines(ListFormatConformance):
    leaf = LIST_FORMATS["lines"]

    def file_of(self, values: list[str]) -> bytes:
        return "".join(f"{value}\n" for value in values).encode()


class TestVics(ListFormatConformance):
    leaf = LIST_FORMATS["vics"]

    def file_of(self, values: list[str]) -> bytes:
        media = ",".join(f'{{"MediaID": {number}, "MD5": "{value}"}}' for number, value in enumerate(values, 1))
        return f'{{"odata.metadata": "x", "value": [{media}]}}'.encode()


@pytest.mark.parametrize(("registry", "suffix"), [(MEDIA_FORMATS, "media"), (KINDS, "kinds"), (LIST_FORMATS, "lists")])
def test_every_registered_leaf_has_a_conformance_class(registry: dict[str, object], suffix: str) -> None:
    bases = (MediaFormatConformance, FingerprintKindConformance, ListFormatConformance)
    tested = {id(test.leaf) for base in bases for test in base.__subclasses__()}
    elsewhere = {"threatexchange"}  # its file names no md5: tests/lists/formats holds its own
    assert [name for name, leaf in registry.items() if id(leaf) not in tested and name not in elsewhere] == []


def test_a_leaf_that_decodes_another_picture_does_not_pass() -> None:
    assert likeness(pattern(1, 120, 90), pattern(2, 120, 90)) < 0.7
    assert likeness(pattern(1, 120, 90), pattern(1, 120, 90)[::-1]) < 0.7


def test_an_expectation_that_does_not_hold_is_an_assertion_error() -> None:
    with pytest.raises(AssertionError, match="so it is"):
        expect(False, "so it is")

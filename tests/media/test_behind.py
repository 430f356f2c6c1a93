"""What hangs behind the end of a picture is examined, or a gap; never silence."""

import io
import statistics
import time
from dataclasses import replace

import numpy as np
import pytest
import simplejpeg
from PIL import Image
from skimage import data as photos

from rempart.facts import Limits
from rempart.media import NotExaminable, open_pictures
from rempart.media.archives import members
from rempart.media.behind import behind
from rempart.media.content_type import UNKNOWN
from rempart.media.formats import jpeg
from rempart.testing.archives import zipped
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE

LIMITS = Limits(max_pixels=5_000_000, max_bytes=8 * 2**20)
PHOTO = photos.astronaut()[:240, 80:400]
OTHER = photos.coffee()[:240, 80:400]
ENDED = ["jpeg", "jpeg-progressive", "jpeg-cmyk", "png", "png-animated", "gif-palette", "gif-animated", "webp", "bmp"]
PADDING = [b"", bytes(7), b" \r\n\0" * 300]
MP4 = HOSTILE["mp4"].build()


def opened(data, limits=LIMITS):
    found = open_pictures(data, limits)
    return found, list(found)


def encoded(name, pixels=PHOTO):
    return ENCODINGS[name].encode(pixels)


@pytest.mark.parametrize("name", ENDED)
@pytest.mark.parametrize("padding", PADDING, ids=["nothing", "zeros", "spaces"])
def test_a_picture_behind_a_picture_is_the_next_frame(name, padding):
    found, pictures = opened(encoded(name) + padding + encoded("jpeg", OTHER))
    assert found.gaps == ()
    assert found.frames == ENCODINGS[name].frames + 1
    luma = np.asarray(Image.fromarray(OTHER).convert("L")).astype(int)
    assert np.abs(pictures[-1].luma - luma).mean() < 4


@pytest.mark.parametrize("name", ENDED)
@pytest.mark.parametrize("padding", PADDING, ids=["nothing", "zeros", "spaces"])
@pytest.mark.parametrize("hidden", ["mp4", "pdf", "mp3"])
def test_what_cannot_be_opened_behind_a_picture_is_a_gap(name, padding, hidden):
    found, pictures = opened(encoded(name) + padding + HOSTILE[hidden].build())
    behind = {"mp4": "video/mp4", "pdf": "application/pdf", "mp3": "audio/mpeg"}[hidden]
    assert found.gaps == (f"unsupported: {behind} behind {ENCODINGS[name].media_type}",)
    assert found.frames == ENCODINGS[name].frames
    assert pictures


@pytest.mark.parametrize("name", ENDED)
def test_a_zip_behind_a_picture_makes_it_a_container_that_has_pictures(name):
    found, pictures = opened(encoded(name) + b"\n" + zipped({"a": b"x" * 99}))
    assert (found.container, found.gaps) == (True, ())
    assert pictures


def test_a_zip_behind_a_picture_that_lost_its_directory_is_a_container_with_a_reason():
    data = encoded("jpeg") + zipped({"a": b"x" * 99})[:-30]
    found, pictures = opened(data)
    assert (found.container, found.gaps, len(pictures)) == (True, (), 1)
    unpacked = []
    with pytest.raises(NotExaminable, match="damaged: zip"):
        unpacked.extend(members(io.BytesIO(data), LIMITS))
    assert [member.content for member in unpacked] == [b"x" * 99]


@pytest.mark.parametrize("name", ENDED)
@pytest.mark.parametrize("tail", [b"\0" * 50, b"trailer" * 9, b"\n"])
def test_what_is_not_recognised_behind_a_picture_is_nothing(name, tail):
    found, _ = opened(encoded(name) + tail)
    assert (found.gaps, found.container, found.frames) == ((), False, ENCODINGS[name].frames)


def test_many_pictures_behind_each_other_are_examined_up_to_the_limit():
    burst = b"".join(encoded("jpeg", np.roll(PHOTO, 40 * step, axis=1)) for step in range(6))
    assert opened(burst)[0].frames == 6
    found, pictures = opened(burst, replace(LIMITS, max_frames=5))
    assert (len(pictures), found.gaps) == (5, ("limit: frames",))


def test_empty_pictures_without_end_come_to_an_end():
    found, _ = opened(b"\xff\xd8\xff\xd9" * 100_000)
    assert found.gaps == ("damaged: jpeg", "limit: frames")


def test_a_damaged_picture_does_not_hide_the_one_behind_it():
    found, pictures = opened(HOSTILE["png-zero-size"].build() + encoded("jpeg"))
    assert (found.gaps, len(pictures)) == (("damaged: png",), 1)


def test_a_bitmap_that_claims_a_negative_size_hides_nothing():
    data = bytearray(encoded("bmp"))
    data[18:22] = (-(2**31)).to_bytes(4, "little", signed=True)
    found, pictures = opened(bytes(data))
    assert pictures or found.gaps


def segment(marker, body):
    return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body


@pytest.mark.parametrize("marker", [0xE1, 0xE2, 0xFE])
def test_a_thumbnail_in_a_segment_is_neither_the_end_nor_a_second_picture(marker):
    data = encoded("jpeg")
    thumbnail = b"Exif\0\0" + encoded("jpeg", PHOTO[:48, :64])
    found, pictures = opened(data[:2] + segment(marker, thumbnail) + data[2:])
    assert (found.gaps, found.frames, pictures[0].luma.shape) == ((), 1, (240, 320))


def test_a_comment_between_scans_is_not_the_end():
    data = encoded("jpeg-progressive")
    second_scan = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    tables = data.rindex(b"\xff\xc4", 0, second_scan)
    commented = data[:tables] + segment(0xFE, b"\xff\xd9" + MP4) + data[tables:]
    assert jpeg.FORMAT.end(commented) == len(commented)
    assert opened(commented)[0].gaps == ()


@pytest.mark.parametrize("name", ["avif", *(["heic"] if "heic" in ENCODINGS else [])])
def test_the_video_of_a_motion_photo_is_a_gap(name):
    video = (len(MP4) + 8).to_bytes(4, "big") + b"mpvd" + MP4
    found, pictures = opened(encoded(name) + video)
    assert found.gaps == (f"unsupported: video/mp4 behind image/{name}",)
    assert len(pictures) == 1
    assert not pictures[0].partial


def test_the_label_that_some_phones_put_before_the_video_hides_nothing():
    label = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data"
    assert opened(encoded("jpeg") + label + MP4)[0].gaps == ("unsupported: video/mp4 behind image/jpeg",)


def test_a_zip_behind_something_unknown_is_opened():
    found, pictures = opened(b"#!/bin/sh\necho hello\n" + zipped({"a": b"x"}))
    assert (found.container, found.media_type, found.gaps, pictures) == (True, "application/zip", (), [])
    found, _ = opened(HOSTILE["pdf"].build() + zipped({"a": b"x"}))
    assert (found.container, found.gaps) == (True, ("unsupported: application/pdf",))


def test_a_text_that_only_speaks_of_zips_is_none():
    found, _ = opened(b"a zip ends with PK\x05\x06 and begins with PK\x03\x04" * 9)
    assert (found.container, found.gaps) == (False, ("unsupported: application/octet-stream",))


def median_seconds(call):
    def once():
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    return statistics.median(once() for _ in range(7))


def test_finding_the_end_costs_little_beside_decoding():
    out = io.BytesIO()
    rng = np.random.default_rng(3)
    grain = np.asarray(Image.fromarray(PHOTO).resize((1600, 1200))) // 2 + rng.integers(0, 60, (1200, 1600, 3))
    Image.fromarray(grain.astype(np.uint8)).save(out, "JPEG", quality=92)
    data = out.getvalue()
    finding = median_seconds(lambda: jpeg.FORMAT.end(data))
    assert finding < 0.2 * median_seconds(lambda: simplejpeg.decode_jpeg(data, colorspace="GRAY"))


@pytest.mark.parametrize("counter", [b"\0\0\x01\0", b"\xff\xfb\x90\x00", b"\0\0\x01\xba"])
def test_a_few_bytes_that_look_like_a_weak_mark_are_padding(counter: bytes) -> None:
    assert behind(b"picture" + counter, 7)[1] == UNKNOWN

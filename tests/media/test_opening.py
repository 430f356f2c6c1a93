import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from skimage import data as photos

from rempart.facts import Limits, reasons
from rempart.media import first_pixels, open_pictures
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.mutations import mutated_corpus

LIMITS = Limits(max_pixels=5_000_000, max_bytes=8 * 2**20)
PHOTO = photos.astronaut()[:240, 80:400]
LUMA = np.asarray(Image.fromarray(PHOTO).convert("L")).astype(int)
PICTURES = [encoding for encoding in ENCODINGS.values() if not encoding.archive]
LOSSY_LEVELS = 4.0
COARSE = {"png-grey-2-bit": 25, "png-grey-4-bit": 6, "png-palette": 6, "png-palette-4-bit": 30, "png-palette-web": 20}
DITHERED = {"png-1-bit", "bmp-1-bit", "tiff-g4"}
TRANSPARENT = {
    name for name in ENCODINGS if "alpha" in name or "rgba" in name or "transparent" in name or "colour-key" in name
}


def opened(data, limits=LIMITS, colour=False):
    found = open_pictures(data, limits, colour=colour)
    return found, list(found)


def saved(image, file_format, **options):
    out = io.BytesIO()
    image.save(out, file_format, **options)
    return out.getvalue()


def error_levels(luma):
    """Mean difference to the photo, after both were blurred enough to undo dithering."""
    small = [
        np.asarray(Image.fromarray(each.astype(np.uint8)).resize((40, 30), Image.Resampling.BOX)).astype(int)
        for each in (luma, LUMA)
    ]
    return float(np.abs(small[0] - small[1]).mean())


@pytest.mark.parametrize("encoding", PICTURES, ids=lambda encoding: encoding.name)
def test_every_format_and_mode_gives_the_right_pixels_upright(encoding):
    found, pictures = opened(encoding.encode(PHOTO))
    assert found.media_type == encoding.media_type
    assert found.gaps == ()
    assert found.frames == encoding.frames
    assert not found.container
    last = [picture for picture in pictures if picture.frame == encoding.frames - 1]
    assert all(picture.luma.dtype == np.uint8 and picture.luma.flags.c_contiguous for picture in pictures)
    if encoding.name not in TRANSPARENT:
        assert [picture.ground for picture in last] == ["opaque"]
        assert (found.width_pixels, found.height_pixels) == (320, 240)
        assert error_levels(last[0].luma) < (
            10 if encoding.name in DITHERED else COARSE.get(encoding.name, LOSSY_LEVELS)
        )


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_transparent_pictures_are_seen_on_black_and_on_white(file_format, mode):
    image = Image.fromarray(PHOTO).convert(mode)
    image.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, 320).astype(np.uint8), (240, 1))))
    options = (
        {"lossless": True, "exact": True} if file_format == "WEBP" else {"quality": 95} if file_format == "AVIF" else {}
    )
    if file_format == "WEBP":
        image = image.convert("RGBA")
    _, pictures = opened(saved(image, file_format, **options))
    alpha = np.linspace(0, 255, 320).astype(np.uint8) / 255
    for picture, ground in zip(pictures, (0, 255), strict=True):
        assert np.abs(picture.luma - (LUMA * alpha + ground * (1 - alpha))).mean() < LOSSY_LEVELS


def test_sixteen_bit_grey_is_scaled_and_not_clipped():
    ramp = np.tile(np.arange(0, 65536, 256, dtype=np.uint16), (20, 1))
    for file_format in ("PNG", "TIFF"):
        _, (picture,) = opened(saved(Image.fromarray(ramp), file_format))
        assert np.array_equal(picture.luma[0], np.arange(256))


def test_sixteen_bit_grey_with_a_transparent_level_has_alpha():
    ramp = np.tile(np.arange(0, 65536, 256, dtype=np.uint16), (20, 1))
    _, pictures = opened(saved(Image.fromarray(ramp), "PNG", transparency=512))
    assert [picture.ground for picture in pictures] == ["black", "white"]
    assert (pictures[0].luma[0, 2], pictures[1].luma[0, 2], pictures[1].luma[0, 3]) == (0, 255, 3)


def test_colour_gives_the_very_pixels_that_pillow_gives():
    for quality, subsampling in ((95, 0), (70, 2), (85, 1)):
        data = saved(Image.fromarray(PHOTO), "JPEG", quality=quality, subsampling=subsampling)
        _, (picture,) = opened(data, colour=True)
        assert np.array_equal(picture.rgb, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))


@pytest.mark.parametrize("name", ["png", "gif-palette", "jpeg-cmyk", "png-grey", "png-1-bit", "webp", "jpeg-exif-6"])
def test_colour_is_there_for_every_format_when_asked_for(name):
    _, (picture,) = opened(ENCODINGS[name].encode(PHOTO), colour=True)
    assert picture.rgb.shape == (240, 320, 3)
    assert np.array_equal(picture.luma, np.asarray(Image.fromarray(picture.rgb).convert("L")))


CUT = ["jpeg", "jpeg-progressive", "jpeg-cmyk", "jpeg-grey", "png", "png-adam7", "gif-palette", "webp", "webp-lossless"]
CUT += ["bmp", "tiff", "tiff-lzw", "avif"] + (["heic"] if "heic" in ENCODINGS else [])


@pytest.mark.parametrize("name", CUT)
def test_a_picture_cut_short_is_seen_down_to_the_cut_and_marked(name):
    data = ENCODINGS[name].encode(PHOTO)
    found, pictures = opened(data[: len(data) * 9 // 10])
    assert found.gaps == ("truncated",)
    assert all(picture.partial for picture in pictures)
    if name not in ("tiff-lzw", "bmp"):  # one strip that cannot be unpacked; rows from the bottom
        assert np.abs(pictures[0].luma[:96] - LUMA[:96]).mean() < 2 * LOSSY_LEVELS


@pytest.mark.parametrize("name", [name for name in CUT if name not in ("avif", "heic")])
def test_a_cut_anywhere_never_passes_for_a_whole_picture(name):
    data = ENCODINGS[name].encode(PHOTO[:60, :80])
    for length in range(20, len(data) - 16, max(1, len(data) // 40)):
        assert opened(data[:length])[0].gaps, length


def test_a_jpeg_cut_short_and_closed_again_does_not_pass_for_whole():
    data = ENCODINGS["jpeg"].encode(PHOTO)
    assert opened(data[: len(data) // 2] + b"\xff\xd9")[0].gaps == ("truncated",)


def test_stray_bytes_that_cameras_leave_are_no_damage():
    data = ENCODINGS["jpeg"].encode(PHOTO)
    found, (picture,) = opened(data[:-2] + b"\0" * 6 + data[-2:] + b"trailer" * 9)
    assert found.gaps == ()
    assert not picture.partial


@pytest.mark.parametrize("name", ["gif-animated", "png-animated", "webp-animated", "avif-animated"])
def test_an_animation_cut_short_keeps_the_frames_before_the_cut(name):
    data = ENCODINGS[name].encode(PHOTO)
    found, pictures = opened(data[: len(data) * 8 // 10])
    assert "truncated" in found.gaps
    assert len(pictures) >= 2


@pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_each_distinct_frame_is_seen_once(file_format):
    frames = [Image.fromarray(np.roll(PHOTO, 60 * step, axis=1)) for step in (0, 1, 0, 2, 1, 0)]
    options = {"lossless": True} if file_format == "WEBP" else {}
    found, pictures = opened(saved(frames[0], file_format, save_all=True, append_images=frames[1:], **options))
    assert [picture.frame for picture in pictures] == [0, 1, 2]
    assert (found.frames, found.gaps) == (3, ())


@pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_frames_beyond_the_limit_are_a_gap(file_format):
    frames = [Image.fromarray(np.roll(PHOTO, 40 * step, axis=1)) for step in range(5)]
    data = saved(frames[0], file_format, save_all=True, append_images=frames[1:])
    found, pictures = opened(data, replace(LIMITS, max_frames=3))
    assert (len(pictures), found.gaps) == (3, ("limit: frames",))
    assert opened(data, replace(LIMITS, max_frames=5))[0].gaps == ()


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_pixels_beyond_the_limit_are_a_gap_before_anything_is_decoded(file_format):
    data = saved(Image.fromarray(PHOTO), file_format)
    assert opened(data, replace(LIMITS, max_pixels=320 * 240 - 1))[0].gaps == ("limit: pixels",)
    assert opened(data, replace(LIMITS, max_pixels=320 * 240))[0].gaps == ()


def test_a_large_page_behind_a_small_one_is_a_gap():
    small, large = Image.new("L", (20, 20), 9), Image.new("L", (300, 300), 9)
    found, pictures = opened(
        saved(small, "TIFF", save_all=True, append_images=[large]), replace(LIMITS, max_pixels=1000)
    )
    assert (len(pictures), found.gaps) == (1, ("limit: pixels",))


@pytest.mark.parametrize(("side", "gaps"), [(4, ("too small",)), (5, ())])
def test_a_picture_below_five_pixels_a_side_is_too_small(side, gaps):
    assert opened(saved(Image.new("L", (90, side), 9), "PNG"))[0].gaps == gaps


@pytest.mark.parametrize("encoding", ["jpeg", "png", "webp", "tiff", "avif"])
def test_a_damaged_exif_block_does_not_lose_the_picture(encoding):
    data = ENCODINGS[f"{encoding}-exif-6"].encode(PHOTO)
    for mark in (b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"):
        at = data.find(mark, 12 if encoding == "tiff" else 0)
        if at > 0:
            data = data[: at + 4] + b"\xff\xff\xff\x7f" + data[at + 8 :]
    assert len(opened(data)[1]) == 1


EXPECTED = {
    "empty": ("empty",),
    "one-byte": ("unsupported: application/octet-stream",),
    "pdf": ("unsupported: application/pdf",),
    "mp4": ("unsupported: video/mp4",),
    "mp3": ("unsupported: audio/mpeg",),
    "svg": ("unsupported: image/svg+xml",),
    "jpeg-named-txt": (),
    "png-named-jpg": (),
    "png-junk-chunks": (),
    "png-text-bomb": (),
    "jpeg-then-mp4": ("unsupported: video/mp4 behind image/jpeg",),
    "jpeg-then-zip": (),
    "text-then-zip": (),
    "jpeg-broken-exif": (),
    "tiff-cyclic": (),
    "png-zero-size": ("damaged: png",),
    "png-one-pixel": ("too small",),
    "png-bomb": ("limit: pixels",),
    "huge-jpeg": ("limit: pixels",),
    "huge-png": ("limit: pixels",),
    "huge-gif": ("limit: pixels",),
    "huge-bmp": ("limit: pixels",),
    "huge-tiff": ("limit: pixels",),
    "gif-5000-frames": ("limit: frames",),
}


@pytest.mark.parametrize(("name", "gaps"), EXPECTED.items())
def test_hostile_files_end_with_their_reason(name, gaps):
    assert opened(HOSTILE[name].build())[0].gaps == gaps


def test_too_many_bytes_are_a_gap():
    assert opened(ENCODINGS["png"].encode(PHOTO), replace(LIMITS, max_bytes=100))[0].gaps == ("limit: bytes",)


def test_an_archive_is_a_container_without_pictures():
    found, pictures = opened(ENCODINGS["zip-stored"].encode(PHOTO))
    assert (found.container, pictures, found.gaps) == (True, [], ())


def test_time_is_up_for_an_animation_that_is_slow_to_decode():
    frames = [Image.fromarray(np.roll(PHOTO, 40 * step, axis=1)) for step in range(5)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    found, pictures = opened(data, replace(LIMITS, max_seconds=0.0))
    assert (len(pictures), found.gaps) == (1, ("limit: seconds",))


def test_damaged_files_end_with_pictures_or_a_reason_and_never_with_an_error():
    for name, data in mutated_corpus(600, seed=8):
        found, pictures = opened(data)
        assert pictures or found.gaps or found.container, name
        assert all(reasons.code_of(gap) in reasons.MEANING for gap in found.gaps)


@pytest.mark.parametrize(("mode", "channels"), [("L", 3), ("LA", 4), ("RGB", 3), ("RGBA", 4), ("1", 3)])
def test_the_first_pixels_are_in_colour_whatever_was_stored(mode: str, channels: int) -> None:
    out = io.BytesIO()
    Image.new(mode, (9, 7), 0).save(out, "PNG")
    pixels = first_pixels(out.getvalue(), Limits())
    assert pixels is not None
    assert pixels.shape == (7, 9, channels)

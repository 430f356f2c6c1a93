import io
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageOps

from rempart.media import HEAD_BYTES, sniff
from rempart.testing.conformance import LEAST_LIKENESS, likeness
from rempart.testing.encodings import ENCODINGS
from rempart.testing.orientations import shown, turned_for
from rempart.testing.pictures import Pixels, pattern

PICTURE = pattern(12, 150, 110)
PICTURES = [name for name, encoding in ENCODINGS.items() if not encoding.archive]
WANTED = """jpeg jpeg-444 jpeg-grey jpeg-progressive jpeg-cmyk jpeg-ycck jpeg-rgb png png-rgba png-rgba-veil
png-grey png-grey-alpha png-1-bit png-palette png-palette-transparent png-grey-16 png-rgb-16 png-animated
png-adam7 gif-palette gif-animated webp webp-lossless webp-alpha webp-animated bmp bmp-palette bmp-rle tiff
tiff-cmyk tiff-grey-16 tiff-rgb-16 tiff-multipage tiff-lzw tiff-jpeg tiff-deflate tiff-g4 avif heic
zip-stored zip-deflated tar tar-gz zip-in-zip"""
ARCHIVES = [name for name, encoding in ENCODINGS.items() if encoding.archive]


def displayed(data: bytes, frames: int) -> list[Pixels]:
    """The last frame as a viewer shows it, on black and on white."""
    if data[4:12] == b"ftypheic":
        import pillow_heif

        return [np.asarray(pillow_heif.open_heif(io.BytesIO(data)).to_pillow().convert("RGB"))]
    with Image.open(io.BytesIO(data)) as image:
        image.seek(frames - 1)
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I;16"):
            return [(np.asarray(upright) >> 8).astype(np.uint8)]
        layer = upright.convert("RGBA")
    grounds = (Image.new("RGBA", layer.size, colour) for colour in ("black", "white"))
    return [np.asarray(Image.alpha_composite(ground, layer).convert("RGB")) for ground in grounds]


def test_every_format_and_mode_of_the_product_is_there() -> None:
    turned = [f"{name}-exif-{turn}" for name in ("jpeg", "png", "webp", "tiff", "avif") for turn in range(1, 9)]
    assert set(WANTED.split()) | set(turned) <= set(ENCODINGS)


@pytest.mark.parametrize("name", PICTURES)
def test_an_encoding_shows_the_picture(name: str) -> None:
    encoding = ENCODINGS[name]
    data = encoding.encode(PICTURE)
    views = displayed(data, encoding.frames)
    if name == "png-rgba-sticker":
        views = [view[7:-7, 9:-9] for view in views]
    assert views[0].shape[:2] == PICTURE.shape[:2]
    assert max(likeness(view, PICTURE) for view in views) >= LEAST_LIKENESS
    assert sniff(data[:HEAD_BYTES]) == encoding.media_type
    assert encoding.encode(PICTURE) == data


@pytest.mark.parametrize(
    ("name", "mode", "bits"),
    [
        ("jpeg-grey", "L", None),
        ("jpeg-cmyk", "CMYK", None),
        ("jpeg-ycck", "CMYK", None),
        ("png-1-bit", "1", None),
        ("png-palette", "P", None),
        ("png-grey-alpha", "LA", None),
        ("png-rgb-16", "RGB", 16),
        ("png-grey-2-bit", "L", 2),
        ("bmp-rle", "P", None),
        ("tiff-cmyk", "CMYK", None),
        ("tiff-g4", "1", None),
    ],
)
def test_a_mode_is_really_the_mode_of_its_name(name: str, mode: str, bits: int | None) -> None:
    data = ENCODINGS[name].encode(PICTURE)
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == mode
    if bits is not None:
        assert data[24] == bits  # the depth in the PNG header


def test_ycck_is_marked_by_adobe_and_progressive_and_interlaced_are_what_they_say() -> None:
    ycck = ENCODINGS["jpeg-ycck"].encode(PICTURE)
    assert ycck[ycck.index(b"Adobe") + 11] == 2
    assert b"\xff\xc2" in ENCODINGS["jpeg-progressive"].encode(PICTURE)
    assert ENCODINGS["png-adam7"].encode(PICTURE)[28] == 1


def test_hidden_colours_under_transparency_mislead_who_drops_the_alpha() -> None:
    black_and_white = np.where(PICTURE.mean(axis=2, keepdims=True) > 128, 255, 0).repeat(3, axis=2).astype(np.uint8)
    data = ENCODINGS["png-rgba-cut-out-dark"].encode(black_and_white)
    with Image.open(io.BytesIO(data)) as image:
        dropped = np.asarray(image)[..., :3]
    assert dropped.min() == 255
    assert max(likeness(view, black_and_white) for view in displayed(data, 1)) > 0.99


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_holds_the_picture(name: str) -> None:
    data = ENCODINGS[name].encode(PICTURE)
    if name.startswith("tar"):
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            member = archive.extractfile("folder/picture.jpg")
            inside = member.read() if member else b""
    else:
        if name == "zip-in-zip":
            data = zipfile.ZipFile(io.BytesIO(data)).read("inner.zip")
        inside = zipfile.ZipFile(io.BytesIO(data)).read("folder/picture.jpg")
    assert inside == ENCODINGS["jpeg"].encode(PICTURE)
    assert ENCODINGS[name].encode(PICTURE) == ENCODINGS[name].encode(PICTURE)


@pytest.mark.parametrize("turn", range(1, 9))
def test_turning_for_an_orientation_undoes_what_the_viewer_does(turn: int) -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert np.array_equal(shown(turned_for(pixels, turn), turn), pixels)
    assert (turned_for(pixels, turn).shape[:2] == (4, 2)) == (turn >= 5)


@pytest.mark.parametrize("size", [(5, 5), (9, 31), (64, 1)])
def test_pictures_of_odd_sizes_can_be_encoded(size: tuple[int, int]) -> None:
    pixels = pattern(3, *size)
    for name, encoding in ENCODINGS.items():
        if encoding.orientation == 1:
            assert encoding.encode(pixels), name

"""What of a picture is compared, and what a child may say of it."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.origin.prnu import SensorView, view_of
from rempart.origin.prnu.seeing import see, seen
from rempart.testing.pictures import photo_like

PIXELS = photo_like(3, 300, 270)


def _encoded(file_format: str, pixels: np.ndarray = PIXELS) -> bytes:  # type: ignore[type-arg]
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, file_format)
    return buffer.getvalue()


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_middle_of_a_picture_comes_back_from_the_child(file_format: str) -> None:
    view = seen(see(_encoded(file_format), {}, Limits()))
    assert (view.geometry, view.luma.shape) == ((270, 300), (256, 288))
    inside = PIXELS[7:263, 6:294].astype(float) @ (0.299, 0.587, 0.114)
    assert np.abs(view.luma - inside).mean() < 7


@pytest.mark.parametrize("level", [0, 10, 255])
def test_a_dark_or_burnt_out_picture_is_not_compared(level: int) -> None:
    assert view_of(np.full((300, 300), level, np.uint8)) == "low quality"


def test_a_small_picture_is_not_compared() -> None:
    assert view_of(np.full((255, 900), 128, np.uint8)) == "too small"


def test_a_large_picture_is_compared_in_its_middle_only() -> None:
    view = view_of(np.full((2500, 3001), 128, np.uint8))
    assert isinstance(view, SensorView)
    assert (view.geometry, view.luma.shape) == ((2500, 3001), (2048, 2048))


@pytest.mark.parametrize("data", [b"", b"plain text", b"\xff\xd8\xff\xe0", _encoded("JPEG")[:900]])
def test_what_is_no_whole_picture_has_a_reason(data: bytes) -> None:
    with pytest.raises(NotExaminable) as refused:
        see(data, {}, Limits())
    assert refused.value.reason


@pytest.mark.parametrize(
    "change",
    [
        {"luma": "!"},
        {"luma": 3},
        {"luma": "AAAA"},
        {"window": [256, 287]},
        {"window": "xy"},
        {"window": [-1, 288]},
        {"geometry": [1, 1]},
        {"geometry": None},
        {"geometry": [1e400, 300]},
    ],
)
def test_a_child_that_speaks_nonsense_is_not_believed(change: dict[str, Any]) -> None:
    answer = see(_encoded("PNG"), {}, Limits())
    with pytest.raises(NotExaminable):
        seen({**answer, **change})

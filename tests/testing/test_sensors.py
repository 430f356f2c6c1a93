"""Generated cameras: each with a pattern of its own, the same picture every time."""

import io

import numpy as np
from PIL import Image

from rempart.testing.sensors import Camera


def _luma(data: bytes) -> np.ndarray:  # type: ignore[type-arg]
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("L"), np.float32)


def test_a_camera_takes_the_same_picture_again() -> None:
    assert Camera(1, 128, 160).takes(4) == Camera(1, 128, 160).takes(4)


def test_pictures_are_jpegs_of_the_sensor_size() -> None:
    with Image.open(io.BytesIO(Camera(1, 128, 160).takes(5))) as image:
        assert (image.format, image.size) == ("JPEG", (160, 128))


def test_two_cameras_see_a_scene_alike_but_not_the_same() -> None:
    one, other = (_luma(Camera(number, 128, 160).takes(4)) for number in (1, 2))
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9
    assert np.abs(one - other).max() > 0


def test_the_pattern_is_weaker_than_the_eye_sees() -> None:
    plain, patterned = (_luma(Camera(3, 128, 160, deviation).takes(4)) for deviation in (0.0, 0.01))
    assert 0 < np.abs(plain - patterned).mean() < 3

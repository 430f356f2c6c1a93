import io

import numpy as np
import pytest
from PIL import Image

from rempart.media import Picture, preview_png


@pytest.mark.parametrize("shape", [(480, 640), (640, 480), (5, 5), (7, 3000)])
def test_a_preview_is_small_grey_and_coarse(shape):
    luma = np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)
    image = Image.open(io.BytesIO(preview_png(Picture(luma))))
    assert (image.format, image.mode) == ("PNG", "L")
    assert max(image.size) == 96
    shown = np.asarray(image)
    assert (np.diff(shown.astype(int), axis=1) != 0).any(axis=0).sum() < 24
    assert (np.diff(shown.astype(int), axis=0) != 0).any(axis=1).sum() < 24

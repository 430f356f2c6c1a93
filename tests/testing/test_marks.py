"""The writer of marks: the same picture to the eye, and the bits are there."""

import numpy as np
import pytest

from rempart.origin.watermark import MARKS, agreements
from rempart.testing.marks import marked
from rempart.testing.pictures import photo_like

PICTURE = photo_like(9, 512, 512)


@pytest.mark.parametrize("name", sorted(MARKS))
def test_a_marked_picture_looks_the_same_and_carries_every_bit(name: str) -> None:
    found = marked(PICTURE, name)
    assert (found.shape, found.dtype) == (PICTURE.shape, np.uint8)
    assert np.abs(found.astype(int) - PICTURE).mean() < 6
    assert agreements(found)[name] >= MARKS[name].threshold.value


def test_marks_do_not_answer_for_each_other() -> None:
    for name in MARKS:
        found = agreements(marked(PICTURE, name))
        assert [other for other in MARKS if found[other] >= MARKS[other].threshold.value] == [name]


def test_the_same_arguments_give_the_same_picture_and_leave_the_original() -> None:
    before = PICTURE.copy()
    assert np.array_equal(marked(PICTURE, "SDXL"), marked(PICTURE, "SDXL"))
    assert np.array_equal(PICTURE, before)

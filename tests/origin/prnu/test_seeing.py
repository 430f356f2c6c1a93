"""Files are seen in a confined child and compared outside it."""

from pathlib import Path

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.sandbox import Sandbox
from rempart.origin.prnu import build, link
from rempart.origin.prnu.seeing import TASK, see, seen
from rempart.testing.sensors import Camera

CAMERA = Camera(4, 256, 320, deviation=0.03)


def test_a_device_is_recognised_through_the_sandbox(tmp_path: Path) -> None:
    with Sandbox(TASK) as sandbox:
        child = sandbox.child()
        views = []
        for scene in range(8):
            path = tmp_path / f"{scene}.jpg"
            path.write_bytes(CAMERA.takes(scene))
            views.append((path.name, seen(child.run(path, {}))))
        broken = tmp_path / "broken.jpg"
        broken.write_bytes(CAMERA.takes(1)[:2000])
        with pytest.raises(NotExaminable, match="truncated"):
            child.run(broken, {})
    sensor = build("phone", views[:7]).fingerprint
    assert [found.outcome for found in link(views[7:], [sensor])] == ["supports same device"]


def test_what_the_child_answers_fits_into_one_message() -> None:
    answer = see(Camera(1, 2100, 2200).takes(1), {}, Limits())
    assert len(answer["luma"]) < 8 * 2**20
    assert seen(answer).luma.shape == (2048, 2048)

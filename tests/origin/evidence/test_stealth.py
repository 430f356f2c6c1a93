"""Settings hidden in pixels are evidence, whatever the payload is."""

import numpy as np
import pytest

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.stealth import SOURCE
from rempart.origin.subject import Pixels, Subject
from rempart.origin.trust import Trust
from rempart.testing.carriers_placing import stored_pixels, with_hidden
from rempart.testing.carriers_words import NOVELAI_JSON


def seen(pixels: Pixels | None) -> list[Evidence]:
    return list(SOURCE.observe(Subject(b"", "image/png", (), Trust(), pixels)))


@pytest.mark.parametrize(("text", "tool"), [(NOVELAI_JSON, "NovelAI"), ("Steps: 20", "Stable Diffusion web UI")])
def test_the_payload_names_the_tool(text: str, tool: str) -> None:
    (one,) = seen(stored_pixels(with_hidden("alpha", text, compressed=True)))
    assert (one.tool, one.add_cost, one.contains_prompt) == (tool, "tool", True)


def test_a_payload_that_cannot_be_unfolded_is_evidence_still() -> None:
    pixels = stored_pixels(with_hidden("alpha", NOVELAI_JSON, compressed=True))
    pixels[:, 3:, 3] ^= 1
    assert [one.claim for one in seen(pixels)] == ["fullyGenAIMedia"]


def test_without_pixels_nothing_is_seen() -> None:
    assert seen(None) == []
    assert seen(np.zeros((8, 8), np.uint8)) == []

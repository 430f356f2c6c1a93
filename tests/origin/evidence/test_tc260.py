"""China's label is read wherever it may stand, and only where its fields are there."""

import json

import pytest

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.tc260 import SOURCE
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import png_text, with_xmp
from rempart.testing.carriers_words import LABEL, element, packet


def in_xmp(value: str, name: str = "TC260:AIGC") -> list[Evidence]:
    return list(SOURCE.observe(subject_of(with_xmp("jpeg", packet(element(name, value))), "image/jpeg")))


def in_text(value: str) -> list[Evidence]:
    return list(SOURCE.observe(subject_of(png_text("tEXt", "AIGC", value.encode()), "image/png")))


@pytest.mark.parametrize("name", ["TC260:AIGC", "TC260:Aigc"])
def test_the_label_names_its_fields_and_not_their_values(name: str) -> None:
    (one,) = in_xmp(LABEL, name)
    assert one.claim == "fullyGenAIMedia"
    assert "ContentProducer" in one.fields
    assert "soup" not in repr(one)


@pytest.mark.parametrize("label", ["1", 1, " 1 "])
def test_a_label_is_a_number_or_its_digit(label: object) -> None:
    assert in_text(json.dumps({"Label": label, "ProduceID": "a"}))[0].claim == "fullyGenAIMedia"


@pytest.mark.parametrize("label", ["2", "3"])
def test_a_suspicion_is_not_an_ai_claim(label: str) -> None:
    assert in_text(json.dumps({"Label": label, "ProduceID": "a"}))[0].claim == "compositionMayContainGenAI"


@pytest.mark.parametrize("label", ["4", "", None, [1]])
def test_an_unknown_label_states_nothing(label: object) -> None:
    assert in_text(json.dumps({"Label": label, "ProduceID": "a"}))[0].claim == "noStatement"


def test_a_wrapped_label_is_unwrapped() -> None:
    assert in_text(f'{{"AIGC": {LABEL}}}')[0].claim == "fullyGenAIMedia"
    assert in_text(json.dumps({"AIGC": LABEL}))[0].claim == "fullyGenAIMedia"


def test_a_label_in_xmp_that_cannot_be_read_is_a_reason() -> None:
    (one,) = in_xmp('{"Label": "1", ')
    assert (one.claim, one.reason) == ("noStatement", "damaged: aigc label")


@pytest.mark.parametrize("value", ["AIGC", "{}", '{"Label": "1"}', '{"label": "1", "produceid": "a"}', "[1]"])
def test_a_text_without_the_fields_is_nothing(value: str) -> None:
    assert in_text(value) == []

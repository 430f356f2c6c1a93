"""The vocabulary of digital source types, in every spelling."""

import pytest

from rempart.facts.evidence import AI_CLAIMS
from rempart.origin.source_types import source_type

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.mark.parametrize(
    "spelling",
    [
        VOCABULARY + "trainedAlgorithmicMedia",
        VOCABULARY.replace("http", "https") + "trainedAlgorithmicMedia",
        f" {VOCABULARY}trainedAlgorithmicMedia\n",
        VOCABULARY + "trainedAlgorithmicMedia/",
        (VOCABULARY + "trainedAlgorithmicMedia").upper(),
        "trainedAlgorithmicMedia",
        "digsrctype:trainedAlgorithmicMedia",
        "http://c2pa.org/digitalsourcetype/trainedAlgorithmicData",
        "http://c2pa.org/digitalsourcetype#trainedAlgorithmicMedia",
    ],
)
def test_every_spelling_of_a_trained_algorithm_is_ai(spelling: str) -> None:
    found = source_type(spelling)
    assert found is not None
    assert found.claim == "fullyGenAIMedia"


@pytest.mark.parametrize("term", ["compositeWithTrainedAlgorithmicMedia", "compositedWithTrainedAlgorithmicMedia"])
def test_a_composite_with_ai_is_partly_ai_and_made_from_others(term: str) -> None:
    found = source_type(VOCABULARY + term)
    assert found is not None
    assert (found.claim, found.derived) == ("partlyGenAICreation", True)


@pytest.mark.parametrize(
    "term",
    [
        "algorithmicMedia",
        "digitalCapture",
        "computationalCapture",
        "compositeCapture",
        "negativeFilm",
        "positiveFilm",
        "print",
        "humanEdits",
        "minorHumanEdits",
        "digitalCreation",
        "softwareImage",
        "algorithmicallyEnhanced",
        "composite",
        "virtualRecording",
        "screenCapture",
        "digitalArt",
        "dataDrivenMedia",
        "empty",
    ],
)
def test_the_other_terms_are_known_and_not_ai(term: str) -> None:
    found = source_type(VOCABULARY + term)
    assert found is not None
    assert found.claim not in AI_CLAIMS


@pytest.mark.parametrize("term", ["", "/", "soup", "no trainedAlgorithmicMedia", "trainedAlgorithmicMedia of soup"])
def test_anything_else_is_no_term(term: str) -> None:
    assert source_type(term) is None

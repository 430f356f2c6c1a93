"""IPTC declares what the vocabulary says, and its AI fields say that AI had a part."""

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.iptc import SOURCE
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import with_xmp
from rempart.testing.carriers_words import AI_FIELDS, TRAINED, element, packet, resource, source_type

TERM = "Iptc4xmpExt:DigitalSourceType"


def seen(data: bytes) -> list[Evidence]:
    return list(SOURCE.observe(subject_of(with_xmp("jpeg", data), "image/jpeg")))


def test_each_source_type_is_its_own_evidence() -> None:
    capture = TRAINED.replace("trainedAlgorithmicMedia", "digitalCapture")
    found = seen(packet(resource(TERM, TRAINED) + resource(TERM, capture)))
    assert [one.claim for one in found] == ["fullyGenAIMedia", "capturedMedia"]


def test_an_unknown_term_is_seen_and_states_nothing() -> None:
    (one,) = seen(source_type("http://soup.example/leek"))
    assert (one.claim, one.strength, one.fields) == ("noStatement", "hint", ("DigitalSourceType",))


def test_the_older_spelling_of_the_property_is_read() -> None:
    (one,) = seen(packet(element("Iptc4xmpExt:DigitalSourcefileType", TRAINED)))
    assert one.claim == "fullyGenAIMedia"


def test_ai_fields_are_named_and_never_quoted() -> None:
    (one,) = seen(AI_FIELDS)
    assert one.fields == ("AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName")
    assert (one.tool, one.claim, one.contains_prompt) == ("Midjourney", "partlyGenAICreation", True)


def test_an_unknown_system_is_not_named() -> None:
    (one,) = seen(packet(element("Iptc4xmpExt:AISystemUsed", "Soup Machine 3000")))
    assert (one.tool, one.contains_prompt) == ("", False)
    assert "Soup" not in repr(one)


def test_blank_ai_fields_say_nothing() -> None:
    assert seen(packet(element("Iptc4xmpExt:AISystemUsed", " "))) == []

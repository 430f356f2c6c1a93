"""JSON of facts: stable, versioned, and nothing of what a child answers is trusted."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.facts import Examination, Finding, Fingerprint, Match, Matched, NoMatch, NotExamined, Variant, View
from rempart.facts.evidence import Origin
from rempart.facts.reasons import MEANING
from rempart.facts.wire import examination_from_json, examination_to_json, finding_from_json, finding_to_json
from rempart.origin.verdict import judge

MATCH = Match("demo", 2, "entry-7", "pdq", 12, "review", "known-bad", "B", View(1, "black", "unbordered"), held=True)
FINDING = Finding("a.gif", Matched((MATCH,), "review"), "image/gif", 10, 640, 480, 3, ("truncated",))
EXAMINATION = Examination(
    "image/png",
    9,
    (Fingerprint("md5", bytes(range(16))),),
    (Variant(Fingerprint("pdq", bytes(range(32)), 77), View(transform="mirror", path="nearest-512")),),
    ("low quality",),
    4,
    5,
    1,
    preview=b"\x89PNG",
)


def through_json(value: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(value))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "finding",
    [FINDING, Finding("b", NoMatch((MATCH,))), Finding("c", NotExamined("empty"), gaps=("empty",))],
)
def test_a_finding_comes_back_from_json_as_it_was(finding: Finding) -> None:
    assert finding_from_json(through_json(finding_to_json(finding))) == finding


GOLDEN_1 = (
    '{"version": 1, "item": "a.gif", "outcome": "match", "reason": null, "policy": "review", "matches": '
    '[{"list_name": "demo", "list_version": 2, "entry_ref": "entry-7", "kind": "pdq", "distance_bits": 12, '
    '"policy": "review", "polarity": "known-bad", "classification": "B", "view": {"frame": 1, "ground": "black", '
    '"crop": "unbordered", "path": "full", "transform": "identity"}, "held": true}], "media_type": "image/gif", '
    '"size_bytes": 10, "width_pixels": 640, "height_pixels": 480, "frames": 3, "gaps": ["truncated"]}'
)


def test_a_finding_line_of_version_1_is_read_for_ever() -> None:
    assert finding_from_json(json.loads(GOLDEN_1)) == FINDING


def test_a_finding_line_of_version_2_is_written_as_ever() -> None:
    golden = GOLDEN_1.replace('"version": 1', '"version": 2').replace(
        '["truncated"]}', '["truncated"], "origin": null}'
    )
    assert json.dumps(finding_to_json(FINDING)) == golden
    assert finding_from_json(json.loads(golden)) == FINDING


def test_a_finding_keeps_its_origin() -> None:
    finding = Finding("b", NoMatch(), origin=Origin(judge([]), ()))
    assert finding_from_json(through_json(finding_to_json(finding))) == finding


def test_a_finding_of_a_later_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 3"):
        finding_from_json({**finding_to_json(FINDING), "version": 3})


def test_an_examination_comes_back_from_json_as_it_was() -> None:
    assert examination_from_json(through_json(examination_to_json(EXAMINATION))) == EXAMINATION


def test_no_fingerprint_shows_in_a_finding_or_a_repr() -> None:
    assert bytes(range(32)).hex() not in json.dumps(finding_to_json(FINDING))
    assert "00010203" not in repr(EXAMINATION)
    assert "\\x00\\x01" not in repr(EXAMINATION)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=6,
)


@given(st.sampled_from(sorted(examination_to_json(EXAMINATION))), JSON)
def test_whatever_a_child_answers_is_an_examination_or_refused(key: str, value: Any) -> None:
    try:
        examination = examination_from_json({**examination_to_json(EXAMINATION), key: value})
    except (ValueError, KeyError, TypeError):
        return
    assert isinstance(examination.media_type, str)
    assert all(isinstance(gap, str) for gap in examination.gaps)
    assert all(len(digest.value) in (16, 20, 32) for digest in examination.digests)


@pytest.mark.parametrize("key", sorted(examination_to_json(EXAMINATION)))
def test_an_answer_with_a_field_missing_is_refused(key: str) -> None:
    answer = {name: value for name, value in examination_to_json(EXAMINATION).items() if name != key}
    with pytest.raises(KeyError):
        examination_from_json(answer)


def answer(**changes: Any) -> dict[str, Any]:
    """What a child might say instead."""
    return {**examination_to_json(EXAMINATION), **changes}


PDQ_HEX = bytes(range(32)).hex()
VARIANT = ["pdq", PDQ_HEX, 77, 0, "opaque", "whole", "full", "identity"]
LIES: dict[str, dict[str, Any]] = {
    "a reason that does not exist": {"gaps": ["all is well"]},
    "a reason that paints the terminal": {"gaps": ["damaged: \x1b[31m"]},
    "a reason that turns the line around": {"gaps": ["damaged: \u202egnp"]},
    "a reason as long as a book": {"gaps": ["damaged: " + "x" * 100]},
    "more reasons than there are": {"gaps": ["damaged"] * 1001},
    "reasons that are no list": {"gaps": "damaged"},
    "a media type with a tag in it": {"media_type": "image/<script>"},
    "a media type of two lines": {"media_type": "image/png\n"},
    "a media type without a slash": {"media_type": "png"},
    "an endless media type": {"media_type": "image/" + "x" * 65},
    "a count that no database holds": {"size_bytes": 2**63},
    "a width that no database holds": {"width_pixels": 2**63},
    "a count below zero": {"frames": -1},
    "a frame beyond counting": {"variants": [[*VARIANT[:3], 2**63, *VARIANT[4:]]]},
    "a quality above the best": {"variants": [[*VARIANT[:2], 101, *VARIANT[3:]]]},
    "a digest among the pictures": {"variants": [["sha256", *VARIANT[1:]]]},
    "a picture among the digests": {"digests": [["pdq", PDQ_HEX]]},
    "more digests than kinds": {"digests": [["md5", "00" * 16]] * 5},
    "more views than there can be": {"variants": [VARIANT] * (2**16 + 1)},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_of_a_child_is_refused(lie: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        examination_from_json(answer(**LIES[lie]))


def test_every_reason_of_the_vocabulary_and_the_largest_count_pass() -> None:
    seen = examination_from_json(answer(gaps=list(MEANING), size_bytes=2**63 - 1, media_type="image/svg+xml"))
    assert (seen.gaps, seen.size_bytes) == (tuple(MEANING), 2**63 - 1)

"""From bytes to evidence: what is private stays out of it, and what is hostile ends as evidence."""

import dataclasses

import pytest
from tests.origin.c2pa.seeing import seen, signed

from rempart.origin.c2pa.examining import MOST_MANIFESTS, OUT_OF_PLACE
from rempart.testing.c2pa_wounds import without_store
from rempart.testing.forgeries import AI, CAMERA, CROPPED, JPEG, PNG, stage
from rempart.testing.mutations import mutate
from rempart.testing.novelai_pictures import png_of
from rempart.testing.pictures import pattern
from rempart.testing.signing import Action, Ingredient, authority, sign

PRIVATE = "an-unlawful-word"


def test_the_same_bytes_give_the_same_evidence():
    data = signed()
    assert seen(data) == seen(data)


def test_free_text_of_a_manifest_is_never_copied():
    data = signed(
        Action("c2pa.created", f"http://example.org/{PRIVATE}"),
        Action(PRIVATE, "digitalCapture"),
        assertions=({"label": f"org.{PRIVATE}", "data": {"prompt": PRIVATE}},),
    )
    assert PRIVATE in data.decode("latin-1")
    assert PRIVATE not in repr([dataclasses.asdict(piece) for piece in seen(data)])


def test_a_name_in_a_certificate_is_cut_to_what_can_be_shown():
    (piece,) = seen(signed(by=authority("x").issue("Bell\x07 and\n line" + "é" * 20)))
    assert piece.signer is not None
    assert piece.signer.name.isprintable()


def test_a_stripped_manifest_leaves_nothing():
    assert seen(without_store(signed())) == ()


def test_a_long_chain_of_ingredients_is_followed_and_each_is_judged():
    picture = signed()
    for _ in range(4):
        picture = sign(picture, JPEG, stage().editor, CROPPED, ingredients=(Ingredient(picture),))
    scopes = [piece.scope for piece in seen(picture)]
    assert scopes[0] == "whole"
    assert len(set(scopes)) == 5
    assert MOST_MANIFESTS >= 5


def test_a_chain_with_a_stranger_in_the_middle_names_the_stranger_only():
    first = signed()
    middle = sign(first, JPEG, stage().stranger.issue(), CROPPED, ingredients=(Ingredient(first),))
    last = sign(middle, JPEG, stage().editor, CROPPED, ingredients=(Ingredient(middle),))
    states = [piece.integrity.state for piece in seen(last) if piece.integrity]
    assert sorted(states) == ["trusted", "trusted", "valid"]
    assert states[0] == "trusted"


@pytest.mark.parametrize("media_type", [JPEG, PNG])
def test_spoilt_signed_files_never_raise_and_are_never_more_trusted(media_type):
    base = stage().plain if media_type == JPEG else png_of(pattern(1, 160, 120))
    data = sign(base, media_type, stage().camera, CAMERA)
    honest = seen(data, media_type)
    for seed in range(150):
        for piece in seen(mutate(data, seed), media_type):
            assert piece.integrity is not None
            if piece.integrity.state == "trusted":
                assert piece.claim == honest[0].claim
                assert piece.integrity.hard_binding


def test_a_manifest_where_no_reader_looks_is_said():
    (piece,) = seen(stage().plain + signed())
    assert piece.reason == OUT_OF_PLACE


def test_a_file_cut_off_inside_its_manifest_is_said():
    data = signed()
    (piece,) = seen(data[: data.index(b"jumdc2cl") + 40])
    assert piece.integrity is not None
    assert piece.integrity.state in ("broken", "not_examined")


@pytest.mark.parametrize("media_type", ["image/png", "image/webp", "application/pdf", "image/bmp", "text/plain", ""])
def test_a_wrong_type_gives_evidence_or_a_reason(media_type):
    for piece in seen(signed(*AI), media_type):
        assert piece.integrity is not None
        assert piece.integrity.state != "trusted"

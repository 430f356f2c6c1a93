"""NovelAI's signature binds the colours; what it does not bind is not believed."""

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from rempart.origin.containers import walk
from rempart.origin.evidence import novelai
from rempart.origin.evidence.novelai import ALPHA_PAINTS, MAYBE_FROM_A_PICTURE, MISMATCH, MORE_FRAMES, NovelAiSignature
from rempart.origin.novelai_signature import PUBLIC_KEY
from rempart.origin.subject import Subject
from rempart.origin.trust import Trust
from rempart.origin.verdict import judge
from rempart.testing.novelai_pictures import SETTINGS, png_of, public_bytes, signed_settings, with_stealth, with_text
from rempart.testing.pictures import pattern

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PICTURE = pattern(4, 96, 80)
SIGNED = signed_settings(PICTURE, KEY)
OURS = NovelAiSignature(public_bytes(KEY))


def seen(data, pixels, source=OURS):
    return tuple(source.observe(Subject(data, "image/png", walk(data, "image/png").segments, Trust(), pixels)))


def test_the_key_of_novelai_is_a_whole_one():
    assert len(PUBLIC_KEY) == 32
    assert novelai.SOURCE.public_key == PUBLIC_KEY


def test_a_signature_in_the_text_holds():
    (piece,) = seen(with_text(PICTURE, SIGNED), PICTURE)
    assert piece.integrity is not None
    assert (piece.integrity.state, piece.strength, piece.claim) == ("trusted", "crypto", "fullyGenAIMedia")
    assert piece.signer is not None
    assert piece.signer.trust_store == "novelai"
    assert judge([piece]).verdict == "ai.signed.full"


def test_a_signature_hidden_in_the_alpha_plane_holds():
    pixels = with_stealth(PICTURE, SIGNED)
    (piece,) = seen(png_of(pixels), pixels)
    assert piece.integrity is not None
    assert (piece.integrity.state, piece.kind) == ("trusted", "stealth")


def test_both_carriers_are_judged():
    pixels = with_stealth(PICTURE, SIGNED)
    assert [piece.kind for piece in seen(with_text(pixels, SIGNED), pixels)] == ["text", "stealth"]


@given(st.integers(0, PICTURE.size - 1))
def test_one_changed_lowest_bit_breaks_it(place):
    changed = PICTURE.copy()
    changed.reshape(-1)[place] ^= 1
    (piece,) = seen(with_text(changed, SIGNED), changed)
    assert piece.integrity is not None
    assert (piece.integrity.state, piece.integrity.codes[0]) == ("broken", MISMATCH)


@pytest.mark.parametrize("change", [{"seed": 8}, {"prompt": "a harbour"}, {"signed_hash": "AAAA"}, {"signed_hash": 3}])
def test_changed_settings_break_it(change):
    (piece,) = seen(with_text(PICTURE, {**SIGNED, **change}), PICTURE)
    assert piece.integrity is not None
    assert piece.integrity.state == "broken"


def test_the_key_of_somebody_else_breaks_it():
    (piece,) = seen(with_text(PICTURE, SIGNED), PICTURE, NovelAiSignature())
    assert judge([piece]).verdict == "broken"


def test_an_alpha_plane_that_paints_a_picture_over_the_signed_colours_is_not_believed():
    photo = pattern(5, 96, 80)[..., 0]
    pixels = np.dstack((PICTURE, photo))
    (piece,) = seen(with_text(pixels, SIGNED), pixels)
    assert piece.integrity is not None
    assert (piece.integrity.state, piece.integrity.codes[0]) == ("broken", ALPHA_PAINTS)


def test_further_frames_are_not_signed():
    animated = with_text(PICTURE, SIGNED) + b"\0\0\0\x08acTL"
    (piece,) = seen(animated, PICTURE)
    assert piece.integrity is not None
    assert piece.integrity.codes[0] == MORE_FRAMES


@pytest.mark.parametrize(
    "settings",
    [
        {**SETTINGS, "request_type": "Img2ImgRequest"},
        {**SETTINGS, "request_type": "NativeInfillingRequest"},
        {key: value for key, value in SETTINGS.items() if key != "request_type"},
        {**SETTINGS, "reference_image_multiple": ["x"]},
    ],
)
def test_what_may_have_begun_with_a_picture_is_derived(settings):
    (piece,) = seen(with_text(PICTURE, signed_settings(PICTURE, KEY, settings)), PICTURE)
    assert piece.integrity is not None
    assert MAYBE_FROM_A_PICTURE in piece.integrity.codes
    assert judge([piece]).verdict == "ai.signed.derived"


@pytest.mark.parametrize("settings", [SETTINGS, {}, {"Comment": 3}])
def test_settings_without_a_signature_give_nothing(settings):
    assert seen(with_text(PICTURE, settings), PICTURE) == ()


def test_the_prompt_is_never_copied():
    assert "lighthouse" not in repr(seen(with_text(PICTURE, SIGNED), PICTURE))


def test_a_picture_nobody_decoded_gives_nothing():
    assert seen(with_text(PICTURE, SIGNED), None) == ()


def test_a_picture_too_large_to_check_says_so():
    flat = np.zeros((1, 1, 3), np.uint8)
    huge = np.broadcast_to(flat, (8_000, 8_000, 3))
    (piece,) = seen(with_text(PICTURE, SIGNED), huge)
    assert piece.reason == "limit: pixels"

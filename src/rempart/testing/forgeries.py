"""Forged origins: what a liar does to a file, and the verdict that our rules demand of it.

`FORGERIES[name].make()` gives the file before and after. None may lower the urgency of the file it was made from, none
may make a false claim `trusted`, and each lands on its verdict. Keys are made at test time.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray
from PIL import Image

from rempart.facts.evidence import Verdict
from rempart.origin.trust import Denial, Product, Trust, TrustStore
from rempart.testing import c2pa_wounds as wounds
from rempart.testing import novelai_pictures as novelai
from rempart.testing.pictures import pattern
from rempart.testing.signing import (
    CLAIM_SIGNING,
    DOCUMENT_SIGNING,
    EMAIL_PROTECTION,
    OPENED,
    Action,
    Authority,
    Credential,
    Ingredient,
    authority,
    sign,
    signed_with_anything,
)

JPEG, PNG = "image/jpeg", "image/png"
CAMERA: Final = (Action("c2pa.created", "digitalCapture"),)
AI: Final = (Action("c2pa.created", "trainedAlgorithmicMedia"),)
CROPPED: Final = (OPENED, Action("c2pa.cropped"))
PRODUCT: Final = "0197aa34-665b-7811-9bbc-317cfd988d0a"
EDITOR: Final = "019a0000-0000-7000-8000-000000000001"
_EXIF, _XMP_HEAD = 0xE1, b"http://ns.adobe.com/xap/1.0/\0"
_CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2"
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Forged:
    """A file before and after the forgery, and whom the examiner believes. pixels: where evidence needs them."""

    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    trust: Trust = field(repr=False)
    media_type: str = JPEG
    pixels: Pixels | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Forgery:
    """make: builds it. verdict: what it must come to.

    honest_scopes: where trusted evidence is no mistake, because somebody believed did sign just that.
    """

    make: Callable[[], Forged]
    verdict: Verdict
    honest_scopes: frozenset[str] = frozenset()


class Stage:
    """An authority everybody believes, one nobody does, and pictures."""

    def __init__(self) -> None:
        self.root = authority("Believed root")
        self.stranger = authority("Stranger")
        self.stamping = authority("Timestamp root")
        self.camera = self.root.issue("Believed camera", assurance_level=2, product_record=PRODUCT)
        self.editor = self.root.issue("Believed editor", assurance_level=1, product_record=EDITOR)
        self.plain = jpeg_of(pattern(1, 160, 120))
        self.other = jpeg_of(pattern(2, 160, 120))
        self.photo = jpeg_of(pattern(3, 160, 120), exif=True)

    def trust(self, *denials: Denial) -> Trust:
        """The believed root as the official store, with a list of products and these denials."""
        listed = (
            Product(PRODUCT, "Believed camera", 2, frozenset()),
            Product(EDITOR, "Believed editor", 1, frozenset({"capturedMedia", "capturedMediaStitched"})),
        )
        stores = (TrustStore("official", self.root.pem, issued="2026-08-05", next_update="2027-08-05"),)
        return Trust(stores, self.stamping.pem, denials, listed, "2026-08-05")

    def forged(self, after: bytes, before: bytes | None = None, **changes: object) -> Forged:
        """The forgery made from the plain picture unless another one is named."""
        made = Forged(self.plain if before is None else before, after, self.trust())
        return replace(made, **changes)  # type: ignore[arg-type]


@cache
def stage() -> Stage:
    """The one stage of this process."""
    return Stage()


def jpeg_of(pixels: Pixels, *, exif: bool = False) -> bytes:
    """A JPEG, with what a camera notes about an exposure when asked for."""
    out = io.BytesIO()
    image = Image.fromarray(pixels)
    if not exif:
        image.save(out, "JPEG", quality=90)
        return out.getvalue()
    notes = image.getexif()
    notes.update({271: "NIKON CORPORATION", 272: "NIKON D70", 306: "2025:06:01 10:11:12"})
    detail = {33434: 0.008, 33437: 5.6, 34855: 200, 36867: "2025:06:01 10:11:12", 37386: 50.0, 37520: "42"}
    size = {40962: image.width, 40963: image.height}
    notes.get_ifd(34665).update(detail | size)
    image.save(out, "JPEG", quality=90, exif=notes)
    return out.getvalue()


def xmp_segment(term: str) -> bytes:
    """An XMP packet for a JPEG that declares this digital source type."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{term}"/>'
        "</rdf:RDF></x:xmpmeta>"
    )
    return wounds.jpeg_segment(_EXIF, _XMP_HEAD + packet.encode())


def _tags_on(photo: bytes) -> Forged:
    return stage().forged(wounds.with_segments(photo, xmp_segment("trainedAlgorithmicMedia")), photo)


def _self_signed(actions: tuple[Action, ...], before: bytes | None = None) -> Forged:
    base = stage().plain if before is None else before
    return stage().forged(sign(base, JPEG, stage().stranger.issue("Leica Camera AG"), actions), base)


def _signed(credential: Credential, actions: tuple[Action, ...], trust: Trust | None = None) -> Forged:
    made = stage().forged(sign(stage().plain, JPEG, credential, actions))
    return made if trust is None else replace(made, trust=trust)


def _transplanted(actions: tuple[Action, ...]) -> Forged:
    """The whole store of a believed signer, put before the pixels of another picture."""
    store = wounds.jpeg_store(sign(stage().plain, JPEG, stage().camera, actions))
    return stage().forged(wounds.with_segments(stage().other, store), stage().other)


def _laundered(actions: tuple[Action, ...]) -> Forged:
    """A stranger's claim, opened and saved by a believed editor."""
    inner = sign(stage().plain, JPEG, stage().stranger.issue("Leica Camera AG"), actions)
    return stage().forged(sign(inner, JPEG, stage().editor, CROPPED, ingredients=(Ingredient(inner),)))


def _denied(since: str, until: str) -> Forged:
    denial = Denial(stage().root.name, stage().camera.serial, since, until, "signed foreign pictures")
    return _signed(stage().camera, CAMERA, stage().trust(denial))


def _stale() -> Forged:
    """The official list should have been replaced, and its signers are still on it."""
    trust = stage().trust()
    old = replace(trust.stores[0], next_update="2026-01-01", stale_since="2026-01-01")
    return _signed(stage().camera, CAMERA, replace(trust, stores=(old,)))


def _gathered() -> Forged:
    return stage().forged(sign(stage().plain, JPEG, stage().camera, AI, created=False))


def _remote() -> Forged:
    address = "http://manifests.example/picture.c2pa"
    return stage().forged(sign(stage().plain, JPEG, stage().camera, AI, remote_url=address))


def _ai_from_a_photo() -> Forged:
    """A real photograph passed through a believed AI product, which lists it as an ingredient."""
    photo = Ingredient(stage().plain, relationship="componentOf")
    return stage().forged(sign(stage().plain, JPEG, stage().camera, AI, ingredients=(photo,)))


def _cyclic() -> Forged:
    """A store in which the innermost manifest has become the outermost: every ingredient leads back to it."""
    labels: list[bytes] = []
    picture = stage().plain
    for _ in range(3):
        parts = (Ingredient(picture),) if labels else ()
        picture = sign(picture, JPEG, stage().camera, CROPPED if labels else CAMERA, ingredients=parts)
        labels.append(wounds.last_manifest(picture))
    return stage().forged(picture.replace(labels[0], labels[-1]))


def _wounded(wound: Callable[[bytes], bytes], actions: tuple[Action, ...] = CAMERA) -> Forged:
    return stage().forged(wound(sign(stage().plain, JPEG, stage().camera, actions)))


def _bomb(store: bytes) -> Forged:
    before = novelai.png_of(pattern(1, 160, 120))
    return stage().forged(wounds.png_with_store(before, store), before, media_type=PNG)


def _spoofed() -> Forged:
    """A root with the very name of the believed one, and another key."""
    return _signed(authority(stage().root.name).issue("Believed camera"), CAMERA)


def _leaf_as_authority() -> Forged:
    """A believed signer issues a certificate, though it is no authority."""
    own = stage().camera
    rogue = Authority(own.certificate, own.key, own.chain_pem).issue("Leica Camera AG")
    return _signed(rogue, CAMERA)


def _novelai(change: Callable[[Pixels], Pixels]) -> Forged:
    """A signed comment over pixels that were changed afterwards; the key is not NovelAI's either."""
    pixels = pattern(1, 160, 120)
    settings = novelai.signed_settings(pixels, Ed25519PrivateKey.generate())
    changed = change(pixels)
    after = novelai.with_text(changed, settings)
    return stage().forged(after, novelai.png_of(pixels), media_type=PNG, pixels=changed)


def _with_usages(*usages: str) -> Forged:
    return _signed(stage().root.issue("Believed camera", usages=usages), CAMERA)


def _expired() -> Forged:
    long_ago = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))
    return stage().forged(signed_with_anything(stage().plain, stage().root, AI, valid=long_ago))


def _for_something_else() -> Forged:
    """A certificate of the believed root that was made for logging in."""
    usages = (_CLIENT_AUTHENTICATION,)
    return stage().forged(signed_with_anything(stage().plain, stage().root, CAMERA, usages=usages))


WHOLE: Final = frozenset({"whole"})
FORGERIES: Final[dict[str, Forgery]] = {
    "AI tags pasted on a picture": Forgery(lambda: _tags_on(stage().plain), "ai.declared"),
    "AI tags pasted on a camera file": Forgery(lambda: _tags_on(stage().photo), "conflict"),
    "self-signed camera": Forgery(lambda: _self_signed(CAMERA), "captured.indicated"),
    "self-signed AI": Forgery(lambda: _self_signed(AI), "ai.declared"),
    "self-signed AI on a camera file": Forgery(lambda: _self_signed(AI, stage().photo), "conflict"),
    "AI manifest of another picture": Forgery(lambda: _transplanted(AI), "broken"),
    "camera manifest of another picture": Forgery(lambda: _transplanted(CAMERA), "broken"),
    "two manifest stores": Forgery(
        lambda: _wounded(lambda signed: wounds.with_segments(signed, wounds.jpeg_store(_transplanted(AI).after))),
        "broken",
    ),
    "believed editor over a stranger's camera": Forgery(lambda: _laundered(CAMERA), "captured.indicated", WHOLE),
    "believed editor over a stranger's AI": Forgery(lambda: _laundered(AI), "ai.declared", WHOLE),
    "claim that the product may not make": Forgery(lambda: _signed(stage().editor, CAMERA), "conflict", WHOLE),
    "certificate on the deny list": Forgery(lambda: _denied("2025-08-01", "2030-01-01"), "conflict", WHOLE),
    "certificate denied for another time": Forgery(
        lambda: _denied("2020-01-01", "2020-02-01"), "captured.signed", WHOLE
    ),
    "stale trust list": Forgery(_stale, "captured.signed", WHOLE),
    "claim-signing certificate": Forgery(lambda: _with_usages(CLAIM_SIGNING), "captured.signed", WHOLE),
    "document-signing certificate": Forgery(lambda: _with_usages(DOCUMENT_SIGNING), "captured.signed", WHOLE),
    "e-mail certificate": Forgery(lambda: _with_usages(EMAIL_PROTECTION), "captured.signed", WHOLE),
    "certificate for something else": Forgery(_for_something_else, "captured.indicated"),
    "authority of timestamps signs a camera": Forgery(
        lambda: _signed(stage().stamping.issue("Clock"), CAMERA), "captured.indicated"
    ),
    "authority with a believed name": Forgery(_spoofed, "captured.indicated"),
    "signer that issues certificates": Forgery(_leaf_as_authority, "captured.indicated"),
    "expired certificate": Forgery(_expired, "ai.declared"),
    "manifest behind an address": Forgery(_remote, "unknown"),
    "AI claim only gathered": Forgery(_gathered, "ai.declared", WHOLE),
    "photograph passed through a believed AI": Forgery(_ai_from_a_photo, "ai.signed.derived", WHOLE),
    "boxes nested a thousand deep": Forgery(lambda: _bomb(wounds.nested_store(1_000)), "unknown"),
    "a hundred thousand boxes": Forgery(lambda: _bomb(wounds.crowded_store(100_000)), "unknown"),
    "empty store": Forgery(lambda: _bomb(wounds.superbox("c2pa", b"")), "broken"),
    "ingredients in a circle": Forgery(_cyclic, "broken"),
    "endless CBOR in the claim": Forgery(
        lambda: _wounded(lambda signed: wounds.with_endless_cbor(signed, "c2pa.claim.v2")), "broken"
    ),
    "endless CBOR in the signature": Forgery(
        lambda: _wounded(lambda signed: wounds.with_endless_cbor(signed, "c2pa.signature")), "broken"
    ),
    "claim changed after signing": Forgery(
        lambda: _wounded(lambda signed: wounds.with_flipped_byte(signed, b"c2pa.claim.v2", 60), AI), "broken"
    ),
    "camera turned into AI after signing": Forgery(
        lambda: _wounded(lambda signed: signed.replace(b"/digitalCapture", b"/compositeTrain")), "broken"
    ),
    "one pixel changed after signing": Forgery(
        lambda: _wounded(lambda signed: signed[:-40] + bytes([signed[-40] ^ 1]) + signed[-39:], AI), "broken"
    ),
    "NovelAI signature by another key": Forgery(lambda: _novelai(lambda pixels: pixels), "broken"),
    "NovelAI signature of another picture": Forgery(lambda: _novelai(lambda pixels: pixels[::-1].copy()), "broken"),
}

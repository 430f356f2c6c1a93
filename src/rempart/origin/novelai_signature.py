"""NovelAI's signature: Ed25519 over the colours of the picture and the settings, so it cannot be pasted elsewhere.

Source: the public verifier of NovelAI (novelai-image-metadata, MIT): the message is the RGB bytes row by row, then the
settings as Python's `json.dumps` writes them, without `signed_hash`. The shape and the alpha plane are not signed.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Final

import numpy as np
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rempart.origin.subject import Pixels

PUBLIC_KEY: Final = base64.b64decode("Y2JcQAOhLwzwSDUJPNgL04nS0Tbqm7cSRc4xk0vRMic=")
FIELD: Final = "signed_hash"
_OPAQUE_BUT_FOR_THE_LOWEST_BIT = 254
_FROM_TEXT = "PromptGenerateRequest"
_OF_PICTURES: Final = ("image", "reference", "director", "mask", "controlnet")


def verifies(pixels: Pixels, settings: Mapping[str, object], public_key: bytes) -> bool:
    """Whether the signature in the settings is one over these colours and settings."""
    claimed = settings.get(FIELD)
    rest = {name: value for name, value in settings.items() if name != FIELD}
    try:
        signature = base64.b64decode(str(claimed), validate=True)
        message = np.ascontiguousarray(pixels[..., :3]).tobytes() + json.dumps(rest).encode()
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (binascii.Error, ValueError, RecursionError, InvalidSignature):
        return False
    return True


def shows_its_colours(pixels: Pixels) -> bool:
    """Whether the unsigned alpha plane leaves the signed colours visible; it could paint another picture instead."""
    return pixels.shape[2] < 4 or int(pixels[..., 3].min()) >= _OPAQUE_BUT_FOR_THE_LOWEST_BIT


def is_from_text_alone(settings: Mapping[str, object]) -> bool:
    """Whether the signed settings say that only words went in. Anything else may have begun with a real picture."""
    pictures = [name for name in settings if name.lower().startswith(_OF_PICTURES) and settings[name]]
    return settings.get("request_type") == _FROM_TEXT and not pictures

"""Pictures signed the way NovelAI signs, with keys of our own: in a PNG text and in the lowest bits of alpha."""

import base64
import gzip
import io
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

Pixels = NDArray[np.uint8]
SETTINGS: Final = {"prompt": "a lighthouse", "steps": 28, "seed": 7, "request_type": "PromptGenerateRequest"}
_MAGIC = b"stealth_pngcomp"


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The public key as the examiner takes it."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signed_settings(pixels: Pixels, key: Ed25519PrivateKey, settings: Mapping[str, Any] = SETTINGS) -> dict[str, Any]:
    """The settings with a signature over them and the colours."""
    message = np.ascontiguousarray(pixels[..., :3]).tobytes() + json.dumps(dict(settings)).encode()
    return {**settings, "signed_hash": base64.b64encode(key.sign(message)).decode()}


def with_text(pixels: Pixels, settings: Mapping[str, Any]) -> bytes:
    """A PNG whose texts hold the settings."""
    texts = PngInfo()
    texts.add_text("Software", "NovelAI")
    texts.add_text("Comment", json.dumps(dict(settings)))
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", pnginfo=texts)
    return out.getvalue()


def with_stealth(pixels: Pixels, settings: Mapping[str, Any]) -> Pixels:
    """RGBA pixels whose lowest bits of alpha hold the settings, column by column."""
    payload = gzip.compress(
        json.dumps({"Software": "NovelAI", "Comment": json.dumps(dict(settings))}).encode(), mtime=0
    )
    message = _MAGIC + (len(payload) * 8).to_bytes(4, "big") + payload
    bits = np.unpackbits(np.frombuffer(message, np.uint8))
    height, width = pixels.shape[:2]
    plane = np.full(height * width, 255, np.uint8)
    plane[: len(bits)] = 254 | bits
    return np.dstack((pixels[..., :3], plane.reshape(width, height).T))


def png_of(pixels: Pixels) -> bytes:
    """The pixels as a PNG without any text."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()

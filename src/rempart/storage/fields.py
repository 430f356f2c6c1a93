"""Small secrets inside database rows: sealed values that can be opened, and blind values that can only be compared.

Each purpose has its own key, derived from the key ring. A sealed field is bound to its purpose: moved to another
column it does not open. A blind value lets equal values be found without standing anywhere.
"""

import hmac
import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rempart.errors import Broken
from rempart.storage.keys import KeyRing

NONCE_BYTES = 12
BLIND_HEX = 40


class Fields:
    """Seals, opens and blinds the fields of one installation."""

    def __init__(self, keys: KeyRing) -> None:
        self._root = keys.derivation_secret()
        self._ciphers: dict[str, ChaCha20Poly1305] = {}

    def __repr__(self) -> str:
        return "Fields(***)"

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """The value as it may stand in a row."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(purpose).encrypt(nonce, plain, purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """The value. Raises Broken when it was changed, sealed for another purpose, or with another key."""
        try:
            return self._cipher(purpose).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            raise Broken(f"a sealed `{purpose}` field cannot be opened: changed, or sealed with another key") from None

    def seal_text(self, purpose: str, plain: str) -> bytes:
        """The text as it may stand in a row."""
        return self.seal(purpose, plain.encode())

    def unseal_text(self, purpose: str, sealed: bytes) -> str:
        """The text. Raises Broken as `unseal` does."""
        return self.unseal(purpose, sealed).decode()

    def blind(self, purpose: str, value: bytes) -> str:
        """The same text for the same value and purpose; nothing else can be learnt from it without the key."""
        return hmac.new(self._key("blind:" + purpose), value, sha256).hexdigest()[:BLIND_HEX]

    def _cipher(self, purpose: str) -> ChaCha20Poly1305:
        if purpose not in self._ciphers:
            self._ciphers[purpose] = ChaCha20Poly1305(self._key("seal:" + purpose))
        return self._ciphers[purpose]

    def _key(self, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"rempart field " + purpose.encode()).derive(self._root)

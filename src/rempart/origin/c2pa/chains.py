"""Which named trust store a signer's chain ends in: checked by ourselves, because the SDK does not name it reliably."""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from rempart.origin.c2pa.certificates import MOST_CHAIN, Leaf
from rempart.origin.c2pa.keeping import kept
from rempart.origin.trust import Trust, TrustStore

SIGNING_USAGES: Final = (
    "1.3.6.1.5.5.7.3.4",  # emailProtection
    "1.3.6.1.5.5.7.3.36",  # documentSigning
    "1.3.6.1.4.1.311.76.59.1.9",  # Microsoft C2PA signing
    "1.3.6.1.4.1.62558.2.1",  # C2PA claim signing
)
_CERTIFICATE: Final = re.compile(r"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")
_HASH_LINE: Final = re.compile(r"[A-Za-z0-9+/]{43}=")


def store_of(leaf: Leaf, trust: Trust, at: datetime) -> TrustStore | None:
    """The first store in which the chain ends, valid at that time; None when in none."""
    if not leaf.since <= at <= leaf.until or not set(leaf.usages) & set(SIGNING_USAGES):
        return None
    return next((known.store for known in _known(trust) if known.vouches_for(leaf, at)), None)


def certificates_in(pem: str) -> Iterator[x509.Certificate]:
    """The certificates of a PEM bundle that can be read; the text between them does not matter."""
    for block in _CERTIFICATE.findall(pem):
        try:
            yield x509.load_pem_x509_certificate(block.encode())
        except ValueError:
            continue  # one unreadable authority may not take the others with it; importing a list reports it


@dataclass(frozen=True, slots=True)
class _Known:
    """A store, parsed."""

    store: TrustStore
    anchors: dict[bytes, tuple[x509.Certificate, ...]]
    allowed: frozenset[bytes]

    def vouches_for(self, leaf: Leaf, at: datetime) -> bool:
        """Whether the leaf is allowed by itself, or an authority of the store stands above it."""
        return bytes.fromhex(leaf.sha256) in self.allowed or self._above(leaf.chain, at)

    def _above(self, chain: Sequence[x509.Certificate], at: datetime) -> bool:
        """Up the chain, each step signed by the next, until an anchor has signed one."""
        certificate = chain[0]
        for _ in range(MOST_CHAIN):
            if any(
                _has_issued(anchor, certificate, at) for anchor in self.anchors.get(_subject(certificate.issuer), ())
            ):
                return True
            above = next((other for other in chain[1:] if _has_issued(other, certificate, at)), None)
            if above is None or above == certificate:
                return False
            certificate = above
        return False


def _has_issued(authority: x509.Certificate, certificate: x509.Certificate, at: datetime) -> bool:
    """Whether this authority, valid at that time, signed that certificate."""
    if authority.subject != certificate.issuer or not _may_issue(authority, at):
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _may_issue(authority: x509.Certificate, at: datetime) -> bool:
    try:
        basic = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    in_time = authority.not_valid_before_utc <= at <= authority.not_valid_after_utc
    return basic.ca and usage.key_cert_sign and in_time


@kept
def _known(trust: Trust) -> tuple[_Known, ...]:
    return tuple(_Known(store, _by_subject(store.anchors_pem), _allowed(store.allowed_pem)) for store in trust.stores)


def _by_subject(pem: str) -> dict[bytes, tuple[x509.Certificate, ...]]:
    found: dict[bytes, tuple[x509.Certificate, ...]] = {}
    for certificate in certificates_in(pem):
        subject = _subject(certificate.subject)
        found[subject] = (*found.get(subject, ()), certificate)
    return found


def _allowed(text: str) -> frozenset[bytes]:
    """SHA-256 of every leaf that is allowed by itself, given as a certificate or as a line with its base64 hash."""
    whole = (hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest() for certificate in certificates_in(text))
    lines = (line.strip() for line in _CERTIFICATE.sub("", text).splitlines())
    return frozenset((*whole, *(base64.b64decode(line) for line in lines if _HASH_LINE.fullmatch(line))))


def _subject(name: x509.Name) -> bytes:
    return name.public_bytes()

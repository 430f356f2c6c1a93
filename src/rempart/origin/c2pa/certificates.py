"""The certificate behind a manifest: who signed, at which assurance level, for which product."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

MOST_SIGNATURE_BYTES: Final = 2**20
MOST_CHAIN: Final = 10
ASSURANCE_LEVEL: Final = x509.ObjectIdentifier("1.3.6.1.4.1.62558.3")
PRODUCT_RECORD: Final = x509.ObjectIdentifier("1.3.6.1.4.1.62558.4")
_LEVELS: Final = {bytes.fromhex("2b0601040183e85e030a"): 1, bytes.fromhex("2b0601040183e85e0314"): 2}
_OBJECT_IDENTIFIER, _SEQUENCE, _STRINGS = 0x06, 0x30, (0x0C, 0x13, 0x16)
_COSE_SIGN1, _X5CHAIN = 18, 33
_MOST_DEPTH = 12
_TAGS_WITH_MEANING: Final = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 43, 100, 256, 258, 260, 261, 1004, 43000)
_MOST_NAME = 80


class Unreadable(Exception):
    """There is no certificate to be read; the message is one of a few words of ours."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The certificate that signed, as far as the rules ask for it.

    serial: decimal. usages: extended key usages, dotted. chain: leaf first, as the manifest carries it.
    """

    name: str
    issuer: str
    serial: str
    sha256: str
    usages: tuple[str, ...]
    assurance_level: int | None
    product_record: str
    since: datetime
    until: datetime
    chain: tuple[x509.Certificate, ...] = field(repr=False)


def leaf_of(signature: bytes) -> Leaf:
    """The leaf in a COSE signature. Raises Unreadable."""
    chain = tuple(_certificate(der) for der in _chain(signature))
    leaf = chain[0]
    try:
        return Leaf(
            name=_common_name(leaf.subject),
            issuer=_common_name(leaf.issuer),
            serial=str(leaf.serial_number),
            sha256=hashlib.sha256(leaf.public_bytes(Encoding.DER)).hexdigest(),
            usages=_usages(leaf),
            assurance_level=_LEVELS.get(_extension(leaf, ASSURANCE_LEVEL, (_OBJECT_IDENTIFIER,))),
            product_record=_plain(_extension(leaf, PRODUCT_RECORD, _STRINGS).decode("ascii", "replace"), 36),
            since=leaf.not_valid_before_utc,
            until=leaf.not_valid_after_utc,
            chain=chain,
        )
    except (ValueError, x509.DuplicateExtension) as error:
        raise Unreadable("certificate") from error


def _chain(signature: bytes) -> list[bytes]:
    """The certificates of a COSE_Sign1, leaf first."""
    if len(signature) > MOST_SIGNATURE_BYTES:
        raise Unreadable("size of the signature")
    message = _decoded(signature)
    parts = message.value if isinstance(message, cbor2.CBORTag) and message.tag == _COSE_SIGN1 else message
    if not isinstance(parts, Sequence) or len(parts) != 4 or not isinstance(parts[0], bytes):
        raise Unreadable("signature")
    for header in (_decoded(parts[0]) if parts[0] else {}, parts[1]):
        if isinstance(header, Mapping) and (found := header.get(_X5CHAIN, header.get("x5chain"))):
            return _listed(found)
    raise Unreadable("certificate chain")


def _refuse(*_: object) -> Any:
    """Nothing: no tag has a meaning here, and decoding regular expressions, mails or dates is only a risk."""
    raise ValueError


_NO_MEANING: Final = dict.fromkeys(_TAGS_WITH_MEANING, _refuse)


def _decoded(data: bytes) -> Any:
    try:
        return cbor2.loads(data, max_depth=_MOST_DEPTH, semantic_decoders=_NO_MEANING)
    except (cbor2.CBORDecodeError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise Unreadable("encoding of the signature") from error


def _listed(found: Any) -> list[bytes]:
    listed = [found] if isinstance(found, bytes) else found
    if not isinstance(listed, list | tuple) or len(listed) > MOST_CHAIN:
        raise Unreadable("certificate chain")
    if not all(isinstance(der, bytes) for der in listed):
        raise Unreadable("certificate chain")
    return list(listed)


def _certificate(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise Unreadable("certificate") from error


def _usages(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        return tuple(
            usage.dotted_string for usage in leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        )
    except x509.ExtensionNotFound:
        return ()


def _extension(leaf: x509.Certificate, oid: x509.ObjectIdentifier, tags: tuple[int, ...]) -> bytes:
    """The content of the first value with one of these tags in the extension; empty when there is none."""
    try:
        value = leaf.extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return b""
    return _first(value.value, tags) if isinstance(value, x509.UnrecognizedExtension) else b""


def _first(der: bytes, tags: tuple[int, ...], depth: int = 0) -> bytes:
    """Short DER only: tag, one length byte, content; sequences are looked into."""
    while len(der) >= 2 and der[1] < 0x80 and depth < _MOST_DEPTH:
        tag, content, der = der[0], der[2 : 2 + der[1]], der[2 + der[1] :]
        if tag in tags:
            return content
        if tag == _SEQUENCE and (inside := _first(content, tags, depth + 1)):
            return inside
    return b""


def _common_name(name: x509.Name) -> str:
    """The common name, else the organisation, with nothing that could not be shown."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return _plain(str(attribute.value), _MOST_NAME)
    return ""


def _plain(text: str, length: int) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:length].strip()

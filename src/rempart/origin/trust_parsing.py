"""The files that say whom to believe, read strictly: what cannot be understood is refused by name, never skipped."""

import base64
import binascii
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from cryptography import x509

from rempart.errors import UserMistake
from rempart.origin.trust import Denial, Product

MOST_FILE_BYTES: Final = 32 * 2**20
_BLOCK: Final = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_HASH_LINE: Final = re.compile(r"[A-Za-z0-9+/]{43}=")
_COMMENTS: Final = ("#", "//")
_TRUSTED_STATUS: Final = "/trusted"
_DENIAL_KEYS: Final = frozenset({"issuer", "serial", "since", "until", "why"})


@dataclass(frozen=True, slots=True)
class Authorities:
    """Certificates of a list, and the dates it states itself; empty where it states none."""

    pem: str = field(repr=False)
    count: int
    issued: str = ""
    next_update: str = ""


def authorities(content: bytes) -> Authorities:
    """The authorities of a PEM bundle or of a C2PA trust list in JSON (ETSI TS 119 602). Raises UserMistake."""
    text = _text(content, "trust list")
    return _from_list(text) if text.lstrip().startswith("{") else _from_pem(text)


def allowed_leaves(content: bytes) -> str:
    """Leaf certificates as PEM, and lines with the base64 SHA-256 of others. Raises UserMistake."""
    text = _text(content, "list of allowed certificates")
    blocks = _BLOCK.findall(text)
    lines = [line.strip() for line in _BLOCK.sub("", text).splitlines()]
    hashes = [line for line in lines if _HASH_LINE.fullmatch(line)]
    strange = [n for n, line in enumerate(lines, 1) if line and line not in hashes and not line.startswith(_COMMENTS)]
    if strange and not blocks:
        raise UserMistake(f"line {strange[0]} of the list of allowed certificates is neither PEM nor a base64 SHA-256")
    if not blocks and not hashes:
        raise UserMistake("the list of allowed certificates is empty; expected PEM blocks or base64 SHA-256 lines")
    for number, block in enumerate(blocks, 1):
        _checked(block, number)
    return "\n".join((*blocks, *hashes)) + "\n"


def products(content: bytes) -> tuple[Product, ...]:
    """The records of `conforming-products-list.json`. Raises UserMistake."""
    records = _json(_text(content, "list of conforming products"), "list of conforming products")
    if not isinstance(records, list) or not records:
        raise UserMistake("the list of conforming products is not a JSON array of records")
    return tuple(_product(record, number) for number, record in enumerate(records, 1))


def denials(content: bytes) -> tuple[Denial, ...]:
    """The entries of our deny list, in TOML (`[[deny]]` tables) or JSON (`{"deny": [...]}`). Raises UserMistake.

    Each names an `issuer` (common name), a `serial` (decimal, or hexadecimal after 0x) or both; `since` and `until`
    (ISO dates) bound the time of signing; `why` says why.
    """
    text = _text(content, "deny list")
    record = _json(text, "deny list") if text.lstrip().startswith("{") else _toml(text)
    entries = record.get("deny") if isinstance(record, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UserMistake("the deny list has no entries; expected [[deny]] tables or a JSON array called deny")
    return tuple(_denial(entry, number) for number, entry in enumerate(entries, 1))


def iso_date(value: object, what: str) -> str:
    """The date in ISO form, empty for none. Raises UserMistake."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = "" if value is None else str(value).strip()
    try:
        return datetime.fromisoformat(text).date().isoformat() if text else ""
    except ValueError as error:
        raise UserMistake(f"{what} is not a date; write it as 2026-11-22") from error


def _from_pem(text: str) -> Authorities:
    blocks = _BLOCK.findall(text)
    if not blocks:
        raise UserMistake("the trust list holds no certificate; expected a PEM bundle or the JSON list of C2PA")
    if text.count("-----BEGIN CERTIFICATE-----") != len(blocks):
        raise UserMistake("the trust list is cut off: a certificate begins and does not end; fetch the file again")
    for number, block in enumerate(blocks, 1):
        _checked(block, number)
    return Authorities("\n".join(blocks) + "\n", len(blocks))


def _from_list(text: str) -> Authorities:
    record = _json(text, "trust list")
    listed = record.get("LoTE")
    about = listed.get("ListAndSchemeInformation") if isinstance(listed, dict) else None
    if not isinstance(listed, dict) or not isinstance(about, dict):
        raise UserMistake("the trust list is JSON, but no list of trusted entities (LoTE); fetch the file again")
    blocks = [_pem_of(value, number) for number, value in enumerate(_certificates(listed), 1)]
    if not blocks:
        raise UserMistake("the trust list names no trusted certificate; fetch the file again")
    for number, block in enumerate(blocks, 1):
        _checked(block, number)
    issued = iso_date(about.get("ListIssueDateTime"), "the issue date of the trust list")
    next_update = iso_date(about.get("NextUpdate"), "the next update of the trust list")
    return Authorities("".join(blocks), len(blocks), issued, next_update)


def _certificates(listed: dict[str, Any]) -> Iterator[object]:
    """The certificates of every service that the list calls trusted today."""
    for entity in _dictionaries(listed.get("TrustedEntitiesList")):
        for service in _dictionaries(entity.get("TrustedEntityServices")):
            about = service.get("ServiceInformation")
            if not isinstance(about, dict) or not str(about.get("ServiceStatus", "")).endswith(_TRUSTED_STATUS):
                continue
            identity = about.get("ServiceDigitalIdentity")
            found = identity.get("X509Certificates") if isinstance(identity, dict) else None
            yield from (one.get("val") for one in _dictionaries(found))


def _pem_of(value: object, number: int) -> str:
    try:
        der = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UserMistake(f"certificate {number} of the trust list is not base64; fetch the file again") from error
    lines = base64.encodebytes(der).decode().replace("\n", "")
    wrapped = "\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return f"-----BEGIN CERTIFICATE-----\n{wrapped}\n-----END CERTIFICATE-----\n"


def _checked(block: str, number: int) -> None:
    try:
        x509.load_pem_x509_certificate(block.encode())
    except ValueError as error:
        raise UserMistake(f"certificate {number} cannot be read; fetch the file again") from error


def _product(record: object, number: int) -> Product:
    found = record.get("product") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(found, dict) or not isinstance(record.get("recordId"), str):
        raise UserMistake(f"record {number} of the list of conforming products has no recordId or no product")
    level = _dictionary(found.get("assurance")).get("maxAssuranceLevel")
    forbidden = _dictionary(found.get("disallowedSignals")).get("inception", [])
    if not isinstance(forbidden, list) or not all(isinstance(name, str) for name in forbidden):
        raise UserMistake(f"record {number} of the list of conforming products has a disallowedSignals that is no list")
    return Product(
        record_id=record["recordId"],
        name=str(_dictionary(found.get("DN")).get("CN", "")),
        max_assurance_level=level if isinstance(level, int) else None,
        disallowed_inception=frozenset(forbidden),
    )


def _denial(entry: dict[str, Any], number: int) -> Denial:
    unknown = sorted(set(entry) - _DENIAL_KEYS)
    if unknown:
        raise UserMistake(f"entry {number} of the deny list has a key that means nothing; keys are {_KEYS}")
    issuer, serial = str(entry.get("issuer", "")).strip(), _serial(entry.get("serial", ""), number)
    if not issuer and not serial:
        raise UserMistake(f"entry {number} of the deny list names neither issuer nor serial; name at least one")
    since = iso_date(entry.get("since"), f"since of entry {number} of the deny list")
    until = iso_date(entry.get("until"), f"until of entry {number} of the deny list")
    if since and until and until < since:
        raise UserMistake(f"entry {number} of the deny list ends before it begins")
    return Denial(issuer, serial, since, until, str(entry.get("why", "")))


_KEYS: Final = ", ".join(sorted(_DENIAL_KEYS))


def _serial(value: object, number: int) -> str:
    """The serial in decimal."""
    text = str(value).strip().lower()
    if not text:
        return ""
    try:
        return str(int(text, 16) if text.startswith("0x") else int(text))
    except ValueError as error:
        message = f"serial of entry {number} of the deny list is no number; write decimal, or hexadecimal after 0x"
        raise UserMistake(message) from error


def _text(content: bytes, what: str) -> str:
    if len(content) > MOST_FILE_BYTES:
        raise UserMistake(f"the {what} is larger than {MOST_FILE_BYTES // 2**20} MiB, which no such list is")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserMistake(f"the {what} is not text; give the PEM, JSON or TOML file, not a binary one") from error


def _json(text: str, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserMistake(f"the {what} is not readable JSON; fetch the file again") from error


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UserMistake("the deny list is neither JSON nor readable TOML") from error


def _dictionary(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dictionaries(value: object) -> Iterator[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())

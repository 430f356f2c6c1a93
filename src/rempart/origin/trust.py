"""Whom we believe: named trust stores with their dates, a deny list, and the list of conforming products."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TrustStore:
    """One named set of certificate authorities.

    name: `official`, `interim`, or the operator's own. anchors_pem: PEM of the authorities. allowed_pem: leaf
    certificates that are trusted by themselves, or lines with their base64 SHA-256. issued, next_update: ISO dates as
    the publisher states them. stale_since: the date since which it should have been replaced; empty when it is fresh.
    """

    name: str
    anchors_pem: str = field(repr=False)
    allowed_pem: str = field(default="", repr=False)
    issued: str = ""
    next_update: str = ""
    stale_since: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """A certificate that is not believed for signatures made in a span of time, and why.

    issuer: common name, or empty for any. serial: decimal, or empty for any. since, until: ISO dates, empty = open.
    """

    issuer: str
    serial: str
    since: str = ""
    until: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """One record of the conforming-products list: which inception claims it may not make."""

    record_id: str
    name: str
    max_assurance_level: int | None = None
    disallowed_inception: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trust:
    """Everything that decides whether a signer is believed. Empty: nobody is, and that is said."""

    stores: tuple[TrustStore, ...] = ()
    timestamp_anchors_pem: str = field(default="", repr=False)
    denials: tuple[Denial, ...] = ()
    products: tuple[Product, ...] = ()
    products_issued: str = ""


def trust_to_json(trust: Trust) -> dict[str, Any]:
    """Everything as JSON values, to be handed to the sandbox."""
    record = asdict(trust)
    products = [{**one, "disallowed_inception": sorted(one["disallowed_inception"])} for one in record["products"]]
    return {**record, "products": products}


def trust_from_json(record: dict[str, Any]) -> Trust:
    """The trust that `trust_to_json` gave."""
    products = [{**one, "disallowed_inception": frozenset(one["disallowed_inception"])} for one in record["products"]]
    return Trust(
        stores=tuple(TrustStore(**store) for store in record["stores"]),
        timestamp_anchors_pem=record["timestamp_anchors_pem"],
        denials=tuple(Denial(**denial) for denial in record["denials"]),
        products=tuple(Product(**product) for product in products),
        products_issued=record["products_issued"],
    )

"""Whose an internet address is, from files of the operator: MaxMind's format (.mmdb), or ranges as CSV.

Rempart ships no such data. A CSV has the columns network, asn, organisation and country; lines that begin with # are
remarks. Where several files know an address, the first that knows a value wins; in a file the smallest network does.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Protocol

import structlog

from rempart.errors import UserMistake

log = structlog.get_logger("rempart.hosting")

COLUMNS = ("network", "asn", "organisation", "country")
_LARGEST_ASN = 2**32 - 1
_LONGEST_NAME = 120
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an address is. asn: None, and texts empty, where a file does not know. source: the files that said so."""

    asn: int | None = None
    organisation: str = ""
    country: str = ""
    source: str = ""


class Database(Protocol):
    """One file."""

    def find(self, address: Address) -> Owner | None:
        """What it knows of the address, or None."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Networks of a CSV file: version and length of the prefix -> network -> owner."""

    by_prefix: dict[tuple[int, int], dict[int, Owner]] = field(repr=False)

    def find(self, address: Address) -> Owner | None:
        """What the smallest network with this address says."""
        for length in range(address.max_prefixlen, -1, -1):
            networks = self.by_prefix.get((address.version, length))
            if networks is not None:
                start = int(address) >> (address.max_prefixlen - length) << (address.max_prefixlen - length)
                if start in networks:
                    return networks[start]
        return None


@dataclass(frozen=True, slots=True)
class MaxMind:
    """A file in MaxMind's format."""

    reader: Any
    source: str

    def find(self, address: Address) -> Owner | None:
        """What its record says; where the country is missing it stays unknown."""
        import maxminddb

        try:
            record = self.reader.get(str(address))
        except ValueError:  # a file of version 4 is asked for an address of version 6
            return None
        except maxminddb.InvalidDatabaseError:
            log.warning("hosting.database_broken", file=self.source)
            return None
        return _record_owner(record, self.source) if isinstance(record, dict) else None


def opened(files: Sequence[Path]) -> tuple[Database, ...]:
    """The databases, in this order. Raises UserMistake for a file that is none."""
    return tuple(_maxmind(one) if one.suffix == ".mmdb" else _csv(one) for one in files)


def owner_of(address: Address, databases: Iterable[Database]) -> Owner:
    """What all of them know together."""
    known = Owner()
    for one in databases:
        found = one.find(address)
        if found is None:
            continue
        merged = Owner(
            known.asn if known.asn is not None else found.asn,
            known.organisation or found.organisation,
            known.country or found.country,
        )
        if (merged.asn, merged.organisation, merged.country) != (known.asn, known.organisation, known.country):
            source = ", ".join(filter(None, (known.source, found.source)))
            known = Owner(merged.asn, merged.organisation, merged.country, source)
    return known


def _maxmind(file: Path) -> Database:
    import maxminddb

    try:
        return MaxMind(maxminddb.open_database(file), file.name)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise UserMistake(f"`{file.name}` is no database in MaxMind's format; download it anew") from error


def _csv(file: Path) -> Database:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserMistake(
            f"`{file.name}` cannot be read as UTF-8; correct REMPART_REPORTING__HOSTING__DATABASES"
        ) from error
    return ranges_of(lines, file.name)


def _record_owner(record: dict[str, Any], source: str) -> Owner:
    """What a record says, as far as it says it as it should."""
    place, asn = record.get("country"), record.get("autonomous_system_number")
    country = place.get("iso_code") if isinstance(place, dict) else None
    known = isinstance(country, str) and len(country) == 2 and country.isascii() and country.isalpha()
    return Owner(
        asn if isinstance(asn, int) and 0 < asn <= _LARGEST_ASN else None,
        str(record.get("autonomous_system_organization") or "")[:_LONGEST_NAME],
        str(country).upper() if known else "",
        source,
    )


def ranges_of(lines: Iterable[str], source: str) -> Ranges:
    """The ranges of these lines. Raises UserMistake with the number of the row."""
    rows = csv.DictReader(line for line in lines if line.strip() and not line.startswith("#"))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise UserMistake(f"`{source}` has other columns than {', '.join(COLUMNS)}; see docs/reference/hosting.md")
    found: dict[tuple[int, int], dict[int, Owner]] = {}
    for number, row in enumerate(rows, 1):
        try:
            network = ip_network((row["network"] or "").strip())
            owner = _owner(row, source)
        except (ValueError, AttributeError) as error:
            raise UserMistake(f"row {number} of `{source}` is no range with its owner; correct it") from error
        found.setdefault((network.version, network.prefixlen), {})[_start(network)] = owner
    return Ranges(found)


def _start(network: IPv4Network | IPv6Network) -> int:
    return int(network.network_address)


def _owner(row: dict[str, str], source: str) -> Owner:
    asn = row["asn"].strip().upper().removeprefix("AS")
    country = row["country"].strip().upper()
    if (asn and not 0 < int(asn) <= _LARGEST_ASN) or (country and not (len(country) == 2 and country.isalpha())):
        raise ValueError
    return Owner(int(asn) if asn else None, row["organisation"].strip()[:_LONGEST_NAME], country, source)

"""From a path to rows: which format it is, and what its columns mean."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from rempart.errors import UserMistake
from rempart.lists.formats import FORMATS
from rempart.lists.importing import check_file
from rempart.lists.rows import ROLES, ListFormat, Mapped, Refusal, Row

HEAD_BYTES = 64 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def open_rows(path: Path, format_name: str | None, mapping: Mapped) -> tuple[str, Iterator[Row | Refusal]]:
    """(the format's name, every record of the file). Raises UserMistake when the file cannot be meant."""
    check_file(path)
    check_roles(mapping)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(_UTF16):
        raise UserMistake(f"the file `{path}` is UTF-16; save it as UTF-8 and import again")
    chosen = FORMATS.get(format_name) if format_name else detect(head)
    if chosen is None:
        reason = f"there is no format `{format_name}`" if format_name else "the format cannot be told from the content"
        raise UserMistake(f"{reason}; say which it is: {', '.join(FORMATS)}")
    return chosen.name, chosen.rows(path, mapping)


def detect(head: bytes) -> ListFormat | None:
    """The only format that claims a file beginning with these bytes; None when none or several do."""
    claims = [one for one in FORMATS.values() if one.claims(head)]
    return claims[0] if len(claims) == 1 else None


def check_roles(mapping: Mapping[str, str]) -> None:
    """Nothing. Raises UserMistake for a role that does not exist."""
    unknown = sorted(set(mapping) - set(ROLES))
    if unknown:
        raise UserMistake(f"there is no role `{unknown[0]}` in a mapping; roles are {', '.join(ROLES)}")

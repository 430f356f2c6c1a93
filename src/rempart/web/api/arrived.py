"""Reading what programmes send: bounded, in memory only, refused in words that quote nothing."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartParser

from rempart.errors import UserMistake

# An upload never touches the disk in the clear: requests are small enough for memory (`serve.max_request_bytes`).
MultiPartParser.spool_max_size = 2**40
MOST_JSON_BYTES = 1 << 20
# Others can be named, too, and some of Python's codecs refuse everything.
CHARACTER_SETS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1"})
MOST_KEY = 120
MOST_NAME = 255
# How the API's description names the header of `request_key_of`.
KEY_HEADER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "the caller's own name for the request: the same one sent again is answered as before",
    "schema": {"type": "string", "maxLength": MOST_KEY},
}

# What looks like a name is named; anything else that was sent is never repeated.
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a request."""

    name: str
    content: bytes

    @property
    def sha256(self) -> bytes:
        """The SHA-256 of its bytes."""
        return sha256(self.content).digest()


@asynccontextmanager
async def form_of(request: Request, most_files: int, most_fields: int = 40) -> AsyncIterator[FormData]:
    """The fields and files of a form. Raises HTTPException when it is damaged, or has too many of either."""
    _, said = parse_options_header(request.headers.get("content-type"))
    if said.get(b"charset", b"utf-8").lower() not in CHARACTER_SETS:
        raise UserMistake("the form cannot be read; send it in UTF-8")
    async with request.form(max_files=most_files, max_fields=most_fields, max_part_size=MOST_JSON_BYTES) as form:
        yield form


async def upload_of(form: FormData, field: str) -> Upload | None:
    """The file of this field; None when none was chosen."""
    found = form.get(field)
    return None if not isinstance(found, UploadFile) else await read_upload(found)


async def read_upload(file: UploadFile) -> Upload:
    """The file, read whole."""
    return Upload(plain_name(file.filename or ""), await file.read())


def plain_name(name: str) -> str:
    """A file's name without its folders and without anything that cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:MOST_NAME] or "upload"


def text_of(form: FormData, field: str, most: int = 4000) -> str:
    """The text of this field, empty when there is none. Raises UserMistake when it is too long."""
    found = form.get(field)
    text = found if isinstance(found, str) else ""
    if len(text) > most:
        raise UserMistake(f"`{field}` is too long; it may have {most} characters")
    return text


async def json_of(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises UserMistake."""
    body = await request.body()
    if len(body) > MOST_JSON_BYTES:
        raise UserMistake(f"the JSON is too large; it may have {MOST_JSON_BYTES} bytes")
    return parsed(body)


def parsed(text: str | bytes) -> dict[str, Any]:
    """The JSON object that is written here. Raises UserMistake; quotes nothing of it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UserMistake("this is not JSON; check how it is written") from None
    if not isinstance(found, dict):
        raise UserMistake("a JSON object is needed; see the documentation")
    return cast(dict[str, Any], found)


def request_key_of(request: Request) -> str | None:
    """The Idempotency-Key of the request, if it has one. Raises UserMistake when it cannot be one."""
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > MOST_KEY or not key.isprintable():
        raise UserMistake(f"the Idempotency-Key has at most {MOST_KEY} printable characters; shorten it")
    return key or None


def refuse_unknown(said: dict[str, Any], known: frozenset[str]) -> None:
    """Nothing. Raises UserMistake when a field is not known: a word misspelt must not be lost in silence."""
    unknown = sorted(said.keys() - known)
    if unknown:
        name = f"`{unknown[0]}`" if FIELD_NAME.fullmatch(unknown[0]) else "a field"
        raise UserMistake(f"{name} is not known; fields are {', '.join(sorted(known))}")


def is_text(value: str) -> bool:
    """Whether every character can be kept: no NUL, and no half of a pair that JSON lets through."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)

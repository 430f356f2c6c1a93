"""From words and files on the command line to values."""

import base64
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rempart.errors import Unavailable, UserMistake

if TYPE_CHECKING:
    from rempart.facts import Fingerprint

PUBLIC_KEY_BYTES = 32


def mapping_of(columns: list[str] | None, roles: Collection[str] | None = None) -> dict[str, str]:
    """`["md5=MD5"]` as `{"md5": "MD5"}`. Raises UserMistake for a word without `=`, or a role that is unknown or twice.

    roles: what may be mapped; when left out, all that lists or index tables know.
    """
    from rempart.lists.rows import ROLES

    known = (*ROLES, "url") if roles is None else roles
    mapping: dict[str, str] = {}
    for word in columns or []:
        role, mark, column = (part.strip() for part in word.partition("="))
        if not (role and mark and column):
            raise UserMistake(f"`{role}` names no column; write --column md5=COLUMN")
        if role not in known:
            raise UserMistake(f"there is no role `{role}`; roles are {', '.join(known)}")
        if role in mapping:
            raise UserMistake(f"the role `{role}` is mapped twice; write --column {role}=COLUMN once")
        mapping[role] = column
    return mapping


@contextmanager
def new_file(path: Path | None) -> Iterator[BinaryIO]:
    """A stream into a new file, made before anything else is done; standard output for None.

    Raises UserMistake when the file cannot be made or exists. Without a word written it is gone again.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        stream = path.open("xb")
    except FileExistsError:
        raise UserMistake(f"`{path}` exists already; choose another name") from None
    except OSError as error:
        raise UserMistake(f"`{path}` cannot be written ({error.strerror}); choose another place") from None
    try:
        with stream:
            yield stream
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Unavailable(f"`{path}` cannot be written ({error.strerror}); what was done before stays done") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def public_key_of(word: str) -> str:
    """The public key that is written here, or in the file of this name. Raises UserMistake when it is none."""
    text = word if is_public_key(word) else bytes_of(Path(word)).decode("utf-8", "replace").strip()
    if not is_public_key(text):
        raise UserMistake(f"`{word}` holds no public key; its owner prints one with `rempart lists key`")
    return text


def own_public_key() -> str:
    """The public key of this installation. Raises UserMistake when it has none: looking must not make one."""
    from rempart import settings as tree
    from rempart.wiring import open_keys

    settings = tree.read()
    given = (settings.key, settings.key_command, settings.key_file)
    if all(one is None for one in given) and not (settings.data_folder / "keys" / "ring.json").exists():
        raise UserMistake(
            f"there are no keys in `{settings.data_folder}` yet; they are made with the first list "
            "(to check a receipt of someone else, give --public-key)"
        )
    return open_keys(settings).public_signing_key


def is_public_key(text: str) -> bool:
    """Whether the text is a public key as `rempart lists key` prints it."""
    try:
        return len(base64.b64decode(text, validate=True)) == PUBLIC_KEY_BYTES
    except ValueError:
        return False


def bytes_of(file: Path) -> bytes:
    """The bytes of a small file. Raises UserMistake when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UserMistake(f"`{file}` cannot be read ({error.strerror}); check the path") from error


def fingerprints_of(file: Path | None) -> "list[Fingerprint]":
    """The fingerprints of a file with `kind hex` lines, `-` for standard input; none for no file.

    They come from a file and not from the command line, because a command line stays in the shell's history.
    """
    from rempart.fingerprints import KINDS

    found = []
    for number, line in enumerate(bytes_of(file).decode("utf-8", "replace").splitlines() if file else (), 1):
        kind, _, text = line.strip().partition(" ")
        if not line.strip():
            continue
        if kind not in KINDS:
            raise UserMistake(
                f"line {number} of `{file}` names no kind; write one of {', '.join(KINDS)}, a space, and hex"
            )
        found.append(KINDS[kind].parse(text))
    return found

"""`rempart lists`: the hash lists we hold. No command here ever prints a fingerprint."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from rempart.cli import show
from rempart.errors import UserMistake

app = typer.Typer(help="Import, show and withdraw hash lists.", no_args_is_help=True)


def mapping_of(columns: list[str] | None) -> dict[str, str]:
    """`["md5=MD5"]` as `{"md5": "MD5"}`. Raises UserMistake for a word without `=`."""
    pairs = [column.partition("=") for column in columns or []]
    for key, mark, value in pairs:
        if not (key and mark and value):
            raise UserMistake(f"`{key}` names no column; write --column md5=COLUMN")
    return {key: value for key, _, value in pairs}

"""The settings: one typed tree, read once from the environment, frozen. The only reader of the environment.

Every setting is a variable `REMPART_...`; nested ones use two underscores (`REMPART_LIMITS__MAX_SECONDS`).
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rempart.errors import UserMistake
from rempart.facts import Limits

_DEFAULTS = Limits()
Positive = Annotated[int, Field(gt=0)]


class LimitSettings(BaseModel):
    """What opening one untrusted file may cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: Positive = Field(_DEFAULTS.max_bytes, description="largest file, in bytes")
    max_archive_bytes: Positive = Field(
        _DEFAULTS.max_archive_bytes, description="largest archive, in bytes; its members are held to max_bytes"
    )
    max_pixels: Positive = Field(_DEFAULTS.max_pixels, description="largest picture, in pixels")
    max_frames: Positive = Field(_DEFAULTS.max_frames, description="most distinct frames or pages of one item")
    max_seconds: float = Field(
        _DEFAULTS.max_seconds, gt=0, le=86_400, description="longest examination of one item, in seconds"
    )
    max_members: Positive = Field(
        _DEFAULTS.max_members, description="most members of one archive, or one per 4 KiB of it"
    )
    max_member_bytes_total: Positive = Field(
        _DEFAULTS.max_member_bytes_total, description="most unpacked bytes of one archive, or four times its size"
    )
    max_nesting: Positive = Field(
        _DEFAULTS.max_nesting, description="archive levels opened: 2 is an archive in an archive"
    )
    max_memory_bytes: Positive = Field(_DEFAULTS.max_memory_bytes, description="address space of one child, in bytes")

    def as_limits(self) -> Limits:
        """The same numbers as the plain fact that the rooms take."""
        return Limits(**self.model_dump())


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix="REMPART_", env_nested_delimiter="__", frozen=True, extra="forbid")

    data_folder: Path = Field(
        default_factory=lambda: Path.home() / ".local/share/rempart", description="folder of the sealed lists and keys"
    )
    memory_folder: Path = Field(
        default_factory=lambda: Path(f"/dev/shm/rempart-{os.getuid()}"),  # noqa: S108 - it has to be memory
        description="memory-backed folder of the mapped list snapshots",
    )
    key_file: Path | None = Field(None, description="file of the keys; default: keys/ring.json in the data folder")
    key: SecretStr | None = Field(None, description="the keys themselves, instead of a file")
    key_command: tuple[str, ...] | None = Field(
        None, description="command whose output is the keys, as a JSON list of words, instead of a file"
    )
    workers: Positive = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)), description="child processes that open files at once"
    )
    exact: bool = Field(False, description="PDQ bit for bit as the reference computes it, from colour pixels; slower")
    origin: Literal["no", "carriers", "pixels"] = Field(
        "carriers",
        description="evidence of how pixels were made: none, from what the file carries, or from its pixels, too",
    )
    detector: str | None = Field(
        None, description="entry point of a statistical detector of your own; its score is noted and decides nothing"
    )
    language: Literal["en", "fr"] = Field("en", description="language of reports")
    limits: LimitSettings = Field(default_factory=lambda: LimitSettings(), description="limits for one item")


def read() -> Settings:
    """The settings in force. Raises UserMistake naming each variable that cannot be understood."""
    try:
        return Settings()
    except ValidationError as error:
        raise UserMistake(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "REMPART_" + "__".join(str(step) for step in problem["loc"]).upper()
        parts.append(f"{name}: {problem['msg'].lower()}")
    return "settings cannot be understood; correct or unset: " + "; ".join(parts)


def table(settings: Settings) -> list[tuple[str, str, str]]:
    """Rows (variable, value in force, help) of the whole tree; secrets masked."""
    return [row for name in type(settings).model_fields for row in _rows(settings, name, "REMPART_")]


def _rows(owner: BaseModel, name: str, prefix: str) -> list[tuple[str, str, str]]:
    value: Any = getattr(owner, name)
    if isinstance(value, BaseModel):
        inner = type(value).model_fields
        return [row for child in inner for row in _rows(value, child, f"{prefix}{name.upper()}__")]
    shown = "" if value is None else str(value)
    return [(prefix + name.upper(), shown, type(owner).model_fields[name].description or "")]

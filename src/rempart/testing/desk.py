"""Small makers of what stands on a case desk: an organisation, a case in some state, media. Nothing real, ever."""

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from PIL import Image
from pydantic import SecretStr

from rempart.audit.queries import append
from rempart.clock import Clock
from rempart.facts import Finding, Fingerprint, NoMatch
from rempart.facts.case import CaseKind, Feature
from rempart.facts.people import Actor, Role, Scope, public
from rempart.facts.wire import finding_to_json
from rempart.migrations.schema import METADATA
from rempart.settings import Settings
from rempart.storage.database import Writer
from rempart.storage.fields import Fields
from rempart.testing.pictures import pattern
from rempart.vault import Vault
from rempart.wiring import open_keys, open_lists
from rempart.wiring.desk import Desk, assemble
from rempart.wiring.screeners import Screeners

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Hands:
    """A clock that only moves when told: `hands.now += timedelta(...)`, and `hands()` to read it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class MadeMedia:
    """Media that was made: the row, its object in the vault, and what the vault holds."""

    id: int
    vault_id: str | None
    content: bytes


@contextmanager
def make_desk(
    settings: Settings, database_url: str, *, clock: Clock | None = None, screeners: Screeners | None = None
) -> Iterator[Desk]:
    """A wired desk on this database. Nothing can be screened unless screeners are given."""
    chosen = clock or Hands()
    here = settings.model_copy(update={"database_url": SecretStr(database_url)})
    keys, lists = open_keys(here), open_lists(here, chosen)
    desk = assemble(here, keys, lists, screeners or Screeners(_no_children, lists.snapshot, 0), chosen)
    try:
        yield desk
    finally:
        desk.database.close()


def make_organisation(writer: Writer, slug: str = "desk", *, now: datetime = NOW) -> int:
    """The id of a new organisation."""
    return writer.insert(METADATA.tables["organisation"], slug=slug, name=slug.title(), created_at=now)


def make_actor(
    organisation: int, pid: str = "R-ADA", role: Role | None = "reviewer", scopes: tuple[Scope, ...] = ()
) -> Actor:
    """Somebody who acts; no row is needed for it."""
    return Actor(organisation, pid, role, scopes)


def make_case(
    writer: Writer,
    organisation: int,
    *,
    state: str = "triaged",
    kind: CaseKind = "media",
    tier: int = 2,
    score: int = 0,
    now: datetime = NOW,
    features: Sequence[Feature] = (),
    cluster: int | None = None,
    **columns: Any,
) -> int:
    """The id of a new case with its `case.opened` entry. columns: whatever else the row is to say."""
    row = {
        "why": [["made", 0, []]],
        "rules_version": "test",
        "features": [[one.name, one.value, one.source, one.at.strftime("%Y-%m-%dT%H:%M:%SZ")] for one in features],
        "aged_at": now,
        "dice": 1,
        "cluster": cluster,
        "entry": 0,
    } | columns
    table = METADATA.tables["case_file"]
    made = writer.insert(
        table, organisation=organisation, kind=kind, state=state, received_at=now, tier=tier, score=score, **row
    )
    data = {"kind": kind, "tier": tier, "score": score, "rules": "test"}
    if state != "triaged":
        data["state"] = state
    seq = append(writer, public(organisation), "case", made, "case.opened", data, now)
    writer.run(table.update().where(table.c.id == made).values(entry=seq))
    return made


def make_cluster(writer: Writer, organisation: int, size: int, *, now: datetime = NOW, **columns: Any) -> list[int]:
    """The ids of the cases of a new cluster, its leader first."""
    made = writer.insert(METADATA.tables["cluster"], organisation=organisation, first_at=now, size=size)
    return [
        make_case(writer, organisation, now=now, cluster=made, leads=number == 0, **columns) for number in range(size)
    ]


def make_media(
    writer: Writer,
    fields: Fields,
    organisation: int,
    case_id: int,
    *,
    vault: Vault | None = None,
    seed: int = 1,
    name: str = "purple-dragon.png",
    finding: Finding | None = None,
    now: datetime = NOW,
    **columns: Any,
) -> MadeMedia:
    """Media of a generated picture, sealed as intake seals it; its bytes are in the vault when one is given."""
    content = picture_bytes(seed)
    found = finding or Finding(name, NoMatch(), "image/png", len(content), 320, 240, 1)
    kept = vault.store(writer, public(organisation), content, now) if vault else None
    row: dict[str, Any] = {
        "vault_id": kept,
        "name_sealed": fields.seal_text("name", name),
        "media_type": found.media_type,
        "size_bytes": len(content),
        "width_pixels": 320,
        "height_pixels": 240,
        "frames": 1,
        "outcome": "no_match",
        "finding_sealed": fields.seal_text("finding", json.dumps(finding_to_json(found))),
        "fingerprints_sealed": fields.seal_text("fingerprints", json.dumps(_printed(content))),
        "preview_sealed": fields.seal("preview", preview_bytes(seed)),
        "exact_key": fields.blind("content", sha256(content).digest()),
    } | columns
    table = METADATA.tables["media"]
    made = writer.insert(table, organisation=organisation, case_id=case_id, received_at=now, **row)
    return MadeMedia(made, kept, content)


def make_notice(
    writer: Writer,
    fields: Fields,
    organisation: int,
    case_id: int,
    *,
    number: str = "N-0000-0000-0001",
    code_hash: str | None = None,
    text: str = "a purple dragon sits on the page",
    now: datetime = NOW,
    **columns: Any,
) -> int:
    """The id of a notice about the case."""
    row: dict[str, Any] = {
        "channel": "public",
        "state": "linked",
        "language": "en",
        "category": "other",
        "urgent": False,
        "content_sealed": fields.seal_text("notice", json.dumps({"version": 1, "text": text})),
    } | columns
    made = writer.insert(
        METADATA.tables["notice"],
        organisation=organisation,
        number=number,
        code_hash=code_hash,
        received_at=now,
        **row,
    )
    writer.insert(METADATA.tables["notice_case"], notice=made, case_id=case_id, organisation=organisation)
    return made


@lru_cache(64)
def picture_bytes(seed: int) -> bytes:
    """A PNG of a generated pattern."""
    return _png(Image.fromarray(pattern(seed, 320, 240)))


@lru_cache(64)
def preview_bytes(seed: int) -> bytes:
    """A preview of the same pattern: grey, coarse, 96 pixels at most."""
    coarse = Image.fromarray(pattern(seed, 320, 240)).convert("L").resize((24, 18), Image.Resampling.BOX)
    return _png(coarse.resize((96, 72), Image.Resampling.NEAREST))


def _printed(content: bytes) -> list[list[Any]]:
    print_ = Fingerprint("sha256", sha256(content).digest())
    return [[print_.kind, print_.value.hex(), print_.quality]]


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _no_children() -> Any:
    raise RuntimeError("this desk screens nothing; pass screeners")

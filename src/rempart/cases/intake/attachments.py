"""What screening found in a file that came with a notice: its media and its case learn of it."""

from collections.abc import Sequence
from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.intake.judging import Seen
from rempart.cases.intake.media import content_ties, found_columns
from rempart.cases.intake.notices import Intake
from rempart.cases.intake.opening import keys_of, near_keys
from rempart.cases.intake.queries import cases
from rempart.cases.intake.reranking import learn
from rempart.cases.triage import clusters
from rempart.cases.triage.features import from_finding
from rempart.facts import name_of
from rempart.facts.hash_list import HashList
from rempart.facts.people import Actor
from rempart.storage.database import Writer


def settle_attachment(
    writer: Writer,
    intake: Intake,
    actor: Actor,
    media_id: int,
    one: Seen,
    lists: Sequence[HashList],
    now: datetime,
) -> None:
    """Nothing; a waiting media is screened now. Doing it again changes nothing."""
    media = cases.media_row(writer, actor.organisation, media_id)
    if media is None or media["outcome"] != "waiting":
        return
    near = near_keys(writer, intake.nearest, actor.organisation, one.examination)
    keys = [*keys_of(intake.fields, (), content_ties(one.finding, _sha256(one))), *near]
    clusters.reserve(writer, actor.organisation, [keys], [media["case_id"]])
    case = cases.case_row(writer, actor.organisation, media["case_id"], lock=True)
    if case is None:
        return
    cases.update_media(writer, actor.organisation, media_id, **found_columns(intake.fields, one))
    told = {"case": case["id"], "outcome": name_of(one.finding.outcome), "channel": "public"}
    append(writer, actor, "media", media_id, "media.screened", told, now)
    learn(writer, actor, case, from_finding(one.finding, now, lists), intake.rules, now, keys=keys)


def _sha256(one: Seen) -> bytes:
    """The SHA-256 of the bytes; empty when they could not be read whole."""
    digests = one.examination.digests if one.examination else ()
    return next((digest.value for digest in digests if digest.kind == "sha256"), b"")

"""A sheet: numbered blocks, one for each field of somebody's form, in the order in which they are copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.errors import Conflict
from rempart.facts.report import Payload
from rempart.reporting.recipient import Approvals, Draft, Sending, Sent, Way

VERSION = 1
_FIRST = {"en": "FIRST", "fr": "AVANT TOUT"}


@dataclass(frozen=True, slots=True)
class Block:
    """What is copied into one field. name: stable, for programs. label: what the field is called on the sheet."""

    name: str
    label: str
    text: str


def draft(language: str, title: str, notes: Sequence[str], blocks: Sequence[Block | None], **more: Any) -> Draft:
    """The sheet as JSON values. notes: what has to be done before anything is copied. A block without text is left
    out: what nobody knows is not written. more: what the recipient's own checks look at."""
    kept = [one for one in blocks if one is not None and one.text]
    return {
        "version": VERSION,
        "language": language,
        "title": title,
        "notes": list(notes),
        "blocks": [{"name": one.name, "label": one.label, "text": one.text} for one in kept],
        **more,
    }


def rendered(said: Draft, file_name: str) -> Payload:
    """The sheet as plain text, UTF-8."""
    parts = [said["title"], "=" * len(said["title"])]
    if said["notes"]:
        parts += ["", _FIRST[said["language"]], *(f"! {one}" for one in said["notes"])]
    for number, one in enumerate(said["blocks"], 1):
        heading = f"{number}. {one['label']}"
        parts += ["", heading, "-" * len(heading), one["text"]]
    return Payload(("\n".join(parts) + "\n").encode(), "text/plain; charset=utf-8", file_name)


class Sheet:
    """What all sheets have in common: a person hands them over, and says so."""

    name: str
    transport: Way = "sheet"
    approvals: Approvals = 1

    def render(self, draft: Draft, now: datetime) -> Payload:  # noqa: ARG002 - the time stands in the draft where it counts
        """The sheet, ready to be copied or printed."""
        return rendered(draft, f"{self.name}.txt")

    def send(self, sending: Sending) -> Sent:
        """Never: nothing of ours fills in a form. Raises Conflict."""
        raise Conflict(f"report {sending.report_id} is a sheet; somebody hands it over and says so")

"""One mail from one or more approved notices: what each says, word for word as it was approved."""

import json
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from rempart.reporting.letters import rows
from rempart.reporting.letters.words import CLOSING, CORRECTION, MACHINES, OPENING, SUBJECT, TEST, Language
from rempart.reporting.recipient import Draft

MOST_REFERENCES = 8
_POLICY = SMTP.clone(cte_type="7bit")
_RULE = "\n\n" + "_" * 72 + "\n\n"
_LONGEST_LINE = 900
_FOLLOWS = "(La version française suit.)\n\n"


def compose(drafts: Sequence[Draft], number: str = "", at: datetime | None = None) -> EmailMessage:
    """The mail. drafts: of one kind, to one address. number: its Message-ID; without it the mail is only looked at."""
    first = drafts[0]
    languages: list[Language] = first["languages"]
    made = EmailMessage(policy=_POLICY)
    made["From"] = _address(first["from_name"], first["from"])
    made["To"] = _address("", first["to"])
    if first["reply_to"] and first["reply_to"] != first["from"]:
        made["Reply-To"] = _address("", first["reply_to"])
    made["Subject"] = subject(drafts, languages)
    if at is not None:
        made["Date"] = format_datetime(at)
    if number:
        made["Message-ID"] = number
    body = _RULE.join(text_in(drafts, one) for one in languages) + "\n"
    made.set_content((_FOLLOWS if len(languages) > 1 else "") + body, cte="quoted-printable")
    _attach(made, "addresses.csv", "csv", rows.table([row for one in drafts for row in one["rows"]]))
    for one in drafts:
        for count, document in enumerate(one["xarf"], 1):
            text = json.dumps(document, indent=2) + "\n"
            _attach(made, f"xarf-{one['case']}-{count}.json", "json", text)
    _bound(made, drafts)
    return made


def subject(drafts: Sequence[Draft], languages: Sequence[Language]) -> str:
    """What it is about and the references, never the content."""
    kind = "correction" if drafts[0]["letter"] == "correction" else "notice"
    cases = [str(one["case"]) for one in drafts]
    shown = ", ".join(cases[:MOST_REFERENCES]) + (" …" if len(cases) > MOST_REFERENCES else "")
    title = " / ".join(SUBJECT[one][kind] for one in languages)
    urgent = f"{SUBJECT[languages[0]]['urgent']}: " if any(one["urgent"] for one in drafts) else ""
    test = "[TEST] " if drafts[0]["meant_for"] else ""
    return f"{test}{urgent}{title} ({shown})"


def text_in(drafts: Sequence[Draft], language: Language) -> str:
    """What people read, in this language."""
    first = drafts[0]
    opening = CORRECTION[language] if first["letter"] == "correction" else OPENING[first["kind"]][language]
    parts = [TEST[language].format(meant=first["meant_for"])] if first["meant_for"] else []
    machines = f"\n{MACHINES[language]}" if any(one["xarf"] for one in drafts) else ""
    parts.append(opening.format(name=first["from_name"]) + machines)
    parts += [one["sections"][language] for one in drafts]
    contact = ", ".join(filter(None, (first["contact"], first["reply_to"])))
    return "\n\n".join([*parts, CLOSING[language].format(name=first["from_name"], contact=contact)])


def _attach(made: EmailMessage, name: str, subtype: str, text: str) -> None:
    plain = text.isascii() and max(map(len, text.splitlines())) <= _LONGEST_LINE
    cte = "7bit" if plain else "base64"
    kind = "text" if subtype == "csv" else "application"
    made.add_attachment(text.encode(), maintype=kind, subtype=subtype, filename=name, cte=cte)


def _bound(made: EmailMessage, drafts: Sequence[Draft]) -> None:
    """Nothing; what stands between the parts follows from what they say, so that the same notice is the same bytes."""
    said = json.dumps([[one["sections"], one["rows"], one["xarf"]] for one in drafts], sort_keys=True)
    made.set_boundary(f"=_rempart_{sha256(said.encode()).hexdigest()[:32]}")


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)

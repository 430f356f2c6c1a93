"""What a sheet says of a case, in the words of its language. Nothing here is concluded: every line has a source."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rempart.facts.report import CaseView, FileView, PlaceView
from rempart.reporting.recipient import Answers

_WORDS = {
    "en": {
        "files": "{count} file(s) in our case {case}, decided on {when} by a person.",
        "seen": "seen {when}",
        "server": "server: {what}",
        "behind": "the address is that of a proxy; the server behind it is not known",
        "viewed": "a person of ours opened the original",
        "ai": "The person who decided says that it was made or changed by AI.",
        "no_ai": "The person who decided says that it was not made by AI.",
        "evidence": "Traces of how file {number} was made, which never say that no child was harmed: {what}",
        "bytes": "bytes",
    },
    "fr": {
        "files": "{count} fichier(s) dans notre dossier {case}, décidé le {when} par une personne.",
        "seen": "constaté le {when}",
        "server": "serveur : {what}",
        "behind": "l’adresse est celle d’un mandataire (proxy) ; le serveur derrière lui n’est pas connu",
        "viewed": "l’original a été ouvert par une personne de notre équipe",
        "ai": "Selon la personne qui a décidé, le contenu a été produit ou modifié par une IA.",
        "no_ai": "Selon la personne qui a décidé, le contenu n’a pas été produit par une IA.",
        "evidence": (
            "Origine du fichier {number} selon ses traces techniques, qui n’excluent jamais une victime réelle : {what}"
        ),
        "bytes": "octets",
    },
}
_ACCOUNT_FIELDS = (
    "role",
    "service",
    "id",
    "screen_name",
    "display_name",
    "profile_url",
    "profile_bio",
    "country",
    "emails",
    "phones",
    "addresses",
    "source",
    "told_at",
)


def one_line(text: str) -> str:
    """The text without line breaks and invisible characters: what strangers wrote cannot make a block of its own."""
    return " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text).split())


def lines(text: str) -> str:
    """The text line by line, each as `one_line` gives it, without empty ones."""
    return "\n".join(filter(None, map(one_line, text.splitlines())))


def is_urgent(case: CaseView, answers: Answers) -> bool:
    """Whether an emergency number comes first: the case says so, or a person does. Nothing takes it away."""
    return case.urgent or answers.get("danger_now") == "yes"


def moment(at: datetime, zone: str) -> str:
    """The time there, with its offset, and in UTC."""
    utc = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if zone == "UTC":
        return utc
    return f"{at.astimezone(ZoneInfo(zone)).isoformat(sep=' ', timespec='seconds')} {zone} ({utc})"


def places(case: CaseView, language: str, zone: str) -> str:
    """Every place, one a line, with when it was seen and whose server it is, where that is known."""
    return "\n".join(_place(one, language, zone) for one in case.places)


def addresses(case: CaseView) -> str:
    """The bare addresses, one a line: a form's field takes nothing else."""
    return "\n".join(one_line(one.url) for one in case.places)


def files(case: CaseView, language: str) -> str:
    """Every file with its size and fingerprints; never its content."""
    return "\n".join(_file(number, one, language) for number, one in enumerate(case.files, 1))


def summary(case: CaseView, answers: Answers, language: str, zone: str) -> str:
    """What is known, what people said, and what a person adds."""
    words = _WORDS[language]
    note = lines(answers.get("note", ""))
    said = [
        words["files"].format(count=len(case.files), case=case.case_id, when=moment(case.decided_at, zone)),
        _of_ai(case, language),
        *(
            words["evidence"].format(number=number, what=one_line(one.ai_evidence))
            for number, one in enumerate(case.files, 1)
            if one.ai_evidence
        ),
        note,
    ]
    return "\n".join(one for one in said if one)


def accounts(case: CaseView) -> str:
    """What hosts told of the accounts, word for word."""
    return "\n\n".join(
        "\n".join(f"{field}: {one_line(_told(one[field]))}" for field in _ACCOUNT_FIELDS if one.get(field))
        for one in case.accounts
    )


def contact(options: Mapping[str, Any]) -> str:
    """Who reports, from the settings."""
    desk = options.get("desk", {})
    wanted = ("name", "country", "contact_name", "contact_email", "contact_phone")
    return "\n".join(str(desk[field]) for field in wanted if desk.get(field))


def _of_ai(case: CaseView, language: str) -> str:
    said = case.answers.get("ai")
    return "" if said is None else _WORDS[language]["ai" if said else "no_ai"]


def _place(one: PlaceView, language: str, zone: str) -> str:
    words = _WORDS[language]
    server = one_line(" ".join((one.address, one.provider, one.country)))
    parts = [one_line(one.url), words["seen"].format(when=moment(one.seen_at, zone))]
    parts += [words["server"].format(what=server)] if server else []
    parts += [words["behind"]] if one.via_proxy else []
    return "; ".join(parts)


def _file(number: int, one: FileView, language: str) -> str:
    words = _WORDS[language]
    parts = [f"{number}: {one_line(one.media_type)}, {one.size_bytes} {words['bytes']}"]
    parts += [f"{kind.upper()} {value}" for kind, value in sorted(one.digests.items(), reverse=True)]
    parts += [words["viewed"]] if one.viewed else []
    return "; ".join(parts)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}={_told(one)}" for key, one in value.items() if one is not None)
    return ", ".join(_told(one) for one in value) if isinstance(value, list | tuple) else str(value)

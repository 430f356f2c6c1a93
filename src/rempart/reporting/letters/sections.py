"""What a notice states about one case, in one language. Every line has a source in the case or in an answer."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rempart.cases.review.taxonomy import shipped
from rempart.errors import UserMistake
from rempart.facts.report import CaseView, FileView, PlaceView
from rempart.reporting.letters.addresses import inert
from rempart.reporting.letters.words import SECTION, Language
from rempart.reporting.recipient import Answers
from rempart.reporting.sheets.stating import one_line


def section(
    case: CaseView,
    places: Sequence[PlaceView],
    files: Sequence[FileView],
    answers: Answers,
    language: Language,
    *,
    correction: bool = False,
    names_host: bool = False,
) -> str:
    """The section. names_host: whether it says that the host was told, where it was."""
    words = SECTION[language]
    title = words["reference"].format(case=case.case_id)
    judged = words["corrected" if correction else "judged"].format(
        when=_moment(case.decided_at), label=_label(case, language), code=case.code, taxonomy=case.taxonomy
    )
    lines = [title, "-" * len(title), judged]
    if answers.get("explain"):
        lines.append(words["explain"].format(what=one_line(answers["explain"])))
    if answers.get("good_faith") == "yes" and not correction:
        lines.append(words["faith"])
    lines += [words["told_host"].format(when=_moment(at)) for at in _host_told(case) if names_host]
    lines += ["", words["addresses"], *(_place(number, one, language) for number, one in enumerate(places, 1))]
    digests = [line for one in files for line in _digests(one)]
    return "\n".join([*lines, *(["", words["files"], *digests] if digests else [])])


def _place(number: int, place: PlaceView, language: Language) -> str:
    words = SECTION[language]
    server = " ".join(filter(None, (place.address, one_line(place.provider), place.country)))
    parts = [words["seen"].format(when=_moment(place.seen_at))]
    parts += [words["server"].format(what=server)] if server else []
    parts += [words["proxy"]] if place.via_proxy else []
    return f"{number}. {inert(one_line(place.url))}\n   {'; '.join(parts)}"


def _digests(file: FileView) -> list[str]:
    return [f"{kind.upper()} {file.digests[kind]}" for kind in ("sha256", "sha1", "md5") if kind in file.digests]


def _label(case: CaseView, language: Language) -> str:
    """The code in words, where its profile ships; else its name."""
    try:
        return shipped(case.taxonomy.partition("@")[0]).code(case.code).label(language)
    except UserMistake:
        return case.code


def _host_told(case: CaseView) -> list[datetime]:
    return [one.ended_at for one in case.reported if one.recipient == "host-notice" and one.ended_at is not None][:1]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

"""From what somebody typed into the notice form to a notice, or to what is still wrong with it. Nothing is quoted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, get_args

from rempart.cases.intake.told import ABOUT_ABUSE, CATEGORIES, Attachment, Category, NoticeLanguage, Told
from rempart.cases.intake.urls import Url, normalise
from rempart.errors import UserMistake

Field = Literal["category", "urls", "description", "files", "seen_at", "name", "email", "good_faith"]
FIELDS: tuple[Field, ...] = get_args(Field)
MOST_URLS = 100
MOST_LETTERS: Mapping[str, int] = {
    "urls": 100_000,
    "description": 20_000,
    "seen_at": 200,
    "name": 200,
    "email": 254,
}
MOST_LINES_NAMED = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it was filled in, every word as typed; `repr` shows none of it."""

    category: str = field(default="", repr=False)
    urls: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    seen_at: str = field(default="", repr=False)
    urgent: bool = False
    self_report: bool = False
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    good_faith: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: `missing`, `wrong`, `long`, `many`, `large`, and the numbers that explain it."""

    name: Field
    what: str
    values: Mapping[str, object] = field(default_factory=dict)


def problems_of(draft: Draft, sizes: Sequence[int], most_files: int, most_bytes: int) -> list[Problem]:
    """What keeps the form from being a notice, in the order of its fields. sizes: of the files, in bytes."""
    found = [*_of_words(draft), *_of_files(sizes, most_files, most_bytes), *_of_what_is_told(draft, sizes)]
    return sorted(found, key=lambda one: FIELDS.index(one.name))


def told_from(draft: Draft, attachments: Sequence[Attachment], language: NoticeLanguage, form_token: str) -> Told:
    """The notice. Raises UserMistake for a form that has problems.

    form_token: of the page that was filled in. Sent twice with the same words it is one notice, with others another.
    """
    category = category_of(draft.category)
    if category is None:
        raise UserMistake("a notice has a category; choose one")
    return Told(
        category=category,
        urls=tuple({url.identity: url for url in map(normalise, draft.urls.split())}.values()),
        description=draft.description.strip(),
        seen_at=draft.seen_at.strip(),
        urgent=draft.urgent,
        self_report=draft.self_report,
        name=draft.name.strip(),
        email=draft.email.strip(),
        good_faith=draft.good_faith,
        language=language,
        attachments=tuple(attachments),
        request_key=request_key(draft, [one.sha256 for one in attachments], form_token),
    )


def request_key(draft: Draft, contents: Sequence[bytes], form_token: str) -> str | None:
    """The same for the same words and files from the same page; None without a page. contents: SHA-256 of each file."""
    if not form_token:
        return None
    words = (draft.category, draft.urls, draft.description, draft.seen_at, draft.urgent, draft.self_report)
    who = (draft.name, draft.email, draft.good_faith)
    said = repr((form_token, words, who, [one.hex() for one in contents]))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def category_of(word: str) -> Category | None:
    """The category of this name, else None."""
    return next((one for one in CATEGORIES if one == word), None)


def _of_words(draft: Draft) -> Iterator[Problem]:
    for name in ("urls", "description", "seen_at", "name", "email"):
        most = MOST_LETTERS[name]
        if len(getattr(draft, name)) > most:
            yield Problem(_field(name), "long", {"most": most})
    if len(draft.urls) <= MOST_LETTERS["urls"]:
        yield from _of_urls(draft.urls)
    email = draft.email.strip()
    if email and not _is_email(email):
        yield Problem("email", "wrong")


def _of_urls(text: str) -> Iterator[Problem]:
    if len(text.split()) > MOST_URLS:
        yield Problem("urls", "many", {"most": MOST_URLS})
        return
    wrong = [number for number, line in enumerate(text.splitlines(), 1) if not all(map(_is_url, line.split()))]
    if wrong:
        more = "…" if len(wrong) > MOST_LINES_NAMED else ""
        yield Problem("urls", "wrong", {"lines": ", ".join(map(str, wrong[:MOST_LINES_NAMED])) + more})


def _of_files(sizes: Sequence[int], most_files: int, most_bytes: int) -> Iterator[Problem]:
    if len(sizes) > most_files:
        yield Problem("files", "many", {"most": most_files})
    if any(size > most_bytes for size in sizes):
        yield Problem("files", "large", {"most": most_bytes >> 20})


def _of_what_is_told(draft: Draft, sizes: Sequence[int]) -> Iterator[Problem]:
    """What article 16(2) of the Digital Services Act asks for; name and address not for offences against children.

    Who says that a child is in danger now is never turned away for want of a name: the case is marked instead.
    """
    category = category_of(draft.category)
    if category is None:
        yield Problem("category", "missing")
    if category is None or category in ABOUT_ABUSE:
        if not (draft.urls.strip() or draft.description.strip() or sizes):
            yield Problem("urls", "nothing")
    else:
        for name in ("urls", "description", *(() if draft.urgent else ("name", "email"))):
            if not getattr(draft, name).strip():
                yield Problem(_field(name), "missing")
    if not draft.good_faith:
        yield Problem("good_faith", "missing")


def _field(name: str) -> Field:
    return next(one for one in FIELDS if one == name)


def _is_url(text: str) -> Url | None:
    try:
        return normalise(text)
    except UserMistake:
        return None


def _is_email(text: str) -> bool:
    """Whether it can be one: something, one @, a host. Whether it is one, only a letter to it would show."""
    name, at, host = text.rpartition("@")
    return bool(name and at and "." in host.strip(".")) and text.isprintable() and not any(map(str.isspace, text))

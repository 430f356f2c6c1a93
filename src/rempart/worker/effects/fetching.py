"""Media that a host's webhook named are fetched, from the hosts that the operator allowed, and screened."""

from urllib.parse import urljoin, urlsplit

from rempart.cases.intake.fetching import Wanted, settle_fetched, settle_unfetched, wanted_of
from rempart.cases.intake.judging import Seen, seen
from rempart.cases.intake.queries import items
from rempart.errors import NotAllowed, Unavailable, UserMistake
from rempart.facts import Finding, NotExamined
from rempart.facts.hash_list import HashList
from rempart.facts.people import worker
from rempart.net import Answer
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk

WAIT_SECONDS = 60.0
# After so many attempts, over some hours, an item counts as not examined.
MOST_ATTEMPTS = 12
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LATER = frozenset({408, 425, 429})
NOT_ALLOWED = "its host is not allowed"
GONE = "not there"
TOO_LARGE = "too large"
NO_ANSWER = "could not be fetched"
REFUSED = "refused by its host"
NO_LIST = "no list to compare with"


class _Unfetched(Exception):
    """It cannot be had; the text says why."""


def fetch_item(desk: Desk, effect: Effect) -> None:
    """Nothing; the item is fetched and screened, or said not to be examined; what is away is tried again later."""
    actor, item_id = worker(effect.organisation), int(effect.body["item"])
    with desk.database.reading() as reader:
        wanted = wanted_of(desk.intake, items.item_row(reader, actor.organisation, item_id))
    content, problem = b"", ""
    if wanted is not None:
        try:
            content = _fetched(desk, wanted, last=effect.attempts + 1 >= MOST_ATTEMPTS)
        except _Unfetched as unfetched:
            problem = str(unfetched)
    lists = tuple(one.facts for one in desk.lists.snapshot().lists)
    one = _look(desk, content, lists) if wanted is not None and not problem else None
    sealed = desk.vault.seal(content) if one is not None and one.opens_case else None
    with desk.database.writing() as writer:
        row, now = items.item_row(writer, actor.organisation, item_id), desk.clock()
        if row is not None and wanted_of(desk.intake, row) is not None:
            if one is not None:
                settle_fetched(writer, desk.intake, actor, row, content, one, sealed, lists, now)
            else:
                settle_unfetched(writer, desk.intake, actor, row, problem, now)
        outbox.finish(writer, effect.id, now)


def _look(desk: Desk, content: bytes, lists: tuple[HashList, ...]) -> Seen:
    if not any(one.polarity == "known-bad" and one.entries for one in lists):
        return Seen(Finding("upload", NotExamined(NO_LIST), gaps=(NO_LIST,)), whole=False, reason=NO_LIST)
    found = desk.screeners.screen("item", content, WAIT_SECONDS)
    return seen(found.finding, found.members, found.examination)


def _fetched(desk: Desk, wanted: Wanted, *, last: bool) -> bytes:
    """The bytes. Raises _Unfetched when they cannot be had, and Unavailable when they may be had later."""
    url = wanted.url
    for _ in range(MOST_REDIRECTS + 1):
        answer = _asked(desk, wanted.hook, url, last=last)
        if answer.status not in REDIRECTS:
            return _body(answer, last=last)
        url = urljoin(url, answer.headers.get("location", ""))
    raise _Unfetched(REFUSED)


def _asked(desk: Desk, hook: str, url: str, *, last: bool) -> Answer:
    """The answer of the host, which both the hook and the list of all that may be called have to allow."""
    known = desk.settings.hooks.webhooks.get(hook)
    try:
        host = (urlsplit(url).hostname or "").lower()
        if known is None or host not in {one.lower() for one in known.hosts}:
            raise _Unfetched(NOT_ALLOWED)
        return desk.outbound.request("GET", url, max_answer_bytes=desk.settings.hooks.media_bytes)
    except (NotAllowed, UserMistake, ValueError):
        raise _Unfetched(NOT_ALLOWED) from None
    except Unavailable:
        if last:
            raise _Unfetched(NO_ANSWER) from None
        raise


def _body(answer: Answer, *, last: bool) -> bytes:
    if answer.status == 200 and answer.whole:
        return answer.body
    if answer.status == 200 and answer.cut == "size":
        raise _Unfetched(TOO_LARGE)
    if answer.status in (404, 410):
        raise _Unfetched(GONE)
    later = answer.status == 200 or answer.status >= 500 or answer.status in LATER
    if later and not last:
        raise Unavailable("the host of the media does not answer as it should; it is asked again")
    raise _Unfetched(NO_ANSWER if later else REFUSED)

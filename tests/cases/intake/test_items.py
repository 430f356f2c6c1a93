"""Items: kept when they match or wait, counted always, the same request once; the parts add up to the whole."""

from collections import Counter
from datetime import timedelta
from hashlib import sha256
from random import Random

import pytest

from rempart.cases.intake.items import Screening, keep_item, replayed, settle_item, waiting_submission
from rempart.cases.intake.judging import Seen
from rempart.cases.intake.queries import cases, items
from rempart.cases.intake.submitted import About, Answer, Submission, fingerprints_of
from rempart.errors import Conflict
from rempart.facts import Finding, NotExamined
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.testing.desk import NOW, make_actor
from rempart.testing.desk_intake import make_print, make_seen
from rempart.wiring.desk import Desk

ABOUT = About(
    "purple.png",
    "dragon-7",
    "https://host.example/d.png",
    uploaded_at=NOW,
    captured_at=NOW - timedelta(days=3),
    visibility="private",
)
UNREADABLE = Seen(Finding("item", NotExamined("damaged"), gaps=("damaged",)), whole=False, reason="damaged")
OUTCOMES = {
    "match: block": make_seen(hit="dragon-1"),
    "match: review": make_seen(hit="dragon-2", policy="review"),
    "match: ignore": make_seen(hit="dragon-3", policy="ignore"),
    "no_match": make_seen(make_print(7)),
    "not_examined: damaged": UNREADABLE,
    "waiting: not in time": None,
}


@pytest.fixture
def host(actor: Actor) -> Actor:
    return make_actor(actor.organisation, "S-HOST", None)


def submitted(content: bytes = b"purple dragon", key: str | None = None, about: About = ABOUT) -> Submission:
    return Submission(content, (), about, sha256(content).digest(), request_key=key)


def keep(desk: Desk, host: Actor, one: Seen | None, submission: Submission | None = None) -> Answer:
    sent = submission or submitted()
    content = sent.content
    sealed = desk.vault.seal(content) if content is not None and (one is None or one.opens_case) else None
    with desk.database.writing() as writer:
        screening = Screening(one, "" if one else "not in time", sealed)
        return keep_item(writer, desk.intake, host, sent, screening, "closed", NOW)


def tallied(desk: Desk, actor: Actor) -> dict[str, int]:
    with desk.database.reading() as reader:
        return {outcome: n for _, _, outcome, n in items.tally_rows(reader, actor.organisation) if n}


def item_of(desk: Desk, host: Actor, answer: Answer) -> items.Row:
    with desk.database.reading() as reader:
        found = items.item_numbered(reader, host.organisation, host.pid, answer.item)
    assert found is not None
    return found


def settle(desk: Desk, host: Actor, row: items.Row, one: Seen | None) -> None:
    with desk.database.writing() as writer:
        submission = waiting_submission(desk.intake, row, b"purple dragon")
        settle_item(writer, desk.intake, host, row, submission, Screening(one), NOW)


@pytest.mark.parametrize("counted", OUTCOMES)
def test_every_outcome_is_counted_under_its_name(desk: Desk, host: Actor, counted: str) -> None:
    answer = keep(desk, host, OUTCOMES[counted])
    assert tallied(desk, host) == {counted: 1}
    assert (answer.case is not None) == (counted in ("match: block", "match: review"))
    assert answer.let_through == (counted in ("match: ignore", "no_match"))


def test_the_counted_parts_add_up_whatever_comes_in_whatever_order(desk: Desk, host: Actor) -> None:
    draw, sent, waiting = Random(5), Counter[str](), []
    for number in range(40):
        counted = draw.choice(list(OUTCOMES))
        answer = keep(desk, host, OUTCOMES[counted], submitted(b"%d" % number))
        sent[counted] += 1
        if answer.verdict == "unscreened" and answer.reason == "not in time":
            waiting.append(answer)
    assert tallied(desk, host) == dict(sent)
    for answer in waiting:
        settle(desk, host, item_of(desk, host, answer), OUTCOMES["no_match"])
    after = tallied(desk, host)
    assert sum(after.values()) == 40
    assert "waiting: not in time" not in after
    assert after["no_match"] == sent["no_match"] + sent["waiting: not in time"]


def test_what_waits_is_kept_sealed_with_all_that_was_said(desk: Desk, host: Actor) -> None:
    row = item_of(desk, host, keep(desk, host, None, submitted(key="k-1")))
    assert not any(b"dragon" in value for value in row.values() if isinstance(value, bytes))
    back = waiting_submission(desk.intake, row, b"purple dragon")
    assert back == submitted(key="k-1")
    with desk.database.reading() as reader:
        assert outbox.counts(reader) == {"pending": 1}


def test_a_late_match_opens_the_case_that_a_quick_one_would_have(desk: Desk, host: Actor) -> None:
    quick = keep(desk, host, OUTCOMES["match: block"], submitted(b"another dragon"))
    late = keep(desk, host, None)
    settle(desk, host, item_of(desk, host, late), OUTCOMES["match: block"])
    settled = item_of(desk, host, late)
    with desk.database.reading() as reader:
        rows = [cases.case_row(reader, host.organisation, case) for case in (quick.case, settled["case_id"]) if case]
        (media,) = cases.media_of_case(reader, host.organisation, settled["case_id"])
    names = [{name for name, *_ in row["features"]} - {"cluster_size", "prior_reports"} for row in rows if row]
    assert names[0] == names[1] >= {"novelty", "capture_age_days", "sharing", "place", "first_seen_here"}
    assert (settled["verdict"], settled["vault_id"], settled["waiting_sealed"]) == ("block", None, None)
    assert media["vault_id"] is not None


def test_a_screening_that_was_put_off_again_changes_nothing(desk: Desk, host: Actor) -> None:
    row = item_of(desk, host, keep(desk, host, None))
    settle(desk, host, row, None)
    with desk.database.reading() as reader:
        assert items.item_row(reader, host.organisation, row["id"]) == row


def test_the_same_request_is_answered_the_same_and_another_item_under_its_key_is_a_conflict(
    desk: Desk, host: Actor
) -> None:
    sent = submitted(key="k-1")
    answer = keep(desk, host, OUTCOMES["match: block"], sent)
    with desk.database.reading() as reader:
        assert replayed(reader, desk.intake, host, sent, "closed") == answer
        assert replayed(reader, desk.intake, host, submitted(), "closed") is None
        other = make_actor(host.organisation, "S-TWO", None)
        assert replayed(reader, desk.intake, other, sent, "closed") is None
        with pytest.raises(Conflict, match="use a new key"):
            replayed(reader, desk.intake, host, submitted(b"green dragon", "k-1"), "closed")


def test_the_same_key_at_the_same_time_is_kept_once(desk: Desk, host: Actor) -> None:
    keep(desk, host, OUTCOMES["no_match"], submitted(key="k-1"))
    with pytest.raises(Conflict):
        keep(desk, host, OUTCOMES["no_match"], submitted(key="k-1"))
    assert tallied(desk, host) == {"no_match": 1}


def test_what_the_house_knows_of_account_and_content_is_told(desk: Desk, host: Actor) -> None:
    first, second = (keep(desk, host, OUTCOMES["match: block"]) for _ in range(2))
    with desk.database.reading() as reader:
        told = [cases.case_row(reader, host.organisation, one.case or 0) for one in (first, second)]
    known = [{name: value for name, value, source, _ in row["features"] if source == "house"} for row in told if row]
    assert (known[0]["first_seen_here"], known[0].get("prior_reports")) == (True, None)
    assert (known[1]["first_seen_here"], known[1].get("prior_reports")) == (False, 1)


def test_fingerprints_alone_keep_no_bytes(desk: Desk, host: Actor) -> None:
    known = fingerprints_of([{"kind": "md5", "value": "ab" * 16}])
    answer = keep(desk, host, OUTCOMES["match: block"], Submission(None, known, ABOUT))
    with desk.database.reading() as reader:
        (media,) = cases.media_of_case(reader, host.organisation, answer.case or 0)
    assert (media["vault_id"], media["exact_key"], media["size_bytes"]) == (None, None, 0)


@pytest.mark.parametrize("url", ["", "not an address", "javascript:alert(1)", "https://" + "a" * 5000])
def test_an_address_that_is_none_never_stands_in_the_way_of_a_match(desk: Desk, host: Actor, url: str) -> None:
    answer = keep(desk, host, OUTCOMES["match: block"], submitted(about=About(url=url)))
    assert answer.case is not None


def test_without_a_case_only_old_items_are_forgotten_and_never_one_that_waits(desk: Desk, host: Actor) -> None:
    kept = [keep(desk, host, OUTCOMES[counted], submitted(counted.encode())) for counted in OUTCOMES]
    with desk.database.writing() as writer:
        assert items.forget_items(writer, host.organisation, NOW) == 0
        assert items.forget_items(writer, host.organisation + 1, NOW + timedelta(days=31)) == 0
        assert items.forget_items(writer, host.organisation, NOW + timedelta(days=31)) == 3
    with desk.database.reading() as reader:
        left = [items.item_numbered(reader, host.organisation, host.pid, one.item) is not None for one in kept]
    assert left == [True, True, False, False, False, True]
    assert sum(tallied(desk, host).values()) == 6

"""The queue page: lanes, counts, what one holds, the next case, a break; and what each may see of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from rempart.cases.review import claim
from rempart.people.queries import add_organisation
from rempart.storage.database import Writer
from rempart.testing.desk import NOW, Hands, make_actor, make_case
from rempart.testing.desk_web import SignedIn, browser, signed_in
from rempart.wiring.desk import Desk


def cases_of(text: str) -> list[int]:
    """The numbers of the cases that a page links to, in their order."""
    return [int(part.split('"')[0]) for part in text.split('href="/cases/')[1:]]


def later(desk: Desk, **time: float) -> None:
    """The clock of the desk goes on."""
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(**time)


def waits_for(writer: Writer, state: str, **columns: object) -> int:
    return make_case(writer, 1, state=state, **columns)  # type: ignore[arg-type]


def test_the_most_dangerous_stands_first_with_its_reason(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        thin = make_case(writer, 1, tier=3, why=[["t3-thin", 0, []]])
        urgent = make_case(writer, 1, tier=0, why=[["t0-live", 0, []], ["made", 5, []]])
    text = signed_in(app, desk).get("/queue").text
    assert cases_of(text) == [urgent, thin]
    assert desk.rules.sentence("t0-live", "en") in text
    assert "No clock ends within 6 hours." in text


def test_what_is_due_soon_stands_beside_every_lane(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        due = make_case(writer, 1, tier=5, due_at=NOW + timedelta(hours=2))
        waiting = waits_for(writer, "needs_second", due_at=NOW + timedelta(hours=1))
        later_due = make_case(writer, 1, tier=4, due_at=NOW + timedelta(hours=20))
    reviewer = signed_in(app, desk)
    for lane in ("tier", "sample", "second", "info", "due"):
        text = reviewer.get(f"/queue?lane={lane}").text
        assert cases_of(text)[:2] == [waiting, due], lane
    assert cases_of(reviewer.get("/queue?lane=due").text)[2:] == [waiting, due, later_due]


def test_pages_of_a_tier_follow_each_other_without_a_gap(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        made = [make_case(writer, 1, tier=2, score=score) for score in range(60)]
        make_case(writer, 1, tier=3)
    reviewer, seen, address = signed_in(app, desk), [], "/queue?tier=2"
    while address:
        text = reviewer.get(address).text
        seen += cases_of(text)
        address = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0] if 'rel="next"' in text else ""
        address = address.replace("&amp;", "&")
    assert seen == made[::-1]


@pytest.mark.parametrize("state", ["needs_second", "disputed", "escalated", "needs_info"])
def test_pages_of_the_other_lanes_follow_each_other_without_a_gap(app: FastAPI, desk: Desk, state: str) -> None:
    lane = {"needs_second": "second", "needs_info": "info"}.get(state, state)
    with desk.database.writing() as writer:
        made = [
            waits_for(writer, state, tier=tier, score=score, now=NOW - timedelta(hours=age))
            for tier in (1, 2)
            for score in (9, 4, 0)
            for age in range(9, 0, -1)
        ]
        waits_for(writer, state, assignee="R-ADA", lease_until=NOW + timedelta(hours=1))
        waits_for(writer, state, leads=False)
    senior, seen, address = signed_in(app, desk, "senior"), [], f"/queue?lane={lane}"
    while address:
        text = senior.get(address).text
        seen += cases_of(text)
        address = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0] if 'rel="next"' in text else ""
        address = address.replace("&amp;", "&")
    assert seen == made


@pytest.mark.parametrize("mark", ["x", "1_2_3_4", "0_0_2026-11-22T09:00:00Z_1_5", f"0_{2**70}_2026-11-22T09:00:00Z_1"])
def test_a_mark_that_makes_no_sense_is_a_mistake(app: FastAPI, desk: Desk, mark: str) -> None:
    for lane in ("second", "tier", "sample"):
        answer = signed_in(app, desk).get(f"/queue?lane={lane}&after={mark}")
        assert answer.status_code == 400, lane


def test_what_waits_for_a_senior_is_shown_to_seniors_alone(app: FastAPI, desk: Desk) -> None:
    reviewer, senior = signed_in(app, desk), signed_in(app, desk, "senior")
    for lane in ("disputed", "escalated", "held"):
        assert reviewer.get(f"/queue?lane={lane}").status_code == 403
        assert f"lane={lane}" not in reviewer.get("/queue").text
        assert senior.get(f"/queue?lane={lane}").status_code == 200
    assert reviewer.get("/queue?lane=dragons").status_code == 422


def test_counts_by_tier_and_age(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        for hours, number in ((1, 3), (50, 2), (24 * 10, 1), (24 * 90, 4)):
            for _ in range(number):
                make_case(writer, 1, tier=1, now=NOW - timedelta(hours=hours))
        waits_for(writer, "needs_second")
    text = signed_in(app, desk).get("/queue").text
    row = text[text.index('href="/queue?tier=1"') :].split("</tr>")[0]
    assert [part.split("</td>")[0] for part in row.split('<td class="num">')[1:]] == ["3", "2", "1", "4", "<b>10</b>"]
    assert '<a href="/queue?lane=second">Second look</a> <span class="num">1</span>' in text


def test_claim_next_leads_to_a_case_that_is_mine(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        made = make_case(writer, 1, tier=1)
    reviewer = signed_in(app, desk)
    assert reviewer.post("/queue/next").headers["Location"] == f"/cases/{made}"
    text = reviewer.get("/queue").text
    assert "You hold" in text
    assert cases_of(text) == [made]
    assert reviewer.post("/queue/next").headers["Location"] == "/queue"
    assert "Nothing waits for you now." in reviewer.get("/queue").text


def test_two_who_claim_the_next_at_once_never_get_the_same_case(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        made = [make_case(writer, 1, tier=number % 4) for number in range(9)]
    people = [signed_in(app, desk) for _ in range(12)]

    def take(one: SignedIn) -> str:
        return str(one.post("/queue/next").headers["Location"])

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(take, people))
    assert sorted(one for one in got if one != "/queue") == sorted(f"/cases/{case}" for case in made)


def test_a_second_look_that_is_due_comes_before_danger(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        make_case(writer, 1, tier=0)
        pressing = waits_for(writer, "needs_second", tier=5, due_at=NOW + timedelta(hours=1))
    assert signed_in(app, desk).post("/queue/next").headers["Location"] == f"/cases/{pressing}"


def test_what_is_due_first_comes_first_whatever_it_waits_for(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        first = make_case(writer, 1, tier=5, due_at=NOW + timedelta(minutes=30))
        second = waits_for(writer, "needs_second", tier=0, due_at=NOW + timedelta(hours=1))
    reviewer = signed_in(app, desk)
    assert [reviewer.post("/queue/next").headers["Location"] for _ in range(2)] == [
        f"/cases/{first}",
        f"/cases/{second}",
    ]


def test_a_break_gives_everything_back_and_tells_no_health_claim(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        make_case(writer, 1)
    reviewer = signed_in(app, desk)
    reviewer.post("/queue/next")
    assert "Cases in your hands: 1." in reviewer.get("/break").text
    assert "Cases given back: 1." in reviewer.post("/break").text
    with desk.database.reading() as reader:
        assert claim.holding(reader, make_actor(1, reviewer.person.pid)) == []


def test_a_senior_sees_who_holds_what_and_a_supervisor_frees_it(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        made = make_case(writer, 1)
    reviewer, supervisor = signed_in(app, desk), signed_in(app, desk, "supervisor")
    reviewer.post("/queue/next")
    assert f"held by {reviewer.person.pid}" in supervisor.get("/queue?lane=held").text
    assert signed_in(app, desk, "senior").post(f"/cases/{made}/release").status_code == 403
    assert "Release" in supervisor.get(f"/cases/{made}").text
    assert supervisor.post(f"/cases/{made}/release").status_code == 303
    assert "You hold" not in reviewer.get("/queue").text


def test_a_lease_that_ended_makes_the_case_another_persons(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        made = make_case(writer, 1)
    first, second = signed_in(app, desk), signed_in(app, desk)
    first.post("/queue/next")
    assert second.post("/queue/next").headers["Location"] == "/queue"
    later(desk, minutes=11)
    assert second.post("/queue/next").headers["Location"] == f"/cases/{made}"


def test_nothing_of_another_organisation_is_seen_or_given(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        theirs = add_organisation(writer, "theirs", "Theirs", NOW)
        make_case(writer, 1, tier=0, due_at=NOW)
        waits_for(writer, "disputed")
    senior = signed_in(app, desk, "senior", theirs)
    for lane in ("tier", "due", "sample", "second", "disputed", "escalated", "info", "held"):
        assert cases_of(senior.get(f"/queue?lane={lane}").text) == []
    assert senior.post("/queue/next").headers["Location"] == "/queue"


def test_the_queue_shows_no_picture_and_no_address(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        make_case(writer, 1)
    text = signed_in(app, desk).get("/queue").text
    assert "<img" not in text
    assert "iframe" not in text


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_does_not_review_has_no_queue(app: FastAPI, desk: Desk, role: str) -> None:
    one = signed_in(app, desk, role)  # type: ignore[arg-type]
    for path in ("/queue", "/break"):
        assert one.get(path).status_code == 403
    assert one.post("/queue/next").status_code == 403
    assert browser(app).get("/queue", headers={"Accept": "text/html"}).headers["Location"].startswith("/sign-in")


def test_the_page_speaks_french(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        make_case(writer, 1, tier=0, why=[["t0-live", 0, []]])
    reviewer = signed_in(app, desk)
    reviewer.post("/language", data={"language": "fr"})
    text = reviewer.get("/queue").text
    assert '<html lang="fr">' in text
    assert "Prendre le suivant" in text
    assert desk.rules.sentence("t0-live", "fr") in text


def test_nothing_of_the_console_reads_a_whole_table(app: FastAPI, desk: Desk) -> None:
    """As SQLite plans it where nobody ran ANALYZE: each query walks an index that was made for it."""
    if not desk.database.is_sqlite:
        pytest.skip("the plan of PostgreSQL depends on its statistics")
    with desk.database.writing() as writer:
        case, other = make_case(writer, 1), make_case(writer, 1)
        waits_for(writer, "needs_second")
    senior = signed_in(app, desk, "senior")
    asked: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked[statement] = parameters

    event.listen(desk.database.engine, "before_cursor_execute", note)
    for lane in ("tier", "due", "sample", "second", "disputed", "escalated", "info", "held"):
        senior.get(f"/queue?lane={lane}")
    senior.get("/queue?tier=3")
    senior.post("/queue/next")
    senior.post(f"/cases/{case}/claim")
    senior.get(f"/cases/{case}")
    senior.post(f"/cases/{case}/heartbeat")
    senior.post(f"/cases/{case}/decide", data={"code": "terms", "confirmed": "yes", "then": "next"})
    senior.post(f"/cases/{other}/skip", data={"reason": "language"})
    senior.post("/break")
    event.remove(desk.database.engine, "before_cursor_execute", note)
    large = (
        "case_file",
        "decision",
        "ledger",
        "reveal",
        "media",
        "notice",
        "case_link",
        "location",
        "action",
        "outbox",
    )
    with desk.database.engine.connect() as connection:
        for statement, parameters in asked.items():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            for step in (str(row[3]) for row in plan):
                words = step.split()
                assert not (words[0] == "SCAN" and words[1] in large), f"{step}: {statement}"
                assert not {"ix_case_state", "ix_case_search"} & set(words), f"{step}: {statement}"
    assert len(asked) > 30

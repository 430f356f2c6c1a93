"""The card: everything in words, what each may know of what others judged, deciding, and the gestures beside it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from fastapi import FastAPI

from rempart.audit.queries import append, story
from rempart.cases.intake.opening import add_places
from rempart.cases.intake.urls import normalise
from rempart.cases.review import acting
from rempart.cases.review.queries import decisions
from rempart.cases.review.queries.cases import read
from rempart.cases.review.queries.reveals import media_of
from rempart.cases.triage.features import feature, to_row
from rempart.cases.triage.queries.ranking import update
from rempart.facts import Finding, Matched, NotExamined
from rempart.facts.case import ActionKind, ActionState, CaseKind, ClusterKind
from rempart.facts.evidence import Evidence, Origin, OriginVerdict
from rempart.facts.fingerprint import View
from rempart.facts.match import Match
from rempart.facts.people import public
from rempart.facts.report import ReportState
from rempart.people.queries import add_organisation
from rempart.reporting.recipients import RECIPIENTS
from rempart.reporting.watching.machine import Event
from rempart.settings import DeskSettings
from rempart.testing.desk import NOW, Hands, make_actor, make_case, make_cluster, make_media, make_notice
from rempart.testing.desk_web import SignedIn, signed_in
from rempart.web.words import known, say
from rempart.wiring.desk import Desk
from rempart.worker.performing import perform_due

HTML = {"Accept": "text/html"}


def later(desk: Desk, **time: float) -> None:
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(**time)


def made(desk: Desk, **columns: Any) -> int:
    with desk.database.writing() as writer:
        return make_case(writer, 1, **columns)


def row(desk: Desk, case: int) -> Any:
    with desk.database.reading() as reader:
        return read(reader, 1, case)


def verbs(desk: Desk, case: int) -> list[str]:
    with desk.database.reading() as reader:
        return [entry.verb for entry in story(reader, 1, "case", case)]


def card(browser: SignedIn, case: int) -> str:
    answer = browser.get(f"/cases/{case}", headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def decide(browser: SignedIn, case: int, code: str = "baseline", **form: Any) -> Any:
    return browser.post(f"/cases/{case}/decide", data={"code": code, "confirmed": "yes"} | form, headers=HTML)


def judge(desk: Desk, browser: SignedIn, case: int, code: str = "baseline", **form: Any) -> None:
    """Claims and decides, and lets the time for undoing pass."""
    assert browser.post(f"/cases/{case}/claim").status_code == 303
    assert decide(browser, case, code, **form).status_code == 303
    later(desk, seconds=31)


@pytest.fixture
def rich(desk: Desk) -> int:
    """A case of which much is known."""
    said = [
        feature("ai_evidence", "D", "finding", NOW),
        feature("camera_evidence", "traits", "exif", NOW),
        feature("country", "FR", "reporter", NOW),
    ]
    evidence = Evidence("a1111", "text", "PNG tEXt parameters", "fullyGenAIMedia", "hint", "trivial", "trivial")
    rules = ("d: the file (PNG tEXt parameters) declares AI, which anyone can add: urgency stays",)
    origin = Origin(OriginVerdict("ai.declared", rules, 0, (), "1"), (evidence,))
    near = Match("dragons", 3, "ref-of-the-entry", "pdq", 14, "block", "known-bad", "purple", View(transform="mirror"))
    same = Match("dragons", 3, "ref-of-the-entry", "sha256", 0, "block", "known-bad")
    finding = Finding("x", Matched((near, same), "block"), "image/png", 5000, 320, 240, 1, origin=origin)
    with desk.database.writing() as writer:
        case = make_case(
            writer,
            1,
            tier=1,
            score=30,
            due_at=NOW + timedelta(hours=3),
            why=[["t1-new-real-reachable", 0, ["country"]], ["made", 30, []]],
            features=said,
        )
        make_media(writer, desk.fields, 1, case, vault=desk.vault, finding=finding, outcome="match")
        make_notice(writer, desk.fields, 1, case, text="<script>a purple dragon</script>", urgent=True)
        add_places(writer, desk.fields, public(1), case, [normalise("https://dragons.example/purple?a=1")], NOW)
    return case


def test_the_card_says_everything_in_words(app: FastAPI, desk: Desk, rich: int) -> None:
    text = card(signed_in(app, desk), rich)
    for words in (
        desk.rules.sentence("t1-new-real-reachable", "en"),
        desk.rules.tier_name(1, "en"),
        "rests on: country the case leads to",
        "+30 points",
        "country the case leads to",
        "<code>reporter</code>",
        "AI-suspected, grade D",
        "camera evidence: coherent traits",
        "No evidence of AI lowers urgency.",
        "The file declares AI, which anyone can add",
        "This does not tell whether a real child is shown or used.",
        "14 of 256 bits differ",
        "same bytes",
        "after mirroring",
        "list dragons, version 3",
        "classified there as purple",
        "due in 3 h",
        "N-0000-0000-0001",
        "urgent",
        "&lt;script&gt;a purple dragon",
        "hxxps://dragons[.]example/purple?a=1",
    ):
        assert words in text, words


def test_no_picture_is_in_it_and_nothing_that_can_be_followed_by_mistake(app: FastAPI, desk: Desk, rich: int) -> None:
    browser = signed_in(app, desk, "senior")
    for _ in range(2):
        answer = browser.get(f"/cases/{rich}", headers=HTML)
        assert "<img" not in answer.text
        assert "<iframe" not in answer.text
        assert "dragons.example" not in answer.text
        assert "fake" not in answer.text.lower()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script>a" not in answer.text
        browser.post(f"/cases/{rich}/claim")
    assert "media.revealed" not in verbs(desk, rich)


def test_no_fingerprint_and_no_name_of_a_list_entry_is_in_it(app: FastAPI, desk: Desk, rich: int) -> None:
    text = card(signed_in(app, desk), rich)
    with desk.database.reading() as reader:
        sealed = media_of(reader, 1, [rich])[0]["fingerprints_sealed"]
    for _, value, _ in json.loads(desk.fields.unseal_text("fingerprints", sealed)):
        assert value not in text
    assert "ref-of-the-entry" not in text


def test_who_sent_the_notice_is_not_told(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    words = {"version": 1, "text": "a dragon", "name": "Ada Lovelace", "email": "ada@dragons.example"}
    with desk.database.writing() as writer:
        sealed = desk.fields.seal_text("notice", json.dumps(words))
        make_notice(writer, desk.fields, 1, case, content_sealed=sealed)
    text = card(signed_in(app, desk), case)
    assert "can be asked" in text
    assert "Lovelace" not in text
    assert "ada@" not in text


@pytest.mark.parametrize("content", ["[]", "null", '{"text": 5}', '{"version": 9}', '{"text": null, "seen_at": {}}'])
def test_a_notice_without_words_does_no_harm(app: FastAPI, desk: Desk, content: str) -> None:
    case = made(desk)
    with desk.database.writing() as writer:
        make_notice(writer, desk.fields, 1, case, content_sealed=desk.fields.seal_text("notice", content))
    assert "No words were written." in card(signed_in(app, desk), case)


def test_what_could_not_be_examined_is_told(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    finding = Finding("x", NotExamined("corrupt"), "image/png", 5, gaps=("corrupt",))
    with desk.database.writing() as writer:
        make_media(writer, desk.fields, 1, case, finding=finding, outcome="not_examined", preview_sealed=None)
        make_media(writer, desk.fields, 1, case, seed=2, outcome="waiting", finding_sealed=None)
    text = card(signed_in(app, desk), case)
    assert "Not examined: " in text
    assert "waits to be examined" in text
    assert "No preview: it could not be decoded." in text


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_does_not_review_sees_no_card_and_changes_nothing(app: FastAPI, desk: Desk, role: str) -> None:
    case = made(desk)
    one = signed_in(app, desk, role)  # type: ignore[arg-type]
    assert one.get(f"/cases/{case}").status_code == 403
    for act in ("claim", "release", "skip", "escalate", "police-first", "notes", "decide", "reopen", "close", "merge"):
        assert one.post(f"/cases/{case}/{act}", data={"reason": "unsure", "code": "baseline"}).status_code == 403, act
    assert verbs(desk, case) == ["case.opened"]


def test_another_organisations_case_is_not_there(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    with desk.database.writing() as writer:
        theirs = add_organisation(writer, "theirs", "Theirs", NOW)
    stranger = signed_in(app, desk, "supervisor", theirs)
    assert stranger.get(f"/cases/{case}").status_code == 404
    assert stranger.post(f"/cases/{case}/claim").status_code == 404


def test_what_a_person_may_do_stands_on_the_card_and_nothing_else(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    first, second, supervisor = signed_in(app, desk), signed_in(app, desk), signed_in(app, desk, "supervisor")
    acts = ("claim", "release", "skip", "escalate", "police-first", "decide", "reopen", "close", "merge")

    def offered(browser: SignedIn) -> set[str]:
        return {act for act in acts if f'action="/cases/{case}/{act}"' in card(browser, case)}

    assert offered(first) == {"claim"}
    assert offered(supervisor) == {"claim", "close", "merge"}
    first.post(f"/cases/{case}/claim")
    assert offered(first) == {"release", "skip", "escalate", "police-first", "decide", "merge"}
    assert offered(second) == set()
    assert offered(supervisor) == {"release", "merge"}
    assert f"held by {first.person.pid}" in card(second, case)
    decide(first, case, "not-illegal")
    assert offered(second) == offered(first) == set()
    later(desk, seconds=31)
    assert offered(supervisor) == {"reopen", "close", "merge"}


def test_two_who_claim_one_case_do_not_both_get_it(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    first, second = signed_in(app, desk), signed_in(app, desk)
    assert first.post(f"/cases/{case}/claim").headers["Location"] == f"/cases/{case}"
    assert second.post(f"/cases/{case}/claim").status_code == 409


# Deciding


def test_a_decision_is_confirmed_once_what_will_follow_was_shown(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    with desk.database.writing() as writer:
        make_media(writer, desk.fields, 1, case, vault=desk.vault)
        make_notice(writer, desk.fields, 1, case)
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    asked = {"code": "terms", "reason": "a dragon", "ai": "yes", "public": ""}
    answer = reviewer.post(f"/cases/{case}/decide", data=asked, headers=HTML)
    assert answer.status_code == 200
    for words in ("Against our terms", "nothing</dd>", "of this case", "Made or changed by AI?", "a dragon"):
        assert words.replace("</dd>", "") in answer.text, words
    assert "restrict its visibility" in answer.text
    assert "Nothing leaves for 30 seconds" in answer.text
    assert "case.decided" not in verbs(desk, case)
    assert decide(reviewer, case, "terms", reason="a dragon", ai="yes").status_code == 303
    assert (row(desk, case)["state"], row(desk, case)["outcome"]) == ("decided", "policy_violation")
    with desk.database.reading() as reader:
        kept = decisions.of_case(reader, 1, case)[0]
    assert kept["answers"] == {"ai": "yes", "public": None, "identified_child": None}
    assert kept["viewed"] == "none"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "you have seen nothing of it"), ("fr", "vous n’en avez rien vu")]
)
def test_to_end_a_grave_case_unseen_asks_for_a_reason_and_for_a_second_person(
    app: FastAPI, desk: Desk, language: str, words: str
) -> None:
    case = made(desk, tier=0)
    with desk.database.writing() as writer:
        make_media(writer, desk.fields, 1, case, vault=desk.vault)
    reviewer = signed_in(app, desk)
    reviewer.post("/language", data={"language": language})
    reviewer.post(f"/cases/{case}/claim")
    asked = reviewer.post(f"/cases/{case}/decide", data={"code": "not-illegal"}, headers=HTML).text
    assert words in asked
    assert say(language, "decide.second") in asked
    assert re.search(r'<input id="confirm-reason" name="reason"[^>]* required', asked)
    assert decide(reviewer, case, "not-illegal").status_code == 400
    given = {"code": "not-illegal", "reason": "a toy dragon"}
    again = reviewer.post(f"/cases/{case}/decide", data=given, headers=HTML).text
    assert words in again
    assert "confirm-reason" not in again
    assert words not in reviewer.post(f"/cases/{case}/decide", data={"code": "baseline"}, headers=HTML).text
    assert decide(reviewer, case, **given).status_code == 303
    assert row(desk, case)["state"] == "needs_second"


def test_what_is_shown_to_follow_is_what_follows(app: FastAPI, desk: Desk) -> None:
    for number, code in enumerate([code.name for code in desk.taxonomy.codes]):
        case = made(desk)
        with desk.database.writing() as writer:
            make_media(writer, desk.fields, 1, case, vault=desk.vault, seed=number + 1)
            make_notice(writer, desk.fields, 1, case, number=f"N-{number}")
        first, second = signed_in(app, desk), signed_in(app, desk)
        first.post(f"/cases/{case}/claim")
        shown = first.post(f"/cases/{case}/decide", data={"code": code}, headers=HTML).text
        decide(first, case, code)
        later(desk, seconds=31)
        if row(desk, case)["state"] == "needs_second":
            assert "A second person judges it first" in shown
            judge(desk, second, case, code)
        with desk.database.writing() as writer:
            made_of = decisions.of_case(writer, 1, case)[-1]["id"]
            acting.begin(writer, desk.fields, 1, [made_of], desk.clock())
            kinds = [one["kind"] for one in decisions.actions_of_case(writer, 1, case)]
        listed = shown[shown.index("What will follow") :].split("</ul>")[0]
        assert [say("en", f"action.{kind}") in listed for kind in kinds] == [True] * len(kinds), code
        assert listed.count("<li>") == len(kinds), code


def test_without_a_code_the_card_says_so_and_nothing_is_decided(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    answer = reviewer.post(f"/cases/{case}/decide", data={"reason": "x"}, headers=HTML)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "Choose a code first." in answer.text
    assert row(desk, case)["state"] == "triaged"


@pytest.mark.parametrize(
    "form", [{"code": "guilty"}, {"ai": "perhaps"}, {"reason": "x" * 501}, {"excepted": "999999"}, {"excepted": "x"}]
)
def test_words_outside_the_form_are_refused(app: FastAPI, desk: Desk, form: dict[str, str]) -> None:
    case = made(desk)
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    assert decide(reviewer, case, **({"code": "terms"} | form)).status_code in (400, 422)
    assert row(desk, case)["state"] == "triaged"


def test_who_does_not_hold_the_case_decides_nothing(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    for confirmed in ("", "yes"):
        assert decide(signed_in(app, desk), case, "terms", confirmed=confirmed).status_code == 409


def test_a_text_only_case_is_decided_without_media(app: FastAPI, desk: Desk) -> None:
    case = made(desk, kind="thread")
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    assert "No media came with it." in card(reviewer, case)
    assert decide(reviewer, case, "not-illegal").status_code == 303
    assert row(desk, case)["outcome"] == "not_illegal"


def test_the_next_case_comes_only_when_it_is_wanted(app: FastAPI, desk: Desk) -> None:
    first, second, third = (made(desk, tier=tier) for tier in (0, 1, 2))
    reviewer = signed_in(app, desk)
    reviewer.post("/queue/next")
    assert decide(reviewer, first, "terms", reason="a toy", then="next").headers["Location"] == f"/cases/{second}"
    assert decide(reviewer, second, "terms", reason="a toy", then="stop").headers["Location"] == "/queue"
    assert row(desk, third)["assignee"] is None


def test_the_bar_for_undoing_stands_for_its_time_and_gives_the_case_back(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    decide(reviewer, case, "terms")
    later(desk, seconds=10)
    text = reviewer.get("/queue", headers=HTML).text
    assert f"Case {case}: Against our terms, not illegal." in text
    assert 'data-undo="20"' in text
    path = re.findall(r'action="(/decisions/\d+/undo)"', text)[0]
    assert signed_in(app, desk).post(path).status_code == 403
    assert reviewer.post(path).headers["Location"] == f"/cases/{case}"
    assert (row(desk, case)["state"], row(desk, case)["assignee"]) == ("triaged", reviewer.person.pid)
    decide(reviewer, case, "terms")
    later(desk, seconds=30)
    assert "data-undo=" not in reviewer.get("/queue", headers=HTML).text
    assert reviewer.post(path).status_code == 409


def test_a_cluster_is_decided_once_with_its_exceptions_listed(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        leader, one, other = make_cluster(writer, 1, 3)
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{leader}/claim")
    text = card(reviewer, leader)
    assert "This decides 3 cases" in text
    assert text.count('name="excepted"') == 2
    answer = reviewer.post(f"/cases/{leader}/decide", data={"code": "terms", "excepted": [other]}, headers=HTML)
    assert f'name="excepted" value="{other}"' in answer.text
    assert "<dd>2</dd>" in answer.text
    (shown,) = set(re.findall(r'name="shown" value="([^"]+)"', text + answer.text))
    with desk.database.writing() as writer:
        late = make_case(writer, 1, cluster=row(desk, leader)["cluster"], leads=False)
    again = reviewer.post(f"/cases/{leader}/decide", data={"code": "terms", "shown": shown}, headers=HTML)
    assert "<dd>3</dd>" in again.text
    decide(reviewer, leader, "terms", excepted=[other], shown=shown)
    assert row(desk, late)["state"] == "triaged"
    assert (row(desk, one)["state"], row(desk, other)["state"]) == ("decided", "triaged")
    assert f"Case {leader} stands in the queue for it" not in card(reviewer, other)


def test_a_member_says_who_stands_in_the_queue_for_it_and_what_differs(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        leader, one = make_cluster(writer, 1, 2)
        update(writer, 1, one, features=to_row([feature("country", "BE", "reporter", NOW)]))
    reviewer = signed_in(app, desk)
    assert f"Case {leader} stands in the queue for it" in card(reviewer, one)
    assert "differs: country the case leads to: BE" in card(reviewer, leader)


# What others judged


SECRETS = ("Illegal: international baseline", "illegal, baseline", "a reason that tells", "a note that tells")


def first_judged(app: FastAPI, desk: Desk) -> tuple[int, SignedIn]:
    case, first = made(desk), signed_in(app, desk)
    first.post(f"/cases/{case}/claim")
    first.post(f"/cases/{case}/notes", data={"text": "a note that tells"})
    decide(first, case, "baseline", reason="a reason that tells", identified_child="yes")
    later(desk, seconds=31)
    return case, first


@pytest.mark.parametrize("role", ["reviewer", "senior", "supervisor"])
def test_the_first_judgement_is_hidden_from_whoever_might_give_the_second(app: FastAPI, desk: Desk, role: str) -> None:
    case, first = first_judged(app, desk)
    second = signed_in(app, desk, role)  # type: ignore[arg-type]
    for held in (False, True):
        text = card(second, case)
        panel = text.replace('<span>Illegal: international baseline</span><kbd aria-hidden="true">1</kbd>', "")
        assert not [secret for secret in SECRETS if secret in panel], held
        assert first.person.pid not in text
        assert "hidden until you have judged" in text
        assert "Notes of who judged before are shown once you have judged: 1." in text
        second.post(f"/cases/{case}/claim")


def test_who_judged_first_sees_their_own_and_cannot_judge_again(app: FastAPI, desk: Desk) -> None:
    case, first = first_judged(app, desk)
    text = card(first, case)
    assert "a reason that tells" in text
    assert "It waits for somebody else" in text
    assert f'action="/cases/{case}/claim"' not in text
    assert first.post(f"/cases/{case}/claim").status_code == 403


def test_the_confirmation_does_not_tell_whether_the_two_agree(app: FastAPI, desk: Desk) -> None:
    case, _ = first_judged(app, desk)
    second = signed_in(app, desk)
    second.post(f"/cases/{case}/claim")
    card(second, case)
    pages = []
    for code, outcome in (("baseline", "illegal, baseline"), ("national", "illegal, national law")):
        text = second.post(f"/cases/{case}/decide", data={"code": code}, headers=HTML).text
        label = desk.taxonomy.code(code).english
        pages.append(text.replace(label, "").replace(outcome, "").replace(f'value="{code}"', ""))
    assert pages[0] == pages[1]
    assert "If you and the first person differ, a senior decides." in pages[0]


@pytest.mark.parametrize("code", ["baseline", "national"])
def test_while_it_can_be_undone_the_second_judgement_tells_nothing_of_the_first(
    app: FastAPI, desk: Desk, code: str
) -> None:
    case, first = first_judged(app, desk)
    second, senior = signed_in(app, desk), signed_in(app, desk, "senior")
    second.post(f"/cases/{case}/claim")
    decide(second, case, code)
    text = card(second, case)
    for words in ("disputed", "a reason that tells", "a note that tells", first.person.pid, "Two people"):
        assert words not in text.split('<dialog id="key-help"')[0], words
    assert "second review" in text
    assert f"/cases/{case}" not in senior.get("/queue?lane=disputed", headers=HTML).text
    later(desk, seconds=31)
    assert ("two people differ" in card(second, case).lower()) is (code == "national")


def test_a_disagreement_is_settled_by_a_senior_who_sees_no_names(app: FastAPI, desk: Desk) -> None:
    case, first = first_judged(app, desk)
    second = signed_in(app, desk, "senior")
    judge(desk, second, case, "national", reason="another reason")
    third = signed_in(app, desk, "senior")
    assert f'href="/cases/{case}"' in third.get("/queue?lane=disputed", headers=HTML).text
    assert signed_in(app, desk).post(f"/cases/{case}/claim").status_code == 403
    assert second.post(f"/cases/{case}/claim").status_code == 403
    text = card(third, case)
    for words in ("One view", "Another view", "a reason that tells", "another reason", "a note that tells"):
        assert words in text, words
    assert first.person.pid not in text
    assert second.person.pid not in text
    judge(desk, third, case, "national")
    assert (row(desk, case)["state"], row(desk, case)["outcome"]) == ("decided", "illegal_national")
    after = card(third, case)
    assert first.person.pid in after
    assert second.person.pid in after


def test_the_views_of_a_disagreement_stand_in_an_order_that_tells_nothing(app: FastAPI, desk: Desk) -> None:
    seen = []
    for codes in (("baseline", "national"), ("national", "baseline")):
        case = made(desk)
        for code in codes:
            judge(desk, signed_in(app, desk), case, code)
        text = card(signed_in(app, desk, "supervisor"), case)
        seen.append(re.findall(r"<p><b>(Illegal[^<]+)</b>", text))
    assert seen[0] == seen[1]


# Gestures


def test_skipping_escalating_and_the_police_need_a_reason_of_the_list(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    reviewer = signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    for act in ("skip", "escalate", "police-first"):
        for reason in ("", "because"):
            assert reviewer.post(f"/cases/{case}/{act}", data={"reason": reason}).status_code == 400, act
    assert reviewer.post(f"/cases/{case}/police-first", data={"reason": "bad_host"}).status_code == 303
    assert "police first" in card(reviewer, case)
    assert reviewer.post(f"/cases/{case}/police-first", data={"off": "yes"}).status_code == 303
    assert not row(desk, case)["police_first"]
    assert reviewer.post(f"/cases/{case}/escalate", data={"reason": "unsure"}).headers["Location"] == "/queue"
    assert row(desk, case)["state"] == "escalated"
    assert reviewer.post(f"/cases/{case}/claim").status_code == 403
    senior = signed_in(app, desk, "senior")
    senior.post(f"/cases/{case}/claim")
    assert senior.post(f"/cases/{case}/skip", data={"reason": "too_much_now"}).status_code == 303


def test_drafted_actions_are_approved_or_dropped_by_seniors(app: FastAPI, desk: Desk) -> None:
    case, reviewer, senior = made(desk), signed_in(app, desk), signed_in(app, desk, "senior")
    with desk.database.writing() as writer:
        make_media(writer, desk.fields, 1, case, vault=desk.vault)
    reviewer.post(f"/cases/{case}/claim")
    reviewer.post(f"/cases/{case}/police-first", data={"reason": "bad_host"})
    shown = reviewer.post(f"/cases/{case}/decide", data={"code": "terms"}, headers=HTML).text
    assert "held back for approval" in shown
    decide(reviewer, case, "terms")
    later(desk, seconds=31)
    with desk.database.writing() as writer:
        acting.begin(writer, desk.fields, 1, [decisions.of_case(writer, 1, case)[0]["id"]], desk.clock())
        drafted = [one for one in decisions.actions_of_case(writer, 1, case) if one["state"] == "drafted"]
    assert len(drafted) > 1
    path = f"/cases/{case}/actions/{drafted[0]['id']}"
    assert f'action="{path}/approve"' in card(senior, case)
    assert f'action="{path}/approve"' not in card(reviewer, case)
    assert reviewer.post(f"{path}/approve").status_code == 403
    for gesture in ("approve", "drop"):
        wrong = f"/cases/{case + 1}/actions/{drafted[0]['id']}/{gesture}"
        assert senior.post(wrong).status_code == 404
    assert senior.post(f"{path}/approve").status_code == 303
    assert senior.post(f"{path}/drop").status_code == 409
    assert senior.post(f"/cases/{case}/actions/{drafted[1]['id']}/drop").status_code == 303
    with desk.database.reading() as reader:
        states = {one["id"]: one["state"] for one in decisions.actions_of_case(reader, 1, case)}
    assert states[drafted[0]["id"]] in ("queued", "approved")
    assert states[drafted[1]["id"]] == "withdrawn"


def test_notes_are_written_sealed_and_read_by_colleagues(app: FastAPI, desk: Desk) -> None:
    case, first = made(desk), signed_in(app, desk)
    assert first.post(f"/cases/{case}/notes", data={"text": "third <b>purple</b> dragon"}).status_code == 303
    assert first.post(f"/cases/{case}/notes", data={"text": " "}).status_code == 400
    text = card(signed_in(app, desk, "senior"), case)
    assert "third &lt;b&gt;purple&lt;/b&gt; dragon" in text
    assert first.person.pid in text
    with desk.database.reading() as reader:
        assert "dragon" not in str([entry.data for entry in story(reader, 1, "case", case)])


def test_cases_are_put_together_and_taken_apart(app: FastAPI, desk: Desk) -> None:
    case, other, reviewer = made(desk), made(desk), signed_in(app, desk)
    assert reviewer.post(f"/cases/{case}/merge", data={"other": other}).status_code == 403
    reviewer.post(f"/cases/{case}/claim")
    for wrong in ("", "x", "0", case):
        assert reviewer.post(f"/cases/{case}/merge", data={"other": wrong}).status_code in (400, 422)
    assert reviewer.post(f"/cases/{case}/merge", data={"other": 10**9}).status_code == 404
    assert reviewer.post(f"/cases/{case}/merge", data={"other": other}).status_code == 303
    assert "2 cases belong together" in card(reviewer, case)
    assert reviewer.post(f"/cases/{case}/surface", data={"member": other}).status_code == 303
    assert row(desk, other)["leads"]
    assert reviewer.post(f"/cases/{case}/split", data={"member": other}).status_code == 303
    assert row(desk, other)["cluster"] is None


def test_a_senior_opens_a_case_again_and_closes_it(app: FastAPI, desk: Desk) -> None:
    case, reviewer, senior = made(desk), signed_in(app, desk), signed_in(app, desk, "senior")
    judge(desk, reviewer, case, "not-illegal")
    assert reviewer.post(f"/cases/{case}/reopen", data={"reason": "mistake"}).status_code == 403
    assert senior.post(f"/cases/{case}/reopen", data={"reason": ""}).status_code == 400
    assert senior.post(f"/cases/{case}/reopen", data={"reason": "mistake"}).status_code == 409
    perform_due(desk)
    assert senior.post(f"/cases/{case}/reopen", data={"reason": "mistake"}).status_code == 303
    assert senior.post(f"/cases/{case}/close", data={"reason": "duplicate"}).status_code == 303
    assert row(desk, case)["state"] == "closed"
    text = card(senior, case)
    assert "opened again: A mistake was made" in text
    assert "closed: A duplicate" in text


def test_a_heartbeat_keeps_the_case_while_somebody_works_and_tells_who_looks(app: FastAPI, desk: Desk) -> None:
    case, first, second = made(desk), signed_in(app, desk), signed_in(app, desk)
    first.post(f"/cases/{case}/claim")
    later(desk, minutes=8)
    told = second.post(f"/cases/{case}/heartbeat", data={"active": "yes"}).json()
    assert (told["mine"], told["seconds"]) == (False, 0)
    told = first.post(f"/cases/{case}/heartbeat").json()
    assert told == {"mine": True, "seconds": 120, "watchers": [second.person.pid]}
    assert first.post(f"/cases/{case}/heartbeat", data={"active": "yes"}).json()["seconds"] == 600
    assert f"also looking: {second.person.pid}" in card(first, case)
    later(desk, minutes=2)
    assert "also looking: R-" not in card(first, case)
    later(desk, minutes=20)
    second.post(f"/cases/{case}/claim")
    assert first.post(f"/cases/{case}/heartbeat", data={"active": "yes"}).json()["mine"] is False


def test_the_history_is_told_in_words_and_pseudonyms(app: FastAPI, desk: Desk) -> None:
    case, reviewer = made(desk), signed_in(app, desk)
    reviewer.post(f"/cases/{case}/claim")
    reviewer.post(f"/cases/{case}/skip", data={"reason": "language"})
    text = card(reviewer, case)
    for words in ("opened in tier 2", "claimed", "skipped: I do not read the language", reviewer.person.pid):
        assert words in text, words
    assert f"Name of {reviewer.person.pid}" not in text


def test_an_entry_that_nobody_found_words_for_is_shown_by_its_verb(app: FastAPI, desk: Desk) -> None:
    case = made(desk)
    with desk.database.writing() as writer:
        append(writer, make_actor(1, "worker", None), "case", case, "case.danced", {"with": ["dragons"]}, NOW)
    assert "case.danced" in card(signed_in(app, desk), case)


def test_the_card_speaks_french(app: FastAPI, desk: Desk, rich: int) -> None:
    reviewer = signed_in(app, desk)
    reviewer.post("/language", data={"language": "fr"})
    text = card(reviewer, rich)
    for words in ("IA soupçonnée, degré D", "Pourquoi ce rang", "14 bits sur 256 diffèrent", "Aucun indice d’IA"):
        assert words in text, words
    assert "Ceci ne dit pas si un enfant réel est montré ou utilisé." in text


def test_what_goes_wrong_is_told_in_french_with_its_numbers(app: FastAPI, desk: Desk) -> None:
    case, first, second = made(desk), signed_in(app, desk), signed_in(app, desk)
    second.post("/language", data={"language": "fr"})
    first.post(f"/cases/{case}/claim")
    answer = second.post(f"/cases/{case}/claim", headers=HTML)
    assert answer.status_code == 409
    assert f"Le dossier {case} est en main ailleurs." in answer.text
    assert "Attendez qu’il soit rendu, ou prenez-en un autre." in answer.text


def test_the_budget_for_a_day_only_suggests(app: FastAPI, desk: Desk) -> None:
    case, reviewer = made(desk), signed_in(app, desk)
    with desk.database.writing() as writer:
        media = make_media(writer, desk.fields, 1, case, vault=desk.vault)
    app.state.desk = _with(desk, reveals_per_day=1)
    reviewer.post(f"/cases/{case}/claim")
    assert "A pause may do you good." not in card(reviewer, case)
    shown = reviewer.post(f"/cases/{case}/media/{media.id}/preview").json()
    reviewer.get(shown["url"])
    text = card(reviewer, case)
    assert "A pause may do you good." in text
    assert "1 of 1 reveals" in text
    assert reviewer.post(f"/cases/{case}/media/{media.id}/preview").status_code == 200


def _with(desk: Desk, **changes: Any) -> Desk:
    """The same desk with other settings of judging."""
    settings = desk.settings.model_copy(update={"desk": DeskSettings(**changes)})
    return replace(desk, settings=settings)


def test_the_history_tells_who_was_told_and_whether_the_content_is_there(app: FastAPI, desk: Desk) -> None:
    case, worker = made(desk), make_actor(1, "worker", None)
    with desk.database.writing() as writer:
        told = {"report": 1, "recipient": "host-notice", "state": "finished"}
        append(writer, worker, "case", case, "case.reported", told, NOW)
        append(writer, worker, "case", case, "case.watch_down", {"location": 1, "misses": 3, "by": []}, NOW)
    text = card(signed_in(app, desk), case)
    assert "told: the host" in text
    assert "the content is down" in text


def test_every_recipient_and_every_turn_of_a_watch_has_words() -> None:
    assert all(known(f"story.to.{name}") for name in RECIPIENTS)
    assert all(known(f"story.case.watch_{event}") for event in get_args(Event))
    ways = set(get_args(ReportState)) - {"draft", "approved"}
    assert all(known(f"story.case.reported.{state}") for state in ways)


def test_every_code_that_a_card_shows_has_words() -> None:
    for kind in get_args(ActionKind):
        assert known(f"action.{kind}"), kind
    for state in get_args(ActionState):
        assert known(f"action.state.{state}"), state
        assert state == "drafted" or known(f"story.case.action_{state}"), state
    for tie in get_args(ClusterKind):
        assert known(f"case.tie.{tie}"), tie
    for kind in get_args(CaseKind):
        assert known(f"case.kind.{kind}"), kind


def test_an_address_whose_number_is_none_leads_nowhere(app: FastAPI, desk: Desk) -> None:
    reviewer = signed_in(app, desk)
    for path in ("/cases/abc", "/cases/1x"):
        answer = reviewer.get(path)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")

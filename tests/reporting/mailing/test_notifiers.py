"""Who gave notice and left an address is told what they are owed, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reporting.mailing.conftest import Post

from rempart.audit.queries import story
from rempart.cases.intake.notices import receive
from rempart.cases.intake.told import Told
from rempart.cases.intake.urls import normalise
from rempart.cases.review.queries import cases
from rempart.facts.people import public
from rempart.migrations.schema import METADATA
from rempart.reporting.letters import notifier
from rempart.reporting.mailing.notifiers import MOST_A_DAY
from rempart.testing.desk import NOW
from rempart.wiring.desk import Desk
from rempart.worker.mailing import tell_notifiers
from rempart.worker.performing import perform_due

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HIDDEN = "a purple dragon that nobody may read of"


def notice(post: Post, number: int = 1, **said: Any) -> tuple[int, int]:
    """(notice, case) of a notice by somebody who left an address."""
    with post.desk.database.writing() as writer:
        told = Told(
            category="abuse_material",
            urls=(normalise(f"https://dragon.example/secret-{number}"),),
            description=HIDDEN,
            name="Bob Secret",
            **{"email": "bob@person.example", "good_faith": True, **said},
        )
        got = receive(writer, post.desk.intake, public(post.mine), told, post.clock())
    return got.notice, got.case


def told(post: Post, **later: float) -> list[Any]:
    """What arrived, after this time."""
    post.clock.now += timedelta(**later)
    tell_notifiers(post.desk)
    perform_due(post.desk)
    return [one.message for one in post.sink.taken]


def decide(post: Post, case_id: int, outcome: str = "illegal_baseline") -> None:
    with post.desk.database.writing() as writer:
        cases.answer_notices(writer, post.mine, [case_id], outcome, post.clock())


def test_a_notice_is_confirmed_and_its_outcome_told_once(anywhere: Post) -> None:
    made, case_id = notice(anywhere)
    [receipt] = told(anywhere)
    assert receipt["To"] == "bob@person.example"
    assert "has arrived" in receipt["Subject"]
    assert len(told(anywhere, hours=1)) == 1
    decide(anywhere, case_id)
    [_, outcome] = told(anywhere)
    text = outcome.get_content()
    assert "found to be illegal" in text
    assert "A person made the decision" in text
    until = anywhere.clock() + timedelta(days=anywhere.desk.settings.desk.appeal_days)
    assert f"until {until:%Y-%m-%d}" in text
    assert len(told(anywhere, hours=30)) == 2
    with anywhere.desk.database.reading() as reader:
        verbs = [one.verb for one in story(reader, anywhere.mine, "notice", made)]
        [first, second] = reader.rows(METADATA.tables["mailing"].select())
    assert verbs.count("notice.mailed") == 2
    assert first["content_sealed"] is second["content_sealed"] is None  # their address is not kept here any longer


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_mail_says_nothing_of_the_content_and_nothing_that_was_typed(post: Post, language: Any) -> None:
    _, case_id = notice(post, language=language)
    told(post)
    decide(post, case_id)
    for one in told(post, hours=1):
        said = one.as_string() + one.get_content()
        for hidden in ("dragon", "secret-1", "Secret", HIDDEN, "abuse"):
            assert hidden not in said.replace("Dragon Watch", "").replace("dragon.example", "")
    assert ("signalement" in post.sink.taken[0].message.get_content()) == (language == "fr")


def test_everybody_gets_the_same_words_at_the_same_time(post: Post) -> None:
    """A new case, a duplicate, and one that is urgent: nobody learns from the receipt what the desk knew."""
    notice(post, email="one@person.example")
    notice(post, email="two@person.example")  # a duplicate of the first
    notice(post, 2, email="three@person.example", urgent=True)
    bodies = {one.get_content().replace(one["Subject"].split()[2], "N") for one in told(post)}
    assert (len(post.sink.taken), len(bodies)) == (3, 1)


def test_the_words_of_an_outcome_are_those_of_the_status_page(post: Post) -> None:
    from rempart.web.words import say

    for language in ("en", "fr"):
        for one, words in notifier._WORDS[language].items():  # type: ignore[index]
            page = say(language, f"status.outcome.{one}").replace("\u00a0", " ")
            assert words.split(".")[0].split(",")[0].split(":")[0].strip() in page.replace(", because", ":")


def test_an_outcome_that_was_changed_is_told_again(post: Post) -> None:
    _, case_id = notice(post)
    decide(post, case_id)
    assert len(told(post)) == 2
    post.clock.now += timedelta(days=1)
    decide(post, case_id, "not_illegal")
    assert "not to be illegal" in told(post, hours=1)[2].get_content()


def test_whoever_left_no_address_gets_no_mail(post: Post) -> None:
    _, case_id = notice(post, email="")
    decide(post, case_id)
    assert told(post) == []


@pytest.mark.parametrize("address", ["bôb@person.example", "bob@person", "a,b@person.example", "<b@c.example>"])
def test_an_address_that_no_relay_takes_is_left_alone(post: Post, address: str) -> None:
    made, _ = notice(post, email=address)
    assert told(post) == told(post, hours=1) == []
    with post.desk.database.reading() as reader:
        assert story(reader, post.mine, "notice", made)[-1].verb == "notice.not_mailed"


def test_nobodys_letter_box_is_filled(post: Post) -> None:
    for number in range(MOST_A_DAY + 3):
        notice(post, number)
    notice(post, 99, email="other@person.example")
    assert len(told(post)) == MOST_A_DAY + 1
    assert len(told(post, hours=12)) == MOST_A_DAY + 1
    assert len(told(post, hours=13)) == MOST_A_DAY + 4


def test_old_notices_are_not_told_when_mail_is_switched_on(post: Post) -> None:
    notice(post)
    assert told(post, days=8) == []


def test_nobody_is_told_where_the_operator_says_so(post: Post) -> None:
    notice(post)
    desk: Desk = post.desk
    silent = desk.settings.mail.model_copy(update={"notifiers": False})
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"mail": silent}))
    assert told(post) == []


def test_a_broken_answer_sends_the_same_mail_again(post: Post) -> None:
    notice(post)
    post.sink.will("content", "drop-after")
    told(post)
    told(post, minutes=1)
    assert (len(post.sink.numbers), len(set(post.sink.numbers))) == (2, 1)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.sampled_from(["en", "fr"]))
def test_no_name_of_a_desk_breaks_a_header(name: str, language: Any) -> None:
    plain = "".join(one for one in name if one.isprintable())
    text = notifier.receipt(language, "N-1", NOW, "")
    made = notifier.letter(
        "notifier-receipt", language, "N-1", text, (plain, "a@b.example"), "c@d.example", "<1@b.example>", NOW
    )
    assert made.as_bytes().count(b"\nTo: ") == 1

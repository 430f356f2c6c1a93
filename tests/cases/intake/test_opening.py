"""Opening a case places it at once."""

from rempart.audit.queries import story
from rempart.cases.intake.opening import Tie, open_case
from rempart.cases.intake.queries import cases
from rempart.cases.intake.urls import normalise
from rempart.cases.triage.rules import load_rules
from rempart.cases.triage.vocabulary import feature
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW, make_actor, make_organisation


def test_an_opened_case_stands_in_the_queue_with_a_reason(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        actor = make_actor(make_organisation(writer))
        urgent = [feature("urgent", True, "reporter", NOW)]
        urls = [normalise("https://dragon.example/purple")]
        case_id = open_case(
            writer, fields, actor, "url", urgent, load_rules(), now=NOW, urls=urls, ties=[Tie("actor", b"dragon-7")]
        )
    with database.reading() as reader:
        row = cases.case_row(reader, actor.organisation, case_id)
        assert row is not None
        assert (row["state"], row["tier"], row["received_at"]) == ("triaged", 0, NOW)
        assert row["why"][0][2] == ["urgent"]
        assert 0 <= row["dice"] < 2**31
        (entry,) = story(reader, actor.organisation, "case", case_id)
        assert (entry.verb, entry.seq) == ("case.opened", row["entry"])
        assert "dragon" not in str(entry.data)


def test_another_organisation_does_not_see_the_case(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        actor, other = make_actor(make_organisation(writer)), make_organisation(writer, "other")
        case_id = open_case(writer, fields, actor, "url", [], load_rules(), now=NOW)
        assert cases.case_row(writer, other, case_id) is None

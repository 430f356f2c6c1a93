"""What a report may say of a case: read from what was really sealed."""

from rempart.cases.telling import case_view
from rempart.facts import Finding, NoMatch
from rempart.facts.evidence import Evidence, Origin
from rempart.origin.verdict import judge
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import make_media, make_organisation
from rempart.testing.desk_reporting import make_decided


def declared() -> Origin:
    """The origin of a file whose note says that a generator made it."""
    found = Evidence(
        source="xmp",
        kind="xmp",
        locator="XMP DigitalSourceType",
        claim="fullyGenAIMedia",
        strength="structural",
        add_cost="trivial",
        strip_cost="trivial",
    )
    return Origin(judge([found], looked_at_pixels=False), (found,))


def told(database: Database, fields: Fields, finding: Finding | None) -> str:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, fields, mine, media=0)
        make_media(writer, fields, mine, case_id, finding=finding)
        [file] = case_view(writer, fields, mine, case_id).files
    return file.ai_evidence


def test_evidence_of_origin_is_told_in_one_line(database: Database, fields: Fields) -> None:
    finding = Finding("dragon.png", NoMatch(), "image/png", 5, 7, 9, 1, origin=declared())
    assert told(database, fields, finding) == "verdict ai.declared; evidence: xmp"


def test_where_nothing_was_found_nothing_is_told(database: Database, fields: Fields) -> None:
    finding = Finding(
        "dragon.png", NoMatch(), "image/png", 5, 7, 9, 1, origin=Origin(judge([], looked_at_pixels=False))
    )
    assert told(database, fields, finding) == ""


def test_where_nobody_looked_nothing_is_told(database: Database, fields: Fields) -> None:
    assert told(database, fields, None) == ""

"""The authority's schema as it comes: good, hostile, or none."""

import pytest

from rempart.errors import Broken, NotAllowed, Unavailable
from rempart.net import Answer
from rempart.reporting.cybertip import schema
from rempart.reporting.cybertip.target import Target

WHERE = Target("emulator", "http://127.0.0.1:1/ispws")
SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="dragon"><xs:complexType><xs:attribute name="colour" use="required"/></xs:complexType></xs:element>
</xs:schema>"""


class Says:
    """A transport that gives one answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, url: str) -> Answer:
        self.asked.append(url)
        return self.answer


def test_what_the_schema_refuses_is_named_with_its_line() -> None:
    good, bad = b'<dragon colour="purple"/>', b"\n<dragon/>"
    assert schema.differences(SCHEMA, [("good", good)]) == []
    [found] = schema.differences(SCHEMA, [("good", good), ("bad", bad)])
    assert found.startswith("bad, line 2")


def test_it_is_asked_for_where_the_authority_has_it() -> None:
    says = Says(Answer(200, {}, SCHEMA))
    assert schema.fetched(WHERE, says) == SCHEMA  # type: ignore[arg-type]
    assert says.asked == ["http://127.0.0.1:1/ispws/xsd"]


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (Answer(401, {}), NotAllowed),
        (Answer(503, {}), Unavailable),
        (Answer(200, {}, SCHEMA, cut="size"), Unavailable),
        (Answer(200, {}, b"<html/>"), Broken),
        (Answer(200, {}, b"purple"), Broken),
        (Answer(200, {}, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), Broken),
    ],
)
def test_everything_else_ends_in_words(answer: Answer, raised: type[Exception]) -> None:
    with pytest.raises(raised):
        schema.fetched(WHERE, Says(answer))  # type: ignore[arg-type]

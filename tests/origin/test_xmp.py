"""XMP is read in all its forms, and nothing in a packet can make the parser follow or unfold anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.facts import reasons
from rempart.origin import xmp
from rempart.testing.carriers_words import attribute, element, listed, packet, resource

NAME = "Iptc4xmpExt:DigitalSourceType"


def terms(data: bytes) -> tuple[str, ...]:
    return xmp.read(data).values(xmp.IPTC_EXTENSION, "DigitalSourceType")


@pytest.mark.parametrize(
    "data",
    [
        packet(attributes=attribute(NAME, "leek")),
        packet(element(NAME, "leek")),
        packet(resource(NAME, "leek")),
        packet(listed(NAME, "leek", "Alt")),
        packet(listed(NAME, "leek", "Seq")),
        packet(listed(NAME, "leek", "Bag")),
        packet(f'<{NAME}><rdf:Bag><rdf:li rdf:resource="leek"/></rdf:Bag></{NAME}>'),
        packet(f'<{NAME} rdf:parseType="Resource"><rdf:value>leek</rdf:value></{NAME}>'),
        packet(f"<{NAME}><rdf:Description><rdf:value>leek</rdf:value></rdf:Description></{NAME}>"),
        packet(f"<{NAME}><!-- soup -->leek</{NAME}>"),
    ],
)
def test_a_property_is_read_in_every_form(data: bytes) -> None:
    assert terms(data) == ("leek",)
    assert xmp.read(data).gap == ""


def test_all_values_of_a_list_and_of_repeated_properties_are_kept() -> None:
    data = packet(listed(NAME, "leek") + listed(NAME, "onion"), attribute(NAME, "carrot"))
    assert terms(data) == ("carrot", "leek", "onion")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_packet_is_read_in_every_unicode_form(codec: str) -> None:
    text = packet(element(NAME, "poireau à l'eau")).decode()
    assert terms(text.encode(codec)) == ("poireau à l'eau",)


def test_padding_behind_a_packet_does_no_harm() -> None:
    assert terms(packet(element(NAME, "leek")) + b" \n" * 500 + b"\0" * 9) == ("leek",)


def test_a_prefix_that_nobody_declared_stands_for_its_namespace() -> None:
    data = packet(element("TC260:AIGC", "soup"), undeclared="TC260")
    assert xmp.read(data).values("TC260", "AIGC") == ("soup",)


def test_a_property_inside_another_one_does_not_describe_the_picture() -> None:
    inner = '<rdf:Description Iptc4xmpExt:DigitalSourceType="leek"/>'
    assert terms(packet(f"<dc:source>{inner}</dc:source>")) == ()


LAUGHS = b'<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]>'
FOREIGN = b'<!DOCTYPE a SYSTEM "file:///etc/passwd">'
REFUSED = "unsupported: xmp with a document type"


@pytest.mark.parametrize("doctype", [LAUGHS, FOREIGN])
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_a_document_type_is_refused_in_every_unicode_form(doctype: bytes, codec: str) -> None:
    text = (doctype + packet(element(NAME, "leek"))).decode()
    assert xmp.read(text.encode(codec)) == xmp.Packet(gap=REFUSED)


@pytest.mark.parametrize("named", ["UTF-7", "IBM037", "UTF-16", "nonsense"])
def test_a_packet_cannot_choose_another_character_set(named: str) -> None:
    data = f'<?xml version="1.0" encoding="{named}"?>'.encode() + packet(element(NAME, "+ADw-soup+AD4-"))
    assert terms(data) == ("+ADw-soup+AD4-",)


@pytest.mark.parametrize(
    ("data", "gap"),
    [
        (b"", "damaged: xmp"),
        (packet(element(NAME, "leek"))[:-40], "damaged: xmp"),
        (packet("&soup;"), "damaged: xmp"),
        (b"<a>" * 100_000, "damaged: xmp"),
        (b"\xff\xfe\0\xd8", "damaged: xmp"),
        (packet(element(NAME, "leek" * 2**20)), "limit: xmp bytes"),
        (packet(element(NAME, "a") * 3_000), "limit: xmp properties"),
    ],
)
def test_what_cannot_be_read_is_a_gap(data: bytes, gap: str) -> None:
    assert xmp.read(data).gap == gap


def many(count: int) -> str:
    return " ".join(f'xmp:a{index}="1"' for index in range(count))


@pytest.mark.parametrize(
    "data",
    [
        packet(attributes=many(150_000)),
        packet(f"<dc:source {many(150_000)}>leek</dc:source>"),
        packet('</rdf:Description><rdf:Description rdf:about="">' * 50_000),
        packet((f"</rdf:Description><rdf:Description {many(499)}>") * 400),
    ],
)
def test_any_number_of_attributes_is_read_or_refused_in_moderate_time(data: bytes) -> None:
    began = time.perf_counter()
    assert xmp.read(data).gap in ("", "limit: xmp bytes", "limit: xmp properties")
    assert time.perf_counter() - began < 5


def test_a_list_of_thousands_does_not_hide_what_follows() -> None:
    ancestors = "".join("<rdf:li>a</rdf:li>" for _ in range(50_000))
    data = packet(f"<photoshop:DocumentAncestors><rdf:Bag>{ancestors}</rdf:Bag></photoshop:DocumentAncestors>")
    data = data.replace(b"</rdf:Description>", element(NAME, "leek").encode() + b"</rdf:Description>")
    assert terms(data) == ("leek",)
    assert xmp.read(data).gap == ""


def test_values_are_never_shown() -> None:
    assert "leek" not in repr(xmp.read(packet(element(NAME, "leek"))))


@given(st.binary(max_size=300), st.booleans())
def test_reading_never_raises(noise: bytes, inside: bool) -> None:
    whole = packet(element(NAME, "leek"))
    read = xmp.read(whole[:200] + noise + whole[200:] if inside else noise)
    assert not read.gap or reasons.code_of(read.gap) in reasons.MEANING

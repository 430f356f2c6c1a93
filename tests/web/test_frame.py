"""The frame of every page, and the parts that pages are made of."""

import re

import pytest
from fastapi import FastAPI
from lxml import html

from rempart.testing.desk_web import browser, make_person, signed_in
from rempart.web.app import STATIC
from rempart.web.rendering import _environment
from rempart.web.words import say, told
from rempart.wiring.desk import Desk

LIGHT, DARK = ":root {", "@media (prefers-color-scheme: dark)"
# (text or edge, what it lies on, the least contrast of WCAG 2.2 AA)
PAIRS = [(ink, paper, 4.5) for ink in ("ink", "soft", "accent", "good", "warn", "bad") for paper in ("paper", "wash")]
PAIRS += [("on-accent", "accent", 4.5), ("on-accent", "accent-deep", 4.5), ("on-bad", "bad", 4.5)]
PAIRS += [("edge", "paper", 3.0), ("edge", "wash", 3.0), ("accent", "paper", 3.0)]


def colours(dark: bool) -> dict[str, str]:
    style = (STATIC / "desk.css").read_text()
    light, night = style.split(DARK)[0], style.split(DARK)[1].split("\n}\n")[0]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", light))
    return found | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+);", night)) if dark else found


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_every_pair_of_colours_can_be_read(ink: str, paper: str, least: float, dark: bool) -> None:
    known = colours(dark)
    lighter, darker = sorted((luminance(known[ink]), luminance(known[paper])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_the_style_sheet_is_small_and_loads_nothing() -> None:
    style = (STATIC / "desk.css").read_text()
    assert len(style) < 20_000
    assert "url(" not in style
    assert "@import" not in style


def test_the_language_is_changed_without_script(app: FastAPI, desk: Desk) -> None:
    client = browser(app)
    page = html.fromstring(client.get("/?x=1").text)
    form = page.xpath("//form[@action='/language']")[0]
    sent = {field.name: field.value for field in form.xpath(".//input")}
    button = form.xpath(".//button")[0]
    assert sent["next"] == "/?x=1"
    answer = client.post("/language", data=sent | {"language": button.get("value")})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/?x=1"
    assert html.fromstring(client.get("/").text).get("lang") == "fr"


def test_the_language_of_a_person_goes_with_them(app: FastAPI, desk: Desk) -> None:
    person = make_person(desk, "reviewer", language="fr")
    one = signed_in(app, desk, person=person)
    assert 'lang="fr"' in one.get("/").text
    one.post("/language", data={"language": "en", "next": "/"})
    other = signed_in(app, desk, person=person)
    assert '<html lang="en">' in other.get("/").text


@pytest.mark.parametrize(
    "there", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
def test_a_change_of_language_leads_nowhere_else(app: FastAPI, there: str) -> None:
    answer = browser(app).post("/language", data={"language": "fr", "next": there})
    assert answer.headers["Location"] == "/"


def test_the_menu_shows_what_is_open_to_the_role(app: FastAPI, desk: Desk) -> None:
    def menu(role: str) -> list[str]:
        page = html.fromstring(signed_in(app, desk, role).get("/").text)  # type: ignore[arg-type]
        return page.xpath("//header//nav//a/@href")

    assert "/people" in menu("admin")
    assert "/search" not in menu("admin")
    assert "/people" not in menu("reviewer")
    assert "/search" in menu("reviewer")
    assert html.fromstring(browser(app).get("/").text).xpath("//header//nav") == []


def test_the_page_that_is_shown_is_marked_in_the_menu(app: FastAPI, desk: Desk) -> None:
    page = html.fromstring(signed_in(app, desk, "reviewer").get("/search").text)
    assert page.xpath("//header//nav//a[@aria-current='page']/@href") == ["/search"]


def test_the_first_link_skips_to_the_content(app: FastAPI) -> None:
    page = html.fromstring(browser(app).get("/").text)
    assert page.xpath("(//a)[1]/@href") == ["#main"]
    assert page.xpath("//main/@id") == ["main"]


def test_the_public_can_make_a_notice_follow_it_and_appeal(app: FastAPI) -> None:
    page = html.fromstring(browser(app).get("/").text)
    assert page.xpath("//main//a/@href") == ["/notice", "/notice/status", "/appeal", "/sign-in"]


def test_a_note_is_shown_once(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk, "reviewer")
    one.post("/account/sessions/others/end")
    assert one.cookies["rempart_note"] == "account.ended"
    first = one.get("/")
    assert 'role="status"' in first.text
    assert 'role="status"' not in one.get("/").text


def test_a_note_that_nobody_wrote_is_not_shown(app: FastAPI) -> None:
    client = browser(app)
    client.cookies.set("rempart_note", "<b>you won</b>")
    assert "you won" not in client.get("/").text


def drawn(source: str) -> html.HtmlElement:
    """A page made of parts."""
    given = {"t": lambda key, **values: say("en", key, **values), "told": lambda text: told("en", text)}
    given |= {"key_field": "KEY"}
    text = _environment().from_string('{% import "parts.html" as parts with context %}' + source).render(given)
    return html.fromstring(f"<div>{text}</div>")


def test_a_field_is_labelled_and_says_what_is_wrong() -> None:
    page = drawn(
        '{{ parts.field("q", "What", "<x>", hint="some", problem="bad", required=true, maxlength=9, size=none) }}'
    )
    (control,) = page.xpath("//input")
    assert page.xpath("//label/@for") == ["q"]
    assert dict(control.attrib) == {
        "id": "q",
        "name": "q",
        "type": "text",
        "value": "<x>",
        "aria-describedby": "q-hint q-problem",
        "aria-invalid": "true",
        "required": "",
        "maxlength": "9",
    }
    assert page.xpath("//*[@id='q-hint']/text()") == ["some"]
    assert page.xpath("//*[@id='q-problem']/text()") == ["bad"]


def test_a_choice_of_several_marks_what_was_chosen() -> None:
    options = '[("a", "A"), ("b", "B", "more")]'
    page = drawn(f'{{{{ parts.select("s", "S", {options}, "b", empty="none") }}}}')
    assert page.xpath("//option[@selected]/@value") == ["b"]
    page = drawn(f'{{{{ parts.choices("c", "C", {options}, ["a", "b"], "checkbox") }}}}')
    assert page.xpath("//input[@checked]/@value") == ["a", "b"]
    assert page.xpath("//label/@for") == page.xpath("//input/@id") == ["c-1", "c-2"]
    page = drawn(f'{{{{ parts.choices("c", "C", {options}, "ab") }}}}')
    assert page.xpath("//input[@checked]") == []


def test_every_form_carries_its_key() -> None:
    page = drawn(
        '{% call parts.form("/x", files=true) %}{{ parts.actions("Go") }}{% endcall %}'
        '{{ parts.act("/y", "End", spoken="it", hidden={"a": 1}) }}'
    )
    forms = page.xpath("//form")
    assert [form.get("action") for form in forms] == ["/x", "/y"]
    assert all("KEY" in form.text_content() for form in forms)
    assert forms[0].get("enctype") == "multipart/form-data"
    assert forms[1].xpath("./input/@value") == ["1"]


def test_a_problem_is_told_as_sentences() -> None:
    page = drawn('{{ parts.problem("this is wrong; do that") }}{{ parts.problem("") }}')
    assert page.xpath("//*[@role='alert']/p/text()") == ["This is wrong.", "Do that."]


def test_several_lines_keep_their_first_empty_one() -> None:
    page = drawn('{{ parts.text("w", "W", "\n\nx <b>", optional=true) }}')
    assert page.xpath("//textarea")[0].text.endswith("\n\nx <b>")
    assert "(optional)" in page.text_content()


def test_parts_without_content_say_nothing() -> None:
    page = drawn('{{ parts.facts([("a", none), ("b", ""), ("c", 0)]) }}{{ parts.paging() }}')
    assert page.xpath("//dt/text()") == ["c"]
    assert page.xpath("//nav") == []

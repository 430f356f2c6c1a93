"""Whether a page can be read by everybody, as far as its structure tells: names, labels, headings, and no code inside.

It sees what a person without sight or without a mouse depends on. Contrast and the order of focus are seen elsewhere.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import html
from lxml.html import HtmlElement

CONTROLS: Final = ".//input[not(@type='hidden')] | .//select | .//textarea"
REFERENCES: Final = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list", "form", "headers")
LANGUAGES: Final = ("en", "fr")
LOADS: Final = (".//script/@src", ".//link/@href", ".//img/@src", ".//form/@action", ".//button/@formaction")
MANY = 2


def problems(text: str) -> list[str]:
    """What is wrong with the page, one short sentence each; nothing when nothing is."""
    page = html.document_fromstring(text)
    return [said for look in LOOKS for said in look(page)]


def _language(page: HtmlElement) -> Iterator[str]:
    if page.get("lang") not in LANGUAGES:
        yield "the page does not say its language"
    for one in page.xpath(".//*[@lang]"):
        if one.get("lang") not in LANGUAGES:
            yield f"{_named(one)} is in a language that nobody here speaks"


def _frame(page: HtmlElement) -> Iterator[str]:
    for path, number in ((".//head/title", 1), (".//main", 1), (".//h1", 1)):
        if len(page.xpath(path)) != number:
            yield f"there are {len(page.xpath(path))} of {path.rsplit('/', 1)[1]}, not {number}"
    if not "".join(page.xpath(".//head/title//text()")).strip(" ·"):
        yield "the title says nothing"


def _headings(page: HtmlElement) -> Iterator[str]:
    before = 0
    for heading in page.xpath(".//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//h6"):
        level = int(heading.tag[1])
        if level > before + 1:
            yield f"the heading `{_text(heading)}` of level {level} follows one of level {before}"
        if not _text(heading):
            yield f"a heading of level {level} says nothing"
        before = level


def _identities(page: HtmlElement) -> Iterator[str]:
    known = Counter(page.xpath(".//@id"))
    yield from (f"the id `{one}` stands there {number} times" for one, number in known.items() if number > 1)
    for name in REFERENCES:
        for element in page.xpath(f".//*[@{name}]"):
            for one in element.get(name).split():
                if one not in known:
                    yield f"{_named(element)} refers to `{one}`, which is not there"
    for target in page.xpath(".//a/@href[starts-with(., '#')]"):
        if target[1:] not in known:
            yield f"a link leads to `{target}`, which is not there"


def _controls(page: HtmlElement) -> Iterator[str]:
    for control in page.xpath(CONTROLS):
        labels = page.xpath(".//label[@for=$id]", id=control.get("id", ""))
        around = list(control.iterancestors("label"))
        if control.get("type") in ("submit", "button", "image", "reset"):
            yield f"{_named(control)} is a button of old; write <button>"
        elif not any(_text(one) for one in [*labels, *around]) and not _said(page, control):
            yield f"{_named(control)} has no label"
    groups = Counter(page.xpath(".//input[@type='radio']/@name"))
    for name in (one for one, number in groups.items() if number >= MANY):
        for radio in page.xpath(".//input[@type='radio'][@name=$name]", name=name):
            if not any(_text(one) for one in radio.xpath("./ancestor::fieldset/legend")):
                yield f"{_named(radio)} is one of several without a legend"


def _buttons_and_links(page: HtmlElement) -> Iterator[str]:
    for one in page.xpath(".//button | .//a[@href] | .//summary"):
        if not (_text(one) or _said(page, one)):
            yield f"{_named(one)} has no name"
        if one.xpath(".//a | .//button | .//input | .//select | .//textarea"):
            yield f"{_named(one)} holds another control"
        if one.xpath("./ancestor-or-self::*[@aria-hidden='true']"):
            yield f"{_named(one)} is hidden from who cannot see, but not from their keys"
    for one in page.xpath(".//a[not(@href)]"):
        yield f"{_named(one)} is a link that leads nowhere"


def _pictures(page: HtmlElement) -> Iterator[str]:
    for one in page.xpath(".//img[not(@alt)]"):
        yield f"{_named(one)} has no text instead"
    for one in page.xpath(".//svg[not(@aria-hidden='true')][not(ancestor::svg)]"):
        if not (one.get("role") == "img" and _said(page, one)):
            yield f"{_named(one)} is neither named nor hidden"


def _tables(page: HtmlElement) -> Iterator[str]:
    for table in page.xpath(".//table"):
        if not table.xpath(".//th"):
            yield "a table has no headers"
        for one in table.xpath(".//th"):
            if one.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"the header `{_text(one)}` of a table has no scope"
            if not _text(one):
                yield "a header of a table says nothing"
    for one in page.xpath(".//ul/*[not(self::li)] | .//ol/*[not(self::li)]"):
        yield f"{_named(one)} stands in a list and is no entry of it"
    for one in page.xpath(".//dl/*[not(self::dt or self::dd or self::div)]"):
        yield f"{_named(one)} stands in a list of facts and is none"


def _code(page: HtmlElement) -> Iterator[str]:
    for one in page.iter():
        if not isinstance(one.tag, str):
            continue
        if one.tag in ("style", "base", "object", "embed") or (one.tag == "script" and not one.get("src")):
            yield f"<{one.tag}> has no place in a page"
        for name, value in one.attrib.items():
            if name == "style" or name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{_named(one)} carries code or style in `{name}`"
        if one.get("tabindex", "0") not in ("0", "-1"):
            yield f"{_named(one)} changes the order of focus"


def _elsewhere(page: HtmlElement) -> Iterator[str]:
    for one in page.xpath(".//iframe"):
        if one.get("sandbox") is None or not one.get("title"):
            yield f"{_named(one)} has no sandbox, or no name"
    for path in LOADS:
        for target in page.xpath(path):
            if not target.startswith("/") or target.startswith("//"):
                yield f"something is loaded from, or sent to, `{target}`"


LOOKS: Final = (
    _language,
    _frame,
    _headings,
    _identities,
    _controls,
    _buttons_and_links,
    _pictures,
    _tables,
    _code,
    _elsewhere,
)


def _text(element: HtmlElement) -> str:
    """What is read out of the element."""
    parts = element.xpath(".//text()[not(ancestor::*[@aria-hidden='true'])] | .//img/@alt | .//svg/@aria-label")
    return " ".join(" ".join(parts).split())


def _said(page: HtmlElement, element: HtmlElement) -> str:
    """The name that attributes give the element."""
    others = (one for one in element.get("aria-labelledby", "").split())
    named = [_text(found) for one in others for found in page.xpath(".//*[@id=$id]", id=one)]
    return " ".join([element.get("aria-label", "").strip(), *named]).strip()


def _named(element: HtmlElement) -> str:
    """The element as a message names it."""
    marks = [f'{name}="{element.get(name)}"' for name in ("id", "name", "href", "class") if element.get(name)]
    return f"<{' '.join([str(element.tag), *marks[:1]])}>"

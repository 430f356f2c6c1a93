"""The texts of the pages: all there in both languages, none for nothing, and written as the languages ask."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import nodes

import rempart
from rempart.web.rendering import TEMPLATES, _environment
from rempart.web.words import FILES, mistakes, say, told, typeset

HOUSE = Path(rempart.__file__).parent
WEB = HOUSE / "web"
WORDS = {key: texts for file in FILES for key, texts in file.WORDS.items()}
# Texts that are the same in both languages.
SAME = {
    "Rempart", "English", "Français", "IWF", "ICCAM", "NCMEC", "VICS",
    "Action", "Actions", "Code", "Codes", "Date", "Invitation", "Minutes", "Notes", "Original", "Original …", "Pages",
    "Pause", "Questions", "Sessions", "Signature", "Source", "Total", "Type", "URL", "conversation", "force majeure", "impossible",
    "incident", "police", "public", "urgent", "pixels", "points", "production", "score", "version", "min",
}  # fmt: skip
# Keys that are put together from another key and these, such as the text about an entry of the menu.
ENDINGS = (".about",)
# Groups whose name goes through a macro before it meets the rest of the key.
GROUPS = ("skip.", "escalate.", "police.", "reopen.", "close.")


@cache
def templates() -> dict[Path, nodes.Template]:
    return {path: _environment().parse(path.read_text()) for path in sorted(TEMPLATES.rglob("*.html"))}


@cache
def sources() -> dict[Path, ast.Module]:
    found = (path for path in sorted(WEB.rglob("*.py")) if path.parent.name != "words")
    return {path: ast.parse(path.read_text()) for path in found}


def asked_in_templates() -> Iterator[tuple[str, str]]:
    """(file, key) of every text that a template names in full."""
    for path, tree in templates().items():
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args:
                if isinstance(call.args[0], nodes.Const):
                    yield path.name, call.args[0].value
                elif isinstance(call.args[0], nodes.CondExpr):
                    yield from (
                        (path.name, one.value) for one in call.args[0].find_all(nodes.Const) if "." in one.value
                    )


def asked_in_sources() -> Iterator[tuple[str, str]]:
    """(file, key) of every text that a page names in full: `say(language, key)`, `t(key)`, `back_to(path, key)`."""
    for path, tree in sources().items():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            place = {"t": 0, "say": 1, "back_to": 1}.get(name)
            given = [*call.args[place : place + 1]] if place is not None else []
            given += [word.value for word in call.keywords if word.arg == "note"]
            for one in given:
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                    yield path.name, one.value


def constants() -> set[str]:
    """Every string that stands in a template or a page."""
    found = {one.value for tree in templates().values() for one in tree.find_all(nodes.Const)}
    found |= {node.value for tree in sources().values() for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {one for one in found if isinstance(one, str)}


def prefixes() -> set[str]:
    """How the keys begin that are put together: `"role." ~ role` in a template, `f"role.{role}"` in a page."""
    found: set[object] = set()
    for tree in templates().values():
        found |= {one.nodes[0].value for one in tree.find_all(nodes.Concat) if isinstance(one.nodes[0], nodes.Const)}
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "named":
                found |= {one.value.removesuffix(".") + "." for one in call.args[:1] if isinstance(one, nodes.Const)}
    for source in sources().values():
        joined = [node.values[0] for node in ast.walk(source) if isinstance(node, ast.JoinedStr) and node.values]
        joined += [node.left for node in ast.walk(source) if isinstance(node, ast.BinOp)]
        found |= {one.value for one in joined if isinstance(one, ast.Constant)}
        named = (node for node in ast.walk(source) if isinstance(node, ast.Call) and _is_named(node.func))
        found |= {f"{one.value}." for call in named for one in call.args[:2] if isinstance(one, ast.Constant)}
    return {one for one in found if isinstance(one, str) and re.fullmatch(r"[a-z_]+\.([a-z_]+\.)*", one)}


def _is_named(function: ast.expr) -> bool:
    """Whether it is one of the helpers that put together a group and a name: `named(t, "action", kind)`."""
    return "named" in (getattr(function, "id", ""), getattr(function, "attr", ""))


def test_every_text_that_is_asked_for_was_written() -> None:
    asked = [*asked_in_templates(), *asked_in_sources()]
    assert len(asked) > 100
    assert [(file, key) for file, key in asked if key not in WORDS] == []


def test_every_text_that_was_written_is_asked_for() -> None:
    named, begun = constants(), (*prefixes(), *GROUPS)
    unused = [
        key
        for key in WORDS
        if key not in named
        and not key.startswith(begun)
        and not any(key.removesuffix(ending) in named for ending in ENDINGS if key.endswith(ending))
    ]
    assert unused == []


def test_no_text_is_written_twice() -> None:
    keys = [key for file in FILES for key in file.WORDS]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.__name__.rsplit(".", 1)[1])
def test_both_languages_say_something_of_their_own(file: object) -> None:
    words = file.WORDS.items()  # type: ignore[attr-defined]
    assert [key for key, texts in words if any(one.strip() != one or not one for one in texts)] == []
    same = {english for _, (english, french) in words if english == french}
    assert {text for text in same if text not in SAME and not _letters(text) <= SAME} == set()


def _letters(text: str) -> set[str]:
    """The words of a text, without the values that are put in."""
    return set(re.findall("[^\\W\\d_]{2,}", re.sub("{.*?}", "", text)))


def test_both_languages_put_in_the_same_values() -> None:
    def values(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert [key for key, (english, french) in WORDS.items() if values(english) != values(french)] == []


def test_the_letters_are_those_that_the_languages_use() -> None:
    for key, (english, french) in WORDS.items():
        assert "'" not in english + french, key
        assert '"' not in english + french, key
        assert not re.search(r"\S[:;?!»](\s|$)", french.replace("Authorization:", "")), f"{key}: a space is missing"
        assert not re.search(r" [:;?!]", english), f"{key}: a space too many"
        assert "..." not in english + french, key


def messages() -> list[re.Pattern[str]]:
    """Every part of a message that an error may carry, as a pattern: what is put in is anything."""
    found = []
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())) if "words" not in path.parts else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.escape(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = (re.escape(one.value) if isinstance(one, ast.Constant) else ".*" for one in node.values)
                found.append("".join(parts))
    return [re.compile(part) for text in found for part in re.split(r";(?:\\ )?", text) if part.strip("\\ .*")]


def test_every_message_that_was_translated_still_exists() -> None:
    known = messages()
    plain = {one.pattern for one in known}
    patterns = [one for one in known if ".*" in one.pattern]
    gone = [
        english
        for english in mistakes.FRENCH
        if re.escape(english) not in plain and not any(one.fullmatch(english) for one in patterns)
    ]
    assert gone == []


def test_no_sign_that_french_sets_apart_begins_a_line() -> None:
    assert typeset("Quoi ? « Ceci » : 5 %.") == "Quoi\u00a0? «\u00a0Ceci\u00a0»\u00a0: 5\u00a0%."
    assert say("fr", "people.link_title") == "Lien à usage unique"
    assert "\u00a0:" in say("fr", "tokens.made_lead")
    assert told("fr", "check its spelling") == ("fr", "vérifiez son orthographe")
    assert told("fr", "nobody translated this") == ("en", "nobody translated this")

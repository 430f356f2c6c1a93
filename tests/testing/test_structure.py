"""The checker of pages sees what it has to see."""

import pytest

from rempart.testing.structure import problems

PAGE = """<!doctype html><html lang="en"><head><title>A page</title></head><body><main id="main">
<h1>Head</h1>{}</main></body></html>"""


def test_a_plain_page_has_no_problem() -> None:
    good = """<h2>Part</h2><p lang="fr">Bonjour</p><a href="#main">up</a>
    <form method="post" action="/x"><label for="a">A</label><input id="a" name="a" aria-describedby="h">
    <p id="h">hint</p>
    <label>B <input name="b"></label><select aria-label="C" name="c"><option>1</option></select>
    <fieldset><legend>Which</legend><input type="radio" name="r" id="r1"><label for="r1">1</label>
    <input type="radio" name="r" id="r2"><label for="r2">2</label></fieldset><button>Go</button></form>
    <table><tr><th scope="col">x</th><td></td></tr></table><img src="/a.png" alt="">
    <svg role="img" aria-label="a plot"><text>1</text></svg><svg aria-hidden="true"></svg>"""
    assert problems(PAGE.format(good)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("<h3>x</h3>", "of level 3 follows one of level 1"),
        ("<h1>again</h1>", "there are 2 of h1"),
        ("<h2></h2>", "says nothing"),
        ('<p id="main"></p>', "stands there 2 times"),
        ('<p aria-describedby="gone">x</p>', "which is not there"),
        ('<a href="#gone">x</a>', "which is not there"),
        ('<label for="a"></label><input id="a">', "has no label"),
        ("<textarea></textarea>", "has no label"),
        ('<input type="submit" value="Go">', "is a button of old"),
        (
            '<label><input type="radio" name="r">1</label><label><input type="radio" name="r">2</label>',
            "without a legend",
        ),
        ("<button></button>", "has no name"),
        ('<a href="/"><svg aria-hidden="true"></svg></a>', "has no name"),
        ('<a href="/"><button>x</button></a>', "holds another control"),
        ('<p aria-hidden="true"><a href="/">x</a></p>', "hidden from who cannot see"),
        ("<a>x</a>", "leads nowhere"),
        ('<img src="/x.png">', "no text instead"),
        ("<svg></svg>", "neither named nor hidden"),
        ("<table><tr><td>x</td></tr></table>", "no headers"),
        ("<table><tr><th>x</th></tr></table>", "no scope"),
        ('<table><tr><th scope="col"></th></tr></table>', "says nothing"),
        ("<ul><p>x</p></ul>", "is no entry of it"),
        ("<dl><p>x</p></dl>", "is none"),
        ('<p style="color:red">x</p>', "carries code or style"),
        ('<button onclick="x()">x</button>', "carries code or style"),
        ('<a href=" JavaScript:x()">x</a>', "carries code or style"),
        ("<style>p{}</style>", "has no place"),
        ("<script>x()</script>", "has no place"),
        ('<iframe src="/" title="x"></iframe>', "has no sandbox"),
        ('<iframe src="/" sandbox></iframe>', "or no name"),
        ('<object data="/"></object>', "has no place"),
        ('<p tabindex="1">x</p>', "order of focus"),
        ('<img alt="" src="https://elsewhere.example/x.png">', "loaded from"),
        ('<script src="//elsewhere.example/x.js"></script>', "loaded from"),
        ('<form action="https://elsewhere.example"></form>', "loaded from, or sent to"),
        ('<p lang="xx">x</p>', "nobody here speaks"),
    ],
)
def test_what_is_wrong_is_said(wrong: str, said: str) -> None:
    assert any(said in one for one in problems(PAGE.format(wrong)))


def test_a_page_without_language_title_and_content_is_no_page() -> None:
    found = problems("<html><head><title> · </title></head><body></body></html>")
    assert found == [
        "the page does not say its language",
        "there are 0 of main, not 1",
        "there are 0 of h1, not 1",
        "the title says nothing",
    ]

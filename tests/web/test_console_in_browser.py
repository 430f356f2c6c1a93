"""The console in a real browser: keys, looks that last as long as they are wanted, nothing loaded from elsewhere."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rempart.audit.queries import story
from rempart.cases.review import exposure, reveal
from rempart.facts.people import Role
from rempart.settings import ServeSettings, Settings
from rempart.testing.desk import make_actor, make_case, make_cluster, make_media, make_notice
from rempart.testing.desk_web import SignedIn, signed_in, web_app
from rempart.wiring.desk import Desk, open_desk

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed"),
]
OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SHOWN = "() => document.querySelectorAll('.picture img').length"


@dataclass
class Console:
    """A served desk and browsers of people at it."""

    desk: Desk
    app: Any
    url: str
    browser: Browser
    wrong: list[str] = field(default_factory=list)

    def person(self, role: Role = "reviewer") -> SignedIn:
        """Somebody new who is signed in."""
        made = signed_in(self.app, self.desk, role)
        made.base_url = self.url  # the desk answers to its own name only
        return made

    def page(self, one: SignedIn, path: str, **context: Any) -> Page:
        """A page of this person; whatever the browser complains of is kept."""
        made = self.browser.new_context(viewport={"width": 1280, "height": 900}, **context)
        made.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in one.cookies.items()])
        page = made.new_page()
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", self._only_ours)
        page.goto(self.url + path)
        page.wait_for_selector("html.scripted")
        return page

    def _only_ours(self, request: Any) -> None:
        if not request.url.startswith((self.url, self.url.replace("127.0.0.1", "localhost"))):
            self.wrong.append(f"asked for {request.url}")

    def viewed(self, one: SignedIn, case: int) -> str:
        with self.desk.database.reading() as reader:
            return reveal.viewed(reader, 1, [case], one.person.pid)[case]

    def exposed(self, one: SignedIn) -> exposure.Exposure:
        with self.desk.database.reading() as reader:
            return exposure.mine(reader, make_actor(1, one.person.pid), self.desk.clock())


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def console(settings: Settings, chromium: Browser) -> Iterator[Console]:
    """A desk on loopback, whose originals have another origin."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    serve = ServeSettings(port=port, public_url=f"http://127.0.0.1:{port}", media_origin=f"http://localhost:{port}")
    with open_desk(settings.model_copy(update={"serve": serve})) as desk:
        app = web_app(desk)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        made = Console(desk, app, f"http://127.0.0.1:{port}", chromium)
        yield made
        for context in chromium.contexts:
            context.close()
        server.should_exit = True
        thread.join(20)
        listening.close()
    assert made.wrong == []


@pytest.fixture
def case(console: Console) -> int:
    """A case with two media and a notice."""
    with console.desk.database.writing() as writer:
        made = make_case(writer, 1, tier=1)
        for seed in (1, 2):
            make_media(writer, console.desk.fields, 1, made, vault=console.desk.vault, seed=seed)
        make_notice(writer, console.desk.fields, 1, made)
    return made


def unfocused(page: Page) -> None:
    page.evaluate("document.activeElement.blur()")


def shown(page: Page, number: int) -> None:
    expect(page.locator(".picture img")).to_have_count(number)


def test_a_case_is_reviewed_with_the_keyboard_alone(console: Console, case: int) -> None:
    one = console.person()
    page = console.page(one, "/queue")
    page.keyboard.press("n")
    page.wait_for_url(f"**/cases/{case}")
    page.wait_for_selector("html.scripted")
    assert page.evaluate(SHOWN) == 0
    page.keyboard.down("Space")
    shown(page, 1)
    assert page.evaluate("document.querySelector('.picture img').naturalWidth") <= 96
    page.keyboard.up("Space")
    shown(page, 0)
    assert console.viewed(one, case) == "preview"
    page.keyboard.press("4")
    assert page.locator("input[name=code]:checked").get_attribute("value") == "not-illegal"
    page.keyboard.press("0")
    assert page.locator("input[name=code]:checked").count() == 0
    page.keyboard.press("Enter")
    assert page.inner_text("[data-missing]") == "Choose a code first."
    unfocused(page)
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] #confirm")
    page.keyboard.press("Enter")  # the case is grave: it ends only for a reason in words
    assert page.evaluate("document.activeElement.id") == "confirm-reason"
    page.keyboard.type("a toy dragon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue")
    page.wait_for_selector("html.scripted")
    assert "can be undone for" in page.inner_text(".undo-bar")
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{case}")
    page.wait_for_selector("html.scripted")
    assert "The decision is undone" in page.inner_text(".note")


def test_an_original_is_asked_for_once_and_stands_in_a_frame_that_can_do_nothing(console: Console, case: int) -> None:
    one = console.person()
    page = console.page(one, f"/cases/{case}")
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    page.keyboard.press("Shift+Space")
    assert page.evaluate("document.activeElement.name") == "purpose"
    page.keyboard.press("t")  # the first purpose: to classify it
    page.keyboard.press("Tab")
    with page.expect_response(lambda answer: "/shown/" in answer.url) as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 200
    assert answered.value.headers["content-type"] == "image/jpeg"
    frame = page.locator("dialog iframe")
    assert frame.get_attribute("sandbox") == ""
    assert str(frame.get_attribute("src")).startswith(console.url.replace("127.0.0.1", "localhost"))
    page.wait_for_timeout(1200)
    with page.expect_response(lambda answer: answer.url.endswith("/close")):
        page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    seen = console.exposed(one)
    assert (seen.previews, seen.originals) == (0, 1)
    assert seen.seconds >= 1
    assert console.viewed(one, case) == "original"


def test_who_lets_go_before_it_comes_has_seen_nothing(console: Console, case: int) -> None:
    one = console.person()
    page = console.page(one, f"/cases/{case}")
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    with page.expect_response(lambda answer: answer.url.endswith("/preview")):
        page.keyboard.down("Space")
        page.keyboard.up("Space")
    page.wait_for_timeout(300)
    assert page.evaluate(SHOWN) == 0
    assert console.viewed(one, case) == "none"
    assert console.exposed(one).reveals == 0
    with console.desk.database.reading() as reader:
        assert [entry.verb for entry in story(reader, 1, "case", case)][-1] == "media.revealed"


def test_there_is_a_button_for_who_cannot_hold_and_leaving_hides_it(console: Console, case: int) -> None:
    one = console.person()
    page = console.page(one, f"/cases/{case}")
    page.click("text=Claim >> nth=0")
    page.wait_for_selector("html.scripted #lease")
    page.click("text=Keep it shown >> nth=0")
    shown(page, 1)
    page.click("text=Hide")
    shown(page, 0)
    page.click("text=Keep it shown >> nth=0")
    shown(page, 1)
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    shown(page, 0)
    page.locator("[data-hold]").nth(1).scroll_into_view_if_needed()
    hold = page.locator("[data-hold]").nth(1).bounding_box()
    assert hold
    page.mouse.move(hold["x"] + 9, hold["y"] + 9)
    page.mouse.down()
    shown(page, 1)
    page.mouse.up()
    shown(page, 0)
    page.focus("[data-hold]")
    page.keyboard.down("Enter")
    shown(page, 1)
    page.keyboard.up("Enter")
    shown(page, 0)
    assert console.exposed(one).reveals == 4


@pytest.mark.parametrize("how", ["key", "pointer", "toggle"])
def test_what_counts_as_seen_is_on_the_screen(console: Console, case: int, how: str) -> None:
    one = console.person()
    page = console.page(one, f"/cases/{case}")
    page.set_viewport_size({"width": 1200, "height": 420})
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    page.evaluate("window.scrollTo(0, 0)")
    where = "document.querySelectorAll('.picture')[0].getBoundingClientRect().top"
    assert page.evaluate(where) > 420, "below the fold at first"
    with page.expect_response(lambda answer: answer.url.endswith("/preview")):
        if how == "key":
            page.keyboard.down("Space")
        elif how == "toggle":
            page.locator("[data-toggle]").first.click()
        else:
            page.locator("[data-hold]").first.hover()
            page.mouse.down()
    shown(page, 1)
    picture = page.locator(".picture img")
    picture.evaluate("(picture) => picture.decode()")
    box = picture.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 1200
    assert 0 <= box["y"] <= box["y"] + box["height"] <= 420
    assert console.viewed(one, case) == "preview"


def test_keys_are_off_while_somebody_types_in_dialogs_and_when_switched_off(console: Console, case: int) -> None:
    page = console.page(console.person(), f"/cases/{case}")
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    page.focus("#reason")
    page.keyboard.type("1 snr 2?")
    assert page.input_value("#reason") == "1 snr 2?"
    assert page.locator("input[name=code]:checked").count() == 0
    unfocused(page)
    for pressed in ("Control+1", "Alt+1", "Meta+1"):
        page.keyboard.press(pressed)
    assert page.locator("input[name=code]:checked").count() == 0
    page.keyboard.press("?")
    page.wait_for_selector("#key-help[open]")
    page.keyboard.press("1")
    assert page.locator("input[name=code]:checked").count() == 0
    page.uncheck("#single-keys")
    page.click("#key-help >> text=Close")
    page.keyboard.press("1")
    assert page.locator("input[name=code]:checked").count() == 0
    page.click("text=Keyboard")
    page.check("#single-keys")
    page.click("#key-help >> text=Close")
    unfocused(page)
    page.keyboard.press("1")
    assert page.locator("input[name=code]:checked").get_attribute("value") == "baseline"


def test_digits_work_where_they_need_the_shift_key(console: Console, case: int) -> None:
    page = console.page(console.person(), f"/cases/{case}")
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    for key, shift in (("é", "false"), ("2", "true")):
        page.keyboard.press("0")
        event = f"new KeyboardEvent('keydown', {{key: '{key}', code: 'Digit2', shiftKey: {shift}, bubbles: true}})"
        page.evaluate(f"document.body.dispatchEvent({event})")
        assert page.locator("input[name=code]:checked").get_attribute("value") == "national"


def test_reasons_open_by_their_key_and_close_with_escape(console: Console, case: int) -> None:
    page = console.page(console.person(), f"/cases/{case}")
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    for key, field_ in (("s", "skip-reason"), ("e", "escalate-reason"), ("p", "police-reason")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == field_
        page.keyboard.press("Escape")
        assert page.locator(".gesture[open]").count() == 0
    page.keyboard.press("s")
    page.select_option("#skip-reason", "language")
    page.click(".gesture[open] button")
    page.wait_for_url("**/queue")
    page.wait_for_selector("html.scripted")
    assert "Skipped." in page.inner_text(".note")


def test_rows_are_walked_with_the_keys(console: Console, case: int) -> None:
    with console.desk.database.writing() as writer:
        make_case(writer, 1, tier=3)
    page = console.page(console.person(), "/queue")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == f"Case {case}"
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}")
    page.wait_for_selector("html.scripted")
    page.keyboard.press("c")
    page.wait_for_selector("html.scripted #lease")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.down("Space")
    shown(page, 1)
    shown_by = "[...document.querySelectorAll('.medium')].map(one => one.querySelectorAll('img').length)"
    assert page.evaluate(shown_by) == [0, 1]
    page.keyboard.up("Space")
    shown(page, 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_the_console_passes_the_accessibility_rules(
    console: Console, case: int, scheme: str, language: str
) -> None:
    with console.desk.database.writing() as writer:
        leader, _ = make_cluster(writer, 1, 2, tier=2)
    one = console.person("supervisor")
    assert one.post("/language", data={"language": language}).status_code == 303
    assert one.post(f"/cases/{leader}/claim").status_code == 303
    axe = Axe()
    page = console.page(one, f"/cases/{leader}", color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details:not(.gesture)').forEach(one => { one.open = true; })")
    page.keyboard.press("s")
    pages = ["", "/queue", f"/cases/{case}", "/break", "/exposure", "/taxonomy"]
    for path in pages:
        if path:
            page.goto(console.url + path)
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:3]) for rule in found] == [], path
    page.goto(f"{console.url}/cases/{leader}")
    page.wait_for_selector("html.scripted")
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] #confirm")
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:3]) for rule in found] == []

"""People at a real browser who use nothing but the keyboard, and what the browser says against the pages they see."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from rempart.errors import Broken
from rempart.testing.structure import problems

CHROMIUM: Final = shutil.which("chromium") or shutil.which("google-chrome") or ""
OPTIONS: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
VIEW: Final = {"width": 1280, "height": 900}
# More steps from one control to the next no page needs.
MOST_TABS: Final = 150
LOCALES: Final = {"en": "en-GB", "fr": "fr-FR"}
VIOLATIONS: Final = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


@dataclass
class Findings:
    """What was found on the way. pages: address of each page that was looked at, once for each language and look."""

    pictures: Path
    wrong: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)


class Somebody:
    """One person with one browser, in one language."""

    def __init__(self, browser: Browser, url: str, language: str, findings: Findings) -> None:
        self.url, self.language, self.findings = url, language, findings
        self.schemes: tuple[Literal["light", "dark"], ...] = ("light",)
        self._context = browser.new_context(
            viewport=VIEW,  # type: ignore[arg-type]
            locale=LOCALES[language],
            color_scheme="light",
            reduced_motion="reduce",  # a colour that is still on its way to another has no contrast of its own
            service_workers="block",
        )
        self._context.add_init_script(VIOLATIONS)
        self.page: Page = self._context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._wrong(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self._axe = Axe()

    def leave(self) -> None:
        """Nothing; the browser is closed."""
        self._context.close()

    def open(self, path: str, name: str = "") -> None:
        """Nothing; the page of this address is shown and looked at. name: of its picture."""
        self.page.goto(self.url + path)
        self.look(name or path.strip("/").replace("/", "-") or "home")

    def key(self, *keys: str) -> None:
        """Nothing; the keys were pressed, one after the other."""
        for one in keys:
            self.page.keyboard.press(one)

    def reach(self, selector: str, *, back: bool = False) -> None:
        """Nothing; the focus is on the control, step by step. Raises Broken when no step leads there."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.key("Shift+Tab" if back else "Tab")
        raise Broken(f"the keyboard does not lead to `{selector}` on {self.page.url}")

    def write(self, selector: str, text: str) -> None:
        """Nothing; the text stands in the field."""
        self.reach(selector)
        self.key("Control+a")
        self.page.keyboard.insert_text(text)

    def follow(self, selector: str, name: str) -> None:
        """Nothing; the link or the button was pressed, and the page that it leads to looked at."""
        self.reach(selector)
        self.turn("Enter", name)

    def turn(self, key: str, name: str) -> None:
        """Nothing; the key led to another page, which was looked at."""
        with self.page.expect_navigation():
            self.key(key)
        self.look(name)

    def pick(self, selector: str, value: str) -> None:
        """Nothing; the radio button of the group with this value is chosen, by the arrows. selector: of the group."""
        self.reach(selector)
        for _ in range(MOST_TABS):
            if self.page.evaluate("() => document.activeElement.value") == value:
                self.key("Space")
                return
            self.key("ArrowDown")
        raise Broken(f"no arrow leads to `{value}` in `{selector}`")

    def select(self, selector: str, value: str) -> None:
        """Nothing; the list shows this value, by the arrows."""
        self.reach(selector)
        self.key("Home")
        for _ in range(MOST_TABS):
            if self.page.evaluate("() => document.activeElement.value") == value:
                return
            self.key("ArrowDown")
        raise Broken(f"no arrow leads to `{value}` in `{selector}`")

    def look(self, name: str, language: str = "") -> None:
        """Nothing; the page keeps to the rules of accessibility and language; its picture is kept."""
        self.page.wait_for_load_state("load")
        lang, wanted = self.page.get_attribute("html", "lang"), language or self.language
        if lang != wanted:
            self._wrong(f"{name} is in `{lang}`, not in `{wanted}`")
        if not self.page.locator("dialog[open]").count():  # a dialog has a heading of its own, over that of the page
            for problem in problems(self.page.content()):
                self._wrong(f"{name}: {problem}")
        self.findings.pages.append(self.page.url)
        for scheme in self.schemes:
            if len(self.schemes) > 1:
                self.page.emulate_media(color_scheme=scheme)
            self._keeps_to_rules(name)
            self.photograph(name if scheme == "light" else f"{name}.{scheme}")

    def photograph(self, name: str) -> None:
        """Nothing; what is seen is kept as a picture."""
        self.findings.pictures.mkdir(parents=True, exist_ok=True)
        path = self.findings.pictures / f"{name}.{self.language}.png"
        self.page.screenshot(path=path, full_page=True, caret="initial")  # hiding it would write styles into the page

    def _keeps_to_rules(self, name: str) -> None:
        for rule in self._axe.run(self.page, options={"resultTypes": ["violations"]}).response["violations"]:
            nodes = [node["html"][:120] for node in rule["nodes"]][:3]
            self._wrong(f"{name}: {rule['id']}: {nodes}")

    def speak(self) -> None:
        """Nothing; the pages come in this person's language from now on."""
        if self.page.get_attribute("html", "lang") != self.language:
            self.reach(f"button[name=language][value={self.language}]")
            with self.page.expect_navigation():
                self.key("Enter")

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self._wrong(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "about:")):
            self._wrong(f"asked for {request.url}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            self._wrong(f"{response.status} at {response.url}")

    def _wrong(self, what: str) -> None:
        self.findings.wrong.append(f"{what} ({self.page.url})" if hasattr(self, "page") else what)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the length of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def people(browser: Browser, url: str, language: str, findings: Findings) -> Iterator[Callable[[], Somebody]]:
    """What makes somebody new at a browser of their own; everybody leaves when the block ends."""
    made: list[Somebody] = []

    def somebody() -> Somebody:
        made.append(Somebody(browser, url, language, findings))
        return made[-1]

    try:
        yield somebody
    finally:
        for one in made:
            one.leave()

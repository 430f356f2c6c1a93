"""Somebody who gives one notice after the other, and what an answer is waited for."""

import secrets
import time
from collections.abc import Callable
from random import Random

from rempart.errors import Broken
from rempart.testing.faults.client import Answer, Client, Request, form_with_file
from rempart.testing.faults.load import CODE, NUMBER
from rempart.testing.serving import Served

PATIENCE_SECONDS = 60


class Public:
    """Somebody who gives one notice after the other, and does not give up."""

    def __init__(self, one: Served) -> None:
        self._client = Client([one.port], Random(1), lambda: False)  # noqa: S311 - a choice of one
        self.kept: list[str] = []

    def tell(self, size: int = 0) -> Answer:
        """What the notice was answered. size: of a file that comes with it."""
        number = len(self.kept) + secrets.randbits(40)
        fields = {
            "token": f"{number:030d}",
            "category": "abuse_material",
            "urls": f"https://dragon.example/{number}",
            "description": "a purple dragon " * 20,
            "good_faith": "yes",
        }
        content = Random(number).randbytes(size)  # noqa: S311 - bytes that are no picture
        files = {"files": content} if size else {}
        answer = self._client.once(form_with_file("/notice", fields, files, {"Accept": "text/html"}))
        if answer.status == 200:
            found, code = NUMBER.search(answer.text), CODE.search(answer.text)
            if found is None or code is None:
                raise Broken("a notice was taken, and its number and code were not told")
            self.kept.append(found[0])
        return answer

    def look(self, path: str) -> Answer:
        """What the page is."""
        return self._client.once(Request("GET", path, b"", {"Accept": "text/html"}))


def until(answers: Callable[[], Answer], status: int) -> Answer:
    """The first answer of this status; others come before it."""
    last = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = answers()
        if answer.status == status:
            return answer
        if time.monotonic() > last:
            raise Broken(f"it was never answered with {status}, but with {answer.status}")

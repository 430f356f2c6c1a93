"""The load, in a process of its own: hosts, the public and reviewers, all at once, until a file says stop.

`python -m rempart.testing.faults.load PLAN` where PLAN is the JSON file that the campaign wrote.
"""

import json
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from rempart.testing.desk import picture_bytes
from rempart.testing.faults.client import Answer, Client, Request, as_json, form, form_with_file
from rempart.testing.faults.journal import Journal, Kind

NUMBER = re.compile(r"N(?:-[0-9A-Z]{4}){3}")
CODE = re.compile(r"(?<![0-9A-Z-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}(?![0-9A-Z-])")
CASE = re.compile(r"^/cases/(\d+)$")
CODES = ("baseline", "terms", "not-illegal", "not-illegal")
UNDO_PERCENT = 15
ATTACHED_PERCENT = 40
REPEATED_PERCENT = 20
PICTURES = 24
# The first of the pictures stand on the list.
LISTED = 8
IDLE_SECONDS = 0.2
# More than are imported in one unit of work: a kill comes in between.
ROWS = 120
BUNDLE_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A signed-in browser: the cookie's name and value, and the key of its forms."""

    cookie: str
    form_key: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the load needs to know. stop: the file whose appearance ends it."""

    ports: list[int]
    token: str
    reviewers: list[Reviewer]
    seed: int
    journal: str
    stop: str

    def write(self, path: Path) -> None:
        """Nothing; the plan stands in the file, readable by its owner."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)))


def read_plan(path: Path) -> Plan:
    """The plan."""
    told = json.loads(path.read_text())
    return Plan(**{**told, "reviewers": [Reviewer(**one) for one in told["reviewers"]]})


class Load:
    """Everybody who uses the desk."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._journal = plan, Journal(Path(plan.journal))
        self._stop = Path(plan.stop)
        self._pictures = [picture_bytes(seed) for seed in range(PICTURES)]

    def run(self) -> None:
        """Nothing; the stop file appeared, and every request that was begun has its answer."""
        people = [threading.Thread(target=self._repeat, args=(self._host, number)) for number in (1, 2)]
        people += [threading.Thread(target=self._repeat, args=(self._public, number)) for number in (3, 4)]
        people += [threading.Thread(target=self._repeat, args=(self._partner, 5))]
        people += [
            threading.Thread(target=self._repeat, args=(self._reviewer, 10 + number, one))
            for number, one in enumerate(self._plan.reviewers)
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()

    def _stopped(self) -> bool:
        return self._stop.exists()

    def _repeat(self, act: Callable[..., None], number: int, *more: Reviewer) -> None:
        draw = Random(f"{self._plan.seed} {number}")  # noqa: S311 - repeatable, not secret
        client = Client(self._plan.ports, draw, self._stopped)
        count = 0
        while not self._stopped():
            count += 1
            act(client, draw, f"{number}-{count}", *more)

    def _host(self, client: Client, draw: Random, key: str) -> None:
        """One upload: bytes, or fingerprints only."""
        headers = {"Authorization": f"Bearer {self._plan.token}", "Idempotency-Key": key}
        content = draw.choice(self._pictures)
        if draw.random() < 0.3:
            prints = [{"kind": "sha256", "value": sha256(content).hexdigest()}]
            request = as_json("/v1/items", {"fingerprints": prints}, headers)
        else:
            metadata = json.dumps({"account": f"dragon-{draw.randrange(50)}", "visibility": "public"})
            request = form_with_file("/v1/items", {"metadata": metadata}, {"file": content}, headers)
        self._journal.note("item", "sent", key)
        answer = client.send(request)
        if answer is None:
            self._journal.note("item", "gone", key)
        elif answer.status == 200:
            told = json.loads(answer.text)
            self._journal.note("item", "accepted", key, item=told["item"], case=told["case"], verdict=told["verdict"])
        else:
            self._refused("item", key, answer)

    def _partner(self, client: Client, draw: Random, key: str) -> None:
        """One bundle of many rows."""
        headers = {"Authorization": f"Bearer {self._plan.token}", "Idempotency-Key": key}
        rows = "".join(
            json.dumps({"id": f"{key}-{number}", "sha256": draw.randbytes(32).hex()}) + "\n" for number in range(ROWS)
        )
        fields = {"partner": "dragon-hotline", "format": "ndjson"}
        self._journal.note("bundle", "sent", key)
        answer = client.send(form_with_file("/v1/bundles", fields, {"file": rows.encode()}, headers))
        if answer is None:
            self._journal.note("bundle", "gone", key)
        elif answer.status == 202:
            self._journal.note("bundle", "accepted", key, bundle=json.loads(answer.text)["bundle"])
        else:
            self._refused("bundle", key, answer)
        time.sleep(BUNDLE_PAUSE_SECONDS)

    def _public(self, client: Client, draw: Random, key: str) -> None:
        """One notice, with or without a file."""
        token = sha256(f"{self._plan.seed} {key}".encode()).hexdigest()
        page = draw.randrange(30) if draw.randrange(100) < REPEATED_PERCENT else 10_000 + int(token[:6], 16)
        fields = {
            "token": token,
            "category": "abuse_material",
            "urls": f"https://dragon.example/{page}",
            "description": f"a purple dragon, seen under {key}",
            "good_faith": "yes",
        }
        attached = {"files": draw.choice(self._pictures)} if draw.randrange(100) < ATTACHED_PERCENT else {}
        self._journal.note("notice", "sent", key, token=token, files=len(attached))
        answer = client.send(form_with_file("/notice", fields, attached, {"Accept": "text/html"}))
        if answer is None:
            self._journal.note("notice", "gone", key)
            return
        number, code = NUMBER.search(answer.text), CODE.search(answer.text)
        if answer.status == 200 and number and code:
            self._journal.note("notice", "accepted", key, number=number[0], code=code[0])
        else:
            self._refused("notice", key, answer)

    def _reviewer(self, client: Client, draw: Random, key: str, who: Reviewer) -> None:
        """One look: the next case is claimed and decided; some decisions are taken back."""
        headers = {"Cookie": who.cookie, "X-Form-Key": who.form_key, "Accept": "text/html"}
        claimed = client.send(form("/queue/next", {}, headers))
        case = CASE.match(claimed.headers.get("location", "")) if claimed else None
        if case is None:
            time.sleep(IDLE_SECONDS)
            return
        said = {"code": draw.choice(CODES), "reason": key, "confirmed": "yes"}
        self._journal.note("decision", "sent", key, case=int(case[1]), code=said["code"])
        decided = client.send(form(f"/cases/{case[1]}/decide", said, headers), again=False)
        if decided is None:
            self._journal.note("decision", "gone", key)
        elif decided.kept:
            self._journal.note("decision", "accepted", key)
            if draw.randrange(100) < UNDO_PERCENT:
                self._take_back(client, key, headers)
        elif decided.status == 409:  # the lease ended meanwhile, or a lost answer had decided it
            self._journal.note("decision", "gone", key)
        else:
            self._refused("decision", key, decided)

    def _take_back(self, client: Client, key: str, headers: dict[str, str]) -> None:
        queue = client.send(Request("GET", "/queue", b"", headers))
        number = re.search(r'action="/decisions/(\d+)/undo"', queue.text) if queue else None
        if number is None:
            return
        self._journal.note("undo", "sent", number[1], of=key)
        undone = client.send(form(f"/decisions/{number[1]}/undo", {}, headers), again=False)
        if undone is None or undone.status == 409:
            self._journal.note("undo", "gone", number[1])
        elif undone.kept:
            self._journal.note("undo", "accepted", number[1])
        else:
            self._refused("undo", number[1], undone)

    def _refused(self, kind: Kind, key: str, answer: Answer) -> None:
        self._journal.note(kind, "refused", key, status=answer.status, text=answer.text[:300])


if __name__ == "__main__":
    Load(read_plan(Path(sys.argv[1]))).run()

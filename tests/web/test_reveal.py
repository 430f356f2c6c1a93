"""Seeing media over the web: never before it is asked for, kept nowhere, on an origin of its own, and always logged."""

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from rempart.audit.queries import story
from rempart.cases.review import exposure, reveal
from rempart.errors import Unavailable
from rempart.facts.people import ROLES, SCOPES, Role
from rempart.media import NotExaminable
from rempart.people.queries import add_organisation
from rempart.settings import ServeSettings, Settings
from rempart.storage.database import Database
from rempart.testing.desk import NOW, Hands, MadeMedia, make_actor, make_case, make_cluster, make_desk, make_media
from rempart.testing.desk_web import SignedIn, browser, service, signed_in, web_app
from rempart.testing.pictures import photos
from rempart.web import logs
from rempart.wiring.desk import Desk, open_desk
from rempart.wiring.screeners import Screeners

HTML = {"Accept": "text/html"}
DRAWN = b"\xff\xd8 drawn anew"


class Painters(Screeners):
    """Screeners that draw without a child: what they were given is kept, and how they fail can be chosen."""

    def __init__(self) -> None:
        super().__init__(_no_child, _no_list, 0)
        self.given: list[bytes] = []
        self.fails: Exception | None = None

    def render(self, content: bytes, wait_seconds: float) -> bytes:
        """Some bytes that are not those that were given."""
        self.given.append(content)
        if self.fails is not None:
            raise self.fails
        return DRAWN


def _no_child() -> Any:
    raise AssertionError("no child is needed")


def _no_list() -> Any:
    raise AssertionError("no list is needed")


@pytest.fixture
def painters() -> Painters:
    return Painters()


@pytest.fixture
def desk(settings: Settings, database_url: str, painters: Painters) -> Iterator[Desk]:
    with make_desk(settings, database_url, screeners=painters) as made:
        yield made


def held(desk: Desk, one: SignedIn) -> tuple[int, MadeMedia]:
    """A case that this person holds, with a medium."""
    with desk.database.writing() as writer:
        case = make_case(writer, 1)
        media = make_media(writer, desk.fields, 1, case, vault=desk.vault)
    assert one.post(f"/cases/{case}/claim").status_code == 303
    return case, media


def later(desk: Desk, seconds: float) -> None:
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(seconds=seconds)


def verbs(database: Database, case: int) -> list[str]:
    with database.reading() as reader:
        return [entry.verb for entry in story(reader, 1, "case", case)]


def viewed(desk: Desk, case: int, one: SignedIn) -> str:
    with desk.database.reading() as reader:
        return reveal.viewed(reader, 1, [case], one.person.pid)[case]


def ask_original(one: SignedIn, case: int, media: MadeMedia, purpose: str = "classify") -> str:
    answer = one.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": purpose})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["url"])


def test_a_preview_is_small_grey_and_coarse_and_kept_nowhere(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    told = one.post(f"/cases/{case}/media/{media.id}/preview").json()
    assert viewed(desk, case, one) == "none"
    answer = one.get(told["url"])
    assert answer.status_code == 200
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.mode) == ("PNG", "L")
    assert max(picture.size) <= 96
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert viewed(desk, case, one) == "preview"


def test_a_preview_is_open_for_a_minute_to_who_asked(app: FastAPI, desk: Desk) -> None:
    one, other = signed_in(app, desk), signed_in(app, desk, "supervisor")
    case, media = held(desk, one)
    url = one.post(f"/cases/{case}/media/{media.id}/preview").json()["url"]
    assert other.get(url).status_code == 404
    later(desk, 59)
    assert one.get(url).status_code == 200
    later(desk, 1)
    assert one.get(url).status_code == 404


def test_an_original_is_drawn_anew_and_the_bytes_that_came_never_reach_the_browser(
    app: FastAPI, desk: Desk, painters: Painters
) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    url = ask_original(one, case, media)
    assert viewed(desk, case, one) == "none"
    answer = browser(app).get(url)  # it knows no cookie
    assert (answer.status_code, answer.content) == (200, DRAWN)
    assert painters.given == [media.content]
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    rules = answer.headers["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "img-src 'self' data:", "frame-ancestors 'self'"} <= set(rules)
    assert not any("script" in rule for rule in rules)
    assert viewed(desk, case, one) == "original"
    assert verbs(desk.database, case)[-2:] == ["media.revealed", "media.shown"]


def test_a_link_shows_its_picture_once_and_for_a_minute(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    first, late = ask_original(one, case, media), ask_original(one, case, media)
    assert browser(app).get(first).status_code == 200
    assert one.get(first).status_code == 404
    later(desk, 60)
    assert browser(app).get(late).status_code == 404
    assert one.get("/shown/made-up").status_code == 404
    assert one.get(f"/shown/{'x' * 5000}").status_code == 404


def test_a_link_that_many_open_at_once_works_for_one(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    url = ask_original(one, case, media)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: browser(app).get(url).status_code, range(6)))
    assert sorted(found) == [200, 404, 404, 404, 404, 404]


@pytest.mark.parametrize(
    ("fails", "status", "words"),
    [(NotExaminable("corrupt"), 415, "could not be decoded"), (Unavailable("busy", 1), 503, "Every decoder is busy")],
)
def test_what_cannot_be_drawn_says_so_and_does_not_count_as_seen(
    app: FastAPI, desk: Desk, painters: Painters, fails: Exception, status: int, words: str
) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    painters.fails = fails
    answer = browser(app).get(ask_original(one, case, media), headers=HTML)
    assert answer.status_code == status
    assert words in answer.text
    assert media.content not in answer.content
    assert "<link" not in answer.text
    assert "<script" not in answer.text
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert viewed(desk, case, one) == "none"
    assert verbs(desk.database, case)[-1] == "media.not_shown"
    with desk.database.reading() as reader:
        assert exposure.mine(reader, make_actor(1, one.person.pid), NOW).reveals == 0


def test_it_counts_as_seen_before_its_first_byte_leaves(app: FastAPI, desk: Desk, monkeypatch: Any) -> None:
    """If keeping that it was shown fails, nothing is shown."""
    one = signed_in(app, desk)
    case, media = held(desk, one)
    url = ask_original(one, case, media)

    def full(*_: Any) -> None:
        raise Unavailable("the database cannot be used now; nothing was kept", 5)

    monkeypatch.setattr(reveal, "shown", full)
    answer = browser(app).get(url)
    assert answer.status_code == 503
    assert DRAWN not in answer.content


@pytest.mark.parametrize("purpose", ["", "curious", "preview"])
def test_an_original_needs_a_purpose_of_the_list(app: FastAPI, desk: Desk, purpose: str) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    assert one.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": purpose}).status_code == 400
    assert "media.revealed" not in verbs(desk.database, case)


def test_who_does_not_hold_the_case_sees_nothing(app: FastAPI, desk: Desk) -> None:
    one, other, senior = signed_in(app, desk), signed_in(app, desk), signed_in(app, desk, "senior")
    case, media = held(desk, one)
    for path, data in (("preview", {}), ("original", {"purpose": "classify"})):
        for who in (other, senior):
            assert who.post(f"/cases/{case}/media/{media.id}/{path}", data=data).status_code == 403
    assert other.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": "appeal"}).status_code == 403
    assert ask_original(senior, case, media, "authority_request").startswith("/shown/")


def test_who_holds_the_leader_looks_at_members_too(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    with desk.database.writing() as writer:
        leader, member = make_cluster(writer, 1, 2)
        media = make_media(writer, desk.fields, 1, member, vault=desk.vault)
    one.post(f"/cases/{leader}/claim")
    assert one.post(f"/cases/{member}/media/{media.id}/preview").status_code == 200
    assert one.post(f"/cases/{leader}/media/{media.id}/preview").status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("reviewer", "senior", "supervisor")])
def test_auditors_and_administrators_never_see_media(app: FastAPI, desk: Desk, role: Role) -> None:
    one, watcher = signed_in(app, desk), signed_in(app, desk, role)
    case, media = held(desk, one)
    url = one.post(f"/cases/{case}/media/{media.id}/preview").json()["url"]
    reveal_path = url.rsplit("/", 1)[0]
    for purpose in reveal.PURPOSES:
        answer = watcher.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": purpose})
        assert answer.status_code == 403, purpose
    assert watcher.post(f"/cases/{case}/media/{media.id}/preview").status_code == 403
    assert watcher.get(url).status_code == 403
    assert watcher.post(f"{reveal_path}/close", data={"seconds": 1}).status_code == 403


@pytest.mark.parametrize("scope", SCOPES)
def test_no_programme_sees_media(app: FastAPI, desk: Desk, scope: Any) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    programme = service(app, desk, scope)
    assert programme.post(f"/cases/{case}/media/{media.id}/preview").status_code == 401
    assert programme.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": "classify"}).status_code == 401


def test_another_organisations_media_is_not_there(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    with desk.database.writing() as writer:
        theirs = add_organisation(writer, "theirs", "Theirs", NOW)
    stranger = signed_in(app, desk, "senior", theirs)
    url = one.post(f"/cases/{case}/media/{media.id}/preview").json()["url"]
    assert stranger.get(url).status_code == 404
    assert stranger.post(f"/cases/{case}/media/{media.id}/preview").status_code == 404
    answer = stranger.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": "appeal"})
    assert answer.status_code == 404


def test_without_script_a_page_of_its_own_shows_it(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    text = one.post(f"/cases/{case}/media/{media.id}/preview", headers=HTML).text
    [picture] = re.findall(r'<img class="preview" src="([^"]+)"', text)
    assert one.get(picture).status_code == 200
    answer = one.post(f"/cases/{case}/media/{media.id}/original", data={"purpose": "classify"}, headers=HTML)
    [frame] = re.findall(r'<iframe class="original" src="([^"]+)" sandbox=""', answer.text)
    assert answer.headers["Content-Security-Policy"].endswith("frame-src 'self'")
    assert f'href="/cases/{case}"' in answer.text
    assert browser(app).get(frame).status_code == 200


def test_how_long_it_stood_open_is_told_once(app: FastAPI, desk: Desk) -> None:
    one, other = signed_in(app, desk), signed_in(app, desk)
    case, media = held(desk, one)
    told = one.post(f"/cases/{case}/media/{media.id}/preview").json()
    one.get(told["url"])
    path = f"/reveals/{told['reveal']}/close"
    assert other.post(path, data={"seconds": 3}).status_code == 404
    for wrong in ("-1", "x", str(2**40)):
        assert one.post(path, data={"seconds": wrong}).status_code == 422
    assert one.post(path, data={"seconds": 7}).status_code == 204
    assert one.post(path, data={"seconds": 70}).status_code == 204
    with desk.database.reading() as reader:
        assert exposure.mine(reader, make_actor(1, one.person.pid), NOW).seconds == 7


def test_the_exposure_of_the_team_is_totals_for_supervisors_and_auditors(app: FastAPI, desk: Desk) -> None:
    one = signed_in(app, desk)
    case, media = held(desk, one)
    one.get(one.post(f"/cases/{case}/media/{media.id}/preview").json()["url"])
    for role, status in (("supervisor", 200), ("auditor", 200), ("reviewer", 403), ("senior", 403), ("admin", 403)):
        answer = signed_in(app, desk, role).get("/exposure", headers=HTML)  # type: ignore[arg-type]
        assert answer.status_code == status, role
        if status == 200:
            assert one.person.pid in answer.text
            assert f"/cases/{case}" not in answer.text


def test_what_people_saw_is_exactly_what_their_decision_says(app: FastAPI, desk: Desk) -> None:
    for shows, said in (("", "none"), ("preview", "preview"), ("original", "original"), ("asked", "none")):
        one = signed_in(app, desk)
        case, media = held(desk, one)
        if shows == "preview":
            one.get(one.post(f"/cases/{case}/media/{media.id}/preview").json()["url"])
        if shows in ("original", "asked"):
            url = ask_original(one, case, media)
            if shows == "original":
                browser(app).get(url)
        one.post(f"/cases/{case}/decide", data={"code": "not-illegal", "confirmed": "yes"})
        with desk.database.reading() as reader:
            decided = [entry for entry in story(reader, 1, "case", case) if entry.verb == "case.decided"]
        assert decided[0].data["viewed"] == said, shows


def test_originals_are_shown_on_their_own_origin_alone(app: FastAPI, desk: Desk) -> None:
    serve = ServeSettings(public_url="https://desk.example", media_origin="https://media.desk.example")
    app.state.desk = replace(desk, settings=desk.settings.model_copy(update={"serve": serve}))
    one = signed_in(app, desk)
    case, media = held(desk, one)
    url = ask_original(one, case, media)
    assert url.startswith("https://media.desk.example/shown/")
    path = url.removeprefix("https://media.desk.example")
    assert browser(app).get(path, headers={"Host": "desk.example"}).status_code == 404
    answer = browser(app).get(path, headers={"Host": "media.desk.example"})
    assert answer.status_code == 200
    assert "frame-ancestors https://desk.example" in answer.headers["Content-Security-Policy"]
    card = one.get(f"/cases/{case}", headers=HTML)
    assert card.headers["Content-Security-Policy"].endswith("frame-src https://media.desk.example")


@given(word=st.text(max_size=120))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_word_that_somebody_makes_up_opens_anything(app: FastAPI, desk: Desk, word: str) -> None:
    answer = browser(app).get(f"/shown/{quote(word, safe='')}")
    assert answer.status_code in (400, 404)


class Notes:
    """A log that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def info(self, *words: Any, **more: Any) -> None:
        self.told.append(str((words, more)))

    error = info


def test_no_ticket_stands_in_a_log_or_a_row(app: FastAPI, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = Notes()
    monkeypatch.setattr(logs, "log", notes)
    one = signed_in(app, desk)
    case, media = held(desk, one)
    word = ask_original(one, case, media).rsplit("/", 1)[1]
    browser(app).get(f"/shown/{word}")
    assert "'/shown/{word}'" in notes.told[-1]
    assert word not in str(notes.told)
    with desk.database.reading() as reader:
        assert word not in str(story(reader, 1, "case", case))


def test_a_real_child_draws_the_picture_anew(settings: Settings) -> None:
    with open_desk(settings, clock=Hands()) as desk:
        app = web_app(desk)
        one = signed_in(app, desk)
        case, media = held(desk, one)
        answer = browser(app).get(ask_original(one, case, media))
        picture = Image.open(io.BytesIO(answer.content))
        assert (answer.status_code, picture.format, picture.size) == (200, "JPEG", (320, 240))
        with desk.database.writing() as writer:
            broken = media.content[: len(media.content) // 3]
            vault_id = desk.vault.store(writer, make_actor(1, "public", None), broken, NOW)
            damaged = make_media(writer, desk.fields, 1, case, seed=2, vault_id=vault_id)
            text = desk.vault.store(writer, make_actor(1, "public", None), b"<svg onload=alert(1)>", NOW)
            foreign = make_media(writer, desk.fields, 1, case, seed=3, vault_id=text)
        for made in (damaged, foreign):
            answer = browser(app).get(ask_original(one, case, made), headers=HTML)
            assert answer.status_code in (200, 415)
            assert b"onload" not in answer.content
            if answer.status_code == 200:  # what could be saved of it, as a JPEG of our own
                assert answer.content.startswith(b"\xff\xd8")


def test_the_picture_that_is_drawn_looks_like_the_one_that_came(settings: Settings) -> None:
    photo = Image.fromarray(photos()["coffee"]).resize((300, 200))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=95, exif=b"Exif\0\0secret-of-the-camera")
    with open_desk(settings, clock=Hands()) as desk:
        drawn = desk.screeners.render(out.getvalue(), 30)
    assert b"secret-of-the-camera" not in drawn
    small = [one.resize((16, 16)).convert("L").tobytes() for one in (photo, Image.open(io.BytesIO(drawn)))]
    assert max(abs(a - b) for a, b in zip(*small, strict=True)) < 12

"""The public notice form: anybody can use it, nothing typed is lost, nothing is told that should not be."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from rempart.audit.queries import entries
from rempart.cases.intake.queries import cases, notices
from rempart.errors import Unavailable
from rempart.facts.people import worker
from rempart.settings import Settings
from rempart.testing.desk import NOW
from rempart.testing.desk_intake import intake_desk
from rempart.testing.desk_web import TestClient, browser, signed_in, web_app
from rempart.wiring.desk import Desk

KNOWN = b"purple dragon"
PAGE = "https://dragon.example/purple"
CODE = r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}"
NUMBER = r"N(?:-[0-9A-Z]{4}){3}"


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def somebody(desk: Desk) -> TestClient:
    return anonymous(desk)


def anonymous(desk: Desk, language: str = "en-GB") -> TestClient:
    client = browser(web_app(desk))
    client.headers.update({"Accept": "text/html", "Accept-Language": language})
    return client


def token_of(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/notice").text)
    assert found
    return found[1]


def words(**changed: str) -> dict[str, str]:
    usual = {"category": "abuse_material", "urls": PAGE, "description": "a purple dragon", "good_faith": "yes"}
    return {name: value for name, value in (usual | changed).items() if value}


def send(client: TestClient, *files: tuple[str, bytes], token: str | None = None, **changed: str) -> Any:
    data = {"token": token_of(client) if token is None else token} | words(**changed)
    return client.post("/notice", data=data, files=[("files", one) for one in files] or None)


def secrets_of(answer: Any) -> tuple[str, str]:
    shown = re.findall(r"<dd[^>]*>([^<]+)</dd>", answer.text)
    assert re.fullmatch(NUMBER, shown[0])
    assert re.fullmatch(CODE, shown[1])
    return shown[0], shown[1]


def count_notices(desk: Desk) -> int:
    with desk.database.reading() as reader:
        return sum(entry.verb == "notice.received" for entry in entries(reader))


def test_an_anonymous_notice_is_kept_whole_and_answered_with_a_number_and_a_code(
    desk: Desk, somebody: TestClient
) -> None:
    answer = send(somebody, urgent="yes", seen_at="on Sunday")
    number, _ = secrets_of(answer)
    assert answer.status_code == 200
    with desk.database.reading() as reader:
        row = notices.notice_numbered(reader, number)
        assert row is not None
        (case,) = notices.cases_of_notice(reader, row["id"])
    assert (row["channel"], row["urgent"], row["sender"]) == ("public", True, None)
    assert '"a purple dragon"' in desk.fields.unseal_text("notice", row["content_sealed"])
    assert (case["state"], case["tier"]) == ("triaged", 0)


@pytest.mark.parametrize(("language", "text"), [("en-GB", "Make a notice"), ("fr-FR", "Faire un signalement")])
def test_the_form_speaks_both_languages_and_says_to_keep_no_copy(desk: Desk, language: str, text: str) -> None:
    shown = anonymous(desk, language).get("/notice").text
    assert text in shown
    assert ("keep no copy" in shown) or ("ne gardez aucune copie" in shown)
    labelled = set(re.findall(r'<label for="([^"]+)"', shown))
    controls = set(re.findall(r'<(?:input|textarea)[^>]* id="([^"]+)"', shown))
    assert controls == labelled
    assert "style=" not in shown
    assert "<style" not in shown


def test_the_emergency_number_of_the_visitors_country_stands_before_the_form(desk: Desk) -> None:
    shown = anonymous(desk, "fr-FR,fr;q=0.9").get("/notice").text
    assert shown.index('href="tel:17"') < shown.index('<form method="post" action="/notice"')
    assert "3018" in shown
    assert "3020" not in shown


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"category": ""}, "Choose what it is about"),
        ({"category": "dragons"}, "Choose what it is about"),
        ({"urls": "mailto:dragon@example.org"}, "line 1"),
        ({"good_faith": ""}, "Confirm that"),
        ({"email": "dragon"}, "not an e-mail address"),
        ({"category": "other", "urgent": "", "email": "a@b.example"}, "asks for your name"),
        ({"category": "other", "urgent": "", "name": "Ada"}, "asks for your e-mail"),
        ({"category": "other", "name": "Ada", "email": "a@b.example", "urls": ""}, "Give the exact address"),
        ({"seen_at": "x" * 201}, "at most 200"),
    ],
)
def test_a_form_with_something_wrong_comes_back_with_every_word(
    desk: Desk, somebody: TestClient, changed: dict[str, str], said: str
) -> None:
    token = token_of(somebody)
    typed = {"seen_at": "<on Sunday>", "name": "Ada & Co", "urgent": "yes"} | changed
    if changed.get("category") == "other" and "name" not in changed:
        typed["name"] = ""
    answer = send(somebody, ("dragon.png", KNOWN), token=token, **typed)
    assert answer.status_code == 400
    assert said in answer.text
    assert "choose them again" in answer.text
    assert f'value="{token}"' in answer.text
    for name, value in words(**typed).items():
        if name not in ("category", "urgent", "good_faith"):
            assert value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in answer.text, name
    assert bool(re.search(r'name="urgent" value="yes" checked', answer.text)) == bool(typed["urgent"])
    assert count_notices(desk) == 0
    assert not list((desk.settings.data_folder / "vault").rglob("*.age"))


def test_a_notice_that_says_nowhere_is_asked_where(desk: Desk, somebody: TestClient) -> None:
    answer = send(somebody, urls="", description=" ")
    assert (answer.status_code, count_notices(desk)) == (400, 0)
    assert "Give an address" in answer.text
    secrets_of(send(somebody, ("dragon.png", KNOWN), urls="", description=""))


def test_too_many_or_too_large_files_are_told_and_no_word_is_lost(settings: Settings, database_url: str) -> None:
    with intake_desk(settings, database_url, max_attachments=2, attachment_bytes=2**20) as desk:
        client = anonymous(desk)
        many = send(client, *[(f"{number}.png", b"x") for number in range(3)])
        large = send(client, ("large.png", bytes(2**20 + 1)))
        assert (many.status_code, large.status_code) == (400, 400)
        assert "at most 2 files" in many.text
        assert "larger than 1 MB" in large.text
        assert all("a purple dragon" in one.text for one in (many, large))
        assert send(client, ("a.png", b"a"), ("b.png", b"b")).status_code == 200


def test_attachments_are_sealed_before_anything_opens_them(desk: Desk, somebody: TestClient) -> None:
    number, _ = secrets_of(send(somebody, ("../../dragon.png", KNOWN), ("empty.txt", b"")))
    with desk.database.reading() as reader:
        row = notices.notice_numbered(reader, number)
        assert row is not None
        (case,) = notices.cases_of_notice(reader, row["id"])
        first, second = cases.media_of_case(reader, 1, case["id"])
    assert (first["outcome"], second["outcome"]) == ("waiting", "waiting")
    assert desk.fields.unseal_text("name", first["name_sealed"]) == "dragon.png"
    sealed = list((desk.settings.data_folder / "vault").rglob("*.age"))
    assert len(sealed) == 2
    assert all(KNOWN not in file.read_bytes() for file in sealed)
    with desk.database.writing() as writer:
        assert desk.vault.open(writer, worker(1), first["vault_id"], "test", NOW) == KNOWN


def test_a_file_field_without_a_file_is_no_attachment(desk: Desk, somebody: TestClient) -> None:
    boundary = "b"
    fields = {"token": token_of(somebody)} | words()
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    parts.append('--b\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--b--\r\n')
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = somebody.post("/notice", content="".join(parts).encode(), headers=headers)
    secrets_of(answer)
    assert "arrived and" not in answer.text


def test_the_form_works_without_files_and_without_multipart(somebody: TestClient) -> None:
    secrets_of(somebody.post("/notice", data=words()))


def test_sent_twice_with_the_same_words_it_is_one_notice(desk: Desk, somebody: TestClient) -> None:
    token = token_of(somebody)
    first = send(somebody, ("dragon.png", KNOWN), token=token)
    again = send(somebody, ("dragon.png", KNOWN), token=token)
    assert secrets_of(first) == secrets_of(again)
    assert count_notices(desk) == 1
    assert len(list((desk.settings.data_folder / "vault").rglob("*.age"))) == 1


def test_sent_twice_at_once_it_is_one_notice(desk: Desk, somebody: TestClient) -> None:
    token = token_of(somebody)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(anonymous(desk), token=token), range(6)))
    assert len({secrets_of(one) for one in answers}) == 1
    assert count_notices(desk) == 1


def test_changed_and_sent_again_from_the_same_page_it_is_another_notice(desk: Desk, somebody: TestClient) -> None:
    token = token_of(somebody)
    first, second = send(somebody, token=token), send(somebody, token=token, description="two purple dragons")
    assert secrets_of(first) != secrets_of(second)
    assert count_notices(desk) == 2


@pytest.mark.parametrize("token", ["", "short", "x" * 500, "<script>alert(1)</script>xx"])
def test_a_made_up_token_ties_nothing_together(desk: Desk, somebody: TestClient, token: str) -> None:
    assert secrets_of(send(somebody, token=token)) != secrets_of(send(somebody, token=token))
    assert count_notices(desk) == 2


def test_a_full_vault_keeps_nothing_and_loses_no_word(
    desk: Desk, somebody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: bytes) -> None:
        raise Unavailable("the vault cannot be written now; nothing was kept", 60)

    monkeypatch.setattr(desk.vault, "seal", full)
    answer = send(somebody, ("dragon.png", KNOWN))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "a purple dragon" in answer.text
    assert "choose them again" in answer.text
    assert count_notices(desk) == 0


def test_a_lost_database_keeps_nothing_and_loses_no_word(
    desk: Desk, somebody: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*given: object, **named: object) -> None:
        raise Unavailable("the database cannot be used now; nothing was kept", 5)

    token = token_of(somebody)
    with monkeypatch.context() as broken:
        broken.setattr("rempart.cases.intake.notices.notices.insert_notice", lost)
        answer = send(somebody, token=token)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "a purple dragon" in answer.text
    with desk.database.reading() as reader:
        assert cases.case_row(reader, 1, 1) is None
        assert not list(entries(reader))
    secrets_of(send(somebody, token=token))


def test_who_is_signed_in_stays_anonymous(desk: Desk) -> None:
    app = web_app(desk)
    person = signed_in(app, desk, "reviewer")
    secrets_of(person.post("/notice", data=words(), headers={"Accept": "text/html"}))
    with desk.database.reading() as reader:
        actors = {entry.actor for entry in entries(reader) if entry.about in ("notice", "case")}
    assert person.person.pid not in actors


def test_nobody_is_limited_to_the_budget_of_another_address(settings: Settings, database_url: str) -> None:
    serve = settings.serve.model_copy(update={"public_requests_per_hour": 2})
    with intake_desk(settings.model_copy(update={"serve": serve}), database_url) as desk:
        client = anonymous(desk)
        assert [send(client).status_code for _ in range(3)] == [200, 200, 429]
        assert client.get("/notice").status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"category=abuse_material&urls=%ff%fe&description=%00&good_faith=yes", "application/x-www-form-urlencoded"),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
        (b"{}", "application/json"),
        (b'--b\r\nContent-Disposition: form-data; name="urls"\r\n\r\nx\r\n--b--\r\n', "multipart/form-data"),
        (
            b'--b\r\nContent-Disposition: form-data; name="urls"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b; charset=undefined",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="description"\r\n\r\n+2AA-\r\n--b--\r\n',
            "multipart/form-data; boundary=b; charset=utf-7",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_a_hostile_form_is_refused_and_never_breaks_anything(
    desk: Desk, somebody: TestClient, body: bytes, kind: str
) -> None:
    answer = somebody.post("/notice", content=body, headers={"Content-Type": kind})
    assert 200 <= answer.status_code < 500
    assert count_notices(desk) <= 1


def test_whatever_bytes_are_sent_the_form_answers_and_never_breaks(settings: Settings, database_url: str) -> None:
    """A whole form, a few bytes of which were turned over, cut out or doubled: 150 of them, always the same."""
    serve = settings.serve.model_copy(update={"public_requests_per_hour": 1000})
    head = b"--b\r\nContent-Disposition: form-data; name="
    fields = {name.encode(): value.encode() for name, value in words(urls="").items()}
    whole = b"".join(head + b'"%s"\r\n\r\n%s\r\n' % pair for pair in fields.items())
    whole += head + b'"files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\npurple\r\n--b--\r\n'
    draw = Random(11)
    with intake_desk(settings.model_copy(update={"serve": serve}), database_url) as desk:
        client = anonymous(desk)
        for _ in range(150):
            body = bytearray(whole)
            for _ in range(draw.randint(1, 6)):
                at, much = draw.randrange(len(body)), draw.randint(1, 12)
                body[at : at + draw.choice((0, much))] = draw.choice((draw.randbytes(much), b"", body[at : at + much]))
            kind = draw.choice(("boundary=b", "boundary=b; charset=utf-16", "boundary=b; charset=idna", "boundary="))
            headers = {"Content-Type": f"multipart/form-data; {kind}"}
            assert client.post("/notice", content=bytes(body), headers=headers).status_code in (200, 400)


def test_number_and_code_stand_in_no_log_and_in_no_address(
    desk: Desk, somebody: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = send(somebody, name="Ada Lovelace")
        number, code = secrets_of(answer)
        shown = somebody.post("/notice/status", data={"number": number, "code": code})
        assert shown.status_code == 200
    written = caplog.text + "".join(capsys.readouterr())
    for secret in (number, code, "dragon.example", "purple", "Ada"):
        assert secret not in written
        assert secret not in str(answer.url) + str(shown.url)
    with desk.database.reading() as reader:
        story = "".join(str(entry) for entry in entries(reader))
    assert code not in story
    assert "purple" not in story
    assert code not in shown.text


def test_an_urgent_notice_is_kept_without_the_name_that_the_law_asks_for_and_is_marked(
    desk: Desk, somebody: TestClient
) -> None:
    page = somebody.get("/notice").text
    beside = page[page.index('id="category-other"') :].split("</div>")[0]
    assert "unless a child is in danger now" in beside
    assert send(somebody, token=token_of(somebody), category="other", name="", urgent="").status_code == 400
    assert send(somebody, token=token_of(somebody), category="other", name="", urgent="yes").status_code == 200
    assert count_notices(desk) == 1
    card = signed_in(web_app(desk), desk).get("/cases/1", headers={"Accept": "text/html"}).text
    assert "sent without the name the law asks for" in card

"""The demo desk: a newcomer finds people, cases in every state, and nothing that could be somebody's own."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from rempart.audit.queries import append, head
from rempart.audit.verifying import verify
from rempart.cases.intake.following import notice_state
from rempart.cases.overview.figures import overview
from rempart.cases.triage import queue
from rempart.cases.triage.ruleset import TIERS
from rempart.errors import Conflict, UserMistake
from rempart.facts.case import OUTCOMES
from rempart.facts.people import ROLES, operator
from rempart.migrations.schema import METADATA
from rempart.people import codes, first_admin_link, passwords, queries, signing_in
from rempart.settings import ServeSettings, Settings
from rempart.storage import duties, outbox
from rempart.testing.demo_desk import accounts, loading, marker
from rempart.testing.demo_desk.media import SOURCE
from rempart.testing.serving import environment_of
from rempart.wiring.desk import open_records

TABLES = METADATA.tables


def counted(settings: Settings, table: str, *columns: str) -> Counter[Any]:
    """(values of the columns) -> rows."""
    with open_records(settings) as desk, desk.database.reading() as reader:
        chosen = [TABLES[table].c[name] for name in columns]
        rows = reader.rows(select(*chosen, func.count().label("n")).group_by(*chosen))
        return Counter({tuple(row[name] for name in columns): row["n"] for row in rows})


def rempart(settings: Settings, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rempart", *words]
    environment = environment_of(settings) | more
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_every_state_and_outcome_has_a_case(demo_desk: Settings) -> None:
    states = {state for (state,) in counted(demo_desk, "case_file", "state")}
    assert {"triaged", "escalated", "needs_second", "disputed", "needs_info", "decided"} <= states
    outcomes = {outcome for (outcome,) in counted(demo_desk, "case_file", "outcome")}
    assert set(OUTCOMES) <= outcomes
    assert 50 <= counted(demo_desk, "case_file", "state").total() <= 90


def test_waiting_cases_stand_in_every_tier_some_of_the_low_ones_drawn_as_samples(demo_desk: Settings) -> None:
    tiers = {tier for tier, state in counted(demo_desk, "case_file", "tier", "state") if state == "triaged"}
    assert tiers == set(TIERS)
    drawn = {tier for tier, sampled in counted(demo_desk, "case_file", "tier", "sampled") if sampled}
    assert drawn & {3, 4, 5}


def test_a_clock_ends_soon_and_orders_stand_at_every_step(demo_desk: Settings) -> None:
    with open_records(demo_desk) as desk, desk.database.reading() as reader:
        waiting = queue.page(reader, 1, "due").rows
        assert timedelta(0) < waiting[0].due_at - desk.clock() < timedelta(hours=6)
    assert {state for (state,) in counted(demo_desk, "authority_order", "state")} >= {
        "received",
        "authenticated",
        "executed",
    }


def test_appeals_were_won_and_lost_and_some_wait_from_both_sides(demo_desk: Settings) -> None:
    states = counted(demo_desk, "appeal", "state", "brought_by")
    assert {"upheld", "overturned", "open"} <= {state for state, _ in states}
    assert {by for state, by in states if state == "open"} == {"notifier", "user"}


def test_partners_sent_bundles_and_cases_belong_together(demo_desk: Settings) -> None:
    assert set(counted(demo_desk, "bundle", "state")) == {("done",)}
    assert any(cluster for (cluster,) in counted(demo_desk, "case_file", "cluster"))


def test_notices_come_in_both_languages_and_some_twice(demo_desk: Settings) -> None:
    assert {language for (language,) in counted(demo_desk, "notice", "language")} == {"en", "fr"}
    assert any(first for (first,) in counted(demo_desk, "notice", "duplicate_of"))


def test_people_looked_at_previews_and_originals_and_disagreed(demo_desk: Settings) -> None:
    assert {level for (level,) in counted(demo_desk, "reveal", "level")} == {"preview", "original"}
    assert {"first", "second", "adjudication"} <= {round_ for (round_,) in counted(demo_desk, "decision", "round")}


def test_nothing_failed_and_the_ledger_holds(demo_desk: Settings) -> None:
    with open_records(demo_desk) as desk:
        with desk.database.reading() as reader:
            assert not outbox.failed(reader)
            assert not [one for one in duties.known(reader) if one.problem]
        folder = desk.settings.data_folder / "checkpoints"
        verdict = verify(desk.database, desk.keys.public_signing_key, folder)
    assert verdict.whole
    assert verdict.checkpoints


def test_the_overview_has_something_to_draw(demo_desk: Settings) -> None:
    with open_records(demo_desk) as desk, desk.database.reading() as reader:
        actor = accounts.staff(reader)["supervisor"]
        seen = overview(reader, actor, desk.clock(), 6, desk.rules.sampling)
    days = [sum(channels) for channels in zip(*seen.inbound.values(), strict=True)]
    assert sum(1 for day in days if day) >= 10
    assert seen.screening.total > 100
    assert seen.agreement.whole > 3


def test_every_role_has_an_account_whose_password_and_code_are_right(demo_desk: Settings) -> None:
    assert {one.role for one in accounts.ACCOUNTS} == set(ROLES)
    with open_records(demo_desk) as desk:
        now = desk.clock()
        for one in accounts.ACCOUNTS:
            with desk.database.reading() as reader:
                known = signing_in.look_up(reader, one.login)
            assert known is not None
            assert passwords.holds(known.password_hash, accounts.PASSWORD)
            assert known.person.has_code is (one.role in codes.OBLIGATORY)
            if one.secret:
                with desk.database.writing() as writer:
                    later = now + timedelta(seconds=30)
                    assert codes.use(writer, desk.fields, known.person, one.code(later) or "", later)


def test_a_notice_can_be_followed_by_everybody(demo_desk: Settings) -> None:
    with open_records(demo_desk) as desk, desk.database.reading() as reader:
        follow = loading.own_notice(reader, desk.fields)
        assert follow is not None
        assert notice_state(reader, follow.number, follow.code).outcome == "no_action"


def test_a_second_load_changes_nothing(demo_desk: Settings) -> None:
    before = head_of(demo_desk)
    assert loading.load(demo_desk) is False
    assert head_of(demo_desk) == before


def head_of(settings: Settings) -> tuple[int, str]:
    with open_records(settings) as desk, desk.database.reading() as reader:
        return head(reader)


def test_its_lists_say_that_they_are_a_demo(demo_desk: Settings) -> None:
    with open_records(demo_desk) as desk:
        sources = {one.facts.source for one in desk.lists.ls()}
    assert sources == {SOURCE, "this desk"}


def test_a_folder_with_a_person_a_list_or_a_ledger_of_its_own_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"sha256\n{sha256(b'a dragon').hexdigest()}\n")
    for number, use in enumerate(("list", "ledger", "person")):
        chosen = settings.model_copy(update={"data_folder": tmp_path / str(number)})
        with open_records(chosen) as desk:
            with desk.database.writing() as writer:
                organisation = queries.add_organisation(writer, "real", "Real", desk.clock())
                if use == "ledger":
                    append(writer, operator(organisation), "case", 1, "case.opened", {}, desk.clock())
                if use == "person":
                    queries.add_person(
                        writer,
                        organisation=organisation,
                        pid="R-REAL11",
                        login="real@desk.example",
                        name_sealed=b"",
                        role="admin",
                        language="en",
                        password_hash="",
                        created_at=desk.clock(),
                    )
            if use == "list":
                desk.lists.import_file(file, name="real", source="a test")
        with pytest.raises(Conflict, match="not the demo"):
            loading.load(chosen)


def test_a_load_that_was_cut_short_is_told(settings: Settings) -> None:
    with open_records(settings) as desk, desk.database.writing() as writer:
        organisation = queries.add_organisation(writer, "demo", "Demo", desk.clock())
        append(writer, operator(organisation), marker.ABOUT, organisation, marker.BEGUN, {}, desk.clock())
    with pytest.raises(Conflict, match="cut short"):
        loading.load(settings)


@pytest.mark.parametrize(
    "serve",
    [
        ServeSettings(host="0.0.0.0"),  # noqa: S104 - refused
        ServeSettings(public_url="https://desk.example"),
        ServeSettings(media_origin="https://media.example"),
        ServeSettings(host="::"),
    ],
    ids=repr,
)
def test_a_desk_that_others_can_reach_takes_no_demo(settings: Settings, serve: ServeSettings) -> None:
    with pytest.raises(UserMistake, match="loopback"):
        loading.load(settings.model_copy(update={"serve": serve}))
    assert not settings.data_folder.exists()


def test_the_demo_is_not_served_where_others_can_reach_it(demo_desk: Settings) -> None:
    done = rempart(demo_desk, "serve", "--host", "0.0.0.0", "--port", "1")  # noqa: S104 - refused
    again = rempart(demo_desk, "serve", "--port", "65000", REMPART_SERVE__PUBLIC_URL="https://desk.example")
    assert done.returncode == again.returncode == 2
    assert "loopback only" in again.stderr


def test_the_offer_of_a_first_account_does_not_stand_in_the_way(settings: Settings) -> None:
    with open_records(settings) as desk:
        for _ in range(2):
            with desk.database.writing() as writer:
                assert first_admin_link(writer, desk.clock())
        with desk.database.reading() as reader:
            loading._refuse_used(reader, desk)


def test_the_commands_print_the_accounts(demo_desk: Settings, settings: Settings) -> None:
    loaded = rempart(demo_desk, "demo", "load")
    assert loaded.returncode == 0
    assert "loaded before; nothing was changed" in loaded.stderr
    for one in accounts.ACCOUNTS:
        assert one.login in loaded.stdout
    assert accounts.PASSWORD in loaded.stdout
    told = json.loads(rempart(demo_desk, "demo", "accounts", "--json").stdout)
    assert [one["role"] for one in told["accounts"]] == [one.role for one in accounts.ACCOUNTS]
    assert set(told["notice"]) == {"number", "code"}
    missing = rempart(settings, "demo", "accounts")
    assert missing.returncode == 2
    assert "run `rempart demo load`" in missing.stderr

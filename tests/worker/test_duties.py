"""Regular duties: each by one process at a time, told when it fails, and done anew."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.worker.places import Place, until

from rempart.audit import checkpoints
from rempart.audit.queries import append
from rempart.audit.verifying import verify
from rempart.errors import Broken, RempartError, Unavailable
from rempart.facts.people import operator
from rempart.migrations.schema import METADATA
from rempart.settings import Settings
from rempart.storage import duties as rota
from rempart.storage.duties import Duty as Known
from rempart.testing.desk import Hands, make_case, make_desk, make_organisation
from rempart.wiring.desk import Desk, checkpoint_folder
from rempart.worker import keeping, loop
from rempart.worker.duties import DUTIES, Duty
from rempart.worker.loop import AGAIN_SECONDS, TAKEN_SECONDS, Worker, attend

DAY = 86_400.0


@pytest.fixture
def hands() -> Hands:
    """The clock of the desk."""
    return Hands()


@pytest.fixture
def desk(settings: Settings, database_url: str, hands: Hands) -> Iterator[Desk]:
    """A desk whose clock is moved by hand."""
    with make_desk(settings, database_url, clock=hands) as made:
        yield made


def known(desk: Desk) -> dict[str, Known]:
    with desk.database.reading() as reader:
        return {one.name: one for one in rota.known(reader)}


class Broom:
    """A duty that counts how often it was done, and fails when told."""

    def __init__(self, every_seconds: float = DAY) -> None:
        self.done = 0
        self.error: Exception | None = None
        self.duty = Duty("sweep", every_seconds, self._sweep)

    def _sweep(self, desk: Desk) -> None:
        self.done += 1
        if self.error is not None:
            raise self.error


def test_a_duty_is_done_at_once_and_then_every_so_often(desk: Desk, hands: Hands) -> None:
    broom = Broom()
    for hours, done in ((0, 1), (23, 1), (1, 2), (24, 3)):
        hands.now += timedelta(hours=hours)
        attend(desk, broom.duty)
        attend(desk, broom.duty)
        assert broom.done == done
    assert known(desk)["sweep"].done_at == hands.now
    assert known(desk)["sweep"].taken_until == hands.now + timedelta(days=1)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Broken("no broom; buy one"), "no broom; buy one"),
        (Unavailable("the broom is away"), "the broom is away"),
        (RempartError("no"), "no"),
        (ValueError("purple secret"), "`ValueError`; please report this"),
    ],
)
def test_a_duty_that_fails_is_told_and_soon_tried_again(desk: Desk, hands: Hands, error: Exception, told: str) -> None:
    broom = Broom()
    attend(desk, broom.duty)
    good = hands.now
    hands.now += timedelta(days=1)
    broom.error = error
    attend(desk, broom.duty)
    assert (known(desk)["sweep"].problem, known(desk)["sweep"].done_at) == (told, good)
    attend(desk, broom.duty)
    assert broom.done == 2
    hands.now += timedelta(seconds=AGAIN_SECONDS)
    broom.error = None
    attend(desk, broom.duty)
    assert (known(desk)["sweep"].problem, known(desk)["sweep"].done_at) == (None, hands.now)


def test_a_frequent_duty_that_fails_keeps_its_pace(desk: Desk, hands: Hands) -> None:
    broom = Broom(every_seconds=10)
    broom.error = Broken("no")
    attend(desk, broom.duty)
    hands.now += timedelta(seconds=10)
    attend(desk, broom.duty)
    assert broom.done == 2


def test_a_duty_that_takes_longer_than_its_period_stays_with_who_does_it(
    desk: Desk, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "HOLD_SHARE", 0.001)
    lengthened, plain = threading.Event(), rota.lengthen

    def lengthen(*given: Any) -> Any:
        found = plain(*given)
        if found == hands.now + timedelta(seconds=30):
            lengthened.set()
        return found

    monkeypatch.setattr(rota, "lengthen", lengthen)
    broom = Broom(every_seconds=30)

    def sweep(desk: Desk) -> None:
        broom.done += 1
        hands.now += timedelta(seconds=29)
        assert lengthened.wait(10)
        hands.now += timedelta(seconds=5)
        attend(desk, broom.duty)  # another worker, which finds it taken

    broom.duty = Duty("sweep", 30, sweep)
    attend(desk, broom.duty)
    assert (broom.done, known(desk)["sweep"].problem) == (1, None)


def test_a_duty_that_somebody_else_has_by_now_is_not_lengthened(desk: Desk, hands: Hands) -> None:
    with desk.database.writing() as writer:
        assert rota.take(writer, "sweep", hands.now, 30)
        until = hands.now + timedelta(seconds=30)
        assert rota.lengthen(writer, "sweep", until, hands.now, 60) == hands.now + timedelta(seconds=60)
        assert rota.lengthen(writer, "sweep", until, hands.now, 60) is None


def test_a_duty_whose_process_was_killed_is_done_by_another_before_its_next_time(desk: Desk, hands: Hands) -> None:
    broom = Broom()
    with desk.database.writing() as writer:  # taken, and never heard of again
        assert rota.take(writer, "sweep", hands.now, TAKEN_SECONDS)
    attend(desk, broom.duty)
    assert broom.done == 0
    hands.now += timedelta(seconds=TAKEN_SECONDS)
    attend(desk, broom.duty)
    assert broom.done == 1


def test_a_duty_cut_short_by_the_end_of_the_process_is_told(desk: Desk) -> None:
    broom = Broom()
    broom.error = SystemExit()  # type: ignore[assignment]
    with pytest.raises(SystemExit):
        attend(desk, broom.duty)
    assert known(desk)["sweep"].problem == "cut short"


def test_of_several_processes_one_does_the_duty(desk: Desk) -> None:
    inside, go = threading.Event(), threading.Event()
    done: list[int] = []

    def slow(_: Desk) -> None:
        done.append(1)
        inside.set()
        go.wait(30)

    duty = Duty("sweep", DAY, slow)
    first = threading.Thread(target=attend, args=(desk, duty))
    first.start()
    assert inside.wait(30)
    for _ in range(3):
        attend(desk, duty)
    go.set()
    first.join(30)
    assert done == [1]


def test_of_several_processes_that_come_in_the_same_moment_one_does_the_duty(desk: Desk) -> None:
    broom, gate = Broom(), threading.Barrier(4)

    def race() -> None:
        gate.wait(30)
        try:
            attend(desk, broom.duty)
        except RempartError:  # somebody else began it in this moment
            return

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broom.done == 1


def test_a_duty_that_fails_does_not_keep_the_others_from_being_done(
    place: Place, begin: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "AGAIN_SECONDS", 0.2)
    bad, good = Broom(), Broom(0.1)
    bad.error = ValueError("no")
    begin(duties=(Duty("bad", DAY, bad.duty.do), Duty("good", 0.1, good.duty.do)))
    until(lambda: bad.done >= 2 and good.done >= 3)


def test_duties_have_names_of_their_own_that_fit_their_column() -> None:
    names = [one.name for one in DUTIES]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 40 for name in names)


# what the desk's own duties do


def test_every_duty_of_the_desk_can_be_done_on_an_empty_desk(desk: Desk, hands: Hands) -> None:
    for _ in range(2):
        for duty in DUTIES:
            attend(desk, duty)
        hands.now += timedelta(days=2)
    assert {name: one.problem for name, one in known(desk).items()} == {duty.name: None for duty in DUTIES}


def test_a_case_whose_lease_has_ended_is_free_in_every_organisation(desk: Desk, hands: Hands) -> None:
    table = METADATA.tables["case_file"]
    with desk.database.writing() as writer:
        owners = [make_organisation(writer, slug) for slug in ("one", "two")]
        lease = {"assignee": "R-ADA", "lane": "tier", "claimed_at": hands.now}
        ended = [make_case(writer, owner, lease_until=hands.now, **lease) for owner in owners]
        going = make_case(writer, owners[0], lease_until=hands.now + timedelta(minutes=1), **lease)
    keeping.free_lapsed_claims(desk)
    with desk.database.reading() as reader:
        held = {row["id"]: row["assignee"] for row in reader.rows(table.select())}
    assert held == {ended[0]: None, ended[1]: None, going: "R-ADA"}


def written(desk: Desk, organisation: int = 1) -> None:
    with desk.database.writing() as writer:
        append(writer, operator(organisation), "dragon", 7, "dragon.fed", {}, desk.clock())


def signed(desk: Desk) -> list[Path]:
    return checkpoints.paths(checkpoint_folder(desk.settings))


def test_the_ledger_is_signed_when_an_hour_has_passed_and_something_was_added(desk: Desk, hands: Hands) -> None:
    with desk.database.writing() as writer:
        make_organisation(writer)
    keeping.sign_the_ledger(desk)
    assert signed(desk) == []
    written(desk)
    keeping.sign_the_ledger(desk)
    assert signed(desk) == []
    hands.now += timedelta(hours=1)
    keeping.sign_the_ledger(desk)
    keeping.sign_the_ledger(desk)
    assert len(signed(desk)) == 1
    hands.now += timedelta(hours=5)
    keeping.sign_the_ledger(desk)
    assert len(signed(desk)) == 1
    assert verify(desk.database, desk.keys.public_signing_key, checkpoint_folder(desk.settings)).whole


def test_a_ledger_that_does_not_hold_is_told_and_not_signed(
    desk: Desk, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.database.writing() as writer:
        make_organisation(writer)
    written(desk)
    hands.now += timedelta(hours=1)
    monkeypatch.setattr(checkpoints, "fault_in", lambda *_: "it was changed")
    attend(desk, next(one for one in DUTIES if one.name == "ledger.checkpoint"))
    assert "does not hold" in (known(desk)["ledger.checkpoint"].problem or "")
    assert signed(desk) == []

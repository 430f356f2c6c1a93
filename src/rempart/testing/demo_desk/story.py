"""A month at the demo desk: what came in, what people made of it, and where everything stands in the end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar

from rempart.facts.case import Outcome
from rempart.testing.demo_desk import media, words
from rempart.testing.demo_desk.arriving import HOSTS
from rempart.testing.demo_desk.gestures import Gestures
from rempart.testing.demo_desk.media import Picture
from rempart.testing.pictures import Pixels

DAYS: Final = 30
# Of the last day nothing but the scenes of `standing` is told, so that every state is there to be looked at.
QUIET_HOURS: Final = 30
UPLOADS_A_DAY: Final = 4
AGREEMENT: Final = 0.85
T = TypeVar("T")
_OUTCOMES: Final[tuple[tuple[Outcome, int], ...]] = (
    ("illegal_baseline", 20),
    ("illegal_national", 12),
    ("policy_violation", 25),
    ("not_illegal", 33),
    ("not_assessable", 10),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens at its time."""

    at: datetime
    play: Callable[[], object]


class Month:
    """The month, told from its first day."""

    def __init__(self, gestures: Gestures, start: datetime, now: datetime) -> None:
        self._do, self._start, self._now = gestures, start, now
        self._listed, self._watched = media.listed(), media.watched()

    def tell(self, progress: Callable[[int, int], None]) -> None:
        """Nothing; the month has happened. progress: (days told, days)."""
        end = self._now - timedelta(hours=QUIET_HOURS)
        for number in range(DAYS):
            scenes = sorted(self._day(number), key=lambda scene: scene.at)
            for scene in scenes:
                if scene.at < end:
                    self._do.hands.now = max(self._do.hands.now, scene.at)
                    scene.play()
            progress(number + 1, DAYS)

    def _day(self, number: int) -> list[Scene]:
        draw = Random(f"day {number}")  # noqa: S311 - a story, not a secret

        def at(hours: float) -> datetime:
            return self._start + timedelta(days=number, hours=hours + draw.random())

        scenes = [Scene(at(7 + 2 * turn), self._upload(number, turn)) for turn in range(UPLOADS_A_DAY)]
        scenes.append(Scene(at(8.5), self._match(number)))
        if number % 2 == 0:
            scenes.append(Scene(at(10), self._notice(number)))
        if number % 10 == 4:
            scenes.append(Scene(at(11), self._order(number)))
        if number % 10 == 7:
            scenes.append(Scene(at(9), self._bundle(number)))
        if number % 12 == 9:
            scenes.append(Scene(at(18), self._appeal(number)))
        if number % 7 not in (5, 6):  # at weekends nobody is there
            scenes += [
                Scene(at(9.5), self._shift("reviewer", 1 + number % 2)),
                Scene(at(14), self._shift("reviewer2", 2)),
            ]
            scenes.append(Scene(at(16), self._shift("senior", 1)))
        scenes += [Scene(at(hours), self._do.work) for hours in (8, 12, 17.5)]
        return [*scenes, Scene(at(22), self._do.attend)]

    def _upload(self, number: int, turn: int) -> Callable[[], object]:
        picture = media.unlisted(number * UPLOADS_A_DAY + turn)
        return lambda: self._do.item(picture, f"upload-{number}-{turn}", visibility="public")

    def _match(self, number: int) -> Callable[[], object]:
        """An upload that meets a list; every fourth meets the list that asks for review."""
        pixels = _turn(self._watched, number) if number % 4 == 3 else _turn(self._listed, number)
        picture = Picture(f"castle-{number}.jpg", media.edited(pixels, number))
        place = f"https://{_turn(HOSTS, number)}/pictures/{number}"
        captured = self._start + timedelta(days=number - 20) if number % 5 == 0 else None
        return lambda: self._do.item(
            picture,
            f"match-{number}",
            account=f"{_turn(words.ACCOUNTS, number)}@{_turn(HOSTS, number)}",
            url=place,
            captured_at=captured,
            visibility="private" if number % 6 == 1 else "public",
        )

    def _notice(self, number: int) -> Callable[[], object]:
        told = _turn(words.NOTICES, number // 2)
        attached = (media.unlisted(500 + number),) if number % 6 == 0 else ()
        place = f"https://{_turn(HOSTS, number // 4)}/boards/{number // 4}"  # every second one is a duplicate
        return lambda: self._do.notice(
            told.text,
            key=f"demo-notice-{number}",
            place=place,
            category=told.category,
            language=told.language,
            attached=attached,
        )

    def _order(self, number: int) -> Callable[[], None]:
        """An order of an authority, verified and carried out within its time."""

        def order() -> None:
            place = f"https://{_turn(HOSTS, number)}/ordered/{number}"
            made = self._do.order("dsa_9", f"ODA-{100 + number}", place, words.ORDER)
            self._do.pass_time(minutes=25)
            self._do.verify_order(made)
            self._do.pass_time(hours=2)
            self._do.carry_out_order(made, words.EFFECT)

        return order

    def _bundle(self, number: int) -> Callable[[], object]:
        """What a partner sent together: known and widely spread, known and new, and an address alone."""
        known = media.prints_of(_turn(self._listed, number))
        rows: list[dict[str, object]] = [
            {"id": f"{number}-1", known[0].kind: known[0].value.hex(), "victim_identified": True, "submissions": 60},
            {"id": f"{number}-2", "urls": [f"https://{_turn(HOSTS, number)}/bundle/{number}"], "country": "FR"},
            {"id": f"{number}-3"},
        ]
        return lambda: self._do.bundle("dragon-hotline", rows, f"demo-bundle-{number}")

    def _appeal(self, number: int) -> Callable[[], None]:
        """A notice that was judged, contested by who gave it, and answered by somebody else."""

        def appeal() -> None:
            place = f"https://{_turn(HOSTS, number)}/contested/{number}"
            made = self._do.notice(words.CONTESTED, key=f"demo-contested-{number}", place=place)
            self._do.settle("reviewer", made.case, "not_illegal", words.REASON)
            brought = self._do.appeal(made.number, made.code, words.GROUNDS)
            self._do.pass_time(hours=1)
            if number % 24 == 9:
                self._do.answer("senior", brought, "overturned", words.OVERTURNED, "policy_violation")
            else:
                self._do.answer("supervisor", brought, "upheld", words.UPHELD)

        return appeal

    def _shift(self, who: str, looks: int) -> Callable[[], None]:
        def shift() -> None:
            for _ in range(looks):
                case_id = self._do.next_case(who)
                if case_id is None:
                    return
                self._do.look(who, case_id, original=case_id % 5 == 0)
                self._do.judge(who, case_id, self._view_of(who, case_id), words.REASON)
                self._do.pass_time(minutes=self._do.draw.randint(2, 9))

        return shift

    def _view_of(self, who: str, case_id: int) -> Outcome:
        """What the person makes of the case: mostly what the others make of it."""
        truth, own = Random(f"case {case_id}"), Random(f"{who} {case_id}")  # noqa: S311
        draw = truth if own.random() < AGREEMENT else own
        return draw.choices([name for name, _ in _OUTCOMES], [weight for _, weight in _OUTCOMES])[0]


def standing(do: Gestures, now: datetime) -> None:
    """Nothing; the last day has happened, after which every state and lane has something in it."""
    listed = media.listed_last()

    def at(hours: float) -> None:
        do.hands.now = max(do.hands.now, now - timedelta(hours=hours))

    def fresh(number: int, pixels: Pixels, **about: Any) -> int:
        picture = Picture(f"tower-{number}.jpg", media.edited(pixels, number))
        answer = do.item(picture, f"standing-{number}", url=f"https://{_turn(HOSTS, number)}/towers/{number}", **about)
        assert answer.case is not None  # noqa: S101 - the picture is listed
        return answer.case

    at(29)
    decided = [fresh(number, listed[number], account=f"smith-{number}") for number in range(8)]
    do.work()
    at(27)
    outcomes: tuple[Outcome, ...] = ("not_illegal", "policy_violation", "not_assessable")
    for case_id, outcome in zip(decided[:3], outcomes, strict=True):
        do.settle("reviewer", case_id, outcome, words.REASON)
    for who in ("reviewer", "reviewer2"):
        do.settle(who, decided[3], "illegal_baseline", words.REASON, ai="no", public="yes")
        do.settle(who, decided[6], "illegal_national", ai="yes", original=who == "reviewer2")
    do.settle("reviewer", decided[4], "illegal_national")
    do.settle("reviewer2", decided[4], "not_illegal", words.DOUBT)  # they disagree: a senior has to say
    for who, outcome in (
        ("reviewer", "illegal_baseline"),
        ("reviewer2", "policy_violation"),
        ("senior", "not_illegal"),
    ):
        do.settle(who, decided[7], outcome, words.REASON)
    do.settle("reviewer2", decided[5], "illegal_baseline")  # waits for a second, independent judgement
    _own_notice(do)
    at(20)
    do.order("fr_removal", "ODA-900", "https://castle.example/ordered/900", words.ORDER)  # due within hours
    waiting = [fresh(number, listed[number], account=f"miller-{number}") for number in range(8, 11)]
    do.take("reviewer", waiting[0])
    do.note("reviewer", waiting[0], words.NOTE)
    do.escalate("reviewer", waiting[0], "possible_new_victim")
    do.take("reviewer", waiting[1])
    do.skip("reviewer", waiting[1], "ask_sender")
    do.take("reviewer2", waiting[2])
    do.police_first("reviewer2", waiting[2], "bad_host")
    taken = do.judge("reviewer2", waiting[2], "illegal_baseline")
    do.pass_time(seconds=5)
    do.take_back("reviewer2", taken)
    do.skip("reviewer2", waiting[2], "too_much_now")
    at(14)
    do.late_item(media.unlisted(900), "late")
    do.prints(media.prints_of(listed[13]), "prints-only", account="baker-1", visibility="public")
    do.work()
    at(12)
    _last_bundle(do, listed[12])
    _open_appeals(do, decided)
    at(9)
    for number, told in enumerate(words.LAST):
        do.notice(
            told.text,
            key=f"demo-last-{number}",
            place=f"https://{_turn(HOSTS, number)}/last/{number}",
            category=told.category,
            language=told.language,
            urgent=told.urgent,
            self_report=told.self_report,
            attached=_attached(number, do.hands.now),
        )
        do.pass_time(minutes=20)
    do.work()
    at(3)
    do.verify_order(do.order("dsa_10", "ODA-901", "https://river.example/ordered/901", words.ORDER_INFORMATION))
    do.attend()
    at(0)


def _last_bundle(do: Gestures, listed: Pixels) -> None:
    """Nothing; a partner sent what stands in the highest tiers but one, and in the lowest."""
    known = media.prints_of(listed)
    do.bundle(
        "dragon-hotline",
        [
            {
                "id": "last-1",
                "urls": ["https://village.example/nests/1"],
                "account": "squire",
                "camera_evidence": "stated",
                "captured_at": (do.hands.now - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "country": "FR",
                "actor_identifiable": True,
            },
            {
                "id": "last-2",
                known[0].kind: known[0].value.hex(),
                "victim_identified": True,
                "submissions": 200,
                "viral": True,
            },
        ],
        "demo-bundle-last",
    )


def _open_appeals(do: Gestures, decided: Sequence[int]) -> None:
    """Nothing; two appeals wait: of who gave notice, and of the user whose content was judged."""
    place = "https://river.example/contested/900"
    made = do.notice(words.CONTESTED_FR, key="demo-contested-900", place=place, language="fr")
    do.settle("reviewer2", made.case, "not_illegal", words.REASON)
    do.appeal(made.number, made.code, words.GROUNDS_FR, language="fr")
    number, code = do.code_for_user(decided[1])
    do.appeal(number, code, words.GROUNDS_USER)


def _own_notice(do: Gestures) -> None:
    """Nothing; a notice was decided whose number and code everybody may know: its status page, and its appeal."""
    key = words.OWN_NOTICE_KEY
    made = do.notice(words.OWN_NOTICE, key=key, place="https://village.example/roofs/12", category="abuse_material")
    do.work()
    do.settle("reviewer", made.case, "not_illegal", words.REASON)


def _attached(number: int, now: datetime) -> tuple[Picture, ...]:
    """A photograph of a camera, a picture that says that a generator made it, or nothing, by turns."""
    if number % 3 == 0:
        return (Picture("IMG_0412.JPG", media.from_camera(number, now - timedelta(days=4))),)
    if number % 3 == 1:
        return (Picture("dragon.jpg", media.declared_ai(700 + number)),)
    return ()


def _turn(of: Sequence[T], number: int) -> T:
    return of[number % len(of)]

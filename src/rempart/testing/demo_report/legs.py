"""The legs of the demo, each from what is owed to the proof that it was done."""

from rempart.cases.review import hosting
from rempart.cases.review.queries import clocks, decisions
from rempart.errors import Broken
from rempart.facts.case import ActionKind
from rempart.reporting import delivering, sending
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.reporting.watching import queries as watches
from rempart.testing.demo_desk import media
from rempart.testing.demo_desk.media import Picture
from rempart.testing.demo_report.scene import Scene
from rempart.wiring.reporting import reporting_of

ACCOUNT = "knight@castle.example"
STATEMENT = {
    "language": "en",
    "ground": "terms",
    "reference": "terms of the castle, clause 3: no purple dragons",
    "explanation": "the picture shows a dragon, and it is purple",
    "restriction": "removed",
    "territory": "everywhere",
    "duration": "indefinite",
}
NOTICE = {"good_faith": "yes", "to": "abuse@meadow.example", "classification": "none", "language": "en"}
MOST_LOOKS = 6
REASON = "purple, with wings; seen by two"


def judge(scene: Scene) -> None:
    """Nothing; an upload met the register, and two people decided independently that the dragon is purple."""
    do = scene.do
    picture = Picture("castle.jpg", media.edited(media.listed()[0], 1))
    answer = do.item(picture, "demo-report", account=ACCOUNT, url=scene.place, visibility="public")
    assert answer.case is not None  # noqa: S101 - the picture stands on the register
    scene.case_id = answer.case
    do.pass_time(minutes=7)
    do.settle("reviewer", scene.case_id, "illegal_baseline", REASON, original=True)
    do.pass_time(minutes=12)
    do.settle("reviewer2", scene.case_id, "illegal_baseline", REASON, original=True)


def cybertip(scene: Scene) -> None:
    """Nothing; the authority has the report, with its file, and a hold runs because of it."""
    made = scene.draft("cybertip", "cybertip", {"incident_type": INCIDENT_TYPES[0]})
    scene.approve("cybertip", made, "senior")
    scene.do.work()
    scene.saw("cybertip", scene.state(made))


def referral(scene: Scene) -> None:
    """Nothing; the address leads abroad, to a country with a hotline, which was handed what it takes to act.

    The worker drafted it when the decision was final; people answer its questions and approve it.
    """
    do, made = scene.do, scene.drafted("iccam")
    scene.saw("referral", "draft")
    scene.answer(made, {"format": "json", "content_type": "image"})
    scene.approve("referral", made, "supervisor")
    do.pass_time(minutes=5)
    with do.desk.database.writing() as writer:
        sending.hand_over(writer, reporting_of(do.desk), do.staff["senior"], made, "M-2026-117", do.hands.now)
    scene.saw("referral", scene.state(made))


def monitor(scene: Scene) -> None:
    """Nothing; the name is taken away, and after enough looks over enough time the place counts as down."""
    scene.saw("monitor", _watched(scene))
    scene.hosts.addresses.pop(scene.host)
    for _ in range(MOST_LOOKS):
        scene.do.pass_time(hours=2)
        scene.do.attend()
        scene.saw("monitor", _watched(scene))
        if _watched(scene) == "down":
            return
    raise Broken("the place of the demo is gone, and the monitor does not say so; please report this")


def _watched(scene: Scene) -> str:
    with scene.do.desk.database.reading() as reader:
        [row] = watches.of_case(reader, scene.do.organisation, scene.case_id)
    return str(row["state"])


def host_notice(scene: Scene) -> None:
    """Nothing; whoever hosts the address was asked by mail to take it down, once."""
    made = scene.draft("host-notice", "host-notice", NOTICE)
    scene.approve("host-notice", made, "supervisor")
    scene.do.attend()
    scene.saw("host-notice", scene.state(made))
    if len(scene.relay.taken) != 1:
        raise Broken(f"the host got {len(scene.relay.taken)} mails, not one; please report this")


def statement(scene: Scene) -> None:
    """Nothing; the user knows why the content is gone: the host fetched the text, delivered it, and said so."""
    do, action = scene.do, action_of(scene, "statement_of_reasons")
    made = scene.draft("statement", "statement", STATEMENT, action_id=action)
    scene.approve("statement", made, "senior")
    reporting = reporting_of(do.desk)
    with do.desk.database.reading() as reader:
        page = hosting.page(reader, do.desk.fields, do.organisation, "queued", 0, 100)
        texts = delivering.texts(reader, reporting, do.organisation, [one.id for one in page])
    if action not in texts:
        raise Broken("the host was not handed the statement of reasons; please report this")
    do.pass_time(minutes=2)
    now = do.hands.now
    with do.desk.database.writing() as writer:
        hosting.answer(writer, do.desk.fields, do.host, action, "fulfilled", "", now)
        delivering.answered(writer, reporting, do.host, action, "fulfilled", "", now)
    scene.saw("statement", scene.state(made))


def action_of(scene: Scene, kind: ActionKind) -> int:
    """The action of this kind that follows from the decision."""
    with scene.do.desk.database.reading() as reader:
        rows = decisions.actions_of_case(reader, scene.do.organisation, scene.case_id)
    return int(next(one["id"] for one in rows if one["kind"] == kind))


def hold(scene: Scene) -> None:
    """Nothing; what the case has is kept, for as long as the law says."""
    with scene.do.desk.database.reading() as reader:
        running = clocks.holds(reader, scene.do.organisation, scene.case_id)
    for one in running:
        ends = one["ends_at"]
        scene.saw("hold", f"{one['basis']} until {ends:%Y-%m-%d}" if ends else f"{one['basis']} until released")

"""The legs of the demo, each from what is owed to the proof that it was done."""

from ipaddress import ip_address

from rempart.cases import hosting as places
from rempart.cases.review import hosting
from rempart.cases.review.queries import clocks, decisions
from rempart.errors import Broken
from rempart.facts.case import ActionKind
from rempart.facts.people import worker
from rempart.net.dns import Lookup
from rempart.reporting import delivering, sending
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.reporting.hosting.databases import ranges_of
from rempart.reporting.hosting.proxies import proxies_of
from rempart.reporting.hosting.resolving import Resolver
from rempart.reporting.routing import Policy, route
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
RANGES = ("network,asn,organisation,country", "192.0.2.0/24,AS64500,Meadow Hosting,NL")
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
    """Nothing; the address leads abroad, to a country with a hotline, which was handed what it takes to act."""
    do = scene.do
    _resolve(scene)
    made = scene.draft("referral", "iccam", {"format": "json", "content_type": "image"})
    scene.approve("referral", made, "supervisor")
    do.pass_time(minutes=5)
    with do.desk.database.writing() as writer:
        sending.hand_over(
            writer, reporting_of(do.desk), do.staff["senior"], made, "handed over in person", do.hands.now
        )
    scene.saw("referral", scene.state(made))


def _resolve(scene: Scene) -> None:
    """Nothing; it is known where the place is hosted, and that its hotline is the one to tell."""
    do, now = scene.do, scene.do.hands.now
    resolver = Resolver(
        lambda _name: [Lookup("found", (ip_address("192.0.2.7"),))], [ranges_of(RANGES, "the demo")], proxies_of([])
    )
    with do.desk.database.writing() as writer:
        for location, url in places.places_of(writer, do.desk.fields, do.organisation, scene.case_id):
            found = resolver.hosting_of(url)
            told = route(found, Policy("FR", {"NL"}), now, police_first=False)
            if [one.recipient for one in told] != ["iccam"]:
                raise Broken("the place of the demo is not referred to a hotline; please report this")
            places.keep(
                writer,
                worker(do.organisation),
                scene.case_id,
                location,
                now,
                hosted=found.kind,
                address=found.address,
                asn=found.asn,
                provider=found.provider,
                country=found.country,
                via_proxy=found.via_proxy,
                source=found.source,
            )


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

"""The legs of the demo, each from what is owed to the proof that it was done."""

from rempart.cases.review.queries import clocks
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.testing.demo_desk import media
from rempart.testing.demo_desk.media import Picture
from rempart.testing.demo_report.scene import Scene

ACCOUNT = "knight@castle.example"
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


def hold(scene: Scene) -> None:
    """Nothing; what the case has is kept, for as long as the law says."""
    with scene.do.desk.database.reading() as reader:
        running = clocks.holds(reader, scene.do.organisation, scene.case_id)
    for one in running:
        ends = one["ends_at"]
        scene.saw("hold", f"{one['basis']} until {ends:%Y-%m-%d}" if ends else f"{one['basis']} until released")

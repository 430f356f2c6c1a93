"""`rempart demo`: the main job on bundled benign media, and a desk full of benign cases."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from rempart.cli import show

EXAMPLE = "Example: rempart demo --out build/demo"
REPORT_EXAMPLE = "Example: rempart demo report --out build/report"
LOAD_EXAMPLE = "Example: REMPART_DATA_FOLDER=build/desk rempart demo load"
ACCOUNTS_EXAMPLE = "Example: REMPART_DATA_FOLDER=build/desk rempart demo accounts"
JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
VERSION = 1

app = typer.Typer(invoke_without_command=True, epilog=EXAMPLE)


@app.callback()
def demo(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option(help="Folder to build the demo in; made anew each time.")] = Path("build/demo"),
    language: Annotated[Literal["en", "fr"] | None, typer.Option(help="Language of the report.")] = None,
) -> int:
    """Screen 300 benign pictures against a demo list."""
    if context.invoked_subcommand is not None:
        return 0
    from rempart.testing.demo import run

    show.say("making benign pictures in many formats, edits and states of damage ...")
    with show.job_progress("screening") as progress:
        result = run(out, language=language, progress=progress)
    show.outcomes(result.job.summary)
    for surprise in result.surprises:
        show.say(f"not as expected: {surprise}")
    print(f"report: {result.job.report}")
    return 1 if result.surprises else 0


@app.command("load", epilog=LOAD_EXAMPLE)
def load() -> int:
    """Load a desk full of benign cases and people."""
    import logging

    import structlog

    from rempart import settings as tree
    from rempart.testing.demo_desk import loading

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = tree.read()
    show.say(f"loading a month of benign cases into `{settings.data_folder}` ...")
    loaded = loading.load(settings, show.counter("days told"))
    show.say("loaded" if loaded else "it was loaded before; nothing was changed")
    return accounts()


@app.command("accounts", epilog=ACCOUNTS_EXAMPLE)
def accounts(*, json_output: JsonOutput = False) -> int:
    """List the accounts of the demo, with passwords."""
    from rempart.errors import NotFound
    from rempart.testing.demo_desk import accounts as people
    from rempart.testing.demo_desk import loading, marker
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.reading() as reader:
        if marker.standing(reader) != "loaded":
            raise NotFound("the demo is not loaded here; run `rempart demo load`")
        notice, now = loading.own_notice(reader, desk.fields), desk.clock()
    rows = [
        {
            "login": one.login,
            "password": people.PASSWORD,
            "role": one.role,
            "language": one.language,
            "code_secret": one.secret,
            "code": one.code(now),
        }
        for one in people.ACCOUNTS
    ]
    if json_output:
        follow = {"number": notice.number, "code": notice.code} if notice else None
        show.data({"version": VERSION, "accounts": rows, "notice": follow})
        return 0
    columns = ("login", "password", "role", "language", "secret of its one-time codes", "code now")
    show.table("", columns, [["" if cell is None else cell for cell in row.values()] for row in rows])
    show.say(
        f"the codes are good until {people.until(now):%H:%M:%S} UTC; run `rempart demo accounts` for the next ones"
    )
    if notice:
        show.say(f"a notice to follow: number {notice.number}, code {notice.code}")
    show.say("everybody knows these passwords: the demo is for this machine only")
    return 0


@app.command("report", epilog=REPORT_EXAMPLE)
def report(
    *,
    out: Annotated[
        Path | None, typer.Option(help="Empty folder that keeps the desk, to be served; default: nothing is kept.")
    ] = None,
    json_output: JsonOutput = False,
) -> int:
    """Send a benign case everywhere it is owed, to emulators."""
    import logging
    import tempfile

    import structlog

    from rempart import settings as tree
    from rempart.testing.demo_report.telling import tell

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = tree.read()
    settings.memory_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory(dir=settings.memory_folder) as memory:
        own = {"data_folder": out or Path(home) / "desk", "memory_folder": Path(memory) / "demo", "database_url": None}
        told = tell(
            settings.model_copy(update=own),
            lambda one: None if json_output else print(f"{one.at:%Y-%m-%d %H:%M}  {one.leg:<12} {one.state}"),
        )
    if json_output:
        timeline = [one.to_json() for one in told.timeline]
        show.data({"version": VERSION, "timeline": timeline, "finished_reports": told.finished_reports})
    if out is not None:
        show.say(f"look at case {told.case_id}: REMPART_DATA_FOLDER={out} rempart serve")
        show.say("whom to sign in as: the same with `rempart demo accounts`")
    return 0

"""`rempart holds`: duties to preserve what belongs to a case."""

from typing import Annotated

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, looking, written

app = typer.Typer(help="Keep duties to preserve.", no_args_is_help=True)
VERSION = 1
Hold = Annotated[int, typer.Argument(help="Number of the hold, as `rempart holds list` shows it.")]
Why = Annotated[str, typer.Option(help="Who asked, under which reference; no content.")]


@app.command("list", epilog="Example: rempart holds list 12")
def list_(
    case: Annotated[int, typer.Argument(help="The case.")],
    *,
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Show every hold of a case."""
    from rempart.cases import holding

    with looking(organisation) as (desk, reader, mine):
        now = desk.clock()
        rows = [
            {
                "hold": one.id,
                "basis": one.basis,
                "keeps": one.scope,
                "starts_at": written(one.starts_at),
                "ends_at": written(one.ends_at),
                "released_at": written(one.released_at),
                "runs": one.runs(now),
            }
            for one in holding.of_case(reader, mine, case)
        ]
    if json_output:
        show.data({"version": VERSION, "holds": rows})
    else:
        columns = ("hold", "basis", "keeps", "starts_at", "ends_at", "released_at", "runs")
        show.table("", columns, [["" if row[name] is None else str(row[name]) for name in columns] for row in rows])
    return 0


@app.command("order", epilog="Example: rempart holds order 12 --why 'judicial request 2026-117'")
def order(case: Annotated[int, typer.Argument(help="The case.")], *, why: Why, organisation: Slug = None) -> int:
    """Preserve a case until somebody releases it."""
    from rempart.cases import holding

    with acting(organisation) as (desk, writer, actor):
        print(holding.legal_hold(writer, actor, case, why, desk.clock()))
    return 0


@app.command("extend", epilog="Example: rempart holds extend 3 --until 2028-11-22T00:00:00Z --why 'asked by police'")
def extend(
    hold: Hold,
    *,
    until: Annotated[str, typer.Option(help="Its new end, with its offset.")],
    why: Why,
    organisation: Slug = None,
) -> int:
    """Let a hold last longer; never shorter."""
    from rempart.cases import holding
    from rempart.cases.intake.moments import moment_of
    from rempart.errors import UserMistake

    end = moment_of(until, "until")
    if end is None:
        raise UserMistake("`until` is missing: a time is never filled in for you; write it")
    with acting(organisation) as (desk, writer, actor):
        holding.extend(writer, actor, hold, end, why, desk.clock())
    return 0


@app.command("release", epilog="Example: rempart holds release 3 --why 'request withdrawn'")
def release(hold: Hold, *, why: Why, organisation: Slug = None) -> int:
    """End a hold that a person ordered; the law's run on."""
    from rempart.cases import holding

    with acting(organisation) as (desk, writer, actor):
        holding.release(writer, actor, hold, why, desk.clock())
    return 0

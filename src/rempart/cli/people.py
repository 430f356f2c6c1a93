"""`rempart people`: who may sign in. It works when nobody can sign in any more, for whoever runs the machine."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rempart.cli import show
from rempart.cli.acting import JsonOutput, Slug, acting, cells, looking, written

if TYPE_CHECKING:
    from rempart.facts.people import Actor
    from rempart.storage.database import Writer
    from rempart.wiring.desk import Desk

app = typer.Typer(help="Invite people, change what they may do.", no_args_is_help=True)
VERSION = 1
COLUMNS = ("pseudonym", "login", "role", "one-time codes", "active", "locked until", "since")
Pid = Annotated[str, typer.Argument(help="Pseudonym of the person, such as R-7KQ2XA.")]


@app.command("ls", epilog="Example: rempart people ls --json")
def ls(*, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """List everybody of an organisation, without names."""
    from rempart.people import queries

    with looking(organisation) as (_, reader, here):
        rows = [_row(person) for person in queries.people_of(reader, here)]
    if json_output:
        show.data({"version": VERSION, "people": rows})
    else:
        show.table("", COLUMNS, [cells(row) for row in rows])
    return 0


app.command("list", hidden=True, epilog="Example: rempart people list")(ls)


@app.command("invite", epilog="Example: rempart people invite --role admin")
def invite(
    *,
    role: Annotated[str, typer.Option(help="reviewer, senior, supervisor, auditor or admin.")],
    organisation: Slug = None,
    json_output: JsonOutput = False,
) -> int:
    """Print a one-time link to a new account."""
    from rempart.people import invitations

    with acting(organisation) as (desk, writer, actor):
        code = invitations.invite(writer, actor, role, desk.clock())
    return _hand_out(desk, code, json_output=json_output)


@app.command("new-password", epilog="Example: rempart people new-password R-7KQ2XA")
def new_password(pid: Pid, *, organisation: Slug = None, json_output: JsonOutput = False) -> int:
    """Print a one-time link to a new password."""
    from rempart.people import invitations

    with acting(organisation) as (desk, writer, actor):
        code = invitations.offer_new_password(writer, actor, pid, desk.clock())
    return _hand_out(desk, code, json_output=json_output)


@app.command("reset-code", epilog="Example: rempart people reset-code R-7KQ2XA")
def reset_code(pid: Pid, *, organisation: Slug = None) -> int:
    """Reset the one-time codes of somebody."""
    from rempart.people import codes

    return _do(organisation, pid, codes.reset, "has no one-time codes any more and is signed out")


@app.command("role", epilog="Example: rempart people role R-7KQ2XA senior")
def role(
    pid: Pid,
    role: Annotated[str, typer.Argument(help="reviewer, senior, supervisor, auditor or admin.")],
    *,
    organisation: Slug = None,
) -> int:
    """Change the role of somebody."""
    from rempart.people import staff

    def change(writer: "Writer", actor: "Actor", pid: str, now: datetime) -> None:
        staff.change_role(writer, actor, pid, role, now)

    return _do(organisation, pid, change, f"has the role {role}")


@app.command("deactivate", epilog="Example: rempart people deactivate R-7KQ2XA")
def deactivate(pid: Pid, *, organisation: Slug = None) -> int:
    """Sign somebody out and let them in no more."""
    from rempart.people import staff

    return _do(organisation, pid, staff.deactivate, "is signed out and cannot sign in any more")


@app.command("reactivate", epilog="Example: rempart people reactivate R-7KQ2XA")
def reactivate(pid: Pid, *, organisation: Slug = None) -> int:
    """Let somebody in again."""
    from rempart.people import staff

    return _do(organisation, pid, staff.reactivate, "can sign in again")


def _do(slug: str | None, pid: str, change: "Callable[[Writer, Actor, str, datetime], None]", done: str) -> int:
    with acting(slug) as (desk, writer, actor):
        change(writer, actor, pid, desk.clock())
    show.say(f"{pid} {done}")
    return 0


def _hand_out(desk: "Desk", code: str, *, json_output: bool) -> int:
    """Prints the link, which nobody can read again."""
    from rempart.people import invitations

    link = desk.settings.serve.address + invitations.path_of(code)
    if json_output:
        show.data({"version": VERSION, "link": link, "hours": int(invitations.LASTS.total_seconds()) // 3600})
    else:
        print(link)
        show.say("the link works once; hand it over in a way you trust")
    return 0


def _row(person: Any) -> dict[str, Any]:
    return {
        "pid": person.pid,
        "login": person.login,
        "role": person.role,
        "has_code": person.has_code,
        "active": person.active,
        "locked_until": written(person.locked_until),
        "created_at": written(person.created_at),
    }

"""Who may do what with reports, and the report that it is about."""

from rempart.errors import NotAllowed, NotFound
from rempart.facts.people import Actor, Role
from rempart.reporting import queries
from rempart.reporting.queries import Row
from rempart.storage.database import Reader

OPERATOR = "operator"
DRAFTERS: tuple[Role, ...] = ("reviewer", "senior", "supervisor")
APPROVERS: tuple[Role, ...] = ("senior", "supervisor")


def may(actor: Actor, roles: tuple[Role, ...]) -> None:
    """Nothing. Raises NotAllowed for who has none of the roles; whoever runs the command line may."""
    if actor.pid != OPERATOR and actor.role not in roles:
        raise NotAllowed(f"this is for the roles {' and '.join(roles)}; ask one of them")


def row_of(reader: Reader, organisation: int, report_id: int, *, lock: bool = False) -> Row:
    """The report. Raises NotFound when the organisation has none of this number."""
    row = queries.read(reader, organisation, report_id, lock=lock)
    if row is None:
        raise NotFound(f"there is no report {report_id}; look at the list of reports")
    return row

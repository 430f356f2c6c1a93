"""The schema of the authority, fetched by the operator and never shipped; and what of ours it would refuse."""

from collections.abc import Iterable

from lxml import etree

from rempart.errors import Broken, NotAllowed, Unavailable
from rempart.reporting.cybertip.hardened import Malformed, parse
from rempart.reporting.cybertip.target import Target
from rempart.reporting.cybertip.transport import Transport

MOST_BYTES = 4 << 20
NOT_LET_IN = (401, 403)


def status(where: Target, transport: Transport) -> str:
    """What the authority says of who we are. Raises NotAllowed when it does not let us in, Unavailable when away."""
    return _got(where, transport, "status").decode("utf-8", "replace")[:2000]


def fetched(where: Target, transport: Transport) -> bytes:
    """The schema as it is served now. Raises Broken when it is none."""
    content = _got(where, transport, "xsd")
    _schema(content)
    return content


def differences(schema: bytes, documents: Iterable[tuple[str, bytes]]) -> list[str]:
    """What the schema refuses of these documents of ours, each with its name and line; none when all is well.

    Raises Broken when the schema is none.
    """
    checks = _schema(schema)
    found: list[str] = []
    for name, content in documents:
        if not checks.validate(parse(content, MOST_BYTES)):
            found += [f"{name}, line {one.line}: {one.message[:300]}" for one in checks.error_log]
    return found


def _schema(content: bytes) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(parse(content, MOST_BYTES))
    except (Malformed, etree.XMLSchemaParseError) as error:
        raise Broken("what came is no schema; look at it with --out, and ask the authority") from error


def _got(where: Target, transport: Transport, step: str) -> bytes:
    answer = transport.get(where.url(step))
    if answer.status in NOT_LET_IN:
        raise NotAllowed(
            f"the authority does not let us in ({answer.status}); check REMPART_REPORTING__CYBERTIP__USERNAME"
        )
    if answer.status != 200 or not answer.whole:
        raise Unavailable(f"the authority answered {answer.status} to `{step}`; try again later")
    return answer.body

"""Who is owed reports. A new one: one file here, one line in RECIPIENTS, one conformance test, one page of docs."""

from collections.abc import Mapping

from rempart.errors import NotFound
from rempart.reporting.recipient import Recipient
from rempart.reporting.recipients import (
    article_18,
    correction,
    cybertip,
    host_notice,
    iccam,
    nca,
    pharos,
    police,
    registrar_notice,
    site_owner_notice,
    statement,
    transparency_database,
)

RECIPIENTS: Mapping[str, Recipient] = {
    one.RECIPIENT.name: one.RECIPIENT
    for one in (
        article_18,
        correction,
        cybertip,
        host_notice,
        iccam,
        nca,
        pharos,
        police,
        registrar_notice,
        site_owner_notice,
        statement,
        transparency_database,
    )
}


def recipient_named(name: str, known: Mapping[str, Recipient] = RECIPIENTS) -> Recipient:
    """The recipient of this name. Raises NotFound."""
    if name not in known:
        raise NotFound(f"there is no recipient `{name[:24]}`; recipients are {', '.join(known)}")
    return known[name]

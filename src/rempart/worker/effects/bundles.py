"""Bundles that came by machine are imported behind the answer."""

import io

from rempart.cases.bundles import queries
from rempart.facts.people import worker
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.bundling import import_bundle
from rempart.wiring.desk import Desk

PURPOSE = "importing a bundle"


def bring_in(desk: Desk, effect: Effect) -> None:
    """Nothing; the bundle is imported. Begun again after a crash it goes on with the row behind the last one kept."""
    actor, bundle_id = worker(effect.organisation), int(effect.body["bundle"])
    content = b""
    with desk.database.writing() as writer:
        row = queries.read(writer, actor.organisation, bundle_id)
        if row is not None and row["vault_id"] is not None:
            content = desk.vault.open(writer, actor, row["vault_id"], PURPOSE, desk.clock())
    import_bundle(
        desk,
        actor,
        bundle_id,
        lambda: io.BytesIO(content),
        ended=lambda writer: outbox.finish(writer, effect.id, desk.clock()),
    )

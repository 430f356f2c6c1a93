"""Purging: the object's key is deleted, so that nobody opens it again, wherever copies of its file are."""

from datetime import datetime

from rempart.audit.queries import append
from rempart.errors import NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer
from rempart.vault import certificates, objects, queries
from rempart.vault.certificates import Certificate
from rempart.vault.store import ABOUT, Vault

REMOVE = "vault.remove"
MOST_REASON = 200


def purge(
    writer: Writer, vault: Vault, actor: Actor, object_id: str, about: str, reason: str, now: datetime
) -> Certificate:
    """The certificate. The file is removed by the worker; without its key it is noise already.

    about: what the object belonged to, such as `case 12`. Raises NotFound for what is not there, or purged already.
    """
    reason = checked(reason)
    row = queries.locked(writer, actor.organisation, object_id, to_change=True)
    if row is None or row.key_sealed is None:
        raise NotFound(f"there is no object `{object_id}` in the vault, or it was purged; see its certificate")
    made = certificates.certify(vault.keys, row, actor.pid, about, reason, now)
    queries.forget_key(writer, actor.organisation, object_id, made.statement, now)
    told = {"about": about, "certificate": made.digest, "sealed_sha256": row.sealed_sha256}
    append(writer, actor, ABOUT, object_id, "vault.purged", told, now)
    body, about_ = {"object": object_id}, f"vault:{object_id}"
    outbox.put(writer, actor.organisation, REMOVE, body, about=about_, key=f"{REMOVE}:{object_id}", now=now)
    return made


def remove_file(reader: Reader, vault: Vault, object_id: str) -> bool:
    """Whether a purged object's file was there: it is gone now. The file of any other object is left alone."""
    row = queries.of_any(reader, object_id)
    if row is None or row.key_sealed is not None:
        return False
    return objects.remove(vault.folder, object_id)


def checked(reason: str) -> str:
    """The reason as it stands on a certificate. Raises UserMistake for none, or too long a one."""
    said = " ".join(reason.split())
    if not said or len(said) > MOST_REASON or not said.isprintable():
        raise UserMistake(f"a purge needs a reason of 1 to {MOST_REASON} characters, which stands on its certificate")
    return said

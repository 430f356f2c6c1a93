"""Media with a perceptual tie, as they are read into the index of near pictures."""

from collections.abc import Collection, Sequence

from sqlalchemy import RowMapping, or_, select

from rempart.cases.tables import link, media
from rempart.storage.database import Reader

Row = RowMapping


def tied_media(reader: Reader, after: int, also: Collection[int] = ()) -> Sequence[Row]:
    """(id, organisation, value_key) of media behind `after`, and of these others, whose case has a perceptual tie."""
    columns = (media.c.id, media.c.organisation, link.c.value_key)
    tied = select(*columns).join(link, link.c.case_id == media.c.case_id).where(link.c.kind == "perceptual")
    wanted = or_(media.c.id > after, media.c.id.in_(also)) if also else media.c.id > after
    return reader.rows(tied.where(wanted, media.c.fingerprints_sealed.is_not(None)).order_by(media.c.id))


def sealed_prints(reader: Reader, ids: Collection[int]) -> dict[int, bytes]:
    """Id -> the sealed fingerprints of the medium."""
    mine = (media.c.id.in_(ids), media.c.fingerprints_sealed.is_not(None))
    rows = reader.rows(select(media.c.id, media.c.fingerprints_sealed).where(*mine))
    return {row["id"]: row["fingerprints_sealed"] for row in rows}

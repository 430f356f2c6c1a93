"""Media that founded a perceptual tie, as they are read into the index of near pictures."""

from collections.abc import Iterator

from sqlalchemy import RowMapping, select

from rempart.cases.tables import link, media
from rempart.storage.database import Reader

Row = RowMapping


def tied_media(reader: Reader, after: int) -> Iterator[Row]:
    """(id, organisation, fingerprints_sealed, value_key) of media behind `after` whose case has a perceptual tie."""
    columns = (media.c.id, media.c.organisation, media.c.fingerprints_sealed, link.c.value_key)
    tied = select(*columns).join(link, link.c.case_id == media.c.case_id).where(link.c.kind == "perceptual")
    return reader.each(tied.where(media.c.id > after, media.c.fingerprints_sealed.is_not(None)).order_by(media.c.id))

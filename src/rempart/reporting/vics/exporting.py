"""From decided cases to VICS records: what is known, from whom, and nothing else. Media never lies inside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rempart.cases.bundles.profiles import Profile
from rempart.cases.telling import case_view, list_flags
from rempart.errors import UserMistake
from rempart.facts.report import CaseView, FileView
from rempart.reporting.vics.record import Media, MediaFile
from rempart.storage.database import Reader
from rempart.storage.fields import Fields

NO_MD5 = "only other fingerprints are known, and VICS needs an MD5"


@dataclass(slots=True)
class Exported:
    """What became of the media of the cases: the parts add up. left_out: reason -> how many."""

    cases: int = 0
    media: int = 0
    written: int = 0
    uncategorised: int = 0
    left_out: dict[str, int] = field(default_factory=dict)


def exported(
    reader: Reader, fields: Fields, organisation: int, cases: Sequence[int], profile: Profile, counts: Exported
) -> Iterator[Media]:
    """A record for each media of these decided cases that has an MD5. counts: filled in on the way.

    profile: whose numbers of categories are written; a decision by a taxonomy of another jurisdiction has none there,
    and none is guessed. Raises NotFound or Conflict for a case that is not there, or not decided.
    """
    if profile.jurisdiction == "any":
        raise UserMistake(f"profile `{profile.name}` belongs to no jurisdiction; choose one that the receiver uses")
    for case_id in cases:
        view = case_view(reader, fields, organisation, case_id)
        counts.cases += 1
        flags = list_flags(reader, organisation, case_id)
        for one in view.files:
            counts.media += 1
            if "md5" not in one.digests:
                counts.left_out[NO_MD5] = counts.left_out.get(NO_MD5, 0) + 1
                continue
            category = category_of(view, profile)
            counts.uncategorised += category is None
            counts.written += 1
            yield _media(one, view, category, flags)


def category_of(view: CaseView, profile: Profile) -> str | None:
    """The number of the category in this profile, where the taxonomy that decided states one for that jurisdiction."""
    number = view.mapping.get("vics")
    if number is None or view.mapping.get("jurisdiction") != profile.jurisdiction or not profile.knows(number):
        return None
    return number


def _media(one: FileView, view: CaseView, category: str | None, flags: dict[str, bool]) -> Media:
    return Media(
        media_id=one.media_id,
        md5=one.digests["md5"].upper(),
        sha1=one.digests["sha1"].upper() if "sha1" in one.digests else None,
        category=category,
        media_size=one.size_bytes or None,
        mime_type=one.media_type,
        date_updated=view.decided_at,
        victim_identified=flags.get("victim_identified"),
        offender_identified=flags.get("offender_identified"),
        is_distributed=flags.get("distributed"),
        comments=f"case {view.case_id}, decided {view.taxonomy} {view.code}",
        alternative_hashes=(("SHA256", one.digests["sha256"]),) if "sha256" in one.digests else (),
        media_files=(MediaFile(md5=one.digests["md5"].upper(), file_name=one.name),) if one.name else (),
    )

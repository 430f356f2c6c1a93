"""One record of VICS 2.0 with every field that the model has, in values that mean one thing.

None: the file does not say. Nothing is filled in, neither on the way in nor on the way out.
"""

from dataclasses import dataclass, field
from datetime import datetime

# Field of VICS -> our name, in the order in which we write them.
TEXTS = {
    "SHA1": "sha1",
    "PhotoDNA": "photodna",
    "Category": "category",
    "MimeType": "mime_type",
    "RelativeFilePath": "relative_file_path",
    "Series": "series",
    "Tags": "tags",
    "Comments": "comments",
    "PrecategorizationSource": "precategorization_source",
}
YES_OR_NO = {
    "VictimIdentified": "victim_identified",
    "OffenderIdentified": "offender_identified",
    "IsDistributed": "is_distributed",
    "IsSuspected": "is_suspected",
    "SelfGenerated": "self_generated",
}
FILE_TEXTS = {
    "MD5": "md5",
    "FileName": "file_name",
    "FilePath": "file_path",
    "SourceID": "source_id",
    "PhysicalLocation": "physical_location",
    "ParentMD5": "parent_md5",
    "ParentFileName": "parent_file_name",
    "ParentFilePath": "parent_file_path",
    "ParentPhysicalLocation": "parent_physical_location",
}
FILE_YES_OR_NO = {"Unallocated": "unallocated", "Deleted": "deleted"}
FILE_MOMENTS = {"Created": "created", "Written": "written", "Accessed": "accessed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """One place on a device where the media lay."""

    md5: str | None = field(default=None, repr=False)
    file_name: str | None = field(default=None, repr=False)
    file_path: str | None = field(default=None, repr=False)
    created: datetime | None = None
    written: datetime | None = None
    accessed: datetime | None = None
    unallocated: bool | None = None
    deleted: bool | None = None
    source_id: str | None = None
    physical_location: str | None = None
    parent_md5: str | None = field(default=None, repr=False)
    parent_file_name: str | None = field(default=None, repr=False)
    parent_file_path: str | None = field(default=None, repr=False)
    parent_physical_location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One record. md5: every record has one. alternative_hashes: (name, value). exifs: (property, value).

    is_precategorized: kept as it came and never acted on: it contradicts `category` in real files.
    """

    media_id: int | None = None
    md5: str = field(default="", repr=False)
    sha1: str | None = field(default=None, repr=False)
    photodna: str | None = field(default=None, repr=False)
    category: str | None = None
    media_size: int | None = None
    mime_type: str | None = None
    date_updated: datetime | None = None
    relative_file_path: str | None = field(default=None, repr=False)
    victim_identified: bool | None = None
    offender_identified: bool | None = None
    is_distributed: bool | None = None
    is_suspected: bool | None = None
    self_generated: bool | None = None
    is_precategorized: bool | None = None
    series: str | None = field(default=None, repr=False)
    tags: str | None = field(default=None, repr=False)
    comments: str | None = field(default=None, repr=False)
    precategorization_source: str | None = None
    alternative_hashes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    exifs: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    media_files: tuple[MediaFile, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHead:
    """What stands above the media of a case."""

    case_id: str
    case_number: str
    contact_name: str = ""
    contact_title: str = ""
    contact_organization: str = ""
    contact_phone: str = ""
    contact_email: str = ""

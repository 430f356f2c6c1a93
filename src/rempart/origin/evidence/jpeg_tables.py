"""Quantisation tables beside the camera that EXIF names. Any saving at the right quality makes them fit."""

from collections.abc import Iterator

from rempart.facts import reasons
from rempart.facts.evidence import Evidence
from rempart.origin import tiff_tags
from rempart.origin.camera.makers import maker_of
from rempart.origin.camera.quantisation import Table, is_known, library_quality, tables
from rempart.origin.reading import blocks
from rempart.origin.subject import Segment, Subject


class _JpegTables:
    name = "jpeg_tables"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """A hint where tables fit the named model, an observation without a claim where they do not or nobody knows.

        Nothing where no camera is named: tables alone tell nothing, and the library's are no sign of a second saving.
        """
        for segment in subject.named("DQT"):
            named = _named(subject)
            found = tables(segment.data)
            if named is not None and found:
                yield _evidence(segment, found, is_known(*named, found))
            elif not found:
                yield _evidence(segment, found, None, reasons.reason(reasons.DAMAGED, "jpeg tables"))


def _named(subject: Subject) -> tuple[str, str] | None:
    """The maker in our spelling and the model, from the first EXIF block that names both."""
    for _, tags in blocks(subject):
        maker, model = maker_of(tags.text("IFD0", tiff_tags.MAKE)), tags.text("IFD0", tiff_tags.MODEL)
        if maker is not None and model:
            return maker.name, model
    return None


def _evidence(segment: Segment, found: dict[int, Table], known: bool | None, reason: str = "") -> Evidence:
    quality = library_quality(found)
    form = "own tables" if quality is None else f"library tables of quality {quality}"
    fits = {True: "known of this model", False: "not known of this model", None: "nothing known of this model"}[known]
    return Evidence(
        source=SOURCE.name,
        kind="jpeg",
        locator=segment.locator,
        claim="cameraTraits" if known else "noStatement",
        strength="hint",
        add_cost="trivial",
        strip_cost="trivial",
        fields=() if reason else (form, fits),
        raw_sha256=segment.raw_sha256,
        reason=reason,
    )


SOURCE = _JpegTables()

"""Every number that decides, with its source. The reference page of thresholds is printed from here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that decides an outcome, and why it is what it is."""

    value: int
    unit: str
    scope: str
    source: str
    as_of: str


PDQ_MATCH_DISTANCE = Threshold(
    value=31,
    unit="bits of 256",
    scope="default largest distance at which two PDQ fingerprints are the same picture; each list may set its own",
    source="PDQ reference README (Meta): match at 31 or less",
    as_of="2026-11-22",
)
PDQ_LARGEST_DISTANCE = Threshold(
    value=63,
    unit="bits of 256",
    scope="largest distance a list may ask for; beyond it unrelated pictures start to meet",
    source="PDQ reference README-MIH (Meta): tables up to 63",
    as_of="2026-11-22",
)
PDQ_LEAST_QUALITY = Threshold(
    value=50,
    unit="0..100",
    scope="a picture or a list entry below this is not compared perceptually",
    source="PDQ reference README (Meta): discard quality of 49 or less",
    as_of="2026-11-22",
)
FLOOD_MATCHES = Threshold(
    value=50,
    unit="distinct items in one job",
    scope="together with FLOOD_SHARE: an entry that matches this many distinct items is held for review",
    source="our own choice; a flat or wrong entry matches thousands, a true one a handful (fediverse: 4 in 100,000)",
    as_of="2026-11-22",
)
FLOOD_SHARE = Threshold(
    value=5,
    unit="percent of the items of one job",
    scope="see FLOOD_MATCHES",
    source="our own choice; see FLOOD_MATCHES",
    as_of="2026-11-22",
)
LIST_AGE_DAYS = Threshold(
    value=7,
    unit="days",
    scope="default age after which a list is reported as stale",
    source="our own choice; lists in the field are updated daily, so a week means the pull is broken",
    as_of="2026-11-22",
)
WATERMARK_SD1_BITS = Threshold(
    value=130,
    unit="bits of 136",
    scope="agreement from which the invisible mark of SD1 counts as declared",
    source="calibrated on crops of real photographs, which agree far more often than a coin would",
    as_of="2026-11-22",
)
WATERMARK_SD2_BITS = Threshold(
    value=32,
    unit="bits of 32",
    scope="agreement from which the invisible mark of SD2 counts as declared; reported as a hint",
    source="calibrated on crops of real photographs, which agree far more often than a coin would",
    as_of="2026-11-22",
)
WATERMARK_SDXL_BITS = Threshold(
    value=46,
    unit="bits of 48",
    scope="agreement from which the invisible mark of SDXL counts as declared",
    source="calibrated on crops of real photographs, which agree far more often than a coin would",
    as_of="2026-11-22",
)
WATERMARK_FLUX_BITS = Threshold(
    value=44,
    unit="bits of 46",
    scope="agreement from which the invisible mark of FLUX counts as declared",
    source="calibrated on crops of real photographs, which agree far more often than a coin would",
    as_of="2026-11-22",
)
PRNU_MATCH_PCE = Threshold(
    value=60,
    unit="peak to correlation energy",
    scope="from here a picture supports the same device as a sensor fingerprint; below, it says nothing",
    source="Goljan, Fridrich, Filler 2009 (60); strangers reached 29 in 2,160 pairs of generated sensors",
    as_of="2026-11-22",
)
THUMBNAIL_FOREIGN_LIKENESS = Threshold(
    value=45,
    unit="hundredths of the best correlation",
    scope="below this the thumbnail inside a file shows another picture; above, nothing is said",
    source="own pictures, turned, edited or cropped to a third reach 50 or more; half of strangers stay below 45",
    as_of="2026-11-22",
)
LIST_SHRINK_SHARE = Threshold(
    value=50,
    unit="percent of the entries of a list",
    scope="an import that would remove more (and at least 100) is refused unless --allow-shrink says it is meant",
    source="our own choice; lists in the field change by a few percent a day, a cut file loses half",
    as_of="2026-11-22",
)

ALL: dict[str, Threshold] = {name: value for name, value in globals().items() if isinstance(value, Threshold)}

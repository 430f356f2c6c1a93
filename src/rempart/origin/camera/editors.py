"""Programs that change pictures, by the names they write into fields that name a program."""

import re

_NAMES: tuple[tuple[str, str], ...] = (
    ("Adobe Lightroom", "adobe (?:photoshop )?lightroom"),
    ("Adobe Photoshop", "adobe photoshop"),
    ("Affinity", "affinity "),
    ("Apple Photos", r"photos \d"),
    ("Canva", "canva"),
    ("Capture One", "capture one"),
    ("CorelDRAW", "corel"),
    ("Darktable", "darktable"),
    ("Facetune", "facetune"),
    ("FastStone", "faststone"),
    ("GIMP", "gimp"),
    ("ImageMagick", "imagemagick"),
    ("Instagram", "instagram"),
    ("Krita", "krita"),
    ("Luminar", "(?:skylum )?luminar"),
    ("Meitu", "meitu"),
    ("Paint.NET", r"paint\.net"),
    ("PhotoDirector", "(?:cyberlink )?photodirector"),
    ("PhotoScape", "photoscape"),
    ("PicsArt", "picsart"),
    ("Pixelmator", "pixelmator"),
    ("RawTherapee", "rawtherapee"),
    ("Snapseed", "snapseed"),
    ("Snow", r"snow(?: |$)"),
    ("VSCO", "vsco"),
    ("XnView", "xnview"),
)
_PATTERN = re.compile("|".join(f"(?P<p{index}>{pattern})" for index, (_, pattern) in enumerate(_NAMES)), re.IGNORECASE)
_LONGEST = 100


def editor(value: str) -> str:
    """The editor that this value of a program field begins with, in our spelling; empty when it names none."""
    match = _PATTERN.match(value.strip()) if len(value) <= _LONGEST else None
    return _NAMES[int(match.lastgroup[1:])][0] if match and match.lastgroup else ""

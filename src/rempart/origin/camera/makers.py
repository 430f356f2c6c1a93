"""Makers of cameras and phones: how they spell themselves, and how the notes they write begin.

Source: the signatures are those that ExifTool's and Exiv2's public documentation of maker notes describe.
"""

import struct
from dataclasses import dataclass
from typing import Literal

NoteForm = Literal["its maker's", "another maker's", "unknown"]

_BARE = b""  # no signature: the note is a directory from its first byte


@dataclass(frozen=True, slots=True)
class Maker:
    """One maker. spellings: what `Make` begins with, lower case; notes: signatures, `b""` for a bare directory."""

    name: str
    spellings: tuple[str, ...]
    notes: tuple[bytes, ...] = ()


MAKERS = (
    Maker("Apple", ("apple",), (b"Apple iOS\0",)),
    Maker("Canon", ("canon",), (_BARE,)),
    Maker("Casio", ("casio",), (b"QVC\0", _BARE)),
    Maker("DJI", ("dji", "hasselblad"), (_BARE,)),
    Maker("Fujifilm", ("fujifilm",), (b"FUJIFILM",)),
    Maker("Google", ("google",), (b"HDRP",)),
    Maker("GoPro", ("gopro",)),
    Maker("HMD", ("hmd", "nokia")),
    Maker("HTC", ("htc",)),
    Maker("Honor", ("honor",), (b"HUAWEI\0\0",)),
    Maker("Huawei", ("huawei",), (b"HUAWEI\0\0",)),
    Maker("Kodak", ("eastman kodak", "kodak"), (b"KDK",)),
    Maker("Leica", ("leica",), (b"LEICA\0", b"Leica Camera AG", b"LEICA CAMERA AG", _BARE)),
    Maker("LG", ("lg electronics", "lge")),
    Maker("Minolta", ("konica minolta", "minolta"), (b"MLT0", b"MINOL", _BARE)),
    Maker("Motorola", ("motorola",), (b"MOT\0",)),
    Maker("Nikon", ("nikon",), (b"Nikon\0", _BARE)),
    Maker("Nothing", ("nothing",)),
    Maker("Olympus", ("olympus", "om digital"), (b"OLYMP\0", b"OLYMPUS\0", b"OM SYSTEM\0")),
    Maker("OnePlus", ("oneplus",)),
    Maker("Oppo", ("oppo",)),
    Maker("Panasonic", ("panasonic",), (b"Panasonic\0",)),
    Maker("Pentax", ("pentax", "asahi", "ricoh imaging"), (b"AOC\0", b"PENTAX \0", b"S1\0")),
    Maker("Realme", ("realme",)),
    Maker("Ricoh", ("ricoh",), (b"RICOH\0", b"Ricoh", b"RICOH")),
    Maker("Samsung", ("samsung",), (b"STMN", b"AOC\0", _BARE)),
    Maker("Sigma", ("sigma",), (b"SIGMA\0\0\0", b"FOVEON\0")),
    Maker("Sony", ("sony",), (b"SONY DSC ", b"SONY CAM ", b"SONY MOBILE", b"SONY PI\0", b"VHAB", _BARE)),
    Maker("Vivo", ("vivo",)),
    Maker("Xiaomi", ("xiaomi", "redmi", "poco"), (_BARE,)),
)


def maker_of(make: str) -> Maker | None:
    """The maker whose name stands in a `Make` field; None for what is no camera maker of ours."""
    spelt = make.strip().lower()
    # The longest spelling wins, so that `RICOH IMAGING` is not Ricoh.
    found = [(len(name), maker) for maker in MAKERS for name in maker.spellings if _begins(spelt, name)]
    return max(found, key=lambda one: one[0])[1] if found else None


def _begins(spelt: str, name: str) -> bool:
    """Whether the name stands there as a word of its own: `workflow:{…}` of a generator never does."""
    return spelt.startswith(name) and not spelt[len(name) : len(name) + 1].isalpha()


def note_form(maker: Maker, note: bytes) -> NoteForm:
    """Whose form a maker note has. A bare directory is nobody's own, so it never counts against anyone."""
    if any(signature and note.startswith(signature) for signature in maker.notes):
        return "its maker's"
    if any(signature and note.startswith(signature) for other in MAKERS for signature in other.notes):
        return "another maker's"
    return "its maker's" if _BARE in maker.notes and _is_directory(note) else "unknown"


def _is_directory(note: bytes) -> bool:
    """Whether it begins as a TIFF directory does: a count that fits, then entries of known types."""
    for order in "<>":
        if len(note) < 14:
            return False
        count, _, kind, _ = struct.unpack_from(f"{order}HHHI", note)
        if 1 <= count <= 200 and 2 + 12 * count <= len(note) and 1 <= kind <= 13:
            return True
    return False

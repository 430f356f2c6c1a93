"""PNG in every mode, and APNG."""

from rempart.media.format import PillowFormat

_SIGNATURE_BYTES = 8


def _reaches_its_end(data: bytes) -> bool:
    """True when the chunks lead to IEND."""
    at = _SIGNATURE_BYTES
    while at + 12 <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return data[at + 4 : at + 8] == b"IEND"  # only the checksum of the last chunk is missing: nothing is lost


FORMAT = PillowFormat("png", "PNG", _reaches_its_end)

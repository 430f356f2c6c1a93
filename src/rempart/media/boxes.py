"""The boxes of ISO base media files (AVIF, HEIC): only how far they reach."""


def boxes_fit(data: bytes) -> bool:
    """True when every top-level box ends within the file: a shortened download does not."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 0:  # the last box reaches to the end of the file, wherever that is
            return True
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:
            return True  # no box at all, so rubbish after the last one
        at += size
    return at <= len(data)

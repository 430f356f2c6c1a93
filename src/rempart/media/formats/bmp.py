"""BMP, with and without palette, run lengths or bit masks."""

import struct

from rempart.media.format import PillowFormat

_OS2_HEADER_BYTES = 12
_RUN_LENGTHS = (1, 2)


def _has_all_rows(data: bytes) -> bool:
    """True when every row lies within the file; for run lengths, when the file is as long as it says."""
    try:
        file_bytes, start, header_bytes = struct.unpack_from("<I4xII", data, 2)
        if header_bytes == _OS2_HEADER_BYTES:
            (width, height, bits), compression = struct.unpack_from("<HH2xH", data, 18), 0
        else:
            width, height, bits, compression = struct.unpack_from("<ii2xHI", data, 18)
    except struct.error:
        return False
    if compression in _RUN_LENGTHS:
        return bool(len(data) >= file_bytes)
    return bool(len(data) >= start + (width * bits + 31) // 32 * 4 * abs(height))


FORMAT = PillowFormat("bmp", "BMP", _has_all_rows)

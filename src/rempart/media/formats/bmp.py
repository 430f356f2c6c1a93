"""BMP, with and without palette, run lengths or bit masks."""

import struct

from rempart.media.format import PillowFormat

_OS2_HEADER_BYTES = 12
_RUN_LENGTHS = (1, 2)


def _has_all_rows(data: bytes) -> bool:
    return _announced(data) <= len(data)


def _end(data: bytes) -> int:
    """Behind the last row; a header that tells nonsense tells nothing."""
    announced = _announced(data)
    return announced if 0 < announced <= len(data) else len(data)


def _announced(data: bytes) -> int:
    """Where the last row ends; for run lengths, how long the file says it is; more than there is without a header."""
    try:
        file_bytes, start, header_bytes = struct.unpack_from("<I4xII", data, 2)
        if header_bytes == _OS2_HEADER_BYTES:
            (width, height, bits), compression = struct.unpack_from("<HH2xH", data, 18), 0
        else:
            width, height, bits, compression = struct.unpack_from("<ii2xHI", data, 18)
    except struct.error:
        return len(data) + 1
    if compression in _RUN_LENGTHS:
        return int(file_bytes)
    return int(start + (width * bits + 31) // 32 * 4 * abs(height))


FORMAT = PillowFormat("bmp", "BMP", _has_all_rows, end=_end)

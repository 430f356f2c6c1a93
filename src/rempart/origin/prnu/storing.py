"""Sensor fingerprints as `.npz` files: a versioned header in JSON and one array, no pickle."""

import io
import json
import zipfile
import zlib
from typing import Any, Final

import numpy as np

from rempart.errors import UserMistake
from rempart.origin.prnu.fingerprint import SensorFingerprint
from rempart.origin.prnu.residual import MULTIPLE_PIXELS, Plane
from rempart.origin.prnu.view import MOST_SIDE_PIXELS

VERSION: Final = 1
_MOST_BYTES = 4 * MOST_SIDE_PIXELS**2 + 2**16
_MOST_SENSOR_PIXELS = 1_000_000
_DAMAGE = (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def to_npz(sensor: SensorFingerprint) -> bytes:
    """The fingerprint as the bytes of a file; the same fingerprint gives the same bytes."""
    header = {
        "version": VERSION,
        "device": sensor.device,
        "geometry": list(sensor.geometry),
        "pictures": sensor.pictures,
    }
    buffer = io.BytesIO()
    spelt = np.frombuffer(json.dumps(header, sort_keys=True).encode(), np.uint8)
    np.savez(buffer, header=spelt, pattern=sensor.pattern)
    return buffer.getvalue()


def from_npz(data: bytes) -> SensorFingerprint:
    """The fingerprint in these bytes. Raises UserMistake for anything else, however hostile."""
    try:
        header, pattern = _parts(data)
        height, width = header["geometry"]
        sensor = SensorFingerprint(str(header["device"]), (int(height), int(width)), int(header["pictures"]), pattern)
    except _DAMAGE as error:
        raise UserMistake("the file is not a sensor fingerprint; build it anew from the device's pictures") from error
    if header.get("version") != VERSION:
        raise UserMistake(
            f"the sensor fingerprint is of version {header.get('version')!r}; this release reads {VERSION}"
        )
    if not _is_sound(sensor):
        raise UserMistake("the sensor fingerprint contradicts itself; build it anew from the device's pictures")
    return sensor


def _parts(data: bytes) -> tuple[dict[str, Any], Plane]:
    """Header and pattern, after the sizes that the file announces were found small enough to unpack."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
            raise ValueError("too large")
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        header = json.loads(stored["header"].astype(np.uint8).tobytes())
        pattern = stored["pattern"]
    if not isinstance(header, dict) or pattern.dtype != np.float32:
        raise ValueError("not ours")
    return header, pattern


def _is_sound(sensor: SensorFingerprint) -> bool:
    """Whether header and pattern fit together and can be computed with."""
    pattern = sensor.pattern
    if pattern.ndim != 2 or not pattern.size or any(side % MULTIPLE_PIXELS for side in pattern.shape):
        return False
    fits = all(part <= whole <= _MOST_SENSOR_PIXELS for part, whole in zip(pattern.shape, sensor.geometry, strict=True))
    return fits and max(pattern.shape) <= MOST_SIDE_PIXELS and bool(np.isfinite(pattern).all())

"""AVIF stills and sequences; rotation and mirroring of the container come as orientation."""

from rempart.media.boxes import boxes_fit, end, mended
from rempart.media.format import PillowFormat

FORMAT = PillowFormat("avif", "AVIF", boxes_fit, mended, end)

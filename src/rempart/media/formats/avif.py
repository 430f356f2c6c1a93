"""AVIF stills and sequences; rotation and mirroring of the container come as orientation."""

from rempart.media.boxes import announced_bytes, boxes_fit
from rempart.media.format import PillowFormat

FORMAT = PillowFormat("avif", "AVIF", boxes_fit, announced_bytes)

"""Kinds of fingerprints: one file per family, one line per kind below."""

from rempart.facts import Kind
from rempart.fingerprints.kind_spec import KindSpec
from rempart.fingerprints.kinds.digests import MD5, SHA1, SHA256
from rempart.fingerprints.kinds.pdq import PDQ

KINDS: dict[Kind, KindSpec] = {
    "sha256": SHA256,
    "sha1": SHA1,
    "md5": MD5,
    "pdq": PDQ,
}

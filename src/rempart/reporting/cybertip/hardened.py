"""XML from outside, opened without DTD, entities or network, and only up to a size."""

from typing import Any

from lxml import etree


class Malformed(ValueError):
    """The bytes are not XML that may be read."""


def parse(data: bytes, most_bytes: int) -> Any:
    """The root element. Raises Malformed for more than that many bytes, bad XML, or any document type."""
    if len(data) > most_bytes:
        raise Malformed(f"it has {len(data)} bytes and may have {most_bytes}")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Malformed("it is not well-formed XML") from error
    if root is None or root.getroottree().docinfo.doctype:
        raise Malformed("it has a document type, or nothing in it")
    return root

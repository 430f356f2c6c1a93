"""XMP packets: their properties, through an XML parser that follows nothing and unfolds nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

from lxml import etree

from rempart.facts import reasons

# Extended XMP with depth maps reaches some MB; what is declared about a picture stands in a few kB.
MAX_PACKET_BYTES = 4 * 2**20
MAX_PROPERTIES = 2_000
# Photoshop lists ancestors of a document by the ten thousand; the rest of the packet must still be read.
MAX_VALUES = 200
# Reading all attributes of an element takes lxml quadratic time: 0.16 s for 5,000, 400 s for 150,000 (measured).
MAX_ATTRIBUTES = 500
MAX_DESCRIPTIONS = 200
_REMEMBERED_BYTES = 2**17

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
XAP = "http://ns.adobe.com/xap/1.0/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
IPTC_EXTENSION = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"

_XML = "http://www.w3.org/XML/1998/namespace"
_DESCRIPTION, _VALUE, _ITEM, _RESOURCE = (f"{{{RDF}}}{name}" for name in ("Description", "value", "li", "resource"))
_ROOT = f"{{{RDF}}}RDF"
_LISTS = frozenset(f"{{{RDF}}}{name}" for name in ("Alt", "Seq", "Bag"))
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*\?>")
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\xef\xbb\xbf", "utf-8"),
)

Name = tuple[str, str]
"""Namespace and local name; a prefix that nobody declared stands in for its namespace."""
_TOO_MANY: Name = ("", "")


@dataclass(frozen=True, slots=True)
class Packet:
    """The properties of one packet, and why it could not be read; empty when it could."""

    properties: Mapping[Name, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    gap: str = ""

    def values(self, namespace: str, name: str) -> tuple[str, ...]:
        """The values of one property; empty when it is not there."""
        return self.properties.get((namespace, name), ())


def read(data: bytes) -> Packet:
    """The properties of a packet, from its attribute, element, rdf:resource and Alt/Seq/Bag forms. Never raises.

    A document type is refused. Cost: about 40 microseconds for 2 kB; the last small packets are remembered.
    """
    return _read_again(data) if len(data) <= _REMEMBERED_BYTES else _read(data)


def _read(data: bytes) -> Packet:
    if len(data) > MAX_PACKET_BYTES:
        return Packet(gap=reasons.reason(reasons.LIMIT, "xmp bytes"))
    text = _decoded(data)
    if text is None:
        return Packet(gap=reasons.reason(reasons.DAMAGED, "xmp"))
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return Packet(gap=reasons.reason(reasons.UNSUPPORTED, "xmp with a document type"))
    root = _parsed(text)
    if root is None:
        return Packet(gap=reasons.reason(reasons.DAMAGED, "xmp"))
    return _properties(root)


_read_again = lru_cache(maxsize=4)(_read)


def _decoded(data: bytes) -> str | None:
    """The packet as text: by its byte order mark, by where its NULs stand, else UTF-8; None when it is neither.

    Decoding happens here so that the packet cannot name a character set in which a document type hides.
    """
    data = data.strip(b" \t\r\n") if b"\0" not in data[:8] else data
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _with_codec(data[len(mark) :], codec)
    if data[:1] == b"\0":
        return _with_codec(data, "utf-16-be")
    return _with_codec(data, "utf-16-le" if data[1:2] == b"\0" else "utf-8")


def _with_codec(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    return _DECLARATION.sub("", text.strip("\0 \t\r\n\ufeff"), count=1)


def _parsed(text: str) -> etree._Element | None:
    """The root element. A prefix that nobody declared is the one mistake that is forgiven."""
    data = text.encode("utf-8", "replace")
    parser = _parser(recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        if not _only_prefixes(parser):
            return None
    try:
        return etree.fromstring(data, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _only_prefixes(parser: etree.XMLParser) -> bool:
    errors = list(parser.error_log)
    return bool(errors) and all(error.domain_name == "NAMESPACE" for error in errors)


def _properties(root: etree._Element) -> Packet:
    found: dict[Name, list[str]] = defaultdict(list)
    gap = ""
    for count, (name, value) in enumerate(_statements(root)):
        if count >= MAX_PROPERTIES or name == _TOO_MANY:
            gap = reasons.reason(reasons.LIMIT, "xmp properties")
            break
        found[name].append(value)
    return Packet(MappingProxyType({name: tuple(values) for name, values in found.items()}), gap)


def _statements(root: etree._Element) -> Iterator[tuple[Name, str]]:
    """Every property of every description that describes the picture, value by value; `_TOO_MANY` at a bound."""
    for index, description in enumerate(filter(_is_subject, root.iter(_DESCRIPTION))):
        if index >= MAX_DESCRIPTIONS or len(description.attrib) > MAX_ATTRIBUTES:
            yield _TOO_MANY, ""
            return
        for name, value in description.attrib.items():
            if not name.startswith((f"{{{RDF}}}", f"{{{_XML}}}")):
                yield _name(name), value
        for child in description.iterchildren(etree.Element):
            for value in islice(_values(child), MAX_VALUES):
                yield _name(child.tag), value


def _is_subject(description: etree._Element) -> bool:
    """Whether it describes the picture itself and is not the value of another property."""
    parent = description.getparent()
    return parent is None or parent.tag == _ROOT


def _values(element: etree._Element) -> Iterator[str]:
    resource = element.get(_RESOURCE)
    if resource is not None:
        yield resource
    inner = next((child for child in element.iterchildren(etree.Element) if child.tag in _LISTS), None)
    if inner is not None:
        for item in inner.iterchildren(_ITEM):
            yield item.get(_RESOURCE) or _text(item)
    elif resource is None:
        yield _text(element)


def _text(element: etree._Element) -> str:
    """Its own text, or that of the rdf:value inside it."""
    inner = element.find(f".//{_VALUE}") if len(element) else None
    return (inner if inner is not None else element).text or ""


def _name(tag: str) -> Name:
    """Namespace and local name of `{namespace}name`, or of `prefix:name` when nobody declared the prefix."""
    if tag.startswith("{"):
        namespace, _, local = tag[1:].partition("}")
        return namespace, local
    prefix, _, local = tag.rpartition(":")
    return prefix, local

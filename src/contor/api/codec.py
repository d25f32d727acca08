"""How a dialect's bytes become plain values and back: JSON, XML, and the parts of a multipart body.

Plain values are None, bool, int, Decimal, str, lists and dicts of them. What cannot be read is refused with one finding, cheaply.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Protocol

import msgspec
from lxml import etree

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.db import ENCODER

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_MOST_DEPTH = 50
_MOST_PARTS = 100
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
"""Code points that XML 1.0 cannot carry."""


class Codec(Protocol):
    """One format of bodies and answers."""

    @property
    def media_type(self) -> str:
        """What an answer says of itself in `Content-Type`."""
        ...

    def read(self, raw: bytes) -> object:
        """Plain values. Raises `Refused` INVALID."""
        ...

    def write(self, value: object) -> bytes: ...


class JsonCodec:
    """JSON with exact decimals (RFC 8259), digit for digit both ways."""

    media_type = "application/json; charset=utf-8"

    def read(self, raw: bytes) -> object:
        try:
            return _DECODER.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation, ValueError) as error:
            nested = isinstance(error, RecursionError)
            reason = "it is nested too deeply" if nested else str(error)[:200] or "a number is out of range"
            raise Refused(Kind.INVALID, Problem("json_malformed", f"The body is not valid JSON: {reason}")) from None

    def write(self, value: object) -> bytes:
        return ENCODER.encode(value)


@dataclass(frozen=True, slots=True)
class XmlCodec:
    """XML elements without attributes (XML 1.0): an object is an element with children, a list a container whose members repeat.

    `root` is the outermost element. `members` names the member element of each container, e.g. `{"ITEMS": "ITEM"}`; a list under
    another name repeats the element itself. Document types and entities are refused: nothing is expanded, nothing is fetched.
    """

    root: str
    members: Mapping[str, str]
    media_type: str = "application/xml; charset=utf-8"

    def read(self, raw: bytes) -> object:
        """The content of the root element. Text stays text; an element of nothing is None."""
        if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
            raise _malformed("a document type is not allowed")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
        try:
            element = etree.fromstring(raw, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise _malformed(str(error)[:200]) from None
        if element.tag != self.root:
            raise _malformed(f"the outermost element is {self.root}")
        return self._value(element, 0)

    def write(self, value: object) -> bytes:
        element = etree.Element(self.root)
        self._fill(element, value)
        return etree.tostring(element, xml_declaration=True, encoding="UTF-8")

    def _value(self, element: "etree._Element", depth: int) -> object:
        if depth > _MOST_DEPTH:
            raise _malformed("it is nested too deeply")
        # lxml gives instructions and entities a function for a tag
        children = [child for child in element if isinstance(child.tag, str)]
        member = self.members.get(str(element.tag))
        # an empty container is an empty list; one with text is none
        if member is not None and all(child.tag == member for child in children) and (children or not (element.text or "").strip()):
            return [self._value(child, depth + 1) for child in children]
        if not children:
            return element.text or None
        # an element that repeats without a container is a list all the same
        found: dict[str, object] = {}
        repeated: dict[str, list[object]] = {}
        for child in children:
            name, value = str(child.tag), self._value(child, depth + 1)
            if name in found:
                repeated.setdefault(name, [found[name]]).append(value)
            else:
                found[name] = value
        return {**found, **repeated}

    def _fill(self, element: "etree._Element", value: object) -> None:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                # A list without a container repeats its own element; an empty one leaves nothing to repeat.
                many = inner if isinstance(inner, (list, tuple)) and name not in self.members else [inner]
                for one in many:
                    self._fill(etree.SubElement(element, str(name)), one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                self._fill(etree.SubElement(element, self.members.get(str(element.tag), "ELEMENT")), one)
        elif value is not None:
            element.text = _text(value).translate(_NOT_XML)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value)


def _malformed(reason: str) -> Refused:
    return Refused(Kind.INVALID, Problem("xml_malformed", f"The body is not valid XML: {reason}."))


JSON = JsonCodec()


def chosen(codecs: Sequence[Codec], content_type: str, raw: bytes) -> Codec:
    """The codec that the content type names; where it names none of them, the first byte that is no blank tells XML from JSON: clients
    exist that send JSON as a form. The first of `codecs` where nothing tells."""
    given = content_type.partition(";")[0].strip().lower()
    for codec in codecs:
        if codec.media_type.partition(";")[0] == given:
            return codec
    # a byte order mark counts as blank
    wanted = "xml" if raw.lstrip(b" \t\r\n\xef\xbb\xbf")[:1] == b"<" else "json"
    return next((codec for codec in codecs if codec.media_type.partition(";")[0].endswith(wanted)), codecs[0])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a multipart body (RFC 7578)."""

    name: str
    file_name: str | None
    media_type: str
    content: bytes


def parts_of(content_type: str, raw: bytes) -> list[Part]:
    """The parts of a multipart body, in their order; none when the body is no multipart or its boundary is unknown."""
    # the parser wants a whole message: the boundary stands in its header
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    try:
        message = BytesParser(policy=HTTP).parsebytes(head + raw)
    except RecursionError:
        raise Refused(Kind.INVALID, Problem("body_malformed", "The parts of the body are nested too deeply.")) from None
    if not message.is_multipart():
        return []
    inner = message.get_payload()
    if not isinstance(inner, list) or len(inner) > _MOST_PARTS:
        raise Refused(Kind.INVALID, Problem("body_malformed", f"The body has more than {_MOST_PARTS} parts."))
    return [_part(part) for part in inner if isinstance(part, Message)]


def _part(part: Message) -> Part:
    content = part.get_payload(decode=True)
    name = part.get_param("name", header="content-disposition")
    return Part(str(name or ""), part.get_filename(), part.get_content_type(), content if isinstance(content, bytes) else b"")

"""How a dialect's bytes become plain values and back: JSON, XML, and the parts of a multipart body.

Plain values are None, bool, int, Decimal, str, lists and dicts of them. What cannot be read is refused with one finding, cheaply.
"""

import base64
import datetime as dt
import json
import quopri
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote

import msgspec
from lxml import etree

from contor.api.malformed import number_of, why_not_json
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.db import ENCODER

_DECODER = msgspec.json.Decoder(float_hook=number_of)
_SPACED = re.compile(rb"[ \t\r\n]:")
"""Without it each name is followed by a quote and a colon at once."""
_MOST_DEPTH = 50
"""Objects and lists in one another, in a body of whichever format: no thing is so deep, and who walks through one needs a stack."""
_MOST_PARTS = 100
_LONGEST_HEAD = 2_048
MOST_NAMES = 200
"""Of one object in a body: no thing has so many."""
_NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])
"""Code points that XML 1.0 cannot carry."""
_SAYS_NOTHING = frozenset({"None", "", "[]", "()", "{}", "0", "0.00", "0.0000", "0,00", "0000-00-00", "0000-00-00 00:00:00"})
_NO_NAME = re.compile("[^A-Za-z0-9_.\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff-]")
"""What is not in a name of an element here: XML 1.0 has more letters, which nobody uses, and colons, which mean something."""


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
            value = _DECODER.decode(raw)
            names = _names_in(value)
            # a colon within a text, or a name that stood twice
            if raw.count(b":") != names and (raw.count(b'":') != names or _SPACED.search(raw) is not None):
                _NAMES.decode(raw.decode())
            return value
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation, ValueError) as error:
            raise Refused(Kind.INVALID, Problem("json_malformed", f"{why_not_json(raw, error)}.")) from None

    def write(self, value: object) -> bytes:
        return ENCODER.encode(value)


def _names_in(value: object) -> int:
    """How many names all objects of a decoded body have together."""
    count, level = 0, [value]
    for _ in range(_MOST_DEPTH):
        within: list[object] = []
        for one in level:
            if type(one) is dict:
                if len(one) > MOST_NAMES:
                    message = f"An object has {len(one)} names; {MOST_NAMES} are allowed."
                    raise Refused(Kind.INVALID, Problem("json_too_wide", message))
                count += len(one)
                within += [inner for inner in one.values() if type(inner) is dict or type(inner) is list]
            elif type(one) is list:
                within += [inner for inner in one if type(inner) is dict or type(inner) is list]
        if not within:
            return count
        level = within
    raise RecursionError


def _once(pairs: list[tuple[str, object]]) -> None:
    """RFC 8259, 4: names within an object should be unique; which of two counts each reader decides for himself."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise Refused(Kind.INVALID, Problem("json_name_twice", "stands more than once in one object", twice[:100]))


_NAMES = json.JSONDecoder(object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=str)
"""Looks at names only: the values are those of the other decoder."""


@dataclass(frozen=True, slots=True)
class XmlCodec:
    """XML elements without attributes (XML 1.0): an object is an element with children, a list a container whose members repeat.

    `root` is the outermost element. `members` names the member element of each container, e.g. `{"ITEMS": "ITEM"}`; a list under
    another name repeats the element itself. Names are read in upper and lower case. Document types and entities are refused: nothing is
    expanded, nothing is fetched.
    """

    root: str
    members: Mapping[str, str]
    media_type: str = "application/xml; charset=utf-8"
    unsaid: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By element: those within it that are left out where they say nothing, or nought: clients complain of each that they do not know."""

    def read(self, raw: bytes) -> object:
        """The content of the root element. Text stays text; an element of nothing is None."""
        if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
            raise _malformed("a document type is not allowed")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
        try:
            element = etree.fromstring(raw, parser)
            if element.getroottree().docinfo.doctype:  # in an encoding that hides it from the look above
                raise _malformed("a document type is not allowed")
        except (etree.XMLSyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            raise _malformed(
                f"line {line} is not as XML has it" if line else "it has no element, or characters that XML has not"
            ) from None
        if str(element.tag).upper() != self.root:
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
        member = self.members.get(str(element.tag).upper())
        # an empty container is an empty list; one with text is none
        holds_members = all(str(child.tag).upper() == member for child in children)
        if member is not None and holds_members and (children or not (element.text or "").strip()):
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
            unsaid = self.unsaid.get(str(element.tag), frozenset())
            for name, inner in value.items():
                if name in unsaid and str(inner) in _SAYS_NOTHING:
                    continue
                # A list without a container repeats its own element; an empty one leaves nothing to repeat.
                many = inner if isinstance(inner, (list, tuple)) and name not in self.members else [inner]
                for one in many:
                    self._fill(etree.SubElement(element, _tag(str(name))), one)
        elif isinstance(value, (list, tuple)):
            for one in value:
                self._fill(etree.SubElement(element, self.members.get(str(element.tag), "ELEMENT")), one)
        elif value is not None:
            element.text = _text(value).translate(_NOT_XML)


@lru_cache(maxsize=4_096)
def _tag(name: str) -> str:
    """A name as an element can have it: of letters, digits and . - _, and a letter or _ first. What else somebody sent is an underscore."""
    fit = _NO_NAME.sub("_", name)
    return fit if fit and (fit[0].isalpha() or fit[0] == "_") else f"_{fit}"


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


_COMMA = re.compile(r"^(\s*multipart/[\w-]+)\s*,", re.ASCII)
"""As some write it: `multipart/form-data, boundary=x`."""


def parts_of(content_type: str, raw: bytes) -> list[Part]:
    """The parts of a multipart body (RFC 2046, 5.1), in their order; none when the body is no multipart or its boundary is unknown.
    What a part holds is not looked into: a multipart within it stays bytes."""
    boundary = parameters(_COMMA.sub(r"\1;", content_type)).get("boundary", "")
    if not boundary or not content_type.lower().startswith("multipart/"):
        return []
    mark = b"\r\n--" + boundary.encode("latin-1", "replace")
    whole = b"\r\n" + raw  # the first boundary may have no line before it
    if whole.count(mark) > _MOST_PARTS + 1:
        raise Refused(Kind.INVALID, Problem("body_malformed", f"The body has more than {_MOST_PARTS} parts."))
    _, *pieces = whole.split(mark)
    if not pieces or not pieces[-1].startswith(b"--"):
        raise Refused(Kind.INVALID, Problem("body_malformed", "The body ends before its last part does."))
    return [_part(piece) for piece in pieces[:-1]]


def _part(piece: bytes) -> Part:
    """A part, from the end of the boundary's line on: headers, an empty line, content."""
    head, _, content = piece.partition(b"\r\n\r\n")
    if len(head) > _LONGEST_HEAD:
        raise Refused(Kind.INVALID, Problem("body_malformed", f"The headers of a part are longer than {_LONGEST_HEAD} bytes."))
    headers = {}
    for line in _text_of(head).split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    # RFC 7578, 4.7: deprecated, but some clients still encode
    match headers.get("content-transfer-encoding", "").lower():
        case "base64":
            content = _from_base64(content)
        case "quoted-printable":
            content = quopri.decodestring(content)
    said = parameters(headers.get("content-disposition", ""))
    media_type = headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
    return Part(said.get("name", ""), said.get("filename"), media_type, content)


def _from_base64(content: bytes) -> bytes:
    """In lines, or without (RFC 2045, 6.8). A character that is none of base64 is refused: what is left out would make another file."""
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except ValueError:
        raise Refused(Kind.INVALID, Problem("body_malformed", "A part says that it is base64, and is not.")) from None


_PARAMETER = re.compile(r';\s*([\w!#$&^.+*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))', re.ASCII)
_OTHER_CHARSET = re.compile(r"(utf-8|iso-8859-1)'[^']*'(.*)", re.IGNORECASE)


def parameters(header: str) -> dict[str, str]:
    """The parameters of a header's value by name (RFC 9110, 5.6.6), the first of each; one that is written `name*=UTF-8''...` (RFC 8187)
    before the same without."""
    found: dict[str, str] = {}
    extended: dict[str, str] = {}
    for name, quoted, bare in _PARAMETER.findall(header[:_LONGEST_HEAD]):
        value = re.sub(r'\\(["\\])', r"\1", quoted) or bare
        if not name.endswith("*"):
            found.setdefault(name.lower(), value)
        elif (said := _OTHER_CHARSET.fullmatch(value)) is not None:
            extended.setdefault(name[:-1].lower(), unquote(said[2], said[1]))
    return found | extended


def _text_of(raw: bytes) -> str:
    """A header: UTF-8, as browsers write it. Bytes that are none of a text show as U+FFFD."""
    return raw.decode(errors="replace")

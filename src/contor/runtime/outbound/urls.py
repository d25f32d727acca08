"""Addresses of the web that somebody named: read once, and refused where two readers could read them differently. Pure."""

import ipaddress
import re
from typing import NamedTuple

LONGEST = 2048
_SCHEMES = {"https": 443, "http": 80}
_SHAPE = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?#]*)([^#]*)(#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::([0-9]{1,5}))?")
_TARGET = re.compile(r"[!-~]*")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Target(NamedTuple):
    """Of a call."""

    scheme: str
    host: str
    """A name in ASCII, or an address without brackets."""
    port: int
    path: str
    """With the query."""

    @property
    def is_literal(self) -> bool:
        """Whether it names an address, and no name is to be looked up."""
        return ":" in self.host or self.host.replace(".", "").isdigit()

    @property
    def authority(self) -> str:
        """As the header `Host` says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _SCHEMES[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """Raises ValueError, which says what is wrong with it."""
    if len(url) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    if (found := _SHAPE.fullmatch(url)) is None:
        raise ValueError("is no address such as https://receiver.example.com/path")
    scheme, authority, path, fragment = found[1].lower(), found[2], found[3], found[4]
    if scheme not in _SCHEMES:
        raise ValueError("begins with neither https:// nor http://")
    if fragment is not None:
        raise ValueError("has a fragment (#), which is sent nowhere")
    if "@" in authority:
        raise ValueError("has credentials, which belong into the security configuration")
    if not _TARGET.fullmatch(path) or "\\" in path:
        raise ValueError("has characters that are to be written as %xx")
    if (parts := _AUTHORITY.fullmatch(authority)) is None:
        raise ValueError("has no host's name or address, with a port behind it where needed")
    port = int(parts[2]) if parts[2] else _SCHEMES[scheme]
    if not 1 <= port <= 65535:
        raise ValueError("has a port that does not exist")
    return Target(scheme, _host(parts[1]), port, path if path.startswith("/") else f"/{path}")


def url_problem(url: str) -> str | None:
    """Why nothing could be sent there, as the end of a sentence about the field; None: it is one."""
    try:
        target_of(url)
    except ValueError as error:
        return str(error)
    return None


def _host(written: str) -> str:
    if written.startswith("["):
        try:
            return str(ipaddress.IPv6Address(written[1:-1]))
        except ValueError:
            raise ValueError("has an address (IPv6) that is none") from None
    try:
        name = written.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("has a host's name that is none") from None
    labels = name.removesuffix(".").split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("has a host's name that is none")
    if _NUMBER.fullmatch(labels[-1]):  # what ends in a number is an address to every browser (WHATWG URL, 3.5)
        try:
            return str(ipaddress.IPv4Address(name))  # only as four decimal numbers without zeros before them
        except ValueError:
            raise ValueError("has an address that is not written as four decimal numbers") from None
    return name

"""Addresses of mail: judged where they are said, and written as servers understand them (RFC 5321, 6531, 5891). Pure."""

import re
from typing import Annotated

from pydantic import Field

Address = Annotated[str, Field(min_length=3, max_length=254)]
_PARTS = re.compile(r"([^@\s\"<>(),:;\\\[\]]{1,64})@([^@\s\"<>(),:;\\\[\]]{1,253})")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def address_problem(address: str) -> str | None:
    """Why nothing could be sent there, as the end of a sentence; None: it is an address."""
    try:
        in_ascii(address)
    except ValueError as error:
        return str(error)
    return None


def in_ascii(address: str) -> str:
    """The address with its domain in ASCII (`xn--…`); what stands before the @ is the receiver's affair and stays. Raises ValueError."""
    found = _PARTS.fullmatch(address)
    if found is None or not address.isprintable():
        raise ValueError("is no address such as name@example.com")
    local, domain = found[1], found[2]
    try:
        name = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("has a domain that is none") from None
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("has a domain that is none")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError("has a dot too many before the @")
    if len(local.encode()) > 64:
        raise ValueError("is too long before the @")
    return f"{local}@{name}"

"""How a server of a bank is named, known, and signed in to. Pure."""

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contor.kernel.shapes import PRINTABLE, written

_LABELS = re.compile(r"(?:[0-9A-Za-z_-]{1,63}\.)*[0-9A-Za-z_-]{1,63}\.?")
_HOST = "an address or a host's name, without a port"


def _host(text: str) -> str:
    try:
        named = bool(ipaddress.IPv6Address(text)) if ":" in text else _LABELS.fullmatch(text) is not None
    except ValueError:
        named = False
    if not named:
        raise PydanticCustomError("text_malformed", f"must be {_HOST}")
    return text


Host = Annotated[str, written(r"^[0-9A-Za-z.:_-]{1,255}$", _HOST), AfterValidator(_host)]
OneLine = Annotated[str, written(r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e]*$", "a text of one line", min_length=1, max_length=255)]
"""What is said to the server as it stands: a user's name, a folder."""
HostKey = Annotated[str, written(r"^(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]{20,4000}$", "a public key as OpenSSH writes it")]
ServerSecret = Annotated[str, Field(min_length=1, max_length=10_000, pattern=PRINTABLE)]
"""A password, or a private key."""

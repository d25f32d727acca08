"""How a server of a bank is named, known, and signed in to. Pure."""

from typing import Annotated

from pydantic import Field

from contor.kernel.shapes import PRINTABLE, written

Host = Annotated[str, written(r"^[0-9A-Za-z.:_-]{1,255}$", "an address or a host's name, without a port")]
HostKey = Annotated[str, written(r"^(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]{20,4000}$", "a public key as OpenSSH writes it")]
ServerSecret = Annotated[str, Field(min_length=1, max_length=10_000, pattern=PRINTABLE)]
"""A password, or a private key."""

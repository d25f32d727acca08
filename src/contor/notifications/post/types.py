"""Sending by post: what a provider of letters is asked, and what it answers. Pure.

A provider is one module and a line of the registry (`providers.py`). It prints and posts a PDF, once for each key that it is given.
"""

from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

PostStatus = Literal["UNPAID", "WAITING", "HANDING", "ACCEPTED", "PRINTED", "FAILED", "HELD"]
"""UNPAID: it waits for a credit. HANDING: it is being handed over. ACCEPTED: the provider has it. PRINTED: it is printed and posted.
FAILED: it never will be; its credit is given back. HELD: a person has to look."""


class Sheet(NamedTuple):
    """A document as it is handed over."""

    key: str
    """The same for every try of a letter: a provider that knows it does nothing a second time."""
    document_ident: str
    gross: Decimal
    content: bytes
    """The PDF, with the recipient where windows of envelopes are."""


class Result(NamedTuple):
    status: Literal["ACCEPTED", "PRINTED", "FAILED"]
    reference: str
    """What the provider calls it."""
    reason: str | None = None
    """Why it failed."""
    ask_in: int | None = None
    """Seconds after which more is known; None: nothing more will be said."""


class Unreachable(Exception):
    """It gave no answer: whether it did what it was asked is not known."""


class PostProvider(Protocol):
    @property
    def can_be_asked(self) -> bool:
        """Whether it says what became of a key. Where not, a letter without an answer is held for a person."""

    def submit(self, sheet: Sheet) -> Result:
        """Print and post it, once for its key. Raises Unreachable."""

    def ask(self, key: str) -> Result | None:
        """What became of it; None: it was never handed over. Raises Unreachable."""

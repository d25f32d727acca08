"""A document on its way from its draft to a fact. Pure."""

from dataclasses import dataclass

from contor.documents.judge.rules import Facts
from contor.documents.types import Document
from contor.settings.numbers import Series


@dataclass(slots=True)
class IssuedDocument:
    """A document on its way through the issuing transaction. `ident` is known once the numbers are drawn."""

    id: int
    document: Document
    facts: Facts
    series: Series | None
    """None: the caller gave the number."""
    ident: str = ""
    requested: bool = True
    """There is a request row whose end this document is; documents of the billing engine have none."""
    number: int | None = None

    @property
    def cash_taxation(self) -> bool:
        """The supply is taxed on receipt (section 20 UStG)."""
        return bool(self.document.cash_taxation)

    def number_drawn(self) -> str:
        """The document's number; to be asked when the numbers are drawn."""
        return self.ident

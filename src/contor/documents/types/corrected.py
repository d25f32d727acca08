"""What a document corrects: the documents before it, and where it says so, the state of each row before and after it. Pure.

Source: BG-3 of EN 16931; art. 106j (2) no. 5 of the Polish VAT act (ustawa o podatku od towarów i usług): a corrective invoice gives the
reason and what is corrected, "before" and "after".
"""

import datetime as dt
from decimal import Decimal
from typing import Literal

from contor.documents.types.rows import AmountSides, UnitPriceSides
from contor.documents.types.words import DocumentType
from contor.kernel.shapes import Frozen

CorrectionKind = Literal["KOR", "KOR_ZAL", "KOR_ROZ"]
"""RodzajFaktury of KSeF: the correction of an invoice, of one for a deposit, of one that settles deposits."""


class RelatedDocument(Frozen, frozen=True):
    """BG-3."""

    ident: str
    document_type: DocumentType | None
    """None: issued by another system."""
    document_date: dt.date | None


class RowState(Frozen, frozen=True, array_like=True):
    """A row as it stands at one time. `unit` is the price of the row's base quantity; quantity and price make the total before extras."""

    quantity: Decimal
    unit: UnitPriceSides
    total: AmountSides


class CorrectedRow(Frozen, frozen=True):
    """A row that this document takes back in part or as a whole."""

    position: int
    """Of this document's row."""
    before: RowState
    """With what earlier credits had taken of it."""
    after: RowState


class Correction(Frozen, frozen=True):
    """What is corrected, as before and after; the difference is the document itself, with its sign."""

    kind: CorrectionKind
    reason: str
    rows: tuple[CorrectedRow, ...]
    before: AmountSides
    """Of the documents that are corrected, with all their rows."""
    after: AmountSides

"""Lines of revenue and tax on the days of their rows: the tax of a group is one, its VAT periods may be several. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.bookkeeping.types import Line
from contor.documents.treatment import Days, along_days
from contor.documents.types import Document
from contor.kernel.money import HUNDRED, ZERO

ONE: Final = Decimal(1)


def on_days(line: Line, days: Days, document: Document) -> list[Line]:
    """The line, divided by the nets of the days; together it stays what it was. Parts of nothing are left to `entry_lines`."""
    days = {day: document.sign * net for day, net in days.items()}
    exchanged = ONE if document.ledger is None else document.ledger.exchange_rate.rate
    is_tax = line.tax_base is not None
    own = (line.rate or ZERO) / HUNDRED if is_tax else ONE
    none: Sequence[Decimal | None] = [None] * len(days)
    bases = none if line.tax_base is None else along_days(line.tax_base, days, ONE / exchanged, line.currency)
    foreign = none if line.foreign_amount is None else along_days(line.foreign_amount, days, own, document.currency)
    return [
        line._replace(amount=part, tax_base=base, foreign_amount=before, tax_date=None if day == document.tax_date else day)
        for day, part, base, before in zip(
            days, along_days(line.amount, days, own / exchanged, line.currency), bases, foreign, strict=True
        )
    ]

"""What the documents of a period name and come to, found before they are written: an audit file says it first."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from contor.documents.judge import REASON
from contor.documents.period import PeriodDocument
from contor.documents.types import Document
from contor.kernel.money import ZERO
from contor.reports.exports import FileWriter, Output
from contor.reports.saf_t.lines import SaftLine, ledger_lines, ledger_totals
from contor.reports.saf_t.tree import Node, XmlWriter, short_key

SERVICES: Final = frozenset({"DIGITAL_PRODUCT", "DIGITAL_PRODUCT_RENTAL", "LABOR_COST", "SERVICE", "PHYSICAL_PRODUCT_RENTAL"})
OTHERS: Final = frozenset({"LOGISTIC_COST", "DISCOUNT", "ALLOWANCE", "CHARGE", "VOUCHER", "VOUCHER_APPLICATION"})


class Sink(NamedTuple):
    """Where a file's records go, and who is told of each."""

    xml: XmlWriter
    file: FileWriter
    out: Output

    def record(self, node: Node) -> None:
        """An entry or a document."""
        self.xml.write(node.element)
        self.file.rows += 1
        self.out.advance()


class Product(NamedTuple):
    code: str
    kind: str
    """P goods, S services, O others (freight, discounts)."""
    name: str
    unit: str


TaxOfRow = Callable[[Document, SaftLine], tuple[str, Decimal, str]]


@dataclass(slots=True)
class Survey:
    """`taxes`: by category and rate the country of taxation and how many rows have it."""

    products: dict[str, Product] = field(default_factory=dict)
    taxes: dict[tuple[str, Decimal, str], None] = field(default_factory=dict)
    units: dict[str, None] = field(default_factory=dict)
    documents: int = 0
    debit: Decimal = ZERO
    credit: Decimal = ZERO

    def add(self, document: Document, longest_code: int, tax_of_row: TaxOfRow | None = None) -> None:
        """A document that will be written. `tax_of_row`: how a row is taxed; None: as it says."""
        self.documents += 1
        for line in ledger_lines(document):
            code = short_key(line.product, longest_code)
            self.products.setdefault(code, Product(code, _kind(line.kind), line.name, line.unit))
            as_said = line.category, line.rate, country_of(document, line)
            self.taxes.setdefault(as_said if tax_of_row is None else tax_of_row(document, line))
            self.units.setdefault(line.unit)
            if is_debit(document, line):
                self.debit += abs(line.net)
            else:
                self.credit += abs(line.net)


def is_debit(document: Document, line: SaftLine) -> bool:
    """Whether the row reduces revenue: of a credit what it takes back, of an invoice what is below zero."""
    return (line.net < 0) is (document.sign > 0)


def reason_of(document: Document) -> str | None:
    """Why it credits, where it says so."""
    return next((entry.value for entry in document.properties if entry.key == REASON), None)


def country_of(document: Document, line: SaftLine) -> str:
    """Where the row is taxed: as its tax group says, else at the seller's."""
    found = (group.country for group in document.taxes if (group.category_code, group.rate) == (line.category, line.rate))
    country = next(found, None) or document.seller.address.country
    return "GB" if country == "XI" else country  # Northern Ireland has a code for VAT ids alone


def fitting(
    documents: Iterator[PeriodDocument],
    out: Output | None,
    legal_entity: str,
    first: dt.date,
    why_not: Callable[[PeriodDocument], tuple[str, str] | None],
) -> Iterator[PeriodDocument]:
    """The documents that an audit file can tell. `out`: told of each other one from the first day on, with the reason; None: it was told
    before."""
    for found in documents:
        if found.legal_entity != legal_entity:
            reason: tuple[str, str] | None = ("OF_ANOTHER_COMPANY", "The document is of another company of the tenant.")
        elif found.document.taken_over:
            reason = (
                "ISSUED_ELSEWHERE",
                "Another system issued the document, and reported it; what was open of it is in the entries.",
            )
        elif ledger_totals(found.document).gross < 0:
            reason = ("BELOW_ZERO", "The document comes to less than zero, which the file cannot say; its entries are in it.")
        else:
            reason = why_not(found)
        if reason is None:
            yield found
        elif out is not None and found.document.document_date >= first:
            out.leave_out(*reason, found.document.ident)


def _kind(category: str) -> str:
    return "S" if category in SERVICES else "O" if category in OTHERS else "P"

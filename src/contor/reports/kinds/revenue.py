"""REVENUE: what was earned in a month by product, segment, country and tax, to the cent what stands on the accounts of revenue."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from contor.bookkeeping.reporting import EarnedLine, account_names, earned_in
from contor.contracts.queries import segments_of_contracts
from contor.documents.reporting import Outline, OutlineRow, outlines
from contor.kernel.money import ZERO, shown, split
from contor.orders.orders import segments_of_orders
from contor.reports.kinds.columns import Heading, Month, percent, report_kind
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

AT_ONCE: Final = 2_000
"""Documents that are read at a time."""
_CATEGORY: Final[Mapping[str, str]] = {
    "AE-DE": "AE",
    "AE-EU": "AE",
    "AE-25B": "AE",
    "K": "K",
    "G": "G",
    "E": "E",
    "E19": "E",
    "Z": "Z",
    "O": "O",
    "O-3RD": "O",
}
"""Category of EN 16931 of the rows that a tax key stands for; of every other one S."""


class Earned(NamedTuple):
    """What revenue is told apart by."""

    product: str
    name: str
    segment: str
    """Of the contract or order that was billed; empty: of none, or of several."""
    country: str
    """Of the customer, as it stands on the document; of taxation, where that is another (one-stop shop)."""
    tax_key: str
    rate: Decimal | None
    account: int


def earned(uow: Uow, month: Month) -> dict[Earned, Decimal]:
    """The turnover of the month by all of it, credit less debit."""
    found: dict[Earned, Decimal] = {}
    for lines in _batches(earned_in(uow, month.first, month.last)):
        documents = outlines(uow, {line.document_id for line in lines if line.document_id is not None})
        segments = _segments(uow, documents.values())
        for line in lines:
            document = documents.get(line.document_id or 0)
            country = line.country or (document.customer_country if document is not None else "")
            segment = segments.get(line.document_id or 0, "")
            for (product, name), amount in shares(line, document):
                key = Earned(product, name, segment, country, line.tax_key or "", line.tax_rate, line.account)
                found[key] = found.get(key, ZERO) + amount
    return found


def earned_sums(uow: Uow, period: str) -> dict[int, Decimal]:
    """By account, what is earned in a month by whatever it is told apart by."""
    found: dict[int, Decimal] = {}
    for key, amount in earned(uow, Month(period, "en")).items():
        found[key.account] = found.get(key.account, ZERO) + amount
    return found


def shares(line: EarnedLine, document: Outline | None) -> Iterable[tuple[tuple[str, str], Decimal]]:
    """The line's amount by product (number and name), over the document's rows that are taxed and costed alike, by largest remainder: the
    parts are the line."""
    if document is None:
        return ((("", ""), line.amount),)
    rows = _alike(line, [row for row in document.rows if not row.is_deposit and row.category != "DISCOUNT"] or document.rows)
    if len({(row.product, row.name) for row in rows}) == 1:
        return (((rows[0].product, rows[0].name), line.amount),)
    parts = split(line.amount, [abs(row.net) for row in rows], line.currency)
    return [((row.product, row.name), part) for row, part in zip(rows, parts, strict=True)]


def _alike(line: EarnedLine, rows: Sequence[OutlineRow]) -> Sequence[OutlineRow]:
    """The rows that the line is of, as far as it says; where none fits (a reduction of another account), all of them."""
    category = _CATEGORY.get(line.tax_key or "", "S")
    taxed = [row for row in rows if row.category_code == category and (line.tax_rate is None or row.rate == line.tax_rate)]
    costed = [row for row in taxed if row.cost_centre == line.cost_centre]
    return costed or taxed or rows


def _segments(uow: Uow, documents: Iterable[Outline]) -> dict[int, str]:
    """The business segment of each document that bills contracts and orders of one alone."""
    contracts = segments_of_contracts(uow, {ident for it in documents for ident in it.contracts})
    orders = segments_of_orders(uow, {ident for it in documents for ident in it.orders})
    found = {}
    for it in documents:
        of = {contracts.get(ident, "") for ident in it.contracts} | {orders.get(ident, "") for ident in it.orders}
        if len(of) == 1:
            found[it.document_id] = of.pop()
    return found


def _batches(lines: Iterator[EarnedLine]) -> Iterator[list[EarnedLine]]:
    """The lines of so many documents at a time, those of one document together."""
    batch: list[EarnedLine] = []
    count = 0
    for _, of in groupby(lines, lambda line: line.document_id):
        batch += of
        count += 1
        if count >= AT_ONCE:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


@report_kind(
    "REVENUE",
    "Umsatz",
    "Revenue",
    [
        Heading("product", "TEXT", "Artikel", "Product"),
        Heading("name", "TEXT", "Bezeichnung", "Name"),
        Heading("segment", "TEXT", "Segment", "Segment"),
        Heading("country", "TEXT", "Land", "Country"),
        Heading("tax_key", "TEXT", "Steuerschlüssel", "Tax key"),
        Heading("tax_rate", "RATE", "Steuersatz", "Tax rate"),
        Heading("account", "COUNT", "Konto", "Account"),
        Heading("account_name", "TEXT", "Kontobezeichnung", "Account name"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("amount", "AMOUNT", "Umsatz netto", "Revenue, net", is_summed=True),
    ],
)
def revenue_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Reductions (Skonto, credits of price) are negative and on accounts of their own."""
    names, ledger = account_names(uow), tenant_settings(uow).ledger_currency
    found = earned(uow, month)
    for key in sorted(found, key=lambda it: (it.product, it.name, it.segment, it.country, it.account, it.tax_key, it.rate or ZERO)):
        named = names.get(key.account)
        yield (
            key.product,
            key.name,
            key.segment,
            key.country,
            key.tax_key,
            None if key.rate is None else percent(key.rate),
            key.account,
            "" if named is None else month.said((named.name_de, named.name_en)),
            ledger,
            shown(found[key], ledger),
        )

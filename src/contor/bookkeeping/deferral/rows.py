"""What of a document's rows is revenue of other months than its own. Pure.

A row's net is what `supply_lines` books for it, after the document's allowances and in the ledger's currency; vouchers sold are no revenue.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.bookkeeping.posting import booked_groups
from contor.bookkeeping.roles import reduction_role, revenue_role
from contor.bookkeeping.types import Chart
from contor.documents.treatment import Treatment, row_rule
from contor.documents.types import Document, DocumentItem, DocumentType
from contor.kernel.money import round_amount, split


class BilledRow(NamedTuple):
    """The net of a row as it is booked: above zero it is revenue, below it takes revenue back."""

    position: int
    account: int
    cost_centre: str | None
    net: Decimal
    start: dt.date | None
    """First day of its service period; None: it has none, and is earned when it is booked."""
    end: dt.date | None


def billed_rows(document: Document, chart: Chart, currency: str) -> list[BilledRow]:
    """The rows of an invoice or credit memo in the currency of the ledger; of other documents none."""
    if document.document_type not in (DocumentType.INVOICE, DocumentType.CREDIT_MEMO):
        return []
    return sorted(_rows(document, chart, currency))


def _rows(document: Document, chart: Chart, currency: str) -> Iterator[BilledRow]:
    role_of = reduction_role if document.is_price_reduction else revenue_role
    rate = None if document.ledger is None else document.ledger.exchange_rate.rate
    is_alone = len(document.taxes) == 1 or any(len(item.taxes) > 1 for item in document.items)
    for shares, foreign in booked_groups(document):
        group = shares.group if foreign is None else foreign.group
        items = [it for it in document.items if is_alone or (it.category_code, it.rate) == (group.category_code, group.rate)]
        rule = row_rule(document, group, items)
        rows: dict[tuple[Treatment, str | None], list[DocumentItem]] = {}
        for item in items:
            if item.deposit_ident is None:
                rows.setdefault((rule(item), item.cost_centre), []).append(item)
        for (treatment, centre), of_share in rows.items():
            net = shares.nets.get((treatment, centre))
            if net is None or treatment is Treatment.VOUCHER:
                continue
            account = chart[role_of(treatment, group.rate)].number
            for item, part in zip(of_share, _parts(net, of_share, rate, currency), strict=True):
                period = item.service_period
                start, end = (None, None) if period is None else (period.start, period.end)
                yield BilledRow(item.position, account, centre, document.sign * part, start, end)


def _parts(net: Decimal, items: Sequence[DocumentItem], rate: Decimal | None, currency: str) -> list[Decimal]:
    """The share's net by its rows: each its own, and of what allowances or conversion leave a part by its size."""
    own = [it.total.net if rate is None else round_amount(it.total.net / rate, currency) for it in items]
    rest = split(net - sum(own), [abs(it.total.net) for it in items], currency)
    return [of + more for of, more in zip(own, rest, strict=True)]

"""Settlements as they are stored, as other packages read them, and as they are answered."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from contor.kernel.money import shown
from contor.payments.gateways import KEEPING
from contor.payments.settlements.pairing import BEHIND
from contor.payments.settlements.types import ItemState, ItemType, SettlementItemView, SettlementMapping, SettlementReportView
from contor.runtime.query.reading import streamed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class ReportRow(NamedTuple):
    ident: str
    account_ident: str
    provider: str
    external_ident: str
    period_start: dt.date
    period_end: dt.date
    opening_balance: Decimal
    closing_balance: Decimal
    currency: str
    item_count: int
    net: Decimal
    upload_ident: str | None
    created_at: dt.datetime


class ItemRow(NamedTuple):
    ident: str
    account_ident: str
    report_ident: str
    external_ident: str
    type: ItemType
    gross: Decimal
    fee: Decimal
    net: Decimal
    currency: str
    booking_date: dt.date
    value_date: dt.date | None
    reference: str | None
    description: str
    reason_code: str | None
    state: ItemState
    payment_ident: str | None
    bank_payment_ident: str | None
    created_at: dt.datetime


REPORT = f"SELECT {columns(ReportRow)} FROM settlement_report WHERE "
"""Rows of `ReportRow`; a condition follows."""
ITEM = f"SELECT {columns(ItemRow)} FROM settlement_item WHERE "
"""Rows of `ItemRow`; a condition follows."""


def own_transfers(uow: Uow, payment_idents: Sequence[str]) -> frozenset[str]:
    """Those of the payments that move money between accounts of ours: a provider's payout, and its booking at the bank. Nothing of them is
    assigned."""
    sql = (
        "SELECT payment_ident FROM settlement_item WHERE payment_ident = ANY (%s) AND type = 'PAYOUT' AND state <> 'CONFIRMED'"
        " UNION ALL SELECT bank_payment_ident FROM settlement_item WHERE bank_payment_ident = ANY (%s)"
    )
    idents = list(payment_idents)
    return frozenset(uow.column(str, sql, (idents, idents)))


def balance_before(uow: Uow, account_ident: str, start: dt.date, end: dt.date) -> Decimal | None:
    """What the last report of the account before the one of these days leaves; None: there is none."""
    sql = (
        "SELECT closing_balance FROM settlement_report WHERE account_ident = %s AND (period_start, period_end) <= (%s, %s)"
        " ORDER BY period_start DESC, period_end DESC, id DESC LIMIT 1"
    )
    return uow.scalar(Decimal, sql, (account_ident, start, end))


def known_items(uow: Uow, account_ident: str, external_idents: Sequence[str]) -> frozenset[str]:
    """Those of the provider's numbers that the account has items of."""
    sql = "SELECT external_ident FROM settlement_item WHERE account_ident = %s AND external_ident = ANY (%s)"
    return frozenset(uow.column(str, sql, (account_ident, list(external_idents))))


class _KeptIn(NamedTuple):
    ident: str
    country: str


def countries_of_providers(uow: Uow, account_idents: Collection[str]) -> dict[str, str]:
    """Of those of the merchant payment accounts that a payment provider keeps, in which country: a bank's is none of them."""
    sql = (
        f"SELECT {columns(_KeptIn)} FROM merchant_payment_account a WHERE ident = ANY (%s) AND (EXISTS (SELECT 1 FROM payment_provider p"
        " WHERE p.tenant_id = a.tenant_id AND p.id = a.payment_service_provider_id AND p.name = ANY (%s)) OR EXISTS (SELECT 1 FROM"
        " settlement_report r WHERE r.tenant_id = a.tenant_id AND r.account_ident = a.ident))"
    )
    return dict(uow.all(_KeptIn, sql, (sorted(account_idents), sorted(KEEPING)))) if account_idents else {}


class ItemCost(NamedTuple):
    """What was booked under an item as taken by the provider, or given back (negative)."""

    ident: str
    cost: Decimal


def item_costs(uow: Uow) -> list[ItemCost]:
    """Of every item that has one: its fee, less what its payment says of fees by itself."""
    own = "SELECT sum((f ->> 'amount')::numeric) FROM json_array_elements(p.content -> 'fees') f"
    sql = (
        f"SELECT {columns(ItemCost)} FROM (SELECT i.ident, CASE i.type WHEN 'FEE' THEN -i.net ELSE i.fee - coalesce(({own}), 0) END"
        " AS cost FROM settlement_item i LEFT JOIN payment p ON p.tenant_id = i.tenant_id AND p.ident = i.payment_ident) x"
        " WHERE cost <> 0 ORDER BY ident"
    )
    return uow.all(ItemCost, sql)


class SettledItem(NamedTuple):
    """An item of a provider, with who reported it."""

    booking_date: dt.date
    account_ident: str
    provider: str
    report_ident: str
    external_ident: str
    type: str
    state: str
    reference: str | None
    description: str
    payment_ident: str | None
    currency: str
    gross: Decimal
    fee: Decimal
    net: Decimal


def settled_in(uow: Uow, first: dt.date, last: dt.date) -> Iterator[SettledItem]:
    """What providers booked on these days, account by account."""
    sql = (
        "SELECT i.booking_date, i.account_ident, r.provider, i.report_ident, i.external_ident, i.type, i.state, i.reference,"
        " i.description, i.payment_ident, i.currency, i.gross, i.fee, i.net FROM settlement_item i JOIN settlement_report r"
        " ON r.tenant_id = i.tenant_id AND r.ident = i.report_ident WHERE i.booking_date BETWEEN %s AND %s"
        " ORDER BY i.account_ident, i.booking_date, i.id"
    )
    return streamed(uow, SettledItem, sql, (first, last))


def mapping_of(uow: Uow, account_ident: str) -> SettlementMapping | None:
    """How tables of the account's provider are read."""
    found = uow.scalar(dict, "SELECT mapping FROM settlement_mapping WHERE account_ident = %s", (account_ident,))
    return None if found is None else msgspec.convert(found, SettlementMapping, strict=False)


def report_view(row: ReportRow) -> SettlementReportView:
    unit = row.currency
    return SettlementReportView(
        settlement_report_ident=row.ident,
        merchant_payment_account_ident=row.account_ident,
        provider=row.provider,
        external_ident=row.external_ident,
        period_start=row.period_start,
        period_end=row.period_end,
        opening_balance=shown(row.opening_balance, unit),
        closing_balance=shown(row.closing_balance, unit),
        currency=unit,
        item_count=row.item_count,
        difference=shown(row.closing_balance - row.opening_balance - row.net, unit),
        settlement_upload_ident=row.upload_ident,
        created_at=row.created_at,
    )


def item_view(row: ItemRow, today: dt.date) -> SettlementItemView:
    unit, on_the_way = row.currency, row.state == "IN_TRANSIT"
    return SettlementItemView(
        settlement_item_ident=row.ident,
        settlement_report_ident=row.report_ident,
        merchant_payment_account_ident=row.account_ident,
        external_ident=row.external_ident,
        type=row.type,
        gross=shown(row.gross, unit),
        fee=shown(row.fee, unit),
        net=shown(row.net, unit),
        currency=unit,
        booking_date=row.booking_date,
        value_date=row.value_date,
        reference=row.reference,
        description=row.description,
        reason_code=row.reason_code,
        state=row.state,
        late=on_the_way and (row.value_date or row.booking_date) < today - BEHIND,
        payment_ident=row.payment_ident,
        bank_payment_ident=row.bank_payment_ident,
        created_at=row.created_at,
    )

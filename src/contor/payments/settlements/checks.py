"""What must hold of settlements."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Report(NamedTuple):
    ident: str
    opening_balance: Decimal
    closing_balance: Decimal
    net: Decimal
    item_count: int
    there: int
    moved: Decimal


class _Item(NamedTuple):
    ident: str
    type: str
    state: str
    gross: Decimal
    fee: Decimal
    net: Decimal


class _Payout(NamedTuple):
    ident: str
    state: str
    bank_payment_ident: str | None


@check("settlements.items_lead_from_balance_to_balance")
def reports(uow: Uow) -> Iterable[str]:
    """A report has the items that it counts; one that came as a file leads from its opening to its closing balance."""
    for row in uow.all(
        _Report,
        "SELECT r.ident, r.opening_balance, r.closing_balance, r.net, r.item_count, count(i.ident) AS there,"
        " coalesce(sum(i.net), 0) AS moved FROM settlement_report r LEFT JOIN settlement_item i ON i.tenant_id = r.tenant_id"
        " AND i.report_ident = r.ident GROUP BY r.tenant_id, r.ident HAVING r.item_count <> count(i.ident)"
        " OR r.net <> coalesce(sum(i.net), 0)"
        " OR r.upload_ident IS NOT NULL AND r.opening_balance + r.net <> r.closing_balance",
    ):
        said = f"{row.item_count} items of {row.net}, there are {row.there} of {row.moved}"
        yield f"settlement report {row.ident}: {said}; {row.opening_balance} to {row.closing_balance}"


@check("settlements.items_are_what_was_paid")
def items(uow: Uow) -> Iterable[str]:
    """gross - fee = net; an item that is no fee has its payment: on its account, of its amount and side."""
    for row in uow.all(
        _Item,
        "SELECT i.ident, i.type, i.state, i.gross, i.fee, i.net FROM settlement_item i LEFT JOIN payment p ON p.tenant_id = i.tenant_id"
        " AND p.ident = i.payment_ident AND p.account_ident = i.account_ident AND p.base_amount = abs(i.gross)"
        " AND p.base_currency = i.currency AND p.credit_debit_indicator = CASE WHEN i.gross > 0 THEN 'CREDIT' ELSE 'DEBIT' END"
        " WHERE i.gross - i.fee <> i.net OR (i.type = 'FEE') <> (i.state = 'BOOKED') OR (i.type = 'FEE') <> (i.payment_ident IS NULL)"
        " OR i.type <> 'FEE' AND p.ident IS NULL OR i.state IN ('IN_TRANSIT', 'ARRIVED') AND i.type <> 'PAYOUT'"
        " OR i.type = 'PAYOUT' AND i.state NOT IN ('IN_TRANSIT', 'ARRIVED', 'CONFIRMED')",
    ):
        yield f"settlement item {row.ident}: {row.type} of {row.gross} - {row.fee} = {row.net}, {row.state}, is not what was paid"


@check("settlements.payouts_arrive_once")
def payouts(uow: Uow) -> Iterable[str]:
    """A payout and its booking at the bank are of one amount on two accounts, and nothing of either is assigned."""
    idle = "status = 'IGNORED' AND {0}.assigned = 0"
    for row in uow.all(
        _Payout,
        "SELECT i.ident, i.state, i.bank_payment_ident FROM settlement_item i LEFT JOIN payment p ON p.tenant_id = i.tenant_id"
        f" AND p.ident = i.payment_ident AND p.{idle.format('p')} LEFT JOIN payment b ON b.tenant_id = i.tenant_id"
        f" AND b.ident = i.bank_payment_ident AND b.{idle.format('b')} AND b.account_ident <> i.account_ident"
        " AND b.original_amount = abs(i.gross) AND b.original_currency = i.currency"
        " AND b.credit_debit_indicator = CASE WHEN i.gross > 0 THEN 'DEBIT' ELSE 'CREDIT' END"
        " WHERE (i.state = 'ARRIVED') <> (i.bank_payment_ident IS NOT NULL) OR i.state = 'ARRIVED' AND b.ident IS NULL"
        " OR i.state IN ('IN_TRANSIT', 'ARRIVED') AND p.ident IS NULL",
    ):
        yield f"settlement item {row.ident}: {row.state} by {row.bank_payment_ident or 'no booking'} is no transfer of ours"

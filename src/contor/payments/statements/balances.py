"""What statements prove of accounts, as the books compare it with their own."""

from decimal import Decimal
from typing import NamedTuple

from contor.payments.statements.checks import NET
from contor.runtime.uow import Uow


class Proven(NamedTuple):
    """The accounts whose money stands on one account of the chart."""

    booking_account: int
    currency: str
    accounts: tuple[str, ...]
    moved: Decimal
    """By so much the statements moved the balance, from the first to the last."""
    beside: Decimal
    """What no statement has proved: payments of other ways, and of days that are not closed yet."""


def proven_balances(uow: Uow, bank: int) -> list[Proven]:
    """Of accounts with statements, all of them booked where the money stands today. `bank`: the account of the chart on which the money of
    those stands that name none."""
    return uow.all(
        Proven,
        "WITH account AS (SELECT a.ident, a.currency, coalesce(a.booking_account, %(bank)s) AS number FROM merchant_payment_account a),"
        " moved AS (SELECT s.account_ident, sum(CASE WHEN s.forced THEN coalesce(e.booked, 0) ELSE s.to_amount - s.from_amount END)"
        "  AS moved, bool_or(coalesce(s.booking_account, %(bank)s) <> a.number) AS elsewhere FROM bank_statement s"
        "  JOIN account a ON a.ident = s.account_ident"
        "  LEFT JOIN (SELECT account_ident, statement_position, sum(amount) AS booked FROM bank_entry"
        "   WHERE statement_position IS NOT NULL GROUP BY account_ident, statement_position) e"
        "  ON e.account_ident = s.account_ident AND e.statement_position = s.position GROUP BY s.account_ident),"
        f" beside AS (SELECT p.account_ident, sum({NET}) AS beside FROM payment p LEFT JOIN bank_entry e ON e.tenant_id = p.tenant_id"
        "  AND e.ident = p.bank_entry_ident LEFT JOIN bank_entry g ON g.tenant_id = p.tenant_id AND g.payment_ident = p.ident"
        "  WHERE p.replaced_at IS NULL AND coalesce(e.statement_position, g.statement_position) IS NULL GROUP BY p.account_ident)"
        " SELECT a.number AS booking_account, a.currency, array_agg(a.ident ORDER BY a.ident) AS accounts,"
        " coalesce(sum(m.moved), 0) AS moved, coalesce(sum(b.beside), 0) AS beside"
        " FROM account a LEFT JOIN moved m ON m.account_ident = a.ident"
        " LEFT JOIN beside b ON b.account_ident = a.ident GROUP BY a.number, a.currency"
        " HAVING count(m.account_ident) > 0 AND NOT coalesce(bool_or(m.elsewhere), false) ORDER BY a.number",
        {"bank": bank},
    )

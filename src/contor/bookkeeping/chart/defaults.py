"""A tenant's chart of accounts, ready to be posted to: SKR03, or SKR04 when the tenant chooses it before anything is booked."""

import datetime as dt
from collections.abc import Iterator

from contor.bookkeeping import tables
from contor.bookkeeping.chart.booking_accounts import OWN_ROLE
from contor.bookkeeping.chart.chart import CHARTS
from contor.bookkeeping.chart.money import standing_elsewhere
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.events import ChartChosen


@on(ChartChosen)
def furnish(uow: Uow, fact: ChartChosen) -> None:
    """Every account that the posting table names, in the ledger's currency, in place of those of another chart."""
    said = _said(uow, fact)  # before they are replaced
    if uow.scalar(int, "SELECT 1 FROM journal_entry LIMIT 1"):
        message = "The chart and the currency of the ledger are fixed: something is booked already."
        raise Refused(Kind.ILLEGAL_STATE, Problem("books_not_empty", message, *said))
    uow.run("UPDATE booking_account SET role = NULL WHERE role = %s AND currency <> %s", (OWN_ROLE, fact.ledger_currency))
    uow.run("DELETE FROM booking_account WHERE role <> %s", (OWN_ROLE,))
    own = set(uow.column(int, "SELECT account_number FROM booking_account"))  # what the tenant added stays as it is
    rows = rows_of_chart(fact.chart, fact.ledger_currency, uow.ctx.now())
    uow.insert(tables.booking_account, [row for row in rows if row["account_number"] not in own])
    for ident, number, why in standing_elsewhere(uow):
        message = f"Merchant payment account {ident} books on {number}, which {why}: it has to name another account first, or none."
        raise Refused(Kind.CONFLICT, Problem("booking_account_in_use", message, *said))


def _said(uow: Uow, fact: ChartChosen) -> tuple[str, str]:
    """What was decided, by its name: the currency, where the accounts are in another one so far."""
    if uow.scalar(int, "SELECT 1 FROM booking_account WHERE role IS NOT NULL AND currency <> %s LIMIT 1", (fact.ledger_currency,)):
        return "ledger_currency", fact.ledger_currency
    return "chart", fact.chart


def rows_of_chart(name: str, currency: str, now: dt.datetime) -> Iterator[dict[str, object]]:
    """The accounts of a chart as rows; several roles may share one account."""
    seen: set[int] = set()
    for role, account in CHARTS[name].items():
        if account.number in seen:
            continue
        seen.add(account.number)
        yield {
            "account_number": account.number,
            "currency": currency,
            "account_group": account.group,
            "account_type": account.type.value,
            "name": account.name_de,
            "description": account.name_en,
            "opos_account": account.opos,
            "automatic": account.automatic,
            "tax_key": account.tax_key,
            "role": role.value,
            "created_at": now,
            "last_modified_at": now,
        }

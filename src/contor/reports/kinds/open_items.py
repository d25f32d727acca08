"""OPEN_ITEMS: what was open at the end of a month, item by item. AGEING: by customer, and by how long it has been due."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from contor.bookkeeping.periods import last_day, periods
from contor.bookkeeping.reporting import Revalued, revalued_on
from contor.dunning.queries import OpenClaim, open_claims
from contor.kernel.money import ZERO, shown
from contor.openitems.reporting import Closing, open_items
from contor.reports.kinds.columns import Heading, Month, report_kind
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

VENDOR: Final = frozenset({"SELF_BILLING_INVOICE", "SELF_BILLING_INVOICE_CORRECTION"})
"""Documents whose items stand on the partner's account of a creditor."""


class Open(NamedTuple):
    """An open item, or a claim of default that is booked, at the end of a day. Positive is owed to us."""

    customer_ident: str
    kind: str
    """The type of its document; CLAIM; REVALUATION: by what a closing values items in foreign currency otherwise."""
    ident: str
    document_date: dt.date
    due_date: dt.date
    currency: str
    opening: Decimal
    balance: Decimal
    ledger_balance: Decimal
    doubtful: bool
    is_memo: bool
    dunning_level: int | None


def closings(uow: Uow) -> list[Closing]:
    """The months that were closed, and what was written before that."""
    return [Closing(one.closing_mark, last_day(one.month)) for one in periods(uow)]


def open_on(uow: Uow, day: dt.date) -> Iterator[Open]:
    """Everything that was open at the end of the day, customer by customer."""
    closed = closings(uow)
    claims = {party: list(of) for party, of in groupby(open_claims(uow, day, closed), lambda it: it.customer_ident)}
    revalued = {party: list(of) for party, of in groupby(revalued_on(uow, day), lambda it: it.party)}
    for party, items in groupby(open_items(uow, day, closed), lambda it: it.customer_ident):
        for it in items:
            yield Open(
                party,
                it.document_type,
                it.ident,
                it.document_date,
                it.due_date,
                it.currency,
                it.opening,
                it.balance,
                it.ledger_balance,
                it.doubtful,
                it.is_memo,
                it.dunning_level,
            )
        yield from (_claim(claim) for claim in claims.pop(party, ()))
        yield from (_revaluation(it, day) for it in revalued.pop(party, ()))
    for party in sorted({*claims, *revalued}):
        yield from (_claim(claim) for claim in claims.get(party, ()))
        yield from (_revaluation(it, day) for it in revalued.get(party, ()))


def _claim(claim: OpenClaim) -> Open:
    return Open(
        claim.customer_ident,
        "CLAIM",
        claim.claim_ident,
        claim.claimed_on,
        claim.claimed_on,
        claim.currency,
        claim.amount,
        claim.balance,
        claim.balance,
        doubtful=False,
        is_memo=False,
        dunning_level=None,
    )


def _revaluation(it: Revalued, day: dt.date) -> Open:
    return Open(
        it.party,
        "REVALUATION",
        "",
        day,
        day,
        it.currency,
        ZERO,
        ZERO,
        it.amount,
        doubtful=False,
        is_memo=False,
        dunning_level=None,
    )


_ON = {
    "DEBTOR": ("Debitor", "Debtor"),
    "CREDITOR": ("Kreditor", "Creditor"),
    "DOUBTFUL": ("Zweifelhaft", "Doubtful"),
    "MEMO": ("Memo", "Memo"),
}


def account_of(item: Open) -> str:
    """On which account it stands: the customer's, the partner's, that of doubtful receivables; a deposit without receivable on none."""
    if item.doubtful:
        return "DOUBTFUL"
    if item.is_memo:
        return "MEMO"
    return "CREDITOR" if item.kind in VENDOR else "DEBTOR"


@report_kind(
    "OPEN_ITEMS",
    "Offene Posten",
    "Open items",
    [
        Heading("customer", "TEXT", "Kunde", "Customer"),
        Heading("kind", "TEXT", "Art", "Type"),
        Heading("ident", "TEXT", "Beleg", "Document"),
        Heading("account", "TEXT", "Konto", "Account"),
        Heading("document_date", "DATE", "Belegdatum", "Document date"),
        Heading("due_date", "DATE", "Fällig am", "Due on"),
        Heading("days_overdue", "COUNT", "Tage überfällig", "Days overdue"),
        Heading("dunning_level", "COUNT", "Mahnstufe (heute)", "Dunning level (today)"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("opening", "AMOUNT", "Ursprünglich", "Opening"),
        Heading("balance", "AMOUNT", "Offen", "Open"),
        Heading("ledger_balance", "AMOUNT", "Offen in Buchwährung", "Open in ledger currency", is_summed=True),
    ],
)
def open_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """As of the last day of the month."""
    ledger = tenant_settings(uow).ledger_currency
    for it in open_on(uow, month.last):
        yield (
            it.customer_ident,
            it.kind,
            it.ident,
            month.said(_ON[account_of(it)]),
            it.document_date,
            it.due_date,
            max((month.last - it.due_date).days, 0),
            it.dunning_level,
            it.currency,
            shown(it.opening, it.currency),
            shown(it.balance, it.currency),
            shown(it.ledger_balance, ledger),
        )


BUCKETS: Final = ((0, "0"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
"""Days overdue up to which a column goes; what is older is in the last one."""


def bucket(days: int) -> int:
    """The column of what is so many days overdue: 0 what is not due yet or is today."""
    return next((place for place, (most, _) in enumerate(BUCKETS) if days <= most), len(BUCKETS))


@report_kind(
    "AGEING",
    "Altersstruktur",
    "Ageing",
    [
        Heading("customer", "TEXT", "Kunde", "Customer"),
        Heading("currency", "TEXT", "Buchwährung", "Ledger currency"),
        Heading("items", "COUNT", "Posten", "Items"),
        Heading("total", "AMOUNT", "Offen", "Open", is_summed=True),
        Heading("not_due", "AMOUNT", "Nicht fällig", "Not due", is_summed=True),
        Heading("days_30", "AMOUNT", "1-30 Tage", "1-30 days", is_summed=True),
        Heading("days_60", "AMOUNT", "31-60 Tage", "31-60 days", is_summed=True),
        Heading("days_90", "AMOUNT", "61-90 Tage", "61-90 days", is_summed=True),
        Heading("older", "AMOUNT", "Über 90 Tage", "Over 90 days", is_summed=True),
    ],
)
def ageing_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """By customer, in the ledger's currency, by days overdue on the last day of the month."""
    ledger = tenant_settings(uow).ledger_currency
    for party, items in groupby(open_on(uow, month.last), lambda it: it.customer_ident):
        sums, count = [ZERO] * (len(BUCKETS) + 1), 0
        for it in items:
            count += 1
            sums[bucket((month.last - it.due_date).days)] += it.ledger_balance
        yield party, ledger, count, shown(sum(sums, ZERO), ledger), *(shown(amount, ledger) for amount in sums)

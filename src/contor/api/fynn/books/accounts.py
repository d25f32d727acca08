"""The chart of accounts and what was posted on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.books.answers import (
    AccountShown,
    AccountsMeta,
    AccountsShown,
    AccountTypeName,
    ContraShown,
    Pagination,
    PostingShown,
)
from contor.api.fynn.lists import part_of
from contor.api.fynn.manners import known_when, money
from contor.api.fynn.payments import customer_paths
from contor.bookkeeping import chart, entries
from contor.bookkeeping.entries import BookingEntry
from contor.bookkeeping.roles import Role
from contor.kernel.operations import operation
from contor.payments.gateways import providers_of_money
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow

_EUROPE: Final = (
    Role.REVENUE_INTRA_COMMUNITY,
    Role.REVENUE_REVERSE_CHARGE_EU,
    Role.REVENUE_TRIANGULAR,
    Role.REVENUE_OSS_GOODS,
    Role.REVENUE_OSS_DIGITAL,
    Role.REVENUE_OSS_SERVICE,
)
_FREE: Final = (
    Role.REVENUE_THIRD_COUNTRY,
    Role.REVENUE_EXPORT,
    Role.REVENUE_EXEMPT,
    Role.REVENUE_ZERO_RATED,
    Role.REVENUE_SMALL_BUSINESS,
    Role.REVENUE_REVERSE_CHARGE_DOMESTIC,
)
TYPES: Final[Mapping[Role, AccountTypeName]] = {
    Role.BANK: "bankAccount",
    Role.REVENUE_19: "revenueGermany",
    Role.REVENUE_16: "revenueGermany",
    Role.REVENUE_7: "revenueGermanyReduced",
    Role.REVENUE_5: "revenueGermanyReduced",
    Role.BANK_FEES: "bankFees",
    Role.DEFERRED_INCOME: "passiveDeferral",
    Role.RECEIVABLES: "debtor",
    **dict.fromkeys(_EUROPE, "revenueEurope"),
    **dict.fromkeys(_FREE, "revenueTaxFree"),
    **{role: "salesDeductionAccount" for role in Role if role.name.startswith(("REDUCTION_", "CASH_DISCOUNT_"))},
}
_PROVIDERS: Final[Mapping[str, AccountTypeName]] = {
    "PAYPAL": "paypal",
    "STRIPE": "stripe",
    "SEPA_FILE": "sepaDebit",
    "GOCARDLESS": "goCardless",
}


@dataclass(frozen=True, slots=True)
class WholeChart:
    """The caller's tenant's."""

    page: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class ListPostings:
    query: ListQuery


@operation("fynn.account_list", permission="bookkeeping.read", reads=True)
def list_accounts(uow: Uow, command: WholeChart) -> AccountsShown:
    """Every account of the chart, by number; those of customers are not of it."""
    types: dict[int, AccountTypeName] = {
        account.number: TYPES.get(role, "ledgerAccount") for role, account in chart.chart_of(uow).items()
    }
    types |= {number: _PROVIDERS[name] for number, name in providers_of_money(uow).items() if name in _PROVIDERS}
    shown = tuple(
        [
            AccountShown(
                id=f"{one.account_number}-{one.currency}",
                name=one.name,
                number=str(one.account_number),
                type=types.get(one.account_number, "ledgerAccount"),
            )
            for one in chart.whole_chart(uow)
        ]
    )
    found, page = part_of(shown, command.page, command.limit)
    pages = Pagination(
        total_items=page.total,
        items_per_page=page.size,
        current_page=page.number + 1,
        last_page=max(page.pages, 1),
        page_total_items=len(found),
    )
    return AccountsShown(data=found, meta=AccountsMeta(pagination=pages))


@operation("fynn.posting_list", permission="bookkeeping.read", reads=True)
def list_postings(uow: Uow, command: ListPostings) -> Page:
    """In the order in which they were written."""
    page = entries.list_entries(uow, entries.ListEntries(command.query))
    found = [one for one in page.items if isinstance(one, BookingEntry)]
    customers = customer_paths(uow, {one.customer_ident for one in found if one.customer_ident})
    return replace(page, items=tuple([_posting(one, customers) for one in found]))


def _posting(one: BookingEntry, customers: Mapping[str, str]) -> PostingShown:
    return PostingShown(
        id=one.id,
        entry=str(one.entry_id),
        account=str(one.account),
        type="debit" if one.debit_credit_indicator == "DEBIT" else "credit",
        amount=money(one.amount, one.currency),
        contra_accounts=tuple(
            [
                ContraShown(
                    account=str(it.account),
                    type="debit" if it.debit_credit_indicator == "DEBIT" else "credit",
                    amount=money(it.amount, one.currency),
                )
                for it in one.contra_entries
            ]
        ),
        posting_date=known_when(one.booking_date),
        document_date=known_when(one.document_date),
        transaction=one.business_transaction.value.lower(),
        text=one.text,
        document_number=one.document_ident,
        customer=customers.get(one.customer_ident or ""),
        dimension={"costCentre1": one.cost_centre} if one.cost_centre else {},
        tax_key=one.tax_key,
        country_code=one.country,
        reversal_of=str(one.reversal_of) if one.reversal_of is not None else None,
        created_at=known_when(one.posted_at),
    )

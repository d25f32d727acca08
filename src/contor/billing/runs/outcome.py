"""What a batch of a run is asked, and its outcome. Pure."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from contor.documents.judge import IssuedDocument
from contor.kernel.money import ZERO
from contor.kernel.shapes import Money, shape


@shape
class BillNext:
    cutoff: dt.datetime
    """What is due before this instant; fixed when a run begins."""
    after: str = ""
    """Customers behind this ident, in their order."""
    limit: int = 250
    only: tuple[str, ...] | None = None
    """Of these customers those who have something due."""
    is_asked_for: bool = False
    """Someone asked for these customers by name: neither a billing stop nor the tenant's bounds keep them from being billed."""
    is_detailed: bool = False
    """Say what each customer is billed."""
    is_preview: bool = False
    """Of a run that someone holds, to be undone: it takes the customers that wait for its approval, and shows what those who are beyond
    the tenant's bounds would be billed."""
    foresees: bool = False
    """As if it were later, to be undone: a currency has its newest rate where that of the day is not there yet."""


@shape
class Sum:
    """Of one currency; credit memos count negative, and so does what partners earn."""

    currency: str
    documents: int
    net: Money
    tax: Money
    gross: Money


@shape
class TaxSum:
    """Of one currency and tax group, signed as `Sum`."""

    currency: str
    category_code: str
    rate: Decimal
    net: Money
    tax: Money


@shape
class BilledLine:
    """What one option, line or allowance of a contract or order comes to, on its agreed side; credits are negative."""

    holder_ident: str
    origin_ident: str
    kind: str
    currency: str
    total: Decimal
    net: Decimal | None = None
    """With `tax` and `gross` as it stands on documents; None: kept by a former release."""
    tax: Decimal = ZERO
    gross: Decimal | None = None
    periods: int = 0
    """Of how many billing periods."""
    share: Decimal = ZERO
    """Of them together: 1.5 for a whole one and a half."""
    quantity: Decimal | None = None
    """As agreed, of the last of them."""


CustomerStatus = Literal["PREVIEWED", "BILLED", "FAILED", "PARKED", "CHANGED"]


@shape
class CustomerBill:
    """What a customer is billed in a run. CHANGED: something else than was previewed; it is left to the next run."""

    customer_ident: str
    status: CustomerStatus
    items: int = 0
    documents: int = 0
    sums: tuple[Sum, ...] = ()
    taxes: tuple[TaxSum, ...] = ()
    lines: tuple[BilledLine, ...] = ()
    fingerprint: str = ""
    """Of everything that the documents say; equal for the same bill."""
    reason: str | None = None


@shape
class BilledBatch:
    """Outcome of a batch. `last`: the ident behind which the next batch begins; None: nothing was due."""

    last: str | None
    customers: int = 0
    documents: int = 0
    billed: int = 0
    """Items on documents, or of no value."""
    waiting: int = 0
    """Items proposed now and due later."""
    failed: int = 0
    parked: tuple[str, ...] = ()
    sums: tuple[Sum, ...] = ()
    bills: tuple[CustomerBill, ...] = ()
    """Where details were asked for."""
    awaited: int = 0
    """Items for which others wait that can be billed now: deposits for their lines, usages that were billed anew for what corrects them."""


def sum_of(draft: IssuedDocument) -> Sum:
    totals, sign = draft.document.totals, sign_of(draft)
    return Sum(
        currency=draft.document.currency, documents=1, net=sign * totals.net, tax=sign * totals.tax, gross=sign * totals.gross
    )


def added(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """The sums of each currency."""
    found: dict[str, tuple[int, Decimal, Decimal, Decimal]] = {}
    for one in sums:
        count, net, tax, gross = found.get(one.currency, (0, ZERO, ZERO, ZERO))
        found[one.currency] = (count + one.documents, net + one.net, tax + one.tax, gross + one.gross)
    return tuple(
        Sum(currency=currency, documents=count, net=net, tax=tax, gross=gross)
        for currency, (count, net, tax, gross) in sorted(found.items())
    )


def taxes_of(drafts: Iterable[IssuedDocument]) -> Iterable[TaxSum]:
    for draft in drafts:
        sign = sign_of(draft)
        for group in draft.document.taxes:
            yield TaxSum(
                currency=draft.document.currency,
                category_code=group.category_code,
                rate=group.rate,
                net=sign * group.base,
                tax=sign * group.amount,
            )


def added_taxes(sums: Iterable[TaxSum]) -> tuple[TaxSum, ...]:
    """The sums of each currency and tax group."""
    found: dict[tuple[str, str, Decimal], tuple[Decimal, Decimal]] = {}
    for one in sums:
        key = (one.currency, one.category_code, one.rate)
        net, tax = found.get(key, (ZERO, ZERO))
        found[key] = (net + one.net, tax + one.tax)
    return tuple(
        TaxSum(currency=currency, category_code=category, rate=rate, net=net, tax=tax)
        for (currency, category, rate), (net, tax) in sorted(found.items())
    )


def sign_of(draft: IssuedDocument) -> int:
    """+1 where it is owed to us, -1 where by us."""
    return -draft.document.sign if draft.document.is_self_billing else draft.document.sign

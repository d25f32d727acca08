"""Before documents are issued: what each customer would be billed, whether it is what was previewed, and whether it is beyond bounds.
Pure.

Source: accounting reference 9 ("concurrent change", "parking").
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.billing.items import Item
from contor.billing.papers import Paper
from contor.billing.runs.outcome import BilledLine
from contor.kernel.money import ZERO
from contor.kernel.shapes import shape


@shape
class Bounds:
    """Whom a run parks before it bills something that cannot be right. None: no bound."""

    most_documents: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """For one customer in one run."""
    most_times_last: Annotated[Decimal, Field(gt=1, le=10_000, max_digits=9, decimal_places=4)] | None = None
    """What is billed is at most so many times what the customer was billed last, currency by currency."""
    refuses_zero_after_price: bool = False
    """A recurring option that cost something costs nothing now."""


NO_BOUNDS = Bounds()


class Draft(NamedTuple):
    """What a customer would be billed."""

    documents: int
    items: tuple[Item, ...]
    fingerprint: str

    @property
    def totals(self) -> dict[str, Decimal]:
        """Per currency, on the agreed side; credits are negative."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for item in self.items:
            found[item.header.currency] += _signed(item)
        return found


def _signed(item: Item) -> Decimal:
    return -item.row.total if item.type == "CREDIT" else item.row.total


def drafts_of(papers: Iterable[Paper], due: Iterable[Item]) -> dict[str, Draft]:
    """By customer; items that stand on no paper, because they cost nothing, count too."""
    found: dict[str, list[Paper]] = defaultdict(list)
    items: dict[str, list[Item]] = defaultdict(list)
    for paper in papers:
        found[paper.request.customer_detail.customer_ident].append(paper)
    for item in due:
        items[item.header.customer_ident].append(item)
    return {customer: Draft(len(found[customer]), tuple(own), fingerprint(found[customer])) for customer, own in items.items()}


def fingerprint(papers: Sequence[Paper]) -> str:
    """SHA-256 of all that the documents of a customer will say, in hex. What is drawn anew for each attempt (numbers of items) is left
    out: the same bill has the same fingerprint, another one has another."""
    said = hashlib.sha256()
    for paper in papers:
        request = paper.request
        said.update(
            f"{paper.document_type}|{request.document_date}|{paper.items[0].header}|{request.related_document_idents}".encode()
        )
        for item in paper.items:
            key = (
                item.contract_ident,
                item.origin_type,
                item.origin_ident,
                item.kind,
                item.period_start,
                item.period_end,
                item.sequence,
                item.type,
                item.business_case,
                item.credited_document,
                item.row,
            )
            said.update(repr(key).encode())  # repr of a Decimal keeps its digits: 1.0 and 1.00 are different bills
        for row in request.items:
            said.update(repr(row.tax_detail).encode())
    return said.hexdigest()


def lines_of(items: Iterable[Item]) -> tuple[BilledLine, ...]:
    """What each option, line or allowance comes to."""
    found: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    for item in items:
        found[item.contract_ident, item.origin_ident, item.kind, item.header.currency] += _signed(item)
    return tuple(
        BilledLine(holder_ident=holder, origin_ident=origin, kind=kind, currency=currency, total=total)
        for (holder, origin, kind, currency), total in sorted(found.items())
    )


class Last(NamedTuple):
    """What a customer was billed last."""

    totals: Mapping[str, Decimal]
    """By currency, on the agreed side."""
    priced: frozenset[tuple[int, str]]
    """Options of contracts that cost something."""


NOTHING_YET = Last({}, frozenset())


def beyond(draft: Draft, bounds: Bounds, last: Last) -> str | None:
    """Why a customer is parked rather than billed; None: it is billed."""
    if bounds.most_documents is not None and draft.documents > bounds.most_documents:
        return f"{draft.documents} documents, at most {bounds.most_documents} are expected"
    if bounds.most_times_last is not None:
        for currency, total in sorted(draft.totals.items()):
            before = last.totals.get(currency, ZERO)  # the first bill has nothing to be compared with
            if before > 0 and total > before * bounds.most_times_last:
                return f"{total} {currency} are more than {bounds.most_times_last} times the {before} billed last"
    if bounds.refuses_zero_after_price:
        for item in draft.items:
            if item.kind == "RECURRING" and not item.row.total and (item.contract_id, item.origin_ident) in last.priced:
                return f"contract {item.contract_ident}: option {item.origin_ident} costs nothing from {item.period_start}"
    return None

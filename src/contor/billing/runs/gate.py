"""Before documents are issued: what each customer would be billed, whether it is beyond bounds, and whether there are numbers for it.
Pure.

Source: accounting reference 9 ("concurrent change", "parking").
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.billing.items import Item
from contor.billing.papers import Paper
from contor.billing.runs.outcome import BilledLine, sign_of
from contor.documents.judge import IssuedDocument
from contor.kernel.money import ZERO, counted, worded
from contor.kernel.shapes import shape


@shape
class Bounds:
    """Whom a run parks before it bills something that cannot be right; what is not said is no bound."""

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

    @property
    def totals(self) -> dict[str, Decimal]:
        """Per currency, on the agreed side; credits are negative."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for item in self.items:
            found[item.header.currency] += _signed(item)
        return found


def _signed(item: Item) -> Decimal:
    if item.is_settled:
        return ZERO
    return -item.row.total if item.type == "CREDIT" else item.row.total


def drafts_of(papers: Iterable[Paper], due: Iterable[Item]) -> dict[str, Draft]:
    """By customer; items that stand on no paper, because they cost nothing, count too."""
    found: dict[str, list[Paper]] = defaultdict(list)
    items: dict[str, list[Item]] = defaultdict(list)
    for paper in papers:
        found[paper.request.customer_detail.customer_ident].append(paper)
    for item in due:
        items[item.header.customer_ident].append(item)
    return {customer: Draft(len(found[customer]), tuple(own)) for customer, own in items.items()}


def short_of_numbers(documents: Iterable[IssuedDocument], left: Mapping[tuple[str, int, str], int]) -> dict[str, str]:
    """Customer: why it gets no documents, because a counter that ends (`left`: by counter, year and company) has too few numbers for all of
    them. In the order of the customers, so that the first ones still get theirs."""
    if not left:
        return {}
    wanted: dict[str, Counter[tuple[str, int, str]]] = defaultdict(Counter)
    ends: dict[tuple[str, int, str], int | None] = {}
    for one in documents:
        if one.series is not None:
            key = (one.series.counter_ident, one.series.year(one.document.document_date), one.series.legal_entity)
            wanted[one.document.customer_ident][key] += 1
            ends[key] = one.series.counter.upper_limit
    rest, found = dict(left), {}
    for customer, needed in sorted(wanted.items()):
        missing = next((key for key, count in sorted(needed.items()) if count > rest.get(key, count)), None)
        if missing is None:
            rest = {key: count - needed[key] for key, count in rest.items()}
            continue
        has = f"{rest[missing]} left" if rest[missing] else "none left"
        found[customer] = (
            f"the document numbers of counter {missing[0]} end at {ends[missing]}: {needed[missing]} needed, {has};"
            " raise its upper limit, or let another counter number these documents"
        )
    return found


def lines_of(items: Sequence[Item], documents: Iterable[IssuedDocument]) -> tuple[BilledLine, ...]:
    """What each option, line or allowance comes to. What stands on documents and on no row (a tax that is rounded for the whole group)
    belongs to their first line; what bills no item, the correction of a deposit, is a line of its own. So the lines add up to the
    documents."""
    found: dict[LineKey, list[Item]] = defaultdict(list)
    keys: dict[str, LineKey] = {}
    for item in items:
        key = (item.contract_ident, item.origin_ident, item.kind, item.header.currency)
        found[key].append(item)
        keys[f"i-{item.item_id}"] = key
    amounts: dict[LineKey, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for one in documents:
        totals = one.document.totals
        net, tax, first = totals.net, totals.tax, None
        for row in one.document.items:
            if (of := keys.get(row.ident)) is not None:
                sign = -1 if row.is_credit else 1
                net, tax, first = net - sign * row.total.net, tax - sign * row.total.tax, first or of
                amounts[of] = _plus(amounts[of], sign_of(one) * sign, row.total.net, row.total.tax)
        rest = first or ("", one.document.document_type.value, "DOCUMENT", one.document.currency)
        amounts[rest] = _plus(amounts[rest], sign_of(one), net, tax)
    return tuple(_line(key, found.get(key, ()), *amounts[key]) for key in sorted(found.keys() | amounts.keys()))


LineKey = tuple[str, str, str, str]


def _plus(before: tuple[Decimal, Decimal], sign: int, net: Decimal, tax: Decimal) -> tuple[Decimal, Decimal]:
    return before[0] + sign * net, before[1] + sign * tax


def _line(key: LineKey, items: Sequence[Item], net: Decimal, tax: Decimal) -> BilledLine:
    holder, origin, kind, currency = key
    periods = {item.period_start: item.row for item in items if item.origin_type != "LINE_ITEM"}
    last = periods[max(periods)] if periods else None
    return BilledLine(
        holder_ident=holder,
        origin_ident=origin,
        kind=kind,
        currency=currency,
        total=sum([_signed(item) for item in items], ZERO),
        net=net,
        tax=tax,
        gross=net + tax,
        periods=len(periods),
        share=sum([Decimal(1) if row.share is None else row.share for row in periods.values()], ZERO),
        quantity=None if last is None else last.ordered,
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
        return f"{counted(draft.documents, 'document')}, at most {counted(bounds.most_documents, 'is', 'are')} expected"
    if bounds.most_times_last is not None:
        for currency, total in sorted(draft.totals.items()):
            before = last.totals.get(currency, ZERO)  # the first bill has nothing to be compared with
            if before > 0 and total > before * bounds.most_times_last:
                return f"{worded(total, currency)} are more than {bounds.most_times_last} times the {worded(before, currency)} billed last"
    if bounds.refuses_zero_after_price:
        for item in draft.items:
            if item.kind == "RECURRING" and not item.row.total and (item.contract_id, item.origin_ident) in last.priced:
                return f"contract {item.contract_ident}: option {item.origin_ident} costs nothing from {item.period_start}"
    return None

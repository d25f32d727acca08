"""From billable items to documents: what must stand on papers of its own, what may stand together, in which order. Pure.

Source: platform API 2.2 and 4.1; accounting reference 9 ("split", "negative group", "zero", "order").
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from contor.billing.items import CREDITS, Item, family_of
from contor.billing.papers.beside import beside, with_instead
from contor.billing.papers.deductions import affordable, with_deposits, with_reduced
from contor.billing.papers.requests import paper_of
from contor.billing.papers.types import NO_DEPOSITS, Deposits, Paper, Switches, TaxedItem
from contor.documents.types import DocumentType
from contor.settings.groups import Days

MOST_ROWS = 100


def split_key(taxed: TaxedItem, switches: Switches) -> tuple[object, ...]:
    """Items with the same key stand on one document. The key orders the documents of a customer."""
    item, row = taxed.item, taxed.item.row
    # what an invoice says once, in its header, or what all of its rows share, for its totals are taxed in one way (accounting
    # reference 9, "split")
    mandatory = (
        _said(item),
        row.tax_location.country,
        row.tax_location.region or "",
        row.tax_scheme,
        row.basis,
        taxed.tax.category_code == "O",  # not beside another category (BR-O-11 to BR-O-14)
        item.credited_document or "",
        family_of(item.business_case),
        item.origin_ident if item.kind == "DEPOSIT" else "",
    )
    place = row.performance_location
    switched = (
        item.business_case if switches.business_case else "",
        item.segment_ident if switches.business_segment else "",
        item.contract_ident if switches.contract else "",
        (place.country, place.region or "", place.city or "") if switches.performance_location else "",
        (item.period_start.isoformat(), item.period_end.isoformat()) if switches.service_billing_period else "",
    )
    return mandatory + tuple(map(str, switched))


def _said(item: Item) -> tuple[str, ...]:
    return tuple(["" if value is None else str(value) for value in item.header])


def _account(taxed: TaxedItem, switches: Switches) -> tuple[object, ...]:
    """Of what pays, and of what it may pay for. What pays bears no tax: it pays whatever the tax, the side and the place of the rows are
    (accounting reference 1.5: BT-113)."""
    item = taxed.item
    switched = (
        item.business_case if switches.business_case else "",
        item.segment_ident if switches.business_segment else "",
        item.contract_ident if switches.contract else "",
    )
    return item.header.customer_ident, item.header.billing_group_ident, _said(item), family_of(item.business_case), *switched


def split(
    items: Iterable[TaxedItem],
    switches: Mapping[str, Switches],
    days: Days,
    first_open: dt.date,
    deposits: Deposits = NO_DEPOSITS,
    apart: Collection[int] = (),
) -> tuple[list[Paper], frozenset[int]]:
    """The documents, in one order for the same input: customers by ident, then by key; rows by contract, option, period, origin. And
    the items that only pay, or reduce an order, and find no invoice: they wait for one. A document that would come to less than nothing
    is a credit memo. `apart`: credits that stand on no document of what is charged."""
    groups: dict[tuple[object, ...], list[TaxedItem]] = {}
    paying: dict[tuple[object, ...], list[TaxedItem]] = {}

    def key_of(taxed: TaxedItem) -> object:
        return split_key(taxed, switches[taxed.item.header.billing_group_ident])

    for taxed in beside(with_instead(items, key_of, apart), key_of):
        if taxed.item.kind == "USAGE_CORRECTION" and not taxed.item.row.total:
            continue  # usages that come to what was billed already: there is nothing to show
        if taxed.item.is_settled:
            continue
        header = taxed.item.header
        if taxed.item.row.pays:
            paying.setdefault(_account(taxed, switches[header.billing_group_ident]), []).append(taxed)
            continue
        key = (header.customer_ident, header.billing_group_ident, *split_key(taxed, switches[header.billing_group_ident]))
        groups.setdefault(key, []).append(taxed)
    for several in paying.values():
        several.sort(key=_row_order)
    papers: list[Paper] = []
    waiting: list[int] = []
    left = dict(deposits)
    for key in sorted(groups):
        rows = sorted(groups[key], key=_row_order) if len(groups[key]) > 1 else groups[key]
        rows, early = with_reduced(rows)
        waiting += [taxed.item.item_id for taxed in early]
        first = groups[key][0]
        group = switches[first.item.header.billing_group_ident]
        of_nothing = all(not taxed.item.row.total for taxed in rows)
        if of_nothing and (not group.issue_zero or all(not taxed.item.row.quantity for taxed in rows)):
            continue  # nothing is owed, or nothing was supplied ("zero")
        account = _account(first, group) if paying else ()
        # an invoice of nothing has nothing to be paid, and what is asked for in advance or given back is paid by nothing else
        is_paid = not (of_nothing or first.item.kind == "DEPOSIT" or first.item.credited_document)
        for start, end in _cuts(rows):
            pays = affordable(rows[start:end], paying.get(account, [])) if is_paid else []
            paper = paper_of(rows[start:end], pays, days, first_open)
            if paper.document_type is DocumentType.INVOICE:
                if pays:
                    paying[account] = [taxed for taxed in paying[account] if taxed not in pays]
                paper = with_deposits(paper, rows[start:end], left)
            papers.append(paper)
    waiting += [taxed.item.item_id for left_over in paying.values() for taxed in left_over]
    return papers, frozenset(waiting)


def _row_order(taxed: TaxedItem) -> tuple[object, ...]:
    item = taxed.item
    return *_supply(taxed), item.origin_type == "ALLOWANCE", item.sequence, item.origin_ident, item.item_id


def _supply(taxed: TaxedItem) -> tuple[object, ...]:
    """A row of an option and its allowances have the same: they stand on one document, one after another."""
    item = taxed.item
    sequence = item.sequence // CREDITS if item.kind == "CREDIT" else item.sequence
    return item.contract_ident, item.row.option_order, item.period_start, sequence


def _cuts(rows: Sequence[TaxedItem]) -> Iterator[tuple[int, int]]:
    """Where documents begin and end: as many rows as may stand on one, and no allowance without its option."""
    start = 0
    while len(rows) - start > MOST_ROWS:
        end = start + MOST_ROWS
        if rows[end].item.origin_type == "ALLOWANCE":  # back to where its option begins
            end = next((n for n in range(end, start, -1) if _supply(rows[n - 1]) != _supply(rows[n])), end)
        yield start, end
        start = end
    yield start, len(rows)

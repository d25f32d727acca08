"""Correct what is billed, as the billing group says: row by row, or the whole document and what remains of it anew.

Source: platform API 2.2 (`documentCorrectionMode`) and 4.5; accounting reference 9 ("backdating").
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.billing.corrections.limits import rests_of
from contor.billing.items import BillableRow, Stored, bill_anew, document_ids, give_back, stored_items
from contor.documents.queries import final_invoices
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.queries import billing_groups, days_of_groups

DAY = dt.timedelta(days=1)


class Change(NamedTuple):
    """A billed item and what of it shall stand."""

    stored: Stored
    keep: Decimal
    since: dt.date | None = None
    """From this day on it is given back."""
    anew: BillableRow | None = None
    """Another row in the place of what is given back."""
    stands_beside: bool = False
    """It is given back on the document of what is charged instead."""


def correct(uow: Uow, changes: Sequence[Change]) -> None:
    """Reduce billed items to what shall stand of them, or put another row in their place."""
    groups = billing_groups(uow).items()
    whole = {ident for ident, group in groups if group.document_correction_mode == "DOCUMENT_BASED"}
    finals = final_invoices(uow, document_ids(change.stored for change in changes if change.stored.row.of_order))
    by_document = {
        change.stored.row.item_id: change
        for change in changes
        if change.stored.row.billing_group_ident in whole and change.stored.row.document_id not in finals
    }
    replace_rows(uow, [change for change in changes if change.stored.row.item_id not in by_document])
    if by_document:
        replace_documents(uow, by_document)


def replace_rows(uow: Uow, changes: Iterable[Change]) -> None:
    """Give back what shall not stand of each item, and bill what takes its place."""
    for change in changes:
        amount = change.stored.left - change.keep
        give_back(uow, change.stored, amount, change.since, stands_beside=change.stands_beside)
        if change.anew is not None:
            bill_anew(uow, change.stored, change.anew)


def replace_documents(uow: Uow, changes: Mapping[int, Change]) -> None:
    """Reverse every row of the documents on which the items (by number) stand, and bill again what remains of each; as supplied when it
    was."""
    papers = sorted(document_ids(change.stored for change in changes.values()))
    items, days = stored_items(uow, "i.document_id = ANY (%s)", papers), days_of_groups(uow)
    rests = rests_of(uow, items)
    for stored in items:
        left = stored.left
        if left <= ZERO or stored.content.pays:
            continue  # a payment is no supply: no correction takes it back
        change = changes.get(stored.row.item_id) or Change(stored, left)
        # what credits by hand took of what shall stand is neither taken back nor billed again
        beside = min(change.keep, left - rests[stored.row.item_id])
        give_back(uow, stored, left - beside, None, "CORRECTION_CANCELLATION")
        if change.anew is not None:
            bill_anew(uow, stored, change.anew)
            continue
        row, keep = _supplied(stored, days.zone(stored.row.billing_group_ident)), min(left, change.keep) - beside
        if keep > ZERO:
            bill_anew(uow, stored, row if keep == row.total else part_of(row, keep, change.since))


def _supplied(stored: Stored, zone: ZoneInfo) -> BillableRow:
    """The row of a billed item. One that says no day was supplied, and is taxed, on the day on which it was billed first."""
    row = stored.content
    if row.tax_date is not None:
        return row
    assert stored.row.processed_at is not None  # it is billed
    billed_on = stored.row.processed_at.astimezone(zone).date()
    return replace(row, tax_date=billed_on, delivery_date=billed_on if row.service_end is None else None)


def part_of(row: BillableRow, amount: Decimal, until: dt.date | None = None) -> BillableRow:
    """A row of another amount, until a day where it is a part of a period: then its supply is completed earlier, too."""
    shortened = until is not None and row.service_start is not None and row.service_start < until
    if shortened and until is not None and row.tax_date is not None:
        row = replace(row, tax_date=min(row.tax_date, until - DAY))
    return replace(
        row,
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=amount,
        price_base=None,
        total=amount,
        extras=(),
        post_tax=(),
        service_end=until if shortened else row.service_end,
        price_calculation_basis=None,
    )


def put_in_place(uow: Uow, billed: Sequence[Stored], row: BillableRow) -> None:
    """Bill a row in the place of items that are billed (of one origin and period): the difference where only the amount differs and
    the group corrects row by row (final invoices always are), else everything back and the row anew."""
    ident = billed[0].row.billing_group_ident
    group = billing_groups(uow, [ident]).get(ident)
    last = billed[-1]
    by_document = group is not None and group.document_correction_mode == "DOCUMENT_BASED"
    whole = by_document and not final_invoices(uow, document_ids(billed))
    if whole or not _differ_in_amount_only(last.content, row):
        correct(uow, [*(Change(stored, ZERO) for stored in billed[:-1]), Change(last, ZERO, anew=row)])
        return
    more = row.total - sum((stored.left for stored in billed), ZERO)
    if more > ZERO:
        bill_anew(uow, last, part_of(row, more))
    less = -more
    for stored in reversed(billed):  # the latest first: what was billed first stands longest
        taken = min(less, stored.left)
        if taken > ZERO:
            correct(uow, [Change(stored, stored.left - taken)])
            less -= taken


def _differ_in_amount_only(before: BillableRow, now: BillableRow) -> bool:
    # a place that neither states is that of what was billed, wherever its contract or order is by now
    unstated = {name: getattr(before, name) for name in before.follows if name in now.follows}
    return _without_amounts(before) == _without_amounts(replace(now, **unstated))


def _without_amounts(row: BillableRow) -> BillableRow:
    return replace(
        row,
        quantity=ZERO,
        quantity_type="PC",
        unit_price=ZERO,
        price_base=None,
        total=ZERO,
        extras=(),
        post_tax=(),
        follows=(),
        price_calculation_basis=None,
    )

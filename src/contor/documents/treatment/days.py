"""The days on which the rows of a document were completed, where they are several: each decides the VAT period of its own part. Pure.

Source: accounting reference 6.1 and 7. What no row says goes along with the rows: allowances and charges of the document by their size, as
among tax groups; what deposits paid before, in proportion to what it pays.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from contor.documents.treatment.of_rows import GroupShares, ShareKey
from contor.documents.treatment.rules import row_rule
from contor.documents.treatment.types import Treatment
from contor.documents.types import Document, DocumentItem, completed_on
from contor.kernel.money import ZERO, round_amount, split

Days = dict[dt.date, Decimal]
"""Net by the day on which it was supplied."""


def has_several_days(document: Document) -> bool:
    """Whether its rows have VAT periods of their own. A tax date that is none of theirs is that of all: what is issued anew keeps it."""
    if not document.has_days_of_rows:
        return False
    days = {day_of(document, item) for item in document.items if item.deposit_ident is None and item.total.gross}
    return len(days) > 1 and max(days) == document.tax_date


def day_of(document: Document, item: DocumentItem) -> dt.date:
    """A row that says nothing was supplied on the document's date."""
    return completed_on(item) or document.document_date


def first_supplied(document: Document, rows: Collection[str | None] = ()) -> dt.date:
    """The first day on which something of it was completed: before, no tax of it has arisen that could be corrected. Of these rows, where
    they are among its own."""
    if not has_several_days(document):
        return document.tax_date
    supplied = [item for item in document.items if item.deposit_ident is None and item.total.gross]
    return min(day_of(document, item) for item in [it for it in supplied if it.ident in rows] or supplied)


def nets_by_day(document: Document, shares: GroupShares) -> dict[ShareKey, Days]:
    """Each share of a tax group by the days of its rows."""
    group, found = shares.group, dict[ShareKey, Days]()
    several_taxes = any(len(item.taxes) > 1 for item in document.items)
    items = [it for it in document.items if several_taxes or (it.category_code, it.rate) == (group.category_code, group.rate)]
    rule = row_rule(document, group, items)
    for item in items:
        if item.deposit_ident is None:
            days = found.setdefault((rule(item), item.cost_centre), {})
            day = day_of(document, item)
            days[day] = days.get(day, ZERO) + item.total.net
    for key, net in shares.nets.items():
        days = found.setdefault(key, {document.tax_date: ZERO})
        rest = net - sum(days.values(), ZERO)
        for day, part in zip(days, split(rest, [abs(it) for it in days.values()], document.currency), strict=True):
            days[day] += part
    return found


def days_supplied(document: Document, category_code: str, rate: Decimal) -> Days:
    """What was supplied at a rate on which day; of a rate that no row has, all that was; empty: on one day."""
    if not has_several_days(document):
        return {}
    rows = [item for item in document.items if item.deposit_ident is None and item.total.net > 0]
    days: Days = {}
    for item in [it for it in rows if (it.category_code, it.rate) == (category_code, rate)] or rows:
        day = day_of(document, item)
        days[day] = days.get(day, ZERO) + item.total.net
    return days


def days_by_treatment(nets: Mapping[ShareKey, Days]) -> dict[Treatment, Days]:
    found: dict[Treatment, Days] = {}
    for (treatment, _), days in nets.items():
        together = found.setdefault(treatment, {})
        for day, net in days.items():
            together[day] = together.get(day, ZERO) + net
    return found


def along_days(total: Decimal, days: Days, per_net: Decimal, currency: str) -> list[Decimal]:
    """`total` in proportion to the nets of the days, by largest remainder. Where some are below zero (a return beside a sale) there is no
    proportion: they take what is theirs, `per_net` of each unit, and the others the rest."""
    above, below = ([max(net, ZERO) for net in days.values()], [min(net, ZERO) for net in days.values()])
    theirs = ZERO
    if any(below):
        theirs = round_amount(sum(below, ZERO) * per_net, currency) if any(above) else total
    parts = zip(split(total - theirs, above, currency), split(theirs, below, currency), strict=True)
    return [more + less for more, less in parts]

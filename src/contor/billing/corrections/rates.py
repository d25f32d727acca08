"""Correct the tax of what was billed at the rate of another day: before a rate changed, for a supply that is completed after.

Such tax is provisional: when the supply is completed it is that of the rate of that day, and the invoice that shows another is corrected
(section 27 (1) sentence 3, section 13 (1) no. 1 a sentence 4, section 14c UStG; accounting reference 6.3). The document is reversed at the
rate that it shows, and what stood on it is billed anew: each row at its agreed price, with the rate of its own tax date. Where net prices
were agreed the net stays and the gross changes with the tax. Where gross prices were agreed the gross stays, for section 27 changes what
we owe to the state, not what the customer owes us; the tax is taken out of it at the new rate, and our net changes. (A contract made more
than four months before the change may entitle to a compensation, section 29 UStG: that is agreed with the customer, and billed as such.)
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.billing.corrections.changes import DAY, Change, part_of, replace_documents, replace_rows
from contor.billing.corrections.limits import rests_of
from contor.billing.items import UNTOUCHED, BillableRow, Stored, document_ids, items_where, stored_items
from contor.documents.queries import documents_by_id
from contor.documents.types import Document, DocumentItem
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.places import alpha2
from contor.kernel.shapes import replace, shape
from contor.runtime.uow import Uow
from contor.tax.determine import kind_of, taxed_in
from contor.tax.rates import first_change, rates_of
from contor.tax.rules import Rules, rules_of

JUDGED = ("ONETIME", "RECURRING", "LINE_ITEM", "ALLOWANCE", "USAGE", "USAGE_CORRECTION", "RATED_USAGE")
"""Kinds of items that are supplies to customers. Deposits bear the rate of their receipt until the final invoice."""


@shape
class CorrectRates:
    after: int = 0
    """Documents behind this internal number."""
    limit: int = 250
    """So many documents are looked at."""


@shape
class LeftOut:
    """A row at another rate than that of its tax date, which is to be corrected by hand."""

    document_ident: str
    item_ident: str
    reason: str


@shape
class CorrectedRates:
    """What is corrected; the next run issues it. `last`: behind which the next call goes on; None: everything was looked at."""

    last: int | None
    documents: tuple[str, ...] = ()
    items: int = 0
    """Rows at the rate of another day."""
    left_out: tuple[LeftOut, ...] = ()


class Wrong(NamedTuple):
    """A billed item at the rate of another day."""

    stored: Stored
    document: Document
    completed_on: dt.date
    reason: str | None
    """Why it is left out."""
    left: Decimal = ZERO
    """What no credit has taken of it."""


class Shortened(NamedTuple):
    """From when on an item was given back."""

    related_item_id: int
    since: dt.date


@operation("billing.correct_rates", permission="contracts.write")
def correct_rates(uow: Uow, command: CorrectRates) -> CorrectedRates:
    """Take back documents whose rows were billed at the rate of another day than their tax date, and bill them anew. What is corrected
    once has the right rate: a second call finds nothing."""
    ids = uow.column(
        int,
        "SELECT DISTINCT document_id FROM billable_item WHERE document_id > %s AND processing_status = 'COMPLETED'"
        " AND kind = ANY (%s) AND (content ->> 'tax_date')::date >= %s ORDER BY document_id LIMIT %s",
        (command.after, list(JUDGED), first_change(), command.limit),
    )
    if not ids:
        return CorrectedRates(last=None)
    documents = documents_by_id(uow, ids)
    wrong = _wrong(uow, items_where(uow, "i.document_id = ANY (%s) AND i.kind = ANY (%s)", (ids, list(JUDGED))), documents)
    ours = [one.stored.row.item_id for one in wrong if one.reason is None]
    if ours:  # again, now that no run and no one else changes them
        wrong = [one for one in wrong if one.reason] + _wrong(uow, stored_items(uow, "i.item_id = ANY (%s)", ours), documents)
    due = [one for one in wrong if one.reason is None]
    _correct(uow, due)
    idents = tuple(dict.fromkeys(one.document.ident for one in due))
    for ident in idents:
        uow.audit("document", ident, {"rates_corrected": [_ident(one.stored) for one in due if one.document.ident == ident]})
    left_out = tuple(
        LeftOut(document_ident=one.document.ident, item_ident=_ident(one.stored), reason=one.reason) for one in wrong if one.reason
    )
    return CorrectedRates(last=ids[-1], documents=idents, items=len(due), left_out=left_out)


# helpers in calling order


def _wrong(uow: Uow, items: Sequence[Stored], documents: Mapping[int, Document]) -> list[Wrong]:
    rules = rules_of(uow)
    standing = [stored for stored in items if stored.is_billed and stored.left > ZERO]
    ends = _ends(uow, [stored.row.item_id for stored in standing if stored.credited])
    rows = {number: {row.ident: row for row in document.items} for number, document in documents.items()}
    found = []
    for stored in standing:
        number = stored.row.document_id
        assert number is not None  # what is billed without a document is worth nothing
        document = documents[number]
        row = rows[number].get(_ident(stored))
        day = _completed_on(stored, ends.get(stored.row.item_id))
        if (
            row is None
            or day is None
            or document.is_self_billing
            or not _differs(stored, row, document, day, uow.ctx.today(), rules)
        ):
            continue
        found.append(Wrong(stored, document, day, _why_not(stored, document)))
    rests = rests_of(uow, [one.stored for one in found])
    # of what credits by hand took there is nothing to correct
    return [one._replace(left=rest) for one in found if (rest := rests[one.stored.row.item_id])]


def _ends(uow: Uow, items: Collection[int]) -> dict[int, dt.date]:
    """From when on items were given back, of those whose time was shortened."""
    if not items:
        return {}
    rows = uow.all(
        Shortened,
        "SELECT c.related_item_id, min((c.content ->> 'service_start')::date) AS since FROM billable_item c"
        " JOIN billable_item i ON i.tenant_id = c.tenant_id AND i.item_id = c.related_item_id"
        " WHERE c.related_item_id = ANY (%s) AND c.kind = 'CREDIT' AND c.processing_status <> 'TERMINATED'"
        " AND c.content ->> 'service_start' > i.content ->> 'service_start' GROUP BY 1",
        (list(items),),
    )
    return dict(rows)


def _completed_on(stored: Stored, since: dt.date | None) -> dt.date | None:
    """The last day of what stands of a supply."""
    row = stored.content
    if row.tax_date is None:
        return None
    ends = [end - DAY for end in (row.service_end, since) if end is not None]
    return min([row.tax_date, *ends])


def _differs(stored: Stored, row: DocumentItem, document: Document, day: dt.date, today: dt.date, rules: Rules) -> bool:
    """Whether the row shows another rate than that of its tax date, which is in force. What a stored rule decided is compared with what
    that rule says of the day; what the law decided with the law, whatever rules there are by now."""
    if len(row.taxes) != 1:
        return False
    said = row.taxes[0]
    if said.determined_by is not None:
        now = rules.on(said.determined_by, day)
        return now is not None and now.applicable_from <= today and (now.rate, now.category_code) != (said.rate, said.category_code)
    if said.category_code != "S":
        return False
    here = alpha2(document.seller.address.country) or document.seller.address.country
    place = row.tax_location or stored.content.tax_location
    there = alpha2(place.country) or place.country
    # what crossed the threshold of distance sales is taxed where it goes, whatever its price says
    countries = {taxed_in(here, there, stored.content.tax_scheme), *([there] if row.tax_location is not None else [])}
    rates = [known for country in countries if (known := rates_of(country, day)) is not None and known.applicable_from <= today]
    return bool(rates) and all(said.rate != known.of(kind_of(stored.content.tax_code)) for known in rates)


def _why_not(stored: Stored, document: Document) -> str | None:
    if stored.content.taxes:
        return "its tax was given with the order"
    if stored.row.kind in UNTOUCHED:
        return "usages are billed by what was used: they are credited and recorded anew"
    if document.post_tax_items or any(item.deposit_ident for item in document.items) or document.deposits:
        return "its document was paid by vouchers or deducts deposits"
    return None


def _correct(uow: Uow, wrong: Sequence[Wrong]) -> None:
    """Whole documents; of those that bill usages too only the rows, for what was used stays with the item that bills it."""
    sql = "SELECT DISTINCT document_id FROM billable_item WHERE document_id = ANY (%s) AND kind = ANY (%s)"
    mixed = set(uow.column(int, sql, (sorted(document_ids(one.stored for one in wrong)), list(UNTOUCHED))))
    changes = {one.stored.row.item_id: Change(one.stored, one.stored.left - one.left, anew=_anew(one)) for one in wrong}
    replace_rows(uow, [change for change in changes.values() if change.stored.row.document_id in mixed])
    replace_documents(uow, {number: change for number, change in changes.items() if change.stored.row.document_id not in mixed})


def _anew(one: Wrong) -> BillableRow:
    """What stands of the row, at its agreed price."""
    content = one.stored.content
    row = content if one.left == content.total else part_of(content, one.left, one.completed_on + DAY)
    return replace(row, tax_date=one.completed_on)


def _ident(stored: Stored) -> str:
    return f"i-{stored.row.item_id}"

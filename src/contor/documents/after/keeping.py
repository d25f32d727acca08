"""Whether what was received on deposits and decided off documents is kept as it happened; for who checks."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after.settling import DecidedOff, Receipt
from contor.documents.amounts import discounts_left
from contor.documents.queries import DOCUMENT
from contor.documents.request import discounts_of
from contor.runtime.integrity import linked_among
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Received(NamedTuple):
    document_id: int
    source: str
    received_on: dt.date
    category_code: str
    tax_rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


class _Decided(NamedTuple):
    source: str
    decision: str
    treatment: str
    category_code: str
    tax_rate: Decimal
    country: str | None
    net: Decimal
    tax: Decimal
    gross: Decimal
    ledger_tax: Decimal
    ledger_gross: Decimal


class _Anew(NamedTuple):
    """A document, and what is in its place."""

    document_id: int
    new_document_id: int


def unlike_receipts(uow: Uow, document_ids: Collection[int], receipts: Iterable[Receipt]) -> Iterator[str]:
    """Where the receipts kept of these documents differ from those that happened."""
    happened = Counter(
        _Received(it.document_id, it.source, it.received_on, part.category_code, part.rate, part.net, part.tax, part.gross)
        for it in receipts
        for part in it.parts
    )
    sql = f"SELECT {columns(_Received)} FROM deposit_receipt WHERE document_id = ANY (%s)"
    kept = Counter(uow.all(_Received, sql, (sorted(document_ids),)))
    for row in happened - kept:
        yield f"document {row.document_id}: {row.gross} at {row.tax_rate} % by {row.source} was received, and is not kept"
    for row in kept - happened:
        yield f"document {row.document_id}: {row.gross} at {row.tax_rate} % by {row.source} is kept as received, and was not"


def with_places(uow: Uow, document_ids: Collection[int]) -> dict[int, int]:
    """These documents and those issued in their place or before them, each with the oldest of its line."""
    first = {number: number for number in document_ids}
    rows = _line(uow, first)
    before = {row.new_document_id: row.document_id for row in rows}
    for number in {*first, *before, *before.values()}:
        oldest, passed = number, set[int]()
        while oldest in before and oldest not in passed:  # who tampers may close a circle
            passed.add(oldest)
            oldest = before[oldest]
        first[number] = oldest
    return first


def unlike_discounts(uow: Uow, document_ids: Collection[int], decided: Sequence[DecidedOff]) -> Iterator[str]:
    """Where the reductions kept of these documents differ from those that were decided. `document_ids`: `with_places`, for what is decided
    on a document is kept of the one in its place; a reissue says again what stood on the old one."""
    rows = _line(uow, document_ids)
    # before there was a chain, a reissue said nothing again
    linked = linked_among(uow, DOCUMENT, [row.new_document_id for row in rows])
    granted = discounts_of(uow, [row.document_id for row in rows])
    said_again = [
        DecidedOff(row.new_document_id, discounts_left(granted.get(row.document_id, ())), f"document:{row.new_document_id}")
        for row in rows
        if row.new_document_id in linked
    ]
    happened = Counter(
        _Decided(
            it.source, part.decision, part.treatment, part.category_code, part.rate, part.country,
            part.net, part.tax, part.gross, part.ledger_tax, part.ledger_gross,
        )
        for it in (*decided, *said_again)
        for part in it.parts
    )  # fmt: skip
    sql = f"SELECT {columns(_Decided)} FROM document_discount WHERE document_id = ANY (%s)"
    kept = Counter(uow.all(_Decided, sql, (sorted(document_ids),)))
    for said in happened - kept:
        yield f"{said.decision} of {said.gross} at {said.tax_rate} % by {said.source} was decided, and is not kept"
    for said in kept - happened:
        yield f"{said.decision} of {said.gross} at {said.tax_rate} % by {said.source} is kept, and was not decided"


def _line(uow: Uow, document_ids: Collection[int]) -> list[_Anew]:
    """Every reissue in the lines of these documents, before and after them."""
    return uow.all(
        _Anew,
        "WITH RECURSIVE line AS (SELECT tenant_id, document_id, new_document_id FROM document_reissue"
        " WHERE document_id = ANY (%(ids)s) OR new_document_id = ANY (%(ids)s)"
        " UNION SELECT r.tenant_id, r.document_id, r.new_document_id FROM line l JOIN document_reissue r"
        " ON r.tenant_id = l.tenant_id AND (r.document_id = l.new_document_id OR r.new_document_id = l.document_id))"
        f" SELECT {columns(_Anew)} FROM line",
        {"ids": sorted(document_ids)},
    )

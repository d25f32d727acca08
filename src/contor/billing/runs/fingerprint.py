"""Whether a bill is the one that was previewed: a fingerprint of all that its documents say, part by part, and which part differs. Pure.

What is drawn anew for each attempt (numbers of items and documents, the instant) is left out, and so is the day on which it is billed: a
document that is dated by the run says the same the day after, unless its tax or its exchange rate is another one then.

Source: accounting reference 9 ("concurrent change").
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from contor.billing.items import Item
from contor.billing.papers import Paper
from contor.documents.judge import OF_DOCUMENT, IssuedDocument
from contor.documents.types import Document
from contor.kernel.shapes import replace
from contor.settings.groups import Days

_RECIPIENT = (
    "customer",
    "customer_ident",
    "language",
    "invoice_address_ident",
    "shipping_address_ident",
    "shipping_address",
    "shipping_names",
)
_SELLER = ("seller", "operating_site_ident", "cash_taxation", "billing_group_ident")
_PAYMENT = ("payment_collection", "payment_information", "payment_term", "due_date")
_REFERENCES = ("order_date", "properties", "note", "related", *(reference.field for reference in OF_DOCUMENT))
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "its recipient": _RECIPIENT,
    "the seller": _SELLER,
    "how it is paid": _PAYMENT,
    "what it refers to": _REFERENCES,
}
"""What fields of a document belong to a part; all others are of its rows and amounts."""
_REST, _NUMBERS = "its rows and amounts", "how it is numbered"
_NAMES = (*PARTS, _REST, _NUMBERS)
_SPLIT = "-"


def fingerprints(papers: Iterable[Paper], documents: Iterable[IssuedDocument], due: Iterable[Item], days: Days) -> dict[str, str]:
    """By customer, of everyone who has something due. `days`: the day on which it is billed."""
    laid_out: dict[str, list[Paper]] = defaultdict(list)
    frozen: dict[str, list[IssuedDocument]] = defaultdict(list)
    for paper in papers:
        laid_out[paper.request.customer_detail.customer_ident].append(paper)
    for one in documents:
        frozen[one.document.customer_ident].append(one)
    customers = {item.header.customer_ident for item in due}
    return {customer: fingerprint(laid_out[customer], frozen[customer], days) for customer in customers}


def fingerprint(papers: Sequence[Paper], documents: Sequence[IssuedDocument], days: Days) -> str:
    """SHA-256, cut to 64 bits, of each part: the same bill has the same fingerprint, another one has another."""
    said = {name: hashlib.sha256() for name in _NAMES}
    for one in documents:
        for name, text in _said(one.document, days.today(one.document.billing_group_ident)).items():
            said[name].update(text)
        counter = one.series.counter if one.series is not None else None
        said[_NUMBERS].update(repr(counter and (counter.ident, counter.prefix, counter.mask, counter.suffix)).encode())
    for paper in papers:
        request = paper.request
        date = "today" if request.document_date == days.today(request.billing_group_ident) else request.document_date
        said[_REST].update(f"{paper.document_type}|{date}|{paper.items[0].header}|{request.related_document_idents}".encode())
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
            said[_REST].update(repr(key).encode())  # repr of a Decimal keeps its digits: 1.0 and 1.00 are different bills
        for row in request.items:
            said[_REST].update(repr(row.tax_detail).encode())
    return _SPLIT.join(said[name].hexdigest()[:16] for name in _NAMES)


def differing(was: str, now: str) -> str:
    """What is said otherwise, in words."""
    before, after = was.split(_SPLIT), now.split(_SPLIT)
    if len(before) != len(after):  # nothing is due any more; or the preview was made by a former release
        return "all of it"
    return ", ".join(name for name, one, other in zip(_NAMES, before, after, strict=True) if one != other)


_ENCODER = msgspec.json.Encoder(order="deterministic")
_NO_INSTANT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NO_DAY = dt.date(1970, 1, 1)


def _said(document: Document, today: dt.date) -> dict[str, bytes]:
    """What a document says, by part, without what is drawn anew for each attempt. Of one that is dated by the run the term counts, not
    the day on which it is due; when each row was supplied it says itself, and its date of tax follows from that."""
    items = tuple([replace(item, ident="") for item in document.items])
    paid = tuple([replace(entry, ident="") for entry in document.post_tax_items])
    lasting = replace(document, request_id="", created_at=_NO_INSTANT, items=items, post_tax_items=paid)
    if document.document_date == today:
        due = _NO_DAY + (document.due_date - today)
        lasting = replace(lasting, document_date=_NO_DAY, due_date=due, tax_date=_NO_DAY)
    fields = msgspec.structs.asdict(lasting)
    found = {name: {field: fields.pop(field) for field in names} for name, names in PARTS.items()}
    return {name: _ENCODER.encode(part) for name, part in (*found.items(), (_REST, fields))}

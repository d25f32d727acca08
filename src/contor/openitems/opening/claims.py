"""Open invoices of a former system become open items: they are paid, dunned, aged and written off as ours are, under their own numbers.
No revenue and no VAT is booked once more: what is open is carried forward."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.customers.queries import address_types, known_customers
from contor.documents.issue import keep_picture, take_over
from contor.documents.queries import documents_by_id
from contor.documents.types import Document, DocumentType, ExchangeRate
from contor.expenses.amounts import sums_of
from contor.expenses.papers import judged_paper
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.money import ZERO
from contor.kernel.operations import operation
from contor.kernel.shapes import replace
from contor.openitems.opening.asked import Meant, category_of, request_of, taxes_of
from contor.openitems.opening.types import ClaimRow, OpeningClaim, OpeningClaimBody
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.exchange import Missing, rates_of
from contor.settings.groups import default_segment
from contor.settings.queries import billing_groups, home, tenant_settings

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class CarryForward:
    body: OpeningClaimBody


@dataclass(frozen=True, slots=True)
class OneClaim:
    document_ident: str


@dataclass(frozen=True, slots=True)
class AttachToClaim:
    document_ident: str
    file: FileContent


class _Open(NamedTuple):
    document_id: int
    opened_on: dt.date
    opening: Decimal
    balance: Decimal


@operation("opening_claim.create", permission="bookkeeping.write")
def carry_claim_forward(uow: Uow, command: CarryForward) -> OpeningClaim:
    """Raises INVALID with everything that is wrong, CONFLICT where the number is taken."""
    return carried(uow, command.body)


def carried(uow: Uow, body: OpeningClaimBody, file: FileContent | None = None) -> OpeningClaim:
    """The claim, with its file where that came along."""
    rows, problems = _rows(body)
    opened_on, more = _opened_on(uow, body)
    meant, unknown = _meant(uow, body)
    exchange_rate, missing = _exchange_rate(uow, body)
    if problems := [*problems, *more, *unknown, *missing]:
        raise Refused(Kind.INVALID, *problems)
    body = replace(body, exchange_rate=exchange_rate)
    request = request_of(body, rows, meant, f"opening~{body.number}")
    made = take_over(uow, DocumentType(body.type), request, taxes_of(rows), opened_on)
    if file is not None:
        keep_picture(uow, made.id, made.document.ident, _picture(file))
    opening = made.document.sign * made.document.totals.payable
    return _view(made.document, _Open(made.id, opened_on, opening, opening))


@operation("opening_claim.get", permission="bookkeeping.read", reads=True)
def get_claim(uow: Uow, command: OneClaim) -> OpeningClaim:
    """Raises NOT_FOUND, also for a document of ours."""
    return _stored(uow, command.document_ident)


@operation("opening_claim.attach_file", permission="bookkeeping.write")
def attach_to_claim(uow: Uow, command: AttachToClaim) -> OpeningClaim:
    """Keep the PDF of the invoice as the other system made it. Raises CONFLICT where it has one, INVALID for anything else than a PDF."""
    claim = _stored(uow, command.document_ident)
    keep_picture(uow, claim.document_id, claim.document_ident, _picture(command.file))
    return claim


# helpers in calling order


def _picture(file: FileContent) -> FileContent:
    if (kind := judged_paper(file)) != _PDF:
        raise Refused(Kind.INVALID, Problem("file_is_no_pdf", f"is {kind}; the picture of an invoice is a PDF", "file"))
    return file


def _rows(body: OpeningClaimBody) -> tuple[tuple[ClaimRow, ...], list[Problem]]:
    """Each with its VAT. By group, what of VAT is not said is the rate's of all its rows."""
    net = sum((row.net for row in body.rows), ZERO)
    made = sums_of(net, None, body.rows, body.currency)
    problems = list(made.problems)
    rows = tuple(replace(row, vat=one.vat) for row, one in zip(body.rows, made.rows, strict=True))
    for place, row in enumerate(rows):
        if (category_of(row) == "S") is not bool(row.vat_rate):
            message = f"is {category_of(row)} at {row.vat_rate} %: S has a rate above 0, every other category none"
            problems.append(Problem("tax_category_contradicts", message, f"rows[{place}].taxCategory", row.tax_category))
    if body.due_date < body.document_date:
        problems.append(Problem("due_before_date", f"is before the document ({body.document_date})", "dueDate", body.due_date))
    start, end = body.service_start, body.service_end
    if start is not None and end is not None and end < start:
        problems.append(Problem("end_before_start", f"is before the first day ({start})", "serviceEnd", end))
    return rows, problems


def _opened_on(uow: Uow, body: OpeningClaimBody) -> tuple[dt.date, list[Problem]]:
    today, problems = uow.ctx.today(), []
    day = body.opened_on or today
    if day > today:
        problems.append(Problem("opened_in_future", f"is after today ({today})", "openedOn", day))
    if day < body.document_date:
        problems.append(Problem("opened_before_date", f"is before the document ({body.document_date})", "openedOn", day))
    return max(day, tenant_settings(uow, share=True).first_open_day), problems


def _meant(uow: Uow, body: OpeningClaimBody) -> tuple[Meant, list[Problem]]:
    problems = []
    addresses = address_types(uow, body.customer_ident)
    address = body.invoice_address_ident or next((name for name, kind in addresses.items() if kind == "INVOICE"), None)
    if not known_customers(uow, [body.customer_ident]):
        problems.append(Problem("customer_unknown", "does not exist", "customerIdent", body.customer_ident))
    elif address is None:
        message = "has no invoice address, and no other is named"
        problems.append(Problem("invoice_address_missing", message, "customerIdent", body.customer_ident))
    group = body.billing_group_ident
    if group is None:
        groups, segment = billing_groups(uow), default_segment(uow)
        group = next(iter(groups)) if len(groups) == 1 else segment.billing_group_ident if segment is not None else None
        if group is None:
            message = f"is required: there are {len(groups)} billing groups, and no default business segment"
            problems.append(Problem("billing_group_missing", message, "billingGroupIdent"))
    own = home(uow)
    return Meant(address or "", group or "", body.language or "de", own.country if own is not None else "DE"), problems


def _exchange_rate(uow: Uow, body: OpeningClaimBody) -> tuple[ExchangeRate | None, list[Problem]]:
    ledger = tenant_settings(uow).ledger_currency
    if body.currency == ledger:
        rate = body.exchange_rate
        if rate is None:
            return None, []
        return None, [
            Problem("exchange_rate_not_expected", f"the claim is in the ledger's currency {ledger}", "exchangeRate", rate.rate)
        ]
    if body.exchange_rate is not None:
        return body.exchange_rate, []
    found = rates_of(uow, {(body.currency, body.document_date)})[body.currency, body.document_date]
    if isinstance(found, Missing):
        return None, [Problem("exchange_rate_missing", f"is required: {found.reason}", "exchangeRate")]
    return ExchangeRate(rate=found.rate, date=found.date, source=found.source), []


def _stored(uow: Uow, ident: str) -> OpeningClaim:
    """By its number, or its id."""
    row = uow.first(
        _Open,
        f"SELECT {columns(_Open)} FROM opos_case WHERE opened_on IS NOT NULL AND (ident = %s OR document_id::text = %s)"
        " ORDER BY ident = %s DESC, document_id LIMIT 1",
        (ident, ident, ident),
    )
    if row is None:
        raise not_found("opening_claim", ident)
    return _view(documents_by_id(uow, [row.document_id])[row.document_id], row)


def _view(document: Document, row: _Open) -> OpeningClaim:
    totals = document.totals
    return OpeningClaim(
        document_id=row.document_id,
        document_ident=document.ident,
        type="INVOICE" if document.sign > 0 else "CREDIT_MEMO",
        customer_ident=document.customer_ident,
        document_date=document.document_date,
        due_date=document.due_date,
        opened_on=row.opened_on,
        currency=document.currency,
        net=totals.net,
        tax=totals.tax,
        gross=totals.gross,
        paid=totals.prepaid,
        opening=row.opening,
        balance=row.balance,
    )

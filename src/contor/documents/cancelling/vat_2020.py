"""Correct an invoice of the second half of 2020 that was billed at the rates of before: 19 and 7 in the place of 16 and 5 per cent.

Germany's rates were lower for supplies completed from 1 July to 31 December 2020 (section 28 (1) to (3) UStG). Who showed 19 per cent for
one of them owes the difference until it is corrected by document (section 14c (1) UStG). So the invoice is taken back as a whole and issued
anew, with both papers' VAT in the period of the correction (accounting reference 7.5).

The net prices stay, also of rows that were agreed in gross: what the seller earned by the supply does not change by a tax that was never
owed, and the customer gets back what he paid of it too much. (Who has agreed a gross price with his customer may keep that by issuing a
credit memo and an invoice of his own.)
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contor.documents.after import issue_anew, locked_to_reissue
from contor.documents.judge import Changes, IssuedDocument, Repeated, once_more, whole_credit
from contor.documents.types import (
    Document,
    DocumentAllowanceCharge,
    DocumentItem,
    DocumentRequest,
    DocumentType,
    Tax,
    TaxGroup,
    UnitSides,
    completed_on,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.places import alpha2
from contor.kernel.shapes import CONFIG, Ident, replace, shape
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, tenant_settings
from contor.tax.rates import rate_of

FIRST, LAST = dt.date(2020, 7, 1), dt.date(2020, 12, 31)
_BEFORE: Final = FIRST - dt.timedelta(days=1)
RIGHT: Final[dict[Decimal, Decimal]] = {
    before: right
    for kind in ("STANDARD", "REDUCED")
    if (before := rate_of("DE", _BEFORE, kind)) is not None and (right := rate_of("DE", FIRST, kind)) is not None
}
"""By the rate of before the right one: 16 for 19, 5 for 7."""


@shape
class VatCorrectionBody:
    ident: Ident | None = None
    """Number of the new invoice, where the number configuration wants the caller's."""
    credit_memo_ident: Ident | None = None
    """Number of the credit memo, likewise."""


@dataclass(frozen=True, slots=True)
class CorrectVat2020:
    document_ident: str
    body: VatCorrectionBody


@dataclass(slots=True, kw_only=True)
class VatCorrected:
    """The answer; its numbers are set when they are drawn, at the end of the transaction."""

    document_ident: str
    """The new invoice."""
    document_id: int
    credit_memo_ident: str
    credit_memo_id: int
    corrected_document_ident: str
    """The invoice that was wrong."""
    corrected_document_id: int


VatCorrected.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]  # where pydantic looks for it


@operation("document.correct_vat_2020", permission="documents.write")
def correct_vat_2020(uow: Uow, command: CorrectVat2020) -> VatCorrected:
    """Take an invoice of July to December 2020 back that bills 19 or 7 per cent, and issue it anew with 16 and 5; its net stays. Once."""
    document_id, old = locked_to_reissue(uow, command.document_ident)
    _require_wrong(old)
    body, date = command.body, tenant_settings(uow).undated_on(days_of_groups(uow), old.billing_group_ident)
    request_id = str(uow.new_uuid())
    credit = whole_credit(old, f"{request_id}~credits~{old.ident}", date, body.credit_memo_ident)
    right = corrected(old)
    address = old.invoice_address_ident or ""
    wanted = _by_net(once_more(right, Changes(request_id, date, old.language, address, body.ident)))
    # what is corrected counts when it is corrected: both papers have that as their tax date
    repeats = {
        credit.request_id: Repeated(replace(old, tax_date=date)),
        request_id: Repeated(replace(right, tax_date=date)),
    }
    memo, new = issue_anew(uow, document_id, credit, wanted, repeats)
    if new.document.totals.net != old.totals.net or new.document.totals.tax >= old.totals.tax:
        message = f"{old.ident} would not come to the same net again; credit it and issue a new document."
        raise Refused(Kind.ILLEGAL_STATE, Problem("reissue_amounts_differ", message))
    answer = VatCorrected(
        document_ident="",
        document_id=new.id,
        credit_memo_ident="",
        credit_memo_id=memo.id,
        corrected_document_ident=old.ident,
        corrected_document_id=document_id,
    )
    uow.finish(lambda: _tell(uow, answer, memo, new))
    return answer


# helpers in calling order


def _require_wrong(document: Document) -> None:
    """Raises ILLEGAL_STATE with what was expected."""
    problems = []
    if document.document_type is not DocumentType.INVOICE:
        problems.append(Problem("document_type_not_corrected", f"An INVOICE is expected, not a {document.document_type}."))
    if alpha2(document.seller.address.country) != "DE" or any(group.country for group in document.taxes):
        problems.append(Problem("vat_not_german", "German VAT is expected: the invoice bears that of another country."))
    if not any(is_wrong(item, document) for item in document.items):
        said = sorted({(str(completed_on(item) or document.document_date), f"{item.rate} %") for item in document.items})
        rows = ", ".join(f"{rate} on {day}" for day, rate in said[:5])
        message = (
            f"A row at 19 or 7 per cent is expected whose supply was completed between {FIRST} and {LAST}, when 16 and 5 were right;"
            f" {document.ident} has {rows}."
        )
        problems.append(Problem("vat_is_right", message))
    if problems:
        raise Refused(Kind.ILLEGAL_STATE, *problems)


def is_wrong(item: DocumentItem, document: Document) -> bool:
    """Whether a row was supplied while its rate was lowered."""
    day = completed_on(item) or document.document_date
    return item.category_code == "S" and item.rate in RIGHT and FIRST <= day <= LAST


def corrected(document: Document) -> Document:
    """The document with the right rates, every price by its net. Only what it says again is corrected; its sums are computed anew."""
    wrong = {(item.category_code, item.rate) for item in document.items if is_wrong(item, document)}
    items = tuple(_row(item, is_wrong(item, document)) for item in document.items)
    return replace(
        document,
        items=items,
        taxes=tuple(_group(group, wrong) for group in document.taxes),
        allowances_charges=tuple(_part(part, wrong, document) for part in document.allowances_charges),
    )


def _by_net(request: DocumentRequest) -> DocumentRequest:
    """Without the gross prices, which are computed anew."""
    rows = [replace(row, prices=replace(row.prices, unit=UnitSides(net=row.prices.unit.net))) for row in request.items]
    return replace(request, items=tuple(rows))


def _row(item: DocumentItem, wrong: bool) -> DocumentItem:
    taxes = tuple(_tax(tax) for tax in item.taxes) if wrong else item.taxes
    return replace(item, taxes=taxes, basis="NET")


def _tax(tax: Tax) -> Tax:
    return replace(tax, rate=RIGHT[tax.rate], determined_by=None, code=tax.code, name=None)


def _group(group: TaxGroup, wrong: set[tuple[str, Decimal]]) -> TaxGroup:
    rate = RIGHT[group.rate] if (group.category_code, group.rate) in wrong else group.rate
    return replace(group, rate=rate, basis="NET")


def _part(part: DocumentAllowanceCharge, wrong: set[tuple[str, Decimal]], document: Document) -> DocumentAllowanceCharge:
    """Of one that is a percentage of gross prices the net stays as it was computed."""
    rate = RIGHT[part.rate] if (part.category_code, part.rate) in wrong else part.rate
    agreed_net = all(group.basis == "NET" for group in document.taxes)
    return replace(part, rate=rate, percentage=part.percentage if agreed_net else None)


def _tell(uow: Uow, answer: VatCorrected, memo: IssuedDocument, new: IssuedDocument) -> None:
    answer.document_ident, answer.credit_memo_ident = new.ident, memo.ident
    said = {"reissued_as": new.ident, "credited_by": memo.ident, "why": "VAT of 2020"}
    uow.audit("document", answer.corrected_document_ident, said)

"""Have a customer's VAT number confirmed, and read what was found: each check is a proof that stays as it was answered."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from contor.customers.customers import CUSTOMERS
from contor.customers.vat_ids import Held, vat_ids_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.blobs import BlobDamaged, BlobMissing
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.tax.vat_numbers import tables
from contor.tax.vat_numbers.enquiries import ask_for, enquiry_named
from contor.tax.vat_numbers.numbers import is_asked_for, may_ask_evatr
from contor.tax.vat_numbers.requester import requester_of
from contor.tax.vat_numbers.types import Asked, Matches, Provider, Status, VatNumberCheckBody, VatNumberCheckView

CHECKS = searchable(
    tables.vat_number_check,
    VatNumberCheckView,
    ("vat_id", "status", "provider", "checked_at"),
    default_sort="id,desc",
    places={"vat_number_check_ident": "ident", "id": "id"},
)


@dataclass(frozen=True, slots=True)
class CheckVatNumber:
    customer_ident: str
    body: VatNumberCheckBody


@dataclass(frozen=True, slots=True)
class ListVatNumberChecks:
    customer_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class OneVatNumberCheck:
    customer_ident: str
    vat_number_check_ident: str


class CheckRow(NamedTuple):
    ident: str
    customer_ident: str
    vat_id: str
    requester_vat_id: str | None
    provider: Provider
    status: Status
    code: str | None
    reason: str | None
    consultation_number: str | None
    name: str | None
    address: str | None
    asked: Fields
    matches: Fields
    valid_from: dt.date | None
    valid_until: dt.date | None
    checked_at: dt.datetime
    sha256: str | None
    size: int | None


@operation("vat_number_check.create", permission="customers.write")
def check_vat_number(uow: Uow, command: CheckVatNumber) -> VatNumberCheckView:
    """Let a worker ask about the customer's VAT id. What is answered is kept with the customer as proof."""
    ident, body = command.customer_ident, command.body
    customer = CUSTOMERS.require(uow, (ident,))
    vat_id = body.vat_id or customer["vat_id"]
    if vat_id is None:
        raise Refused(Kind.INVALID, Problem("vat_id_missing", "the customer has none: say one of an address of it", "vatId"))
    if problems := list(_problems(uow, Held(ident, vat_id), body)):
        raise Refused(Kind.INVALID, *problems)
    number = Held(ident, vat_id)
    made = ask_for(uow, [number], "PERSON", service=body.provider)[number]
    return _requested(made, number)


def _problems(uow: Uow, number: Held, body: VatNumberCheckBody) -> Iterable[Problem]:
    """Why nobody is asked."""
    if number not in vat_ids_of(uow, [number.customer_ident]):
        yield Problem("vat_id_of_another", "is that of neither the customer nor an address of it", "vatId", number.vat_id)
    if not is_asked_for(number.vat_id):
        message = "is of no member state of the Union, nor of Northern Ireland (XI): no service answers about it"
        yield Problem("vat_id_not_confirmed", message, "vatId", number.vat_id)
    elif body.provider == "EVATR" and not may_ask_evatr(requester_of(uow), number.vat_id):
        message = "answers German enquirers about numbers of other member states alone (section 18e UStG); VIES answers about all"
        yield Problem("vat_number_service_unfit", message, "provider", body.provider)


@operation("vat_number_check.list", permission="customers.read", reads=True)
def list_vat_number_checks(uow: Uow, command: ListVatNumberChecks) -> Page:
    """What was found, the newest first."""
    CUSTOMERS.require(uow, (command.customer_ident,))
    scope = {"customer_ident": command.customer_ident}
    return listed(uow, tables.vat_number_check, command.query, CHECKS, CheckRow, lambda rows: map(_view, rows), scope)


@operation("vat_number_check.get", permission="customers.read", reads=True)
def get_vat_number_check(uow: Uow, command: OneVatNumberCheck) -> VatNumberCheckView:
    """One check; REQUESTED as long as the service is being asked."""
    ident, customer = command.vat_number_check_ident, command.customer_ident
    CUSTOMERS.require(uow, (customer,))
    row = _row(uow, ident)
    if row is not None and row.customer_ident == customer:
        return _view(row)
    queued = enquiry_named(uow, ident)
    if queued is None or queued.customer_ident != customer:
        raise not_found("vat_number_check", ident)
    return _requested(ident, Held(customer, queued.vat_id))


@operation("vat_number_check.get_answer", permission="customers.read", reads=True)
def get_answer(uow: Uow, command: OneVatNumberCheck) -> FileContent:
    """What the service answered, byte for byte."""
    row = _row(uow, command.vat_number_check_ident)
    if row is None or row.customer_ident != command.customer_ident or row.sha256 is None:
        raise not_found("vat_number_check", command.vat_number_check_ident, hint="or no service answered it")
    try:
        content = uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256)
    except (BlobMissing, BlobDamaged) as error:
        message = "The answer is not what was kept: it has to come from a backup."
        raise Refused(Kind.DAMAGED, Problem("file_damaged", message)) from error
    return FileContent(content, "application/json", f"vat-check-{row.vat_id}-{row.checked_at:%Y%m%dT%H%M%SZ}.json")


def _row(uow: Uow, ident: str) -> CheckRow | None:
    return uow.first(CheckRow, f"SELECT {columns(CheckRow)} FROM vat_number_check WHERE ident = %s", (ident,))


def _view(row: CheckRow) -> VatNumberCheckView:
    fields = row._asdict()
    ident = fields.pop("ident")
    said = {**fields, "asked": Asked(**row.asked), "matches": Matches(**row.matches)}
    return VatNumberCheckView(vat_number_check_ident=ident, **said)


def _requested(ident: str, number: Held) -> VatNumberCheckView:
    nothing: Fields = dict.fromkeys(set(CheckRow._fields) - {"ident", "customer_ident", "vat_id", "status"})
    said = {**nothing, "asked": Asked(), "matches": Matches()}
    return VatNumberCheckView(
        vat_number_check_ident=ident, customer_ident=number.customer_ident, vat_id=number.vat_id, status="REQUESTED", **said
    )

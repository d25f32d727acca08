"""Customers (debtors) with their addresses. What an issued document says of them is frozen in it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from contor.customers import tables
from contor.customers.emails.default import follow_default
from contor.customers.events import AddressesCreated, AddressesUpdated, CustomersCreated, CustomersUpdated
from contor.customers.own import next_personal_account, reference_findings
from contor.customers.queries import numbers_of
from contor.customers.taxation import tax_findings
from contor.customers.types import SUSPENSION
from contor.customers.validation.check import check_written, validations_of
from contor.customers.validation.types import AddressValidation, Checked, ValidationProvider, ValidationStatus
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Name255, replace
from contor.runtime.query import any_named, elsewhere
from contor.runtime.resource import Resource, Written, extended
from contor.runtime.uow import Uow
from contor.settings.identifiers import GLN_SCHEME, is_gln, vat_id_problems


def _check(uow: Uow, row: Fields) -> None:
    problems = list(vat_id_problems(row.get("vat_id"), uow.ctx.environment))
    if not (row.get("company") or row.get("last_name")):
        problems.append(Problem("customer_name_missing", "A customer has a company or a last name.", "company"))
    born, today = row.get("birth_date"), uow.ctx.today()
    if born is not None and born > today:
        problems.append(Problem("birth_date_in_future", f"is after today ({today})", "birthDate", born))
    problems += tax_findings(row.get("tax_classifications") or (), row.get("tax_exemptions") or ())
    idents = [account.get("ident") for account in row.get("bank_accounts") or ()]
    problems += [
        Problem("bank_account_repeated", "is the ident of another account of the customer", f"bankAccounts[{n}].ident", ident)
        for n, ident in enumerate(idents)
        if ident is not None and ident in idents[:n]
    ]
    problems += reference_findings(uow, row)
    address = row.get("electronic_address") or {}
    if address.get("scheme") == GLN_SCHEME and not is_gln(address["identifier"]):
        problems.append(
            Problem("gln_invalid", "is no GLN: 13 digits, the last of which checks the others", "electronicAddress.identifier")
        )
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _new_customer(uow: Uow, row: Fields) -> None:
    _check(uow, row)
    row["debtor_account"] = next_personal_account(uow, "DEBTOR")
    row["creditor_account"] = next_personal_account(uow, "CREDITOR")


def _first_email(uow: Uow, row: Fields) -> None:
    follow_default(uow, row["customer_ident"], row.get("email"))


def _changed(uow: Uow, row: Fields) -> None:
    _check(uow, row)
    if row["status"] == "SUSPENDED" and not row.get("billing_stop"):
        row["billing_stop"] = dict(SUSPENSION)  # it ends with the suspension
    follow_default(uow, row["customer_ident"], row.get("email"))


def _check_address(uow: Uow, row: Fields) -> None:
    code, country = row.get("state_code"), row.get("country")
    if code is not None and not code.startswith(f"{country}-"):
        raise Refused(Kind.INVALID, Problem("state_code_differs", f"{code} lies outside of {country}", "stateCode", code))


def _with_number(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """With the number by which older clients name the customer."""
    numbers = numbers_of(uow, [row["customer_ident"] for row in rows])
    return [{**row, "debtor_id": numbers[row["customer_ident"]]} for row in rows]


_ROW = tables.customer.c
CUSTOMERS = Resource(
    "customer",
    tables.customer,
    permission="customers",
    keys=("customer_ident",),
    writable=(
        "customer_type",
        "company",
        "external_id",
        "academic_title",
        "first_name",
        "last_name",
        "birth_date",
        "email",
        "phone",
        "language",
        "currency",
        "vat_id",
        "tax_number",
        "buyer_reference",
        "e_invoice_format",
        "electronic_address",
        "bank_accounts",
        "tax_classifications",
        "tax_exemptions",
        "self_billing_agreement_on",
        "small_business",
        "billing_stop",
        "properties",
        "profile",
        "payment_terms",
        "invoice_delivery",
        "dunning",
        "partner",
        "group_ident",
    ),
    filterable=(
        "id",
        "customer_ident",
        "external_id",
        "customer_type",
        "company",
        "first_name",
        "last_name",
        "email",
        "vat_id",
        "tax_number",
        "language",
        "currency",
        "debtor_account",
        "status",
        "parent_ident",
        "partner",
        "group_ident",
        "created_at",
        "last_modified_at",
    ),
    before_create=_new_customer,
    after_create=_first_email,
    before_update=_changed,
    shown=_with_number,
    computed={"debtor_id": (int, ...)},
)
CUSTOMERS.search.fields |= {
    "debtor_id": CUSTOMERS.search.fields["customer_id"],
    "group.name": elsewhere(_ROW.group_ident, tables.customer_group, "ident", tables.customer_group.c.name, "name", Name255),
    "emails.email": any_named(_ROW.customer_ident, tables.customer_email, "customer_ident", "email"),
}


def _with_validation(uow: Uow, rows: list[Fields]) -> list[Fields]:
    """With what the last check of each address found."""
    found = validations_of(uow, [(row["customer_ident"], row["address_ident"]) for row in rows]) if rows else {}
    return [{**row, "validation": found.get((row["customer_ident"], row["address_ident"]))} for row in rows]


_FOUND = (
    "SELECT v.{} FROM address_validation v WHERE v.tenant_id = address.tenant_id AND v.customer_ident = address.customer_ident"
    " AND v.address_ident = address.address_ident"
)
ADDRESSES = Resource(
    "address",
    tables.address,
    permission="customers",
    keys=("customer_ident", "address_ident"),
    parent=CUSTOMERS,
    writable=(
        "address_type",
        "academic_title",
        "gender",
        "first_name",
        "last_name",
        "company",
        "department",
        "agency_profession_title",
        "address_addition",
        "street",
        "street_no",
        "post_office_box",
        "zip",
        "city",
        "state",
        "state_code",
        "country",
        "vat_id",
        "tax_number",
        "contact",
    ),
    immutable=("address_type",),
    hidden=("customer_ident", "address_use", "is_default"),
    before_create=_check_address,
    before_update=_check_address,
    filterable=("id", "address_ident", "address_type", "company", "last_name", "street", "zip", "city", "country", "created_at"),
    shown=_with_validation,
    computed={"validation": (AddressValidation | None, None)},
    found_by={
        "validation.status": (_FOUND.format("status"), ValidationStatus),
        "validation.provider": (_FOUND.format("provider"), ValidationProvider),
        "validation.checked_at": (_FOUND.format("checked_at"), dt.datetime),
    },
)

AddressCreation: Any = ADDRESSES.creation
AddressUpdate: Any = ADDRESSES.update_body
_Address: Any = ADDRESSES.output
CustomerUpdate: Any = CUSTOMERS.update_body
CustomerCreation: Any = extended(
    "CustomerWithAddressesCreation",
    CUSTOMERS.creation,
    addresses=(Annotated[tuple[AddressCreation, ...], Field(max_length=100)], ()),
)
CustomerView: Any = extended("CustomerWithAddresses", CUSTOMERS.output, addresses=(tuple[_Address, ...], ()))


@dataclass(frozen=True, slots=True)
class CreateCustomer:
    body: CustomerCreation


@dataclass(frozen=True, slots=True)
class OneCustomer:
    customer_ident: str


@dataclass(frozen=True, slots=True)
class UpdateCustomer:
    customer_ident: str
    body: CustomerUpdate


@operation("customer.create_with_addresses", permission="customers.write")
def create_customer(uow: Uow, command: CreateCustomer) -> CustomerView:
    """A customer and its addresses in one step."""
    body = command.body
    # its values were validated with the body
    own = CUSTOMERS.creation.model_construct(**{name: getattr(body, name) for name in CUSTOMERS.creation.model_fields})
    made = CUSTOMERS.create(uow, Written((), own))
    ident = made["customer_ident"]
    uow.emit(CustomersCreated(customer_idents=(ident,)))  # who is told of both hears of the customer first
    _create_addresses(uow, ident, body.addresses)
    return _view(uow, ident)


def _create_addresses(uow: Uow, customer_ident: str, addresses: Sequence[AddressCreation]) -> None:
    """Raises `Refused` (INVALID) with what is wrong with any of them."""
    problems: list[Problem] = []
    for index, address in enumerate(addresses):
        try:
            create_address(uow, Written((customer_ident,), address))
        except Refused as refused:
            if refused.kind is not Kind.INVALID:
                raise
            problems += [replace(it, field=f"addresses[{index}].{it.field}" if it.field else None) for it in refused.problems]
    if problems:
        raise Refused(Kind.INVALID, *problems)


@operation("customer.get_with_addresses", permission="customers.read", reads=True)
def get_customer(uow: Uow, command: OneCustomer) -> CustomerView:
    """A customer with its addresses."""
    return _view(uow, command.customer_ident)


@operation("customer.replace", permission="customers.write")
def update_customer(uow: Uow, command: UpdateCustomer) -> CustomerView:
    """Replace the master data; addresses are managed separately, issued documents keep what they say."""
    CUSTOMERS.update(uow, Written((command.customer_ident,), command.body))
    uow.emit(CustomersUpdated(customer_idents=(command.customer_ident,)))
    return _view(uow, command.customer_ident)


@operation("address.add", permission="customers.write")
def create_address(uow: Uow, command: Written) -> Fields:
    """Add an invoice or shipping address."""
    made: Fields = _checked(uow, ADDRESSES.create(uow, command))
    uow.emit(AddressesCreated(address_idents=((command.keys[0], made["address_ident"]),)))
    return made


@operation("address.replace", permission="customers.write")
def update_address(uow: Uow, command: Written) -> object:
    """Replace an address; its type never changes. Only future documents show it."""
    made = _checked(uow, ADDRESSES.update(uow, command))
    uow.emit(AddressesUpdated(address_idents=((command.keys[0], command.keys[1]),)))
    return made


def _checked(uow: Uow, row: Fields) -> Fields:
    """An address as it was written, with what its check found. Raises `Refused` where such a one is refused."""
    return {**row, "validation": check_written(uow, Checked(**{name: row[name] for name in Checked._fields}))}


def _view(uow: Uow, ident: str) -> object:
    (customer,) = _with_number(uow, [CUSTOMERS.require(uow, (ident,))])
    sql = f"SELECT {', '.join(ADDRESSES.columns)} FROM address WHERE customer_ident = %s ORDER BY id"
    return {**customer, "addresses": _with_validation(uow, uow.records(sql, (ident,)))}

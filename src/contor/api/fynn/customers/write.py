"""Customers are created, changed, archived and removed."""

from collections.abc import Collection, Mapping
from typing import Final

from contor.api.fynn.customers.answers import CustomerShown
from contor.api.fynn.customers.ids import GROUP, customer_row
from contor.api.fynn.customers.judged import Findings, contact_finding, sent
from contor.api.fynn.customers.shown import GENDERS, ZONE, customers_shown
from contor.api.fynn.customers.types import ChangedCustomer, CustomerFields, MethodChosen, NewCustomer
from contor.custom_fields.values import findings, kept
from contor.customers.account_holders import next_customer_number
from contor.customers.customers import (
    ADDRESSES,
    CUSTOMERS,
    CreateCustomer,
    CustomerCreation,
    CustomerUpdate,
    OneCustomer,
    UpdateCustomer,
    create_customer,
    update_address,
    update_customer,
)
from contor.customers.emails import AddEmail, EmailBody, ReplaceEmail, add_email, emails_of, owner_of_email, replace_email
from contor.customers.keeping import ChooseAccount, DebtorAccountBody, choose_account, remove_customer
from contor.customers.keeping.addresses import AddDefaultAddress, add_default_address, addresses_of
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.partial import cleared
from contor.kernel.shapes import Fields, Text255, shape
from contor.payments.methods import DefaultMethod, methods_named, set_default_method
from contor.runtime.execute import Runtime
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

EXEMPT: Final = {"code": "VATEX-EU-151", "reason": None}
"""What `exempt` means to the core: article 151 of the Directive (section 4 no. 7 UStG), the one exemption that goes by who the customer is:
diplomats, international bodies, allied forces. Those of article 132 go by who supplies what."""
_GENDERS: Final[Mapping[str, str]] = {name: code for code, name in GENDERS.items()}
_CLEARED: Final[Mapping[str, str]] = {
    "company_name": "company",
    "first_name": "first_name",
    "last_name": "last_name",
    "phone": "phone",
    "currency_code": "currency",
    "external_id": "external_id",
    "vat_id": "vat_id",
    "partner": "partner",
    "customer_group": "group_ident",
}
"""What may be cleared -> the core's field."""
_PROFILE: Final[Mapping[str, str]] = {
    "commercial_register_name": "register_name",
    "commercial_register_number": "register_number",
    "contact_person": "contact_person",
}
_REQUIRED: Final = ("country_code", "time_zone", "language")


@shape
class One:
    id: Text255


@shape
class ChangeCustomer:
    id: Text255
    body: ChangedCustomer


@shape
class ChooseMethod:
    id: Text255
    body: MethodChosen


def _ask_created(runtime: Runtime, command: NewCustomer, caller: Caller) -> Problem | None:
    return contact_finding(runtime, command.contact_person, caller)


def _ask_changed(runtime: Runtime, command: ChangeCustomer, caller: Caller) -> Problem | None:
    return contact_finding(runtime, command.body.contact_person, caller)


@operation("fynn.customer_create", permission="customers.write", asks=_ask_created)
def create(uow: Uow, body: NewCustomer) -> CustomerShown:
    """A customer with his address, his e-mail and his account."""
    found = Findings(uow.brought)
    found.add(*_email_findings(uow, body, None))
    found.add(*findings(uow, "CUSTOMER", body.custom_fields or {}))
    ident = body.customer_number or next_customer_number(uow)
    with found.kept():
        made = {
            **_customer(uow, body, {}),
            "customer_ident": ident,
            "customer_type": "B2B" if body.company_name else "B2C",
        }
        create_customer(uow, CreateCustomer(sent(CustomerCreation, made)))
        create_default_address(uow, ident, body)
        _further(uow, ident, body)
    found.refuse()
    return _shown(uow, ident)


@operation("fynn.customer_get", permission="customers.read", reads=True)
def get(uow: Uow, command: One) -> CustomerShown:
    """By UUID, by `externalId` or by customer number."""
    return customers_shown(uow, [customer_row(uow, command.id)])[0]


@operation("fynn.customer_update", permission="customers.write", asks=_ask_changed)
def update(uow: Uow, command: ChangeCustomer) -> CustomerShown:
    """What is said changes, null clears it, all else stays."""
    row, body, found = customer_row(uow, command.id), command.body, Findings(uow.brought)
    ident = row["customer_ident"]
    for name in _REQUIRED:
        if getattr(body, name) is None:
            found.add(Problem("field_required", "is required", name))
    if "email" in cleared(body) and row["email"] is not None:
        found.add(Problem("field_required", "is required: the customer signs in by it", "email"))
    if "datev_id" in cleared(body) and row["debtor_account"] is not None:
        found.add(Problem("field_immutable", "stays: the books know the customer by it", "datevId"))
    if body.customer_number not in (None, ident):
        found.add(Problem("field_immutable", "cannot be changed", "customerNumber", body.customer_number))
    found.add(*_email_findings(uow, body, ident))
    found.add(*findings(uow, "CUSTOMER", body.custom_fields or {}))
    with found.kept():
        before = {name: row[name] for name in CustomerUpdate.model_fields if name in row}
        gone = _gone(cleared(body), row)
        update_customer(
            uow, UpdateCustomer(ident, sent(CustomerUpdate, {**before, **gone, **_customer(uow, body, {**row, **gone})}))
        )
        _change_address(uow, ident, body)
        _further(uow, ident, body)
        if "invoice_email" in cleared(body):
            _meant_for_none(uow, ident)
    found.refuse()
    return _shown(uow, ident)


@operation("fynn.customer_delete", permission="customers.write")
def delete(uow: Uow, command: One) -> None:
    """Nobody finds the customer any more; who has documents is kept for them."""
    remove_customer(uow, OneCustomer(customer_row(uow, command.id)["customer_ident"]))


@operation("fynn.customer_set_payment_method", permission="customers.write")
def set_payment_method(uow: Uow, command: ChooseMethod) -> CustomerShown:
    """What names no method is paid by this one from now on."""
    ident = customer_row(uow, command.id)["customer_ident"]
    if not methods_named(uow, [command.body.payment_method_id]):
        message = "is no payment method of this customer"
        raise Refused(Kind.INVALID, Problem("payment_method_unknown", message, "paymentMethodId", command.body.payment_method_id))
    set_default_method(uow, DefaultMethod(ident, command.body.payment_method_id))
    return _shown(uow, ident)


def create_default_address(uow: Uow, ident: str, body: NewCustomer) -> None:
    """The address that a customer begins with."""
    fields = {
        "address_ident": "main",
        "address_type": "INVOICE",
        "company": body.company_name,
        "gender": _GENDERS.get(body.gender or ""),
        "first_name": body.first_name,
        "last_name": body.last_name,
        "street": body.street,
        "street_no": body.house_number,
        "address_addition": body.addition,
        "zip": body.zip,
        "city": body.city,
        "country": body.country_code or "DE",
    }
    made = sent(ADDRESSES.creation, fields)
    add_default_address(uow, AddDefaultAddress(ident, "GENERAL", made))


def _customer(uow: Uow, body: CustomerFields, row: Fields) -> Fields:
    """The core's fields of what is said. `row`: the customer as he is, empty of a new one."""
    said_of = {
        "company": body.company_name,
        "first_name": body.first_name,
        "last_name": body.last_name,
        "email": body.email,
        "phone": body.phone,
        "language": body.language,
        "currency": body.currency_code,
        "external_id": body.external_id,
        "vat_id": body.vat_id,
        "partner": body.partner,
        "group_ident": GROUP.find(uow, [body.customer_group]).get(body.customer_group) if body.customer_group else None,
    }
    made: Fields = {name: value for name, value in said_of.items() if value is not None}
    profile = {
        "time_zone": body.time_zone or (None if row else ZONE),
        "register_name": body.commercial_register_name,
        "register_number": body.commercial_register_number,
        "contact_person": body.contact_person,
    }
    told = {name: value for name, value in profile.items() if value is not None}
    if told:
        made["profile"] = {**(row.get("profile") or {}), **told}
    if body.tax_exempt == "auto":
        made["tax_exemptions"] = []
    elif body.tax_exempt == "exempt" and not row.get("tax_exemptions"):
        made["tax_exemptions"] = [dict(EXEMPT)]
    return made


def _gone(names: Collection[str], row: Fields) -> Fields:
    """The core's fields of what is cleared: as they are where nobody says anything."""
    made: Fields = {_CLEARED[name]: None for name in names if name in _CLEARED}
    if "tax_exempt" in names:
        made["tax_exemptions"] = []
    profile = row.get("profile") or {}
    if lost := {_PROFILE[name] for name in names if name in _PROFILE} & profile.keys():
        made["profile"] = {name: value for name, value in profile.items() if name not in lost}
    return made


def _email_findings(uow: Uow, body: CustomerFields, ident: str | None) -> list[Problem]:
    if body.email is None:
        return [Problem("field_required", "is required", "email")] if ident is None else []
    if owner_of_email(uow, body.email) in (None, ident):
        return []
    return [Problem("email_taken", "is that of another customer, who signs in by it", "email", body.email)]


def _change_address(uow: Uow, ident: str, body: ChangedCustomer) -> None:
    """Where he lives, and how he is addressed, stands in his first address."""
    known = addresses_of(uow, [ident])[ident]
    if not known or known[0]["deleted_at"] is not None:
        return
    row = known[0]
    gender = None if "gender" in cleared(body) else row["gender"]
    changes = {"country": body.country_code or row["country"], "gender": _GENDERS.get(body.gender or "", gender)}
    if any(row[name] != value for name, value in changes.items()):
        before = {name: row[name] for name in ADDRESSES.update_body.model_fields if name in row}
        written = sent(ADDRESSES.update_body, {**before, **changes})
        update_address(uow, Written((ident, row["address_ident"]), written))


def _further(uow: Uow, ident: str, body: CustomerFields) -> None:
    """What the core keeps beside the customer."""
    if body.datev_id is not None:
        choose_account(uow, ChooseAccount(customer_ident=ident, body=DebtorAccountBody(debtor_account=int(body.datev_id))))
    if body.invoice_email is not None:
        _meant_for_invoices(uow, ident, body.invoice_email)
    if body.custom_fields:
        kept(uow, "CUSTOMER", ident, body.custom_fields)


def _meant_for_invoices(uow: Uow, ident: str, email: str) -> None:
    known = next((one for one in emails_of(uow, [ident])[ident] if one.email.lower() == email.lower()), None)
    if known is None:
        add_email(uow, AddEmail(ident, EmailBody(email=email, for_invoices=True)))
        return
    meant = EmailBody(
        email=known.email,
        receiver_name=known.receiver_name,
        for_invoices=True,
        for_dunning=known.for_dunning,
        default=known.is_default,
    )
    replace_email(uow, ReplaceEmail(ident, known.ident, meant))


def _meant_for_none(uow: Uow, ident: str) -> None:
    """Invoices go to the default address again."""
    for known in emails_of(uow, [ident])[ident]:
        if known.for_invoices:
            meant = EmailBody(
                email=known.email, receiver_name=known.receiver_name, for_dunning=known.for_dunning, default=known.is_default
            )
            replace_email(uow, ReplaceEmail(ident, known.ident, meant))


def _shown(uow: Uow, ident: str) -> CustomerShown:
    return customers_shown(uow, [CUSTOMERS.require(uow, (ident,))])[0]

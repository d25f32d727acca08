"""Read customers and their addresses: the only SQL on them outside of this package. Every row names its columns."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from contor.customers.taxation import ClassificationFields, ExemptionFields
from contor.customers.types import CustomerStatus, CustomerType, DunningFields, TermFields
from contor.kernel.errors import Problem
from contor.runtime.rows import Row, columns
from contor.runtime.uow import Uow
from contor.settings.stored import AccountFields, EndpointFields

BILLING_STOPPED = (
    # word for word the condition of customer_billing_stop_ix, else the index does not serve
    "SELECT customer_ident FROM customer WHERE billing_stop IS NOT NULL AND billing_stop <> 'false'::jsonb"
    # `->>` of a plain true is NULL: no last day
    " AND coalesce((billing_stop ->> 'until')::date, 'infinity') >= %(today)s"
)
"""SQL: the customers whose billing is stopped on the day `today`: few, found by an index of their own."""


class StoppedBilling(NamedTuple):
    customer_ident: str
    reason: str


def billing_stops(uow: Uow, customers: Collection[str], today: dt.date) -> dict[str, str]:
    """Of these customers those whose billing is stopped today, with the reason that was given, empty where none was."""
    said = "(SELECT coalesce(c.billing_stop ->> 'reason', '') FROM customer c WHERE c.customer_ident = s.customer_ident) AS reason"
    sql = f"SELECT s.customer_ident, {said} FROM ({BILLING_STOPPED} AND customer_ident = ANY (%(customers)s)) s"
    return dict(uow.all(StoppedBilling, sql, {"today": today, "customers": sorted(customers)}))


def country_at(holder: str) -> str:
    """SQL: the country to which what a contract or order (`holder`: its table) is supplied, by its shipping address, else its invoice
    address, as that is now."""
    return _at(holder, "a.country")


def address_at(holder: str) -> str:
    """SQL: country, postal code and city of that address: in which territory it lies."""
    return _at(holder, "ARRAY[a.country, a.zip, a.city]")


def _at(holder: str, what: str) -> str:
    named = f"coalesce({holder}.content ->> 'shipping_address_ident', {holder}.content ->> 'invoice_address_ident')"
    return (
        f"(SELECT {what} FROM address a WHERE a.tenant_id = {holder}.tenant_id AND a.customer_ident = {holder}.customer_ident"
        f" AND a.address_ident = {named})"
    )


class Customer(NamedTuple):
    """A customer as documents show it."""

    customer_ident: str
    customer_type: CustomerType
    company: str | None
    academic_title: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    vat_id: str | None
    tax_number: str | None
    buyer_reference: str | None
    e_invoice_format: Literal["XRECHNUNG", "PEPPOL", "EN16931"] | None
    electronic_address: EndpointFields | None
    bank_accounts: Sequence[AccountFields] | None
    small_business: bool
    self_billing_agreement_on: dt.date | None
    status: CustomerStatus
    payment_terms: TermFields | None


class Address(NamedTuple):
    """An address of a customer as documents show it."""

    customer_ident: str
    address_ident: str
    address_type: Literal["INVOICE", "SHIPPING"]
    academic_title: str | None
    gender: Literal["MALE", "FEMALE", "OTHER", "NOTSET"] | None
    first_name: str | None
    last_name: str | None
    company: str | None
    department: str | None
    agency_profession_title: str | None
    address_addition: str | None
    street: str | None
    street_no: str | None
    post_office_box: str | None
    zip: str | None
    city: str | None
    state: str | None
    state_code: str | None
    country: str
    vat_id: str | None
    tax_number: str | None


def stopped_billing(uow: Uow, idents: Iterable[str]) -> set[str]:
    """Those of the customers whose billing is stopped today."""
    wanted = {"today": uow.ctx.today(), "named": list(idents)}
    return set(uow.column(str, f"{BILLING_STOPPED} AND customer_ident = ANY (%(named)s)", wanted))


class TaxStatus(NamedTuple):
    """What a customer's tax is determined by."""

    customer_ident: str
    customer_type: CustomerType
    vat_id: str | None
    small_business: bool
    self_billing_agreement_on: dt.date | None
    tax_exemptions: Sequence[ExemptionFields] | None
    tax_classifications: Sequence[ClassificationFields] | None


class PersonalAccounts(NamedTuple):
    """A customer's accounts in the books."""

    customer_ident: str
    debtor_account: int | None
    creditor_account: int | None


class Home(NamedTuple):
    """Where and in which language a customer is supplied."""

    country: str
    language: str | None


_NAMED = "WHERE customer_ident = ANY (%s)"


def known_customers(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are customers."""
    return frozenset(uow.column(str, f"SELECT customer_ident FROM customer {_NAMED}", (sorted(set(idents)),)))


class _Outside(NamedTuple):
    external_id: str
    customer_ident: str


def idents_by_external_id(uow: Uow, names: Collection[str]) -> dict[str, str]:
    """The ident of the customer whom another system calls so, by that name; names that are nobody's are left out."""
    if not names:
        return {}
    sql = f"SELECT {columns(_Outside)} FROM customer WHERE external_id = ANY (%s) AND deleted_at IS NULL"
    return {row.external_id: row.customer_ident for row in uow.all(_Outside, sql, (sorted(set(names)),))}


def unknown_customers(uow: Uow, idents: Sequence[str], field: str) -> list[Problem]:
    """What is wrong with a list of idents that is sent as `field`: those that no customer has."""
    known = known_customers(uow, idents) if idents else frozenset()
    return [
        Problem("customer_unknown", "does not exist", f"{field}[{index}]", ident)
        for index, ident in enumerate(idents)
        if ident not in known
    ]


def named_beside(one: str, kind: type[Row]) -> str:
    """SQL: the row that the statement `one` answers, a `kind`, beside each of the customers that are named with each of the addresses
    that are named; what is not found is NULL, and the row stands there at least once."""
    return (
        f"WITH one AS ({one}) SELECT {columns(kind, 'one')}, {columns(Customer, 'c')}, {columns(Address, 'a')} FROM one"
        " LEFT JOIN customer c ON c.customer_ident = ANY (%(customers)s) LEFT JOIN address a ON a.tenant_id = c.tenant_id"
        " AND a.customer_ident = c.customer_ident AND a.address_ident = ANY (%(addresses)s)"
    )


def tax_status_of(uow: Uow, customers: Collection[str]) -> dict[str, TaxStatus]:
    """By ident, of the customers that exist."""
    rows = uow.all(TaxStatus, f"SELECT {columns(TaxStatus)} FROM customer {_NAMED}", (sorted(customers),))
    return {row.customer_ident: row for row in rows}


def personal_accounts_of(uow: Uow, customers: Collection[str]) -> dict[str, PersonalAccounts]:
    """By ident, of the customers that exist."""
    rows = uow.all(PersonalAccounts, f"SELECT {columns(PersonalAccounts)} FROM customer {_NAMED}", (sorted(customers),))
    return {row.customer_ident: row for row in rows}


class _Numbered(NamedTuple):
    customer_ident: str
    id: int


def numbers_of(uow: Uow, idents: Collection[str]) -> dict[str, int]:
    """The numbers by which older clients name customers."""
    return dict(uow.all(_Numbered, f"SELECT {columns(_Numbered)} FROM customer {_NAMED}", (sorted(idents),)))


class TypedAddress(NamedTuple):
    address_ident: str
    address_type: str


def address_types(uow: Uow, customer_ident: str) -> dict[str, str]:
    """INVOICE or SHIPPING, of each address of the customer by its ident, the oldest first."""
    sql = f"SELECT {columns(TypedAddress)} FROM address WHERE customer_ident = %s ORDER BY id"
    return dict(uow.all(TypedAddress, sql, (customer_ident,)))


def home_at(uow: Uow, customer_ident: str, address_ident: str) -> Home | None:
    """The country of an address and the language of its customer; None: there is no such address."""
    return uow.first(
        Home,
        "SELECT a.country, c.language FROM address a JOIN customer c ON c.tenant_id = a.tenant_id AND c.customer_ident = a.customer_ident"
        " WHERE a.customer_ident = %s AND a.address_ident = %s",
        (customer_ident, address_ident),
    )


def bank_account_findings(uow: Uow, customer_ident: str, ident: str | None) -> list[Problem]:
    """What is wrong with naming this account as one of the customer's bank accounts."""
    sql = "SELECT 1 FROM customer, jsonb_array_elements(bank_accounts) AS a WHERE customer_ident = %s AND a ->> 'ident' = %s"
    if ident is None or uow.scalar(int, sql, (customer_ident, ident)) is not None:
        return []
    message = "is the ident of no payment account and of no bank account of the customer"
    return [Problem("customer_payment_account_unknown", message, "paymentInformation.customerPaymentAccountIdent", ident)]


def currency_of(uow: Uow, customer_ident: str) -> str | None:
    """In which the customer is billed where nothing else is agreed."""
    return uow.scalar(str, "SELECT currency FROM customer WHERE customer_ident = %s", (customer_ident,))


class _Called(NamedTuple):
    customer_ident: str
    company: str | None
    first_name: str | None
    last_name: str | None


def names_of(uow: Uow, idents: Collection[str]) -> dict[str, list[str]]:
    """What each of the customers is called: the company, and the person."""
    rows = uow.all(_Called, f"SELECT {columns(_Called)} FROM customer {_NAMED}", (sorted(idents),))
    persons = {row.customer_ident: " ".join(filter(None, (row.first_name, row.last_name))) for row in rows}
    return {row.customer_ident: [name for name in (row.company, persons[row.customer_ident]) if name] for row in rows}


class DebtorAddress(NamedTuple):
    """Who owes, and how he is reached: by his first invoice address."""

    customer_ident: str
    name: str
    street: str | None
    zip: str | None
    city: str | None
    country: str | None
    email: str | None
    phone: str | None


def addresses_of_debtors(uow: Uow, customers: Collection[str]) -> dict[str, DebtorAddress]:
    """By the customers' idents."""
    rows = uow.all(
        DebtorAddress,
        "SELECT c.customer_ident, coalesce(c.company, nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.customer_ident) AS name,"
        " nullif(concat_ws(' ', a.street, a.street_no), '') AS street, a.zip, a.city, a.country, c.email, c.phone FROM customer c"
        " LEFT JOIN LATERAL (SELECT street, street_no, zip, city, country FROM address WHERE tenant_id = c.tenant_id"
        " AND customer_ident = c.customer_ident ORDER BY address_type, is_default DESC, id LIMIT 1) a ON true"
        " WHERE c.customer_ident = ANY (%s)",
        (sorted(customers),),
    )
    return {row.customer_ident: row for row in rows}


class _Dunned(NamedTuple):
    customer_ident: str
    dunning: DunningFields


def dunned_otherwise(uow: Uow, customers: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Of these customers those that no run reminds by itself, and those of whom no fees are claimed."""
    rows = uow.all(_Dunned, f"SELECT {columns(_Dunned)} FROM customer {_NAMED} AND dunning IS NOT NULL", (sorted(customers),))
    unreminded = frozenset(row.customer_ident for row in rows if not row.dunning["reminders"])
    return unreminded, frozenset(row.customer_ident for row in rows if not row.dunning["fees"])


def usual_days(uow: Uow, customer_ident: str) -> int | None:
    """In how many days the customer pays where nothing else is agreed; None: nothing is agreed with him."""
    return uow.scalar(int, "SELECT (payment_terms ->> 'days')::int FROM customer WHERE customer_ident = %s", (customer_ident,))


def usual_days_at(holder: str) -> str:
    """SQL: the same, of who a contract (`holder`: its table) is with."""
    return (
        f"(SELECT (c.payment_terms ->> 'days')::int FROM customer c WHERE c.tenant_id = {holder}.tenant_id"
        f" AND c.customer_ident = {holder}.customer_ident)"
    )

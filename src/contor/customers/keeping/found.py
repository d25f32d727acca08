"""Customers found by what people know of them: a number, a town, a word in the name or address."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, NamedTuple

from pydantic import Field

from contor.customers.customers import CUSTOMERS
from contor.customers.queries import Address
from contor.customers.tables import address, customer
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Text255, shape
from contor.runtime.query import Filterable, ListQuery, Page
from contor.runtime.query.listed import listed_by_key
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NUMBERED = Numbered("customer", customer, "customer_ident")
_SEARCHED = ("company", "first_name", "last_name", "email")
_PLACE = ("street", "address_addition", "zip")
_SHOWN = (
    "c.id, c.customer_ident, c.customer_type, c.external_id, c.company, c.academic_title, c.first_name, c.last_name, c.birth_date,"
    " c.email, c.phone, c.language, c.currency, c.vat_id, c.tax_number, c.buyer_reference, c.e_invoice_format, c.electronic_address,"
    " c.bank_accounts, c.tax_classifications, c.tax_exemptions, c.self_billing_agreement_on, c.small_business, c.billing_stop,"
    " c.properties, c.profile, c.payment_terms, c.invoice_delivery, c.debtor_account, c.status,"
    " c.deleted_at, c.created_at, c.last_modified_at"
)


@shape
class FindCustomers:
    """Every condition that is given holds."""

    numbers: Annotated[tuple[int, ...], Field(max_length=1_000)] | None = None
    idents: Annotated[tuple[str, ...], Field(max_length=1_000)] | None = None
    external_id: Text255 | None = None
    country: Text255 | None = None
    city: Text255 | None = None
    comment: Text255 | None = None
    """Stands, in whatever case, in what is noted."""
    term: Text255 | None = None
    """Stands, in whatever case, in the company, a name, the e-mail, an address or a tag."""
    deleted: bool = False
    """Also those that are kept for their documents alone."""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    offset: Annotated[int, Field(ge=0)] = 0


class FoundCustomer(NamedTuple):
    """A customer as it is stored, with his first invoice address, and where he has none his first address."""

    customer: Fields
    address: Address | None


class _Called(NamedTuple):
    email: str
    customer_ident: str


def customers_with_email(uow: Uow, emails: Collection[str]) -> dict[str, list[str]]:
    """By address, in lower case, who has it, but for those whose place others took; without addresses that nobody has."""
    sql = (
        "SELECT lower(email) AS email, customer_ident FROM customer WHERE lower(email) = ANY (%s) AND deleted_at IS NULL"
        " AND merged_into IS NULL ORDER BY customer_ident"
    )
    found: dict[str, list[str]] = {}
    for row in uow.all(_Called, sql, (sorted({email.lower() for email in emails}),)):
        found.setdefault(row.email, []).append(row.customer_ident)
    return found


@operation("customer.find", permission="customers.read", reads=True)
def find_customers(uow: Uow, command: FindCustomers) -> tuple[FoundCustomer, ...]:
    """The oldest first."""
    conditions, values = _conditions(command)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    found = f"customer c{where}"
    if command.numbers is not None or command.idents is not None or command.external_id is not None:
        # those that are named are found by it, whatever is known of the table, and sorted then
        found = f"(SELECT {_SHOWN} FROM {found} OFFSET 0) c"
    rows = uow.records(f"SELECT {_SHOWN} FROM {found} ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s", values)
    addresses = first_addresses(uow, [row["customer_ident"] for row in rows])
    return tuple(FoundCustomer(row, addresses.get(row["customer_ident"])) for row in rows)


def _conditions(command: FindCustomers) -> tuple[list[str], Mapping[str, object]]:
    values: dict[str, object] = {"limit": command.limit, "offset": command.offset}
    conditions = [] if command.deleted else ["c.deleted_at IS NULL"]
    if command.numbers is not None:
        conditions.append("c.id = ANY (%(numbers)s)")
        values["numbers"] = list(command.numbers)
    if command.idents is not None:
        conditions.append("c.customer_ident = ANY (%(idents)s)")
        values["idents"] = list(command.idents)
    if command.external_id is not None:
        conditions.append("c.external_id = %(external_id)s")
        values["external_id"] = command.external_id
    if command.comment is not None:
        conditions.append("c.profile ->> 'comment' ILIKE %(comment)s")
        values["comment"] = containing(command.comment)
    in_place = [
        line
        for line, value in (("a.country = %(country)s", command.country), ("lower(a.city) = lower(%(city)s)", command.city))
        if value is not None
    ]
    if in_place:
        conditions.append(f"c.customer_ident IN (SELECT a.customer_ident FROM {address.name} a WHERE {' AND '.join(in_place)})")
        values |= {"country": command.country, "city": command.city}
    if command.term is not None:
        values["term"] = containing(command.term)
        own = " OR ".join(f"c.{name} ILIKE %(term)s" for name in _SEARCHED)
        theirs = " OR ".join(f"a.{name} ILIKE %(term)s" for name in _PLACE)
        tags = "(c.profile -> 'tags')::text ILIKE %(term)s"
        conditions.append(f"({own} OR {tags} OR c.customer_ident IN (SELECT a.customer_ident FROM address a WHERE {theirs}))")
    return conditions, values


def first_addresses(uow: Uow, customers: Collection[str]) -> dict[str, Address]:
    """The first invoice address of each of the customers, or his first one at all; those of his contacts are not meant."""
    rows = uow.all(
        Address,
        f"SELECT DISTINCT ON (customer_ident) {columns(Address)} FROM address WHERE customer_ident = ANY (%s) AND contact IS NULL"
        " AND deleted_at IS NULL"
        " ORDER BY customer_ident, address_type, (is_default AND address_use = 'INVOICE') DESC, is_default DESC, id",
        (sorted(customers),),
    )
    return {row.customer_ident: row for row in rows}


def list_kept(uow: Uow, query: ListQuery, by: Filterable, read: Callable[[Sequence[Fields]], Sequence[object]]) -> Page:
    """The page of the customers that are not deleted, searched by the fields of `by`; of those on it `read` makes a thing each, in their
    order."""

    def shown(idents: list[str]) -> Sequence[object]:
        rows = stored_customers(uow, idents)
        return read([rows[ident] for ident in idents])

    return listed_by_key(uow, customer, query, by, "customer_ident", shown, scope={"deleted_at": None})


def stored_customers(uow: Uow, idents: Collection[str]) -> dict[str, Fields]:
    """Customers as they are stored, by ident."""
    names = ", ".join(f'"{name}"' for name in CUSTOMERS.columns)
    rows = uow.records(f"SELECT {names} FROM customer WHERE customer_ident = ANY (%s)", (sorted(idents),))
    return {row["customer_ident"]: row for row in rows}


def containing(text: str) -> str:
    """The pattern of LIKE for whatever contains `text`, which has no wildcards of its own."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"

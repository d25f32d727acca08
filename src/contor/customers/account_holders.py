"""Who stands behind the personal accounts of the books, for who takes the books elsewhere."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from contor.runtime.query.reading import streamed
from contor.runtime.uow import Uow
from contor.settings.stored import AccountFields


class AccountHolder(NamedTuple):
    """Who stands behind personal accounts, with his first invoice address."""

    customer_ident: str
    debtor_account: int | None
    creditor_account: int | None
    company: str | None
    academic_title: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    vat_id: str | None
    tax_number: str | None
    bank_accounts: Sequence[AccountFields] | None
    street: str | None
    street_no: str | None
    post_office_box: str | None
    zip: str | None
    city: str | None
    country: str | None
    address_addition: str | None


def account_holders(uow: Uow, last_number: int) -> Iterator[AccountHolder]:
    """The customers up to a number that have a personal account, as they are now, in the order of their numbers."""
    return streamed(
        uow,
        AccountHolder,
        "SELECT c.customer_ident, c.debtor_account, c.creditor_account, c.company, c.academic_title, c.first_name, c.last_name, c.email,"
        " c.phone, c.vat_id, c.tax_number, c.bank_accounts, a.street, a.street_no, a.post_office_box, a.zip, a.city, a.country,"
        " a.address_addition FROM customer c LEFT JOIN LATERAL (SELECT street, street_no, post_office_box, zip, city, country,"
        " address_addition FROM address WHERE tenant_id = c.tenant_id AND customer_ident = c.customer_ident"
        " ORDER BY address_type = 'INVOICE' DESC, id LIMIT 1) a ON true"
        " WHERE c.id <= %s AND (c.debtor_account IS NOT NULL OR c.creditor_account IS NOT NULL) ORDER BY c.id",
        (last_number,),
        name="account_holders",
    )


def highest_personal_account(uow: Uow) -> int | None:
    """The highest of all personal accounts; None: there is none."""
    return uow.scalar(int, "SELECT greatest(max(debtor_account), max(creditor_account)) FROM customer")


def last_customer_number(uow: Uow) -> int:
    """The number of the youngest customer; 0: there is none."""
    return uow.scalar(int, "SELECT max(id) FROM customer") or 0


def next_customer_number(uow: Uow) -> str:
    """What a customer is called whom nobody named."""
    return f"C-{uow.next_id():08d}"

"""Where a customer gets mail: several addresses, one of which is his own, and some of which are meant for invoices or for reminders."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from contor.customers import tables
from contor.customers.events import CustomersUpdated
from contor.customers.types import Email
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Text255, shape
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

NUMBERED = Numbered("customer_email", tables.customer_email)
MOST_EMAILS = 100


@shape
class EmailBody:
    email: Email
    """Where mail is sent to; the customer has it once."""
    receiver_name: Text255 | None = None
    """Who reads it; without one, mail is addressed to the customer."""
    for_invoices: bool = False
    """Whether invoices, and what takes them back, are sent there: to all addresses that are meant for it, else to the default one."""
    for_dunning: bool = False
    """Whether reminders are sent there: likewise, and where none is meant for it, to where invoices are sent."""
    default: bool = False
    """Whether it is the customer's own e-mail: the one before is not any more. The default one stays until another one is."""


class CustomerEmail(NamedTuple):
    """An address of a customer."""

    customer_ident: str
    ident: str
    id: int
    email: str
    receiver_name: str | None
    is_default: bool
    for_invoices: bool
    for_dunning: bool


@shape
class EmailView:
    ident: Ident
    email: str
    receiver_name: str | None
    for_invoices: bool
    for_dunning: bool
    default: bool


@shape
class EmailViews:
    emails: tuple[EmailView, ...]


@dataclass(frozen=True, slots=True)
class EmailsOf:
    customer_ident: str


@dataclass(frozen=True, slots=True)
class OneEmail:
    customer_ident: str
    email_ident: str


@dataclass(frozen=True, slots=True)
class AddEmail:
    customer_ident: str
    body: EmailBody


@dataclass(frozen=True, slots=True)
class ReplaceEmail:
    customer_ident: str
    email_ident: str
    body: EmailBody


@operation("customer_email.list", permission="customers.read", reads=True)
def list_emails(uow: Uow, command: EmailsOf) -> EmailViews:
    """The addresses of a customer, the default one first."""
    _require_customer(uow, command.customer_ident, lock=False)
    return EmailViews(emails=tuple(_view(one) for one in emails_of(uow, [command.customer_ident])[command.customer_ident]))


@operation("customer_email.get", permission="customers.read", reads=True)
def get_email(uow: Uow, command: OneEmail) -> EmailView:
    """One address of a customer."""
    return _view(_require(uow, command.customer_ident, command.email_ident))


@operation("customer_email.add", permission="customers.write")
def add_email(uow: Uow, command: AddEmail) -> EmailView:
    """A further address; the first one of a customer is his default one."""
    customer, body = command.customer_ident, command.body
    _require_customer(uow, customer, lock=True)
    known = emails_of(uow, [customer])[customer]
    _refuse(known, body, None)
    default = body.default or not any(one.is_default for one in known)
    ident, now = uow.new_ident(), uow.ctx.now()
    if default:
        _take_default(uow, customer, body.email)
    uow.insert(
        tables.customer_email,
        [
            {
                "customer_ident": customer,
                "ident": ident,
                "id": uow.next_id(),
                "email": body.email,
                "receiver_name": body.receiver_name,
                "is_default": default,
                "for_invoices": body.for_invoices,
                "for_dunning": body.for_dunning,
                "created_at": now,
                "last_modified_at": now,
            }
        ],
    )
    return _told(uow, customer, ident, {"created": body})


@operation("customer_email.replace", permission="customers.write")
def replace_email(uow: Uow, command: ReplaceEmail) -> EmailView:
    """Another address, another reader, another purpose. Raises INVALID where the default one is to be none."""
    customer, body = command.customer_ident, command.body
    _require_customer(uow, customer, lock=True)
    before = _require(uow, customer, command.email_ident)
    _refuse(emails_of(uow, [customer])[customer], body, before)
    if body.default and (not before.is_default or before.email != body.email):
        _take_default(uow, customer, body.email)
    uow.run(
        "UPDATE customer_email SET email = %s, receiver_name = %s, is_default = %s, for_invoices = %s, for_dunning = %s,"
        " last_modified_at = %s WHERE customer_ident = %s AND ident = %s",
        (
            *(body.email, body.receiver_name, body.default, body.for_invoices, body.for_dunning),
            *(uow.ctx.now(), customer, before.ident),
        ),
    )
    return _told(uow, customer, before.ident, {"before": before._asdict(), "after": body})


@operation("customer_email.remove", permission="customers.write")
def remove_email(uow: Uow, command: OneEmail) -> None:
    """Mail is sent there no more. Raises CONFLICT for the default one while there are others: one of them becomes it first."""
    customer = command.customer_ident
    _require_customer(uow, customer, lock=True)
    row = _require(uow, customer, command.email_ident)
    if row.is_default and len(emails_of(uow, [customer])[customer]) > 1:
        message = f"{row.email} is the customer's default e-mail: make another one the default first."
        raise Refused(Kind.CONFLICT, Problem("default_email_needed", message, "ident", row.ident))
    uow.run("DELETE FROM customer_email WHERE customer_ident = %s AND ident = %s", (customer, row.ident))
    if row.is_default:
        _write_own(uow, customer, None)
    uow.audit("customer_email", row.ident, {"deleted": row._asdict()})
    uow.emit(CustomersUpdated(customer_idents=(customer,)))


def emails_of(uow: Uow, customers: Collection[str]) -> dict[str, list[CustomerEmail]]:
    """Of each of these customers, the default one first."""
    found: dict[str, list[CustomerEmail]] = {customer: [] for customer in customers}
    sql = f"SELECT {columns(CustomerEmail)} FROM customer_email WHERE customer_ident = ANY (%s) ORDER BY customer_ident, NOT is_default, id"
    for row in uow.all(CustomerEmail, sql, (sorted(found),)):
        found[row.customer_ident].append(row)
    return found


def owner_of_email(uow: Uow, email: str) -> str | None:
    """Whose own e-mail it is: that of the oldest, where several customers share one; nobody who is deleted, or whose place another
    one took, is meant. Who asks in order to write it has it to himself until the transaction ends."""
    uow.lock("customer_email", [email.lower()])
    sql = (
        "SELECT c.customer_ident FROM customer_email e JOIN customer c ON c.tenant_id = e.tenant_id AND c.customer_ident = e.customer_ident"
        " WHERE lower(e.email) = lower(%s) AND e.is_default AND c.deleted_at IS NULL AND c.merged_into IS NULL"
        " ORDER BY c.id LIMIT 1"
    )
    return uow.scalar(str, sql, (email,))


def _require_customer(uow: Uow, ident: str, *, lock: bool) -> None:
    sql = f"SELECT 1 FROM customer WHERE customer_ident = %s{' FOR UPDATE' if lock else ''}"
    if uow.scalar(int, sql, (ident,)) is None:
        raise not_found("customer", ident)


def _require(uow: Uow, customer: str, ident: str) -> CustomerEmail:
    sql = f"SELECT {columns(CustomerEmail)} FROM customer_email WHERE customer_ident = %s AND ident = %s"
    row = uow.first(CustomerEmail, sql, (customer, ident))
    if row is None:
        _require_customer(uow, customer, lock=False)
        raise not_found("customer_email", ident)
    return row


def _refuse(known: Collection[CustomerEmail], body: EmailBody, before: CustomerEmail | None) -> None:
    problems = []
    if any(one.email.lower() == body.email.lower() for one in known if before is None or one.ident != before.ident):
        problems.append(Problem("email_exists", "is another address of the customer already", "email", body.email))
    if before is None and len(known) >= MOST_EMAILS:
        problems.append(Problem("emails_exceeded", f"A customer has at most {MOST_EMAILS} addresses.", "email"))
    if before is not None and before.is_default and not body.default:
        problems.append(
            Problem("default_email_needed", "stays true: make another address the default one instead", "default", False)
        )
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _take_default(uow: Uow, customer: str, email: str) -> None:
    uow.run("UPDATE customer_email SET is_default = false WHERE customer_ident = %s AND is_default", (customer,))
    _write_own(uow, customer, email)


def _write_own(uow: Uow, customer: str, email: str | None) -> None:
    uow.run("UPDATE customer SET email = %s, last_modified_at = %s WHERE customer_ident = %s", (email, uow.ctx.now(), customer))


def _told(uow: Uow, customer: str, ident: str, change: dict[str, object]) -> EmailView:
    uow.audit("customer_email", ident, change)
    uow.emit(CustomersUpdated(customer_idents=(customer,)))
    return _view(_require(uow, customer, ident))


def _view(row: CustomerEmail) -> EmailView:
    return EmailView(
        ident=row.ident,
        email=row.email,
        receiver_name=row.receiver_name,
        for_invoices=row.for_invoices,
        for_dunning=row.for_dunning,
        default=row.is_default,
    )

"""E-mail addresses of customers."""

from contor.api.fynn.customers.answers import EmailShown, EmailsShown
from contor.api.fynn.customers.ids import customer_ident, email_number
from contor.api.fynn.customers.judged import said
from contor.api.fynn.customers.shown import email_shown, meta_of
from contor.api.fynn.customers.standing import ListOfCustomer
from contor.api.fynn.customers.types import EmailFields
from contor.api.fynn.lists import part_of
from contor.customers.emails import (
    AddEmail,
    CustomerEmail,
    EmailBody,
    OneEmail,
    ReplaceEmail,
    add_email,
    emails_of,
    owner_of_email,
    remove_email,
    replace_email,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, shape
from contor.runtime.uow import Uow, not_found


@shape
class AddMail:
    customer_id: Text255
    body: EmailFields


@shape
class PutMail:
    customer_id: Text255
    id: Text255
    body: EmailFields


@shape
class TheMail:
    customer_id: Text255
    id: Text255


@operation("fynn.customer_email_list", permission="customers.read", reads=True)
def list_mails(uow: Uow, command: ListOfCustomer) -> EmailsShown:
    """The default one first."""
    ident = customer_ident(uow, command.customer_id)
    found, page = part_of(emails_of(uow, [ident])[ident], command.page, command.limit)
    return EmailsShown(data=tuple(email_shown(uow, one) for one in found), meta=meta_of(page))


@operation("fynn.customer_email_get", permission="customers.read", reads=True)
def get_mail(uow: Uow, command: TheMail) -> EmailShown:
    """One address."""
    return email_shown(uow, _found(uow, customer_ident(uow, command.customer_id), command.id))


@operation("fynn.customer_email_add", permission="customers.write")
def add_mail(uow: Uow, command: AddMail) -> EmailShown:
    """A further address."""
    ident = customer_ident(uow, command.customer_id)
    _require_free(uow, ident, command.body)
    with said():
        made = add_email(uow, AddEmail(ident, _body(command.body, was_default=False)))
    return next(email_shown(uow, one) for one in emails_of(uow, [ident])[ident] if one.ident == made.ident)


@operation("fynn.customer_email_put", permission="customers.write")
def put_mail(uow: Uow, command: PutMail) -> EmailShown:
    """Another address, reader or purpose."""
    ident = customer_ident(uow, command.customer_id)
    row = _found(uow, ident, command.id)
    _require_free(uow, ident, command.body)
    with said():
        replace_email(uow, ReplaceEmail(ident, row.ident, _body(command.body, was_default=row.is_default)))
    return email_shown(uow, _found(uow, ident, command.id))


@operation("fynn.customer_email_remove", permission="customers.write")
def remove_mail(uow: Uow, command: TheMail) -> None:
    """Mail is sent there no more. The one by which a customer signs in stays."""
    ident = customer_ident(uow, command.customer_id)
    row = _found(uow, ident, command.id)
    if row.is_default:
        message = f"{row.email} is the customer's default e-mail: make another one the default first."
        raise Refused(Kind.ILLEGAL_STATE, Problem("default_email_needed", message))
    remove_email(uow, OneEmail(ident, row.ident))


def _found(uow: Uow, ident: str, text: str) -> CustomerEmail:
    number = email_number(uow, text)
    row = next((one for one in emails_of(uow, [ident])[ident] if one.id == number), None)
    if row is None:
        raise not_found("customer_email", text)
    return row


def _require_free(uow: Uow, ident: str, body: EmailFields) -> None:
    """Who signs in by an e-mail is one."""
    if body.is_default and owner_of_email(uow, body.email) not in (None, ident):
        message = "is that of another customer, who signs in by it"
        raise Refused(Kind.INVALID, Problem("email_taken", message, "email", body.email))


def _body(body: EmailFields, *, was_default: bool) -> EmailBody:
    return EmailBody(
        email=body.email,
        receiver_name=body.receiver_name,
        for_invoices=body.is_invoice_email,
        for_dunning=body.is_dunning_email,
        default=was_default if body.is_default is None else body.is_default,
    )

"""Customers are mailed the password by which they sign in once, or show that they are who they say."""

from typing import Final

from contor.customers.emails import readers
from contor.customers.keeping.signed_in import customer_token
from contor.customers.one_time import customer_reached, issue, redeem
from contor.customers.queries import numbers_of
from contor.customers.types import Email
from contor.kernel.errors import Kind, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text32, shape
from contor.notifications.mail.causes.declared import company_of, to_customer
from contor.notifications.mail.log.asked import require_configured
from contor.notifications.mail.queue import Wanted, queue_mails
from contor.notifications.mail.wording import instant
from contor.runtime.uow import Uow

_LOGIN: Final = "login"


@shape
class RequestPassword:
    email: Email


@shape
class SignIn:
    email: Email
    otp: Text32
    """The password that was mailed."""


@shape
class SignedIn:
    token: str


@operation("customer_login.request", permission="customers.write")
def request_password(uow: Uow, command: RequestPassword) -> None:
    """Mail a password to the customer with this e-mail, see `mail_password_to`."""
    mail_password_to(uow, command.email, _LOGIN)


@operation("customer_login.sign_in", permission="customers.write")
def sign_in(uow: Uow, command: SignIn) -> SignedIn:
    """The token of a customer who knows the password that was mailed to him; the password is used up. Raises UNAUTHENTICATED."""
    ident = redeem(uow, command.email, command.otp.strip(), _LOGIN)
    return SignedIn(token=customer_token(uow, numbers_of(uow, [ident])[ident]))


def mail_password_to(uow: Uow, email: str, purpose: str) -> None:
    """Mail a password to the customer with this e-mail; to nobody, where nobody has it or too many were asked for, and the answer is the
    same. Raises ILLEGAL_STATE where nothing says how mails are sent."""
    require_configured(uow)
    customer = customer_reached(uow, email)
    if customer is None:
        return
    try:
        mail_password(uow, customer, purpose)
    except Refused as refused:
        if refused.kind is not Kind.TOO_MANY:  # it would say that there is somebody
            raise


def mail_password(uow: Uow, customer_ident: str, purpose: str) -> None:
    """A new one, to the customer's own e-mail. Raises ILLEGAL_STATE where no mail is configured, TOO_MANY."""
    configuration = require_configured(uow)
    made = issue(uow, customer_ident, purpose)
    reader, company = readers(uow, [customer_ident])[customer_ident], company_of(uow, configuration)
    facts = {"password": {"code": made.code, "until": f"{instant(made.expires_at)} (UTC)"}}
    mail = Wanted(
        kind="ONE_TIME_PASSWORD",
        about=f"one-time:{purpose}:{uow.next_id()}",
        recipient=reader.email or "",
        recipient_name=reader.name,
        language=reader.language or company.language,
        customer_ident=customer_ident,
        facts=to_customer(company, reader, facts),
    )
    for ident in queue_mails(uow, [mail]).values():
        uow.audit("mail", ident, {"kind": mail.kind, "about": mail.about})

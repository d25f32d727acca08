"""Customers are mailed the password by which they sign in once."""

from contor.customers.emails import customers_with_email, readers
from contor.customers.logins import customer_token, issue_password, password_holds
from contor.customers.queries import numbers_of
from contor.customers.types import Email
from contor.kernel.operations import operation
from contor.kernel.shapes import Text64, shape
from contor.notifications.mail.causes.declared import company_of, to_customer
from contor.notifications.mail.log.asked import require_configured
from contor.notifications.mail.queue import Wanted, queue_mails
from contor.notifications.mail.wording import instant
from contor.runtime.uow import Uow


@shape
class RequestPassword:
    email: Email


@shape
class SignIn:
    email: Email
    otp: Text64
    """The password that was mailed."""


@shape
class SignedIn:
    token: str | None
    """None: e-mail and password do not hold, whatever the reason."""


@operation("customer_login.request", permission="customers.write")
def request_password(uow: Uow, command: RequestPassword) -> None:
    """Mail a password to a customer who has this e-mail; to nobody, where nobody has, and the answer is the same. Raises ILLEGAL_STATE
    where nothing says how mails are sent."""
    configuration = require_configured(uow)
    issued = issue_password(uow, command.email)
    if issued is None:
        return
    reader = readers(uow, [issued.customer_ident])[issued.customer_ident]
    company = company_of(uow, configuration)
    password = {"code": issued.code, "until": f"{instant(issued.until)} UTC"}
    wanted = Wanted(
        kind="ONE_TIME_PASSWORD",
        about=f"login:{issued.customer_ident}:{uow.ctx.now().isoformat()}",
        recipient=command.email,
        recipient_name=reader.name_at(command.email),
        language=reader.language or company.language,
        customer_ident=issued.customer_ident,
        facts=to_customer(company, reader, {"password": password}),
    )
    queue_mails(uow, [wanted])
    uow.audit("customer_login", issued.customer_ident, {"asked_for": True})


@operation("customer_login.sign_in", permission="customers.write")
def sign_in(uow: Uow, command: SignIn) -> SignedIn:
    """The token of a customer who knows the password that was mailed to him; the password is used up. Wrong ones are counted, which is why
    none is refused here: who answers says that nobody is known by it."""
    ident = password_holds(uow, command.email, command.otp)
    for tried in [ident] if ident is not None else customers_with_email(uow, command.email)[:1]:
        uow.audit("customer_login", tried, {"signed_in": ident is not None})
    return SignedIn(token=None if ident is None else customer_token(uow, numbers_of(uow, [ident])[ident]))

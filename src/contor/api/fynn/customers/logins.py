"""Customers sign in by a password that is mailed to them."""

from contor.api.fynn.customers.answers import TokenShown
from contor.api.fynn.customers.types import EmailSent, OtpSent
from contor.kernel.operations import operation
from contor.notifications.mail.passwords import RequestPassword, SignIn, request_password, sign_in
from contor.runtime.uow import Uow


@operation("fynn.customer_request_otp", permission="customers.write")
def request_otp(uow: Uow, body: EmailSent) -> None:
    """Mail a password to who has this e-mail; the answer is the same where nobody has."""
    request_password(uow, RequestPassword(email=body.email))


@operation("fynn.customer_exchange_otp", permission="customers.write")
def exchange_otp(uow: Uow, body: OtpSent) -> TokenShown:
    """The token of who knows the password that was mailed to him: good until the end of the next day."""
    return TokenShown(token=sign_in(uow, SignIn(email=body.email, otp=body.otp)).token)

"""Customers sign in by a password that is mailed to them."""

from contor.api.fynn.customers.answers import TokenShown
from contor.api.fynn.customers.types import EmailSent, OtpSent
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.notifications.mail.passwords import RequestPassword, SignedIn, SignIn, request_password, sign_in
from contor.runtime.uow import Uow


@operation("fynn.customer_request_otp", permission="customers.write")
def request_otp(uow: Uow, body: EmailSent) -> None:
    """Mail a password to who has this e-mail; the answer is the same where nobody has."""
    request_password(uow, RequestPassword(email=body.email))


@operation("fynn.customer_exchange_otp", permission="customers.write")
def exchange_otp(uow: Uow, body: OtpSent) -> TokenShown:
    """The token of who knows the password that was mailed to him. An empty one: e-mail and password do not hold."""
    made: SignedIn = sign_in(uow, SignIn(email=body.email, otp=body.otp))
    return TokenShown(token=made.token or "")


def require_signed_in(answer: object) -> bool:
    """Raises UNAUTHENTICATED where nobody signed in. Asked once the transaction is committed: wrong passwords are counted in it."""
    if isinstance(answer, dict) and not answer.get("token"):
        message = "E-mail and password do not hold, or not any more."
        raise Refused(Kind.UNAUTHENTICATED, Problem("login_failed", message))
    return False

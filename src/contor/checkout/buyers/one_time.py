"""A customer who is known shows by a one-time password that it is he who orders: it is mailed to him, only then is the cart his."""

from contor.checkout.carts import CartView, cart_view, write_cart
from contor.checkout.queries import CartRow, cart_named, open_cart
from contor.customers.emails import readers
from contor.customers.one_time import customer_reached, issue, redeem
from contor.customers.types import Email
from contor.kernel.operations import operation
from contor.kernel.shapes import Text32, shape
from contor.notifications.mail.causes.declared import company_of, to_customer
from contor.notifications.mail.log.asked import require_configured
from contor.notifications.mail.queue import Wanted, queue_mails
from contor.notifications.mail.wording import instant
from contor.runtime.uow import Uow


@shape
class AskForPassword:
    cart_ident: str
    email: Email


@shape
class ShowPassword:
    cart_ident: str
    email: Email
    otp: Text32


@shape
class Mailed:
    """That it was asked for; not whether there is such a customer."""

    email: str


@operation("cart.ask_for_password", permission="contracts.write")
def ask_for_password(uow: Uow, command: AskForPassword) -> Mailed:
    """Mail a one-time password to the customer with this e-mail; nobody hears whether there is one."""
    cart = open_cart(uow, command.cart_ident)
    customer = customer_reached(uow, command.email)
    if customer is not None:
        mail_password(uow, customer, purpose_of(cart))
    return Mailed(email=command.email)


@operation("cart.show_password", permission="contracts.write")
def show_password(uow: Uow, command: ShowPassword) -> CartView:
    """The cart is this customer's from now on. Raises UNAUTHENTICATED."""
    cart = open_cart(uow, command.cart_ident)
    customer = redeem(uow, command.email, command.otp.strip(), purpose_of(cart))
    write_cart(uow, cart, customer_ident=customer, email=command.email, status="OPEN")
    return cart_view(uow, cart_named(uow, cart.ident))


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


def purpose_of(cart: CartRow) -> str:
    """It is good for this cart alone."""
    return f"cart:{cart.ident}"

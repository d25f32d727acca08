"""A customer who is known shows by a one-time password that it is he who orders: it is mailed to him, only then is the cart his."""

from contor.checkout.carts import CartView, cart_view, write_cart
from contor.checkout.queries import CartRow, cart_named, open_cart
from contor.customers.one_time import redeem
from contor.customers.types import Email
from contor.kernel.operations import operation
from contor.kernel.shapes import Text32, shape
from contor.notifications.mail.passwords import mail_password_to
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
    """Mail a one-time password to the customer with this e-mail; nobody hears whether there is one, nor that he got too many. Raises
    ILLEGAL_STATE where nothing says how mails are sent."""
    cart = open_cart(uow, command.cart_ident)
    mail_password_to(uow, command.email, purpose_of(cart))
    return Mailed(email=command.email)


@operation("cart.show_password", permission="contracts.write")
def show_password(uow: Uow, command: ShowPassword) -> CartView:
    """The cart is this customer's from now on. Raises UNAUTHENTICATED."""
    cart = open_cart(uow, command.cart_ident)
    customer = redeem(uow, command.email, command.otp.strip(), purpose_of(cart))
    write_cart(uow, cart, customer_ident=customer, email=command.email, status="OPEN")
    return cart_view(uow, cart_named(uow, cart.ident))


def purpose_of(cart: CartRow) -> str:
    """It is good for this cart alone."""
    return f"cart:{cart.ident}"

"""Facts about carts. Pure."""

from contor.kernel.events import event


@event("checkout.carts_completed")
class CartsCompleted:
    """Somebody has ordered what was in them."""

    cart_idents: tuple[str, ...]


@event("checkout.carts_paid")
class CartsPaid:
    """The first document of what was ordered is paid, or there is nothing to be paid."""

    cart_idents: tuple[str, ...]

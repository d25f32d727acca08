"""Facts about payment methods. Pure."""

from contor.kernel.events import event


@event("payment_method.created")
class MethodsCreated:
    """Customers have further ways to pay."""

    idents: tuple[str, ...]


@event("payment_method.updated")
class MethodsUpdated:
    """Something of ways to pay is otherwise."""

    idents: tuple[str, ...]


@event("payment_method.removed")
class MethodRemoved:
    """A customer pays by it no more. `instead`: what named it is paid by that one; None: the customer transfers."""

    ident: str
    customer_ident: str
    instead: str | None
    collected: bool
    """Whether that one is collected by us."""
    payment_type: str
    """What contracts call the payment by that one."""

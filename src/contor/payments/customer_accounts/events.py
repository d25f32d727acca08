"""Facts about customers' payment accounts. Pure."""

from contor.kernel.events import event


@event("customer_payment_account.added")
class AccountsAdded:
    """Customers can be collected from, or paid to, by further accounts."""

    account_idents: tuple[str, ...]

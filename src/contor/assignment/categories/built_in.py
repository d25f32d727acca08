"""The categories that every tenant has, and which payment is of which where no rule of the account says more. Pure."""

from typing import Final

from contor.payments.types import StoredPayment

CUSTOMER_PAYMENT: Final = "CUSTOMER_PAYMENT"
"""Money that came in."""
OUTGOING_PAYMENT: Final = "OUTGOING_PAYMENT"
"""Money that went out."""
RETURN: Final = "RETURN"
"""What takes an earlier payment back."""
BUILT_IN: Final = (CUSTOMER_PAYMENT, OUTGOING_PAYMENT, RETURN)


def category_of(payment: StoredPayment) -> str:
    """The one that was given, else the built-in one."""
    if payment.category is not None:
        return payment.category
    if payment.returns is not None:
        return RETURN
    return CUSTOMER_PAYMENT if payment.amount > 0 else OUTGOING_PAYMENT

"""Facts about payments. Pure."""

from typing import Any

from contor.kernel.events import event, transient


@event("payments.received")
class PaymentsReceived:
    """Money moved on merchant payment accounts."""

    payment_idents: tuple[str, ...]
    payments: tuple[Any, ...] = transient()
    """`StoredPayment` of each."""

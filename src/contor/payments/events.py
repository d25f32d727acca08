"""Facts about payments. Pure."""

from contor.kernel.events import event, transient
from contor.payments.types import StoredPayment


@event("payments.received")
class PaymentsReceived:
    """Money moved on merchant payment accounts."""

    payment_idents: tuple[str, ...]
    payments: tuple[StoredPayment, ...] = transient()
    """`StoredPayment` of each."""

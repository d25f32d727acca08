"""By what a document is collected, so far as it is known when it is issued, and in which term it is paid where nobody said it. Pure."""

from typing import NamedTuple

from contor.documents.types import LONGEST_TERM, DebitedAccount, PaidBy, PaymentTerm, Property
from contor.payments.sepa import Terms


class Collection(NamedTuple):
    """By what a document is collected."""

    paid_by: PaidBy | None
    """What the document says of it. TRANSFER: it is to be collected, and there is no account that works. None: what its payment type
    says, for nobody collects it here."""
    terms: Terms | None
    """What decides on the day. None: nobody knows yet by which way of ours."""
    mandate: tuple[Property, ...]
    """BT-89 and BT-90; properties of the request go before them."""
    debited: DebitedAccount | None


def usual_term(days: int | None) -> PaymentTerm:
    """So many days, as they are agreed with the customer; None: nothing is agreed with him."""
    return PaymentTerm() if days is None else PaymentTerm(period_in_days=min(days, LONGEST_TERM))

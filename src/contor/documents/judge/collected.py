"""By what a document is collected, so far as it is known when it is issued. Pure."""

from typing import NamedTuple

from contor.documents.types import DebitedAccount, PaidBy, Property
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

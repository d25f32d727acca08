"""Facts about values. Pure."""

import datetime as dt
from decimal import Decimal

from contor.kernel.events import event
from contor.kernel.shapes import shape


@shape
class WaitingValue:
    """A value that a worker records."""

    contract_ident: str
    option_ident: str
    quantity: Decimal
    measured_at: dt.datetime


@event("usage.values_sent")
class ValuesSent:
    """Values were accepted: each is recorded by a job."""

    values: tuple[WaitingValue, ...]

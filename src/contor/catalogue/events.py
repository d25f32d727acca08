"""Facts about what can be sold. Pure."""

import datetime as dt
from decimal import Decimal

from contor.kernel.events import event


@event("price_adaptation.value_joins")
class IndexValueJoins:
    """An index is to have a further value from a day on. Who has priced by the index may refuse."""

    price_adaptation_ident: str
    valid_from: dt.date
    value: Decimal

"""Whether statements can be believed, and what they add to what is known."""

from contor.payments.statements.judged.accounts import OwnAccount, Spread, masked_account, spread
from contor.payments.statements.judged.chain import Proved, linked
from contor.payments.statements.judged.known import GIVEN, MOVED_WITHIN, Booking, bookings_of, matched
from contor.payments.statements.judged.plan import FORCIBLE, Plan, planned
from contor.payments.statements.judged.transfers import Transfer, running, statement_problems, transfers_of

__all__ = [
    "FORCIBLE",
    "GIVEN",
    "MOVED_WITHIN",
    "Booking",
    "OwnAccount",
    "Plan",
    "Proved",
    "Spread",
    "Transfer",
    "bookings_of",
    "linked",
    "masked_account",
    "matched",
    "planned",
    "running",
    "spread",
    "statement_problems",
    "transfers_of",
]

"""What we owe a customer: cleared with what he pays, where he names both; or paid out by us."""

from contor.assignment.credits.cleared import Offset, cleared_with, offset, take_with_credits
from contor.assignment.credits.earned import earn_by_clearing
from contor.assignment.credits.outgoing import PaidOut, paid_out

__all__ = ["Offset", "PaidOut", "cleared_with", "earn_by_clearing", "offset", "paid_out", "take_with_credits"]

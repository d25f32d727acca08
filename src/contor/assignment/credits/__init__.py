"""What we owe a customer: cleared with what he pays, where he names both; or paid out by us."""

from contor.assignment.credits.cleared import Offset, offset, source_of, take_back, take_with_credits
from contor.assignment.credits.outgoing import PaidOut, paid_out

__all__ = ["Offset", "PaidOut", "offset", "paid_out", "source_of", "take_back", "take_with_credits"]

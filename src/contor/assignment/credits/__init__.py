"""What we owe a customer: cleared with what he pays, where he names both."""

from contor.assignment.credits.cleared import Offset, offset, take_back, take_with_credits

__all__ = ["Offset", "offset", "take_back", "take_with_credits"]

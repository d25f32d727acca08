"""What was open when the books began here: posting table row 38."""

from contor.bookkeeping.opening.post_opening import carry_forward

__all__ = ["carry_forward"]

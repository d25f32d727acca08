"""What was ordered becomes rows that will be billed, or everything that is wrong with it."""

from contor.orders.rules.findings import NOT_KNOWN, Expected, Stand, of_only_one, relative, trial
from contor.orders.rules.rows import DAY, allowance_row, basis_of, deposit_row, line_row

__all__ = [
    "DAY",
    "NOT_KNOWN",
    "Expected",
    "Stand",
    "allowance_row",
    "basis_of",
    "deposit_row",
    "line_row",
    "of_only_one",
    "relative",
    "trial",
]

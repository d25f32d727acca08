"""Payments come in: judged, stored, and told."""

from contor.payments.receiving.days import day_problems
from contor.payments.receiving.judge import payment_problems
from contor.payments.receiving.store import receive, require_new, store_received
from contor.payments.receiving.unassigned import unassigned_until

__all__ = ["day_problems", "payment_problems", "receive", "require_new", "store_received", "unassigned_until"]

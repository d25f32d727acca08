"""What is stored of statements: the original files, the bookings, and the payments that are made of them."""

from contor.payments.statements.kept.bodies import payments_of
from contor.payments.statements.kept.keep import Kept, keep, original
from contor.payments.statements.kept.writing import payment_findings, payments_for, store

__all__ = ["Kept", "keep", "original", "payment_findings", "payments_for", "payments_of", "store"]

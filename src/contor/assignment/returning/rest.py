"""A payment that is returned as a whole and that was not all for documents: what it paid of claims is open again, and what waited of it
meets its return: neither waits any more."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.assign import Met, assign, meet
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.suggestions import withdraw
from contor.assignment.types import Reason, Rule, Said
from contor.dunning.claims import claims_unpaid, paid_of_claims
from contor.kernel.money import ZERO, round_amount
from contor.payments.changing import locked_payments, set_assigned
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class Left(NamedTuple):
    """What of a payment did not go back yet, positive."""

    entire: Decimal
    beside: Decimal
    """Of it what is on no document: it paid claims, or waits."""


_NOTHING = Left(ZERO, ZERO)


def left_of(uow: Uow, payment: StoredPayment, original: StoredPayment, assigned: Decimal) -> Left:
    """What of `original` the return `payment` may take back beside what stands on documents, which is `assigned`. Nothing where nothing was
    put anywhere, unless its case was paid otherwise: whose it is has to be said first. Claims are paid in the ledger's own money."""
    if assigned == abs(original.amount):
        return _NOTHING
    of = locked_payments(uow, [original.ident])[original.ident]
    claims = paid_of_claims(uow, original.ident)
    if claims and any(it.amount != it.ledger_amount for it in (payment, original)):
        return _NOTHING
    gone = _gone(uow, original.ident)
    is_known = of.assigned > 0 or of.reason == Reason.PAID_OTHERWISE
    if of.status == "IGNORED" or not is_known or of.assigned != assigned + gone + claims:
        return _NOTHING
    left = abs(original.amount) - gone
    return Left(left, left - assigned)


def _gone(uow: Uow, payment: str) -> Decimal:
    """What of it went back before."""
    sql = (
        "SELECT coalesce(sum(CASE a.target_type WHEN 'PAYMENT' THEN abs(a.amount) ELSE (SELECT coalesce(sum(abs(r.amount)), 0)"
        " FROM payment_assignment r WHERE r.tenant_id = a.tenant_id AND r.returns_ident = a.ident AND r.status = 'PROCESSED'"
        " AND r.target_type <> 'BANK_FEE') END), 0) FROM payment_assignment a WHERE a.payment_ident = %s AND a.status = 'PROCESSED'"
    )
    return uow.scalar(Decimal, sql, (payment,)) or ZERO


def take_rest(uow: Uow, payment: StoredPayment, original: StoredPayment, *, from_unassigned: bool, fee: Decimal) -> list[str]:
    """The return's assignments. `fee`: what the banks took, where no document's part has it."""
    assigned = locked_payments(uow, [original.ident])[original.ident].assigned - claims_unpaid(uow, original.ident)
    whole = abs(original.amount)
    currency = tenant_settings(uow).ledger_currency
    left = _worth(original, _parts(uow, original.ident), currency)
    gone = _worth(payment, [_charges(payment), *_parts(uow, payment.ident)], currency)
    met = Met(whole - assigned, left, gone)
    of_original, of_return = meet(uow, original, payment, met, from_unassigned=from_unassigned)
    set_assigned(uow, original.ident, whole, whole)
    withdraw(uow, original.ident, ZERO)
    said = Said(note=f"returned by {payment.ident}", assignments=(of_original,))
    keep_reasons(uow, [Decided(original.ident, Rule.RETURN, said)])
    made = []
    if fee:
        made = assign(uow, payment, [], automatic=True, from_unassigned=from_unassigned, returns_ident=of_original, fee=fee)
    return [of_return, *(done.ident for done in made)]


def _charges(payment: StoredPayment) -> Decimal:
    """What the banks took beside it, signed as the payment is."""
    return ZERO if payment.returns is None else payment.returns.charges.copy_sign(payment.amount)


def _parts(uow: Uow, payment: str) -> list[Decimal]:
    """What stands of it on documents, signed."""
    sql = (
        "SELECT amount FROM payment_assignment WHERE payment_ident = %s AND status = 'PROCESSED'"
        " AND target_type NOT IN ('BANK_FEE', 'PAYMENT')"
    )
    return uow.column(Decimal, sql, (payment,))


def _worth(payment: StoredPayment, parts: Sequence[Decimal], currency: str) -> Decimal:
    """What is left of it beside these parts, signed, in the ledger's currency: each part is rounded as it was booked."""
    taken = [round_amount(payment.ledger_amount * part / payment.amount, currency) for part in parts]
    return payment.ledger_amount - sum(taken, ZERO)

"""A payment that is returned as a whole and that was not all for documents: what it paid of claims is open again, and what waited of it
meets its return: neither waits any more."""

from decimal import Decimal

from contor.assignment.assign import assign, meet
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.suggestions import withdraw
from contor.assignment.types import Rule, Said
from contor.dunning.claims import claims_unpaid, paid_of_claims
from contor.kernel.money import ZERO
from contor.payments.changing import locked_payments, set_assigned
from contor.payments.queries import returned_amount
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


def is_entire(uow: Uow, payment: StoredPayment, original: StoredPayment, assigned: Decimal) -> bool:
    """Whether `payment` returns all of `original`, of which so much is assigned to documents, but not all, and nothing went back before.
    What waits as a whole is no such one: whose it is has to be said first. Foreign money may be worth something else by now."""
    if abs(original.amount) != returned_amount(payment) or assigned == abs(original.amount):
        return False
    if any(it.amount != it.ledger_amount for it in (payment, original)):
        return False
    of = locked_payments(uow, [original.ident])[original.ident]
    claims = paid_of_claims(uow, original.ident)
    return of.status != "IGNORED" and of.assigned > 0 and of.assigned == assigned + claims


def take_rest(uow: Uow, payment: StoredPayment, original: StoredPayment, *, from_unassigned: bool, fee: Decimal) -> list[str]:
    """The return's assignments. `fee`: what the banks took, where no document's part has it."""
    assigned = locked_payments(uow, [original.ident])[original.ident].assigned - claims_unpaid(uow, original.ident)
    whole = abs(original.amount)
    of_original, of_return = meet(uow, original, payment, whole - assigned, from_unassigned=from_unassigned)
    set_assigned(uow, original.ident, whole, whole)
    withdraw(uow, original.ident, ZERO)
    said = Said(note=f"returned by {payment.ident}", assignments=(of_original,))
    keep_reasons(uow, [Decided(original.ident, Rule.RETURN, said)])
    made = []
    if fee:
        made = assign(uow, payment, [], automatic=True, from_unassigned=from_unassigned, returns_ident=of_original, fee=fee)
    return [of_return, *(done.ident for done in made)]

"""A payment that is exactly what its documents owe and what is claimed on them: all of it is paid, so that no order matters."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.assign import assign
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.suggestions import Offered, offer
from contor.assignment.types import Assign, Rule, Said
from contor.dunning.claims import open_claims, put
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.cases import locked_cases
from contor.openitems.types import StoredCase
from contor.payments.changing import Standing, locked_payments, set_standing
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Demanded(NamedTuple):
    """A payment that waits, and the documents of which it is the demand."""

    payment: StoredPayment
    documents: tuple[int, ...]
    rule: Rule
    said: Said


def asks_for(payment: StoredPayment, cases: Sequence[StoredCase], claims: Mapping[int, Decimal]) -> tuple[int, ...]:
    """The documents, if all of them and the claims on them are the payment to the cent; else none."""
    owed = [it for it in cases if it.case.balance > 0 and it.case.currency == payment.currency]
    claimed = sum((claims.get(it.document_id, ZERO) for it in owed), ZERO)
    whole = claimed + sum((it.case.balance for it in owed), ZERO)
    return tuple(it.document_id for it in owed) if claimed and payment.amount == whole else ()


def pay_demanded(uow: Uow, wanted: Collection[Demanded]) -> None:
    """Pay the documents and their claims by payments that have just begun to wait. One whose documents do not owe as much any more goes
    on waiting."""
    for it in sorted(wanted, key=lambda one: one.payment.ident):
        of = locked_payments(uow, [it.payment.ident])[it.payment.ident]
        cases = locked_cases(uow, it.documents)
        claims = [claim for number in it.documents for claim in open_claims(uow, number)]
        principal = sum((stored.case.balance for stored in cases), ZERO)
        is_whole = principal + sum((claim.open for claim in claims), ZERO) == of.payment.amount
        if of.assigned or not claims or not is_whole or any(stored.case.balance <= 0 for stored in cases):
            continue
        parts = [Assign(case_ident=one.case.ident, amount=one.case.balance, document_id=one.document_id) for one in cases]
        done = assign(uow, of.payment, parts, automatic=True, from_unassigned=True)
        put(uow, of.payment, principal, [(claim, claim.open) for claim in claims])
        set_standing(uow, [Standing(it.payment.ident, of.payment.amount, of.payment.amount)])
        offer(uow, [Offered(it.payment.ident, ())], anew=True)
        named = ", ".join(claim.claim_ident for claim in claims)
        said = replace(it.said, reason=None, note=f"with {named}", assignments=tuple(one.ident for one in done))
        keep_reasons(uow, [Decided(it.payment.ident, it.rule, said)])

"""A payment that is exactly what its documents owe, less what we owe with them, and what is claimed on them: all of it is paid, so that no
order matters."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.assign import assign
from contor.assignment.credits import Offset, cleared_with, offset
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.suggestions import Offered, offer
from contor.assignment.types import Assign, Rule, Said
from contor.dunning.claims import ClaimRow, locked_claims, put
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.cases import locked_cases
from contor.openitems.clearing import clear
from contor.openitems.types import StoredCase
from contor.payments.changing import Standing, locked_payments, set_standing
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow


class Demand(NamedTuple):
    """What a payment is to the cent."""

    documents: tuple[int, ...]
    """With the credits that are taken off; on each something is open."""
    claims: tuple[str, ...]
    credits: tuple[str, ...]
    """The numbers of those that are taken off."""


class Demanded(NamedTuple):
    """A payment that waits, and what it is."""

    payment: StoredPayment
    demand: Demand
    rule: Rule
    said: Said


def asks_for(
    payment: StoredPayment,
    cases: Sequence[StoredCase],
    claims: Mapping[int, Sequence[ClaimRow]],
    letters: Mapping[int, int],
) -> Demand | None:
    """What of the cases and the claims on them (`claims`: by document) the payment is to the cent. None: nothing, or documents alone,
    which others decide. `letters`: by document the letter that is named: what it asks for comes first, also what it claims on a document
    that was paid since."""
    mine = [it for it in cases if it.case.balance and it.case.currency == payment.currency]
    owed = [it for it in mine if it.case.balance > 0]
    of_all = [
        claim
        for number in dict.fromkeys((*letters, *(it.document_id for it in owed)))
        for claim in claims.get(number, ())
        if claim.currency == payment.currency
    ]
    of_letters = [claim for claim in of_all if claim.document_id in letters and claim.is_asked_for_by(letters[claim.document_id])]
    for documents, wanted in _ways(mine, owed, of_letters, of_all):
        credits = tuple(sorted(it.case.ident for it in documents if it.case.balance < 0))
        principal = sum((it.case.balance for it in documents), ZERO)
        whole = principal + sum((claim.open for claim in wanted), ZERO)
        if principal >= 0 and payment.amount == whole and (wanted or (credits and letters)):
            return Demand(tuple(it.document_id for it in documents), tuple(claim.claim_ident for claim in wanted), credits)
    return None


def _ways(
    mine: Sequence[StoredCase], owed: Sequence[StoredCase], of_letters: Sequence[ClaimRow], of_all: Sequence[ClaimRow]
) -> Iterator[tuple[Sequence[StoredCase], Sequence[ClaimRow]]]:
    """What a payer may mean: credits taken off, or all that is owed; what the letter claims, or all that is claimed."""
    for documents in (mine, owed):
        for wanted in (of_letters, of_all):
            yield documents, wanted


def pay_demanded(uow: Uow, wanted: Collection[Demanded]) -> list[StoredPayment]:
    """Pay the documents and their claims by payments that have just begun to wait, in their order. Answers those whose documents do not
    owe as much any more: they go on waiting."""
    if not wanted:
        return []
    # all of them, in one order for all
    locked = locked_payments(uow, [it.payment.ident for it in wanted])
    locked_claims(uow, {ident for it in wanted for ident in it.demand.claims})
    left = []
    for it in wanted:
        of = locked[it.payment.ident]
        cases = locked_cases(uow, it.demand.documents)
        claims = [claim for claim in locked_claims(uow, it.demand.claims) if claim.open]
        principal = sum((stored.case.balance for stored in cases), ZERO)
        is_whole = principal + sum((claim.open for claim in claims), ZERO) == of.payment.amount
        found = _put_to(uow, of.payment, cases, principal)
        if of.assigned or not claims or not is_whole or found is None:
            left.append(of.payment)
            continue
        done = assign(uow, of.payment, found.parts, automatic=True, from_unassigned=True) if found.parts else []
        for pair, source in cleared_with(found, [one.ident for one in done]):
            clear(uow, [pair], source)
        put(uow, of.payment, principal, [(claim, claim.open) for claim in claims])
        set_standing(uow, [Standing(it.payment.ident, of.payment.amount, of.payment.amount)])
        offer(uow, [Offered(it.payment.ident, ())], anew=True)
        cleared = f"cleared with {', '.join(it.demand.credits)}" if found.pairs else ""
        note = "; ".join(filter(None, (it.said.note, cleared, f"with {', '.join(claim.claim_ident for claim in claims)}")))
        said = replace(it.said, reason=None, note=note, assignments=tuple(one.ident for one in done))
        keep_reasons(uow, [Decided(it.payment.ident, it.rule, said)])
    return left


def _put_to(uow: Uow, payment: StoredPayment, cases: Sequence[StoredCase], principal: Decimal) -> Offset | None:
    """Where so much of the payment goes, and what is cleared with it. None: not all of the documents are settled by it."""
    if not principal:  # claims alone are paid; what is owed on either side is as much, and a clearing run clears it
        return Offset((), ())
    if any(it.case.balance < 0 for it in cases):
        return offset(uow, payment, cases, principal)
    parts = [Assign(case_ident=it.case.ident, amount=it.case.balance, document_id=it.document_id) for it in cases]
    return Offset((), parts) if all(part.amount for part in parts) else None

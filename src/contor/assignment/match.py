"""Payments find their open items: in the order category, return, own reference, expression, number, candidate (money 4). What is not clear
waits, with suggestions; each decision says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.assign import Plan
from contor.assignment.categories import Categorised, categorised, is_enabled
from contor.assignment.configuration import configurations_of, strategies_of, switches_of
from contor.assignment.credits import offset, paid_out, take_with_credits
from contor.assignment.demanded import Demand, Demanded, asks_for, pay_demanded
from contor.assignment.events import PaymentsLeftOpen
from contor.assignment.finding import (
    Naming,
    certain,
    customers_known,
    named_by,
    offers_by_score,
    one_each,
    outcome_of,
    places_of,
    scored_candidates,
    standing,
)
from contor.assignment.reasons import Decided, keep_reasons
from contor.assignment.returning import SUCCESS, decided, locked_originals, since_it_waits, taken_back, waiting_for
from contor.assignment.suggestions import PAID_OTHERWISE, Offered, offer, offers_of
from contor.assignment.types import Assign, AssignmentConfiguration, Offer, Outcome, Reason, Rule, Said
from contor.dunning.claims import ClaimRow, owed_on
from contor.kernel.events import on
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.cases import locked_cases
from contor.openitems.types import StoredCase
from contor.payments.changing import Standing, nothing_assigned, set_standing
from contor.payments.events import PaymentsReceived
from contor.payments.queries import countries_of_accounts
from contor.payments.settlements import leave_out, own_transfers
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow

_TEXT = 300
"""Characters of a payment's text that a reason repeats."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of the accounts and payers of payments that are matched together."""

    switches: Mapping[str, AssignmentConfiguration]
    countries: Mapping[str, str]
    known: Mapping[str, set[str]]
    """The customers whose account a payment came from, or whose mandate it names."""
    claims: Mapping[int, Sequence[ClaimRow]]
    """What is claimed on each document beside it."""
    places: Mapping[int, int]
    """What stands in the place of a document."""


class _Decision(NamedTuple):
    """What becomes of one payment."""

    payment: StoredPayment
    rule: Rule
    said: Said
    reason: Reason | None = None
    offers: Sequence[Offer] = ()
    assignments: Sequence[str] = ()
    demand: Demand | None = None
    """Documents that it pays with what is claimed on them."""


@on(PaymentsReceived)
def assign_received(uow: Uow, fact: PaymentsReceived) -> None:
    """Put each payment to the open item that it names, if the amount allows; else it waits, and says why. What moves money between
    accounts of ours is nobody's."""
    transfers = own_transfers(uow, [payment.ident for payment in fact.payments])
    leave_out(uow, sorted(transfers))
    if own := tuple(payment for payment in fact.payments if payment.ident in transfers):
        uow.emit(PaymentsLeftOpen(payment_idents=tuple(it.ident for it in own), payments=own, transfers=transfers))
    match(uow, [payment for payment in fact.payments if payment.ident not in transfers], from_unassigned=False)


def match(uow: Uow, payments: Sequence[StoredPayment], *, from_unassigned: bool) -> None:
    """Decide all of them: what is returned, then the others in their order. `from_unassigned`: they have waited, and are looked at
    again."""
    by_category = Categorised(since_it_waits(uow, payments), {}) if from_unassigned else categorised(uow, payments)
    enabled = is_enabled(uow, by_category.payments)
    decisions = {it.ident: _left(it, Reason.CATEGORY_NOT_ENABLED) for it in by_category.payments if not enabled[it.ident]}
    wanted = [it for it in by_category.payments if enabled[it.ident]]
    returns = [it for it in wanted if it.returns is not None]
    ordinary = [it for it in wanted if it.returns is None]
    successes = {it.ident for it in returns if it.returns is not None and it.returns.reason_code == SUCCESS}
    real = [it for it in returns if it.ident not in successes]
    originals = locked_originals(uow, real)
    mates = {it.ident for it in ordinary}
    # what comes with a return finds owed again what that takes back; what is returned as it comes has to be there first
    with_it = {it.ident for it in real if mates.intersection(one.ident for one in originals[it.ident])}
    undone = taken_back(uow, [it for it in real if it.ident not in with_it], originals, from_unassigned=from_unassigned)
    made = {it.payment.ident: it for it in _ordinary(uow, ordinary, from_unassigned=from_unassigned)}
    then = taken_back(uow, [it for it in real if it.ident in with_it], originals, from_unassigned=from_unassigned)
    if any(it.assignments for it in then) and (
        left := [it.payment for it in made.values() if not it.assignments and it.demand is None]
    ):
        made |= {it.payment.ident: it for it in _ordinary(uow, left, from_unassigned=from_unassigned)}
    decisions |= made
    decisions |= {it.ident: _left(it, Reason.RETURN_OF_SUCCESS) for it in returns if it.ident in successes}
    for done in (*undone, *then):
        reasons = decided(done)
        decisions[done.payment.ident] = _Decision(done.payment, reasons.rule, reasons.said, done.reason, (), done.assignments)
    _keep(uow, [decisions[it.ident] for it in by_category.payments], by_category.said, from_unassigned)
    demanded = [Demanded(it.payment, it.demand, it.rule, it.said) for it in decisions.values() if it.demand is not None]
    left = pay_demanded(uow, demanded)
    if 0 < len(left) < len(payments):  # others that came with them have paid something of it
        match(uow, left, from_unassigned=True)
    known = [it for it in ordinary if decisions[it.ident].assignments or decisions[it.ident].reason is Reason.PAID_OTHERWISE]
    waiting_for(uow, known)


def _ordinary(uow: Uow, payments: Sequence[StoredPayment], *, from_unassigned: bool) -> list[_Decision]:
    receipts = [it for it in payments if it.amount > 0]
    decisions = _sent(uow, [it for it in payments if it.amount <= 0], from_unassigned=from_unassigned)
    if not receipts:
        return decisions
    configurations = configurations_of(uow, {it.account_ident for it in receipts})
    strategies = strategies_of(uow, configurations)
    named = named_by(uow, receipts, strategies)
    documents = {number for found in named.values() for naming in found for number in naming.documents}
    places = places_of(uow, documents)
    documents |= {*places.values()}
    around = _Around(
        {account: switches_of(body) for account, body in configurations.items()},
        countries_of_accounts(uow, list(configurations)),
        customers_known(uow, receipts),
        owed_on(uow, documents),
        places,
    )
    plan = Plan(uow, locked_cases(uow, documents) if documents else [])
    made = {payment.ident: _named(uow, plan, payment, named[payment.ident], around) for payment in receipts}
    plan.carry_out(from_unassigned=from_unassigned)
    unnamed = [it for it in made.values() if not it.assignments and not it.offers and it.demand is None]
    scored, left = _scored(uow, unnamed, around.switches, from_unassigned=from_unassigned)
    made |= {it.payment.ident: it for it in scored}
    left = plan.balances() | left
    return [*decisions, *(it._replace(offers=[one for one in it.offers if _fits(one, left)]) for it in made.values())]


def _sent(uow: Uow, payments: Sequence[StoredPayment], *, from_unassigned: bool) -> list[_Decision]:
    """Money that went out: what we paid out closes what we owed; the rest a person assigns."""
    found = paid_out(uow, payments, from_unassigned=from_unassigned) if payments else {}
    made = []
    for payment in payments:
        done = found.get(payment.ident)
        reason = None if done is not None and done.assignments else Reason.NOT_A_RECEIPT
        if done is None:
            made.append(_left(payment, Reason.NOT_A_RECEIPT))
            continue
        said = Said(reason=reason, numbers=done.numbers, note=done.note, assignments=done.assignments)
        made.append(_Decision(payment, Rule.OWN_REFERENCE, said, reason, done.offers, done.assignments))
    return made


def _fits(offer: Offer, left: Mapping[int, Decimal]) -> bool:
    """Whether the payments that came together have left so much of the open item."""
    if offer.amount is None or offer.document_id not in left:
        return True
    return offer.amount + (offer.cash_discount or ZERO) + (offer.bank_fee or ZERO) <= left[offer.document_id]


def _named(uow: Uow, plan: Plan, payment: StoredPayment, namings: Sequence[Naming], around: _Around) -> _Decision:
    """The first way that finds where the money belongs decides; else the first one that found anything says why not."""
    switches = around.switches[payment.account_ident]
    waits: _Decision | None = None
    for named in namings:
        naming = standing(named, plan.stored(named.documents, around.places), around.places)
        cases = plan.cases(naming.documents)
        demand = _demanded(payment, naming, cases, around)
        if demand is not None and demand.claims and _is_payable(uow, payment, demand, cases):
            said = _said(payment, naming, cases, around, Reason.OVERPAID)
            return _Decision(payment, naming.rule, said, Reason.OVERPAID, demand=demand)
        found = outcome_of(payment, naming, cases, switches) if demand is None else Outcome(reason=Reason.CREDIT_NAMED)
        idents = plan.take(payment, found.assignments, sure=True)
        if found.reason is Reason.CREDIT_NAMED:
            idents = take_with_credits(uow, plan, payment, cases, switches, naming.target_type)
        if idents:
            said = _said(payment, naming, cases, around, None, idents)
            if found.reason is Reason.CREDIT_NAMED:
                credits = ", ".join(sorted(it.case.ident for it in cases if it.case.balance < 0))
                said = replace(said, note="; ".join(filter(None, (said.note, f"cleared with {credits}"))))
            return _Decision(payment, naming.rule, said, assignments=idents)
        reason = found.reason or Reason.NO_MATCH
        if reason is Reason.PAID_OTHERWISE:  # whose it is is known: no number in the text says more
            offers = offers_of(payment, cases, reason, switches, at_home=False)
            said = replace(_said(payment, naming, cases, around, reason), note=PAID_OTHERWISE)
            return _Decision(payment, naming.rule, said, reason, offers)
        if waits is None or (not waits.offers and cases):
            at_home = payment.counterpart_country == around.countries.get(payment.account_ident)
            offers = offers_of(payment, cases, reason, switches, at_home) if cases else []
            waits = _Decision(payment, naming.rule, _said(payment, naming, cases, around, reason), reason, offers)
        elif waits.reason is Reason.NO_MATCH and reason is not Reason.NO_MATCH:
            waits = waits._replace(rule=naming.rule, reason=reason, said=_said(payment, naming, cases, around, reason))
    return waits or _left(payment, Reason.NO_MATCH)


def _demanded(payment: StoredPayment, naming: Naming, cases: Sequence[StoredCase], around: _Around) -> Demand | None:
    """The documents that it pays with their claims, by what it names itself."""
    if naming.reason is not None or naming.rule is Rule.BATCH_ITEMS or naming.unsure or one_each(cases) is not None:
        return None
    return asks_for(payment, cases, around.claims, naming.letters)


def _is_payable(uow: Uow, payment: StoredPayment, demand: Demand, cases: Sequence[StoredCase]) -> bool:
    """Whether the credits in it are cleared by themselves."""
    mine = [it for it in cases if it.document_id in demand.documents]
    principal = sum((it.case.balance for it in mine), ZERO)
    return not demand.credits or not principal or offset(uow, payment, mine, principal) is not None


def _scored(
    uow: Uow, waiting: Sequence[_Decision], switches: Mapping[str, AssignmentConfiguration], *, from_unassigned: bool
) -> tuple[list[_Decision], dict[int, Decimal]]:
    """What names nothing is suggested, or, where the account wants it so and it is nearly certain, assigned. What a person learns from that
    is his affair: it teaches nothing. Also what the cases that were taken have left."""
    found = scored_candidates(uow, [it.payment for it in waiting])
    taken = {ident: its[0] for ident, its in found.items() if certain([it.score.total for it in its]) and its[0].case.balance > 0}
    automatic = {it.payment.ident for it in waiting if switches[it.payment.account_ident].automatic_by_score} & taken.keys()
    plan = Plan(uow, locked_cases(uow, {taken[ident].case.document_id for ident in automatic}) if automatic else [])
    made = []
    for it in waiting:
        payment, candidates = it.payment, found.get(it.payment.ident, [])
        if payment.ident in automatic:
            first = taken[payment.ident]
            (stored,) = plan.cases([first.case.document_id])
            if stored.case.balance == payment.amount:
                part = Assign(case_ident=first.case.ident, amount=payment.amount, document_id=first.case.document_id)
                said = Said(numbers=(first.case.ident,), scores=(*first.score.parts, ("total", str(first.score.total))))
                made.append(_Decision(payment, Rule.SCORE, said, assignments=plan.take(payment, [part], sure=False)))
                continue
        if offers := offers_by_score(payment, candidates):
            made.append(_Decision(payment, Rule.SCORE, Said(reason=Reason.CANDIDATES), Reason.CANDIDATES, offers))
    plan.carry_out(from_unassigned=from_unassigned)
    return made, plan.balances()


def _left(payment: StoredPayment, reason: Reason) -> _Decision:
    return _Decision(payment, Rule.NONE, Said(reason=reason), reason)


def _said(
    payment: StoredPayment,
    naming: Naming,
    cases: Sequence[StoredCase],
    around: _Around,
    reason: Reason | None = None,
    made: Sequence[str] = (),
) -> Said:
    known = around.known.get(payment.ident, set())
    others = sorted({it.case.customer_ident for it in cases} - known) if known else []
    note = f"the account is that of {', '.join(sorted(known))}, the document is of {', '.join(others)}" if others else ""
    of_letters = f"documents of {', '.join(naming.numbers)}" if naming.letters else ""
    note = "; ".join(filter(None, (of_letters, note, naming.instead)))
    return Said(
        reason=reason,
        text=payment.text[:_TEXT],
        numbers=naming.numbers[:20],
        note=note,
        strategy=naming.strategy,
        assignments=tuple(made),
    )


def _keep(uow: Uow, decisions: Sequence[_Decision], by_rules: Mapping[str, str], from_unassigned: bool) -> None:
    """Store how the payments stand, why, and what is suggested; the books take those that wait."""
    standing, reasons, offered, left = list[Standing](), list[Decided](), list[Offered](), list[StoredPayment]()
    for it in decisions:
        payment = it.payment
        if it.assignments:
            standing.append(Standing(payment.ident, abs(payment.amount), abs(payment.amount), None, payment.category))
        else:
            reason = it.reason or Reason.NO_MATCH
            ignored = reason is Reason.RETURN_OF_SUCCESS
            standing.append(nothing_assigned(payment, reason.value, payment.category, ignored=ignored))
            left.append(payment)
        said, rules = it.said, by_rules.get(payment.ident)
        if rules or len(said.assignments) != len(it.assignments):
            note = "; ".join(filter(None, (said.note, rules)))
            said = replace(said, assignments=tuple(it.assignments), note=note)
        reasons.append(Decided(payment.ident, it.rule, said))
        offered.append(Offered(payment.ident, it.offers))
    set_standing(uow, standing)
    keep_reasons(uow, reasons)
    offer(uow, offered, anew=from_unassigned)
    if left and not from_unassigned:
        uow.emit(PaymentsLeftOpen(payment_idents=tuple(it.ident for it in left), payments=tuple(left), transfers=frozenset()))

"""How an open item begins, moves and ends. Pure. A case and a wish in, a `Movement` or findings out; `moved` applies it.

Source: platform API 2.11 and 4.6; accounting reference 2 (deposits) and 8 (rows 9 to 20); section 17 UStG.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from contor.documents import treatment
from contor.documents.treatment import TaxPart, tax_parts
from contor.documents.types import Document, DocumentType
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, is_amount, round_amount, worded
from contor.kernel.shapes import replace
from contor.openitems.ledger import (
    given_back,
    in_ledger,
    ledger_share,
    ledger_value,
    of_credit_used,
    owed_beyond,
    paid_back,
    parallel,
    received_back,
    reduced_on_receipt,
    room,
    taxed_by,
)
from contor.openitems.types import REDUCING, Case, DecisionType, Matter, Movement, MovementKind

_DEBIT_DECISIONS = frozenset(DecisionType) - {DecisionType.OTHER_REVENUE}
_CREDIT_DECISIONS = frozenset({DecisionType.OTHER_REVENUE, DecisionType.EXTERNAL_CLOSED})
_TAX_CORRECTING = frozenset(
    {DecisionType.CASH_DISCOUNT, DecisionType.DISCOUNT, DecisionType.UNCOLLECTABLE_RECEIVABLE, DecisionType.OTHER_REVENUE}
)
_OF_WHAT_WE_SUPPLY = _TAX_CORRECTING | {DecisionType.DOUBTFUL_RECEIVABLE}
"""Decisions on a receivable for a supply of ours, or on what was paid too much for it."""


class Opening(NamedTuple):
    """With what amounts an open item begins; signed from our side: positive is owed to us."""

    sign: int
    amount: Decimal
    ledger_amount: Decimal
    at_issue: Mapping[str, tuple[Decimal, Decimal]]
    """What was settled on issuing (`parts.settled_at_issue`)."""
    is_memo: bool


def opening_of(document: Document) -> Opening | None:
    """None for the correction of a deposit invoice: it moves the deposit's own case (`deposits.close_deposit`)."""
    if document.document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION:
        return None
    sign = document.sign * (-1 if document.is_self_billing else 1)  # what we self-bill we owe
    at_issue = treatment.settled_at_issue(document)
    ledger_gross = document.totals.gross if document.ledger is None else document.ledger.gross
    ledger_amount = sign * (ledger_gross - sum([in_ledger for _, in_ledger in at_issue.values()], ZERO))
    is_memo = document.document_type is DocumentType.DEPOSIT_INVOICE and not document.deposit_receivable_relevant
    return Opening(sign, sign * document.totals.payable, ledger_amount, at_issue, is_memo)


def open_case(document: Document, *, ident: str | None = None, cash_taxation: bool = False) -> Case | None:
    """The open item of an issued document. None for the correction of a deposit invoice: it moves the deposit's own case
    (`deposits.close_deposit`). A document of 0.00 gives a closed case. `cash_taxation`: the site taxes on receipt (section 20 UStG)."""
    opening = opening_of(document)
    if opening is None:
        return None
    sign, at_issue, ledger = opening.sign, opening.at_issue, document.ledger
    groups = tax_parts(document)
    is_deposit = document.document_type is DocumentType.DEPOSIT_INVOICE
    # section 13 (1) no. 1 lit. a sentence 4 UStG; section 20 is of what we supply, not of what we self-bill
    taxed_on_receipt = is_deposit or (cash_taxation and not document.is_self_billing)
    settled, booked = treatment.due_on_issue(document, groups, at_issue).settled if taxed_on_receipt else ((), ())
    reduced, reduced_booked = (
        (treatment.of_discounts(document, groups, booked=it) for it in (False, True)) if taxed_on_receipt else ((), ())
    )
    deducted, deducted_booked = treatment.deducted_before(document, groups) if taxed_on_receipt else ((), ())
    money = sum((part.gross for part in treatment.less(settled, reduced)), ZERO)
    booked_taxes = treatment.booked_tax(document) if taxed_on_receipt and not is_deposit else ()
    return Case(
        ident=ident or document.ident,
        document_ident=document.ident,
        document_type=document.document_type,
        customer_ident=document.customer_ident,
        currency=document.currency,
        document_date=document.document_date,
        due_date=document.due_date,
        opening=opening.amount,
        balance=opening.amount,
        ledger_currency=document.currency if ledger is None else ledger.currency,
        ledger_opening=opening.ledger_amount,
        ledger_balance=opening.ledger_amount,
        groups=groups if sign > 0 else treatment.negated(groups),
        reducible=groups if sign > 0 else treatment.negated(groups),
        settled=settled if sign > 0 else treatment.negated(settled),
        booked=booked if sign > 0 else treatment.negated(booked),
        ledger_tax=tuple(sign * tax for tax in booked_taxes),
        reduced=reduced if sign > 0 else treatment.negated(reduced),
        reduced_booked=reduced_booked if sign > 0 else treatment.negated(reduced_booked),
        deducted=deducted,
        deducted_booked=deducted_booked,
        money=sign * money,
        is_memo=opening.is_memo,
        taxed_on_receipt=taxed_on_receipt,
        supplied_from=treatment.first_supplied(document) if sign > 0 and not is_deposit else None,
        country=document.seller.address.country,
        state=document.seller.address.state,
        cash_discount=document.payment_term.cash_discount if sign > 0 and not (is_deposit or document.is_self_billing) else (),
    )


def moved(case: Case, movement: Movement) -> Case:
    """The case after the movement."""
    settled, booked = case.settled, case.booked
    # an overpayment kept is consideration beside that of the document's groups (UStAE 10.1 (3))
    if case.taxed_on_receipt and movement.decision is not DecisionType.OTHER_REVENUE:
        settled = treatment.plus(treatment.plus(case.settled, parallel(case, movement.parts)), parallel(case, movement.due))
        booked = treatment.plus(
            treatment.plus(case.booked, parallel(case, movement.ledger_parts)), parallel(case, movement.ledger_due)
        )
    reduced, reduced_booked = case.reduced, case.reduced_booked
    if case.taxed_on_receipt and movement.decision in REDUCING and movement.parts:
        reduced = treatment.plus(reduced, parallel(case, movement.parts))
        reduced_booked = treatment.plus(reduced_booked, parallel(case, movement.ledger_parts))
    reducible = case.reducible
    if movement.decision in REDUCING and movement.parts:
        reducible = treatment.less(reducible, treatment.along(reducible, movement.parts))
    doubtful = case.doubtful
    if movement.decision is DecisionType.DOUBTFUL_RECEIVABLE:
        doubtful = not case.doubtful  # its counter decision lifts the mark again
    after = replace(
        case,
        groups=treatment.less(case.groups, movement.closed) if movement.closed else case.groups,
        balance=case.balance + movement.amount,
        ledger_balance=case.ledger_balance + movement.ledger_amount,
        settled=settled,
        booked=booked,
        reducible=reducible,
        reduced=reduced,
        reduced_booked=reduced_booked,
        money=case.money if movement.decision in REDUCING else case.money - movement.amount,
        cleared=case.cleared - movement.amount if movement.kind is MovementKind.CLEARING else case.cleared,
        doubtful=doubtful,
        allowance=case.allowance + movement.allowance,
        received=(*case.received, (movement.paid_on, -movement.amount)) if movement.paid_on else case.received,
    )
    return after if case.matter is None else replace(after, matter=_moved_with(case.matter, case, after))


def _moved_with(matter: Matter, case: Case, after: Case) -> Matter:
    """What stands of the matter once its `case` is as it is `after`."""
    reduced, reduced_booked = treatment.less(after.reduced, case.reduced), treatment.less(after.reduced_booked, case.reduced_booked)
    settled, booked = treatment.less(after.settled, case.settled), treatment.less(after.booked, case.booked)
    asks = case.document_type is DocumentType.INVOICE and not case.replaced
    owed_tax = matter.owed_tax
    if owed_tax and reduced_booked:
        owed_tax = tuple(tax - part.tax for tax, part in zip(owed_tax, reduced_booked, strict=True))
    return replace(
        matter,
        owed=treatment.less(matter.owed, reduced),
        owed_tax=owed_tax,
        asked=treatment.less(matter.asked, reduced) if asks else matter.asked,
        taxed=treatment.plus(matter.taxed, treatment.less(settled, reduced)),
        booked=treatment.plus(matter.booked, treatment.less(booked, reduced_booked)),
        money=matter.money + after.money - case.money,
    )


def pay(case: Case, amount: Decimal, ledger_amount: Decimal | None = None, paid_on: dt.date | None = None) -> Movement:
    """A payment: `amount` positive came in, negative went out, in the case's currency; `ledger_amount` is what the bank booked, `paid_on`
    its value date. What exceeds the balance stands as a credit. Tax that arises on receipt follows the part that settles the case."""
    ledger_amount = amount if ledger_amount is None else ledger_amount
    if back := received_back(case, -amount):
        return paid_back(case, amount, ledger_amount, back)
    settles = ZERO
    if amount * case.balance > 0:  # money the other way settles nothing
        settles = amount if abs(amount) < case.outstanding else case.balance
    ledger_settles, used = ledger_share(case, settles), allowance_of(case, settles)
    excess = amount - settles
    # the excess stands at the payment's own rate, what settles at the receivable's: only there is an exchange difference
    ledger_excess = round_amount(ledger_amount * excess / amount, case.ledger_currency) if excess else ZERO
    off, off_booked = of_credit_used(case, -amount)
    taxed: tuple[TaxPart, ...] = ()
    in_books: tuple[TaxPart, ...] = ()
    if case.matter is not None and amount < 0:
        taxed, in_books = given_back(case, -amount)
    elif case.taxed_on_receipt and settles and settles * case.opening > 0:  # to pay a credit back taxes nothing
        settles = min(settles, room(case, amount)) if amount > 0 else settles
        taxed = taxed_by(case, settles) if settles else ()
        in_books = in_ledger(case, taxed, (ledger_value if owed_beyond(case) else ledger_share)(case, settles))
    return Movement(
        kind=MovementKind.PAYMENT,
        amount=-amount,
        ledger_amount=-(ledger_settles + ledger_excess),
        parts=taxed,
        ledger_parts=in_books,
        closed=off,
        ledger_closed=off_booked,
        paid_on=paid_on,
        allowance=-used,
    )


# --- decisions ----------------------------------------------------------------------------------------------------------------


def why_not_decidable(case: Case, decision: DecisionType, amount: Decimal | None) -> list[Problem]:
    """Every reason against closing `amount` (None: the whole balance) of the case by `decision`."""
    if case.is_closed:
        return [Problem("opos_case_already_closed", f"Case {case.ident} has no balance.")]
    problems: list[Problem] = []
    allowed = _DEBIT_DECISIONS if case.side == "DEBIT" else _CREDIT_DECISIONS
    if decision not in allowed:
        text = f"A {case.side} balance cannot be decided as {decision}."
        problems.append(Problem("decision_does_not_fit_side", text, "type", decision))
    elif case.is_deposit and case.side == "DEBIT":
        text = "The unpaid rest of a deposit invoice is closed by its correction document."
        problems.append(Problem("deposit_needs_correction", text, "type", decision))
    elif case.is_payable and decision in _OF_WHAT_WE_SUPPLY:
        text = "What we bill for a partner is corrected by a document: its tax is his."
        problems.append(Problem("self_billing_needs_correction", text, "type", decision))
    elif decision is DecisionType.DOUBTFUL_RECEIVABLE and case.doubtful:
        problems.append(Problem("case_already_doubtful", f"Case {case.ident} is doubtful already.", "type", decision))
    if amount is None and case.prebooked:
        problems.append(Problem("decision_amount_required", "Pending payments exist: an amount is required.", "amount"))
        return problems
    amount = case.outstanding if amount is None else amount
    if amount <= 0 or not is_amount(amount, case.currency):
        text = f"The amount must be positive, in units of {case.currency}."
        problems.append(Problem("decision_amount_invalid", text, "amount", amount))
    elif amount > case.outstanding:
        problems.append(
            Problem("decision_exceeds_balance", f"Only {worded(case.outstanding, case.currency)} is open.", "amount", amount)
        )
    elif decision in REDUCING and amount > case.left_to_reduce:
        problems.append(Problem("decision_exceeds_supply", _beyond_supply(case, decision), "amount", amount))
    elif decision is DecisionType.DOUBTFUL_RECEIVABLE and amount != case.outstanding:
        problems.append(Problem("doubtful_is_the_whole_balance", "A receivable is doubtful as a whole.", "amount", amount))
    return problems


def _beyond_supply(case: Case, decision: DecisionType) -> str:
    """What of an open item is owed for what was supplied, and what closes the rest of it."""
    supply, other = (worded(it, case.currency) for it in (case.left_to_reduce, case.outstanding - case.left_to_reduce))
    owed = (
        f"is open for what was supplied, after credits and decisions: {decision} reduces no more. The other {other} of the balance"
    )
    if case.uncredited:
        return f"Only {supply} {owed} are closed by clearing the credits with the case, or as money by EXTERNAL_CLOSED or BANK_FEE."
    return f"Only {supply} {owed} are for money that went back: EXTERNAL_CLOSED or BANK_FEE closes them."


def decide(case: Case, decision: DecisionType, amount: Decimal | None = None, allowance: Decimal = ZERO) -> Movement:
    """The effect of a decision that `why_not_decidable` found nothing against; `amount` None closes the whole balance. DOUBTFUL_RECEIVABLE
    moves the receivable to another account, not the balance, and never touches VAT: the claim stands; its net may be written down by an
    `allowance`, of which whatever settles a part of the claim takes its part."""
    if decision is DecisionType.DOUBTFUL_RECEIVABLE:
        return Movement(kind=MovementKind.DECISION, amount=ZERO, ledger_amount=ZERO, decision=decision, allowance=allowance)
    settles = case.balance if amount is None else amount.copy_sign(case.balance)
    decided = _decided(case, decision, settles)
    used = allowance_of(case, settles)
    return replace(decided, allowance=-used) if used else decided


def _decided(case: Case, decision: DecisionType, settles: Decimal) -> Movement:
    ledger_settles = ledger_share(case, settles)
    found: tuple[TaxPart, ...] = ()
    if case.taxed_on_receipt and case.side == "DEBIT" and case.opening > 0:
        if decision in REDUCING:
            return reduced_on_receipt(case, decision, settles, ledger_settles)
        # a bank's fee is paid by the customer all the same: its tax is due (row 20)
        found = taxed_by(case, min(settles, room(case, settles)))
    elif decision in _TAX_CORRECTING:
        found = treatment.of_decision(case.reducible, settles, case.currency)
    in_books = in_ledger(case, found, ledger_settles)
    if decision is DecisionType.EXTERNAL_CLOSED and settles < 0:  # a credit that another system has paid out
        found, in_books = given_back(case, -settles)
    off, off_booked = of_credit_used(case, -settles)
    return Movement(
        kind=MovementKind.DECISION,
        amount=-settles,
        ledger_amount=-ledger_settles,
        parts=found,
        ledger_parts=in_books,
        decision=decision,
        closed=off,
        ledger_closed=off_booked,
    )


def allowance_of(case: Case, settles: Decimal) -> Decimal:
    """What `settles` of the balance takes of the allowance: its part, the last all of it."""
    if not case.allowance or settles * case.balance <= 0:
        return ZERO
    if settles == case.balance:
        return case.allowance
    return round_amount(case.allowance * settles / case.balance, case.ledger_currency)

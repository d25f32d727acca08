"""What may be moved for an open item. Pure."""

from decimal import Decimal

from contor.documents.types import DocumentType
from contor.kernel.errors import Problem
from contor.kernel.money import is_amount, too_fine, worded
from contor.openitems.collection.types import Collectable
from contor.payments.providers import IntentType

BEING_COLLECTED = "already_being_collected"


def type_by_balance(case: Collectable, refunds: str | None) -> IntentType:
    """What a balance asks for, where nobody says it."""
    if case.balance >= 0:
        return "CHARGE"
    return "REFUND" if refunds is not None else "PAYOUT"


def type_by_itself(case: Collectable, corrects: bool) -> IntentType | None:
    """What a due document causes by itself (platform API 4.7): an invoice is collected, a correction given back, a credit memo paid out.
    None: what was paid too much, which a person decides on."""
    if case.balance > 0:
        return "CHARGE" if case.opening > 0 else None
    if case.document_type == DocumentType.CREDIT_MEMO:
        return "REFUND" if corrects else "PAYOUT"
    if case.document_type == DocumentType.DEPOSIT_INVOICE:
        return "REFUND"
    return "PAYOUT" if case.document_type == DocumentType.SELF_BILLING_INVOICE else None


def nothing_open(ident: str) -> str:
    """Why nothing is moved for a case that is closed."""
    return f"Nothing is open on {ident}."


def why_given_up(case: Collectable) -> Problem | None:
    """Why we collect nothing of what is owed to us, though it is open; None: we may."""
    if case.doubtful:
        message = f"The receivable of {case.ident} is doubtful: nothing is collected of it before that decision is reverted."
        return Problem("case_doubtful", message, "targetIdent", case.ident)
    if case.handed_over:
        message = f"{case.ident} was handed over to collection: nothing is collected of it here before its dunning block is lifted."
        return Problem("case_handed_over", message, "targetIdent", case.ident)
    return None


def case_problems(case: Collectable, type_: IntentType, amount: Decimal, currency: str | None) -> list[Problem]:
    """Why so much cannot be moved for it."""
    if case.prebooked:
        message = f"{case.ident} is already being collected: {worded(case.prebooked, case.currency)} are under way."
        if case.balance < 0:
            message = f"{case.ident} is already being paid: {worded(case.prebooked, case.currency)} are under way."
        return [Problem(BEING_COLLECTED, message, "targetIdent", case.ident)]
    if not case.balance:
        return [Problem("case_closed", nothing_open(case.ident), "targetIdent", case.ident)]
    if type_ == "CHARGE" and (given_up := why_given_up(case)) is not None:
        return [given_up]
    if case.awaited and type_ == "CHARGE":
        message = (
            f"{case.ident} is already being collected: the debit of its deposit {case.awaited} is under way,"
            " and what is left is collected when the bank has answered it."
        )
        return [Problem(BEING_COLLECTED, message, "targetIdent", case.ident)]
    if not case.left:
        message = (
            f"All that is open on {case.ident} was credited: {worded(case.credited, case.currency)} wait to be cleared with it."
        )
        return [Problem("case_credited", message, "targetIdent", case.ident)]
    problems, outstanding = [], abs(case.left)
    if (case.balance > 0) != (type_ == "CHARGE"):
        owed = (
            "is owed to us: it can be collected (CHARGE)" if case.balance > 0 else "is owed by us: it can be paid (REFUND, PAYOUT)"
        )
        problems.append(Problem("type_not_of_balance", f"What is open on {case.ident} {owed}.", "type", type_))
    if currency is not None and currency != case.currency:
        problems.append(Problem("currency_differs", f"The document is in {case.currency}.", "currency", currency))
    if not is_amount(amount, case.currency):
        problems.append(Problem("too_many_decimals", too_fine(case.currency), "amount", amount))
    elif amount > outstanding:
        message = f"Only {worded(outstanding, case.currency)} are open on {case.ident}."
        if case.credited:
            message = f"{message[:-1]}: {worded(case.credited, case.currency)} of it were credited."
        problems.append(Problem("amount_exceeds_open", message, "amount", amount))
    return problems

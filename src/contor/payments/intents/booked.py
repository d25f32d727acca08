"""What banks and providers really booked ends attempts: a payment with a reference of ours settles one, a return takes one back.

A promise never closes a case; the payment does, when it is assigned. A return may come before the credit was seen: the attempt is ended by
it, and the credit only names itself. A return that names no attempt is that of its mandate's collection of its amount; where that is not
one alone, it says something of the account all the same. Of what had failed before its money came after all it is a return like another.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.money import ZERO, worded
from contor.kernel.operations import operation
from contor.payments.changing import Locked, locked
from contor.payments.customer_accounts import holders_of_mandates
from contor.payments.events import PaymentsReceived, ReturnsTold
from contor.payments.intents.endings import Ended, end_attempts, mark_account
from contor.payments.intents.events import GivenUpInFiles
from contor.payments.intents.intents import view_of
from contor.payments.intents.types import AttemptState, EndBody, IntentStatus, IntentView
from contor.payments.providers import IntentType
from contor.payments.queries import returned_amount
from contor.payments.types import StoredPayment
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

REPORTED_SUCCESS = "0000"
"""Of a return file: nothing was returned."""


class Found(NamedTuple):
    """An attempt that a reference on a payment names."""

    key: str
    intent_ident: str
    state: AttemptState
    end_to_end_ident: str
    provider_reference: str | None
    payment_ident: str | None
    type: IntentType
    status: IntentStatus
    """Of the intent: a later attempt may be under way."""
    customer_account_ident: str


_FOUND = """
SELECT a.key, a.intent_ident, a.state, a.end_to_end_ident, a.provider_reference, a.payment_ident, i.type, i.status,
       i.customer_account_ident
  FROM payment_intent i JOIN payment_attempt a ON a.tenant_id = i.tenant_id AND a.intent_ident = i.ident
 WHERE a.key = ANY (ARRAY(SELECT key FROM payment_attempt WHERE end_to_end_ident = ANY (%(named)s)
                    UNION SELECT key FROM payment_attempt WHERE provider_reference = ANY (%(called)s)))
 ORDER BY i.ident, a.key FOR UPDATE
"""


class _Collected(NamedTuple):
    """An attempt to collect by a mandate, which is under way or was booked."""

    key: str
    intent_ident: str
    state: AttemptState
    end_to_end_ident: str
    provider_reference: str | None
    payment_ident: str | None
    type: IntentType
    status: IntentStatus
    customer_account_ident: str
    mandate_reference: str
    amount: Decimal
    currency: str
    merchant_account_ident: str


_BY_MANDATE = """
SELECT a.key, a.intent_ident, a.state, a.end_to_end_ident, a.provider_reference, a.payment_ident, i.type, i.status,
       i.customer_account_ident, a.mandate_reference, a.amount, a.currency, i.merchant_account_ident
  FROM unnest(%s::text[]) x(reference) JOIN payment_attempt a ON a.mandate_reference = x.reference
  JOIN payment_intent i ON i.tenant_id = a.tenant_id AND i.ident = a.intent_ident
 WHERE i.type = 'CHARGE' AND (a.state IN ('PROCESSING', 'SUBMITTED', 'SUCCESSFUL') OR a.state = 'FAILED' AND a.payment_ident IS NOT NULL)
 ORDER BY i.ident, a.key FOR UPDATE OF i, a
"""


@on(ReturnsTold)
@on(PaymentsReceived)
def settle_attempts(uow: Uow, fact: PaymentsReceived | ReturnsTold) -> None:
    """End the attempts that these payments book or take back."""
    named = [it.end_to_end_ident for it in fact.payments if it.end_to_end_ident]
    called = [it.provider_reference for it in fact.payments if it.provider_reference]
    found = uow.all(Found, _FOUND, {"named": named, "called": called}) if named or called else []
    by_name = {it.end_to_end_ident: it for it in found}
    by_call = {it.provider_reference: it for it in found if it.provider_reference}
    pairs, unnamed = [], []
    for payment in fact.payments:
        attempt = by_name.get(payment.end_to_end_ident or "") or by_call.get(payment.provider_reference or "")
        if attempt is not None:
            pairs.append((payment, attempt))
        elif payment.returns is not None and payment.mandate_reference is not None and payment.amount < 0:
            unnamed.append(payment)
    _settle(uow, [*pairs, *_by_mandate(uow, [it for it in unnamed if it.returns and it.returns.reason_code != REPORTED_SUCCESS])])


def _by_mandate(uow: Uow, returns: Sequence[StoredPayment]) -> list[tuple[StoredPayment, Found]]:
    """What each takes back, where its mandate had one collection of that amount. Of the others the account is marked as the code says."""
    references = sorted({it.mandate_reference for it in returns if it.mandate_reference is not None})
    if not references:
        return []
    rows = uow.all(_Collected, _BY_MANDATE, (references,))
    holders = holders_of_mandates(uow, references)
    pairs, taken = [], set[str]()
    for payment in returns:
        theirs = (payment.mandate_reference, returned_amount(payment), payment.currency, payment.account_ident)
        meant = [Found(*it[:9]) for it in rows if it[9:] == theirs and it.key not in taken]
        accounts = {it.account_ident for it in holders.get(payment.mandate_reference or "", ())}
        if len(meant) == 1:
            taken.add(meant[0].key)
            pairs.append((payment, meant[0]))
        elif len(accounts) == 1 and payment.returns is not None:
            code = payment.returns.reason_code
            mark_account(uow, accounts.pop(), code, f"{code}: it was returned.")
    return pairs


def _settle(uow: Uow, pairs: Sequence[tuple[StoredPayment, Found]]) -> None:
    booked: dict[str, Ended] = {}
    returned: dict[str, Ended] = {}
    late = []
    came = {attempt.key for payment, attempt in pairs if payment.returns is None or attempt.payment_ident is not None}
    for payment, attempt in pairs:
        if payment.returns is not None:
            code = payment.returns.reason_code
            is_over = attempt.state in ("FAILED", "CANCELLED")
            if code == REPORTED_SUCCESS or attempt.state == "RETURNED" or (is_over and attempt.key not in came):
                continue
            if is_over and attempt.status != "FAILED":  # it is tried again already, or wanted no more
                mark_account(
                    uow, attempt.customer_account_ident, code, f"{code}: it was returned.", charged=attempt.type == "CHARGE"
                )
                continue
            returned[attempt.key] = Ended(
                attempt.key, attempt.intent_ident, "RETURNED", code=code, reason="It was returned.", on=payment.booked_on
            )
        elif (payment.amount > 0) == (attempt.type == "CHARGE"):
            if attempt.state in ("PROCESSING", "SUBMITTED", "SUCCESSFUL") and attempt.payment_ident is None:
                booked[attempt.key] = Ended(attempt.key, attempt.intent_ident, "SUCCESSFUL", payment_ident=payment.ident)
            elif attempt.payment_ident is None:
                late.append((attempt, payment.ident))
    end_attempts(uow, list(booked.values()))
    end_attempts(uow, list(returned.values()))
    for attempt, payment_ident in late:  # what came back before it was seen
        uow.run("UPDATE payment_attempt SET payment_ident = %s WHERE key = %s", (payment_ident, attempt.key))
        uow.audit("payment_intent", attempt.intent_ident, {"payment": payment_ident})


@dataclass(frozen=True, slots=True)
class EndIntent:
    payment_intent_ident: str
    body: EndBody


class _UnderWay(NamedTuple):
    """The attempt of an intent that is handed on and not booked."""

    key: str
    type: IntentType
    provider: str
    amount: Decimal
    currency: str
    message_ident: str | None
    collected_on: dt.date | None


@operation("payment_intent.end", permission="payments.write")
def end_intent(uow: Uow, command: EndIntent) -> IntentView:
    """A person says how an intent ended that is under way and that neither bank nor provider names: by a booked payment, or that no money
    comes of what went out in a file. Nothing is promised for its case any more; it is not tried again by itself."""
    ident, body = command.payment_intent_ident, command.body
    if (body.payment_ident is None) == (body.reason is None):
        message = "is one of the two: the payment by which the money came, or the reason why none comes"
        raise Refused(Kind.INVALID, Problem("end_not_said", message, "paymentIdent", body.payment_ident))
    # the payment first: in this order everyone locks them
    of = None if body.payment_ident is None else locked(uow, body.payment_ident)
    attempt = _under_way(uow, ident)
    problems = _why_no_end(uow, attempt) if of is None else _why_not_its_money(uow, attempt, of)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    if of is not None:
        end_attempts(uow, [Ended(attempt.key, ident, "SUCCESSFUL", payment_ident=of.payment.ident)])
    else:
        end_attempts(uow, [Ended(attempt.key, ident, "FAILED", reason=body.reason)])
        uow.emit(GivenUpInFiles(message_idents=(attempt.message_ident,) if attempt.message_ident else ()))
    return view_of(uow, ident)


def _under_way(uow: Uow, ident: str) -> _UnderWay:
    """Raises NOT_FOUND, ILLEGAL_STATE."""
    sql = (
        f"SELECT {columns(_UnderWay)} FROM (SELECT a.key, i.type, i.provider, a.amount, a.currency, a.message_ident, a.collected_on"
        " FROM payment_intent i JOIN payment_attempt a ON a.tenant_id = i.tenant_id AND a.intent_ident = i.ident WHERE i.ident = %s"
        " AND i.prebooked AND i.status <> 'HELD' AND a.state IN ('SUBMITTED', 'SUCCESSFUL') FOR UPDATE) x"
    )
    found = uow.first(_UnderWay, sql, (ident,))
    if found is None:
        view = view_of(uow, ident)
        state = f"{view.status}{', and booked' if view.status == 'SUCCESSFUL' else ''}"
        message = f"It is {state}: only what was handed on and is not booked is ended by hand."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_intent_not_under_way", message))
    return found


def _why_no_end(uow: Uow, attempt: _UnderWay) -> list[Problem]:
    if attempt.message_ident is None or attempt.collected_on is None:
        message = f"{attempt.provider} says itself whether it moves the money: name the payment by which it came."
        return [Problem("payment_intent_at_provider", message, "reason")]
    if attempt.collected_on >= uow.ctx.today():
        message = f"The bank moves it on {attempt.collected_on}: whether money comes is known after that day."
        return [Problem("payment_intent_not_due", message, "reason")]
    return []


def _why_not_its_money(uow: Uow, attempt: _UnderWay, of: Locked) -> list[Problem]:
    payment, field, problems = of.payment, "paymentIdent", []
    if payment.returns is not None or (payment.amount > 0) != (attempt.type == "CHARGE"):
        expected = "came in" if attempt.type == "CHARGE" else "went out"
        problems.append(Problem("payment_of_other_kind", f"A {attempt.type} is a payment that {expected}.", field, payment.ident))
    if payment.currency != attempt.currency:
        message = f"The payment is in {payment.currency}, the intent in {attempt.currency}."
        problems.append(Problem("currency_differs", message, field, payment.ident))
    if rest := abs(payment.amount) - of.assigned:
        message = f"{worded(rest, payment.currency)} of the payment wait: assign it first, so that nothing is moved beside it."
        problems.append(Problem("payment_not_assigned", message, field, payment.ident))
    sql = "SELECT coalesce(sum(amount), 0) FROM payment_attempt WHERE payment_ident = %s"
    taken = uow.scalar(Decimal, sql, (payment.ident,)) or ZERO
    left = max(ZERO, abs(payment.amount) - taken) if taken else abs(payment.amount) + payment.fees
    if attempt.amount > left:
        message = f"Only {worded(left, payment.currency)} of the payment can be the money of this intent."
        problems.append(Problem("payment_too_small", message, field, payment.ident))
    return problems

"""What banks and providers really booked ends attempts: a payment with a reference of ours settles one, a return takes one back.

A promise never closes a case; the payment does, when it is assigned. A return may come before the credit was seen: the attempt is ended by
it, and the credit only names itself. A return that names no attempt is that of its mandate's collection of its amount; where that is not
one alone, it says something of the account all the same.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.kernel.events import on
from contor.payments.customer_accounts import holders_of_mandates
from contor.payments.events import PaymentsReceived
from contor.payments.intents.endings import Ended, end_attempts, mark_account
from contor.payments.intents.types import AttemptState
from contor.payments.providers import IntentType
from contor.payments.queries import returned_amount
from contor.payments.types import StoredPayment
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


_FOUND = """
SELECT a.key, a.intent_ident, a.state, a.end_to_end_ident, a.provider_reference, a.payment_ident, i.type
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
    mandate_reference: str
    amount: Decimal
    currency: str
    merchant_account_ident: str


_BY_MANDATE = """
SELECT a.key, a.intent_ident, a.state, a.end_to_end_ident, a.provider_reference, a.payment_ident, i.type, a.mandate_reference, a.amount,
       a.currency, i.merchant_account_ident
  FROM unnest(%s::text[]) x(reference) JOIN payment_attempt a ON a.mandate_reference = x.reference
  JOIN payment_intent i ON i.tenant_id = a.tenant_id AND i.ident = a.intent_ident
 WHERE i.type = 'CHARGE' AND a.state IN ('PROCESSING', 'SUBMITTED', 'SUCCESSFUL') ORDER BY i.ident, a.key FOR UPDATE OF i, a
"""


@on(PaymentsReceived)
def settle_attempts(uow: Uow, fact: PaymentsReceived) -> None:
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
        meant = [Found(*it[:7]) for it in rows if it[7:] == theirs and it.key not in taken]
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
    for payment, attempt in pairs:
        if payment.returns is not None:
            if payment.returns.reason_code != REPORTED_SUCCESS and attempt.state not in ("RETURNED", "FAILED", "CANCELLED"):
                code = payment.returns.reason_code
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

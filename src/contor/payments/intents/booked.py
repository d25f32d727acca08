"""What banks and providers really booked ends attempts: a payment with a reference of ours settles one, a return takes one back.

A promise never closes a case; the payment does, when it is assigned. A return may come before the credit was seen: the attempt is ended by
it, and the credit only names itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

from contor.kernel.events import on
from contor.payments.events import PaymentsReceived
from contor.payments.intents.endings import Ended, end_attempts
from contor.payments.intents.types import AttemptState
from contor.payments.providers import IntentType
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


@on(PaymentsReceived)
def settle_attempts(uow: Uow, fact: PaymentsReceived) -> None:
    """End the attempts that these payments book or take back."""
    named = [it.end_to_end_ident for it in fact.payments if it.end_to_end_ident]
    called = [it.provider_reference for it in fact.payments if it.provider_reference]
    if not named and not called:
        return
    found = uow.all(Found, _FOUND, {"named": named, "called": called})
    by_name = {it.end_to_end_ident: it for it in found}
    by_call = {it.provider_reference: it for it in found if it.provider_reference}
    pairs = []
    for payment in fact.payments:
        attempt = by_name.get(payment.end_to_end_ident or "") or by_call.get(payment.provider_reference or "")
        if attempt is not None:
            pairs.append((payment, attempt))
    _settle(uow, pairs)


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

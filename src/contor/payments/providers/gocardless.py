"""GOCARDLESS, by its SDK: debits by a customer's mandate there, refunds of those debits.

The attempt's key is the idempotency key, and stands in the metadata: an attempt of which nobody knows is found by it, also after
GoCardless forgot the idempotency key.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NoReturn

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.payments.providers.amounts import minor_units
from contor.payments.providers.types import Instruction, Result, Unreachable
from contor.runtime.uow import wall_clock

if TYPE_CHECKING:
    import gocardless_pro
    from gocardless_pro.errors import ApiError
    from gocardless_pro.resources.payment import Payment
    from gocardless_pro.resources.refund import Refund
    from gocardless_pro.services.base_service import BaseService

TIMEOUT: Final = 20
"""Seconds for one call."""
ASK_AGAIN: Final = 6 * 3600
"""Seconds after which a debit, which takes days, is asked for; its webhook comes sooner."""
MOST_LOOKED_AT: Final = 2_000
"""Of what was made lately, when one is looked for by its key."""
ADDRESSES: Final[dict[str, str]] = {}
"""Where GoCardless is reached (`api`); empty: at its own addresses, by the token's kind."""
CAUSES: Final[Mapping[str, str]] = {
    "insufficient_funds": "AM04",
    "refer_to_payer": "MS03",
    "bank_account_closed": "AC04",
    "bank_account_transferred": "AC04",
    "invalid_bank_details": "AC01",
    "direct_debit_not_enabled": "AC06",
    "mandate_cancelled": "MD01",
    "mandate_is_inactive": "MD01",
    "authorisation_disputed": "MD06",
    "customer_approval_denied": "MS02",
    "test_failure": "MS03",
}
"""Why a debit failed, in the codes of ISO 20022; others are shown as they are."""
_ISO: Final = re.compile(r"[A-Z]{2}[0-9]{2}|SL01")
_RUNNING: Final = ("pending_customer_approval", "pending_submission", "submitted", "confirmed")
"""A debit that is confirmed may still fail, until it is paid out."""
_REFUND_RUNNING: Final = ("created", "pending_submission", "submitted")


class _Told(msgspec.Struct):
    links: dict[str, object] | None = None
    resource_metadata: dict[str, object] | None = None


class _Call(msgspec.Struct):
    """A webhook's body, as far as it is read."""

    events: list[_Told]


class GoCardless:
    """One tenant's account at GoCardless."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        import gocardless_pro  # by who has an account there
        import requests

        self._errors = gocardless_pro.errors
        self._lost = (requests.RequestException, gocardless_pro.errors.GoCardlessProError)
        token = credentials["accessToken"]
        self._client = gocardless_pro.Client(
            access_token=token,
            environment="sandbox" if token.startswith("sandbox_") else "live",
            base_url=ADDRESSES.get("api"),
            timeout=TIMEOUT,
        )

    def opened(self) -> tuple["gocardless_pro.Client", tuple[type[Exception], ...]]:
        """The SDK's client, and what it raises where no answer came: for who asks something else of the same account."""
        return self._client, self._lost

    def submit(self, instruction: Instruction) -> Result:
        amount = minor_units(instruction.amount, instruction.currency)
        headers, metadata = {"Idempotency-Key": instruction.key}, {"attempt": instruction.key}
        try:
            if instruction.type == "REFUND":
                before = self._service("payments").get(instruction.refunds).amount_refunded or 0
                refund = {
                    "amount": amount,
                    "total_amount_confirmation": before + amount,
                    "metadata": metadata,
                    "links": {"payment": instruction.refunds},
                }
                return _of_refund(self._service("refunds").create(refund, headers))
            charge = {
                "amount": amount,
                "currency": instruction.currency,
                "metadata": metadata,
                "links": {"mandate": instruction.method},
                **({"description": instruction.descriptor} if instruction.descriptor else {}),
            }
            return self._of_charge(self._service("payments").create(charge, headers))
        except (self._errors.ValidationFailedError, self._errors.InvalidStateError, self._errors.InvalidApiUsageError) as error:
            return _refused(error)
        except self._lost as error:
            _unreachable(error)

    def ask(self, instruction: Instruction) -> Result | None:
        is_refund = instruction.type == "REFUND"
        service = self._service("refunds" if is_refund else "payments")
        of: Callable[[Payment | Refund], Result] = _of_refund if is_refund else self._of_charge
        try:
            made = service.get(instruction.reference) if instruction.reference else self._with_key(service, instruction)
            return None if made is None else of(made)
        except self._lost as error:
            _unreachable(error)

    def cancel(self, instruction: Instruction) -> Result:
        known = self.ask(instruction)
        if known is None or known.outcome != "SUBMITTED" or known.reference is None or instruction.type == "REFUND":
            return known or Result("CANCELLED")
        try:
            return self._of_charge(self._service("payments").cancel(known.reference))
        except self._errors.InvalidStateError:  # the banks have it
            return self.ask(instruction) or known
        except self._lost as error:
            _unreachable(error)

    def _service(self, name: str) -> "BaseService":
        service = getattr(self._client, name)
        service.max_network_retries = 1  # an attempt is asked for before it is tried again
        return service

    def _with_key(self, service: "BaseService", instruction: Instruction) -> "Payment | Refund | None":
        """The one that this attempt made, among what was made since."""
        oldest = min(instruction.created_at, wall_clock()) - dt.timedelta(days=1)
        params = {"limit": 500, "created_at[gte]": oldest.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        params |= {"payment": instruction.refunds} if instruction.type == "REFUND" else {"mandate": instruction.method}
        for number, one in enumerate(service.all(params)):
            if number >= MOST_LOOKED_AT:
                break
            if (one.metadata or {}).get("attempt") == instruction.key:
                return one
        return None

    def _of_charge(self, payment: "Payment") -> Result:
        if payment.status in _RUNNING:
            return Result("SUBMITTED", payment.id, ask_in=ASK_AGAIN)
        if payment.status == "paid_out":
            return Result("SUCCESSFUL", payment.id)
        if payment.status == "cancelled":
            return Result("CANCELLED", payment.id)
        if payment.status in ("failed", "charged_back"):
            return self._failed(payment)
        return Result("FAILED", payment.id, CAUSES.get(payment.status, str(payment.status).upper()), f"It is {payment.status}.")

    def _failed(self, payment: "Payment") -> Result:
        """The event of it says why."""
        told = self._service("events").list({"payment": payment.id, "action": payment.status, "limit": 1}).records
        details = (told[0].attributes.get("details") or {}) if told else {}
        code, cause = details.get("reason_code") or "", details.get("cause") or payment.status
        if not (str(details.get("scheme") or "").startswith("sepa") and _ISO.fullmatch(code)):
            code = CAUSES.get(cause, cause.upper())
        return Result("FAILED", payment.id, code, details.get("description") or f"It is {payment.status}.")


def references_called(content: bytes, signature: str, secret: str) -> tuple[str, ...]:
    """What a webhook is about: ids of GoCardless, and keys of attempts. Raises `Refused` where its signature does not fit, or where it has
    no events."""
    from gocardless_pro import errors, webhooks

    try:
        webhooks.parse(content, secret, signature if signature.isascii() else "")
    except errors.InvalidSignatureError:
        problem = Problem("signature_invalid", "The signature of the call does not fit.")
        raise Refused(Kind.UNAUTHENTICATED, problem) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass  # it is theirs; what it holds is read below
    try:
        events = msgspec.json.decode(content, type=_Call).events
    except (msgspec.DecodeError, ValueError, RecursionError):
        message = "The call tells of no events: a JSON object with a list of objects in events."
        raise Refused(Kind.INVALID, Problem("call_malformed", message)) from None
    links = [event.links or {} for event in events]
    said = [value for link in links for value in (link.get("payment"), link.get("refund"), link.get("billing_request"))]
    said += [(event.resource_metadata or {}).get("attempt") for event in events]
    return tuple(dict.fromkeys(value for value in said if isinstance(value, str)))


def _of_refund(refund: "Refund") -> Result:
    status = refund.attributes.get("status") or "created"
    if status in _REFUND_RUNNING:
        return Result("SUBMITTED", refund.id, ask_in=ASK_AGAIN)
    if status == "paid":
        return Result("SUCCESSFUL", refund.id)
    if status == "cancelled":
        return Result("CANCELLED", refund.id)
    return Result("FAILED", refund.id, status.upper(), "The refund did not reach the customer.")


def _refused(error: "ApiError") -> Result:
    """It is not taken as it was said, so nothing was made."""
    reasons = [one.get("reason") or one.get("message") or "" for one in error.errors or ()]
    reason = reasons[0] if reasons else str(error.type)
    if (
        reason == "total_amount_confirmation_invalid"
    ):  # something was given back meanwhile, perhaps by this very attempt: it is asked for
        raise Unreachable(reason)
    return Result("FAILED", None, CAUSES.get(reason, reason.upper().replace(" ", "_")[:40]), str(error.message)[:500])


def _unreachable(error: Exception) -> NoReturn:
    raise Unreachable(type(error).__name__) from error

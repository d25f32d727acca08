"""STRIPE, by its SDK: charges by a customer's saved means of payment, refunds of those charges. No card data ever passes here.

The attempt's key is the idempotency key, and stands in the metadata: an attempt of which nobody knows is found by it, also after Stripe
forgot the idempotency key (24 hours).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from contor.kernel.errors import Kind, Problem, Refused
from contor.payments.providers.amounts import minor_units
from contor.payments.providers.types import Instruction, Result, Unreachable
from contor.runtime.uow import wall_clock

if TYPE_CHECKING:
    import stripe

Made = TypeVar("Made", "stripe.PaymentIntent", "stripe.Refund")
TIMEOUT: Final = 20
"""Seconds for one call."""
ASK_AGAIN: Final = 3600
"""Seconds after which a debit that takes days is asked for; its webhook comes sooner."""
MOST_LOOKED_AT: Final = 2_000
"""Of what was made lately, when one is looked for by its key."""
ADDRESSES: Final[dict[str, str]] = {}
"""Where Stripe is reached, by the SDK's names (`api`); empty: at its own addresses."""
CODES: Final[Mapping[str, str]] = {
    "insufficient_funds": "AM04",
    "expired_card": "AC04",
    "stolen_card": "AC06",
    "lost_card": "AC06",
    "pickup_card": "AC06",
    "invalid_account": "AC01",
    "incorrect_number": "AC01",
    "account_closed": "AC04",
    "debit_not_authorized": "MD01",
    "mandate_invalid": "MD01",
    "duplicate_transaction": "AM05",
    "do_not_honor": "MS03",
    "generic_decline": "MS03",
    "card_declined": "MS03",
}
"""What a decline of Stripe is in the codes of ISO 20022; others are shown as they are."""


class _Data(msgspec.Struct):
    object: dict[str, object]


class _Event(msgspec.Struct):
    """A webhook's body, as far as it is read."""

    data: _Data


class Stripe:
    """One tenant's account at Stripe."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        import stripe  # by who has an account there: it takes a second

        self._sdk = stripe
        self._client = stripe.StripeClient(
            credentials["apiKey"],
            base_addresses=ADDRESSES,  # type: ignore[arg-type]  # a plain mapping does for its typed one
            max_network_retries=0,  # an attempt is asked for before it is tried again
            http_client=stripe.RequestsClient(timeout=TIMEOUT),
        )

    def opened(self) -> tuple[ModuleType, "stripe.StripeClient"]:
        """The SDK, and its client: for who asks something else of the same account."""
        return self._sdk, self._client

    def submit(self, instruction: Instruction) -> Result:
        options: Any = {"idempotency_key": instruction.key}
        amount, metadata = minor_units(instruction.amount, instruction.currency), {"attempt": instruction.key}
        try:
            if instruction.type == "REFUND":
                said: Any = {"payment_intent": instruction.refunds, "amount": amount, "metadata": metadata}
                return _of_refund(self._client.v1.refunds.create(said, options))
            said = {
                "amount": amount,
                "currency": instruction.currency.lower(),
                "payment_method": instruction.method,
                "confirm": True,
                "off_session": True,
                "metadata": metadata,
                **({"customer": instruction.account} if instruction.account else {}),
                **({"statement_descriptor_suffix": instruction.descriptor[:22]} if instruction.descriptor else {}),
            }
            return self._of_charge(self._client.v1.payment_intents.create(said, options))
        except self._sdk.CardError as error:
            made = getattr(error.error, "payment_intent", None) if error.error is not None else None
            return _declined(getattr(made, "id", None), _decline_code(error), error.user_message)
        except self._sdk.StripeError as error:
            if isinstance(error, self._sdk.InvalidRequestError):  # it is not taken as it was said
                code = (error.code or "INVALID_REQUEST").upper()
                return Result("FAILED", None, code, error.user_message or "Stripe takes no such request.")
            raise Unreachable(_said(error)) from error

    def ask(self, instruction: Instruction) -> Result | None:
        try:
            if instruction.type == "REFUND":
                refund = (
                    self._client.v1.refunds.retrieve(instruction.reference)
                    if instruction.reference
                    else _with_key(
                        self._client.v1.refunds.list(
                            {"payment_intent": instruction.refunds or "", "limit": 100}
                        ).auto_paging_iter(),
                        instruction,
                    )
                )
                return None if refund is None else _of_refund(refund)
            charge = (
                self._client.v1.payment_intents.retrieve(instruction.reference)
                if instruction.reference
                else _with_key(self._client.v1.payment_intents.list({"limit": 100}).auto_paging_iter(), instruction)
            )
            return None if charge is None else self._of_charge(charge)
        except self._sdk.StripeError as error:
            raise Unreachable(_said(error)) from error

    def cancel(self, instruction: Instruction) -> Result:
        known = self.ask(instruction)
        if known is None or known.outcome != "SUBMITTED" or known.reference is None:
            return known or Result("CANCELLED")
        try:
            return self._of_charge(self._client.v1.payment_intents.cancel(known.reference))
        except self._sdk.InvalidRequestError:  # it moved meanwhile, or cannot be stopped any more
            return self.ask(instruction) or known
        except self._sdk.StripeError as error:
            raise Unreachable(_said(error)) from error

    def _of_charge(self, charge: "stripe.PaymentIntent") -> Result:
        status = charge.status
        if status == "succeeded":
            return Result("SUCCESSFUL", charge.id)
        if status == "processing":
            return Result("SUBMITTED", charge.id, ask_in=ASK_AGAIN)
        if status == "canceled":
            return Result("CANCELLED", charge.id)
        if status in ("requires_action", "requires_confirmation", "requires_capture"):
            # nobody is there who could act: it is stopped, so that it does not succeed later on
            self._client.v1.payment_intents.cancel(charge.id)
            return Result("FAILED", charge.id, status.upper(), "The customer has to agree to it himself.")
        error = charge.last_payment_error
        code = (getattr(error, "decline_code", None) or getattr(error, "code", None)) if error is not None else None
        return _declined(charge.id, code, getattr(error, "message", None))


def references_called(content: bytes, signature: str, secret: str) -> tuple[str, ...]:
    """What a webhook is about: ids of Stripe, and the key of an attempt. Raises `Refused` where its signature does not fit, or where it is
    no event."""
    import stripe

    try:
        stripe.WebhookSignature.verify_header(content.decode(), signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError):
        problem = Problem("signature_invalid", "The signature of the call does not fit.")
        raise Refused(Kind.UNAUTHENTICATED, problem) from None
    try:
        about = msgspec.json.decode(content, type=_Event).data.object
    except (msgspec.DecodeError, ValueError, RecursionError):
        message = "The call is no event: a JSON object with what it is about in data.object."
        raise Refused(Kind.INVALID, Problem("call_malformed", message)) from None
    metadata = about.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    said = (about.get("id"), about.get("payment_intent"), named.get("attempt"), named.get("setup"))
    return tuple(value for value in said if isinstance(value, str))


def _with_key(found: Iterable[Made], instruction: Instruction) -> Made | None:
    """The one that this attempt made, among what was made since; the newest come first."""
    oldest = min(instruction.created_at, wall_clock()) - dt.timedelta(days=1)
    for number, one in enumerate(found):
        if number >= MOST_LOOKED_AT or one.created < oldest.timestamp():
            return None
        if one.metadata and "attempt" in one.metadata and one.metadata["attempt"] == instruction.key:
            return one
    return None


def _of_refund(refund: "stripe.Refund") -> Result:
    if refund.status == "succeeded":
        return Result("SUCCESSFUL", refund.id)
    if refund.status in ("pending", "requires_action"):
        return Result("SUBMITTED", refund.id, ask_in=ASK_AGAIN)
    if refund.status == "canceled":
        return Result("CANCELLED", refund.id)
    return _declined(refund.id, getattr(refund, "failure_reason", None), "The refund failed.")


def _decline_code(error: "stripe.CardError") -> str | None:
    details = error.error
    return (getattr(details, "decline_code", None) if details is not None else None) or error.code


def _declined(reference: str | None, code: str | None, reason: str | None) -> Result:
    return Result("FAILED", reference, CODES.get(code or "", (code or "DECLINED").upper()), reason)


def _said(error: "stripe.StripeError") -> str:
    return f"{type(error).__name__} {error.http_status or ''}".strip()

"""STRIPE, by its SDK: a customer gives his card to Stripe himself, and agrees that it is charged later on (SetupIntent). No card data ever
passes here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from contor.payments.providers.stripe import Stripe
from contor.payments.providers.types import SetupOrder, SetupState, Unreachable

if TYPE_CHECKING:
    import stripe

ASK_AGAIN: Final = 3600
"""Seconds after which a set-up is asked for; its webhook comes sooner."""


class StripeSetups:
    """One tenant's account at Stripe, for customers who give their cards to it."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._sdk, self._client = Stripe(credentials).opened()

    def begin(self, order: SetupOrder) -> SetupState:
        """A customer at Stripe, where there is none, and a SetupIntent of him. The same key is answered with the same ones, for at least
        the day that a set-up lasts."""
        account: str | None = None
        try:
            account = order.account or self._customer(order)
            wanted: stripe.params.SetupIntentCreateParams = {
                "customer": account,
                "usage": "off_session",
                "allowed_payment_method_types": ["card"],
                "metadata": {"setup": order.key},
            }
            made = self._client.v1.setup_intents.create(wanted, {"idempotency_key": order.key})
            if order.method is not None and made.status in ("requires_payment_method", "requires_confirmation"):
                said: stripe.params.SetupIntentConfirmParams = {"payment_method": order.method}
                if order.return_url is not None:
                    said["return_url"] = order.return_url
                made = self._client.v1.setup_intents.confirm(made.id, said, {"idempotency_key": f"{order.key}-confirm"})
            return self._of(made, order)
        except self._sdk.CardError as error:
            intent = getattr(error.error, "setup_intent", None) if error.error is not None else None
            reason = error.user_message or "Stripe declined the card."
            return SetupState("FAILED", getattr(intent, "id", None), account, reason=reason)
        except self._sdk.InvalidRequestError as error:  # it is not taken as it was said
            return SetupState("FAILED", None, account, reason=error.user_message or "Stripe takes no such request.")
        except self._sdk.StripeError as error:
            raise Unreachable(type(error).__name__) from error

    def state(self, order: SetupOrder) -> SetupState:
        try:
            return self._of(self._client.v1.setup_intents.retrieve(order.reference or ""), order)
        except self._sdk.StripeError as error:
            raise Unreachable(type(error).__name__) from error

    def cancel(self, order: SetupOrder) -> SetupState:
        known = self.state(order)
        if known.outcome != "ACTION":
            return known
        try:
            return self._of(self._client.v1.setup_intents.cancel(order.reference or ""), order)
        except self._sdk.InvalidRequestError:  # it moved meanwhile
            return self.state(order)
        except self._sdk.StripeError as error:
            raise Unreachable(type(error).__name__) from error

    def _customer(self, order: SetupOrder) -> str:
        known = {name: value for name, value in (("name", order.name), ("email", order.email)) if value is not None}
        said = {**known, "metadata": {"setup": order.key}}
        made = self._client.v1.customers.create(said, {"idempotency_key": f"{order.key}-customer"})  # type: ignore[arg-type]  # its fields
        return made.id

    def _of(self, made: "stripe.SetupIntent", order: SetupOrder) -> SetupState:
        account, method = _ident(made.customer), _ident(made.payment_method)
        if made.status == "succeeded" and method is not None:
            return SetupState("DONE", made.id, account, method, self._card(method))
        error = getattr(made, "last_setup_error", None)
        reason = getattr(error, "message", None) if error is not None else None
        if made.status == "canceled":
            return SetupState("FAILED", made.id, account, reason=reason or "It was given up before the customer agreed.")
        if made.status == "requires_payment_method" and order.method is not None:  # the one that was named does not do
            return SetupState("FAILED", made.id, account, reason=reason or "Stripe declined the card.")
        following = getattr(made, "next_action", None)
        there = getattr(following, "redirect_to_url", None) if following is not None else None
        return SetupState(
            "ACTION",
            made.id,
            account,
            secret=made.client_secret,
            url=getattr(there, "url", None) if there is not None else None,
            reason=reason,
            ask_in=ASK_AGAIN,
        )

    def _card(self, method: str) -> dict[str, str | int | None]:
        found = self._client.v1.payment_methods.retrieve(method)
        card, holder = getattr(found, "card", None), getattr(found, "billing_details", None)
        return {
            "brand": getattr(card, "brand", None),
            "last4": getattr(card, "last4", None),
            "exp_month": getattr(card, "exp_month", None),
            "exp_year": getattr(card, "exp_year", None),
            "holder": getattr(holder, "name", None),
        }


def _ident(said: object) -> str | None:
    """Stripe names a thing by its id, or shows all of it."""
    return said if said is None or isinstance(said, str) else str(getattr(said, "id", "")) or None

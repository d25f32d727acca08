"""GOCARDLESS, by its SDK: a customer gives his mandate on GoCardless' own pages (billing request flow). No bank data ever passes here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from contor.payments.providers.gocardless import GoCardless
from contor.payments.providers.types import SetupOrder, SetupState, Unreachable

if TYPE_CHECKING:
    from gocardless_pro.resources.billing_request import BillingRequest

ASK_AGAIN: Final = 3600
"""Seconds after which a mandate that is to come is asked for; its webhook comes sooner."""
SCHEMES: Final[Mapping[str, str]] = {"EUR": "sepa_core", "GBP": "bacs"}


class GoCardlessSetups:
    """One tenant's account at GoCardless, for customers who give their mandates there."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        import gocardless_pro  # by who has an account there

        self._errors = gocardless_pro.errors
        self._client, self._lost = GoCardless(credentials).opened()

    def begin(self, order: SetupOrder) -> SetupState:
        """A billing request, once per key; the flow in which the customer answers it is made anew whenever he is sent there."""
        try:
            request = {
                "mandate_request": {"scheme": SCHEMES.get(order.currency, "sepa_core"), "currency": order.currency},
                "metadata": {"setup": order.key},
                **({"links": {"customer": order.account}} if order.account is not None else {}),
            }
            made = self._client.billing_requests.create(request, {"Idempotency-Key": order.key})
            return self._of(made, order)
        except (self._errors.ValidationFailedError, self._errors.InvalidStateError, self._errors.InvalidApiUsageError) as error:
            return SetupState("FAILED", reason=str(error.message)[:500])
        except self._lost as error:
            raise Unreachable(type(error).__name__) from error

    def state(self, order: SetupOrder) -> SetupState:
        try:
            return self._of(self._client.billing_requests.get(order.reference), order)
        except self._lost as error:
            raise Unreachable(type(error).__name__) from error

    def cancel(self, order: SetupOrder) -> SetupState:
        try:
            return self._of(self._client.billing_requests.cancel(order.reference), order)
        except self._errors.InvalidStateError:  # the customer was first
            return self.state(order)
        except self._lost as error:
            raise Unreachable(type(error).__name__) from error

    def _of(self, made: "BillingRequest", order: SetupOrder) -> SetupState:
        links = made.attributes.get("links") or {}
        customer, mandate = links.get("customer"), links.get("mandate_request_mandate")
        if made.status == "fulfilled" and mandate is not None:
            return SetupState("DONE", made.id, customer, mandate)
        if made.status == "cancelled":
            return SetupState("FAILED", made.id, customer, reason="It was given up before the customer agreed.")
        if made.status not in ("pending", "ready_to_fulfil"):  # he has agreed, and the mandate is on its way
            return SetupState("ACTION", made.id, customer, ask_in=ASK_AGAIN)
        back = {"redirect_uri": order.return_url, "exit_uri": order.return_url} if order.return_url is not None else {}
        prefilled = {"prefilled_customer": {"email": order.email}} if order.email is not None and customer is None else {}
        flow = self._client.billing_request_flows.create({**back, **prefilled, "links": {"billing_request": made.id}})
        return SetupState("ACTION", made.id, customer, url=flow.authorisation_url, ask_in=ASK_AGAIN)

"""A company that sells by links: a plan of 30.00 a month with so many seats, help that is billed once, and customers who order them."""

from typing import Any

from tests.factories.catalogue import MONTH, OPTIONS, PLANS
from tests.factories.creditors import OUR_IBAN, SEPA, Creditor
from tests.factories.mailing import Mailing

from contor.checkout.carts import CartView, FromLink, OneCart, create_cart, get_cart
from contor.checkout.confirming import ConfirmCart, Confirmed, confirm_cart
from contor.checkout.links import CHECKOUT_LINKS
from contor.checkout.types import OrderBody
from contor.runtime.execute import validated
from contor.runtime.resource import Written

ADDRESS: dict[str, Any] = {
    "first_name": "Erika",
    "last_name": "Muster",
    "street": "Weg",
    "street_no": "1",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}
IBAN = "DE02120300000000202051"
BUYER: dict[str, Any] = {"email": "erika@muster.example", "address": ADDRESS}
BY_DEBIT: dict[str, Any] = {"sepa": {"iban": IBAN, "mandate_text": "I let you collect."}}
BY_CARD: dict[str, Any] = {"token": {"payment_method": "CREDIT_CARD", "payment_method_reference": "ok"}}


class LinkSeller(Creditor, Mailing):
    """What it does, by operations."""

    def stock(self, price: str = "30.00") -> "LinkSeller":
        self.call("POST", "/v2/payment-providers", {"id": 1, "name": "SIMULATED"}, 201)
        self.open_bank(iban=OUR_IBAN, bic="SOGEDEFFXXX", sepa=SEPA)
        accounts = [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]
        self.call("POST", "/v2/merchant-payment-gateways", {"ident": "main", "name": "Main", "accounts": accounts}, 201)
        self.call("POST", OPTIONS, self._option("seat", "QUANTITY", price), 201)
        self.call("POST", OPTIONS, self._option("help", "ONETIME", "50.00"), 201)
        terms = {"termDuration": MONTH, "termSync": False, "noticePeriod": MONTH, "transition": {"type": "AUTO_RENEWAL"}}
        phase = {
            "ident": "p-1",
            "name": "Monthly",
            "billingConfig": {"billingInterval": MONTH},
            "linkedOptions": [{"optionIdent": "seat"}],
            **terms,
        }
        plan = {"planIdent": "team", "name": "Team", "businessSegmentIdent": "main", "phases": [phase]}
        self.call("POST", PLANS, plan, 201)
        return self

    def _option(self, ident: str, type: str, price: str) -> dict[str, Any]:
        return {"optionIdent": ident, "name": ident.capitalize(), "type": type, "status": "FINAL", "prices": [{"price": price}]}

    def link(self, *items: dict[str, Any], **more: Any) -> str:
        sold = list(items) or [{"type": "PLAN", "ident": "team"}]
        made = self.tenant.execute(CHECKOUT_LINKS.create, Written((), validated(CHECKOUT_LINKS.creation, {"items": sold, **more})))
        return str(made["ident"])

    def cart(self, *items: dict[str, Any], **more: Any) -> str:
        return self.cart_of(self.link(*items, **more))

    def cart_of(self, link: str) -> str:
        """Another one of a link."""
        return str(self.tenant.execute(create_cart, FromLink(link_ident=link)).cart_ident)

    def found(self, cart: str) -> CartView:
        found: CartView = self.tenant.execute(get_cart, OneCart(cart_ident=cart))
        return found

    def order(self, cart: str, **said: Any) -> Confirmed:
        made: Confirmed = self.tenant.execute(confirm_cart, self.ordering(cart, **said))
        return made

    def ordering(self, cart: str, **said: Any) -> ConfirmCart:
        return ConfirmCart(cart_ident=cart, body=validated(OrderBody, {**BUYER, **said}))

    def counted(self) -> dict[str, int]:
        """What there is of whatever an order makes, beside the master data."""
        names = ("customer", "contract", "sales_order", "document", "payment_intent", "sepa_mandate")
        return {name: self.tenant.rows(f"SELECT count(*) FROM {name}")[0][0] for name in names}

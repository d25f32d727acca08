"""Who has signed an offer and was no customer says where the bill goes, sees the prices at this address, and orders by one button; once."""

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from contor.checkout.paying import SellerView
from contor.checkout.signed import GiveDetails, give_details, preview_details
from contor.checkout.types import InvoiceDetails
from contor.documents.render import voice_of
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.offers.proposals import PATH, PublicOffer, ShownCosts
from contor.runtime.execute import Runtime, validated
from contor.ui.ordering.cart_form import CartForm, address_said, hidden, kept, payment_said, require_mandate
from contor.ui.ordering.costs import offer_mark, offered_costs
from contor.ui.ordering.offer_texts import OFFER_TEXTS
from contor.ui.ordering.vat import vat_heard
from contor.ui.shell import form, said
from contor.ui.texts import Language

STEPS = ("details", "order", "edit")


class Signed(NamedTuple):
    """Who has come to which signed offer."""

    token: str
    caller: Caller
    number: int
    offer: PublicOffer
    seller: SellerView
    address: str
    """The network address that he has."""


class DetailsForm:
    """In one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language = runtime, language
        self.form, self.texts, self.voice = CartForm(language), OFFER_TEXTS[language], voice_of(language)

    def asked(self, token: str, offer: PublicOffer, seller: SellerView, given: Mapping[str, str]) -> str:
        """Where the bill goes; who the customer is, where there is none."""
        fields = hidden("step", "details")
        if not offer.is_known:
            fields += self.form.email({"email": offer.email, **kept(given)})
        fields += self.form.bill(seller, given)
        return f"<p>{escape(self.texts.details_intro)}</p>{form(PATH, token, fields, self.form.texts.review_button)}"

    def answered(self, who: Signed, given: Mapping[str, str]) -> tuple[str, int] | None:
        """What comes next, as HTML with its status; None: it is ordered. Raises INVALID with what is wrong."""
        costs = self._costs(who, given)
        if given.get("step") != "order":
            return vat_heard(self.runtime, who.caller, given, self.form.texts) + self._review(who, costs, given), 200
        if given.get("seen") != offer_mark(costs, kept(given)):
            return said(self.form.texts.stale) + self._review(who, costs, given), 409
        if not given.get("company") and not given.get("agree"):
            return said(self.form.texts.reasons["agreement_missing"]) + self._review(who, costs, given), 400
        self.runtime.execute(give_details, self._command(who, given), who.caller)
        return None

    # helpers in calling order

    def _costs(self, who: Signed, given: Mapping[str, str]) -> ShownCosts:
        require_mandate(given)
        if not who.offer.is_known and not given.get("email", "").strip():
            raise Refused(Kind.INVALID, Problem("email_missing", "is required", "email"))
        found: ShownCosts = self.runtime.execute(preview_details, self._command(who, given), who.caller)
        return found

    def _review(self, who: Signed, costs: ShownCosts, given: Mapping[str, str]) -> str:
        """All prices, the right of withdrawal, and the button."""
        texts, said_ = self.form.texts, kept(given)
        carried = "".join(hidden(name, value) for name, value in {**said_, "seen": offer_mark(costs, said_)}.items())
        withdrawal, agreeing = self.form.withdrawal(who.seller, given)
        following = costs.following[-1:]
        currency = who.offer.content.currency
        prices = offered_costs(self.texts.now, costs.now, currency, self.voice, self.language)
        prices += offered_costs(self.texts.following, following, currency, self.voice, self.language)
        return (
            f"<p>{escape(texts.review_intro)}</p>{withdrawal}"
            # what is ordered and its prices stand directly above the button (section 312j (2) BGB)
            f"<h2>{escape(who.offer.content.title)}</h2>{prices}"
            f"{form(PATH, who.token, hidden('step', 'order') + carried + agreeing, texts.order_button)}"
            f"{form(PATH, who.token, hidden('step', 'edit') + carried, texts.edit, quiet=True)}"
        )

    def _command(self, who: Signed, given: Mapping[str, str]) -> GiveDetails:
        body: Fields = {"address": address_said(given), "address_seen": who.address[:64] or None}
        if not who.offer.is_known:
            body |= {"email": given.get("email", "").strip()[:255] or None, "language": self.language}
        if (payment := payment_said(given, self.form.mandate(who.seller))) is not None:
            body["payment"] = payment
        if given.get("agree"):
            body["agreed_text"] = self.form.agreement(who.seller)
        return GiveDetails(recipient_id=who.number, body=validated(InvoiceDetails, body))

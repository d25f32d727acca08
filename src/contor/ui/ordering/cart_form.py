"""The parts of the page of a cart, as HTML."""

from collections.abc import Mapping, Sequence
from html import escape

from contor.checkout.carts import CartView
from contor.checkout.confirming import CartCosts
from contor.checkout.links import PATH
from contor.checkout.paying import SellerView
from contor.documents.render import voice_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments.ibans import masked
from contor.ui.agreement_texts import AGREEMENT_TEXTS
from contor.ui.ordering.costs import cart_costs, lasting
from contor.ui.ordering.texts import CHECKOUT_TEXTS
from contor.ui.shell import form
from contor.ui.texts import Language

ADDRESS = ("company", "first_name", "last_name", "street", "street_no", "zip", "city", "vat_id")
FILLS = {
    "email": "email",
    "company": "organization",
    "first_name": "given-name",
    "last_name": "family-name",
    "street": "address-line1",
    "street_no": "off",
    "zip": "postal-code",
    "city": "address-level2",
    "vat_id": "off",
    "country": "country",
    "iban": "off",
    "holder": "name",
    "coupon": "off",
}
KEPT = ("email", *ADDRESS, "country", "method", "iban", "holder", "mandate", "coupon")
_INPUT = '<label for="{name}">{label}</label><input id="{name}" name="{name}"{more} autocomplete="{fills}" value="{value}">\n'
_HIDDEN = '<input type="hidden" name="{name}" value="{value}">'
_CHECK = (
    '<p><input class="tick" id="{name}" name="{name}" type="checkbox" value="1"{is_on}>'
    ' <label class="tick" for="{name}">{label}</label></p>'
)


def kept(given: Mapping[str, str]) -> dict[str, str]:
    """What somebody has said, cut to what a field takes."""
    return {name: given[name].strip()[:255] for name in KEPT if given.get(name, "").strip()}


def address_said(given: Mapping[str, str]) -> dict[str, str]:
    names = {name: given[name].strip()[:255] for name in ADDRESS if given.get(name, "").strip()}
    return {**names, "country": given.get("country", "").strip().upper()[:2] or "DE"}


def payment_said(given: Mapping[str, str], mandate: str) -> Fields | None:
    """By the mandate that was shown; None: by transfer."""
    if given.get("method") != "SEPA" or not given.get("iban"):
        return None
    return {"sepa": {"iban": given["iban"], "account_holder_name": given.get("holder") or None, "mandate_text": mandate}}


def require_mandate(given: Mapping[str, str]) -> None:
    """Raises INVALID where he wants to be collected from, and lets nobody do it."""
    if given.get("method") == "SEPA" and not (given.get("iban") and given.get("mandate")):
        raise Refused(Kind.INVALID, Problem("mandate_missing", "is required", "iban"))


class CartForm:
    """In one language."""

    def __init__(self, language: Language) -> None:
        self.language, self.texts, self.voice = language, CHECKOUT_TEXTS[language], voice_of(language)

    def cart(self, token: str, cart: CartView, seller: SellerView, given: Mapping[str, str]) -> str:
        """What is in it, and who orders."""
        texts, parts = self.texts, [self._items(cart), self.lost(cart.lost_coupon)]
        if cart.options.quantity_editable:
            parts += [self._quantity(token, one.ident, one.name, f"{one.quantity.normalize():f}") for one in cart.items]
        if cart.customer_ident is None:
            asking = hidden("step", "ask") + self._field("email", given, ' type="email" required maxlength="255"', "known.")
            parts.append(f"<h2>{escape(texts.known)}</h2>{form(PATH, token, asking, texts.known_button, quiet=True)}")
        fields = hidden("step", "review")
        if cart.customer_ident is None:
            fields += f"<h2>{escape(texts.details)}</h2>{self.email(given)}"
        else:
            parts.append(f"<p>{escape(texts.signed_in.format(email=cart.email or cart.customer_ident))}</p>")
        fields += self.bill(seller, given)
        if cart.options.allow_coupons:
            fields += _input("coupon", texts.coupon, ' maxlength="100"', given.get("coupon", ""))
        parts.append(form(PATH, token, fields, texts.review_button))
        if cart.after_checkout.back_to_provider_url is not None:
            parts.append(_link(cart.after_checkout.back_to_provider_url, texts.back))
        return "".join(parts)

    def email(self, given: Mapping[str, str]) -> str:
        return self._field("email", given, ' type="email" required maxlength="255"')

    def bill(self, seller: SellerView, given: Mapping[str, str]) -> str:
        """Where the bill goes, and how it is paid."""
        fields = f"<h2>{escape(self.texts.address)}</h2>" + "".join(self._field(name, given) for name in ADDRESS)
        country = given.get("country") or "DE"
        fields += _input("country", self.texts.country, ' required maxlength="2" pattern="[A-Za-z]{2}"', country)
        return fields + self._payment(seller, given)

    def lost(self, coupon: str | None) -> str:
        """That the link's coupon holds no more."""
        return f'<p class="said" role="status">{escape(self.texts.lost_coupon.format(code=coupon))}</p>' if coupon else ""

    def code(self, token: str, cart: CartView, given: Mapping[str, str]) -> str:
        """He shows who he is; who asked for it by his e-mail alone does not hear whether that is a customer's."""
        is_known = cart.status == "CONFIRMING"
        texts, email = self.texts, (cart.email if is_known else given.get("email")) or ""
        intro = texts.code_intro if is_known else texts.code_asked
        said = {**kept(given), "email": email}
        carried = "".join(hidden(name, value) for name, value in said.items())
        more = ' required inputmode="numeric" maxlength="8" pattern="[0-9]{8}"'
        field = _INPUT.format(name="otp", label=escape(texts.code), more=more, fills="one-time-code", value="")
        return (
            f"<p>{escape(intro.format(email=email))}</p>"
            + form(PATH, token, hidden("step", "code") + carried + field, texts.code_button)
            + form(PATH, token, hidden("step", "again") + carried, texts.code_again, quiet=True)
        )

    def review(self, token: str, cart: CartView, seller: SellerView, costs: CartCosts, given: Mapping[str, str]) -> str:
        """All prices, the terms, the right of withdrawal, and the button."""
        texts = self.texts
        carried = "".join(hidden(name, value) for name, value in given.items())
        order = hidden("step", "order") + carried
        withdrawal, agreeing = self.withdrawal(seller, given)
        order += agreeing
        return (
            f"<p>{escape(texts.review_intro)}</p>{self.lost(costs.lost_coupon)}{self._details(cart, given)}{self._terms(cart, costs)}"
            f"{withdrawal}"
            # what is ordered and its prices stand directly above the button (section 312j (2) BGB)
            f"{cart_costs(costs, self.voice, self.language)}{form(PATH, token, order, texts.order_button)}"
            f"{form(PATH, token, hidden('step', 'edit') + carried, texts.edit, quiet=True)}"
        )

    def withdrawal(self, seller: SellerView, given: Mapping[str, str]) -> tuple[str, str]:
        """What a private person is told, and the field by which he says that he was; nothing of who names a company."""
        if given.get("company"):
            return "", ""
        texts = self.texts
        words = texts.withdrawal.format(company=seller.company, address=seller.address)
        told = f"<h2>{escape(texts.withdrawal_title)}</h2><p>{escape(words)}</p>"
        return told, _CHECK.format(name="agree", label=escape(texts.agree), is_on=" required")

    def done(self, cart: CartView) -> str:
        texts, after = self.texts, cart.after_checkout
        paying = f"<p>{escape(texts.paying)}</p>" if cart.payment_intent_ident is not None else ""
        message = after.confirmation_message if after.action == "CONFIRMATION_MESSAGE" else None
        onwards = _link(after.url, texts.onwards) if after.action == "REDIRECT" and after.url is not None else ""
        return f'<p role="status">{escape(message or texts.done)}</p>{paying}{onwards}'

    def mandate(self, seller: SellerView) -> str:
        return self.texts.mandate.format(company=seller.company, creditor=seller.creditor_identifier)

    def agreement(self, seller: SellerView) -> str:
        """What is agreed to with the order, as it was shown."""
        texts = self.texts
        return f"{texts.withdrawal.format(company=seller.company, address=seller.address)} {texts.agree}"

    def reasons(self, problems: Sequence[Problem]) -> str:
        lines = dict.fromkeys(escape(self._reason(one)) for one in problems[:10])
        return f'<p class="said" role="alert">{escape(self.texts.refused)}<br>{"<br>".join(lines)}</p>'

    # helpers in calling order

    def _items(self, cart: CartView) -> str:
        texts = AGREEMENT_TEXTS[self.language]
        rows = ""
        for one in cart.items:
            tax = texts.inclusive if one.is_gross else texts.net
            price, kind = texts.by_quantity, "sum words"
            if one.unit_price is not None:
                price, kind = f"{self.voice.money(one.unit_price, cart.currency)} {tax}", "sum"
            quantity = self.voice.number(one.quantity)
            rows += f'<tr><td>{escape(f"{quantity} × {one.name}")}</td><td class="{kind}">{escape(price)}</td></tr>'
        heads = f'<th scope="col">{escape(texts.item)}</th><th scope="col" class="sum">{escape(texts.amount)}</th>'
        caption = f"<caption>{escape(self.texts.cart)}</caption>"
        return f'<table class="costs">{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'

    def _quantity(self, token: str, ident: str, name: str, quantity: str) -> str:
        field = (
            f'<label for="quantity.{escape(ident)}">{escape(self.texts.quantity.format(name=name))}</label>'
            f'<input id="quantity.{escape(ident)}" name="quantity" type="number" min="0" step="any" value="{escape(quantity)}" required>'
        )
        return form(PATH, token, hidden("step", "quantity") + hidden("item", ident) + field, self.texts.change, quiet=True)

    def _field(self, name: str, given: Mapping[str, str], more: str = ' maxlength="255"', mark: str = "") -> str:
        """`mark`: tells it from another one of the page."""
        made = _input(name, self.texts.fields[name], more, given.get(name, ""))
        return made.replace(f'for="{name}"', f'for="{mark}{name}"').replace(f'id="{name}"', f'id="{mark}{name}"')

    def _payment(self, seller: SellerView, given: Mapping[str, str]) -> str:
        """By transfer, or by a mandate that is given here."""
        if seller.creditor_identifier is None:
            return hidden("method", "INVOICE")
        texts, chosen = self.texts, given.get("method") or "INVOICE"
        ways = "".join(
            f'<p><input class="tick" id="method.{way}" name="method" type="radio" value="{way}"{" checked" if way == chosen else ""}>'
            f' <label class="tick" for="method.{way}">{escape(label)}</label></p>'
            for way, label in texts.methods.items()
        )
        iban = _input("iban", texts.iban, ' maxlength="42"', given.get("iban", ""))
        holder = _input("holder", texts.holder, ' maxlength="70"', given.get("holder", ""))
        is_on = " checked" if given.get("mandate") else ""
        mandate = _CHECK.format(name="mandate", label=escape(self.mandate(seller)), is_on=is_on)
        return f"<fieldset><legend>{escape(texts.payment)}</legend>{ways}{iban}{holder}{mandate}</fieldset>"

    def _details(self, cart: CartView, given: Mapping[str, str]) -> str:
        """Who orders, where the invoice goes, and how it is paid."""
        texts, said = self.texts, address_said(given)
        lines = [f"{texts.fields['email']}: {cart.email or given.get('email', '')}"]
        street = " ".join(said[name] for name in ("street", "street_no") if name in said)
        town = " ".join(said[name] for name in ("zip", "city") if name in said)
        name = " ".join(said[name] for name in ("first_name", "last_name") if name in said)
        if said.keys() - {"country", "vat_id"} or cart.customer_ident is None:
            lines.append(f"{texts.address}: {', '.join(filter(None, (said.get('company'), name, street, town, said['country'])))}")
        else:
            lines.append(texts.own_address)
        if "vat_id" in said:
            lines.append(f"{texts.fields['vat_id']}: {said['vat_id']}")
        way = "SEPA" if given.get("method") == "SEPA" and given.get("iban") else "INVOICE"
        payment = texts.methods[way]
        if way == "SEPA":
            holder = f", {given['holder']}" if given.get("holder") else ""
            payment += f" ({masked(given['iban'].replace(' ', '').upper())}{holder})"
        lines.append(f"{texts.payment}: {payment}")
        return f"<h2>{escape(texts.details)}</h2><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"

    def _terms(self, cart: CartView, costs: CartCosts) -> str:
        """What § 312j (2) BGB asks for beside the prices: how long the contract lasts, and how it ends."""
        texts, lines = self.texts, list[str]()
        if costs.interval is not None:
            term = costs.term
            lines.append(texts.no_term if term is None else texts.term.format(term=lasting(term, self.language)))
            if costs.notice_period is not None:
                lines.append(texts.notice.format(notice=lasting(costs.notice_period, self.language)))
        if cart.options.trial_days:
            lines.append(texts.trial.format(days=cart.options.trial_days))
        items = "".join(f"<li>{escape(one)}</li>" for one in [*(one.name for one in cart.items), *lines])
        return f"<h2>{escape(texts.summary)}</h2><ul>{items}</ul>"

    def _reason(self, problem: Problem) -> str:
        if problem.code in self.texts.reasons:
            return self.texts.reasons[problem.code]
        name = (problem.field or "").rpartition(".")[2]
        known = {**self.texts.fields, "country": self.texts.country, "iban": self.texts.iban, "coupon": self.texts.coupon}
        label, words = known.get(name), self.texts.unclear or problem.message
        return f"{label}: {words}" if label is not None else words


def _input(name: str, label: str, more: str, value: str) -> str:
    return _INPUT.format(
        name=name, label=escape(label), more=more, fills=FILLS.get(name, "off"), value=escape(value[:255], quote=True)
    )


def hidden(name: str, value: str) -> str:
    return _HIDDEN.format(name=escape(name, quote=True), value=escape(value[:300], quote=True))


def _link(target: str, text: str) -> str:
    return f'<p><a href="{escape(target, quote=True)}" rel="noopener">{escape(text)}</a></p>'

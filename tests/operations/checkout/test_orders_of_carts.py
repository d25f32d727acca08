"""What is in a cart is ordered once: customer, contract, first document and payment in one step, at the prices of the cart."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import OPTIONS
from tests.factories.checkouts import ADDRESS, BUYER, BY_CARD, BY_DEBIT, LinkSeller
from tests.factories.mailing import TESTER
from tests.factories.post_offices import PostOffice

from contor.checkout.buyers import AskForPassword, ShowPassword, ask_for_password, show_password
from contor.checkout.carts import ChangeQuantity, ExpireCarts, FromLink, change_quantity, create_cart, expire_carts
from contor.checkout.confirming import PreviewCart, preview_cart
from contor.checkout.links import CHECKOUT_LINKS
from contor.checkout.types import OrderBody, QuantityBody
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import validated
from contor.runtime.resource import Written

D = Decimal


def gross(seller: LinkSeller) -> list[Decimal]:
    return [row.gross for row in seller.tenant.rows("SELECT gross FROM document ORDER BY id")]


def refused(kind: Kind, *codes: str) -> Any:
    return pytest.raises(Refused, match=f"^{re.escape(str((kind.value, *codes)))}$" if codes else kind.value)


def codes_of(error: Refused) -> set[str]:
    return {problem.code for problem in error.problems}


def test_an_order_makes_customer_contract_document_and_payment(seller: LinkSeller) -> None:
    before = seller.counted()
    cart = seller.cart({"type": "PLAN", "ident": "team", "quantity": 3})
    made = seller.order(cart, payment=BY_DEBIT, agreed_text="Terms of 2026")
    found = seller.found(cart)
    assert (made.status, made.action, made.contract_ident) == ("COMPLETED", "NONE", found.contract_ident)
    after = seller.counted()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == dict.fromkeys(("customer", "contract", "document", "payment_intent", "sepa_mandate"), 1)
    assert gross(seller) == [D("107.10")]
    intent = seller.call("GET", f"/v2/payment-intents/{found.payment_intent_ident}")
    assert (intent["amount"], intent["status"], intent["type"]) == (107.1, "CREATED", "CHARGE")
    assert [(one.kind, one.text.partition(" [")[0]) for one in found.consents] == [
        ("ORDER", "Terms of 2026"),
        ("MANDATE", "I let you collect."),
    ]
    seller.sound()


def test_a_token_is_charged_at_once_and_the_cart_is_paid(seller: LinkSeller) -> None:
    cart = seller.cart()
    seller.order(cart, payment=BY_CARD)
    seller.submit()
    found = seller.found(cart)
    assert found.paid_at is None
    intent = seller.call("GET", f"/v2/payment-intents/{found.payment_intent_ident}")
    assert intent["status"] == "SUCCESSFUL"
    document = intent["documentIdent"]
    seller.pay("35.70", document, endToEndIdent=intent["attempts"][0]["endToEndIdent"])
    assert seller.found(cart).paid_at is not None
    assert [row.name for row in seller.tenant.rows("SELECT name FROM event WHERE name LIKE 'checkout.%' ORDER BY id")] == [
        "checkout.carts_completed",
        "checkout.carts_paid",
    ]
    seller.sound()


def test_ordered_twice_at_once_there_is_one_contract(seller: LinkSeller) -> None:
    before = seller.counted()
    cart = seller.cart()
    with ThreadPoolExecutor(4) as windows:
        answers = list(windows.map(lambda _: seller.order(cart, payment=BY_DEBIT), range(4)))
    assert len({one.contract_ident for one in answers}) == 1
    assert {one.status for one in answers} == {"COMPLETED"}
    after = seller.counted()
    assert (after["contract"] - before["contract"], after["customer"] - before["customer"], after["document"]) == (1, 1, 1)
    seller.sound()


def test_two_carts_of_one_person_are_no_two_customers(seller: LinkSeller, office: PostOffice) -> None:
    seller.configure(office)
    before = seller.counted()
    carts = [seller.cart(), seller.cart()]
    with ThreadPoolExecutor(2) as windows:
        answers = list(windows.map(seller.order, carts))
    assert sorted(one.status for one in answers) == ["COMPLETED", "CONFIRMING"]
    assert seller.counted()["customer"] - before["customer"] == 1


def test_prices_stand_for_a_day_and_then_the_cart_is_gone(seller: LinkSeller) -> None:
    seller.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    cart, late = seller.cart(), seller.cart()
    version = {"name": "Seat", "prices": [{"price": "45.00"}]}
    seller.call("PUT", "/v2/billing/plan-options/seat", {"optionIdent": "seat", "type": "QUANTITY", "status": "FINAL", **version})
    seller.tenant.turn_clock(dt.datetime(2026, 12, 2, 9, 59, tzinfo=dt.UTC))
    seller.order(cart)
    assert gross(seller) == [D("35.70")]
    seller.tenant.turn_clock(dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC))
    with pytest.raises(Refused) as gone:
        seller.order(late)
    assert (gone.value.kind, codes_of(gone.value)) == (Kind.GONE, {"cart_expired"})
    assert seller.found(late).status == "EXPIRED"
    seller.tenant.execute(expire_carts, ExpireCarts())
    assert [row.status for row in seller.tenant.rows("SELECT status FROM checkout_cart ORDER BY id")] == ["COMPLETED", "EXPIRED"]
    seller.tenant.turn_clock(dt.datetime(2027, 1, 3, 10, tzinfo=dt.UTC))
    seller.call("POST", "/v2/billingrun", {})
    assert gross(seller)[1:] == [D("35.70")], "what was agreed holds for the intervals that follow"
    seller.sound()


def test_products_alone_are_an_order_and_beside_a_plan_lines_of_its_contract(seller: LinkSeller) -> None:
    alone = seller.cart({"type": "PRODUCT", "ident": "help", "quantity": 2})
    made = seller.order(alone)
    assert made.contract_ident is None and made.order_ident is not None
    both = seller.cart({"type": "PLAN", "ident": "team"}, {"type": "PRODUCT", "ident": "help"})
    seller.order(both, email="max@muster.example")
    assert gross(seller) == [D("119.00"), D("95.20")]
    seller.sound()


def test_a_trial_costs_nothing_at_first_and_its_first_document_is_the_carts(seller: LinkSeller) -> None:
    seller.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    cart = seller.cart(options={"trial_days": 14})
    made = seller.order(cart, payment=BY_CARD)
    assert made.document_id is None and seller.counted()["document"] == 0
    seller.tenant.turn_clock(dt.datetime(2026, 12, 15, 10, tzinfo=dt.UTC))
    seller.call("POST", "/v2/billingrun", {})
    assert (seller.found(cart).document_id is not None, gross(seller)) == (True, [D("35.70")])
    seller.sound()


def test_a_coupon_of_the_link_or_of_the_buyer_reduces(seller: LinkSeller) -> None:
    seller.call(
        "POST", "/v2/coupons", {"code": "ALL", "name": "All", "type": "PERCENTAGE", "percentage": 100, "duration": "ONCE"}, 201
    )
    cart = seller.cart(coupon="ALL")
    seller.order(cart)
    assert gross(seller) in ([], [D("0.00")])
    other = seller.cart(options={"allow_coupons": False})
    with pytest.raises(Refused) as no:
        seller.order(other, email="max@muster.example", coupon="ALL")
    assert codes_of(no.value) == {"coupon_not_allowed"}
    seller.sound()


def test_a_known_customer_shows_a_one_time_password(seller: LinkSeller, office: PostOffice) -> None:
    seller.configure(office)
    mail = "einkauf@muster-handel.example"
    cart = seller.cart()
    before = seller.counted()
    assert seller.order(cart, email=mail).status == "CONFIRMING"
    assert seller.counted() == before, "nothing is ordered on somebody's account by who only knows his address"
    seller.mail()
    code = re.search(r"\b([0-9]{8})\b", office.taken[-1].text).group(1)  # type: ignore[union-attr]
    with pytest.raises(Refused) as wrong:
        seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=mail, otp="00000000"))
    assert wrong.value.kind is Kind.UNAUTHENTICATED
    seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=mail.upper(), otp=code))
    with pytest.raises(Refused):
        seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=mail, otp=code))
    with pytest.raises(Refused) as another:
        seller.order(cart, email="max@muster.example", address=None)
    assert codes_of(another.value) == {"email_of_another"}
    seller.order(cart, email=mail, address=None)
    found = seller.found(cart)
    assert (found.email or "").lower() == mail
    assert (found.status, found.customer_ident, found.invoice_address_ident) == ("COMPLETED", "muster-handel", "zentrale")
    assert office.taken[-1].recipients[0] == TESTER
    seller.sound()


def known(seller: LinkSeller, office: PostOffice, cart: str) -> None:
    """The buyer of the cart is a customer who has shown his password."""
    mail = "einkauf@muster-handel.example"
    seller.order(cart, email=mail)
    seller.mail()
    code = re.search(r"\b([0-9]{8})\b", office.taken[-1].text).group(1)  # type: ignore[union-attr]
    seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=mail, otp=code))


@pytest.mark.parametrize("item", [{"type": "PLAN", "ident": "team"}, {"type": "PRODUCT", "ident": "help"}])
def test_who_is_not_billed_for_a_while_orders_and_pays_when_he_is(
    seller: LinkSeller, office: PostOffice, item: dict[str, Any]
) -> None:
    seller.configure(office)
    cart = seller.cart(item)
    known(seller, office, cart)
    path = "/v2/customers/muster-handel"
    body = seller.call("GET", path)
    for name in ("addresses", "createdAt", "lastModifiedAt", "id", "debtorAccount", "creditorAccount"):
        body.pop(name, None)
    seller.call("PUT", path, {**body, "billingStop": {"reason": "Dispute"}})
    shown = seller.tenant.execute(preview_cart, PreviewCart(cart_ident=cart, body=validated(OrderBody, {})))
    assert len(shown.costs.now) == 1, "what it will come to is shown all the same"
    seller.order(cart, email=None, address=None)
    seller.call("POST", "/v2/billingrun", {})
    found = seller.found(cart)
    assert (found.status, found.document_id, found.paid_at, gross(seller)) == ("COMPLETED", None, None, [])
    seller.call("PUT", path, {**body, "billingStop": None})
    seller.call("POST", "/v2/billingrun", {})
    (paper,) = seller.tenant.rows("SELECT id, ident, gross FROM document")
    assert seller.found(cart).document_id == paper.id
    seller.pay(str(paper.gross), paper.ident)
    assert seller.found(cart).paid_at is not None
    seller.sound()


def test_what_costs_nothing_is_paid_when_it_is_ordered(seller: LinkSeller) -> None:
    seller.call("POST", OPTIONS, seller._option("gift", "ONETIME", "0"), 201)
    cart = seller.cart({"type": "PRODUCT", "ident": "gift"})
    seller.order(cart)
    assert seller.found(cart).paid_at is not None
    seller.sound()


def test_five_wrong_passwords_end_it_and_nobody_hears_who_is_a_customer(seller: LinkSeller, office: PostOffice) -> None:
    seller.configure(office)
    cart, mail = seller.cart(), "einkauf@muster-handel.example"
    seller.tenant.execute(ask_for_password, AskForPassword(cart_ident=cart, email="nobody@muster.example"))
    seller.mail()
    assert len(office.taken) == 0
    seller.tenant.execute(ask_for_password, AskForPassword(cart_ident=cart, email=mail))
    seller.mail()
    code = re.search(r"\b([0-9]{8})\b", office.taken[-1].text).group(1)  # type: ignore[union-attr]
    for _ in range(5):
        with pytest.raises(Refused):
            seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=mail, otp="x"))
    with pytest.raises(Refused):
        seller.tenant.execute(show_password, ShowPassword(cart_ident=cart, email=mail, otp=code))


def test_too_many_passwords_are_not_mailed_and_nobody_hears_of_it(seller: LinkSeller, office: PostOffice) -> None:
    """Five for a cart; twenty for a customer, however many carts somebody begins: within an hour."""
    seller.configure(office)
    mail = "einkauf@muster-handel.example"
    for cart in [seller.cart() for _ in range(6)]:
        for one in ("nobody@muster.example", *[mail] * 7):
            asked = seller.tenant.execute(ask_for_password, AskForPassword(cart_ident=cart, email=one))
            assert asked.email == one
    seller.mail()
    assert len(office.taken) == 20
    with refused(Kind.TOO_MANY, "one_time_passwords_too_many"):
        seller.order(seller.cart(), email=mail)


def test_nobody_hears_who_is_a_customer_where_no_mail_is_sent(seller: LinkSeller) -> None:
    for one in ("nobody@muster.example", "einkauf@muster-handel.example"):
        with refused(Kind.ILLEGAL_STATE):
            seller.tenant.execute(ask_for_password, AskForPassword(cart_ident=seller.cart(), email=one))


def test_nobody_buys_more_than_can_be_billed(seller: LinkSeller) -> None:
    cart = seller.cart(options={"quantity_editable": True})
    for much in (D(10) ** 14, D(10) ** 15 - 1):
        with refused(Kind.INVALID, "quantity_too_large"):
            seller.tenant.execute(change_quantity, ChangeQuantity(cart_ident=cart, body=QuantityBody(quantity=much)))
    assert seller.tenant.execute(preview_cart, PreviewCart(cart_ident=cart)).costs.now


def test_everything_that_is_missing_is_said_at_once(seller: LinkSeller) -> None:
    cart = seller.cart(options={"force_company": True})
    with pytest.raises(Refused) as no:
        seller.order(cart, email=None, address={"country": "DE"}, invoice_address_ident="zentrale")
    assert codes_of(no.value) == {
        "email_missing",
        "customer_unknown_yet",
        "name_missing",
        "zip_missing",
        "city_missing",
        "company_missing",
    }
    with pytest.raises(Refused) as none:
        seller.order(
            cart,
            address={**ADDRESS, "company": "Muster AG"},
            payment={"token": {"payment_method_reference": "x", "gateway_ident": "none"}},
        )
    assert codes_of(none.value) == {"payment_method_not_offered"}
    assert seller.found(cart).status == "OPEN"


def test_what_is_shown_is_what_is_billed_and_nothing_stays(seller: LinkSeller) -> None:
    cart = seller.cart({"type": "PLAN", "ident": "team", "quantity": 2}, {"type": "PRODUCT", "ident": "help"})
    before = seller.counted()
    shown = seller.tenant.execute(preview_cart, PreviewCart(cart_ident=cart, body=validated(OrderBody, BUYER)))
    assert seller.counted() == before
    assert [one.totals.gross for one in shown.costs.now] == [D("130.90")]
    assert [one.totals.gross for one in shown.costs.next] == [D("71.40"), D("71.40")]
    seller.order(cart)
    assert gross(seller) == [D("130.90")]


def test_a_quantity_is_changed_where_the_link_lets_it_be(seller: LinkSeller) -> None:
    cart = seller.cart(options={"quantity_editable": True})
    changed = seller.tenant.execute(change_quantity, ChangeQuantity(cart_ident=cart, body=QuantityBody(quantity=D(4))))
    assert [one.quantity for one in changed.items] == [4]
    fixed = seller.cart()
    with pytest.raises(Refused) as no:
        seller.tenant.execute(change_quantity, ChangeQuantity(cart_ident=fixed, body=QuantityBody(quantity=D(4), item_ident="9")))
    assert codes_of(no.value) == {"quantity_fixed", "cart_item_unknown"}


def test_links_are_judged_and_end(seller: LinkSeller) -> None:
    bad = {
        "items": [{"type": "PLAN", "ident": "none"}, {"type": "PRODUCT", "ident": "seat"}],
        "after_checkout": {"action": "REDIRECT"},
        "coupon": "NONE",
    }
    with pytest.raises(Refused) as no:
        seller.tenant.execute(CHECKOUT_LINKS.create, Written((), validated(CHECKOUT_LINKS.creation, bad)))
    assert codes_of(no.value) == {"plan_unknown", "option_not_sold_alone", "redirect_without_url", "coupon_unknown"}
    off, over = seller.link(is_enabled=False), seller.link(expires_at="2020-01-01T00:00:00Z")
    for link in (off, over):
        with pytest.raises(Refused) as gone:
            seller.tenant.execute(create_cart, FromLink(link_ident=link))
        assert gone.value.kind is Kind.GONE

"""The pages on which somebody orders: nothing happens before its button is pressed, everything once, and nobody makes a link himself."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.factories.post_offices import a_post_office
from tests.factories.proposals import Offerer
from tests.factories.tenants import Tenant
from tests.factories.visitors import Visitor, cart_of, seen

from contor.api.http import read_body
from contor.api.limits import Limits
from contor.kernel.errors import Kind, Refused
from contor.offers.proposals import OneProposal, address_of, archive_proposal, opened
from contor.runtime.execute import Runtime
from contor.runtime.secrets import Linked
from contor.ui.ordering import checkout_routes, offer_routes

NEW = {
    "email": "erika@muster.example",
    "last_name": "<b>Muster</b>",
    "street": "Weg",
    "street_no": "1",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
    "method": "INVOICE",
}


@pytest.fixture(scope="module")
def web(runtime: Runtime) -> TestClient:
    guard = Limits(runtime.config).guard
    routes = [*checkout_routes(runtime, read_body, guard), *offer_routes(runtime, read_body, guard)]
    return TestClient(Starlette(routes=routes), follow_redirects=False)


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


def test_who_follows_a_link_gets_a_cart_of_his_own(offerer: Offerer, web: TestClient) -> None:
    from contor.checkout.links import address_of_link

    link = offerer.link()
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        number = uow.scalar(int, "SELECT id FROM checkout_link WHERE ident = %s", (link,))
        token = address_of_link(uow, number or 0).partition("token=")[2]
    answers = [web.get("/checkout", params={"token": token}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 2
    assert web.get(answers[0].headers["location"]).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("de", "gibt es nicht mehr"), ("en", "is not sold any more")])
def test_a_link_whose_items_are_sold_no_more_says_so(offerer: Offerer, web: TestClient, language: str, words: str) -> None:
    from contor.checkout.links import address_of_link

    link, (plan,) = offerer.link(), offerer.call("GET", "/v2/plans")
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        number = uow.scalar(int, "SELECT id FROM checkout_link WHERE ident = %s", (link,))
        token = address_of_link(uow, number or 0).partition("token=")[2]
    offerer.call("PUT", f"/v2/plans/{plan['planId']}", {**plan, "lifecycleStatus": "RETIRED"})
    assert words in Visitor(web, "/checkout", token, language).look(410)


@pytest.mark.parametrize(("language", "button"), [("de", "zahlungspflichtig bestellen"), ("en", "Order with obligation to pay")])
def test_an_order_needs_the_prices_the_consent_and_the_button(
    offerer: Offerer, web: TestClient, language: str, button: str
) -> None:
    cart, visitor = cart_of(offerer, web, language)
    before = offerer.counted()
    visitor.look()
    page = visitor.press(step="review", **NEW)
    assert f">{button}</button>" in page and "35" in page and "<b>Muster" not in page
    assert page.index("<caption>") < page.index(button) and offerer.counted() == before
    visitor.press(409, step="order", agree="1", seen="0" * 64, **NEW)
    visitor.press(400, step="order", seen=seen(page), **NEW)
    assert offerer.counted() == before
    visitor.press(step="order", agree="1", seen=seen(page), **NEW)
    visitor.press(step="order", agree="1", seen=seen(page), **NEW)
    assert offerer.counted()["contract"] - before["contract"] == 1
    found = offerer.found(cart)
    assert (found.status, [one.kind for one in found.consents]) == ("COMPLETED", ["ORDER"])
    offerer.sound()


def test_what_is_wrong_is_said_and_nothing_is_lost(offerer: Offerer, web: TestClient) -> None:
    _, visitor = cart_of(offerer, web)
    page = visitor.press(400, step="review", **{**NEW, "zip": "", "email": "no mail", "city": "Köln"})
    assert "E-mail:" in page and 'value="Köln"' in page and 'role="alert"' in page
    page = visitor.press(400, step="review", **{**NEW, "method": "SEPA"})
    assert "agree to the mandate" in page
    visitor.press(400, step="quantity", item="1", quantity="many")
    visitor.press(400, step="review", **{**NEW, "coupon": "NONE"})
    visitor.press(413, step="review", email="x" * 20_000)


@pytest.mark.parametrize(
    ("language", "words", "never"),
    [
        ("de", ["geben Sie Ihre Postleitzahl an", "geben Sie Ihren Ort an", "geben Sie Firma oder Nachname an"], "is required"),
        ("en", ["say your postal code", "say your city", "say a company or a last name"], "is required"),
    ],
)
def test_an_address_that_is_missing_is_asked_for_before_the_prices(
    offerer: Offerer, web: TestClient, language: str, words: list[str], never: str
) -> None:
    _, visitor = cart_of(offerer, web, language)
    page = visitor.press(400, step="review", **{**NEW, "zip": "", "city": "", "last_name": ""})
    assert [one for one in words if one not in page] == [] and never not in page


def test_what_is_wrong_is_said_in_the_language_of_the_page(offerer: Offerer, web: TestClient) -> None:
    _, visitor = cart_of(offerer, web, "de")
    page = visitor.press(400, step="review", **{**NEW, "email": "no mail", "vat_id": "1"})
    assert "E-Mail: Bitte prüfen Sie diese Angabe." in page and "must be" not in page and "is no" not in page


def test_a_known_customer_gets_a_password_and_orders_with_his_data(offerer: Offerer, web: TestClient) -> None:
    with a_post_office() as office:
        offerer.configure(office)
        cart, visitor = cart_of(offerer, web)
        known = {
            "email": "einkauf@muster-handel.example",
            "company": "Muster Handel GmbH",
            **{k: v for k, v in NEW.items() if k != "email"},
        }
        page = visitor.press(step="review", **known)
        page = visitor.press(step="order", seen=seen(page), **known)
        assert "One-time password" in page and offerer.found(cart).status == "CONFIRMING"
        visitor.press(400, step="code", otp="00000000", **known)
        offerer.mail()
        code = re.search(r"\b([0-9]{8})\b", office.taken[-1].text)
        assert code is not None
        page = visitor.press(step="code", otp=code[1], **known)
        visitor.press(step="order", seen=seen(page), **known)
        found = offerer.found(cart)
        assert (found.status, found.customer_ident) == ("COMPLETED", "muster-handel")


def test_a_cart_whose_day_is_over_is_gone(offerer: Offerer, web: TestClient) -> None:
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC))
    _, visitor = cart_of(offerer, web)
    offerer.tenant.turn_clock(dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC))
    visitor.look(410)
    visitor.press(410, step="order", agree="1", **NEW)


@pytest.mark.parametrize("path", ["/checkout", "/offers"])
@pytest.mark.parametrize("token", ["", "1-cart-1-3652059-" + "0" * 40, "x" * 5000, "1-agreement-1-3652059-" + "0" * 40, "\u0000é"])
def test_nobody_makes_a_link_of_his_own(web: TestClient, path: str, token: str) -> None:
    visitor = Visitor(web, path, token)
    visitor.look(404)
    visitor.press(404, step="order")


def test_the_address_of_a_cart_is_none_of_an_offer(offerer: Offerer, web: TestClient) -> None:
    _, visitor = cart_of(offerer, web)
    Visitor(web, "/offers", visitor.token).look(404)


def offer_of(offerer: Offerer, web: TestClient, language: str = "en", **more: Any) -> tuple[str, Visitor]:
    ident, signer = offerer.out(**more)
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        return ident, Visitor(
            web, "/offers", address_of(uow, signer, offerer.read(ident).valid_until).partition("token=")[2], language
        )


def sha_of(page: str) -> str:
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("language", "words"), [("de", "Angenommen von Erika"), ("en", "Accepted by Erika")])
def test_an_offer_is_accepted_once(offerer: Offerer, web: TestClient, language: str, words: str) -> None:
    ident, visitor = offer_of(offerer, web, language)
    before, page = offerer.counted(), visitor.look()
    visitor.press(400, step="accept", sha256=sha_of(page), name=" ")
    visitor.press(409, step="accept", sha256="0" * 64, name="Erika")
    assert words in visitor.press(step="accept", sha256=sha_of(page), name="Erika")
    assert words in visitor.press(step="accept", sha256=sha_of(page), name="Erika")
    assert words in visitor.look()
    assert offerer.counted()["contract"] - before["contract"] == 1
    acceptance = offerer.read(ident).acceptance
    assert acceptance is not None and acceptance.address == "testclient"
    offerer.sound()


def test_an_offer_is_declined_or_taken_back(offerer: Offerer, web: TestClient) -> None:
    ident, visitor = offer_of(offerer, web)
    assert "declined" in visitor.press(step="reject", reason="too dear")
    found = offerer.read(ident)
    assert (found.status, found.reason) == ("REJECTED", "too dear")
    offerer.tenant.execute(archive_proposal, OneProposal(proposal_ident=ident))
    visitor.look(410)


@pytest.mark.parametrize(("language", "words"), [("de", "Das Angebot kam von: "), ("en", "The offer came from: ")])
def test_the_link_to_an_offer_without_an_end_ends_and_says_whom_to_ask(
    offerer: Offerer, web: TestClient, language: str, words: str
) -> None:
    ident, signer = offerer.out()
    runtime, now = offerer.tenant.runtime, offerer.tenant.runtime.clock()
    with runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        addresses = [address_of(uow, signer, until) for until in (None, now.date() + dt.timedelta(days=200))]
    links = [token.partition("token=")[2] for token in addresses]
    for link, days in zip(links, (90, 201), strict=True):
        assert opened(runtime.secrets, link, now + dt.timedelta(days=days)).number == signer
        with pytest.raises(Refused) as over:
            opened(runtime.secrets, link, now + dt.timedelta(days=days + 1))
        assert over.value.kind is Kind.GONE
    old = runtime.secrets.link_token(Linked(offerer.tenant.id, "proposal", signer), now.date() - dt.timedelta(days=1))
    visitor = Visitor(web, "/offers", old, language)
    for page in (visitor.look(410), visitor.press(410, step="accept", sha256="0" * 64, name="Erika")):
        assert words in page and "Contor Demo GmbH" in page
    assert offerer.read(ident).status == "OPEN"


def test_what_became_of_a_cart_is_shown_for_a_while(offerer: Offerer, web: TestClient) -> None:
    offerer.tenant.turn_clock(dt.datetime(2026, 9, 1, 10, tzinfo=dt.UTC))
    cart, visitor = cart_of(offerer, web)
    offerer.order(cart)
    offerer.tenant.turn_clock(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC))
    visitor.look()
    offerer.tenant.turn_clock(dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC))
    visitor.look(410)


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Der Gutschein HALF gilt nicht mehr"), ("en", "HALF is not valid any more")]
)
def test_a_coupon_that_holds_no_more_is_said_on_the_page(offerer: Offerer, web: TestClient, language: str, words: str) -> None:
    half = {"code": "HALF", "name": "Half", "type": "PERCENTAGE", "percentage": 50, "duration": "ONCE"}
    offerer.call("POST", "/v2/coupons", half, 201)
    cart, visitor = cart_of(offerer, web, language, coupon="HALF")
    assert words not in visitor.look()
    old = visitor.press(step="review", **NEW)
    assert words not in old
    offerer.call("POST", "/v2/coupons/HALF/actions/withdraw", {})
    assert words in visitor.look()
    assert words in visitor.press(409, step="order", agree="1", seen=seen(old), **NEW)
    page = visitor.press(step="review", **NEW)
    assert words in page
    visitor.press(step="order", agree="1", seen=seen(page), **NEW)
    assert (offerer.found(cart).status, offerer.found(cart).lost_coupon) == ("COMPLETED", "HALF")

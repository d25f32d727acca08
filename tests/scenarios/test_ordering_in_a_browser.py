"""Somebody orders, and somebody signs, in a real browser: by the pages alone, in German and in English, and it has no complaint."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from tests.factories.browsers import Browser, a_driver, a_server
from tests.factories.catalogue import OPTIONS
from tests.factories.checkouts import IBAN
from tests.factories.proposals import Offerer
from tests.factories.tenants import Tenant

from contor.checkout.links import address_of_link
from contor.offers.proposals import address_of
from contor.runtime.execute import Runtime


@pytest.fixture(scope="module")
def driver() -> Iterator[int]:
    with a_driver() as port:
        yield port


@pytest.fixture(scope="module")
def server(driver: int, runtime: Runtime) -> Iterator[str]:
    with a_server(runtime) as address:
        yield address


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


@pytest.fixture
def browse(driver: int) -> Iterator[Callable[[str], Browser]]:
    opened: list[Browser] = []

    def browser(language: str) -> Browser:
        opened.append(Browser(driver, language))
        return opened[-1]

    yield browser
    for one in opened:
        one.close()


def within(server: str, address: str) -> str:
    parts = urlsplit(address)
    return f"{server}{parts.path}?{parts.query}"


def test_a_cart_is_ordered_by_the_page(offerer: Offerer, server: str, browse: Callable[[str], Browser]) -> None:
    link = offerer.link(options={"quantity_editable": True})
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        number = uow.scalar(int, "SELECT id FROM checkout_link WHERE ident = %s", (link,))
        address = within(server, address_of_link(uow, number or 0))
    browser, before = browse("de"), offerer.counted()
    browser.go(address)
    assert "Ihr Warenkorb" in browser.text and browser.nameless() == []
    browser.type('input[name="quantity"]', "3")
    browser.press("Menge ändern")
    assert "3 × Team" in browser.text
    browser.type('form:has(input[name="last_name"]) input[name="email"]', "erika@muster.example")  # not where one who is known asks
    for name, value in (("last_name", "Muster"), ("street", "Weg"), ("street_no", "1")):
        browser.type(f'input[name="{name}"]', value)
    for name, value in (("zip", "20095"), ("city", "Hamburg"), ("iban", IBAN)):
        browser.type(f'input[name="{name}"]', value)
    browser.click('input[value="SEPA"]')
    browser.click('input[name="mandate"]')
    browser.press("Weiter zur Preisübersicht")
    shown = browser.text
    assert "107,10" in shown and "Widerrufsbelehrung" in shown and "Mindestlaufzeit: einen Monat" in shown
    assert browser.nameless() == []
    browser.click('input[name="agree"]')
    browser.press("zahlungspflichtig bestellen")
    assert "Ihre Bestellung ist eingegangen" in browser.text
    assert browser.complaints() == []
    after = offerer.counted()
    assert (after["contract"] - before["contract"], after["payment_intent"], after["sepa_mandate"]) == (1, 1, 1)
    offerer.sound()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_cart_whose_price_is_a_sentence_fits_on_a_phone(
    offerer: Offerer, server: str, browse: Callable[[str], Browser], language: str
) -> None:
    tiers = [{"quantity": 10, "price": 10}, {"price": 8}]
    option = {"optionIdent": "tiers", "name": "Plätze", "type": "ONETIME", "status": "FINAL"}
    offerer.call("POST", OPTIONS, {**option, "prices": [{"pricingModel": "TIER_PRICE", "priceTiers": tiers}]}, 201)
    link = offerer.link({"type": "PRODUCT", "ident": "tiers", "quantity": 5})
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        number = uow.scalar(int, "SELECT id FROM checkout_link WHERE ident = %s", (link,))
        address = within(server, address_of_link(uow, number or 0))
    browser = browse(language)
    browser.phone()
    browser.go(address)
    assert "5 × Plätze" in browser.text
    assert browser.run("return document.documentElement.scrollWidth") == 390


def test_an_offer_is_signed_by_the_page(offerer: Offerer, server: str, browse: Callable[[str], Browser]) -> None:
    ident, signer = offerer.out(acceptance_mode="SIGNATURE", language="en")
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        address = within(server, address_of(uow, signer, None))
    browser = browse("en")
    browser.go(address)
    shown = browser.text
    assert "we help" in shown and "€249.90" in shown and "€71.40" in shown and browser.nameless() == []
    browser.type('input[name="name"]', "Erika Muster")
    browser.press("Sign with obligation to pay")
    assert "Accepted by Erika Muster" in browser.text
    found = offerer.read(ident)
    assert found.acceptance is not None
    assert (found.status, found.acceptance.mode, found.acceptance.file_sha256 is not None) == ("SIGNED", "SIGNATURE", True)
    assert browser.complaints() == []
    offerer.sound()


def test_who_is_no_customer_signs_an_offer_and_orders_by_the_page(
    offerer: Offerer, server: str, browse: Callable[[str], Browser]
) -> None:
    ident, signer = offerer.out(customer_ident=None)
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        address = within(server, address_of(uow, signer, None))
    browser, before = browse("de"), offerer.counted()
    browser.phone()
    browser.go(address)
    assert "249,90" in browser.text and "Die Steuer in diesen Preisen ist vorläufig" in browser.text and browser.nameless() == []
    browser.type('input[name="name"]', "Erika Muster")
    browser.press("zahlungspflichtig annehmen")
    assert "Angenommen von Erika Muster" in browser.text and browser.nameless() == []
    assert browser.run("return document.documentElement.scrollWidth") == 390
    for name, value in (("company", "Bern AG"), ("street", "Gasse"), ("zip", "3000"), ("city", "Bern"), ("country", "CH")):
        browser.type(f'input[name="{name}"]', value)
    browser.press("Weiter zur Preisübersicht")
    assert "210,00" in browser.text and "249,90" not in browser.text and browser.nameless() == []
    assert browser.run("return document.documentElement.scrollWidth") == 390
    browser.press("zahlungspflichtig bestellen")
    assert "Angenommen von Erika Muster" in browser.text and "vorläufig" not in browser.text
    assert browser.complaints() == []
    after, found = offerer.counted(), offerer.read(ident)
    assert (found.status, after["contract"] - before["contract"], after["customer"] - before["customer"]) == ("SIGNED", 1, 1)
    offerer.sound()

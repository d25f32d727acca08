"""The page of an offer to somebody who is no customer yet: he signs, says where the bill goes, sees the prices there, and orders."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.factories.checkouts import IBAN
from tests.factories.proposals import Offerer
from tests.factories.tenants import Tenant
from tests.factories.visitors import Visitor, seen

from contor.api.http import read_body
from contor.api.limits import Limits
from contor.offers.proposals import OneProposal, address_of, archive_proposal
from contor.runtime.execute import Runtime
from contor.ui.ordering import offer_routes

PERSON = {
    "email": "erika@muster.example",
    "last_name": "Muster",
    "street": "Weg",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
}
SWISS = {**PERSON, "company": "Bern AG", "zip": "3000", "city": "Bern", "country": "CH", "email": "bern@muster.example"}
AFTERWARDS = {
    "de": "Auf der Rechnung steht die Steuer, die an ihrer Anschrift gilt.",
    "en": "On the bill is the tax that holds at its address.",
}
WORDS = {
    "de": (
        "Die Steuer in diesen Preisen ist vorläufig",
        "wohin die Rechnung geht",
        "zahlungspflichtig bestellen",
        "Angenommen von Erika",
    ),
    "en": ("The tax in these prices is provisional", "where the bill goes", "Order with obligation to pay", "Accepted by Erika"),
}


@pytest.fixture(scope="module")
def web(runtime: Runtime) -> TestClient:
    return TestClient(Starlette(routes=offer_routes(runtime, read_body, Limits(runtime.config).guard)), follow_redirects=False)


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


def signed_offer(offerer: Offerer, web: TestClient, language: str, role: str = "SIGN", **more: Any) -> tuple[str, Visitor]:
    """Signed by one; the visitor is he, or another one."""
    ident, signer = offerer.out(**{"customer_ident": None, **more})
    visitor = signer if role == "SIGN" else offerer.signer(ident, "clerk@muster.example", role=role)
    with offerer.tenant.runtime.transaction(offerer.tenant.caller(), reads=True) as uow:
        token = address_of(uow, visitor, None).partition("token=")[2]
    made = Visitor(web, "/offers", token, language)
    provisional = WORDS[language][0]
    assert provisional in made.look()
    offerer.sign(signer, name="Erika")
    return ident, made


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_private_person_orders_what_he_signed(offerer: Offerer, web: TestClient, language: str) -> None:
    provisional, where, button, signed = WORDS[language]
    ident, visitor = signed_offer(offerer, web, language)
    before, page = offerer.counted(), visitor.look()
    assert provisional in page and where in page and signed in page and 'value="ceo@muster.example"' in page
    page = visitor.press(step="details", **PERSON)
    assert button in page and 'name="agree"' in page and page.index("</table>") < page.index(button)
    assert "249" in page and offerer.counted() == before
    assert button in visitor.press(400, step="order", seen=seen(page), **PERSON), "without having read of the withdrawal"
    assert button in visitor.press(409, step="order", agree="1", seen="0" * 64, **PERSON)
    assert button in visitor.press(409, step="order", agree="1", seen=seen(page), **{**PERSON, "city": "Kiel"})
    assert 'value="erika@muster.example"' in visitor.press(step="edit", **PERSON)
    assert offerer.counted() == before
    for _ in range(2):
        page = visitor.press(step="order", agree="1", seen=seen(page) if "seen" in page else "", **PERSON)
        assert signed in page and button not in page and provisional not in page
    assert AFTERWARDS[language] in page and "249" in page, "what was signed, and that the bill has the tax of its address"
    found = offerer.read(ident)
    assert (found.status, found.contract_ident is not None) == ("SIGNED", True)
    assert {name: n - before[name] for name, n in offerer.counted().items() if n != before[name]} == {"customer": 1, "contract": 1}
    customer = offerer.call("GET", f"/v2/customers/{found.customer_ident}")
    assert (customer["email"], customer["language"], customer["customerType"]) == ("erika@muster.example", language, "B2C")
    offerer.sound()


def test_a_company_abroad_sees_its_own_tax_and_is_collected_from(offerer: Offerer, web: TestClient) -> None:
    ident, visitor = signed_offer(offerer, web, "en")
    paying = {"method": "SEPA", "iban": IBAN, "mandate": "1"}
    assert "Please say the IBAN" in visitor.press(400, step="details", method="SEPA", **SWISS)
    page = visitor.press(step="details", **SWISS, **paying)
    assert "\N{EURO SIGN}210.00" in page and "249.90" not in page and 'name="agree"' not in page
    visitor.press(step="order", seen=seen(page), **SWISS, **paying)
    assert (offerer.read(ident).status, offerer.counted()["sepa_mandate"]) == ("SIGNED", 1)
    offerer.sound()


@pytest.mark.parametrize(
    ("language", "words", "account"), [("de", "Postleitzahl", "Kundenkonto"), ("en", "postal code", "customer account")]
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    offerer: Offerer, web: TestClient, language: str, words: str, account: str
) -> None:
    ident, visitor = signed_offer(offerer, web, language)
    page = visitor.press(400, step="details", **{**PERSON, "zip": "", "street": '"><b>'})
    assert words in page and 'value="Muster"' in page and "<b>" not in page
    known = {"customerIdent": "known", "customerType": "B2B", "company": "Known", "email": PERSON["email"]}
    offerer.call("POST", "/v2/customers", known, 201)
    page = visitor.press(step="details", **PERSON)
    assert account in visitor.press(400, step="order", agree="1", seen=seen(page), **PERSON)
    visitor.press(400, step="details", **{**PERSON, "email": ""})
    visitor.press(400, step="details", **{**PERSON, "country": "XX"})
    assert offerer.read(ident).status == "AWAITING_DETAILS"


def test_a_customer_without_an_address_is_not_asked_who_he_is(offerer: Offerer, web: TestClient) -> None:
    offerer.call("POST", "/v2/customers", {"customerIdent": "bare", "customerType": "B2B", "company": "Bare"}, 201)
    ident, visitor = signed_offer(offerer, web, "en", customer_ident="bare")
    assert 'name="email"' not in visitor.look()
    given = {name: value for name, value in SWISS.items() if name != "email"}
    page = visitor.press(step="details", **given)
    visitor.press(step="order", seen=seen(page), **given)
    assert (offerer.read(ident).status, offerer.read(ident).customer_ident) == ("SIGNED", "bare")


def test_who_reads_says_nothing_and_of_what_was_put_away_nobody_does(offerer: Offerer, web: TestClient) -> None:
    ident, reader = signed_offer(offerer, web, "en", role="READ")
    assert "where the bill goes." not in reader.look() and 'name="zip"' not in reader.look()
    assert "Accepted by Erika" in reader.press(step="order", agree="1", **PERSON)
    assert offerer.read(ident).status == "AWAITING_DETAILS"
    ident, visitor = signed_offer(offerer, web, "en")
    offerer.tenant.execute(archive_proposal, OneProposal(proposal_ident=ident))
    visitor.press(410, step="details", **PERSON)

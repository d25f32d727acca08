"""Who orders sees, before the button, who he said he is, where the invoice goes and how it is paid; and all names in his language."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.factories.catalogue import OPTIONS
from tests.factories.checkouts import IBAN
from tests.factories.post_offices import a_post_office
from tests.factories.proposals import Offerer
from tests.factories.tenants import Tenant
from tests.factories.visitors import cart_of

from contor.api.http import read_body
from contor.api.limits import Limits
from contor.runtime.execute import Runtime
from contor.ui.ordering import checkout_routes

KNOWN = "einkauf@muster-handel.example"
ORDER: dict[str, Any] = {
    "email": "erika@muster.example",
    "company": "Muster <GmbH>",
    "first_name": "Erika",
    "last_name": "Muster",
    "street": "Weg",
    "street_no": "1",
    "zip": "20095",
    "city": "Hamburg",
    "country": "DE",
    "method": "INVOICE",
}


@pytest.fixture(scope="module")
def web(runtime: Runtime) -> TestClient:
    routes = checkout_routes(runtime, read_body, Limits(runtime.config).guard)
    return TestClient(Starlette(routes=routes), follow_redirects=False)


@pytest.fixture
def offerer(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Offerer:
    made = Offerer(furnished, client, bearer(furnished))
    made.stock()
    return made


@pytest.mark.parametrize(
    ("language", "title", "lines"),
    [
        ("de", "Ihre Angaben", ["Zahlungsweise: Rechnung (Überweisung)"]),
        ("en", "Your details", ["Payment: Invoice (bank transfer)"]),
    ],
)
def test_the_review_says_who_where_and_how(offerer: Offerer, web: TestClient, language: str, title: str, lines: list[str]) -> None:
    _, visitor = cart_of(offerer, web, language)
    page = visitor.press(step="review", **ORDER)
    own = page[page.index(f"<h2>{title}</h2>") :]
    own = own[: own.index("</ul>")]
    expected = ["erika@muster.example", "Muster &lt;GmbH&gt;, Erika Muster, Weg 1, 20095 Hamburg, DE", *lines]
    assert [one for one in expected if one not in own] == []


def test_of_an_account_that_is_debited_it_says_so_much_that_it_is_known_again(offerer: Offerer, web: TestClient) -> None:
    _, visitor = cart_of(offerer, web)
    said = {"method": "SEPA", "iban": IBAN, "holder": "E. Muster", "mandate": "1"}
    page = visitor.press(step="review", **{**ORDER, **said})
    assert f"SEPA direct debit ({IBAN[:4]}…{IBAN[-4:]}, E. Muster)" in page


def test_a_known_customer_who_says_no_address_sees_that_his_own_is_meant(offerer: Offerer, web: TestClient) -> None:
    with a_post_office() as office:
        offerer.configure(office)
        _, visitor = cart_of(offerer, web)
        visitor.press(step="ask", email=KNOWN)
        offerer.mail()
        code = re.search(r"\b([0-9]{8})\b", office.taken[-1].text)
        assert code is not None
        page = visitor.press(step="code", email=KNOWN, otp=code[1])
    assert "as in your customer account" in page and KNOWN in page


def test_each_email_field_stands_below_a_heading_of_its_own(offerer: Offerer, web: TestClient) -> None:
    _, visitor = cart_of(offerer, web)
    page = visitor.look()
    assert page.index("<h2>A customer already?</h2>") < page.index('for="known.email"') < page.index("<h2>Your details</h2>")
    assert page.index("<h2>Your details</h2>") < page.index('for="email"')


@pytest.mark.parametrize(("language", "name"), [("de", "Hilfe"), ("en", "Assistance")])
def test_what_is_sold_is_called_as_the_language_of_the_page_calls_it(
    offerer: Offerer, web: TestClient, language: str, name: str
) -> None:
    option: Any = {**offerer._option("care", "ONETIME", "50.00"), "name": "Hilfe"}
    offerer.call("POST", OPTIONS, {**option, "words": [{"language": "en", "name": "Assistance"}]}, 201)
    _, visitor = cart_of(offerer, web, language, items=[{"type": "PRODUCT", "ident": "care"}])
    assert f"1 × {name}" in visitor.look()
    page = visitor.press(step="review", **ORDER)
    other = {"Hilfe", "Assistance"} - {name}
    assert page.count(name) >= 2 and not any(one in page for one in other)

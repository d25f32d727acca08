"""The pages behind the links of a subscription: nothing happens before a button is pressed, and nobody makes a link of his own."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tests.factories.fastbill import Account
from tests.factories.subscribing import Subscriber

from contor.api.http import read_body
from contor.api.limits import Limits
from contor.runtime.execute import Runtime
from contor.ui.agreements import agreement_routes

NAMES = {"ADDONS_URL", "CANCEL_URL", "REACTIVATE_URL"}


@pytest.fixture(scope="module")
def browser(runtime: Runtime) -> TestClient:
    return TestClient(Starlette(routes=list(agreement_routes(runtime, read_body, Limits(runtime.config).guard))))


@pytest.fixture
def subscriber(account: Account) -> Subscriber:
    made = Subscriber(account)
    made.turn("2026-04-01 10:00")
    made.shop()
    return made


class Visit:
    """A customer with the links of his subscription."""

    def __init__(self, subscriber: Subscriber, browser: TestClient) -> None:
        self.subscriber, self.browser = subscriber, browser
        self.number = subscriber.call("create", article_number="100", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
        self.links = subscriber.call("createsecurelink", subscription_id=self.number)

    def path(self, name: str) -> str:
        parts = urlsplit(self.links[name])
        return f"{parts.path}?{parts.query}"

    def look(self, name: str, language: str = "en", status: int = 200) -> str:
        answer = self.browser.get(self.path(name), headers={"Accept-Language": language})
        assert answer.status_code == status, answer.text
        return answer.text

    def press(self, name: str, status: int = 200, **fields: str) -> str:
        form = {"token": urlsplit(self.links[name]).query.removeprefix("token="), **fields}
        answer = self.browser.post(urlsplit(self.links[name]).path, data=form, headers={"Accept-Language": "de"})
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
def visit(subscriber: Subscriber, browser: TestClient) -> Visit:
    return Visit(subscriber, browser)


def test_each_link_shows_its_page_in_both_languages_and_changes_nothing(visit: Visit) -> None:
    assert visit.links.keys() == NAMES
    before = visit.subscriber.one(visit.number)
    assert "Cancel now" in visit.look("CANCEL_URL") and "30 April 2026" in visit.look("CANCEL_URL")
    assert "Jetzt kündigen" in visit.look("CANCEL_URL", "de-DE,de;q=0.9") and "30.04.2026" in visit.look("CANCEL_URL", "de")
    assert "Zahlungspflichtig fortsetzen" in visit.look("REACTIVATE_URL", "de")
    page = visit.look("ADDONS_URL")
    assert re.findall(r'name="option\.(\w+)" type="number"[^>]*value="(\d+)"', page) == [("A1", "0"), ("A2", "0")]
    assert visit.subscriber.one(visit.number) == before


def test_a_customer_cancels_and_takes_up_again(visit: Visit) -> None:
    assert "Er endet mit dem 30.04.2026." in visit.press("CANCEL_URL")
    assert visit.subscriber.one(visit.number)["STATUS"] == "canceled"
    assert "Das geht nicht:<br>Ihr Vertrag ist schon gekündigt.</p>" in visit.press("CANCEL_URL", 400)
    assert "Ihr Vertrag läuft weiter." in visit.press("REACTIVATE_URL")
    assert visit.subscriber.one(visit.number)["STATUS"] == "active"
    assert "Das geht nicht:<br>Ihr Vertrag ist nicht gekündigt.</p>" in visit.press("REACTIVATE_URL", 400)


def test_a_customer_takes_addons_from_today_on(visit: Visit) -> None:
    visit.subscriber.turn("2026-04-11 10:00")
    assert "gilt ab heute" in visit.press("ADDONS_URL", **{"option.A1": "3", "option.A2": "0"})
    assert [(one["ARTICLE_NUMBER"], one["QUANTITY"]) for one in visit.subscriber.one(visit.number)["ADDONS"]] == [("A1", "3")]
    visit.subscriber.run()
    assert visit.subscriber.documents()[1:] == [("INVOICE", Decimal("10.00"))]
    visit.press("ADDONS_URL", **{"option.A1": "3"})
    assert len(visit.subscriber.documents()) == 2
    assert "Das geht nicht" in visit.press("ADDONS_URL", 400, **{"option.100-main": "2"})
    for wrong in ("many", "-1"):
        said = "Das geht nicht:<br>Eine Menge ist eine Zahl von 0 bis 1.000.000.</p>"
        assert said in visit.press("ADDONS_URL", 400, **{"option.A1": wrong}), wrong


def test_a_link_that_nobody_made_or_that_is_old_leads_nowhere(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    token = urlsplit(visit.links["CANCEL_URL"]).query.removeprefix("token=")
    tenant, action, contract, until, mark = token.split("-")
    forged = (
        "",
        "-" * 600,
        f"{tenant}-reactivate-{contract}-{until}-{mark}",
        f"{int(tenant) + 1}-{action}-{contract}-{until}-{mark}",
        f"{tenant}-{action}-{int(contract) + 1}-{until}-{mark}",
        f"{tenant}-{action}-{contract}-{int(until) + 1}-{mark}",
        f"{tenant}-{action}-{contract}-{until}-{'0' * 40}",
    )
    for wrong in forged:
        assert visit.browser.get("/agreements", params={"token": wrong}).status_code == 404, wrong
        assert visit.browser.post("/agreements", data={"token": wrong}).status_code == 404, wrong
    runtime = visit.subscriber.account.tenant.runtime
    real = runtime.clock
    monkeypatch.setattr(runtime, "clock", lambda: real().replace(year=real().year + 1))
    visit.look("CANCEL_URL", status=404)
    visit.press("CANCEL_URL", 404)
    monkeypatch.undo()
    assert visit.subscriber.one(visit.number)["STATUS"] == "active"


def test_a_form_that_is_too_large_is_not_read(visit: Visit) -> None:
    assert visit.browser.post("/agreements", data={"token": "x" * 20_000}).status_code == 413

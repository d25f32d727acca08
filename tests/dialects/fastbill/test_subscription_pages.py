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

    def __init__(self, subscriber: Subscriber, browser: TestClient, article: str = "100") -> None:
        self.subscriber, self.browser = subscriber, browser
        self.number = subscriber.call("create", article_number=article, customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
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

    def order(self, name: str, language: str = "de", **fields: str) -> str:
        """As who reads what it costs, and confirms."""
        answer = self.browser.post("/agreements", data=self.shown(name, **fields), headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        return answer.text

    def shown(self, name: str, **fields: str) -> dict[str, str]:
        """The form that is sent by the button behind the costs."""
        page = self.press(name, **fields) if fields else self.look(name, "de")
        (form,) = re.findall(r"<form(?:(?!</form>).)*Zahlungspflichtig", page, re.S)
        return dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))

    def send(self, form: dict[str, str], status: int = 200) -> str:
        answer = self.browser.post("/agreements", data=form, headers={"Accept-Language": "de"})
        assert answer.status_code == status, answer.text
        return answer.text

    def addons(self) -> list[tuple[str, str]]:
        return [(one["ARTICLE_NUMBER"], one["QUANTITY"]) for one in self.subscriber.one(self.number)["ADDONS"]]


def words(page: str) -> str:
    """What is read on a page."""
    return " ".join(re.sub(r"<style>.*</style>|<[^>]+>", " ", page, flags=re.S).replace("\xa0", " ").split())


@pytest.fixture
def visit(subscriber: Subscriber, browser: TestClient) -> Visit:
    return Visit(subscriber, browser)


def test_each_link_shows_its_page_in_both_languages_and_changes_nothing(visit: Visit) -> None:
    assert visit.links.keys() == NAMES
    before = visit.subscriber.one(visit.number)
    assert "Cancel now" in visit.look("CANCEL_URL") and "30 Apr 2026" in words(visit.look("CANCEL_URL"))
    assert "Jetzt kündigen" in visit.look("CANCEL_URL", "de-DE,de;q=0.9") and "30.04.2026" in visit.look("CANCEL_URL", "de")
    assert "Ihr Vertrag ist nicht gekündigt." in visit.look("REACTIVATE_URL", "de", 400)
    page = visit.look("ADDONS_URL")
    assert re.findall(r'name="option\.(\w+)" type="number"[^>]*value="(\d+)"', page) == [("A1", "0"), ("A2", "0")]
    assert visit.subscriber.one(visit.number) == before


def test_a_customer_cancels_and_takes_up_again(visit: Visit) -> None:
    assert "Er endet mit dem 30.04.2026." in visit.press("CANCEL_URL")
    assert visit.subscriber.one(visit.number)["STATUS"] == "canceled"
    assert "Das geht nicht:<br>Ihr Vertrag ist schon gekündigt.</p>" in visit.press("CANCEL_URL", 400)
    assert "Ihr Vertrag läuft weiter." in visit.order("REACTIVATE_URL")
    assert visit.subscriber.one(visit.number)["STATUS"] == "active"
    assert "Das geht nicht:<br>Ihr Vertrag ist nicht gekündigt.</p>" in visit.press("REACTIVATE_URL", 400)


def test_a_customer_takes_addons_from_today_on(visit: Visit) -> None:
    visit.subscriber.turn("2026-04-11 10:00")
    assert "gilt ab heute" in visit.order("ADDONS_URL", **{"option.A1": "3", "option.A2": "0"})
    assert visit.addons() == [("A1", "3")]
    visit.subscriber.run()
    assert visit.subscriber.documents()[1:] == [("INVOICE", Decimal("10.00"))]
    visit.press("ADDONS_URL", **{"option.A1": "3"})
    assert len(visit.subscriber.documents()) == 2
    assert "Das geht nicht" in visit.press("ADDONS_URL", 400, **{"option.100-main": "2"})
    for wrong in ("many", "-1"):
        said = "Das geht nicht:<br>Eine Menge ist eine Zahl von 0 bis 1.000.000.</p>"
        assert said in visit.press("ADDONS_URL", 400, **{"option.A1": wrong}), wrong


def test_what_it_costs_stands_before_the_button_and_is_what_is_billed(visit: Visit) -> None:
    visit.subscriber.turn("2026-04-11 10:00")
    assert "Backup: Menge 5,00 € zzgl. USt. pro Monat und Stück" in words(visit.look("ADDONS_URL", "de"))
    page = words(visit.press("ADDONS_URL", **{"option.A1": "3", "option.A2": "0"}))
    assert visit.addons() == [] and len(visit.subscriber.documents()) == 1
    assert "Backup: bisher 0, künftig 3" in page
    now = "Sofort berechnet Leistung Betrag Backup 11.04.2026 – 30.04.2026 10,00 € Summe ohne USt. 10,00 € USt. 19 % 1,90 €"
    assert f"{now} Gesamtpreis inkl. USt. 11,90 €" in page
    then = "Danach pro Monat (erstmals am 01.05.2026)"
    rows = "Article 100 01.05.2026 – 31.05.2026 30,00 € 3 × Backup 01.05.2026 – 31.05.2026 15,00 €"
    sums = "Summe ohne USt. 45,00 € USt. 19 % 8,55 € Gesamtpreis inkl. USt. 53,55 € Zahlungspflichtig ändern"
    assert f"{then} Leistung Betrag {rows} {sums}" in page
    visit.order("ADDONS_URL", **{"option.A1": "3", "option.A2": "0"})
    visit.subscriber.run()
    visit.subscriber.turn("2026-05-01 10:00")
    visit.subscriber.run()
    assert visit.subscriber.documents()[1:] == [("INVOICE", Decimal("10.00")), ("INVOICE", Decimal("45.00"))]


def test_what_is_given_up_is_shown_as_a_credit(visit: Visit) -> None:
    visit.order("ADDONS_URL", **{"option.A1": "3"})
    visit.subscriber.run()
    visit.subscriber.turn("2026-04-16 10:00")
    page = words(visit.press("ADDONS_URL", **{"option.A1": "0", "option.A2": "1"}))
    assert "Backup: bisher 3, künftig 0 Monitoring: bisher 0, künftig 1" in page
    visit.order("ADDONS_URL", **{"option.A1": "0", "option.A2": "1"})
    visit.subscriber.run()
    assert visit.subscriber.documents()[2:] == [("CREDIT_MEMO", Decimal("6.25"))]
    assert "Sofort gutgeschrieben" in page and "Summe ohne USt. 6,25 € USt. 19 % 1,19 € Gesamtpreis inkl. USt. 7,44 €" in page


def test_to_go_on_costs_what_its_page_says(visit: Visit) -> None:
    visit.press("CANCEL_URL")
    page = words(visit.look("REACTIVATE_URL", "en"))
    assert "Nothing is charged now. Then per month (for the first time on 1 May 2026)" in page
    assert "Total price incl. VAT €35.70 Continue, with obligation to pay" in page
    visit.subscriber.turn("2026-06-10 10:00")
    page = words(visit.look("REACTIVATE_URL", "en"))
    assert "Charged now Item Amount Article 100 10 Jun 2026 – 9 Jul 2026 €30.00" in page
    assert "Ihr Vertrag läuft weiter." in visit.order("REACTIVATE_URL")
    visit.subscriber.run()
    assert visit.subscriber.documents()[1:] == [("INVOICE", Decimal("30.00"))]


def test_pressed_twice_or_in_two_tabs_it_is_one_change(visit: Visit) -> None:
    first, other = visit.shown("ADDONS_URL", **{"option.A1": "3"}), visit.shown("ADDONS_URL", **{"option.A1": "5"})
    for _ in range(2):
        assert "gilt ab heute" in visit.send(first)
    assert "Seit Sie die Preise gesehen haben, hat sich etwas geändert." in visit.send(other, 409)
    assert visit.addons() == [("A1", "3")]
    visit.subscriber.run()
    assert visit.subscriber.documents()[1:] == [("INVOICE", Decimal("15.00"))]


def test_what_was_shown_yesterday_is_shown_again(visit: Visit) -> None:
    form = visit.shown("ADDONS_URL", **{"option.A1": "3"})
    visit.subscriber.turn("2026-04-16 10:00")
    again = words(visit.send(form, 409))
    assert "Seit Sie die Preise gesehen haben" in again and "Summe ohne USt. 7,50 €" in again
    assert visit.addons() == []


def test_nobody_orders_what_he_was_not_shown(visit: Visit) -> None:
    form = visit.shown("ADDONS_URL", **{"option.A1": "3"})
    assert "hat sich etwas geändert" in visit.send({**form, "option.A1": "300"}, 409)
    assert "hat sich etwas geändert" in visit.send({**form, "option.A2": "1"}, 409)
    assert "hat sich etwas geändert" in visit.send({**form, "seen": "0" * 64}, 409)
    assert "Zahlungspflichtig" in visit.send({name: value for name, value in form.items() if name != "seen"})
    assert "Diese Leistung gehört nicht zu Ihrem Vertrag." in visit.send({**form, "option.U1": "1"}, 400)
    assert "Sie haben nichts geändert." in visit.press("ADDONS_URL", **{"option.A1": "0"})
    assert visit.addons() == []


def test_what_is_counted_is_taken_whole_and_what_is_measured_as_it_is(subscriber: Subscriber, browser: TestClient) -> None:
    subscriber.option("H1", "80.00", "QUANTITY", "Support", quantityType="HOUR")
    subscriber.article("400", "10.00", ("A1", "H1"))
    visit = Visit(subscriber, browser, "400")
    steps = re.findall(r'name="option\.(\w+)" type="number"[^>]*step="(\w+)"', visit.look("ADDONS_URL"))
    assert steps == [("A1", "1"), ("H1", "any")]
    page = visit.press("ADDONS_URL", 400, **{"option.A1": "2.5", "option.H1": "1.5"})
    assert "Das geht nicht:<br>Backup gibt es nur in ganzen Stücken.</p>" in page and 'value="2.5"' in page
    visit.order("ADDONS_URL", **{"option.A1": "2", "option.H1": "1.5"})
    assert visit.addons() == [("A1", "2"), ("H1", "1.5000")]


def test_every_field_has_its_label_and_price(visit: Visit) -> None:
    page = visit.look("ADDONS_URL")
    fields = re.findall(r'<input id="([^"]+)"', page)
    assert len(fields) == 2
    assert all(f'<label for="{one}">' in page and f'aria-describedby="price.{one}"' in page for one in fields)
    assert "Change, with obligation to pay" not in page


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

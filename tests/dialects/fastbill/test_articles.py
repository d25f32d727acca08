"""What articles of FastBill are in the catalogue: they are billed, changed and deleted as options and plans."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.fastbill import Account

from contor.billing.runs import run_tenant

D = Decimal
PRO = {
    "ARTICLE_NUMBER": "pro",
    "TITLE": "Profi",
    "DESCRIPTION": "Alles",
    "UNIT_PRICE": "30.00",
    "SETUP_FEE": "10.00",
    "VAT_PERCENT": "19",
    "SUBSCRIPTION_INTERVAL": "1 month",
    "TRANSLATIONS": {"EN": {"TITLE": "Professional", "DESCRIPTION": "All of it"}},
}


@pytest.fixture
def shop(account: Account) -> Account:
    account.tenant.turn_clock(dt.datetime(2026, 5, 10, 10, tzinfo=dt.UTC))
    return account


def done(account: Account, service: str, **data: Any) -> Any:
    answer = account.call(service, data)
    assert answer.get("STATUS") == "success", answer
    return answer


def contract(account: Account, ident: str = "v-1", plan: str = "pro", language: str = "de", **more: Any) -> None:
    customer = account.tenant.rows("SELECT customer_ident, address_ident FROM address WHERE address_type = 'INVOICE' LIMIT 1")[0]
    offered = account.tenant.call("GET", "/plans/pageable").body["_embedded"]
    phases = next(one["phases"] for one in offered if one["planIdent"] == plan)
    options = {one["optionIdent"]: one for one in account.tenant.call("GET", "/billing/plan-options?size=100").body["_embedded"]}
    quantities = [
        {
            "phaseIdent": phase["ident"],
            "optionQuantity": [
                {"optionIdent": link["optionIdent"]}
                for link in phase["linkedOptions"]
                if link["minimum"] and options[link["optionIdent"]]["type"] != "RATED_USAGE"
            ],
        }
        for phase in phases
    ]
    for phase in quantities:
        phase["optionQuantity"] += more.get("addons", [])
    body = {
        "contractIdent": ident,
        "planIdent": plan,
        "debtorIdent": customer.customer_ident,
        "invoiceAddressIdent": customer.address_ident,
        "optionQuantities": quantities,
        "startDate": more.get("start", "2026-05-01"),
        "language": language,
    }
    answer = account.tenant.call("POST", "/contracts", body)
    assert answer.status == 201, answer.body


def bill(account: Account, day: str) -> list[tuple[D, D]]:
    """Net and gross of each document so far."""
    account.tenant.turn_clock(dt.datetime.fromisoformat(f"{day}T10:00+00:00"))
    run_tenant(account.tenant.runtime, account.tenant.id, automatic=False)
    assert account.tenant.unsound() == []
    return [(row.net, row.gross) for row in account.tenant.rows("SELECT net, gross FROM document ORDER BY id")]


def names(account: Account) -> list[tuple[str, str | None]]:
    (ident,) = [row.ident for row in account.tenant.rows("SELECT ident FROM document ORDER BY id DESC LIMIT 1")]
    items = account.tenant.call("GET", f"/documents/{ident}").body["items"]
    return [(item["name"], item.get("description")) for item in items]


def test_an_article_is_billed_as_a_plan_with_its_setup_fee(shop: Account) -> None:
    done(shop, "article.create", **PRO)
    contract(shop)
    assert bill(shop, "2026-05-10") == [(D(40), D("47.60"))]
    assert names(shop) == [("Profi", "Alles"), ("Profi – Einrichtung", None)]
    assert bill(shop, "2026-06-10")[1:] == [(D(30), D("35.70"))]


def test_a_gross_price_is_kept_and_a_document_speaks_its_language(shop: Account) -> None:
    done(shop, "article.create", **{**PRO, "IS_GROSS": 1, "VAT_PERCENT": 7, "SETUP_FEE": 0})
    contract(shop, language="en")
    assert bill(shop, "2026-05-10") == [(D("28.04"), D("30.00"))]
    assert names(shop) == [("Professional", "All of it")]


def test_the_setup_fee_speaks_the_language_of_its_document(shop: Account) -> None:
    done(shop, "article.create", **PRO)
    contract(shop, language="en")
    assert bill(shop, "2026-05-10") == [(D(40), D("47.60"))]
    assert names(shop) == [("Professional", "All of it"), ("Professional – Setup", None)]


def test_a_price_changes_at_once_before_it_is_taken_and_with_the_next_interval_after(shop: Account) -> None:
    number = done(shop, "article.create", **PRO)["ARTICLE_ID"]
    done(shop, "article.update", ARTICLE_ID=number, UNIT_PRICE="40.00", SETUP_FEE="0.5")
    contract(shop)
    assert bill(shop, "2026-05-10")[0][0] == D("40.50")
    done(shop, "article.update", ARTICLE_ID=number, UNIT_PRICE="50.00", TITLE="Profi neu")
    contract(shop, "v-2")
    assert bill(shop, "2026-05-11")[1][0] == D("40.50")  # periods that begin until today keep their price
    assert sorted(net for net, _ in bill(shop, "2026-06-10")[2:]) in ([D(100)], [D(50), D(50)])
    (found,) = shop.call("article.get", FILTER={"ARTICLE_ID": number})["ARTICLES"]
    assert (found["UNIT_PRICE"], found["TITLE"], found["SETUP_FEE"]) == ("50.0000", "Profi neu", "0.5000")


def test_a_setup_fee_comes_and_goes_with_its_option(shop: Account) -> None:
    done(shop, "article.create", **{**PRO, "SETUP_FEE": 0})
    for fee, shown in (("5.00", "5.0000"), (0, "0.0000"), ("7", "7.0000")):
        done(shop, "article.update", ARTICLE_NUMBER="pro", SETUP_FEE=fee, TITLE=f"With {fee}")
        (found,) = shop.call("article.get")["ARTICLES"]
        assert (found["SETUP_FEE"], found["TITLE"]) == (shown, f"With {fee}")
    contract(shop)
    assert bill(shop, "2026-05-10")[0][0] == D(37)
    done(shop, "article.update", ARTICLE_NUMBER="pro", SETUP_FEE="9", TITLE="New")  # of who subscribes after today
    contract(shop, "v-2", start="2026-05-12")
    assert bill(shop, "2026-05-12")[1][0] == D(39)


def test_what_contracts_agreed_on_stays(shop: Account) -> None:
    number = done(shop, "article.create", **PRO)["ARTICLE_ID"]
    contract(shop)
    answer = shop.call("article.update", {"ARTICLE_ID": number, "SUBSCRIPTION_INTERVAL": "1 year"})
    assert answer["ERRORS"][0] == "missing / invalid field: SUBSCRIPTION_INTERVAL"
    assert "A plan with contracts changes only its name" in answer["ERRORS"][-1]
    assert "Contracts use the plan." in " ".join(shop.call("article.delete", {"ARTICLE_ID": number})["ERRORS"])
    done(shop, "article.update", ARTICLE_ID=number, TAGS="new", FEATURES=[{"CODE": "seats", "QUANTITY": 3}])
    (found,) = shop.call("article.get", FILTER={"TAGS": "new"})["ARTICLES"]
    assert found["FEATURES"] == [{"CODE": "seats", "QUANTITY": 3, "VALUE": ""}]
    assert (found["SUBSCRIPTION_INTERVAL"], found["SETUP_FEE"]) == ("1 month", "10.0000")


def test_an_add_on_is_taken_beside_the_articles_that_it_is_assigned_to(shop: Account) -> None:
    done(shop, "article.create", **PRO)
    addon = {"ARTICLE_NUMBER": "support", "TITLE": "Support", "UNIT_PRICE": "5.00", "IS_ADDON": True, "ASSIGNED_ARTICLES": "pro"}
    done(shop, "article.create", **addon, SUBSCRIPTION_INTERVAL="1 month")
    contract(shop, addons=[{"optionIdent": "support", "quantity": 2}])
    assert bill(shop, "2026-05-10")[0][0] == D(50)
    yearly = {**addon, "ARTICLE_NUMBER": "yearly", "SUBSCRIPTION_INTERVAL": "1 year"}
    assert shop.call("article.create", yearly)["ERRORS"] == [
        "missing / invalid field: SUBSCRIPTION_INTERVAL",
        "SUBSCRIPTION_INTERVAL: article pro is billed at another interval: an add-on is billed with it",
    ]


@pytest.mark.parametrize(
    ("terms", "phases"),
    [
        ({}, [(None, "NONE")]),
        ({"SUBSCRIPTION_NUMBER_EVENTS": 6}, [("6 MONTH", "NONE")]),
        ({"SUBSCRIPTION_DURATION": "1 year"}, [("1 YEAR", "NEXT_PHASE"), (None, "NONE")]),
        ({"SUBSCRIPTION_DURATION_FOLLOW": "6 month"}, [("6 MONTH", "AUTO_RENEWAL")]),
        (
            {"SUBSCRIPTION_DURATION": "12 month", "SUBSCRIPTION_DURATION_FOLLOW": "6 month"},
            [("12 MONTH", "NEXT_PHASE"), ("6 MONTH", "AUTO_RENEWAL")],
        ),
        ({"SUBSCRIPTION_DURATION": "12 month", "SUBSCRIPTION_DURATION_FOLLOW": "12 month"}, [("12 MONTH", "AUTO_RENEWAL")]),
    ],
)
def test_terms_are_phases_of_a_plan(shop: Account, terms: dict[str, Any], phases: list[tuple[str | None, str]]) -> None:
    done(shop, "article.create", **PRO, **terms, SUBSCRIPTION_CANCELLATION="14 day", SUBSCRIPTION_TRIAL="2 day")
    plan = shop.tenant.call("GET", "/plans/pageable").body["_embedded"][0]
    terms_of = [one.get("termDuration") for one in plan["phases"]]
    lasts = [f"{term['value']} {term['unit']}" if term else None for term in terms_of]
    shown = [(last, one["transitions"][0]["type"]) for last, one in zip(lasts, plan["phases"], strict=True)]
    assert shown == phases
    assert all(one["noticePeriod"] == {"value": 14, "unit": "DAY"} for one in plan["phases"])
    assert plan["trial"]["duration"] == {"value": 2, "unit": "DAY"}
    (found,) = shop.call("article.get")["ARTICLES"]
    said = {name: value.lower() if isinstance(value, str) else str(value) for name, value in terms.items()}
    assert {name: str(found[name]) for name in said} == said


def test_a_client_sends_the_whole_article_back(shop: Account) -> None:
    """With the numbers of the answer, its id and its empty fields: nothing changes."""
    done(shop, "article.create", **PRO)
    (found,) = shop.call("article.get")["ARTICLES"]
    done(shop, "article.update", **found)
    assert shop.call("article.get")["ARTICLES"] == [found]


def test_an_article_that_is_sold_is_kept(shop: Account) -> None:
    done(shop, "article.create", **{**PRO, "SETUP_FEE": 0})
    (found,) = shop.call("article.get")["ARTICLES"]
    contract(shop)
    errors = shop.call("article.delete", {"ARTICLE_ID": found["ARTICLE_ID"]})["ERRORS"]
    assert errors[0] == "missing / invalid field: ARTICLE_ID"


def test_a_coupon_of_a_subscription_is_used(shop: Account) -> None:
    done(shop, "article.create", **{**PRO, "SETUP_FEE": 0})
    body = {"code": "half", "name": "Half", "type": "PERCENTAGE", "percentage": "50", "limitTotal": 1, "plans": ["pro"]}
    assert shop.tenant.call("POST", "/coupons", body).status == 201
    contract(shop)
    assert shop.tenant.call("POST", "/contracts/v-1/actions/redeem-coupon", {"code": "half"}).status == 201
    assert shop.call("coupon.check", FILTER={"CODE": "half", "ARTICLE_NUMBER": "pro"}) == {"STATUS": "invalid"}
    (found,) = shop.call("coupon.get", FILTER={"CODE": "half"})["COUPONS"]
    assert (found["USAGES"], found["USAGES_MAX"], found["STATE"]) == ("1", "1", "USED")
    assert bill(shop, "2026-05-10") == [(D(15), D("17.85"))]


def test_an_article_is_one_of_its_environment_alone(shop: Account) -> None:
    done(shop, "article.create", **PRO)
    other = shop.tenant.live()
    assert [row.n for row in other.rows("SELECT count(*) AS n FROM plan_option")] == [0]


def test_an_addon_that_says_no_interval_is_billed_at_that_of_its_article(account: Account) -> None:
    common = {"UNIT_PRICE": "30.00", "CURRENCY_CODE": "EUR", "DESCRIPTION": "", "VAT_PERCENT": "19"}
    plan = {"ARTICLE_NUMBER": "domain", "TITLE": "Domain", "SUBSCRIPTION_INTERVAL": "1 year", **common}
    assert account.call("article.create", plan)["STATUS"] == "success"
    addon = {"ARTICLE_NUMBER": "whois", "TITLE": "Whois", "IS_ADDON": 1, "ASSIGNED_ARTICLES": "domain", **common}
    assert account.call("article.create", addon)["SUBSCRIPTION_INTERVAL"] == "1 year"
    customer = account.call("customer.get", FILTER={"CUSTOMER_NUMBER": "muster-handel"})["CUSTOMERS"][0]["CUSTOMER_ID"]
    data = {"CUSTOMER_ID": customer, "ARTICLE_NUMBER": "domain", "ADDONS": [{"ARTICLE_NUMBER": "whois", "QUANTITY": 2}]}
    made = account.call("subscription.create", data)["SUBSCRIPTION_ID"]
    (found,) = account.call("subscription.get", FILTER={"SUBSCRIPTION_ID": made})["SUBSCRIPTIONS"]
    assert [(one["ARTICLE_NUMBER"], one["QUANTITY"]) for one in found["ADDONS"]] == [("whois", "2")]


def test_what_was_used_names_its_article_and_lies_behind_today(account: Account) -> None:
    common = {"UNIT_PRICE": "30.00", "CURRENCY_CODE": "EUR", "DESCRIPTION": "", "VAT_PERCENT": "19"}
    plan = {"ARTICLE_NUMBER": "server", "TITLE": "Server", "SUBSCRIPTION_INTERVAL": "1 month", **common}
    numbers = {
        name: account.call("article.create", data)["ARTICLE_ID"]
        for name, data in (("server", plan), ("traffic", {"ARTICLE_NUMBER": "traffic", "TITLE": "Traffic", **common}))
    }
    customer = account.call("customer.get", FILTER={"CUSTOMER_NUMBER": "muster-handel"})["CUSTOMERS"][0]["CUSTOMER_ID"]
    made = account.call("subscription.create", {"CUSTOMER_ID": customer, "ARTICLE_NUMBER": "server"})["SUBSCRIPTION_ID"]
    for name in numbers:
        used = {"SUBSCRIPTION_ID": made, "ARTICLE_NUMBER": name, "QUANTITY": 2, "UNIT_PRICE": "1.50"}
        assert account.call("subscription.setusagedata", used)["STATUS"] == "success"
        later = {**used, "USAGE_DATE": "2199-01-01"}
        assert account.call("subscription.setusagedata", later)["ERRORS"][0] == "missing / invalid field: USAGE_DATE"
    found = account.call("subscription.getusagedata", FILTER={"SUBSCRIPTION_ID": made})["ITEMS"]
    assert {one["ARTICLE_NUMBER"]: one["ARTICLE_ID"] for one in found} == {name: str(of) for name, of in numbers.items()}


def test_without_a_billing_group_it_is_said_that_there_is_none(bare: Account) -> None:
    assert bare.call("article.create", PRO)["ERRORS"] == [
        "There is no billing group yet: who bills subscriptions is said in the settings."
    ]
    assert bare.call("article.get")["ARTICLES"] == []

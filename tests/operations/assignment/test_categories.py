"""Categories of payments and the rules that give them: which are asked first, which are refused, and that none can hang."""

import time
from typing import Any

import pytest
from tests.factories.companies import Company

CATEGORIES = "/v2/payment-categories"
ACCOUNT = "/v2/merchant-payment-accounts/bank"
RULES = f"{ACCOUNT}/payment-transaction-categorization-rules"
HOSTILE = {
    "it calls itself": "($f := function($n) { $f($n + 1) + 1 }; $f(1) = 1)",
    "it goes on for ever": "($f := function($n) { $n < 0 ? true : $f($n + 1) }; $f(1))",
    "a regex that backtracks": '$contains("' + "a" * 40 + '!", /^(a+)+$/)',
    "a text without end": '$length($pad("x", 900000000)) > 1',
    "a list without end": "$count([1..9999999]) > 1 and $count([1..9999999].[1..100]) > 1",
    "texts doubled": '($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $length($f("aaaaaaaaaa", 60)) > 1)',
}


def a_rule(ident: str, expression: str, category: str = "rent", priority: int = 1) -> dict[str, Any]:
    return {
        "ident": ident,
        "priority": priority,
        "jsonataExpression": expression,
        "resultingPaymentCategoryName": category,
    }


def test_built_in_ones_and_ones_own(company: Company) -> None:
    assert company.call("POST", CATEGORIES, {"name": "rent"}, 201)["type"] == "CUSTOM"
    company.call("POST", CATEGORIES, {"name": "rent"}, 409)
    company.call("POST", CATEGORIES, {"name": "RETURN"}, 409)
    page = company.call("GET", f"{CATEGORIES}?sort=name,asc")
    assert [(one["name"], one["enabled"], one["type"]) for one in page["_embedded"]] == [
        ("CUSTOMER_PAYMENT", True, "BUILT_IN"),
        ("OUTGOING_PAYMENT", True, "BUILT_IN"),
        ("RETURN", True, "BUILT_IN"),
        ("rent", True, "CUSTOM"),
    ]
    assert company.call("PATCH", f"{CATEGORIES}/RETURN", {"enabled": False})["enabled"] is False
    off = company.call("GET", f"{CATEGORIES}?search=enabled==false")["_embedded"]
    assert [one["name"] for one in off] == ["RETURN"]
    company.call("DELETE", f"{CATEGORIES}/RETURN", status=409)
    company.call("POST", RULES, a_rule("r", "true"), 201)
    company.call("DELETE", f"{CATEGORIES}/rent", status=409)
    company.call("DELETE", f"{RULES}/r", status=204)
    company.call("DELETE", f"{CATEGORIES}/rent", status=204)
    company.call("GET", f"{CATEGORIES}/rent", status=404)
    company.call("GET", f"{CATEGORIES}/RETURN")


def test_the_first_true_rule_gives_the_category(company: Company) -> None:
    for name in ("rent", "large", "other"):
        company.call("POST", CATEGORIES, {"name": name}, 201)
    company.call("POST", RULES, a_rule("late", "true", "other", 9), 201)
    company.call("POST", RULES, a_rule("rent", '$contains(description, "Miete") and counterpart.name = "Haus AG"', "rent", 2), 201)
    company.call("POST", RULES, a_rule("large", "baseAmount.amount >= 1000.5", "large", 1), 201)
    assert [one["ident"] for one in company.call("GET", RULES)["_embedded"]] == ["large", "rent", "late"]
    haus = {"counterpart": {"name": "Haus AG"}}
    assert company.pay("1000.50", "Miete", **haus)["category"] == "large"
    assert company.pay("1000.49", "Miete", **haus)["category"] == "rent"
    assert company.pay("10.00", "Miete")["category"] == "other"
    company.call("DELETE", f"{RULES}/late", status=204)
    assert company.pay("10.00", "Miete")["category"] == "CUSTOMER_PAYMENT"
    assert company.pay("10.00", "x", creditDebitIndicator="DEBIT")["category"] == "OUTGOING_PAYMENT"
    company.sound()


@pytest.mark.parametrize("expression", ["description", "1 + 1", "nothing.there", "(", "$unknown(1)", "", "x" * 513, '"true"'])
def test_what_yields_no_boolean_is_refused(company: Company, expression: str) -> None:
    company.call("POST", CATEGORIES, {"name": "rent"}, 201)
    refused = company.call("POST", RULES, a_rule("r", expression), 400)
    assert {one["fieldName"] for one in refused["errors"]} == {"jsonataExpression"}
    assert company.call("GET", RULES)["_embedded"] == []


@pytest.mark.parametrize("expression", HOSTILE.values(), ids=list(HOSTILE))
def test_no_expression_hangs_or_fills_the_process(company: Company, expression: str) -> None:
    company.call("POST", CATEGORIES, {"name": "rent"}, 201)
    refused = company.call("POST", RULES, a_rule("r", expression), 400)
    assert [one["fieldName"] for one in refused["errors"]] == ["jsonataExpression"]
    company.call("POST", RULES, a_rule("r", "true"), 201)  # the next one finds a process again


def test_a_rule_that_is_hostile_to_one_payment_alone_is_stopped_and_said(company: Company) -> None:
    """It was harmless when it was judged."""
    company.call("POST", CATEGORIES, {"name": "rent"}, 201)
    loops = 'description = "loop" ? ($f := function($n) { $n < 0 ? true : $f($n + 1) }; $f(1)) : false'
    company.call("POST", RULES, a_rule("loops", loops, priority=1), 201)
    company.call("POST", RULES, a_rule("fails", "$number(description) = 1 or true", priority=2), 400)
    company.call("POST", RULES, a_rule("r", "true", priority=3), 201)
    began = time.process_time()
    paid = company.pay("10.00", "loop")
    assert time.process_time() - began < 60
    assert paid["category"] == "rent"
    (decision,) = company.call("GET", f"/v2/payments/{paid['paymentIdent']}/decisions")["decisions"]
    assert "rule loops was stopped" in decision["note"]
    assert "rule r is true" in decision["note"]


def test_what_is_not_enabled_is_not_assigned(company: Company) -> None:
    number = company.document()
    company.call("POST", CATEGORIES, {"name": "private", "enabled": False}, 201)
    company.call("POST", RULES, a_rule("r", 'description = "' + number + '"', "private"), 201)
    paid = company.pay("119.00", number)
    assert (paid["status"], paid["reason"], paid["category"]) == ("OPEN", "CATEGORY_NOT_ENABLED", "private")
    by_hand = {"paymentIdent": paid["paymentIdent"], "targetIdent": number}
    refused = company.call("POST", "/v2/payment-assignments", by_hand, 400)
    assert refused["errors"][0]["fieldName"] == "paymentIdent"
    path = f"{ACCOUNT}/payments/{paid['paymentIdent']}"
    company.call("PATCH", path, {"category": "private"}, 400)
    company.call("PATCH", path, {"category": "none"}, 400)
    company.sound()
    changed = company.call("PATCH", path, {"category": "CUSTOMER_PAYMENT", "properties": [{"key": "k", "value": "v"}]})
    assert (changed["status"], changed["category"]) == ("ASSIGNED", "CUSTOMER_PAYMENT")
    assert changed["properties"] == [{"key": "k", "value": "v"}]
    assert company.case(number)["balance"] == 0
    assert company.sums() == {8400: -100, 1776: -19, 1200: 119}
    company.sound()


def test_batch_items_that_are_said_later_are_assigned(company: Company) -> None:
    numbers = [company.document(), company.document()]
    paid = company.pay("238.00", "Sammler")
    path = f"{ACCOUNT}/payments/{paid['paymentIdent']}"
    items = [{"reference": number, "amount": 119} for number in numbers]
    refused = company.call("PATCH", path, {"batchItems": items[:1]}, 400)
    assert refused["errors"][0]["fieldName"] == "batchItems"
    changed = company.call("PATCH", path, {"batchItems": items})
    assert (changed["status"], len(changed["batchItems"])) == ("ASSIGNED", 2)
    assert [company.case(number)["balance"] for number in numbers] == [0, 0]
    company.call("PATCH", path, {"batchItems": items}, 400)
    company.sound()


def test_what_is_ignored_is_left_alone_and_listed(company: Company) -> None:
    number = company.document()
    paid = company.pay("120.00", number)
    path = f"{ACCOUNT}/payments/{paid['paymentIdent']}"
    company.call("POST", f"{path}/actions/update-status", {"status": "IGNORED"}, 400)
    ignored = company.call("POST", f"{path}/actions/update-status", {"status": "IGNORED", "reason": "of another company"})
    assert (ignored["status"], ignored["reason"]) == ("IGNORED", "of another company")
    listed = company.call("GET", f"{ACCOUNT}/payments?search=status==IGNORED")["_embedded"]
    assert [one["paymentIdent"] for one in listed] == [paid["paymentIdent"]]
    suggestions = f"/v2/payments/{paid['paymentIdent']}/suggestions"
    assert [one["status"] for one in company.call("GET", suggestions)["suggestions"]] == ["WITHDRAWN"]
    by_hand = {"paymentIdent": paid["paymentIdent"], "targetIdent": number}
    company.call("POST", "/v2/payment-assignments", by_hand, 400)
    company.call("POST", f"{suggestions}/actions/refresh", status=400)
    switches = {"overpaymentAssignmentToDocuments": True}
    company.call("POST", f"{ACCOUNT}/assignment-configuration", switches, 201)
    company.call("PATCH", path, {"category": "CUSTOMER_PAYMENT"})
    left = company.call("GET", path)
    assert (left["status"], left["reason"]) == ("IGNORED", "of another company")
    company.sound()
    again = company.call("POST", f"{path}/actions/update-status", {"status": "OPEN"})
    assert again["status"] == "ASSIGNED"
    company.call("POST", f"{path}/actions/update-status", {"status": "IGNORED", "reason": "x"}, 400)
    company.sound()


@pytest.mark.filterwarnings("error:Pydantic serializer warnings")
def test_a_payment_is_answered_with_all_that_was_said_of_it(company: Company) -> None:
    """... and the server's log says nothing of it, least of all its content."""
    more = {
        "fees": [{"type": "CHARGES", "amount": "3", "currency": "EUR"}],
        "batchItems": [{"reference": "RE-1", "amount": "10", "currency": "EUR"}],
        "properties": [{"key": "counterpartAccount", "value": "4711"}],
    }
    made = company.pay("10.00", "RE-1", **more)
    (shown,) = company.call("GET", f"{ACCOUNT}/payments")["_embedded"]
    for said in (made, shown):
        assert said["fees"] == [{"type": "CHARGES", "amount": 3, "currency": "EUR"}]
        assert said["batchItems"] == [{"reference": "RE-1", "amount": 10, "currency": "EUR"}]
        assert said["properties"] == more["properties"]

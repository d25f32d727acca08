"""Subscriptions, from their first invoice to their end."""

from decimal import Decimal

from tests.factories.subscribing import Subscriber

NO_ARTICLE = ["missing / invalid field: ARTICLE_NUMBER", "ARTICLE_NUMBER: there is no article none"]


def test_a_subscription_is_billed_at_once(subscriber: Subscriber) -> None:
    made = subscriber.call("create", article_number="100", customer_id=subscriber.customer())
    assert made.keys() == {"STATUS", "SUBSCRIPTION_ID", "HASH", "INVOICE_ID", "PAYPAL_URL"}
    assert (made["STATUS"], type(made["SUBSCRIPTION_ID"]), len(made["HASH"]), made["INVOICE_ID"] > 0) == ("success", int, 32, True)
    assert subscriber.documents() == [("INVOICE", Decimal("30.00"))]
    one = subscriber.one(made["SUBSCRIPTION_ID"])
    assert {
        name: one[name] for name in ("STATUS", "START", "NEXT_EVENT", "LAST_EVENT", "CANCELLATION_DATE", "EXPIRATION_DATE")
    } == {
        "STATUS": "active",
        "START": "2026-04-01 00:00:00",
        "NEXT_EVENT": "2026-05-01 00:00:00",
        "LAST_EVENT": "2026-04-01 00:00:00",
        "CANCELLATION_DATE": "0000-00-00 00:00:00",
        "EXPIRATION_DATE": "2026-05-01 00:00:00",
    }
    assert one["PLAN"] == {
        "ARTICLE_NUMBER": "100",
        "QUANTITY": "1",
        "TITLE": "Article 100",
        "DESCRIPTION": "",
        "UNIT_PRICE": "30.0000",
        "VAT_PERCENT": "19.00",
    }
    assert subscriber.account.tenant.unsound() == []


def test_own_words_prices_and_addons_are_the_contracts(subscriber: Subscriber) -> None:
    made = subscriber.call(
        "create",
        article_number="100",
        customer_id=subscriber.customer(),
        subscription_ext_uid="shop-1",
        title="My server",
        description="in the cellar",
        unit_price="20.00",
        quantity="2",
        invoice_title="Hosting",
        x_attributes={"Colour": "red"},
        features=[{"CODE": "seats", "QUANTITY": "5", "VALUE": "many"}],
        addons=[{"ARTICLE_NUMBER": "A1", "QUANTITY": 3, "UNIT_PRICE": "4.00", "TITLE": "Nightly"}, {"ARTICLE_NUMBER": "A2"}],
    )
    assert subscriber.documents() == [("INVOICE", Decimal("54.50"))]
    (one,) = subscriber.found(subscription_ext_uid="shop-1")
    assert (one["SUBSCRIPTION_ID"], one["SUBSCRIPTION_TITLE"], one["INVOICE_TITLE"], one["X_ATTRIBUTES"], one["FEATURES"]) == (
        str(made["SUBSCRIPTION_ID"]),
        "My server",
        "Hosting",
        {"Colour": "red"},
        [{"CODE": "seats", "QUANTITY": "5", "VALUE": "many"}],
    )
    assert [(row["ARTICLE_NUMBER"], row["QUANTITY"], row["TITLE"], row["UNIT_PRICE"]) for row in (one["PLAN"], *one["ADDONS"])] == [
        ("100", "2", "My server", "20.0000"),
        ("A1", "3", "Nightly", "4.0000"),
        ("A2", "1", "Monitoring", "2.5000"),
    ]
    assert subscriber.refused("create", article_number="100", customer_id=one["CUSTOMER_ID"], subscription_ext_uid="shop-1") == [
        "missing / invalid field: SUBSCRIPTION_EXT_UID",
        "Another contract is called 'shop-1' already.",
    ]
    assert len(subscriber.found()) == 1, "nothing of what was refused is there"


def test_what_begins_later_is_billed_later_and_what_began_is_caught_up(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    later = subscriber.call("create", article_number="100", customer_id=customer, start="2026-05-20 03:20:30")
    assert (later["INVOICE_ID"], subscriber.one(later["SUBSCRIPTION_ID"])["STATUS"]) == (None, "inactive")
    earlier = subscriber.call("create", article_number="100", customer_id=customer, start="2026-02-01")
    assert earlier["INVOICE_ID"] is not None
    assert subscriber.documents() == [("INVOICE", Decimal("90.00"))]


def test_a_trial_costs_nothing_and_is_billed_from_its_end(subscriber: Subscriber) -> None:
    subscriber.article("T", "30.00", trial={"duration": {"value": 14, "unit": "DAY"}})
    made = subscriber.call("create", article_number="T", customer_id=subscriber.customer())
    one = subscriber.one(made["SUBSCRIPTION_ID"])
    assert made["INVOICE_ID"] is None
    assert (one["STATUS"], one["EXPIRATION_DATE"]) == ("trial", "2026-04-15 00:00:00")
    subscriber.turn("2026-04-15 10:00")
    subscriber.run()
    assert (subscriber.one(made["SUBSCRIPTION_ID"])["STATUS"], subscriber.documents()) == (
        "active",
        [("INVOICE", Decimal("30.00"))],
    )


def test_what_is_used_comes_onto_the_next_invoice(subscriber: Subscriber) -> None:
    number = subscriber.call("create", article_number="100", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
    subscriber.turn("2026-04-10 12:00")
    first = subscriber.call(
        "setusagedata", subscription_id=number, article_number="U1", quantity="1.5", unit_price="80", description="Setup"
    )
    second = subscriber.call(
        "setusagedata", subscription_id=number, article_number="U2", quantity=200, usage_date="2026-04-09 08:00:00"
    )
    gone = subscriber.call("setusagedata", subscription_id=number, article_number="U2")
    assert subscriber.call("deleteusagedata", usagedata_id=gone["USAGEDATA_ID"]) == {"STATUS": "success"}
    items = subscriber.account.call("subscription.getusagedata", FILTER={"SUBSCRIPTION_ID": number})["ITEMS"]
    assert [(one["USAGEDATA_ID"], one["QUANTITY"], one["UNIT_PRICE"], one["USAGE_DATE"]) for one in items] == [
        (str(second["USAGEDATA_ID"]), "200.0000", "", "2026-04-09 08:00:00"),
        (str(first["USAGEDATA_ID"]), "1.5000", "80.0000", "2026-04-10 12:00:00"),
    ]
    assert {one["CREATED"] for one in items} == {"2026-04-10 12:00:00"}  # when it was said, whenever it was used
    # as a client sends it that knows no FILTER: numbers of milliseconds in DATA
    asked = {"SUBSCRIPTION_ID": str(number), "START": 1775772000000, "END": 1775858400000}
    assert [one["USAGEDATA_ID"] for one in subscriber.account.call("subscription.getusagedata", asked)["ITEMS"]] == [
        str(first["USAGEDATA_ID"])
    ]
    subscriber.turn("2026-05-01 10:00")
    subscriber.run()
    assert subscriber.documents() == [("INVOICE", Decimal("30.00")), ("INVOICE", Decimal("170.00"))]
    for one in (first, second):
        assert subscriber.refused("deleteusagedata", usagedata_id=one["USAGEDATA_ID"]) != []
    assert subscriber.account.tenant.unsound() == []


def test_a_price_of_ones_own_is_for_what_the_plan_does_not_price(subscriber: Subscriber) -> None:
    number = subscriber.call("create", article_number="100", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
    usage = {"subscription_id": number, "quantity": 1}
    assert subscriber.refused("setusagedata", article_number="U1", **usage) == [
        "missing / invalid field: UNIT_PRICE",
        "UNIT_PRICE is required: article U1 has no price",
    ]
    assert subscriber.refused("setusagedata", article_number="U2", unit_price="1", **usage) == [
        "The plan says what U2 costs: UNIT_PRICE is left out."
    ]
    assert subscriber.refused("setusagedata", article_number="none", **usage) == NO_ARTICLE


def test_what_is_coming_up_is_what_would_be_billed_and_leaves_nothing(subscriber: Subscriber) -> None:
    subscriber.customer()
    asked = {"article_number": "100", "addons": [{"ARTICLE_NUMBER": "A1", "QUANTITY": 2}]}
    before = subscriber.platform("GET", "/customers?size=100")["page"]
    assert subscriber.call("getupcomingamount", **asked, country_code="DE") == {"TOTAL": Decimal("47.6")}
    assert subscriber.call("getupcomingamount", **asked, country_code="AT") == {"TOTAL": Decimal("47.6")}
    by_filter = {name.upper(): value for name, value in asked.items()}
    assert subscriber.account.call("subscription.getupcomingamount", FILTER=by_filter) == {"TOTAL": Decimal("47.6")}
    assert subscriber.found() == [] == subscriber.documents()
    assert subscriber.platform("GET", "/customers?size=100")["page"] == before
    assert subscriber.refused("getupcomingamount", article_number="none") == NO_ARTICLE


def test_a_cancellation_ends_with_the_term_after_its_notice_or_when_it_is_said(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    numbers = [subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"] for _ in range(3)]
    subscriber.turn("2026-04-10 10:00")
    assert (
        subscriber.call("cancel", subscription_id=numbers[0], cancellation_note="moves away")["CANCELLATION_DATE"]
        == "2026-05-01 00:00:00"
    )
    one = subscriber.one(numbers[0])
    assert (one["STATUS"], one["CANCELLATION_DATE"], one["CANCELLATION_NOTE"]) == ("canceled", "2026-05-01 00:00:00", "moves away")
    said = subscriber.call("cancel", subscription_id=numbers[1], cancellation_date="2026-04-15 23:59:59")
    assert said["CANCELLATION_DATE"] == "2026-04-16 00:00:00"
    subscriber.turn("2026-04-20 10:00")
    assert subscriber.call("cancel", subscription_id=numbers[2])["CANCELLATION_DATE"] == "2026-06-01 00:00:00"
    assert subscriber.one(numbers[1])["STATUS"] == "closed"
    assert subscriber.refused("cancel", subscription_id=numbers[0]) == [
        "The contract was terminated already; its end can be adapted."
    ]
    subscriber.run()
    assert ("CREDIT_MEMO", Decimal("15.00")) in subscriber.documents()


def test_a_cancellation_is_taken_back_and_what_ended_begins_again(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    numbers = [subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"] for _ in range(2)]
    subscriber.turn("2026-04-10 10:00")
    for number in numbers:
        subscriber.call("cancel", subscription_id=number)
    assert subscriber.call("reactivate", subscription_id=numbers[0]) == {"STATUS": "success"}
    one = subscriber.one(numbers[0])
    assert (one["STATUS"], one["CANCELLATION_DATE"], one["NEXT_EVENT"]) == ("active", "0000-00-00 00:00:00", "2026-05-01 00:00:00")
    subscriber.turn("2026-05-10 10:00")
    subscriber.run()
    assert subscriber.one(numbers[1])["STATUS"] == "closed"
    subscriber.call("reactivate", subscription_id=numbers[1])
    subscriber.run()
    one = subscriber.one(numbers[1])
    assert (one["STATUS"], one["LAST_EVENT"], one["NEXT_EVENT"]) == ("active", "2026-05-10 00:00:00", "2026-06-10 00:00:00")
    assert subscriber.refused("reactivate", subscription_id=numbers[1]) == ["The contract was not terminated."]


def test_renewing_bills_the_next_interval_at_once_and_postponing_moves_it(subscriber: Subscriber) -> None:
    customer = subscriber.customer()
    numbers = [subscriber.call("create", article_number="100", customer_id=customer)["SUBSCRIPTION_ID"] for _ in range(2)]
    subscriber.turn("2026-04-10 10:00")
    assert subscriber.call("renew", subscription_id=numbers[0]) == {"STATUS": "success"}
    subscriber.run()
    assert subscriber.documents()[-1] == ("INVOICE", Decimal("30.00"))
    assert subscriber.one(numbers[0])["NEXT_EVENT"] == "2026-06-01 00:00:00"
    assert subscriber.call("postpone", subscription_id=numbers[1], month="06") == {"STATUS": "success"}
    assert subscriber.one(numbers[1])["NEXT_EVENT"] == "2026-06-01 00:00:00"
    assert subscriber.refused("postpone", subscription_id=numbers[1], month="13") == ["missing / invalid field: MONTH"]


def test_an_update_changes_what_it_says(subscriber: Subscriber) -> None:
    made = subscriber.call(
        "create", article_number="100", customer_id=subscriber.customer(), x_attributes={"a": "1"}, features=[{"CODE": "x"}]
    )
    number = made["SUBSCRIPTION_ID"]
    subscriber.call("update", subscription_id=number, subscription_ext_uid="shop-7", next_event="2026-05-20 00:00:00")
    one = subscriber.one(number)
    assert (one["SUBSCRIPTION_EXT_UID"], one["X_ATTRIBUTES"], one["NEXT_EVENT"]) == ("shop-7", {"a": "1"}, "2026-05-20 00:00:00")
    subscriber.call("update", subscription_id=number, status="inactive", x_attributes={"b": "2"})
    one = subscriber.one(number)
    assert (one["STATUS"], one["X_ATTRIBUTES"], one["FEATURES"][0]["CODE"]) == ("inactive", {"b": "2"}, "x")
    subscriber.call("update", subscription_id=number, status="inactive")
    subscriber.call("update", subscription_id=number, status="active", features=[{"CODE": "y"}])
    one = subscriber.one(number)
    assert (one["STATUS"], [feature["CODE"] for feature in one["FEATURES"]]) == ("active", ["y"])
    # as a client sends it that says nothing of them
    subscriber.call("update", subscription_id=number, x_attributes=[], features=[])
    assert subscriber.one(number) == one


def test_a_change_that_was_agreed_already_is_none(subscriber: Subscriber) -> None:
    """A client whose answer was lost asks again: nothing changes twice, and nothing is refused that is as he wants it."""
    number = subscriber.call("create", article_number="100", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
    subscriber.turn("2026-04-16 10:00")
    answers = [subscriber.call("changearticle", subscription_id=number, article_number="200") for _ in range(2)]
    assert answers[0] == answers[1] == {"STATUS": "success", "SUBSCRIPTION_ID": str(number)}
    for _ in range(2):
        subscriber.call("setaddon", subscription_id=number, article_number="A1", quantity=2)
    subscriber.run()
    once = subscriber.documents()
    for _ in range(2):
        subscriber.call("changearticle", subscription_id=number, article_number="200", title="Greater")
        subscriber.call("setaddon", subscription_id=number, article_number="A1", quantity=2)
        subscriber.run()
    assert subscriber.documents() == once
    one = subscriber.one(number)
    assert (one["ARTICLE_NUMBER"], one["PLAN"]["TITLE"], one["ADDONS"][0]["QUANTITY"]) == ("200", "Greater", "2")
    assert subscriber.account.tenant.unsound() == []


def test_what_is_not_there_is_named(subscriber: Subscriber) -> None:
    for service in ("update", "cancel", "reactivate", "renew", "createsecurelink"):
        assert subscriber.refused(service, subscription_id=1) == ["missing / invalid field: SUBSCRIPTION_ID"], service
    assert subscriber.refused("create") == ["missing / invalid field: ARTICLE_NUMBER", "missing / invalid field: CUSTOMER_ID"]
    assert subscriber.refused("create", article_number="100", customer_id=1) == ["missing / invalid field: CUSTOMER_ID"]
    customer = subscriber.customer()
    assert subscriber.refused("create", article_number="none", customer_id=customer) == NO_ARTICLE
    assert subscriber.refused("create", article_number="100", customer_id=customer, currency_code="USD") == [
        "missing / invalid field: CURRENCY_CODE",
        "USD is not the currency of article 100: EUR is",
    ]
    addons = [{"ARTICLE_NUMBER": "none"}]
    assert subscriber.refused("create", article_number="100", customer_id=customer, addons=addons) == NO_ARTICLE
    assert subscriber.found(subscription_id=1) == []
    assert subscriber.found(customer_id=1) == []


def test_of_an_article_that_the_plan_does_not_measure_a_charge_comes_onto_the_next_invoice(subscriber: Subscriber) -> None:
    number = subscriber.call("create", article_number="100", customer_id=subscriber.customer())["SUBSCRIPTION_ID"]
    subscriber.turn("2026-04-10 12:00")
    usage = {"subscription_id": number, "usage_date": "2026-04-09 08:30:00"}
    usual = subscriber.call("setusagedata", article_number="S1", quantity=2, **usage)["USAGEDATA_ID"]
    own = subscriber.call("setusagedata", article_number="S1", unit_price="50.00", description="At night", **usage)["USAGEDATA_ID"]
    gone = subscriber.call("setusagedata", article_number="S1", **usage)["USAGEDATA_ID"]
    subscriber.call("deleteusagedata", usagedata_id=gone)
    assert subscriber.refused("deleteusagedata", usagedata_id=gone) == ["missing / invalid field: USAGEDATA_ID"]
    items = subscriber.account.call("subscription.getusagedata", FILTER={"SUBSCRIPTION_ID": number})["ITEMS"]
    names = ("USAGEDATA_ID", "ARTICLE_NUMBER", "QUANTITY", "UNIT_PRICE", "DESCRIPTION", "USAGE_DATE")
    assert [tuple(one[name] for name in names) for one in items] == [
        (str(usual), "S1", "2.0000", "99.0000", "", "2026-04-09 08:30:00"),
        (str(own), "S1", "1.0000", "50.0000", "At night", "2026-04-09 08:30:00"),
    ]
    assert {one["CREATED"] for one in items} == {"2026-04-10 12:00:00"}  # when it was said, whenever it was used
    subscriber.run()
    assert subscriber.documents() == [("INVOICE", Decimal("30.00"))], "it waits for the next invoice"
    subscriber.turn("2026-05-01 10:00")
    subscriber.run()
    assert subscriber.documents() == [("INVOICE", Decimal("30.00")), ("INVOICE", Decimal("278.00"))]
    assert subscriber.refused("deleteusagedata", usagedata_id=own) == ["The usage is billed: it cannot be deleted."]
    assert subscriber.account.tenant.unsound() == []

"""Ids of several kinds are looked up at once, and what a request has asked is not asked again."""

import pytest
from tests.checkers.round_trips import counted
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription

OF_STATE = 1
"""Whose it is, what his subscriptions give, and the ids of these."""


def test_what_may_be_used_is_read_in_few_statements(fynn: Fynn, monkeypatch: pytest.MonkeyPatch) -> None:
    fynn.call("POST", "/entitlement/features", {"id": "seats", "name": "Seats", "type": "quantity"})
    fynn.call("PUT", "/entitlement/features/seats/activate")
    a_product(fynn, "base", 3100)
    fynn.call("PUT", "/price-plans/base/features/seats", {"value": 5})
    for number in ("S-1", "S-2"):
        a_subscription(fynn, "base", number=number, activate=True)
    state = fynn.call("GET", "/entitlement/state?customer=muster-handel")
    assert [one["feature"] for one in state["entitlements"]] == ["seats"]
    of = state["entitlements"][0]["subscription"]
    one = fynn.call("GET", f"/entitlement/state?subscription={of}")
    assert (one["customer"], one["subscription"], one["entitlements"]) == (state["customer"], of, state["entitlements"])
    for by, whole in (
        (f"customer={state['customer']}", state),
        ("customer=muster-handel", state),
        (f"subscription={of}", one),
        (f"subscription={of}&feature=seats", one),
    ):
        with counted(monkeypatch) as said:
            again = fynn.call("GET", f"/entitlement/state?{by}")
        assert {**again, "at": ""} == {**whole, "at": ""}
        assert len([text for text in said if " FROM directory." not in text]) == OF_STATE, said


def test_ids_of_who_has_nothing_and_of_nobody(fynn: Fynn) -> None:
    """A UUID that no customer has may be what the caller calls one."""
    a_product(fynn, "base", 3100)
    made = a_subscription(fynn, "base", number="S-1", activate=True)
    known = fynn.call("GET", "/entitlement/state?customer=muster-handel")
    assert known["entitlements"] == []
    again = fynn.call("GET", f"/entitlement/state?customer={known['customer']}")
    assert again == {**known, "at": again["at"]}
    one = fynn.call("GET", f"/entitlement/state?subscription={made['id']}")
    assert (one["customer"], one["subscription"], one["entitlements"]) == (known["customer"], made["id"], [])
    for by in (f"customer={made['id']}", f"subscription={known['customer']}", "customer=nobody"):
        fynn.call("GET", f"/entitlement/state?{by}", status=404)


def test_subscriptions_are_read_in_as_many_statements_as_one(fynn: Fynn, monkeypatch: pytest.MonkeyPatch) -> None:
    a_product(fynn, "base", 3100)
    a_product(fynn, "more", 200)
    numbers = []
    for count in (1, 5):
        for number in range(count):
            a_subscription(fynn, "base", "more", number=f"S-{count}-{number}", activate=True)
        fynn.call("GET", "/subscriptions")
        with counted(monkeypatch) as said:
            page = fynn.call("GET", "/subscriptions")
        numbers.append(len(said))
    assert len(page["data"]) == 6
    assert numbers[0] == numbers[1], numbers

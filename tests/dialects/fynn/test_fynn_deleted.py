"""What is deleted: not while something needs it, and who is refused hears that, not that something was not found."""

from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, act, run


def test_who_has_a_subscription_that_runs_is_not_deleted(fynn: Fynn) -> None:
    fynn.turn("2027-01-01")
    a_product(fynn, "basic")
    made = a_subscription(fynn, "basic", number="S-1", activate=True)
    refused = fynn.call("DELETE", "/customers/muster-handel", status=409)
    assert refused["detail"] == "Contracts of the customer run: S-1. End them first."
    run(fynn, "2027-02-01")
    assert len(fynn.call("GET", "/invoices")["data"]) == 2
    act(fynn, made["number"], "cancel", {"cancellationDateType": "next_possible"})
    fynn.call("DELETE", "/customers/muster-handel", status=409)  # its end is known, and not reached
    fynn.turn("2027-03-01")
    fynn.call("DELETE", "/customers/muster-handel", status=204)
    fynn.call("GET", "/customers/muster-handel", status=404)
    assert fynn.tenant.unsound() == []


def test_what_never_began_keeps_nobody(fynn: Fynn) -> None:
    a_product(fynn, "basic")
    a_subscription(fynn, "basic", number="S-1")
    fynn.call("DELETE", "/customers/muster-handel", status=204)


def test_what_is_in_use_is_said_to_be(fynn: Fynn) -> None:
    fynn.turn("2027-01-01")
    a_product(fynn, "basic")
    fynn.call("POST", "/entitlement/features", {"id": "seats", "name": "Seats", "type": "switch"})
    fynn.call("PUT", "/entitlement/features/seats/activate")
    fynn.call("PUT", "/price-plans/basic/features/seats", {"value": True})
    a_subscription(fynn, "basic", activate=True)
    refused = fynn.call("DELETE", "/entitlement/features/seats", status=409)
    assert refused["detail"] == "This feature is in use."
    fynn.call("GET", "/entitlement/features/seats")

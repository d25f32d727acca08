"""A customer who is deleted: not while something of his runs, for nobody would bill it, or say so."""

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

"""What is supplied goes to any address that a customer has here: addresses of this API are the ones there are."""

import pytest
from tests.factories.fynn import Fynn
from tests.factories.subscribing_fynn import a_product, a_subscription, run

_SHOP = {"type": "TYPE_DEFAULT", "companyName": "Laden", "street": "Hafen", "houseNumber": "3", "zip": "20457", "city": "Hamburg"}


@pytest.mark.parametrize("kind", ["TYPE_DEFAULT", "TYPE_INVOICE"])
@pytest.mark.parametrize("when", ["begun", "draft", "changed"])
def test_a_subscription_is_delivered_to_an_address_that_was_made_here(fynn: Fynn, when: str, kind: str) -> None:
    fynn.turn("2027-01-01")
    a_product(fynn, "basic")
    shop = fynn.call("POST", "/customers/muster-handel/addresses", {**_SHOP, "type": kind})
    said = {"deliveryAddress": shop["id"]} if when != "changed" else {}
    made = a_subscription(fynn, "basic", activate=when != "draft", **said)
    if when == "draft":
        made = fynn.call("PUT", f"/subscriptions/{made['id']}/activate")
    if when == "changed":
        made = fynn.call("PUT", f"/subscriptions/{made['id']}/delivery-address", {"deliveryAddress": shop["id"]})
    assert (made["deliveryAddress"]["id"], made["deliveryAddress"]["street"]) == (shop["id"], "Hafen")
    run(fynn, "2027-02-01")
    last = fynn.call("GET", "/invoices?order[number]=desc&limit=1")["data"][0]["number"]
    detail = fynn.tenant.call("GET", f"/documents/{last}").body["customerDetail"]
    ((ident,),) = fynn.tenant.rows("SELECT address_ident FROM address WHERE street = 'Hafen'")
    assert detail["shippingAddressIdent"] == ident


def test_another_customers_address_is_refused(fynn: Fynn) -> None:
    a_product(fynn, "basic")
    fynn.call("POST", "/customers", {"email": "o@e.example", "companyName": "Andere", "externalId": "other"})
    theirs = fynn.call("POST", "/customers/other/addresses", _SHOP)
    body = {"customer": "muster-handel", "products": [{"pricePlan": "basic"}], "deliveryAddress": theirs["id"]}
    assert fynn.call("POST", "/subscriptions", body, 422)["detail"] == "deliveryAddress: is no address of the customer"

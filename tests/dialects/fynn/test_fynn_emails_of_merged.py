"""Who is merged keeps his e-mail for what is sent to him, and holds it no more: who took his place, or somebody new, may have it."""

from typing import Any

from tests.factories.fynn import Fynn

from contor.customers.one_time import customer_reached

OTHER: dict[str, Any] = {"companyName": "Andere GmbH", "street": "Weg", "houseNumber": "1", "zip": "10115", "city": "Berlin"}


def a_customer(fynn: Fynn, email: str, status: int = 201) -> Any:
    return fynn.call("POST", "/customers", {**OTHER, "email": email, "countryCode": "DE"}, status)


def reached(fynn: Fynn, email: str) -> str | None:
    with fynn.tenant.runtime.transaction(fynn.tenant.caller(), reads=True) as uow:
        return customer_reached(uow, email)


def test_the_one_who_took_his_place_may_have_his_email(fynn: Fynn) -> None:
    old, new = a_customer(fynn, "alt@muster.example"), a_customer(fynn, "neu@muster.example")
    body = {"email": "alt@muster.example", "isDefault": True}
    assert fynn.send("POST", f"/customers/{new['id']}/email-addresses", body).status_code == 422
    fynn.call("POST", f"/customers/{old['id']}/merge", {"targetCustomerId": new["id"]})
    assert reached(fynn, "alt@muster.example") == old["customerNumber"]
    fynn.call("POST", f"/customers/{new['id']}/email-addresses", body, 201)
    assert fynn.call("GET", f"/customers/{new['id']}")["email"] == "alt@muster.example"
    assert fynn.call("GET", f"/customers/{old['id']}")["email"] == "alt@muster.example"
    assert reached(fynn, "alt@muster.example") == new["customerNumber"]


def test_somebody_new_may_have_it(fynn: Fynn) -> None:
    old, new = a_customer(fynn, "alt@muster.example"), a_customer(fynn, "neu@muster.example")
    a_customer(fynn, "alt@muster.example", 422)
    fynn.call("POST", f"/customers/{old['id']}/merge", {"targetCustomerId": new["id"]})
    third = a_customer(fynn, "alt@muster.example")
    assert reached(fynn, "ALT@muster.example") == third["customerNumber"]

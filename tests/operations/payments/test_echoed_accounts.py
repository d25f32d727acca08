"""What a refusal repeats of an account or a card is no more than an answer shows of it."""

from typing import Any

import pytest
from tests.factories.companies import Company

IBAN, WRONG, CARD = "DE02120300000000202051", "DE03120300000000202051", "4111 1111 1111 1111"
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "a customer's account": ("/v2/customer-payment-accounts", {"iban": "?"}),
    "an account of ours": ("/v2/merchant-payment-accounts", {"iban": "?"}),
    "who paid": ("/v2/merchant-payment-accounts/bank/payments", {"counterpart": {"iban": "?"}}),
    "a customer": ("/v2/customers", {"bankAccounts": [{"iban": "?"}]}),
}


def put_in(body: Any, value: str) -> Any:
    if isinstance(body, dict):
        return {name: put_in(part, value) for name, part in body.items()}
    return [put_in(part, value) for part in body] if isinstance(body, list) else value


@pytest.mark.parametrize("value", [WRONG, CARD, CARD.replace(" ", ""), f"{WRONG[:4]} {WRONG[4:]}", WRONG.lower()])
@pytest.mark.parametrize("place", PLACES)
def test_a_wrong_iban_is_repeated_by_its_ends(company: Company, place: str, value: str) -> None:
    path, body = PLACES[place]
    answer = company.client.post(path, json=put_in(body, value), headers=company.headers)
    assert answer.status_code == 400, answer.text
    found = [it for it in answer.json()["errors"] if str(it.get("fieldName")).endswith("iban")]
    bare = value.replace(" ", "")
    assert [it["rejectedValue"] for it in found] == [f"{bare[:4]}…{bare[-4:]}"]
    assert bare[4:-4] not in answer.text.replace(" ", "")


@pytest.mark.parametrize("value", [IBAN, CARD, f"of {IBAN}, by {CARD}"])
def test_an_account_in_another_field_is_not_repeated(company: Company, value: str) -> None:
    body = {"paymentMethod": value, "mandate": {"signedOn": value}, "bic": value, "iban": {"value": value}}
    answer = company.client.post("/v2/customer-payment-accounts", json=body, headers=company.headers)
    assert answer.status_code == 400, answer.text
    shown = answer.text.replace(" ", "")
    assert [it for it in answer.json()["errors"] if it.get("rejectedValue")]
    assert IBAN not in shown
    assert CARD.replace(" ", "") not in shown

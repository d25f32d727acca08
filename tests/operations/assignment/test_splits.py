"""One payment to many documents and many payments to one, by a list and by a file: all of it, or nothing."""

import json
from typing import Any

import pytest
from tests.factories.companies import Company

SPLIT = "/v2/payment-assignments/actions/split"
UPLOAD = "/v2/payment-assignments/actions/upload"


def uploaded(company: Company, content: bytes, status: int = 201) -> Any:
    answer = company.client.post(UPLOAD, files={"file": ("split.csv", content, "text/csv")}, headers=company.headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_one_payment_to_many_and_many_to_one(company: Company) -> None:
    first, second = company.document(), company.document()
    large, small = company.pay("200.00", "?"), company.pay("38.00", "?")
    one, other = large["paymentIdent"], small["paymentIdent"]
    wanted = [
        {"paymentIdent": one, "targetIdent": first, "amount": 119},
        {"paymentIdent": one, "targetIdent": second},
        {"paymentIdent": other, "targetIdent": second},
    ]
    made = company.call("POST", SPLIT, {"assignments": wanted}, 201)
    assert len(made["paymentAssignmentIdents"]) == 3
    assert [company.case(number)["balance"] for number in (first, second)] == [0, 0]
    company.sound()


def test_all_of_it_or_nothing(company: Company) -> None:
    number = company.document()
    paid = company.pay("119.00", "?")["paymentIdent"]
    wanted = [
        {"paymentIdent": paid, "targetIdent": number, "amount": 100},
        {"paymentIdent": paid, "targetIdent": "RE-9"},
        {"paymentIdent": paid, "targetIdent": number, "amount": 20},
    ]
    refused = company.call("POST", SPLIT, {"assignments": wanted}, 400)
    assert [one["fieldName"] for one in refused["errors"]] == ["assignments[1].targetIdent", "assignments[2].amount"]
    assert company.case(number)["balance"] == 119
    company.call("POST", SPLIT, {"assignments": []}, 400)
    company.call("POST", SPLIT, {"assignments": wanted[:1] * 1001}, 400)
    company.sound()


@pytest.mark.parametrize("separator", [";", ","])
def test_by_a_file(company: Company, separator: str) -> None:
    first, second = company.document(), company.document()
    paid = company.pay("238.00", "?")["paymentIdent"]
    amount = "119,00" if separator == ";" else "119.00"
    lines = [("paymentIdent", "targetIdent", "amount"), (paid, first, amount), (paid, second, amount)]
    content = "\r\n".join(separator.join(line) for line in lines)
    assert len(uploaded(company, b"\xef\xbb\xbf" + content.encode())["paymentAssignmentIdents"]) == 2
    assert [company.case(number)["balance"] for number in (first, second)] == [0, 0]
    company.sound()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"a;b\n1;2\n",
        b"paymentIdent;targetIdent\n",
        b"paymentIdent;targetIdent\nx\n",
        b"paymentIdent;targetIdent;amount\nx;y;1_0\n",
        b"paymentIdent;targetIdent;amount\nx;y;1e9999\n",
        b"paymentIdent;targetIdent;amount\nx;y;-1\n",
        b"paymentIdent;targetIdent;amount\nx;y;NaN\n",
        b"paymentIdent;targetIdent\n../x;y\n",
        b"paymentIdent;paymentIdent\nx;y\n",
        b'paymentIdent;targetIdent\n"x;y\n',
        b"paymentIdent;targetIdent\n" + b"x;y\n" * 1001,
        b"paymentIdent;targetIdent;targetType\nx;y;HOUSE\n",
    ],
)
def test_a_bad_file_is_refused_by_name(company: Company, content: bytes) -> None:
    assert json.dumps(uploaded(company, content, 400)["errors"]) != "[]"

"""The older reading of documents: the same documents, flat, in the words of the notifications."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.companies import Company
from tests.factories.tenants import Tenant

from contor.commands.demo import master_data

PATH = "/v2/data-access/invoices"


@pytest.fixture
def books(new_tenant: Callable[[], Tenant], client: TestClient, bearer: Callable[..., dict[str, str]]) -> tuple[Company, list[str]]:
    """An invoice, and another with its credit memo."""
    made = new_tenant()
    master_data(made.runtime, made.caller())
    company = Company(made, client, bearer(made))
    item = {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "quantity": 2,
        "quantityType": "PC",
        "prices": {"unit": {"net": "50.00"}, "originalTotal": {"net": "100.00"}, "total": {"net": "100.00"}},
        "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
        "performanceLocation": {"country": "DE"},
        "servicePeriod": {"start": "2026-01-01", "end": "2026-01-31"},
    }
    first = company.document(orderDate="2026-01-02", items=[item])
    second = company.document(net="200.00")
    memo = company.document("credit-memos", "10.00", relatedDocumentIdent=second, properties=[{"key": "reason", "value": "RETURN"}])
    return company, [first, second, memo]


def test_an_invoice_is_flat(books: tuple[Company, list[str]]) -> None:
    company, (first, _, _) = books
    document = company.call("GET", f"/v2/documents/{first}")
    found = company.call("GET", f"{PATH}/{first}")
    (item,) = found.pop("items")
    assert item == {
        "ident": "i-1",
        "category": "SERVICE",
        "name": "Work",
        "debitCreditIndicator": "DEBIT",
        "quantity": 2,
        "quantityType": "PC",
        "unitPriceExclusiveVat": 50,
        "unitPriceInclusiveVat": 59.5,
        "totalExclusiveVat": 100,
        "vat": 19,
        "totalInclusiveVat": 119,
        "vatRate": 19,
        "servicePeriodStart": "2026-01-01",
        "servicePeriodEnd": "2026-01-31",
    }
    assert found == {
        "documentId": document["documentId"],
        "invoiceIdent": first,
        "type": "INVOICE",
        "status": "CREATED",
        "debtorIdent": "muster-handel",
        "customerIdent": "muster-handel",
        "customerName": "Muster Handel GmbH",
        "invoiceAddressIdent": "zentrale",
        "billingGroupIdent": "external",
        "operatingSiteIdent": "hamburg",
        "currency": "EUR",
        "language": "de",
        "invoiceDate": document["documentDate"],
        "orderDate": "2026-01-02",
        "dueDate": document["dueDate"],
        "taxDate": "2026-01-31",
        "createdAt": document["createdAt"],
        "invoiceTotalExclusiveVat": 100,
        "invoiceTotalVat": 19,
        "invoiceTotalInclusiveVat": 119,
        "prepaid": 0,
        "payable": 119,
        "outstanding": 119,
        "dunningLevel": 0,
        "invoiceOriginReferences": [],
        "vatSummary": [
            {"categoryCode": "S", "vatRate": 19, "totalExclusiveVat": 100, "vat": 19, "totalInclusiveVat": 119},
        ],
    }


def test_a_credit_memo_names_its_invoice_and_reason(books: tuple[Company, list[str]]) -> None:
    company, (_, second, memo) = books
    found = company.call("GET", f"{PATH}/{memo}")
    assert (found["type"], found["relatedInvoiceIdent"], found["documentReason"]) == ("CREDIT_MEMO", second, "RETURN")


def test_a_reissued_one_says_where_it_comes_from(books: tuple[Company, list[str]]) -> None:
    company, (first, _, _) = books
    answer = company.call("POST", f"/v2/documents/{first}/actions/reissue", {}, 202)
    found = company.call("GET", f"{PATH}/{answer['documentIdent']}")
    assert found["invoiceOriginReferences"] == [
        {"referenceType": "REISSUED_DOCUMENT", "referenceIdent": first},
        {"referenceType": "REISSUE_CREDIT_MEMO", "referenceIdent": answer["creditMemoIdent"]},
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [0, 1, 2]),
        ({"sort": "invoiceTotalInclusiveVat,desc"}, [1, 0, 2]),
        ({"search": "type==CREDIT_MEMO"}, [2]),
        ({"search": "debtorIdent==muster*;invoiceTotalExclusiveVat=ge=100", "sort": "invoice_ident,desc"}, [1, 0]),
        ({"search": "orderDate==2026-01-02,invoiceTotalVat<2", "sort": "createdAt"}, [0, 2]),
        ({"size": "1", "page": "1"}, [1]),
        ({"search": "debtorIdent==nobody"}, []),
        ({"search": "customerName==Muster*;language==deu;prepaid==0"}, [0, 1, 2]),
        ({"search": "customerName!='Muster Handel GmbH'"}, []),
        ({"search": "invoiceAddressIdent==zentrale", "sort": "prepaid,desc"}, [2, 1, 0]),
        ({"search": "language!=en;invoiceAddressIdent=out=(filiale)", "sort": "customerName"}, [0, 1, 2]),
    ],
)
def test_searched_sorted_and_paged(books: tuple[Company, list[str]], query: dict[str, str], found: list[int]) -> None:
    company, idents = books
    answer = company.client.get(PATH, params=query, headers=company.headers)
    assert answer.status_code == 200, answer.text
    listed: dict[str, Any] = answer.json()
    assert [row["invoiceIdent"] for row in listed["_embedded"]] == [idents[number] for number in found]
    assert listed["page"]["totalElements"] == (3 if "size" in query else len(found))
    if found:
        assert listed["_embedded"][0] == company.call("GET", f"{PATH}/{idents[found[0]]}")


def test_words_that_invoices_do_not_have_are_refused_together(books: tuple[Company, list[str]]) -> None:
    company, _ = books
    query = {"search": "ident==x;documentType==INVOICE", "sort": "net"}
    answer = company.client.get(PATH, params=query, headers=company.headers)
    assert answer.status_code == 400
    assert [entry["rejectedValue"] for entry in answer.json()["errors"]] == ["ident", "documentType", "net"]
    wrong = company.client.get(PATH, params={"search": "invoiceDate==soon"}, headers=company.headers)
    assert wrong.status_code == 400
    assert [entry["error"] for entry in wrong.json()["errors"]] == ["invoiceDate== takes a date such as 2026-03-31."]


def test_a_stranger_and_one_who_may_not_read(
    books: tuple[Company, list[str]], new_tenant: Callable[[], Tenant], bearer: Callable[..., dict[str, str]]
) -> None:
    company, idents = books
    stranger = bearer(new_tenant())
    for ident in (*idents, "none"):
        assert company.client.get(f"{PATH}/{ident}", headers=stranger).status_code == 404
    assert company.client.get(PATH, headers=stranger).json()["_embedded"] == []
    seller = bearer(company.tenant, "nbx-product-management-write")
    assert [company.client.get(path, headers=seller).status_code for path in (PATH, f"{PATH}/{idents[0]}")] == [403, 403]


def test_both_are_marked_as_deprecated(client: TestClient) -> None:
    paths = client.get("/v2/openapi.json").json()["paths"]
    assert [paths[path]["get"].get("deprecated") for path in (PATH, f"{PATH}/{{invoiceIdent}}")] == [True, True]
    assert "invoiceIdent" in str(paths[PATH]["get"]["parameters"])

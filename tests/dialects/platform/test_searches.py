"""What a list answers can be searched and sorted by the same name, or is named here with the reason why not."""

import re
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.checkers.listed import form_of, items_of, plain_values
from tests.factories.companies import Company
from tests.factories.tenants import Tenant, a_tenant

from contor.api.answers import camel_path
from contor.api.platform.routes import ROUTES
from contor.api.route import Route
from contor.commands.demo import master_data
from contor.runtime.execute import Runtime
from contor.runtime.query.filterable import (
    BOOLEAN,
    CHOICE,
    CODE,
    COUNTRY,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    LANGUAGE,
    UUID,
    FilterField,
)
from contor.settings.tables import number_series

LISTS = [row for row in ROUTES if row.filterable is not None]
FROZEN = "of the frozen document, which is stored packed"
BY_DAY = "depends on the day that asks"
COMPUTED = "computed of other things than the row"
OF_ITEMS = (
    (r"(unitPrice|rowTotal|originalRowTotal)(Exclusive|Inclusive|Cumulated)\w+",),
    "of the frozen row of the item's document, whose tax is that of its group; on the agreed side the three that end with Base",
)
NOT_SEARCHED: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "/v2/notifications": (("url",), "of routes, which are named by their deliveries"),
    "/v2/documents": (
        (
            r"customerDetail\.shippingAddressIdent",
            r"(customer|seller)\..*",
            r"totals\.rounding",
            "relatedDocumentIdent",
            "finalInvoiceMethod",
            r"ledger\..*",
            r"correction\..*",
            r"payment(Collection|Information|Term)\..*",
            r"collection(Date|Reason)",
            "paidBy",
            r"finalizing\..*",
        ),
        FROZEN,
    ),
    "/v2/data-access/invoices": (
        ("documentReason", "relatedInvoiceIdent"),
        FROZEN,
    ),
    "/v2/coupons": (("state",), BY_DAY),
    "/v2/contracts": ((r"status\..*",), BY_DAY),
    "/v2/contracts/pageable": ((r"status\..*",), BY_DAY),
    "/v2/customer-payment-accounts": (("mandateStatus",), BY_DAY),
    "/v2/payment-methods": (("status", "statusReason", r"sepa\.mandateStatus"), BY_DAY),
    "/v2/payment-providers": ((r"capabilities\..*",), "of the kind of provider, which is searched by its name"),
    "/v2/exchange-rates": (("ageInDays",), BY_DAY),
    "/v2/opos-cases": (
        ("collectionReason",),
        "depends on accounts and mandates on the day that asks; the items of a run of collecting are searched by it",
    ),
    "/v2/payment-assignments": ((r"decision\..*",), "of the payment's decisions, which are listed with it"),
    "/v2/mails": (("nextTryAt",), BY_DAY),
    "/v2/documents/{documentIdent}/mails": (("nextTryAt",), BY_DAY),
    "/v2/audit-entries": (("change",), "of as many forms as there are things"),
    "/v2/billableitems": OF_ITEMS,
    "/v2/billableitems/pageable": OF_ITEMS,
    "/v2/contracts/{contractId}/billableitems": OF_ITEMS,
    "/v2/orders/{orderIdent}/billableitems": OF_ITEMS,
    "/v2/orders/{orderIdent}/agreedDeposits": (("status",), COMPUTED),
    "/v2/orders/{orderIdent}/lineItems/{lineItemIdent}/agreedDeposits": (("status",), COMPUTED),
    "/v2/orders/{orderIdent}/lineItems": (("status",), COMPUTED),
    "/v2/contracts/{contractIdent}/lineItems": (("status",), COMPUTED),
}
"""By path: the fields, as patterns, and the reason. Lists within things (rows, prices, bank accounts …) are never searched."""


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.path)
def test_what_is_answered_is_searched_by_its_name(row: Route) -> None:
    assert row.filterable is not None
    patterns, _ = NOT_SEARCHED.get(row.path, ((), ""))
    missing = [name for name in plain_values(items_of(row)) if row.filterable.find(name) is None]
    excused = [name for name in missing if any(re.fullmatch(pattern, name) for pattern in patterns)]
    assert missing == excused
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in missing)] == []


OPEN_CODES = {
    "currency",
    "base_currency",
    "foreign_currency",
    "vat_id",
    "state_code",
    "payment_type",
    "settlements_processing_schedule",
    "category",
}
"""Of which there are more than this program knows."""
NOT_ANSWERED = {"kind"}
"""Of an item: searched by who knows how it is stored."""


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.path)
def test_a_field_of_fixed_words_knows_them(row: Route) -> None:
    """Else a typo finds nothing, and looks like nothing there: what is published with its words, and every code but those of lists of
    others."""
    assert row.filterable is not None
    fields = row.filterable.fields
    assert {
        name for name, field in fields.items() if field.type is CODE and name.rpartition(".")[2] not in OPEN_CODES | NOT_ANSWERED
    } == set()
    for name, words in worded_values(items_of(row)):
        found = row.filterable.find(name)
        if found is not None:
            assert set(words) <= set(found[1].choices), name


def worded_values(form: Any, name: str = "") -> list[tuple[str, list[str]]]:
    """What an answer says in one of a few words, with the words."""
    form = form_of(form)
    inner = form.get("properties", {}).items()
    own = [form, *map(form_of, (*form.get("anyOf", ()), *form.get("oneOf", ()), *form.get("allOf", ())))]
    words = [word for one in own for word in one.get("enum", ()) if isinstance(word, str)]
    return [(name, words)] * bool(words) + [found for n, one in inner for found in worded_values(one, f"{name}.{n}" if name else n)]


@pytest.mark.parametrize("path", ["/documents", "/opos-cases", "/data-access/invoices", "/drafts", "/payment-assignments"])
def test_an_unknown_word_is_refused_with_those_there_are(tenant: Tenant, path: str) -> None:
    answer = tenant.call("GET", path, params={"search": "status==NOPE"})
    assert answer.status == 400, answer.body
    assert "one of" in str(answer.body), answer.body


def a_value(field: FilterField) -> str:
    if field.type is CHOICE:
        return field.choices[0].lower()
    known = {
        COUNTRY: "deu",
        LANGUAGE: "deu",
        DECIMAL: "1.50",
        INTEGER: "1",
        BOOLEAN: "True",
        DATE: "2026-05-01",
        INSTANT: "2026-05-01T10:00:00Z",
    }
    return {**known, UUID: "00000000-0000-4000-8000-000000000000"}.get(field.type, "x")


@pytest.fixture(scope="module")
def seller(runtime: Runtime, http: TestClient) -> Tenant:
    """A tenant with one of each thing below which something is listed."""
    made = a_tenant(runtime, http)
    master_data(runtime, made.caller())
    phase = {"ident": "p-1", "name": "P", "billingConfig": {"billingInterval": {"value": 1, "unit": "YEAR"}}}
    debtor = {"debtorIdent": "muster-handel"}
    bodies: list[tuple[str, Any]] = [
        ("/billing/plan-options", {"optionIdent": "fee", "name": "Fee", "type": "RECURRING", "prices": [{"price": "10.00"}]}),
        ("/plans", {"planIdent": "basic", "name": "Basic", "phases": [{**phase, "linkedOptions": [{"optionIdent": "fee"}]}]}),
        (
            "/contracts",
            {
                "contractIdent": "o-1",
                "planIdent": "basic",
                "invoiceAddressIdent": "zentrale",
                "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}],
                **debtor,
            },
        ),
        (
            "/orders",
            {
                "orderIdent": "o-1",
                "debtorOrderDetails": debtor,
                "lineItems": [{"ident": "l-1", "name": "Work", "unitPriceNet": "1.00"}],
            },
        ),
        ("/price-adaptations", {"ident": "o-1", "name": "Prices"}),
        (
            "/merchant-payment-accounts",
            {"ident": "bank", "name": "Bank", "active": True, "country": "DE", "currency": "EUR", "paymentServiceProviderId": 1},
        ),
        ("/payment-providers", {"id": 7, "name": "COMMERZBANK"}),
        ("/billing-runs", {}),
        ("/billing/configuration/dunning", {"levels": [{"daysAfter": 14}]}),
        ("/dunning-runs", {}),
        ("/collection-runs", None),
        ("/opos-cases/clearing-runs", {"customerIdent": "muster-handel", "currency": "EUR"}),
        ("/features", {"ident": "sso", "name": "Single sign-on", "type": "SWITCH"}),
        ("/features/sso/plans", {"planIdent": "basic", "value": "true"}),
        ("/features/sso/options", {"optionIdent": "fee", "value": "true"}),
        ("/features/sso/products", {"productIdent": "desk", "value": "true"}),
        ("/projects", {"ident": "house", "name": "House", "customerIdent": "muster-handel"}),
        (
            "/recurring-documents",
            {"recurringDocumentIdent": "rent", "startDate": "2030-01-01", "frequency": "MONTHLY", "output": "DRAFT"},
        ),
    ]
    for path, body in bodies:
        answer = made.call("POST", path, body)
        assert answer.status == 201, (path, answer.body)
    return made


@pytest.fixture(scope="module")
def biller(runtime: Runtime, http: TestClient) -> Tenant:
    """A tenant with an open item."""
    made = a_tenant(runtime, http)
    master_data(runtime, made.caller())
    Company(made, http, {"Authorization": f"Bearer {made.token()}"}).document()
    return made


OWNED = {
    "customerIdent": "muster-handel",
    "merchantPaymentAccountIdent": "bank",
    "ident": "o-1",
    "orderIdent": "o-1",
    "contractIdent": "o-1",
    "lineItemIdent": "l-1",
    "projectIdent": "house",
    "featureIdent": "sso",
    "recurringDocumentIdent": "rent",
    "accountNumber": "1200",
    "paymentProviderId": "7",
    "accountCurrency": "EUR",
    "period": "2026-03",
}


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.path)
def test_every_field_is_compared_and_sorted(seller: Tenant, biller: Tenant, row: Route) -> None:
    """By the name on the wire, in a search for a value, for values, and for what has none; words in any case, countries in both lengths."""
    assert row.filterable is not None
    owned = {**OWNED, "contractId": str(seller.rows("SELECT contract_id FROM contract")[0].contract_id)}
    sites = seller.call("GET", "/billing/configuration/operating-sites").body["_embedded"]
    owned["operatingSiteIdent"] = sites[0]["ident"]
    owned["oposCaseIdent"] = biller.rows("SELECT ident FROM opos_case")[0].ident
    owned["clearingRunIdent"] = seller.rows("SELECT ident FROM clearing_run")[0].ident
    if "{documentIdent}" in row.path:
        owned["documentIdent"] = biller.rows("SELECT ident FROM document")[0].ident
    owned["debtorId"] = str(seller.rows("SELECT id FROM customer")[0].id)
    runs = f"{row.path.split('/')[2].partition('-')[0]}_run"
    runs = runs if runs in ("dunning_run", "collection_run") else "billing_run"
    owned["runIdent"] = seller.rows(f"SELECT run_ident FROM {runs}")[0].run_ident
    path = re.sub(r"\{(\w+)\}", lambda match: owned[match.group(1)], row.path.removeprefix("/v2"))
    fields = {camel_path(name): field for name, field in row.filterable.fields.items()}
    names = list(fields)
    sort = "orderBy" if row.path == "/v2/billing-groups" or row.array else "sort"
    for start in range(0, len(names), 10):
        chunk = names[start : start + 10]
        terms = [
            f"{name}=={a_value(fields[name])},{name}=out=({a_value(fields[name])}),{name}!={a_value(fields[name])},{name}=null=true"
            for name in chunk
        ]
        answer = (biller if re.search(r"{(oposCase|document)Ident}", row.path) else seller).call(
            "GET", path, params=[("search", ",".join(terms)), *((sort, name) for name in chunk[: 1 if sort == "orderBy" else 10])]
        )
        assert answer.status == 200, answer.body


def test_things_are_found_by_what_they_say(seller: Tenant) -> None:
    """Also by a thing of another kind that they belong to, and by what they leave to a default."""

    def found(path: str, search: str) -> int:
        answer = seller.call("GET", path, params={"search": search})
        assert answer.status == 200, answer.body
        return len(answer.body if isinstance(answer.body, list) else answer.body["_embedded"])

    assert found("/contracts/pageable", "planIdent==basic;date=null=false;taxLocation.country==DEU") == 1
    assert found("/contracts/pageable", "planIdent==bas*") == 1
    assert found("/contracts/pageable", "planIdent=in=(other,basic)") == 1
    assert found("/contracts/pageable", "planIdent!=basic") == found("/contracts/pageable", "planIdent=out=(basic)") == 0
    assert found("/orders/pageable", "debtorIdent==muster-handel;billingTime==immediately;orderDate>2000-01-01") == 1
    assert found("/orders/o-1/lineItems", "unitPriceNet==1;category==service") == 1
    assert found("/billableitems/pageable", "orderIdent==o-1;unitPriceBase==1.00") == 1
    assert found("/billableitems/pageable", "contractIdent==o-1,orderIdent=null=true") == 0
    assert found("/billableitems/pageable", "originalRowTotalBase==1;taxInformationSource==nitrobox;unitPriceBase=null=false") == 1
    assert found("/billableitems/pageable", "originalRowTotalBase>1,taxInformationSource==customer_provided") == 0
    assert found("/customers/muster-handel/addresses", "country==deu") == 1
    for currency in ("eur", "EUR", "e*", "*ur"):
        assert found("/orders/pageable", f"currency=={currency}") == 1, currency
    assert found("/orders/pageable", "currency=in=(usd,eur)") == 1
    assert found("/orders/pageable", "currency!=eur") == found("/orders/pageable", "currency=out=(eur)") == 0
    assert found("/billableitems/pageable", "type==debit;currency==eur;category==service") == 1
    assert found("/customers/muster-handel/addresses", "country==d*") == 1
    for language in ("de", "deu", "ger", "DEU", "d*"):
        assert found("/contracts/pageable", f"language=={language}") == 1, language
        assert found("/contracts/pageable", f"language=in=(fr,{language.strip('*')})") == (language != "d*")
    assert found("/contracts/pageable", "language!=deu") == found("/contracts/pageable", "language==eng") == 0


def test_what_no_column_has_is_found_and_sorted(seller: Tenant) -> None:
    """The newest version of an option, the group of the default segment, the number drawn last, a plan nobody modified."""

    def idents(path: str, name: str, **params: str) -> list[str]:
        answer = seller.call("GET", path, params=params)
        assert answer.status == 200, answer.body
        return [one[name] for one in (answer.body if isinstance(answer.body, list) else answer.body["_embedded"])]

    options = "/billing/plan-options"
    body = {"optionIdent": "goods", "name": "Goods", "type": "RECURRING", "prices": [{"price": "10.00"}], "status": "FINAL"}
    assert seller.call("POST", options, body).status == 201
    assert idents(options, "optionIdent", search="category==service;optionIdent==goods") == ["goods"]
    changed = {**body, "category": "PHYSICAL_PRODUCT", "articleNumber": "G-1", "usePooling": False}
    assert seller.call("PUT", f"{options}/goods", changed).status == 200
    assert idents(options, "optionIdent", search="category==physical_product") == ["goods"]
    assert idents(options, "optionIdent", search="articleNumber==G*") == ["goods"]
    assert idents(options, "optionIdent", search="category==service;usePooling==false;taxCode==standard") == ["fee"]
    assert idents(options, "optionIdent", search="aggregationDelayInSeconds<1", sort="category") == ["goods", "fee"]
    groups = [
        one["billingGroupIdent"] for one in seller.call("GET", "/billing-groups").body["_embedded"] if one["defaultBillingGroup"]
    ]
    assert len(groups) == 1
    assert idents("/billing-groups", "billingGroupIdent", search="defaultBillingGroup==true") == groups
    assert idents("/plans/pageable", "planIdent", search="modifiedPlan==false") == ["basic"]
    assert len(idents("/billing-runs", "runIdent", search="customers<2;items>=0", sort="items")) == 1
    counters = "/billing/configuration/document-numbers/counters"
    assert idents(counters, "ident", search="currentValue=null=false") == []
    (first, *_) = idents(counters, "ident")
    with seller.runtime.transaction(seller.caller()) as uow:
        uow.draw(number_series, (first, 2026), low=1, count=7)
    assert idents(counters, "ident", search="currentValue==7") == [first]
    (shown,) = [one for one in seller.call("GET", counters).body["_embedded"] if one["ident"] == first]
    assert shown["currentValue"] == 7


def test_papers_and_folders_are_found_by_what_is_counted(seller: Tenant) -> None:
    def found(path: str, search: str) -> list[str]:
        answer = seller.call("GET", path, params={"search": search, "sort": "ident"})
        assert answer.status == 200, answer.body
        return [one["ident"] for one in answer.body["_embedded"]]

    paper = {"date": "2026-11-01", "net": "100.00", "tax": "19.00"}
    made: list[tuple[str, Any]] = [
        ("/expenses", {**paper, "ident": "e-1", "supplier": "Stadtwerke"}),
        ("/revenues", {**paper, "ident": "r-1", "customerIdent": "muster-handel", "tax": "7.00"}),
        ("/folders", {"ident": "full", "name": "Full"}),
        ("/folders", {"ident": "inner", "name": "Inner", "parentIdent": "full"}),
        ("/filed-papers", {"ident": "p-1", "folderIdent": "full", "type": "Lease", "title": "Hall", "date": "2026-11-01"}),
        ("/times", {"ident": "t-1", "projectIdent": "house", "minutes": 30}),
    ]
    for path, body in made:
        answer = seller.call("POST", path, body)
        assert answer.status == 201, (path, answer.body)
    assert (found("/expenses", "gross==119"), found("/expenses", "gross!=119")) == (["e-1"], [])
    assert (found("/revenues", "gross>106.99"), found("/revenues", "gross>107")) == (["r-1"], [])
    assert (found("/folders", "contentCount==2"), found("/folders", "contentCount==0")) == (["full"], ["inner"])
    assert (found("/filed-papers", "type==Lease"), found("/filed-papers", "type==L*")) == (["p-1"], ["p-1"])
    assert (found("/times", "isCalculated==false;documentIdent=null=true"), found("/times", "isCalculated==true")) == (["t-1"], [])


def test_a_digit_in_a_name_has_no_case(seller: Tenant) -> None:
    read = seller.call("GET", "/customers/muster-handel").body
    assert seller.call("PUT", "/customers/muster-handel", {**read, "profile": {"phone2": "040-2"}}).status == 200
    answer = seller.call("GET", "/customers", params={"search": "profile.phone2==040-2", "sort": "profile.phone2"})
    assert [one["customerIdent"] for one in answer.body["_embedded"]] == ["muster-handel"]


def test_a_contract_is_found_by_what_its_life_and_its_changes_say(seller: Tenant) -> None:
    contract = {
        "planIdent": "basic",
        "debtorIdent": "muster-handel",
        "invoiceAddressIdent": "zentrale",
        "optionQuantities": [{"phaseIdent": "p-1", "optionQuantity": [{"optionIdent": "fee"}]}],
    }
    tried = {**contract, "contractIdent": "tried", "startDate": "2030-01-01", "trial": {"duration": {"value": 10, "unit": "DAY"}}}
    for body in (tried, {**contract, "contractIdent": "changed", "startDate": "2026-01-01"}):
        answer = seller.call("POST", "/contracts", body)
        assert answer.status == 201, answer.body
    change = {"effectiveDate": "2031-01-01", "comment": "agreed", "optionQuantities": [{"optionIdent": "fee", "quantity": 2}]}
    answer = seller.call("POST", "/contracts/changed/actions/change", change)
    assert answer.status == 200, answer.body

    def found(path: str, search: str, name: str = "contractIdent") -> list[object]:
        answer = seller.call("GET", path, params={"search": search})
        assert answer.status == 200, answer.body
        return [one[name] for one in answer.body["_embedded"]]

    assert found("/contracts/pageable", "hasPendingChange==true") == ["changed"]
    assert "changed" not in found("/contracts/pageable", "hasPendingChange==false")
    (trial,) = [one["trial"] for one in seller.call("GET", "/contracts/pageable").body["_embedded"] if "trial" in one]
    same = f"trial.lastDay=={trial['lastDay']};trial.anchor=={trial['anchor']};trial.usages=={trial['usages'].lower()}"
    assert found("/contracts/pageable", same) == ["tried"]
    assert found("/contracts/pageable", "trial.anchor=null=false") == ["tried"]
    ((shown,),) = [seller.call("GET", "/contracts/changed/changes").body["_embedded"]]
    asked = "status==pending;change.timing==immediately;change.allowBackdating==false;change.creditType==pro_rata;change.comment==agreed"
    assert found("/contracts/changed/changes", f"{asked};effectiveDate==2031-01-01", "changeId") == [shown["changeId"]]
    assert found("/contracts/changed/changes", "reason=null=false,change.planIdent=null=false,status==failed", "changeId") == []


def test_an_item_is_found_by_what_it_came_to_before_it_was_reduced(seller: Tenant) -> None:
    less = {"ident": "x-1", "name": "Less", "type": "DISCOUNT"}
    tax = [{"taxRate": 19, "taxCategoryCode": "S"}]
    line = {"ident": "l-1", "name": "Work", "taxInformation": tax}
    net = {**line, "unitPriceNet": "100.00", "preTaxExtras": [{**less, "amountNet": "-10.00"}]}
    gross = {**line, "ident": "l-2", "unitPriceGross": "238.00", "preTaxExtras": [{**less, "amountGross": "-23.80"}]}
    body = {"orderIdent": "o-reduced", "debtorOrderDetails": {"debtorIdent": "muster-handel"}}
    for number, one in enumerate((net, gross)):
        answer = seller.call("POST", "/orders", {**body, "orderIdent": f"o-reduced-{number}", "lineItems": [one]})
        assert answer.status == 201, answer.body
    items = seller.call("GET", "/billableitems/pageable", params={"search": "orderIdent==o-reduced*"}).body["_embedded"]
    assert sorted(str(one["originalRowTotalBase"]) for one in items) == ["100.00", "238.00"]
    for item in items:
        search = (
            f"orderIdent==o-reduced*;originalRowTotalBase=={item['originalRowTotalBase']};taxInformationSource==customer_provided"
        )
        found = seller.call("GET", "/billableitems/pageable", params={"search": search, "sort": "originalRowTotalBase"}).body[
            "_embedded"
        ]
        assert [one["billableItemIdent"] for one in found] == [item["billableItemIdent"]]

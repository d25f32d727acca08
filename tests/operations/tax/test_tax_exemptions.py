"""A customer's exemptions: without tax while they hold, with the reason on the document; taxed afterwards, and the preview says why."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import Desk, a_desk, a_line
from tests.factories.tenants import Tenant

from contor.documents.queries import documents_by_id
from contor.documents.types import Document

D = Decimal
CUSTOMER = "/v2/customers/muster-handel"
NATO = {"code": "VATEX-EU-151-1D", "reason": "NATO-Truppenstatut", "certificateNumber": "N-1"}


@pytest.fixture
def desk(furnished: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]]) -> Desk:
    return a_desk(furnished, client, bearer(furnished))


def exempt(desk: Desk, *exemptions: dict[str, Any], status: int = 200, **more: Any) -> Any:
    known = desk.call("GET", CUSTOMER)
    kept = ("customerType", "company", "email", "language", "currency", "vatId", "electronicAddress")
    body = {name: known[name] for name in kept if known.get(name) is not None}
    return desk.call("PUT", CUSTOMER, {**body, "taxExemptions": list(exemptions), **more}, status)


def documents(desk: Desk) -> list[Document]:
    ids = [row.id for row in desk.tenant.rows("SELECT id FROM document ORDER BY id")]
    with desk.tenant.runtime.transaction(desk.tenant.caller(), reads=True) as uow:
        found = documents_by_id(uow, ids)
    return [found[number] for number in ids]


def test_on_its_days_nothing_is_taxed_and_the_document_keeps_why(desk: Desk) -> None:
    told = exempt(desk, {**NATO, "country": "DE", "validFrom": "2026-05-01", "validUntil": "2026-05-09"})
    assert told["taxExemptions"] == [{**NATO, "country": "DE", "validFrom": "2026-05-01", "validUntil": "2026-05-09"}]
    for number, day in enumerate(("2026-04-30", "2026-05-01", "2026-05-09", "2026-05-10")):
        desk.order(f"o-{number}", lineItems=[a_line(f"l-{number}", "100.00", deliveryDate=day)])
        desk.bill()
    exempt(desk)  # what is issued stays as it is
    taxes = [(one.totals.tax, one.taxes[0].category_code, one.taxes[0].exemption_reason_text) for one in documents(desk)]
    without = (D(0), "E", "NATO-Truppenstatut (N-1)")
    assert taxes == [(D(19), "S", None), without, without, (D(19), "S", None)]
    assert documents(desk)[1].taxes[0].exemption_reason_code == "VATEX-EU-151-1D"


def test_an_exemption_of_another_country_frees_from_nothing_here(desk: Desk) -> None:
    exempt(desk, {**NATO, "country": "FR"})
    desk.order()
    desk.bill()
    assert documents(desk)[0].totals.tax == 19


def test_the_preview_says_why_it_is_taxed(desk: Desk) -> None:
    exempt(desk, {**NATO, "validUntil": "2026-06-30"})
    desk.plan("100.00")
    desk.contract(startDate="2026-05-01")
    told = desk.call("POST", f"{CONTRACTS}/v-1/actions/preview", {"n": 2})
    lines = [one["items"][0].get("taxNote") for one in (*told["now"], *told["next"])]
    why = "the exemption VATEX-EU-151-1D (N-1) ended on 2026-06-30, the supply is completed on 2026-07-31"
    assert lines == [None, None, why]
    assert [one["totals"]["tax"] for one in (*told["now"], *told["next"])] == [0, 0, 19]


def test_two_of_one_day_are_refused_and_all_is_said_at_once(desk: Desk) -> None:
    wrong = [
        {**NATO, "validFrom": "2026-05-10", "validUntil": "2026-05-09"},
        {"code": "VATEX-EU-132"},
        {"code": "VATEX-EU-143"},
    ]
    refused = exempt(desk, *wrong, status=400)
    assert sorted(found["fieldName"] for found in refused["errors"]) == ["taxExemptions[0].validUntil", "taxExemptions[2]"]
    assert desk.call("GET", CUSTOMER)["taxExemptions"] == []


def test_what_was_stored_before_there_were_days_holds_on(desk: Desk) -> None:
    with desk.tenant.runtime.transaction(desk.tenant.caller()) as uow:
        uow.run("""UPDATE customer SET tax_exemptions = '[{"code": "VATEX-EU-132", "reason": "Lehre"}]'""")
    assert desk.call("GET", CUSTOMER)["taxExemptions"] == [{"code": "VATEX-EU-132", "reason": "Lehre"}]
    desk.order()
    desk.bill()
    assert (documents(desk)[0].totals.tax, documents(desk)[0].taxes[0].exemption_reason_text) == (0, "Lehre")


def test_a_rule_asks_for_the_classifications_of_the_day(desk: Desk) -> None:
    rule = {
        "taxRuleIdent": "builders",
        "taxClassifications": ["BUILDER"],
        "variants": [
            {"taxRuleVariantIdent": "v-1", "applicableFrom": "2026-01-01", "taxRate": 0, "taxExemptionIdent": "VATEX-EU-AE"}
        ],
    }
    made = desk.client.post("/v2/tax/rules", json=rule, headers=desk.headers)
    assert made.status_code == 201, made.text
    exempt(desk, taxClassifications=[{"code": "BUILDER", "name": "Bauleister", "validUntil": "2026-05-08"}])
    for number, day in enumerate(("2026-05-08", "2026-05-09")):
        desk.order(f"o-{number}", lineItems=[a_line(f"l-{number}", "100.00", deliveryDate=day)])
        desk.bill()
    assert [(one.taxes[0].category_code, one.totals.tax) for one in documents(desk)] == [("AE", 0), ("S", 19)]

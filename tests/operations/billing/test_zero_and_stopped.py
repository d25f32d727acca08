"""Documents of nothing, and customers that no run bills."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.desks import ORDERS, a_line
from tests.factories.offices import RUN, Office, group
from tests.factories.usages import metered, per_unit

from contor.billing.runs import run, run_tenant

D = Decimal
CUSTOMER = "/v2/customers/muster-handel"


def order(office: Office, *lines: dict[str, Any]) -> None:
    office.call(
        "POST", ORDERS, {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": lines}, 201
    )


def ends(office: Office) -> set[tuple[str, str | None, bool]]:
    rows = office.tenant.rows("SELECT processing_status, status_reason, document_id FROM billable_item")
    return {(row.processing_status, row.status_reason, row.document_id is not None) for row in rows}


def test_12_rows_that_cancel_are_issued_and_their_case_is_closed_at_once(office: Office) -> None:
    order(office, a_line(), a_line("l-2", debitCreditIndicator="CREDIT"))
    office.bill()
    assert office.documents() == [("INVOICE", D(0), D(0), D(0))]
    (case,) = office.tenant.rows("SELECT status, opening, balance FROM opos_case")
    assert (case.status, case.opening, case.balance) == ("CLOSED", 0, 0)
    balances = office.tenant.rows(
        "SELECT account, sum(CASE side WHEN 'D' THEN amount ELSE -amount END) AS b FROM journal_line GROUP BY 1"
    )
    assert all(row.b == 0 for row in balances)


@pytest.mark.parametrize("issue", [False, True])
def test_what_is_priced_at_nothing_is_shown_if_the_group_says_so(office: Office, issue: bool) -> None:
    group(office, issueZero=issue)
    office.plan("0.00")
    office.contract()
    office.bill()
    if issue:
        assert office.documents() == [("INVOICE", D(0), D(0), D(0))]
        assert ends(office) == {("COMPLETED", None, True)}
        assert [row.status for row in office.tenant.rows("SELECT status FROM opos_case")] == ["CLOSED"]
    else:
        assert office.documents() == []
        assert ends(office) == {("COMPLETED", "ZERO", False)}
    assert office.bill()["documents"] == 0


def test_of_what_was_not_used_nothing_is_issued(office: Office) -> None:
    """A period without usages is no supply."""
    segments = [{"segmentIdent": "special", "name": "Special"}]
    body = {"billingGroupIdent": "special", "name": "Special", "localeConfiguration": [{"country": "DE"}], "issueZero": True}
    office.call("POST", "/v2/billing-groups", {**body, "businessSegments": segments}, 201)
    metered(office, [per_unit("1.00")])
    office.clock("2026-06-02T10:00")
    office.bill()
    assert office.documents() == []
    assert ("COMPLETED", "ZERO", False) in ends(office)


def stop(office: Office, value: Any) -> None:
    body = office.call("GET", CUSTOMER)
    for name in ("addresses", "createdAt", "lastModifiedAt", "id", "debtorAccount", "creditorAccount"):
        body.pop(name, None)
    assert office.call("PUT", CUSTOMER, {**body, "billingStop": value})["billingStop"] == value


@pytest.mark.parametrize("value", [True, {"reason": "Dispute about the price"}, {"until": "2026-05-10"}])
def test_a_run_leaves_out_a_customer_whose_billing_is_stopped(office: Office, value: Any) -> None:
    office.plan()
    office.contract()
    stop(office, value)
    report = office.bill()
    assert (report["documents"], report["customers"], report["parked"]) == (0, 0, [])
    assert run_tenant(office.tenant.runtime, office.tenant.id).documents == 0
    assert office.call("POST", RUN, {"debtorIdent": "muster-handel"})["documents"] == 1
    assert office.call("GET", CUSTOMER)["billingStop"] == value  # for this run only
    office.clock("2026-06-01T10:00")
    ended = value is not True and "until" in value
    assert office.bill()["documents"] == (1 if ended else 0)
    if not ended:
        stop(office, False)
        assert office.bill()["documents"] == 1


def test_others_are_billed_however_many_are_stopped(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped customers do not fill up the candidates of a batch."""
    monkeypatch.setattr(run, "BATCH", 1)
    office.plan()
    address = {
        "addressIdent": "a",
        "addressType": "INVOICE",
        "company": "X",
        "street": "Weg",
        "zip": "20095",
        "city": "Hamburg",
        "country": "DE",
    }
    for number in range(6):
        ident = f"a-{number}"
        customer = {"customerIdent": ident, "company": "X", "addresses": [address], "billingStop": True}
        office.call("POST", "/v2/customers", customer, 201)
        office.contract(f"v-{number}", debtorIdent=ident, invoiceAddressIdent="a")
    office.contract("v-9")
    assert office.bill()["documents"] == 1
    assert office.call("POST", RUN, {"debtorIdent": "a-5"})["documents"] == 1


def test_a_stop_says_only_what_it_may(office: Office) -> None:
    body = {"customerIdent": "x", "company": "X", "billingStop": {"until": "soon", "why": "x"}}
    assert office.findings("POST", "/v2/customers", body)

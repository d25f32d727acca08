"""What an option says of its item stands on the rows that it makes, by codes that are in their lists; one that is sent as it was answered
has no new version."""

from typing import Any

import pytest
from tests.factories.catalogue import OPTION, OPTIONS
from tests.factories.offices import Office
from tests.factories.usages import USAGES, usage

TERMS = {
    "buyerItemIdentifier": "B-7",
    "standardItemIdentifier": "0160:4012345000009",
    "itemClassification": "STI:1",
    "itemClassification.2": "SRV:81112000",
    "originCountry": "AT",
    "costCentre": "K-1",
}


def said(terms: dict[str, str]) -> dict[str, Any]:
    return {"properties": [{"propertyIdent": key, "propertyValue": value} for key, value in terms.items()]}


def shown(office: Office) -> list[dict[str, str]]:
    rows = office.tenant.rows("SELECT ident FROM document ORDER BY id")
    views = [office.call("GET", f"/v2/documents/{row.ident}") for row in rows]
    return [{entry["key"]: entry["value"] for entry in item["properties"]} for view in views for item in view["items"]]


@pytest.mark.parametrize("option", [{}, {"type": "ONETIME"}, {"type": "QUANTITY"}])
def test_terms_of_an_item_reach_its_rows(office: Office, option: dict[str, Any]) -> None:
    """What is no term of an item stays with the option."""
    office.plan(option={**option, **said({**TERMS, "colour": "red"})})
    office.contract()
    office.bill()
    assert shown(office) == [TERMS]


def test_rows_of_usages_say_them_too(office: Office) -> None:
    tiers = [{"pricingModel": "VOLUME_PRICE", "priceTiers": [{"price": "2.00"}]}]
    office.plan(option={"type": "USAGE", "prices": [], "usagePrices": tiers, **said(TERMS)})
    office.contract()
    used = usage("u-1", 3, optionIdent="basic-fee")
    office.call("POST", f"{USAGES}/actions/batch", {"usages": [used]}, 201)
    office.clock("2026-06-10T10:00")
    office.bill()
    assert shown(office) == [TERMS]


WRONG = {"originCountry": "ZZ", "note": "x", "itemClassification": "QQQ:1", "standardItemIdentifier": "9999:1"}


def test_codes_that_are_in_no_list_are_refused_by_name_all_at_once(office: Office) -> None:
    body = {**OPTION, "optionIdent": "fee", **said(WRONG)}
    fields = [f"properties[{n}].propertyValue" for n in (0, 2, 3)]
    assert office.findings("POST", OPTIONS, body) == fields
    office.call("POST", OPTIONS, {**body, **said(TERMS), "status": "FINAL"}, 201)
    assert office.findings("PUT", f"{OPTIONS}/fee", {**body, "status": "FINAL"}) == fields


def test_what_older_options_say_wrongly_reaches_no_row(office: Office) -> None:
    office.plan(option=said({"originCountry": "AT", "costCentre": "K-1"}))
    with office.tenant.runtime.transaction(office.tenant.caller()) as uow:
        uow.run("UPDATE plan_option_version SET content = replace(content::text, '\"AT\"', '\"Austria\"')::jsonb")
    office.contract()
    office.bill()
    assert shown(office) == [{"costCentre": "K-1"}]


def versions(office: Office, **changes: Any) -> list[str | None]:
    """Of the option, after it was sent as it was answered, with changes."""
    known = office.call("GET", f"{OPTIONS}/basic-fee")
    office.call("PUT", f"{OPTIONS}/basic-fee", {**known, **changes})
    return [one.get("validFrom") for one in office.call("GET", f"{OPTIONS}/basic-fee")["versions"]]


def test_an_option_that_is_sent_as_it_was_answered_has_no_new_version(office: Office) -> None:
    office.plan(option=said(TERMS))
    before = office.call("GET", f"{OPTIONS}/basic-fee")
    assert versions(office) == [None]
    assert versions(office, validFrom="2026-07-01") == [None]
    assert office.call("GET", f"{OPTIONS}/basic-fee") == before
    dear = {"prices": [{"price": "20.00"}]}
    assert versions(office, validFrom="2026-08-01", **dear) == [None, "2026-08-01"]
    assert versions(office) == [None, "2026-08-01"]
    assert versions(office, validFrom="2026-09-01") == [None, "2026-08-01"]
    assert versions(office, validFrom="2026-07-01") == [None, "2026-07-01", "2026-08-01"]  # the same, but earlier


def test_a_final_option_of_rated_usages_may_be_sent_as_it_was_answered(office: Office) -> None:
    office.plan(option={"type": "RATED_USAGE", "prices": []})
    assert versions(office) == [None]
    known = office.call("GET", f"{OPTIONS}/basic-fee")
    assert office.findings("PUT", f"{OPTIONS}/basic-fee", {**known, "name": "Other"}) == ["status"]

"""Usages that are taxed by their own day are shown as supplied on it, each at its own row."""

from tests.factories.catalogue import OPTIONS
from tests.factories.offices import Office
from tests.factories.usages import USAGES, metered, per_unit, usage


def test_a_usage_is_supplied_on_its_day_where_its_option_says_so(office: Office) -> None:
    metered(office, [per_unit("1.00")], segment=None, usageTaxDate="USAGE_DATE")
    for ident, day in (("u-1", "2026-05-10"), ("u-2", "2026-05-20")):
        office.call("POST", USAGES, usage(ident, 5, day), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    (row,) = office.tenant.rows("SELECT ident FROM document")
    document = office.call("GET", f"/v2/documents/{row.ident}")
    assert document["taxDate"] == "2026-05-20"
    assert [item["servicePeriod"] for item in document["items"]] == [
        {"start": day, "end": day} for day in ("2026-05-10", "2026-05-20")
    ]


def test_a_pool_is_supplied_from_its_first_to_its_last_day(office: Office) -> None:
    metered(office, [per_unit("1.00")], segment=None, usageTaxDate="USAGE_DATE", usePooling=True)
    for ident, day in (("u-1", "2026-05-10"), ("u-2", "2026-05-20")):
        office.call("POST", USAGES, usage(ident, 5, day), 201)
    office.clock("2026-06-02T10:00")
    office.bill()
    (row,) = office.tenant.rows("SELECT ident FROM document")
    (item,) = office.call("GET", f"/v2/documents/{row.ident}")["items"]
    assert item["servicePeriod"] == {"start": "2026-05-10", "end": "2026-05-20"}


def test_what_is_not_used_has_no_day_of_use(office: Office) -> None:
    option = {"optionIdent": "fee", "name": "Fee", "type": "RECURRING", "prices": [{"price": "1.00"}]}
    assert office.findings("POST", OPTIONS, {**option, "usageTaxDate": "USAGE_DATE"}) == ["usageTaxDate"]

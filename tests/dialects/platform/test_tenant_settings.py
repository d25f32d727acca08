"""What a tenant decides once, over the API: changed in part, since when it counts, and what it does."""

import datetime as dt

import pytest
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant

from contor.documents.issue.issuing import IssueWaiting, issue_waiting

PATH = "/tenant-settings"
DEFAULTS = {
    "timeZone": "Europe/Berlin",
    "documentDateZone": "UTC",
    "activeBillingRun": True,
    "backdatingLimitMonths": 24,
    "trialNoticeDays": 3,
    "chart": "SKR03",
    "ledgerCurrency": "EUR",
    "exchangeRateRule": "MONTHLY_AVERAGE",
    "deferredIncome": "NONE",
    "revaluation": "NONE",
    "draftApproval": "NONE",
    "customPicture": "NONE",
    "customPictureMinutes": 60,
    "customPictureFallback": True,
    "expensePosting": "NONE",
    "customerHierarchy": False,
    "validFrom": {},
}


def test_what_is_not_said_stays_and_null_is_the_default(tenant: Tenant) -> None:
    assert tenant.call("GET", PATH).body == DEFAULTS
    first, second = (dt.datetime(2031, 3, day, 12, tzinfo=dt.UTC) for day in (1, 2))
    tenant.turn_clock(first)
    changed = tenant.call("PATCH", PATH, {"timeZone": "America/New_York", "backdatingLimitMonths": 6})
    assert changed.status == 200
    since = {"timeZone": "2031-03-01T12:00:00Z", "backdatingLimitMonths": "2031-03-01T12:00:00Z"}
    assert changed.body == DEFAULTS | {"timeZone": "America/New_York", "backdatingLimitMonths": 6, "validFrom": since}
    tenant.turn_clock(second)
    unset = tenant.call("PATCH", PATH, {"timeZone": None, "activeBillingRun": False, "backdatingLimitMonths": 6})
    since |= {"timeZone": "2031-03-02T12:00:00Z", "activeBillingRun": "2031-03-02T12:00:00Z"}
    assert unset.body == DEFAULTS | {"activeBillingRun": False, "backdatingLimitMonths": 6, "validFrom": since}
    assert tenant.call("GET", PATH).body == unset.body
    tenant.call("PATCH", PATH, {})
    trail = tenant.rows("SELECT change FROM audit_entry WHERE operation = 'tenant_setting.change' ORDER BY id")
    assert [row.change for row in trail] == [
        {
            "before": {"time_zone": "Europe/Berlin", "backdating_limit_months": 24},
            "after": {"time_zone": "America/New_York", "backdating_limit_months": 6},
            "valid_from": first.isoformat(),
        },
        {
            "before": {"time_zone": "America/New_York", "active_billing_run": True},
            "after": {"time_zone": "Europe/Berlin", "active_billing_run": False},
            "valid_from": second.isoformat(),
        },
    ]


def test_what_no_setting_can_be(tenant: Tenant) -> None:
    wrong = {
        "timeZone": "Mars/Olympus",
        "documentDateZone": "GMT",
        "backdatingLimitMonths": 0,
        "activeBillingRun": "yes",
        "customPicture": "OURS",
        "customPictureMinutes": 1441,
        "customPictureFallback": "no",
        "colour": 1,
    }
    refused = tenant.call("PATCH", PATH, wrong)
    assert refused.status == 400
    assert {finding["fieldName"] for finding in refused.body["errors"]} == set(wrong)
    assert tenant.call("GET", PATH).body == DEFAULTS


@pytest.mark.parametrize(
    ("settings", "instant", "date"),
    [
        ({}, "2031-12-31T23:30:00+00:00", "2031-12-31"),
        ({"documentDateZone": "TENANT"}, "2031-12-31T23:30:00+00:00", "2032-01-01"),
        ({"timeZone": "America/New_York"}, "2031-03-01T02:00:00+00:00", "2031-03-01"),
        ({"timeZone": "America/New_York", "documentDateZone": "TENANT"}, "2031-03-01T02:00:00+00:00", "2031-02-28"),
        ({"timeZone": "Asia/Tokyo", "documentDateZone": "TENANT"}, "2031-03-01T15:00:00+00:00", "2031-03-02"),
    ],
)
def test_how_a_document_without_a_date_is_dated(furnished: Tenant, settings: dict[str, str], instant: str, date: str) -> None:
    """At half past midnight in Hamburg it is still yesterday in UTC."""
    furnished.turn_clock(dt.datetime.fromisoformat(instant))
    assert furnished.call("PATCH", PATH, settings).status == 200
    post(furnished, a_request(1))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    assert [str(row.document_date) for row in furnished.rows("SELECT document_date FROM document")] == [date]


def test_the_chart_and_the_currency_are_refused_by_their_own_names(furnished: Tenant) -> None:
    post(furnished, a_request(1))
    furnished.execute(issue_waiting, IssueWaiting(limit=10))
    for name, value in (("chart", "SKR04"), ("ledgerCurrency", "CHF")):
        answer = furnished.call("PATCH", PATH, {name: value})
        assert (answer.status, [entry["fieldName"] for entry in answer.body["errors"]]) == (400, [name])

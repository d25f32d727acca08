"""The dunning block, collection switched on again, a case made again and evaluated anew (platform API 211 to 213 and 218)."""

import datetime as dt
from typing import Any

import pytest
from tests.checkers.books import sound
from tests.checkers.tampering import superuser
from tests.factories.cases import decide, said
from tests.factories.companies import Company

NOW = dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC)


def block(company: Company, number: str, status: int = 200, **body: Any) -> Any:
    return company.call("PUT", f"/v2/opos-cases/{number}/dunning-block", body, status)


def trail(company: Company, number: str) -> list[Any]:
    return [
        it["change"]
        for it in company.call("GET", f"/v2/audit-entries?search=subjectKind==opos_case;subjectIdent=={number}&sort=id")[
            "_embedded"
        ]
        if it.get("change")
    ]


def test_a_block_says_why_and_lifts_itself_after_its_last_day(company: Company) -> None:
    number = company.document()
    company.tenant.turn_clock(NOW)
    last_day = NOW.date() + dt.timedelta(days=2)
    case = block(company, number, blocked=True, reason="in dispute", until=last_day.isoformat())
    assert (case["dunningBlock"], case["dunningBlockReason"], case["dunningBlockUntil"]) == (True, "in dispute", str(last_day))
    found = company.call("GET", "/v2/opos-cases?search=dunningBlock==true")["_embedded"]
    assert [it["ident"] for it in found] == [number]
    company.tenant.turn_clock(NOW + dt.timedelta(days=2))
    assert company.case(number)["dunningBlock"] is True
    company.tenant.turn_clock(NOW + dt.timedelta(days=3))
    case = company.case(number)
    assert (case["dunningBlock"], case.get("dunningBlockReason")) == (False, None)
    assert company.call("GET", "/v2/opos-cases?search=dunningBlock==true")["_embedded"] == []
    assert len(company.call("GET", "/v2/opos-cases?search=dunningBlock==false")["_embedded"]) == 1
    company.call("POST", f"/v2/opos-cases/{number}/actions/reevaluate")
    assert sound(company.tenant) == []
    assert not company.tenant.rows("SELECT dunning_block FROM opos_case")[0].dunning_block
    assert sound(company.tenant) == []


def test_a_block_without_a_last_day_stands_until_it_is_lifted(company: Company) -> None:
    number = company.document()
    block(company, number, blocked=True, reason="promised")
    company.call("POST", f"/v2/opos-cases/{number}/actions/reevaluate")
    assert company.case(number)["dunningBlock"] is True
    assert block(company, number, blocked=False)["dunningBlock"] is False
    company.sound()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"blocked": True}, "says its reason"),
        ({"blocked": True, "reason": "x", "until": "2020-01-01"}, "not before today"),
        ({"blocked": False, "reason": "x"}, "neither a reason"),
        ({"blocked": False, "until": "2099-01-01"}, "neither a reason"),
    ],
)
def test_a_block_that_means_nothing_is_refused(company: Company, body: dict[str, Any], words: str) -> None:
    number = company.document()
    assert words in said(block(company, number, 400, **body))
    company.sound()


def test_what_is_closed_is_not_blocked(company: Company) -> None:
    number = company.document()
    decide(company, number, "DISCOUNT")
    assert "is closed" in said(block(company, number, 400, blocked=True, reason="x"))
    block(company, number, blocked=False)


def test_collection_is_switched_on_again(company: Company) -> None:
    number = company.document()
    assert company.case(number)["paymentCollectionEnabled"] is False
    path = f"/v2/opos-cases/{number}/actions/enable-payment-collection"
    assert company.call("POST", path)["paymentCollectionEnabled"] is True
    assert company.call("POST", path)["paymentCollectionEnabled"] is True
    company.sound()


def test_a_case_is_made_again_from_what_moved_it_and_the_trail_says_what_stood_there(company: Company, database_dsn: str) -> None:
    number = company.document()
    decide(company, number, "DISCOUNT", amount="19.00")
    with superuser(database_dsn) as owner:
        owner.execute(
            "UPDATE opos_case SET balance = 7, ledger_balance = 8, status = 'CLOSED', closed_at = now(), doubtful = true"
            " WHERE tenant_id = %s",
            (company.tenant.id,),
        )
        owner.execute("UPDATE document SET settled = 3 WHERE tenant_id = %s", (company.tenant.id,))
    assert company.tenant.broken()
    case = company.call("POST", f"/v2/opos-cases/{number}/actions/recalculate")
    assert (case["balance"], case["status"], case["doubtful"], case.get("closedAt")) == (100, "OPEN", False, None)
    company.sound()
    (put_right,) = [it for it in trail(company, number) if "recalculated" in it]
    assert {name: str(value).rstrip("0").rstrip(".") for name, value in put_right["was"].items()} == {
        "balance": "7",
        "ledger_balance": "8",
        "doubtful": "True",
        "settled": "3",
    }
    company.call("POST", f"/v2/opos-cases/{number}/actions/recalculate")
    assert len([it for it in trail(company, number) if "recalculated" in it]) == 1

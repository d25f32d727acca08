"""A recurring document is made every interval, once for each of its days: also after a pause, by many workers, and through kills."""

import datetime as dt
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.factories.companies import day_here
from tests.factories.drafts import PARTIES, Writer, a_body, a_row, at_once, findings
from tests.factories.mailing import Mailing
from tests.factories.post_offices import a_post_office

from contor.documents.recurring import look, make
from contor.documents.recurring.make import FindDue, MakeNext, find_due, make_next
from contor.documents.recurring.rhythm import day_of, first_after, period_of
from contor.kernel.errors import Refused

PATH = "/recurring-documents"
BODY: dict[str, Any] = {
    **a_body(a_row()),
    "recurringDocumentIdent": "rent",
    "startDate": "2026-01-31",
    "frequency": "MONTHLY",
    "output": "OUTGOING",
}


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00:00+01:00")


class Landlord(Writer):
    """Somebody who has documents made."""

    def __init__(self, tenant: Any, client: TestClient, headers: dict[str, str]) -> None:
        super().__init__(client, headers)
        self.tenant = tenant

    def begin(self, **more: Any) -> Any:
        return self.call("POST", PATH, {**BODY, **more}, 201)

    def on(self, day: str) -> None:
        """What the work does on a day."""
        self.tenant.turn_clock(at(day))
        look(self.tenant.runtime, self.tenant.id)

    def rent(self) -> Any:
        return self.call("GET", f"{PATH}/rent")

    def made(self) -> list[Any]:
        return list(reversed(self.call("GET", f"{PATH}/rent/documents")["_embedded"]))

    def documents(self) -> list[Any]:
        return [self.call("GET", f"/documents/{one['documentIdent']}") for one in self.made()]


@pytest.fixture
def landlord(furnished: Any, client: TestClient, bearer: Any) -> Landlord:
    furnished.turn_clock(at("2026-01-15"))
    return Landlord(furnished, client, bearer(furnished))


# --- the rhythm ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frequency", "days"),
    [
        ("WEEKLY", ["2026-01-31", "2026-02-07", "2026-02-14"]),
        ("TWO_WEEKS", ["2026-01-31", "2026-02-14", "2026-02-28"]),
        ("FOUR_WEEKS", ["2026-01-31", "2026-02-28", "2026-03-28"]),
        ("MONTHLY", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        ("TWO_MONTHS", ["2026-01-31", "2026-03-31", "2026-05-31"]),
        ("THREE_MONTHS", ["2026-01-31", "2026-04-30", "2026-07-31"]),
        ("SIX_MONTHS", ["2026-01-31", "2026-07-31", "2027-01-31"]),
        ("YEARLY", ["2026-01-31", "2027-01-31", "2028-01-31"]),
        ("TWO_YEARS", ["2026-01-31", "2028-01-31", "2030-01-31"]),
    ],
)
def test_days_are_counted_from_the_first_one(frequency: Any, days: list[str]) -> None:
    start = dt.date(2026, 1, 31)
    assert [day_of(start, frequency, number).isoformat() for number in range(3)] == days
    assert first_after(start, frequency, dt.date.fromisoformat(days[1])) == 2
    assert first_after(start, frequency, None) == 0


def test_periods_follow_each_other_without_a_hole() -> None:
    start = dt.date(2026, 1, 31)
    ahead = [period_of(start, "MONTHLY", number, ahead=True) for number in range(3)]
    assert [(first.isoformat(), last.isoformat()) for first, last in ahead] == [
        ("2026-01-31", "2026-02-27"),
        ("2026-02-28", "2026-03-30"),
        ("2026-03-31", "2026-04-29"),
    ]
    assert period_of(start, "MONTHLY", 1, ahead=False) == ahead[0]


# --- what is made ----------------------------------------------------------------------------------------------------------------


def test_each_interval_becomes_a_document_with_its_period(landlord: Landlord) -> None:
    begun = landlord.begin()
    assert (begun["status"], begun["made"], begun["nextOn"], begun["version"]) == ("ACTIVE", 0, "2026-01-31", 1)
    landlord.on("2026-01-30")
    assert landlord.made() == []
    landlord.on("2026-01-31")
    landlord.on("2026-01-31")
    (first,) = landlord.made()
    assert (first["number"], first["dueOn"], first["documentIdent"]) == (1, "2026-01-31", "RE-2026-000001")
    (document,) = landlord.documents()
    assert document["documentDate"] == "2026-01-31"
    assert document["items"][0]["servicePeriod"] == {"start": "2026-01-31", "end": "2026-02-27"}
    landlord.on("2026-02-28")
    landlord.on("2026-03-30")
    rent = landlord.rent()
    assert (rent["made"], rent["lastOn"], rent["nextOn"]) == (2, "2026-02-28", "2026-03-31")
    assert landlord.tenant.unsound() == []


def test_after_a_pause_one_document_for_each_day_that_was_missed(landlord: Landlord) -> None:
    landlord.begin(itemServicePeriod="BEHIND")
    landlord.on("2026-05-01")
    assert [one["dueOn"] for one in landlord.made()] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    periods = [document["items"][0]["servicePeriod"]["start"] for document in landlord.documents()]
    assert periods == ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]
    assert {document["documentDate"] for document in landlord.documents()} == {"2026-05-01"}
    assert landlord.tenant.unsound() == []


def test_as_a_draft_it_waits_for_a_person(landlord: Landlord) -> None:
    landlord.begin(output="DRAFT", itemServicePeriod="NONE")
    landlord.on("2026-01-31")
    (made,) = landlord.made()
    assert "documentIdent" not in made
    draft = landlord.call("GET", f"/drafts/{made['draftIdent']}")
    assert (draft["status"], "servicePeriod" in draft["items"][0]) == ("OPEN", False)
    landlord.complete(made["draftIdent"])
    assert landlord.made()[0]["documentIdent"] == "RE-2026-000001"
    assert landlord.tenant.unsound() == []


def test_as_many_as_are_wanted(landlord: Landlord) -> None:
    landlord.begin(occurrences=2)
    landlord.on("2026-12-31")
    rent = landlord.rent()
    assert (rent["status"], rent["made"], "nextOn" in rent) == ("FINISHED", 2, False)
    changed = landlord.call("PATCH", f"{PATH}/rent", {"version": rent["version"], "occurrences": 3})
    assert (changed["status"], changed["nextOn"]) == ("ACTIVE", "2026-03-31")
    landlord.on("2026-12-31")
    assert landlord.rent()["made"] == 3
    assert landlord.tenant.unsound() == []


def test_what_is_refused_waits_with_its_reasons_and_goes_out_when_they_are_gone(landlord: Landlord) -> None:
    landlord.begin(currency=None)
    landlord.on("2026-03-15")
    rent = landlord.rent()
    assert (rent["status"], rent["made"], rent["nextOn"]) == ("WAITING", 0, "2026-01-31")
    assert any("currency" in reason for reason in rent["reasons"])
    assert landlord.call("GET", "/drafts")["_embedded"] == []
    assert landlord.tenant.unsound() == []
    changed = landlord.call("PATCH", f"{PATH}/rent", {"version": 1, "currency": "EUR"})
    assert (changed["status"], changed["reasons"]) == ("ACTIVE", [])
    landlord.on("2026-03-15")
    assert (landlord.rent()["made"], landlord.rent()["status"]) == (2, "ACTIVE")
    assert landlord.tenant.unsound() == []


def test_what_was_refused_is_tried_again_by_itself(landlord: Landlord) -> None:
    landlord.begin(currency=None)
    landlord.on("2026-01-31")
    assert landlord.rent()["status"] == "WAITING"
    runtime = landlord.tenant.runtime
    assert landlord.tenant.execute(find_due, FindDue()) is None
    clock = runtime.clock
    runtime.clock = lambda: clock() + dt.timedelta(hours=2)
    try:
        due = landlord.tenant.execute(find_due, FindDue())
    finally:
        runtime.clock = clock
    assert due.number == 1


def test_of_another_rhythm_the_days_go_on_behind_the_last_document(landlord: Landlord) -> None:
    landlord.begin()
    landlord.on("2026-02-28")
    changed = landlord.call("PATCH", f"{PATH}/rent", {"version": 1, "startDate": "2026-01-15", "frequency": "THREE_MONTHS"})
    assert (changed["nextOn"], changed["made"], changed["version"]) == ("2026-04-15", 2, 2)
    landlord.on("2026-04-15")
    assert [one["dueOn"] for one in landlord.made()] == ["2026-01-31", "2026-02-28", "2026-04-15"]
    assert landlord.tenant.unsound() == []


# --- once ------------------------------------------------------------------------------------------------------------------------


def test_many_workers_make_each_once(landlord: Landlord) -> None:
    landlord.begin()
    landlord.tenant.turn_clock(at("2026-04-01"))
    at_once([lambda: look(landlord.tenant.runtime, landlord.tenant.id)] * 4)
    assert [one["number"] for one in landlord.made()] == [1, 2, 3]
    assert len(landlord.tenant.rows("SELECT id FROM document")) == 3
    assert landlord.tenant.unsound() == []


def test_who_comes_late_makes_nothing(landlord: Landlord) -> None:
    landlord.begin()
    landlord.tenant.turn_clock(at("2026-01-31"))
    due = landlord.tenant.execute(find_due, FindDue())
    command = MakeNext(recurring_id=due.id, number=due.number)
    assert [landlord.tenant.execute(make_next, command) for _ in range(2)] == [True, False]


def test_a_database_that_is_away_is_no_reason_to_wait(landlord: Landlord, monkeypatch: Any) -> None:
    """The work ends, and is taken up again within seconds; nothing is said against the document."""
    landlord.begin()

    def away(*_: Any) -> None:
        raise psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr(make, "create_draft", away)
        with pytest.raises(Refused, match="try_again"):
            landlord.on("2026-03-01")
    assert (landlord.rent()["status"], landlord.rent()["reasons"], landlord.made()) == ("ACTIVE", [], [])
    landlord.on("2026-03-01")
    assert [one["number"] for one in landlord.made()] == [1, 2]
    assert landlord.tenant.unsound() == []


class StruckDown(BaseException):
    pass


@pytest.mark.parametrize("place", ["create_draft", "complete_drafts", "store", "RecurringDocumentMade"])
def test_whoever_is_killed_has_made_it_and_counted_it_or_neither(landlord: Landlord, monkeypatch: Any, place: str) -> None:
    landlord.begin()

    def kill(*_: Any, **__: Any) -> None:
        raise StruckDown

    with monkeypatch.context() as patched:
        patched.setattr(make, place, kill)
        with pytest.raises(StruckDown):
            landlord.on("2026-03-01")
    assert landlord.made() == []
    assert landlord.tenant.rows("SELECT ident FROM draft") == []
    landlord.on("2026-03-01")
    assert [one["number"] for one in landlord.made()] == [1, 2]
    assert len(landlord.tenant.rows("SELECT id FROM document")) == 2
    assert landlord.tenant.unsound() == []


# --- written ---------------------------------------------------------------------------------------------------------------------


def test_it_is_written_like_a_draft(landlord: Landlord) -> None:
    landlord.begin()
    assert landlord.call("POST", PATH, BODY, 409)["errors"][0]["fieldName"] == "recurringDocumentIdent"
    late = landlord.call("PATCH", f"{PATH}/rent", {"version": 7, "mail": True}, 412)
    assert findings(late) == [("version", "Recurring document rent has version 1; version 7 was named.")]
    landlord.call("PATCH", f"{PATH}/rent", {"mail": True}, 400)
    landlord.call("PATCH", f"{PATH}/rent", {"version": 1, "type": "CREDIT_MEMO"}, 400)
    changed = landlord.call("PUT", f"{PATH}/rent", {**BODY, "language": "en", "orderDate": "2026-01-05"}, If_Match='"1"')
    assert (changed["version"], changed["language"], changed["orderDate"]) == (2, "en", "2026-01-05")
    assert landlord.call("GET", f"{PATH}?search=customerIdent==muster-handel")["_embedded"] == [changed]
    landlord.call("DELETE", f"{PATH}/rent", None, 412, If_Match='"1"')
    landlord.call("DELETE", f"{PATH}/rent", None, 204, If_Match='"2"')
    landlord.call("GET", f"{PATH}/rent", None, 404)
    landlord.call("GET", f"{PATH}/rent/documents", None, 404)
    landlord.on("2026-03-01")
    assert landlord.tenant.rows("SELECT id FROM document") == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"documentDate": "2026-01-31"}, "documentDate"),
        ({"requestId": "r-1"}, "requestId"),
        ({"ident": "RE-1"}, "ident"),
        ({"startDate": "2020-01-01"}, "startDate"),
        ({"startDate": None}, "startDate"),
        ({"frequency": "DAILY"}, "frequency"),
        ({"occurrences": -1}, "occurrences"),
        ({"output": "MAIL"}, "output"),
        ({"junk": 1}, "junk"),
    ],
)
def test_what_it_cannot_say_is_refused(landlord: Landlord, more: dict[str, Any], field: str) -> None:
    answer = landlord.call("POST", PATH, {**BODY, **more}, 400)
    assert [one for one, _ in findings(answer)] == [field]


def test_where_it_says_so_it_is_mailed_once_its_files_are_there(furnished: Any, client: TestClient, bearer: Any) -> None:
    company = Mailing(furnished, client, bearer(furnished))
    landlord = Landlord(furnished, client, bearer(furnished))
    with a_post_office() as office:
        company.configure(office, kinds=[])
        landlord.begin(startDate=day_here(), mail=True)
        look(furnished.runtime, furnished.id)
        company.file()
        company.mail()
        assert [posted.subject for posted in office.taken] == [f"[MUSTER] Rechnung {landlord.made()[0]['documentIdent']}"]
    assert furnished.unsound() == []


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"customerDetail": {"customerIdent": "nobody", "invoiceAddressIdent": "nowhere"}}, ["customerDetail.customerIdent"]),
        ({"customerDetail": {**PARTIES["customerDetail"], "invoiceAddressIdent": "x"}}, ["customerDetail.invoiceAddressIdent"]),
        ({"operatingSiteIdent": "x", "billingGroupIdent": "y"}, ["billingGroupIdent", "operatingSiteIdent"]),
        ({"operatingSiteIdent": "x", "items": None, "output": "DRAFT"}, ["operatingSiteIdent"]),
        ({"relatedDocumentIdents": ["RE-9"]}, ["relatedDocumentIdents"]),
    ],
)
def test_a_name_that_means_nothing_is_refused_at_once(landlord: Landlord, more: dict[str, Any], fields: list[str]) -> None:
    refused = landlord.call("POST", PATH, {**BODY, **more}, 400)
    assert sorted({one.partition("[")[0] for one, _ in findings(refused)}) == fields
    landlord.begin()
    assert findings(landlord.call("PATCH", f"{PATH}/rent", {"version": 1, **more}, 400)) == findings(refused)
    assert landlord.rent()["version"] == 1

"""Who wants his papers by post gets them so by themselves, as others by mail: each once, and what cannot go says why."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cut_off import CutOff, kill
from tests.factories.drafts import at_once
from tests.factories.mailing import CUSTOMER, Mailing
from tests.factories.post_offices import PostOffice, a_post_office
from tests.factories.reminding import LETTERS, Reminding
from tests.factories.tenants import Tenant

from contor.documents.after import ArchiveDocuments, archive
from contor.notifications.post import causes
from contor.notifications.post.handing import look
from contor.notifications.post.queue import NO_CREDIT

POST = "/v2/post"


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Mailing:
    return Mailing(furnished, client, bearer(furnished))


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with a_post_office() as made:
        yield made


def begin(company: Mailing, wish: str | None, credits: int = 5) -> None:
    company.change_customer(invoiceDelivery=wish)
    company.call("PUT", f"{POST}/configuration", {"provider": "SIMULATED"})
    if credits:
        buy(company, credits)


def buy(company: Mailing, credits: int) -> None:
    company.call("POST", f"{POST}/credits", {"credits": credits, "note": "R-1"}, 201)


def letters(company: Mailing, search: str = "") -> list[Any]:
    return list(company.call("GET", f"{POST}/letters?search={search}&sort=createdAt&size=100")["_embedded"])


def hand_over(company: Mailing, **passed: float) -> None:
    with company.later(**passed):
        look(company.tenant.runtime, company.tenant.id)


@pytest.mark.parametrize(
    ("wish", "posted", "mailed"),
    [("POST", 1, 0), ("BOTH", 1, 1), ("MAIL", 0, 1), ("NONE", 0, 0), (None, 0, 1)],
)
def test_papers_go_as_the_customer_wants_them(
    company: Mailing, office: PostOffice, wish: str | None, posted: int, mailed: int
) -> None:
    company.configure(office)
    begin(company, wish)
    ident = company.issued()
    hand_over(company)
    company.mail()
    assert [(one["documentIdent"], one["status"]) for one in letters(company)] == [(ident, "ACCEPTED")] * posted
    assert len(office.taken) == mailed
    company.sound()


def test_credit_memos_and_corrections_go_so_too(company: Mailing) -> None:
    begin(company, "POST")
    ident = company.issued()
    company.call("POST", f"/v2/documents/{ident}/actions/cancel", {"description": "Falscher Kunde"}, 201)
    company.file()
    hand_over(company)
    assert [one["status"] for one in letters(company)] == ["ACCEPTED"] * 2
    assert len({one["documentIdent"] for one in letters(company)}) == 2
    company.sound()


def test_without_who_posts_nothing_is_posted_and_the_mail_goes_its_way(company: Mailing, office: PostOffice) -> None:
    company.configure(office)
    company.change_customer(invoiceDelivery="POST")
    company.issued()
    assert letters(company) == []


def test_what_finds_no_credit_waits_for_one_and_then_goes(company: Mailing) -> None:
    begin(company, "POST", credits=1)
    idents = [company.issued() for _ in range(3)]
    states = {one["documentIdent"]: (one["status"], one.get("reason")) for one in letters(company)}
    assert states == {idents[0]: ("WAITING", None), idents[1]: ("UNPAID", NO_CREDIT), idents[2]: ("UNPAID", NO_CREDIT)}
    assert [one["documentIdent"] for one in letters(company, "status==UNPAID")] == idents[1:]
    company.sound()
    buy(company, 1)
    hand_over(company)
    assert [one["status"] for one in letters(company)] == ["ACCEPTED", "ACCEPTED", "UNPAID"]
    buy(company, 5)
    hand_over(company)
    assert [one["status"] for one in letters(company)] == ["ACCEPTED"] * 3
    assert company.call("GET", f"{POST}/configuration")["remainingCredits"] == 4
    company.sound()


def test_one_that_somebody_asked_for_before_goes_once(company: Mailing) -> None:
    begin(company, "POST")
    ident = company.document()
    company.call("POST", f"/v2/documents/{ident}/actions/post", None, 202)
    company.file()
    hand_over(company)
    assert len(letters(company)) == 1
    company.sound()


def test_a_failure_is_tried_again_and_shown(company: Mailing) -> None:
    begin(company, "POST")
    company.issued(net="100.20")  # its answer is lost
    company.issued(net="100.03")  # nobody lives there
    hand_over(company)
    assert [(one["status"], one["reason"]) for one in letters(company)] == [
        ("WAITING", "its answer is lost"),
        ("FAILED", "The simulated provider refused it: nobody lives at the address."),
    ]
    hand_over(company, minutes=6)
    assert sorted(one["status"] for one in letters(company)) == ["FAILED", "PRINTED"]
    company.sound()


def test_whoever_is_killed_or_does_it_twice_leaves_one_letter(company: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(company, "POST")
    ident = company.document()
    with monkeypatch.context() as patched:
        patched.setattr(causes, "queue_letters", kill)
        with pytest.raises(CutOff):
            company.file()
    assert (company.call("GET", f"/v2/documents/{ident}")["status"], letters(company)) == ("CREATED", [])
    (row,) = company.tenant.rows("SELECT id FROM document")
    at_once([lambda: company.tenant.execute(archive, ArchiveDocuments(document_ids=(row.id,)))] * 3)
    hand_over(company)
    hand_over(company, minutes=2)
    assert [one["documentIdent"] for one in letters(company)] == [ident]
    assert len(company.tenant.rows("SELECT key FROM simulated_letter")) == 1
    company.sound()


@pytest.fixture
def reminding(company: Mailing) -> Reminding:
    """A document that is overdue, in a company that duns."""
    made = Reminding(company.tenant, company.client, company.headers)
    made.turn("2026-01-05")
    made.duns([{"daysAfter": 14, "daysToPay": 7}, {"daysAfter": 14, "daysToPay": 7}])
    made.document(paymentTerm={"periodInDays": 14})
    made.turn("2026-01-20")
    return made


@pytest.mark.parametrize(("wish", "mailed"), [("POST", 0), ("BOTH", 1)])
def test_reminders_go_so_too_and_say_that_they_went(
    company: Mailing, reminding: Reminding, office: PostOffice, wish: str, mailed: int
) -> None:
    company.configure(office)
    begin(company, wish)
    reminding.run()
    (letter,) = reminding.letters()
    if wish == "POST":
        assert letter["notSentReason"] == "the customer wants it on paper: it goes by post when its file is there"
    reminding.file_all()
    (letter,) = reminding.letters()
    waits = "it goes by post, and is not handed over yet" if wish == "POST" else f"the mail to {CUSTOMER} waits to be sent"
    assert (letter["sent"], letter["notSentReason"]) == (False, waits)
    hand_over(company)
    company.mail()
    (posted,) = letters(company)
    assert (posted["dunningLetterIdent"], posted["status"]) == (letter["letterIdent"], "ACCEPTED")
    (letter,) = reminding.letters()
    assert (letter["sent"], letter.get("notSentReason"), len(office.taken)) == (True, None, mailed)
    company.sound()


def test_a_reminder_that_is_withdrawn_before_is_not_posted(company: Mailing, reminding: Reminding) -> None:
    begin(company, "POST")
    reminding.run()
    reminding.file_all()
    (letter,) = reminding.letters()
    company.call("POST", f"{LETTERS}/{letter['letterIdent']}/actions/withdraw")
    hand_over(company, days=1)
    (posted,) = letters(company)
    assert (posted["status"], posted["reason"]) == ("FAILED", causes.WITHDRAWN)
    assert company.tenant.rows("SELECT key FROM simulated_letter") == []
    assert company.call("GET", f"{POST}/configuration")["remainingCredits"] == 5
    company.sound()


def test_what_awaits_a_picture_goes_when_that_is_there(company: Mailing) -> None:
    begin(company, "POST")
    company.call("PATCH", "/v2/tenant-settings", {"customPicture": "AWAITED"})
    company.issued()
    assert letters(company) == []
    company.tenant.turn_clock(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
    from contor.documents.pictures import finishing

    finishing.look(company.tenant.runtime, company.tenant.id)
    hand_over(company)
    assert [one["status"] for one in letters(company)] == ["ACCEPTED"]
    company.sound()

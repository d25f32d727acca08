"""Documents are sent by post: each once, whatever happens to who hands it over; credits are counted, what is in doubt is held."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.cut_off import CutOff, kill
from tests.factories.drafts import a_body, at_once
from tests.factories.mailing import Mailing
from tests.factories.tenants import Tenant

from contor.notifications.post import handing, providers
from contor.notifications.post.handing import UNKNOWN, ClaimLetter, claim, look

POST, LETTERS = "/v2/post", "/v2/post/letters"
# net amounts of which the gross ends in the cents by which the simulated provider behaves
FAILS, SILENT, UNASKED = "100.03", "100.20", "100.37"


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Mailing:
    return Mailing(furnished, client, bearer(furnished))


def begin(company: Mailing, credits: int = 10) -> None:
    company.call("PUT", f"{POST}/configuration", {"provider": "SIMULATED"})
    if credits:
        company.call("POST", f"{POST}/credits", {"credits": credits, "note": "R-1"}, 201)


def send(company: Mailing, ident: str, status: int = 202, **body: Any) -> Any:
    return company.call("POST", f"/v2/documents/{ident}/actions/post", body or None, status)


def letter(company: Mailing, ident: str) -> Any:
    (found,) = company.call("GET", f"/v2/documents/{ident}/letters")["_embedded"]
    return found


def hand_over(company: Mailing, **passed: float) -> None:
    clock = dt.datetime.now(dt.UTC) + dt.timedelta(**passed)
    with company.later(**passed):
        company.tenant.turn_clock(clock)
        look(company.tenant.runtime, company.tenant.id)
        company.tenant.turn_clock(None)


def remaining(company: Mailing) -> int:
    return int(company.call("GET", f"{POST}/configuration")["remainingCredits"])


def handed(company: Mailing) -> int:
    return len(company.tenant.rows("SELECT key FROM simulated_letter"))


def test_it_is_accepted_then_printed_and_costs_a_credit(company: Mailing) -> None:
    begin(company)
    ident = company.issued()
    answer = send(company, ident)
    assert (answer["letter"]["status"], answer["remainingCredits"]) == ("WAITING", 9)
    hand_over(company)
    found = letter(company, ident)
    assert (found["status"], found["documentIdent"], found["tries"]) == ("ACCEPTED", ident, 1)
    hand_over(company, minutes=2)
    assert letter(company, ident)["status"] == "PRINTED"
    assert "printedAt" in letter(company, ident)
    assert company.call("GET", f"{LETTERS}/{found['ident']}")["status"] == "PRINTED"
    assert (handed(company), remaining(company)) == (1, 9)
    hand_over(company, minutes=10)
    assert handed(company) == 1
    company.sound()


def test_what_was_sent_is_sent_again_only_if_somebody_says_so(company: Mailing) -> None:
    begin(company)
    ident = company.issued()
    first = send(company, ident)
    assert send(company, ident) == first
    other = send(company, ident, again=True)
    assert (other["letter"]["ident"] != first["letter"]["ident"], other["remainingCredits"]) == (True, 8)
    hand_over(company)
    assert handed(company) == 2


def test_one_that_fails_gives_its_credit_back(company: Mailing) -> None:
    begin(company)
    ident = company.issued(net=FAILS)
    send(company, ident)
    hand_over(company)
    found = letter(company, ident)
    assert (found["status"], found["reason"]) == ("FAILED", "The simulated provider refused it: nobody lives at the address.")
    assert remaining(company) == 10
    company.sound()


def test_an_answer_that_is_lost_is_asked_for_and_nothing_is_done_twice(company: Mailing) -> None:
    begin(company)
    ident = company.issued(net=SILENT)
    send(company, ident)
    hand_over(company)
    found = letter(company, ident)
    assert (found["status"], found["reason"]) == ("WAITING", "its answer is lost")
    hand_over(company, minutes=6)
    assert (letter(company, ident)["status"], handed(company)) == ("PRINTED", 1)
    company.sound()


def test_what_is_in_doubt_and_cannot_be_asked_after_is_held_for_a_person(company: Mailing) -> None:
    begin(company)
    ident = company.issued(net=UNASKED)
    send(company, ident)
    hand_over(company)
    found = letter(company, ident)
    assert (found["status"], found["reason"]) == ("HELD", UNKNOWN)
    hand_over(company, days=2)
    assert letter(company, ident)["status"] == "HELD"
    path = f"{LETTERS}/{found['ident']}/actions"
    assert company.call("POST", f"{path}/confirm")["status"] == "ACCEPTED"
    refused = company.call("POST", f"{path}/resend", None, 400)
    assert "only one that is HELD" in refused["errors"][0]["error"]
    company.sound()


def test_what_is_held_is_handed_over_again_when_a_person_says_so_and_the_provider_does_it_once(company: Mailing) -> None:
    begin(company)
    ident = company.issued(net=UNASKED)
    send(company, ident)
    hand_over(company)
    held = letter(company, ident)["ident"]
    again = company.call("POST", f"{LETTERS}/{held}/actions/resend", status=202)
    assert (again["status"], again.get("reason"), again["tries"]) == ("WAITING", None, 0)
    hand_over(company)
    assert (handed(company), remaining(company)) == (1, 9)
    assert letter(company, ident)["status"] == "ACCEPTED"
    company.sound()


@pytest.mark.parametrize("place", ["before the call", "after the call", "at the record"])
def test_whoever_is_killed_leaves_one_letter(company: Mailing, monkeypatch: Any, place: str) -> None:
    begin(company)
    ident = company.issued()
    send(company, ident)

    with monkeypatch.context() as patched:
        if place == "before the call":
            patched.setattr(providers.SimulatedPost, "submit", kill)
        elif place == "after the call":
            submit = providers.SimulatedPost.submit

            def lost(self: Any, sheet: Any) -> None:
                submit(self, sheet)
                raise CutOff

            patched.setattr(providers.SimulatedPost, "submit", lost)
        else:
            patched.setattr(handing, "RecordLetter", kill)
        with pytest.raises(CutOff):
            hand_over(company)
    assert letter(company, ident)["status"] == "HANDING"
    hand_over(company)
    assert letter(company, ident)["status"] == "HANDING"  # it is still that worker's
    hand_over(company, minutes=4)
    assert letter(company, ident)["status"] in ("ACCEPTED", "PRINTED")
    assert (handed(company), remaining(company)) == (1, 9)
    company.sound()


def test_two_workers_hand_over_one_letter_once(company: Mailing) -> None:
    begin(company)
    send(company, company.issued())
    tenant = company.tenant
    found = at_once([lambda: tenant.execute(claim, ClaimLetter(holder="w"))] * 4)
    assert len([one for one in found if one is not None]) == 1


def test_before_its_picture_is_there_it_waits_for_it(company: Mailing) -> None:
    begin(company)
    ident = company.document()
    send(company, ident)
    hand_over(company)
    assert (letter(company, ident)["status"], letter(company, ident)["reason"]) == ("WAITING", "Its picture is being made.")
    company.file()
    hand_over(company)
    assert (letter(company, ident)["status"], handed(company)) == ("ACCEPTED", 1)
    company.sound()


def test_what_cannot_be_posted_is_refused_in_words(company: Mailing) -> None:
    ident = company.issued()
    assert "No post configuration exists" in send(company, ident, 400)["errors"][0]["error"]
    company.call("GET", f"{POST}/configuration", None, 404)
    begin(company, credits=0)
    assert send(company, ident, 400)["errors"][0]["error"].startswith("0 letters are left")
    begin(company, credits=1)
    company.call("POST", "/v2/drafts", {"draftIdent": "d-1", **a_body()}, 201)
    assert "is a draft" in send(company, "d-1", 400)["errors"][0]["error"]
    send(company, "nothing", 404)
    company.call("GET", f"{LETTERS}/nothing", None, 404)
    company.call("POST", f"{LETTERS}/nothing/actions/resend", None, 404)
    company.call("POST", f"{LETTERS}/nothing/actions/confirm", None, 404)
    assert company.call("GET", LETTERS)["_embedded"] == []


def test_the_last_credit_is_used_once(company: Mailing) -> None:
    begin(company, credits=1)
    idents = [company.issued() for _ in range(3)]
    answers = at_once(
        [
            lambda ident=ident: (
                company.client.request(  # type: ignore[misc]
                    "POST", f"/v2/documents/{ident}/actions/post", headers=company.headers
                ).status_code
            )
            for ident in idents
        ]
    )
    assert sorted(answers) == [202, 400, 400]
    company.sound()


def test_the_simulated_provider_is_for_test(company: Mailing) -> None:
    live = company.tenant.live()
    headers = {"Authorization": f"Bearer {live.token()}"}
    answer = company.client.request("PUT", f"{POST}/configuration", json={"provider": "SIMULATED"}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["fieldName"] == "provider"

"""The form of a dialect: its events, its bodies, which are written once, its own tries, and credentials of one receiver."""

import base64
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pytest
from tests.factories.receivers import Receiver, Says
from tests.factories.telling import ROUTES, Telling

from contor.notifications.delivering.claiming import ClaimRoute, claim
from contor.notifications.formats import FORMATS, Format, Made, Told
from contor.notifications.types import Policy
from contor.runtime.uow import Uow

WRITTEN = itertools.count(1)


def compose(uow: Uow, told: Sequence[Told]) -> Mapping[int, Made]:
    """What was written so far, counted; of documents invoices alone."""
    made: dict[int, Made] = {}
    for one in told:
        said = msgspec.json.decode(one.payload)
        if one.type == "customer.updated":
            body = {"id": one.sequence, "name": said["customerIdent"], "time": next(WRITTEN)}
            made[one.sequence] = Made("customer.changed", msgspec.json.encode(body).decode())
        elif said["type"] == "INVOICE":
            made[one.sequence] = Made("paper.made", msgspec.json.encode({"id": one.sequence}).decode())
    return made


OTHER = Format(
    events={"customer.updated": ("customer.changed",), "invoice.created": ("paper.made", "paper.voided")},
    compose=compose,
    agent="Other",
    policy=Policy(resends=5, first_pause_seconds=600, within_hours=24, grows_by=1, are_refusals_final=False),
    is_identified=False,
)


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setitem(FORMATS, "FASTBILL_CLASSIC", OTHER)
    yield "FASTBILL_CLASSIC"


def refused(answer: Any) -> list[tuple[str, str]]:
    """Field and first words of every finding."""
    return [(one["fieldName"], " ".join(one["error"].split()[:4])) for one in answer["errors"]]


def bodies(receiver: Receiver) -> list[bytes]:
    return [one.body for one in receiver.received]


def test_a_form_writes_its_own_bodies_and_headers(company: Telling, receiver: Receiver, other: str) -> None:
    company.route(receiver, format=other)
    company.touch()
    company.document()
    company.send()
    first, second = sorted(msgspec.json.decode(body)["id"] for body in bodies(receiver))
    assert [(one["sequence"], one["type"]) for one in company.told()] == [(first, "customer.updated"), (second, "invoice.created")]
    headers = receiver.received[0].headers
    assert (headers["user-agent"], headers["content-type"]) == ("Other", "application/json")
    assert [name for name in headers if name.startswith(("webhook-", "x-webhook"))] == []
    company.sound()


def test_a_body_is_written_once_whatever_happens_until_it_arrives(company: Telling, receiver: Receiver, other: str) -> None:
    company.route(receiver, format=other, type="customer.changed")
    company.touch()
    receiver.answer = lambda request: Says(404)
    company.send()
    company.touch()
    company.send()
    receiver.answer = lambda request: Says(201)
    with company.later(minutes=10, seconds=1):
        company.send()
    first, again, second = bodies(receiver)
    assert (again, msgspec.json.decode(first)["id"], msgspec.json.decode(second)["id"]) == (first, 1, 2)
    company.call("POST", f"/v2/notifications/{company.told()[0]['ident']}/actions/resend", {}, 202)
    company.send()
    assert bodies(receiver)[3] == first
    (delivery,) = company.told()[0]["deliveries"]
    assert (delivery["status"], delivery["body"]) == ("DELIVERED", first.decode())


def test_it_is_tried_five_more_times_every_ten_minutes_whatever_is_answered(
    company: Telling, receiver: Receiver, other: str
) -> None:
    company.route(receiver, format=other)
    company.touch()
    answers = iter([400, 301, 500, 410, 429, 404, 200])
    receiver.answer = lambda request: Says(next(answers), headers={"Retry-After": "3000"})
    seen = []
    for minutes in range(0, 100, 5):
        with company.later(minutes=minutes, seconds=minutes):
            company.send()
        seen.append(len(receiver.received))
    assert seen[:12] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
    assert (seen[-1], len(set(bodies(receiver))), company.told()[0]["status"]) == (6, 1, "FAILED")


def test_what_a_form_has_no_word_for_is_not_sent(company: Telling, receiver: Receiver, other: str) -> None:
    company.route(receiver, format=other, type="paper.voided")
    company.document()
    company.touch()
    company.send()
    assert receiver.received == []
    assert [one["deliveries"] for one in company.told()] == [[], []]
    company.sound()


def test_a_route_chooses_in_the_words_of_its_form(company: Telling, receiver: Receiver, other: str) -> None:
    company.route(receiver, "some", format=other, type="customer.changed,paper.*")
    for wrong in ("customer.updated", "customer.changed,invoice.*", "customer.changed,", ",paper.*"):
        answer = company.route(receiver, "other", 400, format=other, type=wrong)
        assert refused(answer) == [("type", "means no type of")], wrong
    company.route(receiver, "both", type="customer.updated,invoice.*")
    company.touch()
    company.send()
    assert sorted(one.path for one in receiver.received) == ["/both", "/some"]


def test_a_form_with_tries_of_its_own_takes_no_others(company: Telling, receiver: Receiver, other: str) -> None:
    made = company.route(receiver, format=other)
    assert (made["resends"], made["firstPauseSeconds"], made["withinHours"]) == (5, 600, 24)
    assert company.change("hook", description="said again")["resends"] == 5
    answer = company.route(receiver, "second", 400, format=other, resends=7)
    assert refused(answer) == [("resends", "is always 5 where")]


def test_one_receiver_knows_us_by_a_name_of_its_own(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, "named", userName="contor", password="s3cret")
    company.route(receiver, "unnamed")
    company.touch()
    company.send()
    told = {one.path: one.headers.get("authorization") for one in receiver.received}
    assert told == {"/named": "Basic " + base64.b64encode(b"contor:s3cret").decode(), "/unnamed": None}
    answer = company.call("GET", f"{ROUTES}/named")
    assert (answer["userName"], "password" in answer, "s3cret" in msgspec.json.encode(answer).decode()) == ("contor", False, False)


def test_a_password_stays_for_the_same_receiver_alone(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, userName="contor", password="s3cret")
    company.change("hook", url=receiver.url("/elsewhere"), userName="contor")
    for change in ({"url": "https://other.example.com/"}, {"userName": "else"}):
        answer = company.change("hook", 400, **{"userName": "contor", **change})
        assert refused(answer) == [("password", "is to be said")]
    company.change("hook")
    company.touch()
    company.send()
    assert receiver.received[0].headers.get("authorization") is None
    answer = company.change("hook", 400, userName="contor")
    assert refused(answer) == [("password", "is needed where userName")]
    answer = company.change("hook", 400, password="s3cret")
    assert refused(answer) == [("password", "has no effect without")]


def test_a_sender_that_is_killed_is_followed_with_the_body_it_had_written(company: Telling, receiver: Receiver, other: str) -> None:
    company.route(receiver, format=other, type="customer.changed")
    company.touch()
    taken = company.tenant.execute(claim, ClaimRoute(route_ident="hook", holder="who is killed", seconds=15))
    assert taken is not None
    company.send()
    assert receiver.received == [], "who was killed is not known to be yet"
    with company.later(seconds=16):
        company.send()
    assert bodies(receiver) == [due.body.encode() for due in taken.due]
    company.sound()

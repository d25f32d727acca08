"""Notifications are sent at least once, in the order of each subject, tried again as the route says, and logged."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from tests.factories.receivers import Received, Receiver, Says, a_receiver
from tests.factories.telling import ROUTES, Telling, payloads, types_of

from contor.customers.events import CustomersUpdated
from contor.kernel.operations import Operation
from contor.notifications.delivering import MOST_FAILURES, sender, turn
from contor.notifications.delivering.sender import TRY_SECONDS
from contor.notifications.delivering.turn import SUBJECTS_AT_ONCE, Turn
from contor.runtime.uow import Uow


def test_what_happens_is_sent_to_the_routes_that_want_it(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, "documents", type="invoice.*")
    company.route(receiver, "all")
    company.touch()
    ident = company.document()
    company.send()
    at = {path: [one for one in receiver.received if one.path == path] for path in ("/documents", "/all")}
    assert types_of(at["/documents"]) == ["invoice.created"]
    assert sorted(types_of(at["/all"])) == ["customer.updated", "invoice.created"]
    (said,) = payloads(at["/documents"])
    assert (said["invoice_ident"], said["business_client_id"], said["type"]) == (ident, company.tenant.id, "INVOICE")
    assert [(one["sequence"], one["type"], one["status"]) for one in company.told()] == [
        (1, "customer.updated", "DELIVERED"),
        (2, "invoice.created", "DELIVERED"),
    ]
    company.sound()


def test_the_same_body_and_ident_come_with_every_try(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    company.touch()
    receiver.answer = lambda request: Says(503)
    company.send()
    receiver.answer = lambda request: Says()
    with company.later(seconds=11):
        company.send()
    first, second = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    (told,) = company.told()
    assert (first.headers["webhook-id"], told["status"]) == (told["ident"], "DELIVERED")
    assert [attempt["httpStatus"] for attempt in told["attempts"]] == [503, 204]


def test_a_fault_of_the_receiver_is_tried_three_times_again_with_growing_pauses(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    company.touch()
    receiver.answer = lambda request: Says(500, b"out of order")
    for passed, tries in ((0, 1), (9, 1), (11, 2), (50, 2), (53, 3), (215, 4), (100_000, 4)):
        with company.later(seconds=passed):
            company.send()
        assert len(receiver.received) == tries, passed
    (told,) = company.told()
    assert (told["status"], told["deliveries"][0]["tries"]) == ("FAILED", 4)
    assert [(attempt["httpStatus"], attempt["answer"]) for attempt in told["attempts"]] == [(500, "out of order")] * 4


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (404, 1), (302, 1), (408, 2), (409, 2), (425, 2), (429, 2)])
def test_a_refusal_is_final_but_for_those_that_pass(company: Telling, receiver: Receiver, status: int, tries: int) -> None:
    company.route(receiver)
    company.touch()
    receiver.answer = lambda request: Says(status, headers={"Location": receiver.url("/elsewhere")})
    company.send()
    with company.later(seconds=11):
        company.send()
    assert [request.path for request in receiver.received] == ["/hook"] * tries
    assert company.told()[0]["status"] == ("FAILED" if tries == 1 else "WAITING")


def test_a_receiver_that_asks_for_a_pause_gets_it(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    company.touch()
    receiver.answer = lambda request: Says(429, headers={"Retry-After": "120"})
    company.send()
    with company.later(seconds=119):
        company.send()
    assert len(receiver.received) == 1
    with company.later(seconds=121):
        company.send()
    assert len(receiver.received) == 2


def test_a_try_that_a_fault_of_ours_spoils_counts_as_one(
    company: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contor.notifications.delivering.trying.headers_of", lambda *told: 1 / 0)
    company.route(receiver)
    company.touch()
    company.send()
    (told,) = company.told()
    assert (told["status"], [attempt["failure"][:42] for attempt in told["attempts"]]) == (
        "WAITING",
        ["It could not be sent: ZeroDivisionError: d"],
    )


def test_of_one_subject_nothing_overtakes_what_waits_and_others_go_on(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, type="invoice.*")
    first, second = company.document(), company.document()
    receiver.answer = lambda request: Says(503 if first.encode() in request.body else 204)
    company.send()
    company.open_bank()
    company.take_parts()
    company.pay("119.00", first)
    company.pay("119.00", second)
    company.send()

    def seen() -> list[tuple[str, str]]:
        return [(one["invoice_ident"], one["notification_type"]) for one in payloads(receiver.received)]

    assert sorted(seen()) == [(first, "invoice.created"), *((second, f"invoice.{kind}") for kind in ("created", "paid", "updated"))]
    receiver.answer = lambda request: Says()
    with company.later(seconds=11):
        company.send()
    kinds = [kind for ident, kind in seen() if ident == first]
    assert kinds[:2] == ["invoice.created", "invoice.created"] and sorted(kinds[2:]) == ["invoice.paid", "invoice.updated"]
    company.sound()


def test_what_is_given_up_is_followed_by_what_came_after_it(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    receiver.answer = lambda request: Says(400 if len(receiver.received) == 0 else 204)
    company.touch()
    company.touch()
    company.send()
    assert [one["status"] for one in company.told()] == ["FAILED", "DELIVERED"]


def test_a_route_that_fails_twenty_times_in_a_row_is_paused_and_nothing_is_lost(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, resends=0)
    with a_receiver() as healthy:
        company.route(healthy, "other", type="notificationRoute.*")
        receiver.answer = lambda request: Says(503)
        for _ in range(MOST_FAILURES + 5):
            company.touch()
        company.send()
        company.send()
        route = company.call("GET", f"{ROUTES}/hook")
        assert (route["status"], route["failuresInRow"], len(receiver.received)) == ("PAUSED", MOST_FAILURES, MOST_FAILURES)
        assert route["pausedBecause"] == "it failed 20 times, one upon the other, the last time with: HTTP 503"
        assert payloads(healthy.received)[0]["routeIdent"] == "hook"
    with company.later(days=2):
        company.send()
    assert len(receiver.received) == MOST_FAILURES
    receiver.answer = lambda request: Says()
    assert company.change("hook", status="ACTIVE")["failuresInRow"] == 0
    company.send()
    assert sorted(types_of(receiver.received[MOST_FAILURES:])) == ["customer.updated"] * 5 + ["notificationRoute.paused"]
    company.sound()


def test_a_success_between_failures_begins_the_count_anew(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, resends=0)
    receiver.answer = lambda request: Says(204 if len(receiver.received) == 10 else 500)
    for _ in range(25):
        company.touch()
    company.send()
    route = company.call("GET", f"{ROUTES}/hook")
    assert (route["status"], route["failuresInRow"], len(receiver.received)) == ("ACTIVE", 14, 25)


def test_a_slow_route_delays_no_other(company: Telling, receiver: Receiver) -> None:
    with a_receiver() as quick:
        company.route(receiver, "slow")
        company.route(quick, "quick")
        came, while_it_thought = threading.Event(), list[bool]()

        def thinks(request: Received) -> Says:
            while_it_thought.append(came.wait(TRY_SECONDS - 2))
            return Says()

        def at_once(request: Received) -> Says:
            came.set()
            return Says()

        receiver.answer, quick.answer = thinks, at_once
        company.touch()
        company.send()
        assert (while_it_thought, len(quick.received)) == ([True], 1)
    assert [one["status"] for one in company.told()] == ["DELIVERED"]


def tell(uow: Uow, idents: Sequence[str]) -> None:
    """These customers were changed, as far as others hear of it."""
    uow.emit(CustomersUpdated(customer_idents=tuple(idents)))


@pytest.mark.parametrize("change", [{"status": "PAUSED"}, {"url": "https://elsewhere.example.com/"}], ids=["paused", "elsewhere"])
def test_what_is_under_way_when_a_route_is_changed_stops_soon_and_is_written_down(
    company: Telling, receiver: Receiver, change: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun when it is asked, and no more: nothing is answered before."""
    asked = threading.Event()

    class Watched(Turn):
        def __init__(self, claimed: Any, once: Any, record: Any, keep: Any, **seconds: int) -> None:
            async def asks() -> bool:
                goes_on: bool = await keep()
                if not goes_on:
                    asked.set()
                return goes_on

            super().__init__(claimed, once, record, asks, **seconds)

    monkeypatch.setattr(sender, "Turn", Watched)
    monkeypatch.setattr(sender, "KEEP_SECONDS", 0)
    monkeypatch.setattr(turn, "RECORD_SECONDS", 0.05)
    company.route(receiver)
    said: Operation[Sequence[str], None] = Operation("customer.tell", "customers.write", None, None, tell)
    company.tenant.execute(said, [f"c-{number}" for number in range(60)])
    changing, changes = threading.Lock(), [change]

    def slowly(request: Received) -> Says:
        with changing:
            while changes:
                company.change("hook", **changes.pop())
        assert asked.wait(TRY_SECONDS)
        return Says()

    receiver.answer = slowly
    company.send()
    delivered = company.tenant.rows("SELECT 1 FROM notification_delivery WHERE status = 'DELIVERED'")
    assert len(receiver.received) == len(delivered) == SUBJECTS_AT_ONCE


def test_who_is_not_there_says_so_in_the_log(company: Telling) -> None:
    with a_receiver() as gone:
        pass
    company.route(gone)
    company.touch()
    company.send()
    (attempt,) = company.told()[0]["attempts"]
    assert (attempt["failure"], "httpStatus" in attempt) == ("It could not be connected to.", False)


def test_of_an_answer_two_kilobytes_are_kept(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    receiver.answer = lambda request: Says(200, b"\0\xff" + b"x" * 5_000)
    company.touch()
    company.send()
    assert company.told()[0]["attempts"][0]["answer"] == "\N{REPLACEMENT CHARACTER}" * 2 + "x" * 2_046


def test_what_waits_goes_to_the_address_that_the_route_has_by_then(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    receiver.answer = lambda request: Says(503 if request.path == "/hook" else 204)
    company.touch()
    company.send()
    company.change("hook", url=receiver.url("/new"))
    with company.later(seconds=11):
        company.send()
    assert [request.path for request in receiver.received] == ["/hook", "/new"]
    assert [attempt["url"] for attempt in company.told()[0]["attempts"]] == [receiver.url("/hook"), receiver.url("/new")]


def test_many_are_sent_in_turns(company: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contor.notifications.delivering.claiming.AT_ONCE", 4)
    monkeypatch.setattr("contor.notifications.delivering.claiming.LOOKED_AT", 6)
    company.route(receiver)
    company.route(receiver, "documents", type="invoice.*")
    idents = [company.document() for _ in range(5)]
    for _ in range(14):
        company.touch()
    company.send()

    def named(path: str) -> list[str]:
        return [one["invoice_ident"] for one in payloads(of(receiver, path)) if "invoice_ident" in one]

    assert sorted(named("/hook")) == sorted(named("/documents")) == sorted(idents)
    assert len(of(receiver, "/hook")) == 19
    company.sound()


def of(receiver: Receiver, path: str) -> list[Received]:
    return [one for one in receiver.received if one.path == path]

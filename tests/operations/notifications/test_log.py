"""The log: read from any point without gaps, sent again, forgotten after its time."""

import pytest
from tests.factories.receivers import Receiver, Says
from tests.factories.telling import NOTIFICATIONS, Telling, payloads, types_of

from contor.notifications.log import ForgetNotifications, forget

RESEND = f"{NOTIFICATIONS}/actions/resend"


def told_again(company: Telling, body: object, status: int = 202) -> object:
    return company.call("POST", RESEND, body, status)


def test_it_is_read_on_from_any_point(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    for _ in range(3):
        company.touch()
    company.document()
    assert [one["sequence"] for one in company.told("sequence=gt=2")] == [3, 4]
    assert [one["sequence"] for one in company.told("type==invoice.created")] == [4]
    assert [one["sequence"] for one in company.told("subject==customer:muster-handel;sequence=le=2")] == [1, 2]
    page = company.call("GET", f"{NOTIFICATIONS}?size=3&sort=sequence,desc")
    assert [one["sequence"] for one in page["_embedded"]] == [4, 3, 2]
    one = company.told("sequence==4")[0]
    assert company.call("GET", f"{NOTIFICATIONS}/{one['ident']}") == one
    company.call("GET", f"{NOTIFICATIONS}/nobody", status=404)


def test_it_is_found_by_how_it_stands(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, "one")
    company.route(receiver, "two", type="invoice.*")
    receiver.answer = lambda request: Says(400 if request.path == "/two" else 204)
    company.touch()
    company.document()
    assert company.told("status==WAITING") == []
    company.send()
    company.touch()
    found = {
        status: [one["sequence"] for one in company.told(f"status=={status}")] for status in ("DELIVERED", "FAILED", "WAITING")
    }
    assert found == {"DELIVERED": [1, 2], "FAILED": [2], "WAITING": []}
    assert [one.get("status") for one in company.told()] == ["DELIVERED", "FAILED", None]
    assert [(one["routeIdent"], one["status"]) for one in company.told("sequence==2")[0]["deliveries"]] == [
        ("one", "DELIVERED"),
        ("two", "FAILED"),
    ]


def test_any_notification_is_sent_again_also_a_delivered_one(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    company.touch()
    company.send()
    (told,) = company.told()
    assert company.call("POST", f"{NOTIFICATIONS}/{told['ident']}/actions/resend", status=202) == {
        "notifications": 1,
        "deliveries": 1,
    }
    assert company.told()[0]["status"] == "WAITING"
    company.send()
    first, second = receiver.received
    assert (first.body, first.headers["webhook-id"]) == (second.body, second.headers["webhook-id"])
    assert company.told()[0]["deliveries"][0]["tries"] == 1
    assert len(company.told()[0]["attempts"]) == 2
    company.sound()


def test_what_was_given_up_gets_all_its_tries_again(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, resends=1)
    receiver.answer = lambda request: Says(503)
    company.touch()
    for passed in (0, 11):
        with company.later(seconds=passed):
            company.send()
    assert company.told()[0]["status"] == "FAILED"
    assert told_again(company, {"search": "status==FAILED"}) == {"notifications": 1, "deliveries": 1}
    for passed in (12, 23):
        with company.later(seconds=passed):
            company.send()
    assert len(receiver.received) == 4


def test_many_are_sent_again_by_a_list_or_a_search_and_to_a_route_that_came_later(
    company: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contor.notifications.log.resending.AT_ONCE", 2)
    company.route(receiver, "first")
    for _ in range(5):
        company.touch()
    company.document()
    company.send()
    company.route(receiver, "late", type="customer.*")
    assert told_again(company, {"search": "sequence=gt=2", "routeIdent": "late"}) == {"notifications": 4, "deliveries": 3}
    company.send()
    assert [one.path for one in receiver.received[6:]] == ["/late"] * 3
    idents = [one["ident"] for one in company.told("sequence=le=2")]
    assert told_again(company, {"idents": idents}) == {"notifications": 2, "deliveries": 4}
    company.send()
    assert sorted(one.path for one in receiver.received[9:]) == ["/first", "/first", "/late", "/late"]
    company.sound()


def test_what_is_sent_again_keeps_the_order_of_its_subject(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    for _ in range(3):
        company.touch()
    company.send()
    receiver.answer = lambda request: Says(503)
    told_again(company, {"search": "sequence==1"})
    company.send()
    told_again(company, {"search": "sequence=gt=1"})
    receiver.answer = lambda request: Says()
    company.send()
    assert len(receiver.received) == 4, "the first one waits for its time, and the others for it"
    with company.later(seconds=11):
        company.send()
    idents = [one["ident"] for one in company.told()]
    assert [one.headers["webhook-id"] for one in receiver.received[4:]] == idents
    company.sound()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"idents": ["a"], "search": "sequence==1"}, 400),
        ({"idents": ["nobody"]}, 404),
        ({"search": "nothing==1"}, 400),
        ({"search": "sequence="}, 400),
        ({"search": "sequence==1", "routeIdent": "nobody"}, 400),
    ],
)
def test_what_is_not_clear_is_not_sent_again(company: Telling, receiver: Receiver, body: object, status: int) -> None:
    company.route(receiver)
    company.touch()
    company.send()
    told_again(company, body, status)
    company.send()
    assert len(receiver.received) == 1


def test_what_no_route_wants_cannot_be_sent_again(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, type="report.created")
    company.touch()
    company.call("POST", f"{NOTIFICATIONS}/{company.told()[0]['ident']}/actions/resend", status=409)
    assert told_again(company, {"search": "sequence=gt=0"}) == {"notifications": 1, "deliveries": 0}


def test_a_search_sends_no_more_than_can_be_overseen(company: Telling, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contor.notifications.log.resending.MOST", 1)
    company.route(receiver)
    company.touch()
    company.touch()
    told_again(company, {"search": "sequence=gt=0"}, 400)
    company.send()
    assert len(receiver.received) == 2


def test_after_thirty_days_it_is_forgotten_but_for_what_waits(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    for _ in range(3):
        company.touch()
    company.send()
    receiver.answer = lambda request: Says(503)
    company.document()
    company.send()

    def kept(days: int) -> list[int]:
        with company.later(days=days):
            while company.tenant.execute(forget, ForgetNotifications(limit=2)):
                pass
        return [one["sequence"] for one in company.told()]

    assert kept(29) == [1, 2, 3, 4]
    assert kept(31) == [4]
    assert (company.told()[0]["status"], company.told()[0]["attempts"]) == ("WAITING", [])
    company.sound()
    receiver.answer = lambda request: Says()
    with company.later(seconds=11):
        company.send()
    assert kept(31) == []
    company.touch()
    assert [one["sequence"] for one in company.told()] == [5]
    company.sound()


def test_what_a_paused_route_has_not_come_to_is_not_forgotten(company: Telling, receiver: Receiver) -> None:
    company.route(receiver, status="PAUSED")
    company.touch()
    with company.later(days=40):
        company.tenant.execute(forget, ForgetNotifications())
    company.change("hook", status="ACTIVE")
    company.send()
    assert types_of(receiver.received) == ["customer.updated"]


def test_a_notification_that_is_gone_or_out_of_order_is_found(company: Telling, receiver: Receiver) -> None:
    company.route(receiver)
    receiver.answer = lambda request: Says(503)
    for _ in range(3):
        company.touch()
    company.send()
    assert company.tenant.broken() == []
    runtime, caller = company.tenant.runtime, company.tenant.caller()
    with runtime.transaction(caller) as uow:
        uow.run("UPDATE notification_delivery SET due_at = due_at - interval '1 hour' WHERE sequence = 3")
    assert [one.check for one in company.tenant.broken()] == ["notifications.subjects_are_sent_in_order"]
    with runtime.transaction(caller) as uow:
        uow.run("DELETE FROM notification_delivery WHERE sequence = 2")
        uow.run("DELETE FROM notification WHERE sequence = 2")
        uow.run("UPDATE notification_delivery SET due_at = due_at + interval '1 hour' WHERE sequence = 3")
    found = company.tenant.broken()
    assert [(one.check, one.finding) for one in found] == [
        ("notifications.sequence_has_no_gap", "2 notifications have the numbers 1 to 3")
    ]
    assert len(payloads(receiver.received)) == 1

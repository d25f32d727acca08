"""A route whose address is mailto: is told by mail what others are told by HTTP: the same events, bodies, order, tries and log."""

import email
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.checkers.waiting import until
from tests.factories.mailing import CONFIGURATION, SENDER
from tests.factories.post_offices import Posted, PostOffice, a_post_office
from tests.factories.receivers import Receiver
from tests.factories.telling import ROUTES, Telling

from contor.notifications.delivering import sender
from contor.notifications.delivering.mailing import NO_SERVER
from contor.runtime.outbound import outbound

TO = "buchhaltung@contor-demo.example"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with a_post_office() as made:
        yield made


def mails(company: Telling, office: PostOffice) -> None:
    company.call("PUT", CONFIGURATION, {"sender": SENDER, "senderName": "Contor Demo GmbH", "server": office.server()})


def route(company: Telling, ident: str = "mail", status: int = 201, **more: Any) -> Any:
    return company.call("POST", ROUTES, {"ident": ident, "type": "*", "url": f"mailto:{TO}", **more}, status)


def enclosed(posted: Posted) -> bytes:
    """The body, as it is attached."""
    (part,) = posted.message.iter_attachments()
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def test_what_is_mailed_is_what_is_called_with_and_the_log_says_so(
    company: Telling, receiver: Receiver, office: PostOffice
) -> None:
    mails(company, office)
    company.route(receiver)
    route(company)
    company.touch()
    ident = company.document()
    company.send()
    assert sorted(enclosed(posted) for posted in office.taken) == sorted(request.body for request in receiver.received)
    assert sorted(posted.subject for posted in office.taken) == ["[MUSTER] customer.updated", "[MUSTER] invoice.created"]
    (posted,) = [posted for posted in office.taken if posted.subject == "[MUSTER] invoice.created"]
    assert posted.recipients == (TO,)
    assert posted.text.startswith("A document of any type was issued; its files are made afterwards.")
    assert f'"invoice_ident": "{ident}"' in posted.text
    for told in company.told():
        assert sorted((one["routeIdent"], one["status"]) for one in told["deliveries"]) == [
            ("hook", "DELIVERED"),
            ("mail", "DELIVERED"),
        ]
        tried = {one["routeIdent"]: one for one in told["attempts"]}
        assert (tried["mail"]["httpStatus"], tried["hook"]["httpStatus"]) == (250, 204)
        assert (tried["mail"]["url"], tried["mail"]["answer"].split()[0]) == (f"mailto:{TO}", "250")
    company.sound()


def test_one_that_is_refused_for_now_comes_later_with_the_same_id_and_body(company: Telling, office: PostOffice) -> None:
    mails(company, office)
    route(company)
    company.touch()
    tried: list[Posted] = []

    def later(posted: Posted) -> str:
        tried.append(posted)
        return "451 Try again later" if len(tried) == 1 else "250 OK"

    office.at_end = later
    company.send()
    (told,) = company.told()
    assert (told["status"], told["attempts"][0]["failure"]) == (
        "WAITING",
        "The mail server does not take the mail: 451 Try again later",
    )
    with company.later(seconds=11):
        company.send()
    first, second = tried
    assert (enclosed(first), first.message["Message-ID"]) == (enclosed(second), second.message["Message-ID"])
    (told,) = company.told()
    assert (told["status"], first.message["Message-ID"]) == ("DELIVERED", f"<{told['ident']}.0@contor-demo.example>")
    company.sound()


def test_a_recipient_that_does_not_exist_is_in_the_log_and_tried_as_often_as_the_route_says(
    company: Telling, office: PostOffice
) -> None:
    mails(company, office)
    office.at_recipient = lambda address: "550 No such user"
    route(company, resends=1)
    company.touch()
    company.send()
    with company.later(seconds=11):
        company.send()
    (told,) = company.told()
    assert (told["status"], [one["httpStatus"] for one in told["attempts"]]) == ("FAILED", [550, 550])
    assert "550 No such user" in told["attempts"][0]["answer"]
    assert office.taken == []


def test_without_a_server_it_waits_and_says_so(company: Telling, office: PostOffice) -> None:
    route(company)
    company.touch()
    company.send()
    (told,) = company.told()
    assert (told["status"], told["attempts"][0]["failure"]) == ("WAITING", NO_SERVER)
    mails(company, office)
    with company.later(seconds=11):
        company.send()
    assert len(office.taken) == 1


def test_a_slow_server_is_waited_for_as_long_as_a_receiver_and_what_was_given_up_is_not_handed_over(
    company: Telling, office: PostOffice
) -> None:
    mails(company, office)
    route(company)
    company.touch()

    given_up = threading.Event()

    def slow(address: str) -> str:
        assert given_up.wait(60)
        return "250 OK"

    office.at_recipient = slow
    made = sender.Sender(company.tenant.runtime, outbound(company.tenant.runtime.config), held_seconds=15, try_seconds=1)
    made.wake(company.tenant.id, ["mail"])
    made.settle(company.tenant.id)
    (told,) = company.told()
    assert (told["status"], told["attempts"][0]["failure"]) == ("WAITING", "The mail server has not answered within 1 seconds.")
    given_up.set()
    until(lambda: office.ended, "the server sees that nobody waits any more")
    assert office.taken == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"url": "mailto:nobody"}, "url"),
        ({"url": "mailto:a@b.example,c@d.example"}, "url"),
        ({"url": "mailto:a@b.example?cc=c@d.example"}, "url"),
        ({"signingSecret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "signingSecret"),
        ({"userName": "a", "password": "b"}, "userName"),
    ],
)
def test_what_has_no_effect_on_a_mail_is_refused(company: Telling, more: dict[str, Any], field: str) -> None:
    refused = route(company, status=400, **more)
    assert field in [one["fieldName"] for one in refused["errors"]]


def test_hostile_words_stay_in_the_body(company: Telling, office: PostOffice) -> None:
    mails(company, office)
    route(company, type="customer.*")
    company.touch("x\r\nBcc: all@contor-demo.example")
    company.send()
    (posted,) = office.taken
    assert posted.recipients == (TO,)
    assert email.message_from_bytes(posted.content)["Bcc"] is None
    assert msgspec.json.decode(enclosed(posted), type=dict)["notificationType"] == "customer.updated"

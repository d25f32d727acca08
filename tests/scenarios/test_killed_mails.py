"""Mails by senders that are killed ten times: however that falls, no mail is handed over twice, and none is lost without a word.

A process of its own sends as a worker does, and is killed by SIGKILL at moments that the server chooses: while a recipient is named, while
the end of a mail is said, after it was taken and before the sender hears of it. What is in doubt is held with its Message-ID; it is looked
for at the server, as a person would, and confirmed or sent again.
"""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import MINUTES
from tests.factories.mailing import MAILS, Mailing
from tests.factories.nests import Nest
from tests.factories.post_offices import Posted, PostOffice, a_post_office
from tests.factories.tenants import Tenant

CHILD = """
import datetime as dt, sys, time
from pathlib import Path
from contor.app import make_runtime
from contor.kernel.work import WORK
from contor.notifications.mail.sending import Postman, due, plan, postman
from contor.runtime.config import Config
from contor.runtime.outbound import outbound
from contor.runtime.work.tenants import look_around

home, dsn = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home), outbound_networks="127.0.0.0/8"), dsn)
runtime.database.open()
due.AGAIN_SECONDS, plan.FIRST_PAUSE = 1, dt.timedelta(seconds=1)
postman._POSTMEN[runtime] = Postman(runtime, outbound(runtime.config), begin_seconds=3, end_seconds=3, end_more_seconds=1)
while True:
    look_around(runtime, WORK["mail"])
    time.sleep(0.05)
"""
DOCUMENTS, COPIES = 4, 10
KILLS = ("recipient", "end", "taken", "recipient", "taken", "end", "taken", "recipient", "end", "taken")
"""Where each kill falls: while a recipient is named, before a mail is taken, after it was and before that is said."""


class Killing:
    """A server that has the sender killed, and knows what it has taken."""

    def __init__(self, office: PostOffice) -> None:
        self.office, self.kills = office, list(KILLS)
        self.lock, self.now, self.gone = threading.Lock(), threading.Event(), threading.Event()
        self.seen = 0
        office.at_recipient, office.at_end = self.at_recipient, self.at_end

    def _is_time(self, *places: str) -> str | None:
        with self.lock:
            self.seen += 1
            if self.kills and self.kills[0] in places and self.seen % 3 == 0:
                return self.kills.pop(0)
        return None

    def _kill(self) -> None:
        self.gone.clear()
        self.now.set()
        assert self.gone.wait(MINUTES), "the sender is gone before it hears an answer"

    def at_recipient(self, address: str) -> str:
        if self._is_time("recipient"):
            self._kill()
        return "250 OK"

    def at_end(self, posted: Posted) -> str:
        place = self._is_time("end", "taken")
        if place:
            self._kill()
        return "451 not now" if place == "end" else "250 OK"


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Mailing:
    return Mailing(furnished, client, bearer(furnished))


def test_no_mail_is_lost_or_sent_twice_however_often_the_sender_is_killed(company: Mailing, process_dsn: str, nest: Nest) -> None:
    with a_post_office() as office:
        killing = Killing(office)
        company.configure(office, kinds=[])
        recipients = [f"reader-{number}@muster-handel.example" for number in range(COPIES)]
        for _ in range(DOCUMENTS):
            ident = company.issued()
            company.call("POST", f"/v2/documents/{ident}/actions/send", {"recipients": recipients}, 202)
        wanted = DOCUMENTS * COPIES
        command = CHILD, str(company.tenant.runtime.config.home), process_dsn
        killed, held = 0, 0
        sender = nest.start(*command)
        try:
            until = time.monotonic() + MINUTES
            while (found := states(company))["SENT"] < wanted:
                assert time.monotonic() < until, (found, killed)
                if killing.now.is_set():
                    sender.kill()
                    assert sender.wait() == -signal.SIGKILL
                    killing.now.clear()
                    killing.gone.set()
                    killed += 1
                    sender = nest.start(*command)
                held += looked_up(company, office)
                killing.now.wait(0.05)
        finally:
            killing.gone.set()
            sender.kill()
            sender.wait()
    assert (killed, killing.kills) == (len(KILLS), [])
    ids = Counter(str(posted.message["Message-ID"]) for posted in office.taken)
    assert [one for one, count in ids.items() if count > 1] == [], "no mail came twice"
    # by (document, kind, recipient), whatever its Message-ID: the ident before the dot names it
    once = Counter(one.partition(".")[0] for one in ids)
    assert (len(once), set(once.values())) == (wanted, {1}), "each mail came, and once"
    print(f"{killed} kills, {held} mails were in doubt")
    company.sound()


def states(company: Mailing) -> Counter[str]:
    rows = company.tenant.rows("SELECT status, count(*) AS count FROM mail GROUP BY 1")
    return Counter({row.status: row.count for row in rows})


def looked_up(company: Mailing, office: PostOffice) -> int:
    """As a person does with mails in doubt: look for the Message-ID at the server, then confirm or send again."""
    if not states(company)["HELD"]:
        return 0
    company.headers = {"Authorization": f"Bearer {company.tenant.token()}"}  # that of the beginning ends after five minutes
    held = company.mails("status==HELD")
    for mail in held:
        assert mail["reason"].startswith("Its sender ended, or lost the connection"), mail
        is_there = any(posted.message["Message-ID"] == mail["messageId"] for posted in office.taken)
        verb = "confirm" if is_there else "resend"
        company.call("POST", f"{MAILS}/{mail['ident']}/actions/{verb}", status=200 if is_there else 202)
    return len(held)

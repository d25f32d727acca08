"""A company that sends mails, through the platform API."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.factories.companies import Company
from tests.factories.post_offices import PostOffice

from contor.documents.after import PER_JOB, ArchiveDocuments, archive
from contor.notifications.mail.sending import send_mails

MAILS, TEMPLATES, CONFIGURATION = "/v2/mails", "/v2/mail/templates", "/v2/mail/configuration"
SENDER, CUSTOMER, TESTER = "rechnung@contor-demo.example", "einkauf@muster-handel.example", "test@contor-demo.example"
CUSTOMER_PATH = "/v2/customers/muster-handel"
ALL = ["DOCUMENT", "DUNNING_LETTER", "PAYMENT_RECEIVED", "PAYMENT_FAILED", "MANDATE", "SUBSCRIPTION_CANCELLED"]


class Mailing(Company):
    """A company with a mail server."""

    def configure(self, office: PostOffice | dict[str, Any] | None, status: int = 200, **more: Any) -> Any:
        server = office.server() if isinstance(office, PostOffice) else office
        body = {"sender": SENDER, "senderName": "Contor Demo GmbH", "kinds": ALL, "testRecipient": TESTER, "server": server, **more}
        return self.call("PUT", CONFIGURATION, {name: value for name, value in body.items() if value is not None}, status)

    def issued(self, **more: Any) -> str:
        """A document with its files."""
        ident = self.document(**more)
        self.file()
        return ident

    def change_customer(self, **values: Any) -> None:
        """The customer with other values; those that are None are left out."""
        before = self.call("GET", CUSTOMER_PATH)
        kept = {
            name: value for name, value in before.items() if name not in ("createdAt", "lastModifiedAt", "customerId", "debtorId")
        }
        body = {name: value for name, value in {**kept, **values}.items() if value is not None}
        self.call("PUT", CUSTOMER_PATH, body)

    def file(self) -> None:
        """Make the files that are to be made."""
        waiting = [row.id for row in self.tenant.rows("SELECT id FROM document WHERE status = 'CREATED' ORDER BY id")]
        for start in range(0, len(waiting), PER_JOB):
            self.tenant.execute(archive, ArchiveDocuments(document_ids=tuple(waiting[start : start + PER_JOB])))

    def mail(self) -> None:
        """What is due now."""
        send_mails(self.tenant.runtime, self.tenant.id)

    def mails(self, search: str = "") -> list[Any]:
        more = f"&search={search}" if search else ""
        return list(self.call("GET", f"{MAILS}?size=100&sort=createdAt{more}")["_embedded"])

    def the_mail(self, search: str = "") -> Any:
        (found,) = self.mails(search)
        return found

    @contextmanager
    def later(self, **passed: float) -> Iterator[None]:
        """So much real time has passed."""
        runtime, clock = self.tenant.runtime, self.tenant.runtime.clock
        runtime.clock = lambda: clock() + dt.timedelta(**passed)
        try:
            yield
        finally:
            runtime.clock = clock

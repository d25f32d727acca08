"""Sending: one mail of a tenant at a time, several tenants at once, so that a slow server delays nobody else's."""

import logging
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from contor.kernel.context import Caller
from contor.notifications.mail.configuration import Posting
from contor.notifications.mail.queue import UNTOLD
from contor.notifications.mail.sending.claiming import (
    BEGIN_SECONDS,
    Claimed,
    ClaimMail,
    EndMail,
    RecordMail,
    claim,
    record_mail,
    say_end,
)
from contor.notifications.mail.sending.composing import Unfit, composed
from contor.notifications.mail.sending.plan import Outcome
from contor.notifications.mail.work import MAILING
from contor.runtime.execute import Runtime
from contor.runtime.outbound import MailConnection, NotPosted, Outbound, outbound
from contor.runtime.work.tenants import caller, tell

log = logging.getLogger("contor.mail")
TENANTS_AT_ONCE = 16
END_SECONDS = 600
END_MORE_SECONDS = 60
"""So much longer than the answer to its end may take a mail is its sender's."""
_OUTCOMES: dict[str, Outcome] = {"PASSING": "PASSING", "REFUSED": "REFUSED", "UNKNOWN": "UNKNOWN"}
Connect = Callable[[Posting], MailConnection]


class Postman:
    """What a process mails."""

    def __init__(
        self,
        runtime: Runtime,
        calls: Outbound,
        *,
        begin_seconds: int = BEGIN_SECONDS,
        end_seconds: int = END_SECONDS,
        end_more_seconds: int = END_MORE_SECONDS,
    ) -> None:
        self.holder = str(runtime.new_uuid())
        self._runtime, self._calls = runtime, calls
        self._begin_seconds, self._end_seconds, self._end_more_seconds = begin_seconds, end_seconds, end_more_seconds
        self._threads = ThreadPoolExecutor(TENANTS_AT_ONCE, "mail")
        self._lock = threading.Lock()
        self._serving: dict[int, Future[None]] = {}
        self._again: set[int] = set()

    def wake(self, tenant_id: int) -> None:
        """The tenant has something to send. Returns at once."""
        with self._lock:
            self._again.add(tenant_id)  # who serves it looks once more before he ends
            if tenant_id not in self._serving:
                self._serving[tenant_id] = self._threads.submit(self._serve, tenant_id)

    def settle(self, tenant_id: int) -> None:
        """Wait until nothing is sent for a tenant any more."""
        while True:
            with self._lock:
                found = self._serving.get(tenant_id)
            if found is None:
                return
            found.result()

    def _serve(self, tenant_id: int) -> None:
        who, open_ones = caller(MAILING, tenant_id), _Connections(self._connect)
        has_left = False
        try:
            while not self._runtime.is_ending:
                with self._lock:
                    self._again.discard(tenant_id)
                command = ClaimMail(holder=self.holder, seconds=self._begin_seconds)
                mail = self._runtime.execute(claim, command, who)
                if mail is not None:
                    self._send(tenant_id, who, mail, open_ones)
                    continue
                with self._lock:
                    if tenant_id not in self._again:
                        del self._serving[tenant_id]
                        has_left = True
                        return
        except Exception as error:  # its mark is still there, and another look comes
            tell(log, error, "mails of tenant %s could not be sent", tenant_id)
        finally:
            open_ones.close()
            if not has_left:
                with self._lock:
                    del self._serving[tenant_id]

    def _send(self, tenant_id: int, who: Caller, mail: Claimed, open_ones: "_Connections") -> None:
        subject: str | None = None
        code: int | None = None
        outcome: Outcome
        try:
            subject, parcel = composed(self._runtime, tenant_id, mail)
            end = EndMail(mail_ident=mail.ident, holder=self.holder, seconds=self._end_seconds + self._end_more_seconds)
            answer = open_ones.to(mail.posting).post(parcel, lambda: self._runtime.execute(say_end, end, who))
            outcome, code = "SENT", 250
        except Unfit as error:
            outcome, answer = "UNFIT", str(error)
        except NotPosted as error:
            outcome, answer, code = _OUTCOMES[error.fate], error.message, error.code
            open_ones.close()
        kept = None if mail.kind in UNTOLD else subject
        record = RecordMail(mail_ident=mail.ident, holder=self.holder, outcome=outcome, answer=answer, subject=kept, code=code)
        self._runtime.execute(record_mail, record, who)

    def _connect(self, posting: Posting) -> MailConnection:
        called = posting.sender.rpartition("@")[2].encode("idna").decode("ascii")
        return MailConnection(posting.server, self._calls, is_own=posting.is_own, called=called, end_seconds=self._end_seconds)


class _Connections:
    """The one that is open, as long as the next mail goes to the same server."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._open: tuple[Posting, MailConnection] | None = None

    def to(self, posting: Posting) -> MailConnection:
        if self._open is not None and self._open[0].server == posting.server:
            return self._open[1]
        self.close()
        self._open = (posting, self._connect(posting))
        return self._open[1]

    def close(self) -> None:
        found, self._open = self._open, None
        if found is not None:
            found[1].close()


_POSTMEN: "weakref.WeakKeyDictionary[Runtime, Postman]" = weakref.WeakKeyDictionary()


def postman_of(runtime: Runtime) -> Postman:
    """The one of this process."""
    found = _POSTMEN.get(runtime)
    if found is None:
        found = _POSTMEN[runtime] = Postman(runtime, outbound(runtime.config))
    return found

"""An account of FastBill, read through its API: page by page, as slowly as it asks for, and begun again where a call fails in passing."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from contor.api.fastbill.names import said
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.runtime.outbound import Answer, Call, NotReached, Outbound, target_of, why_not_called

PATH: Final = "/api/1.0/api.php"
PAGE: Final = 100
"""The most that the API answers at once."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of an answer: a hundred invoices of a hundred rows are a tenth of it."""
LARGEST_FILE: Final = 20 * 1024 * 1024
SECONDS: Final = 120.0
TRIES: Final = 6
"""Of a call that fails in passing: the last one comes after a minute."""
PASSING: Final = frozenset({"not_connected", "timed_out", "broken_off", "not_resolved"})
LONGEST_WAIT: Final = 3600
"""Seconds: limits of FastBill are by the minute or by the hour."""
USUAL_WAIT: Final = 60
"""Seconds, where an account that is asked too much does not say for how long."""
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)
_UNKNOWN: Final = re.compile(r"unknown service", re.IGNORECASE)
Content = Mapping[str, object]
Wait = Callable[[float, str], None]
"""Waits so many seconds, and may say why."""


class Account(NamedTuple):
    """Where it is, and who reads it."""

    url: str
    email: str
    key: str

    def __repr__(self) -> str:
        return f"Account({self.url}, {self.email})"

    @property
    def name(self) -> str:
        """By which what was taken of it is known again: the same account through another address of the same host is the same."""
        target = target_of(self.url)
        return f"fastbill:{target.authority}:{self.email.lower()}"


def address_of(given: str) -> str:
    """The address of the API, of which the host suffices. Raises ValueError."""
    url = given if "://" in given else f"https://{given}"
    target = target_of(url)
    return url.rstrip("/") + PATH if target.path == "/" else url


class Source:
    def __init__(self, account: Account, calls: Outbound, wait: Wait) -> None:
        """Raises INVALID where the address may not be called."""
        if reason := why_not_called(account.url, calls.allowed):
            raise Refused(Kind.INVALID, Problem("url_invalid", reason, "--from", account.url))
        self._account, self._calls, self._wait = account, calls, wait
        secret = base64.b64encode(f"{account.email}:{account.key}".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json", "Accept": "application/json"}

    def pages(self, service: str, container: str, where: Content | None = None) -> Iterator[list[Content]]:
        """All that a list answers, page by page. Raises `LookupError` where the account has no such service."""
        offset = 0
        while True:
            rows = self.page(service, container, where or {}, offset)
            if rows:
                yield rows
            if len(rows) < PAGE:
                return
            offset += len(rows)

    def page(self, service: str, container: str, where: Content, offset: int = 0) -> list[Content]:
        answer = self.ask({"SERVICE": service, "LIMIT": PAGE, "OFFSET": offset, "FILTER": where})
        rows = said(answer, container)
        if isinstance(rows, Mapping):
            rows = list(rows.values())
        return [_unwrapped(row) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []

    def ask(self, request: Content) -> Content:
        """RESPONSE. Raises `LookupError` where there is no such service, `Refused` with what the account says against it."""
        body = msgspec.json.encode(request, enc_hook=str)
        answer = self._called(Call(self._account.url, body, self._headers, seconds=SECONDS, longest=LARGEST))
        if answer.status == 401:
            message = "FastBill does not know this e-mail with this API key."
            raise Refused(Kind.UNAUTHENTICATED, Problem("credentials_refused", message))
        try:
            response = said(_DECODER.decode(answer.body), "RESPONSE")
        except (msgspec.DecodeError, RecursionError):
            response = None
        if not isinstance(response, Mapping):
            message = f"What answers there (HTTP {answer.status}) is no API of FastBill."
            raise Refused(Kind.ILLEGAL_STATE, Problem("answer_unreadable", message))
        errors = said(response, "ERRORS")
        if errors:
            sentences = [str(one) for one in errors] if isinstance(errors, list) else [str(errors)]
            if any(_UNKNOWN.search(one) for one in sentences):
                raise LookupError(sentences[0])
            message = f"{said(request, 'SERVICE')}: {'; '.join(sentences)[:500]}"
            raise Refused(Kind.ILLEGAL_STATE, Problem("source_refuses", message))
        return response

    def file(self, url: str, name: str) -> FileContent | str:
        """The file behind a link of the account, or why there is none. Credentials do not go there: a link says all itself."""
        if reason := why_not_called(url, self._calls.allowed):
            return f"its address {reason}"
        try:
            answer = self._called(Call(url, method="GET", seconds=SECONDS, longest=LARGEST_FILE), waits=False)
        except Refused as refused:
            return refused.problems[0].message
        if answer.status != 200:
            return f"its address answers HTTP {answer.status}; begun again, it is asked for again"
        kind = answer.headers.get("content-type", "").partition(";")[0].strip()
        if not answer.body.startswith(b"%PDF"):
            return f"what its address answers ({kind or 'of no type'}) is no PDF"
        return FileContent(answer.body, "application/pdf", name)

    def _called(self, call: Call, *, waits: bool = True) -> Answer:
        """Asked again as long as it asks to wait, and a few times where it fails in passing. `waits`: also where the server says that it
        fails; a file that is being made there is not waited for, it comes with the next run."""
        failed, reason = 0, ""
        while failed < TRIES:
            try:
                answer = self._calls.call(call)
            except NotReached as error:
                if error.code not in PASSING:
                    raise Refused(Kind.UNAVAILABLE, Problem("source_unreachable", error.message)) from None
                reason = error.message
            else:
                if answer.status == 429:
                    self._wait(_seconds(answer.headers.get("retry-after"), USUAL_WAIT), "FastBill asks to wait")
                    continue
                if answer.status < 500 or not waits:
                    return answer
                reason = f"It answers HTTP {answer.status}."
                if "retry-after" in answer.headers and failed + 1 < TRIES:
                    self._wait(_seconds(answer.headers["retry-after"], USUAL_WAIT), reason)
                    failed += 1
                    continue
            failed += 1
            if failed < TRIES:
                self._wait(2.0**failed, reason)
        raise Refused(Kind.UNAVAILABLE, Problem("source_unreachable", f"{reason} What was taken stays; begin again later."))


# helpers in calling order


def _unwrapped(row: Content) -> Content:
    """Some answers wrap each member in its name."""
    only = next(iter(row.values())) if len(row) == 1 else None
    return only if isinstance(only, Mapping) else row


def _seconds(text: str | None, usual: int) -> float:
    """Of a header Retry-After in seconds."""
    if text is None or not text.strip().isascii() or not text.strip().isdecimal():
        return usual
    return min(int(text.strip()), LONGEST_WAIT)

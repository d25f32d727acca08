"""`fastbill`: invoices through FastBill's services, from the bytes of a request to those of its answer, one caller in one process: without
the server that reads sockets. Created and completed; read one by one, and by pages of a hundred."""

import base64
import gc
import os
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request

from benchmarks import issuing
from benchmarks.measure import Result, rss_mb, timed
from contor.api.codec import JSON
from contor.api.exchange import Exchange, answered_by_name
from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.voice import FASTBILL
from contor.api.limits import Limits
from contor.organizations.access import pair_secret
from contor.runtime.execute import Runtime

ROWS = 10
PAGE = 100
READ_OF_EACH = 5
"""How often each document is read by itself, about."""


class Caller:
    """A client of one tenant."""

    def __init__(self, runtime: Runtime, email: str, secret: str) -> None:
        self._runtime, self._limits = runtime, Limits(runtime.config)
        self._table = {row.service: row for row in SERVICES}
        basic = base64.b64encode(f"{email}:{secret}".encode())
        self._headers = [(b"authorization", b"Basic " + basic), (b"content-type", b"application/json")]

    def raw(self, body: bytes) -> bytes:
        scope = {
            "type": "http",
            "method": "POST",
            "path": FASTBILL.prefix,
            "headers": self._headers,
            "query_string": b"",
            "client": ("127.0.0.1", 1),
        }
        exchange = Exchange(FASTBILL, self._runtime, Request(scope), body, self._runtime.new_uuid().hex, 0.0, self._limits)
        return bytes(answered_by_name(exchange, FASTBILL, self._table).body)

    def call(self, service: str, **more: Any) -> Mapping[str, Any]:
        said: Any = JSON.read(self.raw(JSON.write({"SERVICE": service, **more})))
        assert "ERRORS" not in said["RESPONSE"], said["RESPONSE"]
        return dict(said["RESPONSE"])


def fastbill(runtime: Runtime, postmaster: int, count: int) -> Iterator[Result]:
    """`count` invoices of ten rows."""
    founded, caller = issuing.new_tenant(runtime, "bench-fastbill")
    with runtime.transaction(caller, directory=True) as uow:
        uow.run("UPDATE directory.environment SET request_plan = 'UNLIMITED' WHERE id = %s", (founded.test.tenant_id,))
    with runtime.transaction(caller, reads=True) as uow:
        customers = uow.column(int, "SELECT id FROM customer WHERE customer_ident LIKE 'c-%' ORDER BY id")
    client = Caller(runtime, "bench-fastbill@bench.example", pair_secret(founded.test.api_key, founded.test.api_secret))
    for number in range(20):  # what a running server has prepared already
        _written(client, customers[number % len(customers)], number)
    written = Result("fastbill_create_complete", count)
    gc.collect()
    gc.freeze()  # as a server has done, `commands.serving.door`
    with timed(written, os.getpid(), postmaster=postmaster):
        numbers = [_written(client, customers[number % len(customers)], number) for number in range(count)]
    yield _told(written, f"{ROWS} rows; wanted: 150 a second and core, that is at most 6.67 CPU s")
    read = Result("fastbill_get", count * READ_OF_EACH)
    bodies = [JSON.write({"SERVICE": "invoice.get", "FILTER": {"INVOICE_ID": number}}) for number in numbers]
    with timed(read, os.getpid(), postmaster=postmaster):
        for turn in range(read.n):
            client.raw(bodies[turn % count])
    yield _told(read, f"one of {ROWS} rows a call; wanted: 300 a second and core, that is at most 3.33 CPU s")
    pages = max(1, count // PAGE)
    paged = Result("fastbill_get_pages", pages * PAGE)
    with timed(paged, os.getpid(), postmaster=postmaster):
        for page in range(pages):
            client.raw(JSON.write({"SERVICE": "invoice.get", "FILTER": {"TYPE": "outgoing"}, "LIMIT": PAGE, "OFFSET": page * PAGE}))
    yield _told(paged, f"{PAGE} a call")


def _written(client: Caller, customer: int, number: int) -> int:
    items = [
        {"DESCRIPTION": f"Leistung {row}<br>im Oktober", "QUANTITY": row + 1, "UNIT_PRICE": "12.34", "VAT_PERCENT": "19.00"}
        for row in range(ROWS)
    ]
    data = {"CUSTOMER_ID": customer, "INVOICE_TITLE": f"Auftrag {number}", "INTROTEXT": "Wie vereinbart", "ITEMS": items}
    made = client.call("invoice.create", DATA=data)["INVOICE_ID"]
    client.call("invoice.complete", DATA={"INVOICE_ID": made})
    return int(made)


def _told(result: Result, note: str) -> Result:
    result.note, result.rss_mb = note, rss_mb(os.getpid())
    return result

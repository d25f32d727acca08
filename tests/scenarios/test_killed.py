"""Killed in the middle of its work: nothing is lost, nothing happens twice, nothing keeps running.

A real `contor run` on a home of its own; eight clients post at once; API server and workers are killed, then the supervisor
itself, and started again on the same home. What the clients were told must be what the books say.
"""

import json
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.checkers.waiting import MINUTES, until
from tests.factories.installation import WORKERS, Installation, free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

CLIENTS, EACH = 8, 30
REPEAT_EVERY, CREDIT_EVERY = 10, 8


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", free_port())
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(MINUTES)


# --- the clients ---------------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """What all clients together were told."""

    accepted: list[str] = field(default_factory=list)
    """Request ids that were answered 202, or 409 after an answer that was lost."""
    refused: list[str] = field(default_factory=list)
    repeated: list[tuple[str, int]] = field(default_factory=list)
    """Request ids posted again after their 202, with the status of the second answer."""
    strange: list[str] = field(default_factory=list)
    lost: int = 0
    """Answers that never came."""

    @property
    def sent(self) -> int:
        return len(self.accepted) + len(self.refused)


class Client:
    """Posts documents one after the other. When no answer comes it asks again with the same request id, as anyone would."""

    def __init__(self, demo: dict[str, str], told: Told) -> None:
        self.demo, self.told = demo, told
        self.http = httpx.Client(base_url=demo["base_url"], timeout=60)

    def request(self, method: str, path: str, **options: Any) -> tuple[httpx.Response, bool]:
        """The answer, and whether one before it was lost."""
        lost, deadline = False, time.monotonic() + MINUTES
        while True:
            assert time.monotonic() < deadline, f"it hangs: {method} {path} is not answered"
            try:
                answer = self.http.request(method, path, **options)
                if answer.status_code == 401 and "auth" not in options:
                    self.sign_in()  # a token lasts 300 s, which a busy machine may need
                    continue
                if answer.status_code < 500:
                    return answer, lost
            except httpx.TransportError:
                pass
            lost = True
            self.told.lost += 1
            time.sleep(0.1)

    def sign_in(self) -> "Client":
        credentials = (self.demo["api_key"], self.demo["api_secret"])
        answer, _ = self.request(
            "POST", f"/{self.demo['realm']}/oauth2/token", data={"grant_type": "client_credentials"}, auth=credentials
        )
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return self

    def post(self, request_id: str, credits: str | None = None) -> None:
        """An invoice, or a credit memo over all of `credits`."""
        path, body = "/v2/documents/invoices", self.body(request_id)
        if credits:
            path, body = "/v2/documents/credit-memos", {**body, "relatedDocumentIdent": credits}
        answer, lost = self.request("POST", path, json=body)
        if answer.status_code == 202 or (answer.status_code == 409 and lost):
            self.told.accepted.append(request_id)
        elif answer.status_code == 400 and credits:
            self.told.refused.append(request_id)  # the invoice was credited already
        else:
            self.told.strange.append(f"{request_id}: {answer.status_code} {answer.text}")

    def repeat(self, request_id: str) -> None:
        answer, _ = self.request("POST", "/v2/documents/invoices", json=self.body(request_id))
        self.told.repeated.append((request_id, answer.status_code))

    def body(self, request_id: str) -> dict[str, Any]:
        item = {
            "ident": "i-1",
            "category": "SERVICE",
            "name": "Hosting",
            "quantity": 3,
            "quantityType": "PC",
            "prices": {"unit": {"net": 10}, "originalTotal": {"net": 30}, "total": {"net": 30}},
            "taxDetail": {"taxes": [{"rate": 19, "categoryCode": "S"}]},
            "performanceLocation": {"country": "DE"},
        }
        return {
            "requestId": request_id,
            "billingGroupIdent": self.demo["billing_group_ident"],
            "currency": "EUR",
            "language": "de",
            "paymentCollection": {"collect": False},
            "customerDetail": {
                "customerIdent": self.demo["customer_ident"],
                "invoiceAddressIdent": self.demo["invoice_address_ident"],
            },
            "items": [item],
        }

    def state(self, request_id: str) -> dict[str, Any]:
        answer, _ = self.request("GET", f"/v2/documents/requests/{request_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def end_of(self, request_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + MINUTES
        while (state := self.state(request_id))["status"] == "RECEIVED":
            assert time.monotonic() < deadline, f"it hangs: {request_id} still waits"
            time.sleep(0.05)
        return state

    def documents(self) -> list[dict[str, Any]]:
        """Every document, page by page."""
        found: list[dict[str, Any]] = []
        for page in range(100):
            answer, _ = self.request("GET", "/v2/documents", params={"page": page, "size": 100})
            assert answer.status_code == 200, answer.text
            found += answer.json()["_embedded"]
            if page + 1 >= answer.json()["page"]["totalPages"]:
                break
        return found


def one_client(number: int, demo: dict[str, str], told: Told, invoice: str) -> None:
    """Its share of the documents: every eighth credits the same invoice, every tenth request is a repetition."""
    client = Client(demo, told).sign_in()
    for index in range(EACH):
        request_id = f"r-{number}-{index}"
        credits = invoice if index % CREDIT_EVERY == CREDIT_EVERY - 1 else None
        client.post(request_id, credits)
        if index % REPEAT_EVERY == REPEAT_EVERY - 1:
            client.repeat(f"r-{number}-{index - 1}" if credits else request_id)


# --- the scenario --------------------------------------------------------------------------------------------------------------


def test_nothing_is_lost_and_nothing_happens_twice(installation: Installation) -> None:
    installation.start()
    demo = json.loads((installation.home / "demo.json").read_text())
    told = Told()
    asking = Client(demo, Told()).sign_in()
    asking.post("first")
    invoice = asking.end_of("first")["documentIdent"]
    with ThreadPoolExecutor(CLIENTS) as posting:
        clients = [posting.submit(one_client, number, demo, told, invoice) for number in range(CLIENTS)]
        disturb(installation, told, clients)
        for client in clients:
            client.result()

    the_answers_are_true(asking.sign_in(), told, invoice)
    assert installation.interrupt() == 0
    until(lambda: not installation.leftovers(), "nothing is left running after Ctrl-C")
    checked = installation.contor("check")
    assert (checked.returncode, checked.stdout.strip()) == (0, "Every check holds."), checked.stdout + checked.stderr
    assert installation.leftovers() == {}


def disturb(installation: Installation, told: Told, clients: "list[Future[None]]") -> None:
    """Kill the API server and the workers when a quarter is sent, the supervisor when half is."""

    def sent(share: int) -> Callable[[], bool]:
        def reached() -> bool:
            for client in clients:
                if client.done():
                    client.result()  # a client that failed fails the test at once
            return told.sent >= share

        return reached

    wanted = CLIENTS * EACH
    until(sent(wanted // 4), "a quarter is sent")
    killed = installation.children()
    assert sorted(command.split(" --")[0] for command in killed.values()) == ["serve", *["work documents"] * WORKERS, "work files"]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    until(sent(wanted // 2), "half is sent, by new processes")
    assert len(installation.children()) == len(killed)
    assert not killed.keys() & installation.children().keys()
    installation.kill()
    installation.start()


def the_answers_are_true(client: Client, told: Told, invoice: str) -> None:
    """Each accepted request has exactly one document or says why not; numbers have neither gap nor duplicate."""
    assert told.strange == []
    assert told.lost > 0, "the kills came too late to be noticed"
    assert told.sent == CLIENTS * EACH
    assert len(told.repeated) == CLIENTS * (EACH // REPEAT_EVERY)
    assert {status for _, status in told.repeated} == {409}
    with ThreadPoolExecutor(4) as asking:
        ends = dict(zip(told.accepted, asking.map(client.end_of, told.accepted), strict=True))
    assert len(ends) == len(told.accepted)
    assert {end["status"] for end in ends.values()} <= {"COMPLETED", "FAILED"}
    failed = [request_id for request_id, end in ends.items() if end["status"] == "FAILED"]
    assert all(ends[request_id]["errors"] for request_id in failed)

    documents = client.documents()
    by_request = Counter(document["requestId"] for document in documents)
    assert set(by_request.values()) == {1}
    completed = {request_id: end["documentIdent"] for request_id, end in ends.items() if end["status"] == "COMPLETED"}
    assert {d["requestId"]: d["ident"] for d in documents} == completed | {"first": invoice}
    credits = [d for d in documents if d["documentType"] == "CREDIT_MEMO"]
    assert len(credits) == 1, "the invoice is credited in full, once"
    assert all(int(request_id.rpartition("-")[2]) % CREDIT_EVERY == CREDIT_EVERY - 1 for request_id in failed)

    series: dict[str, list[int]] = {}
    for document in documents:
        prefix, number = re.fullmatch(r"(.*-)(\d{6})", document["ident"]).groups()  # type: ignore[union-attr]
        series.setdefault(prefix, []).append(int(number))
    for numbers in series.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))

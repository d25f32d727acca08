"""A real server that behaves as Stripe does, and one before it that fails as networks do."""

import contextlib
import hashlib
import hmac
import http.client
import json
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.checkers.waiting import until
from tests.factories.installation import free_port

from contor.payments.providers import stripe

KEY = "sk_test_contor"
SECRET = "whsec_1"
CREDENTIALS = [{"name": "apiKey", "value": KEY}, {"name": "webhookSecret", "value": SECRET}]
CARD, DECLINED, ASKS = "4242424242424242", "4000000000000341", "4000002500003155"
"""The last asks the customer to agree."""


class Stripes:
    """localstripe, behind a door that fails when it is told to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.faults: list[str] = []
        """What happens to the next calls that change something: `lost` (done, unanswered), `500` (not done), `500 after` (done)."""
        self.calls: list[str] = []
        self.keys: list[tuple[str, str | None]] = []
        """What was called, with which idempotency key."""
        self.door = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.door.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.server_address[1]}"

    def call(self, method: str, path: str, **said: Any) -> Any:
        """Straight to it."""
        data = urllib.parse.urlencode(said).encode() if said else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method)
        request.add_header("Authorization", f"Bearer {KEY}")
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())

    def payer(self, number: str = CARD) -> tuple[str, str]:
        """(customer, means of payment)"""
        customer = self.call("POST", "/v1/customers", description="Muster")["id"]
        card = {"card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2030", "card[cvc]": "123"}
        method = self.call("POST", "/v1/payment_methods", type="card", **card)["id"]
        with contextlib.suppress(urllib.error.HTTPError):
            self.call("POST", f"/v1/payment_methods/{method}/attach", customer=customer)
        return customer, method

    def agree(self, intent: str, number: str = CARD) -> None:
        """What a customer's browser does with a SetupIntent."""
        card = {"card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2030", "card[cvc]": "123"}
        said = {f"payment_method_data[{name}]": value for name, value in (("type", "card"), *card.items())}
        said = {name.replace("[card[", "[card]["): value for name, value in said.items()}
        said = {name.replace("]]", "]"): value for name, value in said.items()}
        with contextlib.suppress(urllib.error.HTTPError):
            self.call("POST", f"/v1/setup_intents/{intent}/confirm", **said)

    def charges(self, key: str) -> list[Any]:
        """What it charged for an attempt."""
        found = self.call("GET", "/v1/payment_intents?limit=100")["data"]
        return [one for one in found if one["metadata"].get("attempt") == key and one["status"] == "succeeded"]

    def refunds(self, key: str) -> list[Any]:
        return [one for one in self.call("GET", "/v1/refunds?limit=100")["data"] if one["metadata"].get("attempt") == key]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Door(BaseHTTPRequestHandler):
            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                # it speaks an older version of the API than the SDK does
                body = body.replace(b"allowed_payment_method_types", b"payment_method_types")
                outer.calls.append(f"{self.command} {self.path}")
                outer.keys.append((self.path, self.headers.get("Idempotency-Key")))
                fault = outer.faults.pop(0) if self.command == "POST" and outer.faults else ""
                if fault == "500":
                    self.answer(500, b'{"error": {"type": "api_error"}}')
                    return
                there = http.client.HTTPConnection("127.0.0.1", outer.port)
                left_out = ("host", "accept-encoding", "content-length")
                headers = {name: value for name, value in self.headers.items() if name.lower() not in left_out}
                there.request(self.command, self.path, body, headers)
                came = there.getresponse()
                content = came.read()
                if fault == "lost":
                    self.close_connection = True
                    self.connection.close()
                    return
                self.answer(500 if fault else came.status, b'{"error": {"type": "api_error"}}' if fault else content)

            do_GET = do_POST = handle_one  # noqa: N815

            def answer(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        return Door


def signed(content: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """As Stripe signs its calls."""
    said = str(int(at or time.time()))
    digest = hmac.new(secret.encode(), said.encode() + b"." + content, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={said},v1={digest}"}


def reach(server: Stripes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls to Stripe go to it, with no faults in wait."""
    monkeypatch.setitem(stripe.ADDRESSES, "api", server.address)
    monkeypatch.setattr(stripe, "TIMEOUT", 5)
    server.faults.clear()


@contextlib.contextmanager
def stripes() -> Iterator[Stripes]:
    """It runs as long as the block."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "localstripe", "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    made = Stripes(port)

    def answers() -> bool:
        with contextlib.suppress(OSError):
            made.call("GET", "/v1/customers")
            return True
        return False

    try:
        until(answers, "localstripe does not start")
        yield made
    finally:
        made.door.shutdown()
        process.kill()
        process.wait()

"""A real server on this machine that behaves as GoCardless does to who calls its API, and fails as networks do when it is told to."""

import contextlib
import hashlib
import hmac
import json
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN, SECRET = "sandbox_contor", "hook-secret"
CREDENTIALS = [{"name": "accessToken", "value": TOKEN}, {"name": "webhookSecret", "value": SECRET}]
VERSION = "2015-07-06"
PAGE = 2
"""Things of one page: fewer than it is asked for, so that who lists has to go on."""
Thing = dict[str, Any]


class GoCardlesses:
    """Mandates, payments, refunds, events; each thing once per idempotency key."""

    def __init__(self) -> None:
        self.things: dict[str, dict[str, Thing]] = {"mandates": {}, "payments": {}, "refunds": {}, "events": {}}
        self.things |= {"billing_requests": {}, "billing_request_flows": {}}
        self.keys: dict[tuple[str, str], str] = {}
        self.faults: list[str] = []
        """What happens to the next calls that make something: `lost` (done, unanswered), `500` (not done), `500 after` (done), `429`."""
        self.door = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.door.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.door.server_address[1]}"

    def mandate(self, status: str = "active") -> str:
        return str(self._make("mandates", "MD", {"status": status})["id"])

    def of(self, kind: str, key: str) -> list[Thing]:
        """What was made for an attempt."""
        return [one for one in self.things[kind].values() if one["metadata"].get("attempt") == key]

    def turn(self, kind: str, ident: str, status: str, **details: Any) -> tuple[bytes, dict[str, str]]:
        """What becomes of it, and what it calls about it: content and headers."""
        one = self.things[kind][ident]
        one["status"] = status
        about = {
            "action": status,
            "resource_type": kind,
            "links": {kind.removesuffix("s"): ident},
            "details": details,
            "resource_metadata": one["metadata"],
        }
        event = self._make("events", "EV", about)
        content = json.dumps({"events": [event], "meta": {"webhook_id": "WB1"}}).encode()
        return content, signed(content)

    def _make(self, kind: str, prefix: str, said: Thing) -> Thing:
        ident = f"{prefix}{len(self.things[kind]) + 1:06}"
        made = {"id": ident, "created_at": "2999-01-01T00:00:00.000Z", "metadata": {}, **said}
        self.things[kind][ident] = made
        return made

    # what is called

    def create(self, kind: str, said: Thing, key: str) -> tuple[int, Thing]:
        if (kind, key) in self.keys:
            links = {"conflicting_resource_id": self.keys[kind, key]}
            return 409, wrong("invalid_state", "idempotent_creation_conflict", links=links)
        makes = {"payments": self._payment, "refunds": self._refund, "billing_requests": self._request}
        status, made = makes.get(kind, self._flow)(said)
        if status == 201:
            self.keys[kind, key] = made[kind]["id"]
        return status, made

    def _payment(self, said: Thing) -> tuple[int, Thing]:
        mandate = self.things["mandates"].get(said["links"]["mandate"])
        if mandate is None:
            return 422, wrong("validation_failed", "resource_not_found", field="links.mandate")
        if mandate["status"] in ("cancelled", "failed", "expired"):
            return 422, wrong("invalid_state", "mandate_is_inactive")
        if not isinstance(said["amount"], int) or said["amount"] <= 0 or said["currency"] not in ("EUR", "GBP"):
            return 422, wrong("validation_failed", "is invalid", field="amount")
        return 201, {"payments": self._make("payments", "PM", {**said, "status": "pending_submission", "amount_refunded": 0})}

    def _request(self, said: Thing) -> tuple[int, Thing]:
        if said["mandate_request"]["scheme"] not in ("sepa_core", "bacs"):
            return 422, wrong("validation_failed", "is invalid", field="mandate_request.scheme")
        return 201, {"billing_requests": self._make("billing_requests", "BRQ", {"links": {}, **said, "status": "pending"})}

    def _flow(self, said: Thing) -> tuple[int, Thing]:
        made = self._make("billing_request_flows", "BRF", said)
        made["authorisation_url"] = f"https://pay.gocardless.test/flow/{made['id']}"
        return 201, {"billing_request_flows": made}

    def agree(self, ident: str) -> str:
        """The customer gives his mandate on its pages; what that is called."""
        mandate = self.mandate()
        self.things["billing_requests"][ident]["status"] = "fulfilled"
        self.things["billing_requests"][ident]["links"] |= {"customer": "CU000001", "mandate_request_mandate": mandate}
        return mandate

    def _refund(self, said: Thing) -> tuple[int, Thing]:
        payment = self.things["payments"].get(said["links"]["payment"])
        if payment is None or payment["status"] not in ("confirmed", "paid_out"):
            return 422, wrong("invalid_state", "refund_payment_invalid_state")
        total = payment["amount_refunded"] + said["amount"]
        if total != said["total_amount_confirmation"] or total > payment["amount"]:
            return 422, wrong("validation_failed", "total_amount_confirmation_invalid", field="total_amount_confirmation")
        payment["amount_refunded"] = total
        return 201, {"refunds": self._make("refunds", "RF", {**said, "currency": payment["currency"], "status": "created"})}

    def stop(self, kind: str, ident: str) -> tuple[int, Thing]:
        if kind == "payments":
            return self.cancel(ident)
        request = self.things[kind][ident]
        if request["status"] == "fulfilled":
            return 422, wrong("invalid_state", "billing_request_fulfilled")
        request["status"] = "cancelled"
        return 200, {kind: request}

    def cancel(self, ident: str) -> tuple[int, Thing]:
        payment = self.things["payments"][ident]
        if payment["status"] != "pending_submission":
            return 422, wrong("invalid_state", "cancellation_failed")
        payment["status"] = "cancelled"
        return 200, {"payments": payment}

    def listed(self, kind: str, query: dict[str, str]) -> Thing:
        found = list(self.things[kind].values())[::-1]  # the newest come first
        for name in ("mandate", "payment"):
            if name in query:
                found = [one for one in found if one["links"].get(name) == query[name]]
        if "action" in query:
            found = [one for one in found if one["action"] == query["action"]]
        begin = next((at + 1 for at, one in enumerate(found) if one["id"] == query.get("after")), 0)
        page = found[begin : begin + min(PAGE, int(query.get("limit", PAGE)))]
        more = page[-1]["id"] if begin + len(page) < len(found) and page else None
        return {kind: page, "meta": {"cursors": {"before": None, "after": more}, "limit": PAGE}}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Entrance(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urllib.parse.urlsplit(self.path)
                _, kind, *rest = path.path.split("/")
                if not self.known():
                    self.answer(401, wrong("invalid_api_usage", "access_token_not_found"))
                elif not rest:
                    self.answer(200, outer.listed(kind, dict(urllib.parse.parse_qsl(path.query))))
                elif rest[0] in outer.things[kind]:
                    self.answer(200, {kind: outer.things[kind][rest[0]]})
                else:
                    self.answer(404, wrong("invalid_api_usage", "resource_not_found"))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
                _, kind, *rest = self.path.split("/")
                if not self.known():
                    self.answer(401, wrong("invalid_api_usage", "access_token_not_found"))
                    return
                fault = outer.faults.pop(0) if outer.faults else ""
                if fault in ("500", "429"):
                    self.answer(int(fault), wrong("gocardless", "internal_server_error"))
                    return
                status, said = (
                    outer.stop(kind, rest[0]) if rest else outer.create(kind, body[kind], self.headers["Idempotency-Key"])
                )
                if fault == "lost":
                    self.close_connection = True
                    self.connection.close()
                elif fault:
                    self.answer(500, wrong("gocardless", "internal_server_error"))
                else:
                    self.answer(status, said)

            def known(self) -> bool:
                said = (self.headers.get("Authorization"), self.headers.get("GoCardless-Version"))
                return said == (f"Bearer {TOKEN}", VERSION)

            def answer(self, status: int, said: Thing) -> None:
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        return Entrance


def wrong(type_: str, reason: str, **more: Any) -> Thing:
    """A fault as it says it."""
    return {"error": {"type": type_, "message": reason, "code": 422, "errors": [{"reason": reason, "message": reason, **more}]}}


def signed(content: bytes, secret: str = SECRET) -> dict[str, str]:
    """As it signs its calls."""
    return {"Webhook-Signature": hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()}


@contextlib.contextmanager
def gocardlesses() -> Iterator[GoCardlesses]:
    """It runs as long as the block."""
    made = GoCardlesses()
    yield made
    made.door.shutdown()
    made.door.server_close()

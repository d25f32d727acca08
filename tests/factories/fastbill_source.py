"""An account of FastBill that is taken over: filled by FastBill's own calls, and served on loopback."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import uvicorn
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from tests.factories.fastbill import Account, unlimited
from tests.factories.tenants import a_client, a_tenant

from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.voice import FASTBILL
from contor.api.serve import build_named
from contor.app import Application, make_runtime
from contor.commands.demo import master_data
from contor.documents.after import PER_JOB, ArchiveDocuments, archive
from contor.runtime.execute import Runtime

NOW = dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)
PDF_MARK = b"%PDF"


@dataclass
class Filling:
    """Who fills it."""

    account: Account
    made: dict[str, Any] = field(default_factory=dict)
    """Numbers of what was made, by a name for it."""

    def call(self, service: str, **data: Any) -> Any:
        said = self.account.call(service, {name.upper(): value for name, value in data.items()})
        assert "ERRORS" not in said, (service, said)
        return said

    def turn(self, instant: dt.datetime) -> None:
        self.account.tenant.turn_clock(instant)

    def fill(self) -> None:
        """Customers, contacts, articles, a coupon, subscriptions, drafts, invoices that are open, paid, partly paid and cancelled, and
        what stands beside."""
        self._people()
        self._goods()
        self.turn(dt.datetime(2026, 1, 15, 9, tzinfo=dt.UTC))
        self._subscribe()
        self._write()
        self.turn(NOW)
        self._beside()
        self.archive()

    def _people(self) -> None:
        address = {"address": "Marktplatz 1", "zipcode": "20095", "city": "Hamburg", "country_code": "DE"}
        for number, name in (("K1", "Laden Nord"), ("K2", "Laden Süd"), ("K3", "Laden West")):
            more = {"email": f"{number.lower()}@example.com", "days_for_payment": 10, "x_attributes": {"region": name[6:]}}
            made = self.call(
                "customer.create", customer_type="business", customer_number=number, organization=name, **address, **more
            )
            self.made[number] = made["CUSTOMER_ID"]
        person = {"customer_type": "consumer", "customer_number": "P1", "last_name": "Muster", "first_name": "Erika"}
        self.made["P1"] = self.call("customer.create", **person, **address)["CUSTOMER_ID"]
        for name in ("Einkauf", "Buchhaltung"):
            made = self.call("contact.create", customer_id=self.made["K1"], last_name=name, email="x@example.com", **address)
            self.made[name] = made["CONTACT_ID"]

    def _goods(self) -> None:
        common = {"currency_code": "EUR", "vat_percent": "19"}
        term = {"subscription_interval": "1 month", "subscription_cancellation": "14 day"}
        self.call("article.create", article_number="small", title="Small", unit_price="29.90", setup_fee="5", **term, **common)
        self.call(
            "article.create",
            article_number="large",
            title="Large",
            unit_price="49.95",
            subscription_trial="90 day",
            **term,
            **common,
        )
        addon = {"is_addon": "1", "assigned_articles": "small,large"}  # its interval is theirs
        self.call("article.create", article_number="seat", title="Seat", unit_price="7.50", **addon, **common)
        self.call("article.create", article_number="hour", title="Hour", unit_price="95", unit="h", **common)
        coupon = {"code": "third", "name": "A third off", "type": "PERCENTAGE", "percentage": "33", "duration": "LIMITED"}
        answer = self.account.tenant.call("POST", "/coupons", {**coupon, "period": {"value": 4, "unit": "EVENT"}})
        assert answer.status == 201, answer.body

    def _subscribe(self) -> None:
        def subscribe(name: str, customer: str, article: str, **more: Any) -> None:
            made = self.call("subscription.create", customer_id=self.made[customer], article_number=article, **more)
            self.made[name] = made["SUBSCRIPTION_ID"]

        addons = [{"ARTICLE_NUMBER": "seat", "QUANTITY": 3}]
        subscribe("plain", "K1", "small", addons=addons, subscription_ext_uid="crm-1", x_attributes={"tier": "gold"})
        subscribe("own price", "K2", "small", quantity=2, unit_price="27.50", title="Small for you")
        subscribe("reduced", "K2", "small", coupon="third")
        subscribe("trial", "K3", "large")
        subscribe("ending", "K3", "small")
        subscribe("postponed", "K2", "small")
        self.call("subscription.update", subscription_id=self.made["postponed"], next_event="2026-03-24")
        subscribe("paused", "K1", "small")
        self.call("subscription.update", subscription_id=self.made["paused"], status="inactive")
        self.call("subscription.cancel", subscription_id=self.made["ending"], cancellation_date="2026-04-15 00:00:00")

    def _write(self) -> None:
        items = [
            {"DESCRIPTION": "Beratung", "QUANTITY": "2.5", "UNIT_PRICE": "95.00", "VAT_PERCENT": "19", "UNIT": "h"},
            {"DESCRIPTION": "Buch<br>gebunden", "QUANTITY": "1", "UNIT_PRICE": "10.70", "VAT_PERCENT": "7", "IS_GROSS": 1},
        ]
        for name, customer in (("open", "K1"), ("paid", "K1"), ("cancelled", "K2"), ("reduced invoice", "K2"), ("late", "P1")):
            made = self.call("invoice.create", customer_id=self.made[customer], invoice_title=name, items=items)
            self.made[name] = made["INVOICE_ID"]
            self.call("invoice.complete", invoice_id=made["INVOICE_ID"])
        self.call("invoice.setpaid", invoice_id=self.made["paid"], paid_date="2026-01-15")
        self.call("invoice.cancel", invoice_id=self.made["cancelled"])
        part = {"cancellation_amount": "20.00", "description": "Nachlass"}
        self.call("invoice.cancel", invoice_id=self.made["reduced invoice"], **part)
        for name, customer in (("first draft", "K1"), ("second draft", "P1")):
            made = self.call(
                "invoice.create", customer_id=self.made[customer], invoice_title=name, items=items, introtext="Guten Tag"
            )
            self.made[name] = made["INVOICE_ID"]

    def _beside(self) -> None:
        self.call("customer.addcredits", customer_id=self.made["K3"], amount="12.50")
        made = self.call("project.create", customer_id=self.made["K1"], project_name="Umbau", hour_price="80")
        self.made["project"] = made["PROJECT_ID"]
        worked = {"customer_id": self.made["K1"], "project_id": made["PROJECT_ID"], "comment": "Planung"}
        self.call("time.create", start_time="2026-03-02 09:00:00", end_time="2026-03-02 10:30:00", **worked)
        row = {"DESCRIPTION": "Angebotenes", "QUANTITY": "3", "UNIT_PRICE": "33.33", "VAT_PERCENT": "19"}
        self.call("estimate.create", customer_id=self.made["K2"], items=[row, {**row, "VAT_PERCENT": "7"}], discount="7.5")
        self.call("expense.create", invoice_date="2026-03-02", organization="Papier Nord GmbH", sub_total="100", vat_total="19")
        self.call("revenue.create", invoice_date="2026-02-02", customer_id=self.made["K3"], sub_total="50", vat_total="9.5")

    def archive(self) -> None:
        """The files of its documents are made."""
        tenant = self.account.tenant
        waiting = [row.id for row in tenant.rows("SELECT id FROM document WHERE status = 'CREATED' ORDER BY id")]
        for start in range(0, len(waiting), PER_JOB):
            tenant.execute(archive, ArchiveDocuments(document_ids=tuple(waiting[start : start + PER_JOB])))


class Answering:
    """The application, which first asks a few times to wait."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self.busy = 0
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append(scope["path"])
            if self.busy:
                self.busy -= 1
                await send({"type": "http.response.start", "status": 429, "headers": [(b"retry-after", b"7")]})
                await send({"type": "http.response.body", "body": b"{}"})
                return
        await self._app(scope, receive, send)


@dataclass
class Served:
    url: str
    filling: Filling
    app: Answering

    @property
    def account(self) -> Account:
        return self.filling.account


@contextmanager
def served_account(runtime: Runtime, dsn: str) -> Iterator[Served]:
    """A filled account, on a free port of loopback; its links begin with that address."""
    client = TestClient(build_named(FASTBILL, SERVICES, runtime), raise_server_exceptions=False)
    tenant = unlimited(a_tenant(runtime, a_client(runtime)))
    master_data(runtime, tenant.caller())
    tenant.turn_clock(NOW)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        made = make_runtime(replace(runtime.config, port=port), dsn)
        app = Answering(Application(made))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            filling = Filling(Account(tenant, client))
            filling.fill()
            yield Served(f"http://127.0.0.1:{port}", filling, app)
        finally:
            server.should_exit = True
            thread.join()

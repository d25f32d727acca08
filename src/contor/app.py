"""The composition root: every package is imported here, so that its operations, events and checks are known; and the web application."""

import gc
import importlib
import pkgutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from contor.api.fastbill.push import FORMS as FASTBILL_FORMS
from contor.api.fastbill.services import SERVICES as FASTBILL_SERVICES
from contor.api.fastbill.voice import FASTBILL
from contor.api.fynn.push import FORMS as FYNN_FORMS
from contor.api.fynn.routes import ROUTES as FYNN_ROUTES
from contor.api.fynn.voice import FYNN, MOUNT
from contor.api.http import read_body
from contor.api.limits import Limits
from contor.api.management.routes import ROUTES as MANAGEMENT_ROUTES
from contor.api.management.voice import MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM_ROUTES
from contor.api.platform.token import token_route
from contor.api.platform.voice import PLATFORM
from contor.api.platform.webhooks import webhook_route
from contor.api.serve import build, build_named
from contor.kernel.events import arrange
from contor.notifications.formats import register
from contor.runtime import tracing
from contor.runtime.blobs import FileBlobs
from contor.runtime.config import Config
from contor.runtime.db import Database, limited
from contor.runtime.execute import Runtime
from contor.runtime.postgres import process_login
from contor.runtime.secrets import Secrets
from contor.runtime.tracing import Kind, span, status_is
from contor.runtime.work.jobs import enqueue_followers
from contor.ui.agreements import agreement_routes
from contor.ui.customers import customer_routes
from contor.ui.ordering import checkout_routes, offer_routes
from contor.ui.pages import page_routes
from contor.ui.papers import paper_routes
from contor.ui.usages import usage_routes
from contor.ui.watch import Seen, watch_routes

for _name, _form in (*FASTBILL_FORMS.items(), *FYNN_FORMS.items()):
    register(_name, _form)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
IN_ORDER = (
    "takeovers",
    "organizations",
    "settings",
    "custom_fields",
    "customers",
    "tax",
    "payments",
    "documents",
    "catalogue",
    "contracts",
    "entitlements",
    "usage",
    "rated_usage",
    "billing",
    "orders",
    "projects",
    "offers",
    "expenses",
    "openitems",
    "dunning",
    "assignment",
    "bookkeeping",
    "reports",
    "checkout",
    "notifications",
)
"""The business packages in process order, which is the order in which they act on an event."""


def load_packages() -> None:
    """Import every business module, and what the runtime itself declares: declarations register themselves."""
    importlib.import_module("contor.api.fastbill.taking")
    importlib.import_module("contor.runtime.work.checking")
    importlib.import_module("contor.runtime.work.left_files")
    importlib.import_module("contor.runtime.work.tallies")
    for name in IN_ORDER:
        package = importlib.import_module(f"contor.{name}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    arrange([f"contor.{name}" for name in IN_ORDER])
    gc.freeze()  # what is imported stays, and is not looked through for cycles
    gc.enable()


def make_runtime(config: Config, dsn: str, *, shared: bool = False) -> Runtime:
    """The runtime of one process; the caller opens and closes its database. `shared`: by more callers than there are connections."""
    load_packages()
    database = Database(dsn, size=config.pool_size, shared=shared)
    return Runtime(config, database, FileBlobs(config.home / "blobs"), Secrets.load(config), enqueue_followers)


class Application:
    """Five dialects, one host: the path says which one answers. On hosts of its own the fynn dialect has the root."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        limits, self._seen = Limits(runtime.config), Seen()
        self._dialects = {
            PLATFORM.prefix: build(PLATFORM, PLATFORM_ROUTES, runtime, limits),
            MANAGEMENT.prefix: build(MANAGEMENT, MANAGEMENT_ROUTES, runtime, limits),
            FASTBILL.prefix: build_named(FASTBILL, FASTBILL_SERVICES, runtime, limits),
            MOUNT: build(FYNN, FYNN_ROUTES, runtime, limits),
        }
        self._names: dict[str | None, str] = {
            **{one.prefix: one.name for one in (PLATFORM, MANAGEMENT, FASTBILL)},
            MOUNT: FYNN.name,
        }
        self._fynn_hosts = tuple(host for host in runtime.config.fynn_hosts.split(",") if host)
        self._rest = Starlette(
            routes=[
                *watch_routes(runtime, self._seen, contor_version()),
                token_route(runtime, limits),
                webhook_route(runtime, limits),
                *page_routes(runtime, read_body),
                *agreement_routes(runtime, read_body, limits.guard),
                *customer_routes(runtime, read_body, limits.guard),
                *paper_routes(runtime, limits.guard),
                *checkout_routes(runtime, read_body, limits.guard),
                *offer_routes(runtime, read_body, limits.guard),
                *usage_routes(runtime, limits.guard),
            ],
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _unrouted},
        )
        self._rest.router.redirect_slashes = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        began, status, request_id = time.perf_counter(), 500, ""

        async def sending(message: Message) -> None:
            nonlocal status, request_id
            if message["type"] == "http.response.start":
                status = message["status"]
                request_id = dict(message.get("headers", ())).get(b"x-request-id", b"").decode()
            await send(message)

        found, path = self._found(scope), scope["path"]
        if found == MOUNT:
            scope = _below(MOUNT, scope)
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        try:
            with span(method, Kind.SERVER, Headers(scope=scope)):
                await (self._dialects[found] if found is not None else self._rest)(scope, receive, sending)
                status_is(method, status, request_id)
        finally:
            api = self._names.get(found, "other")
            self._seen.answered(api, method, path, status, time.perf_counter() - began, request_id)

    def _found(self, scope: Scope) -> str | None:
        """The prefix of the dialect that answers; None: none does. A host of fynn's is its, but for whether the server is alive."""
        path: str = scope["path"]
        if self._fynn_hosts and path != "/health" and _is_among(Headers(scope=scope).get("host", ""), self._fynn_hosts):
            return MOUNT
        return next((prefix for prefix in self._dialects if path == prefix or path.startswith(f"{prefix}/")), None)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.runtime.database.open()
        yield
        self.runtime.database.close()
        tracing.end()


def _is_among(host: str, hosts: Sequence[str]) -> bool:
    name = host.lower().rpartition("@")[2].split(":")[0]
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in hosts)


def _below(prefix: str, scope: Scope) -> Scope:
    """The request as the dialect at the prefix sees it: its paths begin with nothing. One that came without the prefix stays."""
    if not (scope["path"] == prefix or scope["path"].startswith(f"{prefix}/")):
        return scope
    raw: bytes = scope.get("raw_path") or b""
    shorter = raw.removeprefix(prefix.encode())
    return {**scope, "path": scope["path"].removeprefix(prefix) or "/", "raw_path": shorter or b"/"}


async def _unrouted(request: Request, error: Exception) -> Response:
    """What belongs to no API: said in JSON, as everything is."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    body = {
        "status": HTTPStatus(status).name,
        "message": f"{request.method} {request.url.path[:500]} is nothing that is served here.",
    }
    return JSONResponse(body, status, getattr(error, "headers", None))


def contor_version() -> str:
    from importlib.metadata import version

    return version("contor")


def application() -> Application:
    """What uvicorn serves: configured by the environment, the database named by `DATABASE_URL`."""
    config = Config.from_environment()
    if config.database_url is None:
        raise SystemExit("DATABASE_URL is not set: start Contor with `contor run`, which brings its own PostgreSQL")
    login = process_login(config.database_url, Secrets.load(config))
    tracing.start("contor-api")
    return Application(make_runtime(config, limited(login, config.statement_seconds), shared=True))

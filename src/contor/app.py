"""The composition root: every package is imported here, so that its operations, events and checks are known; and the web application."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contor.api.management.routes import ROUTES as MANAGEMENT_ROUTES
from contor.api.management.voice import MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM_ROUTES
from contor.api.platform.token import token_route
from contor.api.platform.voice import PLATFORM
from contor.api.serve import build
from contor.kernel.events import arrange
from contor.runtime.blobs import FileBlobs
from contor.runtime.config import Config
from contor.runtime.db import Database
from contor.runtime.execute import Runtime
from contor.runtime.postgres import process_login
from contor.runtime.secrets import Secrets
from contor.runtime.work.jobs import enqueue_followers
from contor.ui.pages import page_routes

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

IN_ORDER = (
    "organizations",
    "settings",
    "customers",
    "tax",
    "payments",
    "documents",
    "catalogue",
    "contracts",
    "usage",
    "rated_usage",
    "billing",
    "orders",
    "openitems",
    "assignment",
    "bookkeeping",
)
"""The business packages in process order, which is the order in which they act on an event."""


def load_packages() -> None:
    """Import every business module, and what the runtime itself declares: declarations register themselves."""
    importlib.import_module("contor.runtime.work.checking")
    for name in IN_ORDER:
        package = importlib.import_module(f"contor.{name}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    arrange([f"contor.{name}" for name in IN_ORDER])


def make_runtime(config: Config, dsn: str) -> Runtime:
    """The runtime of one process; the caller opens and closes its database."""
    load_packages()
    return Runtime(
        config, Database(dsn, size=config.pool_size), FileBlobs(config.home / "blobs"), Secrets.load(config), enqueue_followers
    )


class Application:
    """Four dialects, one host: the path says which one answers."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._dialects = {
            PLATFORM.prefix: build(PLATFORM, PLATFORM_ROUTES, runtime),
            MANAGEMENT.prefix: build(MANAGEMENT, MANAGEMENT_ROUTES, runtime),
        }
        self._rest = Starlette(
            routes=[Route("/health", self._health), token_route(runtime), *page_routes(runtime)], lifespan=self._lifespan
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            for prefix, app in self._dialects.items():
                if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("/", ""):
                    await app(scope, receive, send)
                    return
        await self._rest(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> Any:
        self.runtime.database.open()
        yield
        self.runtime.database.close()

    def _health(self, _: Request) -> Response:
        """200 when the database answers."""
        self.runtime.database.ready()
        return JSONResponse({"status": "ready", "version": contor_version()})


def contor_version() -> str:
    from importlib.metadata import version

    return version("contor")


def application() -> Application:
    """What uvicorn serves: configured by the environment, the database named by `DATABASE_URL`."""
    config = Config.from_environment()
    if config.database_url is None:
        raise SystemExit("DATABASE_URL is not set: start Contor with `contor run`, which brings its own PostgreSQL")
    return Application(make_runtime(config, process_login(config.database_url, Secrets.load(config))))

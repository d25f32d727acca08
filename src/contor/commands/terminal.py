"""What commands share: where they print, who they are, and the runtime that they work on."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from contor.commands.logs import write_logs
from contor.kernel.context import EVERYTHING, Caller
from contor.runtime.config import Config
from contor.runtime.execute import Runtime
from contor.runtime.secrets import Secrets

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def cli_caller(tenant_id: int | None = None) -> Caller:
    return Caller("cli", "cli", tenant_id, permissions=frozenset({EVERYTHING}))


@contextmanager
def opened(config: Config | None = None) -> Iterator[Runtime]:
    """A runtime over `DATABASE_URL`, or over the embedded server (started for the time if it does not run)."""
    from contor.app import make_runtime
    from contor.runtime.postgres import embedded, process_login

    config = config or Config.from_environment()
    write_logs(config)
    with embedded(config) as dsn:
        runtime = make_runtime(config, process_login(dsn, Secrets.load(config)))
        runtime.database.open()
        try:
            yield runtime
        finally:
            runtime.database.close()

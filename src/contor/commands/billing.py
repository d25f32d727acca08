"""Bill from the command line: for real, or to see what would happen; and correct what was billed at a rate that has changed since."""

from contor.billing.corrections import CorrectedRates, CorrectRates, correct_rates
from contor.billing.runs import PreviewRun, RunReport, preview, run_tenant
from contor.commands.importing import demo_realm
from contor.kernel.context import EVERYTHING, Caller
from contor.organizations.clock import FindEnvironment, find_environment
from contor.runtime.execute import Runtime
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

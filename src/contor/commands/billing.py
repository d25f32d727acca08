"""Bill from the command line: for real, or to see what would happen."""

from contor.billing.run import PreviewRun, RunReport, preview, run_tenant
from contor.commands.importing import demo_realm
from contor.kernel.context import EVERYTHING, Caller
from contor.organizations.clock import FindEnvironment, find_environment
from contor.runtime.execute import Runtime


def bill(runtime: Runtime, realm: str | None, *, dry_run: bool) -> RunReport:
    """Run the tenant of `realm` (default: the demo's). A dry run issues everything and undoes it: its sums are those of the run."""
    everyone = frozenset({EVERYTHING})
    found = runtime.execute(
        find_environment, FindEnvironment(realm=realm or demo_realm(runtime)), Caller("cli", "billing", permissions=everyone)
    )
    if not dry_run:
        return run_tenant(runtime, found.tenant_id)
    caller = Caller("cli", "billing", found.tenant_id, permissions=everyone)
    return runtime.execute(preview, PreviewRun(), caller, dry_run=True)

"""An account of FastBill is taken over through its API."""

from contor.commands.importing.fastbill.copying import Advance, Copying
from contor.commands.importing.fastbill.report import Outcome, write
from contor.commands.importing.fastbill.source import Account, Source, Wait, address_of
from contor.commands.importing.importer import demo_realm
from contor.kernel.context import EVERYTHING, Caller
from contor.organizations.clock import FindEnvironment, find_environment
from contor.runtime.execute import Runtime
from contor.runtime.outbound import outbound

__all__ = ["Account", "Outcome", "address_of", "import_account", "write"]


def import_account(runtime: Runtime, account: Account, realm: str | None, advance: Advance, wait: Wait) -> Outcome:
    """Take the account into the tenant of `realm` (default: the demo's). Raises `Refused` where it cannot be read."""
    anyone = Caller("cli", "import", permissions=frozenset({EVERYTHING}))
    found = runtime.execute(find_environment, FindEnvironment(realm=realm or demo_realm(runtime)), anyone)
    caller = Caller("cli", "import", found.tenant_id, permissions=frozenset({EVERYTHING}))
    return Copying(runtime, caller, Source(account, outbound(runtime.config), wait), account.name, advance).run()

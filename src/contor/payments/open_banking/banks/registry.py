"""Who is asked for an account: a provider's name, and what makes it for a tenant."""

from collections.abc import Callable, Mapping

from contor.payments.open_banking.banks.fints import FinTS
from contor.payments.open_banking.banks.simulated import SimulatedBank
from contor.payments.open_banking.banks.types import Bank
from contor.payments.open_banking.types import BankProvider
from contor.runtime.execute import Runtime

REGISTRY: Mapping[BankProvider, Callable[[Runtime, int], Bank]] = {
    "FINTS": lambda runtime, tenant_id: FinTS(runtime.config),
    "SIMULATED": SimulatedBank,
}
"""`(runtime, tenant id)`. FILES is not asked: its statements come by themselves."""


def bank_of(runtime: Runtime, tenant_id: int, provider: BankProvider) -> Bank | None:
    """None: nobody is asked, statements come as files."""
    made = REGISTRY.get(provider)
    return None if made is None else made(runtime, tenant_id)

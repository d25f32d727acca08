"""By whom money is moved: a provider's name, and what makes it for a tenant."""

from collections.abc import Callable, Mapping

from contor.payments.gateways import Provider as Registered
from contor.payments.providers.simulated import Simulated
from contor.payments.providers.stripe import Stripe
from contor.payments.providers.types import Provider
from contor.runtime.execute import Runtime

Maker = Callable[[Runtime, int, Mapping[str, str]], Provider]
"""`(runtime, tenant id, credentials)`"""
REGISTRY: Mapping[str, Maker] = {
    "STRIPE": lambda runtime, tenant_id, credentials: Stripe(credentials),
    "SIMULATED": lambda runtime, tenant_id, credentials: Simulated(runtime, tenant_id),
}
"""Those that are called for each intent. SEPA_FILE is not: intents go out in files (`payments.files`)."""


def moves_money(name: str) -> bool:
    """Whether intents can be handed to it from here, one by one or by files."""
    return name == "SEPA_FILE" or name in REGISTRY


def provider_of(runtime: Runtime, tenant_id: int, registered: Registered) -> Provider:
    """The provider of a tenant, with what it is asked with."""
    return REGISTRY[registered.name](runtime, tenant_id, registered.credentials)

"""By whom money is moved: a provider's name, and what makes it for a tenant."""

from collections.abc import Callable, Mapping

from contor.payments.gateways import Provider as Registered
from contor.payments.providers import gocardless, stripe
from contor.payments.providers.gocardless import GoCardless
from contor.payments.providers.gocardless_setups import GoCardlessSetups
from contor.payments.providers.simulated import Simulated
from contor.payments.providers.simulated_setups import SimulatedSetups
from contor.payments.providers.stripe import Stripe
from contor.payments.providers.stripe_setups import StripeSetups
from contor.payments.providers.types import Provider, SettingUp
from contor.runtime.execute import Runtime

Maker = Callable[[Runtime, int, Mapping[str, str]], Provider]
"""`(runtime, tenant id, credentials)`"""
REGISTRY: Mapping[str, Maker] = {
    "GOCARDLESS": lambda runtime, tenant_id, credentials: GoCardless(credentials),
    "STRIPE": lambda runtime, tenant_id, credentials: Stripe(credentials),
    "SIMULATED": lambda runtime, tenant_id, credentials: Simulated(runtime, tenant_id),
}
"""Those that are called for each intent. SEPA_FILE is not: intents go out in files (`payments.files`)."""

SETTING_UP: Mapping[str, Callable[[Runtime, int, Mapping[str, str]], SettingUp]] = {
    "GOCARDLESS": lambda runtime, tenant_id, credentials: GoCardlessSetups(credentials),
    "STRIPE": lambda runtime, tenant_id, credentials: StripeSetups(credentials),
    "SIMULATED": lambda runtime, tenant_id, credentials: SimulatedSetups(runtime, tenant_id),
}
"""Those where customers agree to be collected from."""

CALLED_BY: Mapping[str, Callable[[bytes, str, str], tuple[str, ...]]] = {
    "GOCARDLESS": gocardless.references_called,
    "STRIPE": stripe.references_called,
}
"""`(content, signature, webhook secret)`: what the calls of those that call are about."""


def references_called(name: str, content: bytes, signature: str, secret: str) -> tuple[str, ...] | None:
    """What a call of this provider is about; None: it calls nobody. Raises `Refused` where its signature does not fit."""
    about = CALLED_BY.get(name)
    return None if about is None else about(content, signature, secret)


def moves_money(name: str) -> bool:
    """Whether intents can be handed to it from here, one by one or by files."""
    return name == "SEPA_FILE" or name in REGISTRY


def provider_of(runtime: Runtime, tenant_id: int, registered: Registered) -> Provider:
    """The provider of a tenant, with what it is asked with."""
    return REGISTRY[registered.name](runtime, tenant_id, registered.credentials)


def setting_up(runtime: Runtime, tenant_id: int, registered: Registered) -> SettingUp:
    """Where the tenant's customers agree to be collected from, with what it is asked with."""
    return SETTING_UP[registered.name](runtime, tenant_id, registered.credentials)

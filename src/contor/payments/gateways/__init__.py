"""By whom and where money moves: gateways (which account takes a currency), providers, and where their files come from."""

from contor.payments.gateways.capabilities import KEEPING, capabilities_of
from contor.payments.gateways.gateways import (
    GATEWAYS,
    accounts_by_gateway,
    create_gateway,
    known_gateways,
    list_gateways,
    update_gateway,
)
from contor.payments.gateways.providers import (
    PROVIDERS,
    Provider,
    create_provider,
    delete_provider,
    get_provider,
    list_providers,
    provider_name,
    providers_by_id,
    update_provider,
)
from contor.payments.gateways.sources import (
    Source,
    create_source,
    delete_source,
    get_source,
    mark_read,
    source_named,
    sources_due,
    update_source,
)
from contor.payments.gateways.types import Capabilities, GatewayView, ProviderView

__all__ = [
    "GATEWAYS",
    "KEEPING",
    "PROVIDERS",
    "Capabilities",
    "GatewayView",
    "Provider",
    "ProviderView",
    "Source",
    "accounts_by_gateway",
    "capabilities_of",
    "create_gateway",
    "create_provider",
    "create_source",
    "delete_provider",
    "delete_source",
    "get_provider",
    "get_source",
    "known_gateways",
    "list_gateways",
    "list_providers",
    "mark_read",
    "provider_name",
    "providers_by_id",
    "source_named",
    "sources_due",
    "update_gateway",
    "update_provider",
    "update_source",
]

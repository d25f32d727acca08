"""Tax providers: who determines taxes where, what they say of supplies, and which documents are recorded with them."""

from contor.tax.providers.avalara import Recorded, Row, code_of, recording_body
from contor.tax.providers.capabilities import has_nexus
from contor.tax.providers.configure import (
    list_mappings,
    list_providers,
    map_provider,
    unmap_country,
    unmap_country_of_group,
)
from contor.tax.providers.credentials import (
    create_properties,
    delete_credentials,
    delete_properties,
    get_credentials,
    get_properties,
    list_credentials,
    put_credentials,
    update_properties,
)
from contor.tax.providers.events import TaxesQuoted
from contor.tax.providers.queries import Elsewhere, Providers, elsewhere, is_any_asked, properties_of, provider_for, providers_of
from contor.tax.providers.quotes import Quote, quotes_for
from contor.tax.providers.recording import (
    TRANSACTIONS,
    ToRecord,
    list_transactions,
    record,
    retry_transaction,
    take_back,
)
from contor.tax.providers.types import Outside, Place, Quotation, QuotedTax, TaxTransactionView

__all__ = [
    "TRANSACTIONS",
    "Elsewhere",
    "Outside",
    "Place",
    "Providers",
    "Quotation",
    "Quote",
    "QuotedTax",
    "Recorded",
    "Row",
    "TaxTransactionView",
    "TaxesQuoted",
    "ToRecord",
    "code_of",
    "create_properties",
    "delete_credentials",
    "delete_properties",
    "elsewhere",
    "get_credentials",
    "get_properties",
    "has_nexus",
    "is_any_asked",
    "list_credentials",
    "list_mappings",
    "list_providers",
    "list_transactions",
    "map_provider",
    "properties_of",
    "provider_for",
    "providers_of",
    "put_credentials",
    "quotes_for",
    "record",
    "recording_body",
    "retry_transaction",
    "take_back",
    "unmap_country",
    "unmap_country_of_group",
    "update_properties",
]

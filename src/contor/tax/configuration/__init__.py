"""How a tenant has its taxes determined, and what its billing groups decide instead."""

from contor.tax.configuration.configure import (
    get_configuration,
    get_group_configuration,
    put_configuration,
    put_group_configuration,
)
from contor.tax.configuration.events import TaxConfigurationChanged
from contor.tax.configuration.queries import configurations
from contor.tax.configuration.types import Provider, TaxConfiguration, TaxConfigurations, WhenDown

__all__ = [
    "Provider",
    "TaxConfiguration",
    "TaxConfigurationChanged",
    "TaxConfigurations",
    "WhenDown",
    "configurations",
    "get_configuration",
    "get_group_configuration",
    "put_configuration",
    "put_group_configuration",
]

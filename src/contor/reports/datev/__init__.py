"""The export for DATEV (EXTF 7.00): booking batch, debtors and creditors, pictures of documents."""

from contor.reports.datev.configuration import (
    OwnConfiguration,
    PutConfiguration,
    delete_configuration,
    get_configuration,
    put_configuration,
)
from contor.reports.datev.kind import DATEV
from contor.reports.datev.types import DatevConfiguration

__all__ = [
    "DATEV",
    "DatevConfiguration",
    "OwnConfiguration",
    "PutConfiguration",
    "delete_configuration",
    "get_configuration",
    "put_configuration",
]

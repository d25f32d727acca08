"""Read how a tenant is reported to the tax authorities of other countries."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, TypedDict

from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.abroad.types import SafTCountry


class SeriesFields(TypedDict):
    """Of a `DocumentSeries`."""

    document_type: str
    series: str
    validation_code: str | None


class GroupFields(TypedDict):
    """Of an `AccountGroup`."""

    account_from: int
    account_to: int
    code: str
    category: str | None


class CodeFields(TypedDict):
    """Of a `TaxCode`."""

    category_code: str
    rate: Decimal | None
    code: str
    exemption_code: str | None
    exemption_reason: str | None


class SafTConfiguration(NamedTuple):
    """How the company of an operating site is reported."""

    ident: str
    country: SafTCountry
    operating_site_ident: str | None
    """None: the company of the default site."""
    taxpayer_number: str
    software_certificate: str | None
    product_id: str | None
    product_taxpayer_number: str | None
    series: Sequence[SeriesFields]
    taxonomy_reference: Literal["S", "M", "N", "O"] | None
    account_groups: Sequence[GroupFields]
    tax_codes: Sequence[CodeFields]
    key_version: int
    valid_from: dt.date
    valid_to: dt.date | None

    def series_of(self, document_type: str) -> SeriesFields | None:
        """The series of this type of document, where one is said."""
        return next((one for one in self.series if one["document_type"] == document_type), None)

    def group_of(self, account: int) -> GroupFields | None:
        """To which code an account belongs: by the narrowest range that it is in."""
        found = [group for group in self.account_groups if group["account_from"] <= account <= group["account_to"]]
        return min(found, key=lambda group: group["account_to"] - group["account_from"], default=None)

    def tax_code_of(self, category: str, rate: Decimal) -> CodeFields | None:
        """How this tax is called: as said of its rate, else of its category."""
        of_category = [code for code in self.tax_codes if code["category_code"] == category]
        by_rate = [code for code in of_category if code["rate"] is not None and Decimal(code["rate"]) == rate]
        return next(iter([*by_rate, *(code for code in of_category if code["rate"] is None)]), None)


def configuration_for(uow: Uow, country: SafTCountry, site: str | None, day: dt.date) -> SafTConfiguration | None:
    """The configuration that counts for a country and site on a day; `site` None: what counts for the default site. One for the site
    goes before one for none."""
    sql = (
        f"SELECT {columns(SafTConfiguration)} FROM saf_t_configuration WHERE country = %(country)s AND valid_from <= %(day)s"
        " AND (valid_to IS NULL OR valid_to >= %(day)s) AND (operating_site_ident IS NULL OR operating_site_ident = coalesce(%(site)s,"
        ' (SELECT o.ident FROM operating_site o WHERE o."default")))'
        " ORDER BY operating_site_ident NULLS LAST LIMIT 1"
    )
    return uow.first(SafTConfiguration, sql, {"country": country, "day": day, "site": site})


def signing_key_of(uow: Uow, ident: str) -> str | None:
    """The private key (PEM) by which documents are signed, in clear: for the signature, never for answers or logs. None: none is kept."""
    sealed = uow.scalar(str, "SELECT signing_key FROM saf_t_configuration WHERE ident = %s", (ident,))
    return None if sealed is None else uow.runtime.secrets.unseal(sealed, place_of(uow, ident))


def place_of(uow: Uow, ident: str) -> str:
    """Where the signing key of a configuration is sealed."""
    return f"{uow.ctx.tenant_id}/saf-t/{ident}"

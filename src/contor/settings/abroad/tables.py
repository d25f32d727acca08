"""What a tenant says for files of other countries, as rows."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import Column, Date, ForeignKeyConstraint, Index

from contor.kernel.shapes import Ident, Text32, Text255, Until
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table
from contor.settings.abroad.types import AccountGroup, DocumentSeries, SafTCountry, TaxCode

SigningKey = Annotated[str, Field(max_length=4096)]
KeyVersion = Annotated[int, Field(ge=1, le=9999)]

saf_t_configuration = tenant_table(
    "saf_t_configuration",
    field("ident", Ident, primary_key=True),
    field("country", SafTCountry),
    field("operating_site_ident", Ident | None),
    field("taxpayer_number", Text32),
    field("software_certificate", Text32 | None),
    field("product_id", Text255 | None),
    field("product_taxpayer_number", Text32 | None),
    field("series", Annotated[tuple[DocumentSeries, ...], Field(max_length=50)], default=()),
    field("taxonomy_reference", Literal["S", "M", "N", "O"] | None),
    field("account_groups", Annotated[tuple[AccountGroup, ...], Field(max_length=1000)], default=()),
    field("tax_codes", Annotated[tuple[TaxCode, ...], Field(max_length=200)], default=()),
    field("signing_key", SigningKey | None),
    field("key_version", KeyVersion, default=1),
    field("valid_from", dt.date),
    Column("valid_to", Date, info={"shape": Until, "default": None}),
    Index("saf_t_configuration_country_ix", "tenant_id", "country", "valid_from"),
    Index("saf_t_configuration_site_ix", "tenant_id", "operating_site_ident"),
    ForeignKeyConstraint(["tenant_id", "operating_site_ident"], ["operating_site.tenant_id", "operating_site.ident"]),
    *timestamps(),
)
"""`signing_key`: sealed. `operating_site_ident`: none: the company of the default site."""

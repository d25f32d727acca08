"""Stored tax rules: by which conditions a supply bears which tax, from which day on. Pure.

Source: platform API, sections 2.13 and 4.9; books reference 1.1.
"""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from contor.kernel.codes import EXEMPTION, TaxCategory, coded
from contor.kernel.shapes import Ident, Name255, Rate, Text64, Text255, called, shape
from contor.settings.countries import Country
from contor.tax.supply import ItemCategory, TaxScheme


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


CustomerKind = Annotated[Literal["B2B", "B2C", "NONE"], BeforeValidator(_upper)]
"""B2B: any business, an affiliated one too. NONE: nobody says what the customer is."""
PositiveName = Annotated[Name255, Field(examples=["V19"])]


@shape
class TaxRuleConditions:
    """What a supply must be for the rule to hold. What is not said is not asked for."""

    country: Country | None = None
    """Where it is taxed."""
    region: Text255 | None = None
    """The region of that place, in small or large letters."""
    customer_type: CustomerKind | None = None
    vat_id_present: bool | None = None
    """true: the customer has a VAT id that nobody found to be invalid; false: it has none, or one that is not valid."""
    item_category: ItemCategory | None = None
    tax_classifications: Annotated[tuple[Name255, ...], Field(max_length=50)] = ()
    """The customer has one of these classifications."""
    product_tax_code: Annotated[Name255, Field(max_length=40)] | None = None
    """Which rate the product bears by itself: STANDARD, REDUCED, ZERO, EXEMPT, NOT_TAXABLE …"""
    tax_scheme: TaxScheme | None = None
    operating_site_ident: Ident | None = None
    """Who supplies."""
    enabled: bool = True
    """false: the rule holds for nothing."""


@shape
class TaxRuleVariantBody:
    """What the rule says from a day on, until its next variant."""

    tax_rule_variant_ident: Ident | None = None
    applicable_from: dt.date
    """The first tax date, the day on which the supply is completed, that it holds for."""
    tax_rate: Rate
    """Percent."""
    tax_category_code: TaxCategory | None = None
    """Without it: S above 0 %, else that of the exemption, else Z."""
    tax_code: PositiveName | None = None
    tax_name: PositiveName | None = None
    tax_exemption_ident: Annotated[Text64, BeforeValidator(_upper), coded(EXEMPTION)] | None = None
    """BT-121, of the list VATEX: why the supply bears no tax."""
    tax_exemption_reason: Text255 | None = None
    """BT-120: said on the document."""


Variants = Annotated[tuple[TaxRuleVariantBody, ...], Field(min_length=1, max_length=100)]


@shape
class TaxRuleBody(TaxRuleConditions):
    tax_rule_ident: Annotated[Ident | None, called("taxRuleIdent", "ident")] = None
    variants: Variants
    """The first one, or several."""


@shape
class TaxRuleVariantView:
    tax_rule_variant_ident: str
    applicable_from: dt.date
    tax_rate: Decimal
    tax_category_code: TaxCategory
    tax_code: str | None = None
    tax_name: str | None = None
    tax_exemption_ident: str | None = None
    tax_exemption_reason: str | None = None
    used_from: dt.date | None = None
    """The first tax date that it decided; without it: none yet."""
    used_until: dt.date | None = None
    """The last one."""


@shape
class TaxRuleView:
    tax_rule_ident: str
    country: str | None = None
    region: str | None = None
    customer_type: Literal["B2B", "B2C", "NONE"] | None = None
    vat_id_present: bool | None = None
    item_category: ItemCategory | None = None
    tax_classifications: tuple[str, ...] = ()
    product_tax_code: str | None = None
    tax_scheme: TaxScheme | None = None
    operating_site_ident: str | None = None
    enabled: bool = True
    variants: tuple[TaxRuleVariantView, ...] = ()
    """By the day from which each holds."""
    created_at: dt.datetime
    last_modified_at: dt.datetime

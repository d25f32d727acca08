"""A supply: all that its tax depends on; and what is determined of it. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal, NamedTuple

from contor.kernel.places import EU_COUNTRIES
from contor.kernel.shapes import written
from contor.tax.territories import Territory, territory_of

ItemCategory = Literal[
    "DIGITAL_PRODUCT",
    "DIGITAL_PRODUCT_RENTAL",
    "DISCOUNT",
    "ELECTRICITY",
    "ELECTRICITY_RESALE",
    "LABOR_COST",
    "LOGISTIC_COST",
    "PHYSICAL_PRODUCT",
    "PHYSICAL_PRODUCT_RENTAL",
    "SERVICE",
    "VOUCHER",
    "VOUCHER_APPLICATION",
]
"""What is supplied: said by rows of documents, asked for by stored rules."""
TaxScheme = Literal["DEFAULT", "OSS"]
GOODS: Final = frozenset({"PHYSICAL_PRODUCT", "ELECTRICITY", "ELECTRICITY_RESALE", "VOUCHER"})
"""Item categories that are goods; electricity is one (section 3g UStG). Everything else is a service."""


RulePath = Annotated[
    str,
    written(
        r"^[a-zA-Z0-9_.~-]{1,100}/[a-zA-Z0-9_.~-]{1,100}$",
        "the idents of a tax rule and of its variant with a slash between them",
        examples=["builders/v-1"],
    ),
]
"""How a stored rule and its variant are named: RULE/VARIANT."""


class Supply(NamedTuple):
    """All that the tax depends on. Countries are ISO 3166-1 alpha-2."""

    seller_country: str
    small_business: bool
    customer_type: str | None
    customer_vat_id: str | None
    country: str
    """Where it is taxed, as agreed or determined before."""
    tax_code: str
    tax_scheme: str
    category: str
    day: dt.date
    exemption: tuple[str, str | None] | None = None
    """Code (BT-121) and reason why the customer's supplies bear no tax."""
    vat_id_valid: bool | None = None
    """What is known of the customer's VAT id on the day: true: it was confirmed; false: it is not valid, or counts as if it were not; None:
    nobody asked."""
    classifications: frozenset[str] = frozenset()
    """The customer's tax classifications of the day."""
    operating_site: str | None = None
    """Who supplies."""
    region: str | None = None
    """Of the place where it is taxed; so the next."""
    postal_code: str | None = None
    city: str | None = None
    seller_postal_code: str | None = None

    @property
    def has_vat_id(self) -> bool:
        """Whether the customer has a VAT id that counts."""
        return bool(self.customer_vat_id) and self.vat_id_valid is not False

    @property
    def is_goods(self) -> bool:
        return self.category in GOODS

    @property
    def territory(self) -> Territory:
        """Where it is taxed, for value added tax."""
        return territory_of(self.country, self.postal_code, self.region, self.city)

    @property
    def state(self) -> str | None:
        """The member state whose law it bears; None: outside of the Union."""
        return self.territory.member_state(self.is_goods)

    @property
    def home(self) -> str | None:
        """The member state from which it is supplied."""
        return territory_of(self.seller_country, self.seller_postal_code).member_state(self.is_goods)

    @property
    def law_of_place(self) -> str | None:
        """The country by whose law it is taxed: what lies outside of the Union's territory is not that of its state."""
        if (state := self.state) is not None:
            return state
        country = self.territory.country
        return None if country in EU_COUNTRIES else country


class Determined(NamedTuple):
    """Rate in percent and UNCL5305 category; `problem`: why nothing could be determined."""

    rate: Decimal
    category_code: str
    exemption_reason_code: str | None = None
    exemption_reason_text: str | None = None
    problem: str | None = None
    determined_by: str | None = None
    """The stored rule that decided and its variant, `RULE/VARIANT`; None: the law that is built in, or whoever gave the tax."""
    code: str | None = None
    """What the rule calls the tax; so `name`."""
    name: str | None = None


def law_of(country: str) -> str:
    """The country whose law holds in all of a country: that of France in Monaco."""
    return territory_of(country).goods or country

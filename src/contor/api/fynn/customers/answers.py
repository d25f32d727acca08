"""What customers look like. Pure."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Uuid, When
from contor.api.fynn.payments.answers import MethodShown
from contor.kernel.shapes import shape

Status = Literal["STATUS_ACTIVE", "STATUS_ARCHIVED", "STATUS_SUSPENDED"]
AddressType = Literal["TYPE_DEFAULT", "TYPE_INVOICE"]
Gender = Literal["male", "female", "diverse"]
Salutation = Literal["Firma", "Herr", "Frau"]
Scalar = str | bool | int | Decimal


@shape
class EmailShown:
    id: Uuid
    email: str
    receiver_name: str | None
    is_invoice_email: bool
    is_dunning_email: bool
    default: bool
    type: Literal["TYPE_COMPANY", "TYPE_INVOICE"]


@shape
class CustomerAddressShown:
    id: Uuid
    type: AddressType
    default: bool
    status: Literal["active", "archived"]
    company_name: str | None
    salutation: Salutation | None
    first_name: str | None
    last_name: str | None
    street: str | None
    house_number: str | None
    addition: str | None
    zip: str | None
    city: str | None
    country_code: str
    cost_centre: str | None
    vat_id: str | None


@shape
class GroupShown:
    id: Uuid
    name: str
    description: str | None


@shape
class CustomerShort:
    """A customer where something else names him."""

    id: Uuid
    customer_number: str
    time_zone: str
    first_name: str | None
    last_name: str | None
    currency_code: str
    company_name: str | None
    datev_id: str | None
    status: Status


@shape
class CustomerShown(CustomerShort):
    external_id: str | None
    email: str | None
    gender: Gender | None
    language: str
    country_code: str
    vat_id: str | None
    is_vat_id_valid: bool | None
    tax_exempt: Literal["auto", "exempt"]
    commercial_register_name: str | None
    commercial_register_number: str | None
    phone: str | None
    invoice_email: str | None
    contact_person: str | None
    customer_group: GroupShown | None
    partner: str | None
    parent_customer_id: Uuid | None
    merged_into: Uuid | None
    business_customer: bool
    total_turn_over_rank: int | None
    custom_fields: dict[str, Scalar | list[str]]
    email_addresses: tuple[EmailShown, ...]
    addresses: tuple[CustomerAddressShown, ...]
    default_address: CustomerAddressShown | None
    default_invoice_address: CustomerAddressShown | None
    default_email_address: EmailShown | None
    default_invoice_email_address: EmailShown | None
    default_payment_method: MethodShown | None
    created_at: When


@shape
class ChildShown:
    """Somebody who belongs to another customer."""

    id: Uuid
    customer_number: str
    name: str
    company_name: str | None
    email: str | None
    status: Status
    active_subscription_count: int


@shape
class PaginationShown:
    """Of a list that is at hand whole."""

    total_items: int
    items_per_page: int
    current_page: int
    last_page: int
    page_total_items: int


@shape
class MetaShown:
    pagination: PaginationShown


@shape
class ChildrenShown:
    data: tuple[ChildShown, ...]
    meta: MetaShown


@shape
class CustomerAddressesShown:
    data: tuple[CustomerAddressShown, ...]
    meta: MetaShown


@shape
class EmailsShown:
    data: tuple[EmailShown, ...]
    meta: MetaShown


@shape
class BranchShown(ChildShown):
    """Somebody on the second level, with who belongs to him."""

    children: tuple[ChildShown, ...]


@shape
class TreeShown(ChildShown):
    """The root of a tree, with who belongs to it."""

    children: tuple[BranchShown, ...]


@shape
class OptionShown:
    value: str
    label: str | None


@shape
class FieldShown:
    id: Uuid
    entity: Literal["customer", "product", "subscription", "invoice"]
    key: str
    name: str
    type: Literal["text", "number", "date", "selection", "multi_selection", "list", "checkbox"]
    options: tuple[OptionShown, ...]
    description: str | None
    position: int
    created_at: When


Origin = Literal["organisation", "default", "customer"]


@shape
class CustomerSettingShown:
    """A value, and who said it."""

    key: str
    value: Annotated[str | int | bool | None, Field(union_mode="left_to_right")]
    origin: Origin


@shape
class SettingsContextShown:
    context: Literal["invoice", "dunning"]
    settings: tuple[CustomerSettingShown, ...]


@shape
class SettingsContextsShown:
    data: tuple[SettingsContextShown, ...]
    meta: MetaShown


@shape
class TokenShown:
    token: str
    token_type: Literal["Bearer"] = "Bearer"

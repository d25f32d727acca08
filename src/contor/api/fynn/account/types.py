"""What clients send of users, the tenant and its settings. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from contor.kernel.shapes import Name255, Text255, shape

RoleName = Literal["administrator", "accounting", "billing", "support", "read_only"]


@shape
class UserInvitation:
    email: Annotated[str, Field(min_length=3, max_length=254)]
    first_name: Text255 | None = None
    last_name: Text255 | None = None
    role: RoleName = "read_only"
    """What the user may do; nobody gives more than he has."""


@shape
class RoleChange:
    role: RoleName


@shape
class TenantChange:
    """Absence leaves, null empties."""

    name: Annotated[str, Field(min_length=3, max_length=255)] | None = None
    display_name: Text255 | None = None
    email: Annotated[str, Field(min_length=3, max_length=254)] | None = None
    vat_id: Text255 | None = None
    tax_number: Text255 | None = None
    street: Name255 | None = None
    """With the number."""
    addition: Text255 | None = None
    zip: Name255 | None = None
    city: Name255 | None = None
    state: Text255 | None = None
    country_code: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None

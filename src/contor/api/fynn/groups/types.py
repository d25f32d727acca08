"""What clients send of billing groups and product groups, and what these look like. Pure."""

from typing import Annotated, Literal

from pydantic import Field

from contor.api.fynn.manners import Day, Uuid, When
from contor.api.fynn.subscriptions import Id
from contor.kernel.shapes import Name255, shape


@shape
class BillingGroupBody:
    name: Name255
    customer: Id
    billing_date: Day | None = None
    """A day on which all are billed; default: the next billing date of the subscription that is billed next."""
    subscriptions: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


@shape
class Membership:
    price_plan: Id | None = None
    product: Id | None = None
    """Instead of a price plan: each of its active ones."""
    position: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    change_timing: Literal["immediately", "end_of_period"] = "immediately"
    credit_type: Literal["pro_rata", "full", "last_invoiced", "none"] = "pro_rata"
    quantity_change_allowed: bool = True


@shape
class ProductGroupBody:
    name: Name255
    enabled: bool = True
    same_billing_interval_only: bool = False
    memberships: Annotated[tuple[Membership, ...], Field(max_length=200)] = ()


@shape
class BillingGroupShown:
    id: Uuid
    name: str
    customer: Uuid
    billing_date: When
    subscriptions: tuple[Uuid, ...]
    created_at: When | None = None


@shape
class MembershipShown:
    price_plan: Uuid
    product: Uuid | None = None
    position: int
    change_timing: Literal["immediately", "end_of_period"]
    credit_type: Literal["pro_rata", "full", "last_invoiced", "none"]
    quantity_change_allowed: bool


@shape
class ProductGroupShown:
    id: Uuid
    name: str
    enabled: bool
    same_billing_interval_only: bool
    memberships: tuple[MembershipShown, ...]
    created_at: When | None = None

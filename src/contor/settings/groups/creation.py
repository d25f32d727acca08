"""A billing group is created with at least one business segment."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from contor.kernel.operations import operation
from contor.runtime.resource import Keyed, Written, extended
from contor.runtime.uow import Uow
from contor.settings.groups.billing_groups import BILLING_GROUPS
from contor.settings.groups.segments import new_segment
from contor.settings.types import NewSegment, Segment

GroupCreation: Any = extended(
    "BillingGroupWithSegmentsCreation",
    BILLING_GROUPS.creation,
    business_segments=(Annotated[tuple[NewSegment, ...], Field(min_length=1, max_length=100)], ...),
)
GroupView: Any = extended(
    "BillingGroupWithSegments",
    BILLING_GROUPS.output,
    business_segments=(tuple[Segment, ...], ()),
    default_billing_group=(bool, False),
)


@dataclass(frozen=True, slots=True)
class CreateGroup:
    body: GroupCreation


@operation("billing_group.create_with_segments", permission="settings.write")
def create_group(uow: Uow, command: CreateGroup) -> GroupView:
    """A group with at least one segment; the first segment of a tenant becomes its default."""
    body = command.body
    own = BILLING_GROUPS.creation.model_construct(**{n: getattr(body, n) for n in BILLING_GROUPS.creation.model_fields})
    made = BILLING_GROUPS.create(uow, Written((), own))
    for segment in body.business_segments:
        new_segment(uow, made["billing_group_ident"], segment)
    return BILLING_GROUPS.get(uow, Keyed((made["billing_group_ident"],)))

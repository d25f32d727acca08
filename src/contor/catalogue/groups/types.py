"""Product groups: options of which a contract takes one, and may change to another. Pure.

Source: fynn API 3.5 and 5.5.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from pydantic import Field

from contor.kernel.shapes import Ident, shape

ChangeTiming = Literal["IMMEDIATELY", "END_OF_PERIOD"]
CreditType = Literal["PRO_RATA", "FULL", "LAST_INVOICED", "NONE"]


@shape
class GroupMember:
    """An option that a contract can change to within its group."""

    option_ident: Ident
    position: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Who changes to a higher one moves up, to a lower one down."""
    change_timing: ChangeTiming = "IMMEDIATELY"
    """When a change to it takes effect."""
    credit_type: CreditType = "PRO_RATA"
    """What a change to it gives back of what was billed in advance; only where it takes effect at once."""
    quantity_change: bool = True
    """Whether a contract may change how much of it it takes."""


GroupMembers = Annotated[tuple[GroupMember, ...], Field(max_length=200)]


class ProductGroup(NamedTuple):
    """A row of `product_group`."""

    ident: str
    name: str
    enabled: bool
    same_interval_only: bool
    members: Sequence[Mapping[str, object]]

    def listed(self) -> tuple[GroupMember, ...]:
        return tuple([msgspec.convert(one, GroupMember) for one in self.members])

    def member(self, option_ident: str) -> GroupMember | None:
        return next((one for one in self.listed() if one.option_ident == option_ident), None)

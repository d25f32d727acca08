"""What an option may be changed to within its groups, and in which direction. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from contor.catalogue.groups.types import GroupMember, ProductGroup


class Choice(NamedTuple):
    """Another option of a group, seen from the one that a contract has."""

    group: ProductGroup
    member: GroupMember
    is_upgrade: bool
    is_downgrade: bool


def choices(groups: Iterable[ProductGroup], option_ident: str) -> Iterator[Choice]:
    """The others of each group that has the option, the lowest first; of equal positions in the order of the group."""
    for group in groups:
        held = group.member(option_ident)
        if held is None:
            continue
        for other in sorted(group.listed(), key=lambda one: one.position):
            if other.option_ident != option_ident:
                up, down = other.position > held.position, other.position < held.position
                yield Choice(group, other, up, down)

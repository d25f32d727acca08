"""Changes of what a contract takes, within the product groups of the catalogue."""

from contor.contracts.switching.offered import Choice, choices
from contor.contracts.switching.switches import (
    AssignedGroup,
    AssignGroup,
    ChangeOption,
    ChangeOptions,
    OptionOf,
    Switching,
    SwitchOption,
    assign_group,
    groups_within,
    is_changing,
    option_changes,
    switch,
)

__all__ = [
    "AssignGroup",
    "AssignedGroup",
    "ChangeOption",
    "ChangeOptions",
    "Choice",
    "OptionOf",
    "SwitchOption",
    "Switching",
    "assign_group",
    "choices",
    "groups_within",
    "is_changing",
    "option_changes",
    "switch",
]

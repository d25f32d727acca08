"""Contracts of one customer that are billed on one day."""

from contor.contracts.joint.aligning import AlignContracts, Aligning, align, first_opening
from contor.contracts.joint.members import (
    JOINT_BILLINGS,
    NUMBERED,
    JoinedContracts,
    JoinOrLeave,
    JointBilling,
    join,
    joint_billings_of,
    leave,
    members_of,
)

__all__ = [
    "JOINT_BILLINGS",
    "NUMBERED",
    "AlignContracts",
    "Aligning",
    "JoinOrLeave",
    "JoinedContracts",
    "JointBilling",
    "align",
    "first_opening",
    "join",
    "joint_billings_of",
    "leave",
    "members_of",
]

"""Contracts of one customer that are billed on one day."""

from contor.contracts.joint.aligning import AlignContracts, Aligning, align
from contor.contracts.joint.members import (
    JOINT_BILLINGS,
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
    "AlignContracts",
    "Aligning",
    "JoinOrLeave",
    "JoinedContracts",
    "JointBilling",
    "align",
    "join",
    "joint_billings_of",
    "leave",
    "members_of",
]

"""Changes of a contract while it runs: agreed, in effect from their day on, withdrawn before it."""

from contor.contracts.amend.change import (
    CHANGES,
    ChangeContract,
    ListChanges,
    WithdrawalBody,
    WithdrawChange,
    change_contract,
    list_changes,
    take_effect,
    withdraw_change,
)

__all__ = [
    "CHANGES",
    "ChangeContract",
    "ListChanges",
    "WithdrawChange",
    "WithdrawalBody",
    "change_contract",
    "list_changes",
    "take_effect",
    "withdraw_change",
]

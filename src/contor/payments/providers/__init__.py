"""Payment providers as they are asked: one module each, and its line in the registry."""

from contor.payments.providers.registry import moves_money, provider_of, references_called, setting_up
from contor.payments.providers.simulated_setups import SimulatedVisit, asks_customer, visit_simulated
from contor.payments.providers.types import (
    Instruction,
    IntentType,
    Outcome,
    Provider,
    Result,
    SettingUp,
    SetupOrder,
    SetupOutcome,
    SetupState,
    Unreachable,
)

__all__ = [
    "Instruction",
    "IntentType",
    "Outcome",
    "Provider",
    "Result",
    "SettingUp",
    "SetupOrder",
    "SetupOutcome",
    "SetupState",
    "SimulatedVisit",
    "Unreachable",
    "asks_customer",
    "moves_money",
    "provider_of",
    "references_called",
    "setting_up",
    "visit_simulated",
]

"""Payment providers as they are asked: one module each, and its line in the registry."""

from contor.payments.providers.registry import moves_money, provider_of, references_called
from contor.payments.providers.types import Instruction, IntentType, Outcome, Provider, Result, Unreachable

__all__ = [
    "Instruction",
    "IntentType",
    "Outcome",
    "Provider",
    "Result",
    "Unreachable",
    "moves_money",
    "provider_of",
    "references_called",
]

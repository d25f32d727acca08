"""What customers are to agree to at payment providers: begun, asked for, and what became of it."""

from contor.payments.setups.asking import ask_setup
from contor.payments.setups.setups import (
    begin_setup,
    give_up_setup,
    known_at_provider,
    setups_of,
    shown_key,
    wish_default,
)
from contor.payments.setups.types import NewSetup, Setup, SetupEnded

__all__ = [
    "NewSetup",
    "Setup",
    "SetupEnded",
    "ask_setup",
    "begin_setup",
    "give_up_setup",
    "known_at_provider",
    "setups_of",
    "shown_key",
    "wish_default",
]

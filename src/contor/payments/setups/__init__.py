"""What customers are to agree to at payment providers: begun, asked for, and what became of it."""

from contor.payments.setups.asking import ask_setup
from contor.payments.setups.setups import (
    begin_setup,
    belongs_to,
    give_up_setup,
    give_up_setups_of_cart,
    known_at_provider,
    setup_of_cart,
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
    "belongs_to",
    "give_up_setup",
    "give_up_setups_of_cart",
    "known_at_provider",
    "setup_of_cart",
    "setups_of",
    "shown_key",
    "wish_default",
]

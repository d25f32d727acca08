"""What the law of other countries asks a tenant to say: for audit files (SAF-T), and how Polish corrections are laid out."""

from contor.settings.abroad.configurations import (
    SafTConfiguration,
    configuration_for,
    signing_key_of,
)
from contor.settings.abroad.polish import PolishCreditMemo, get_polish_credit_memo, set_polish_credit_memo
from contor.settings.abroad.saf_t import SAF_T_CONFIGURATIONS
from contor.settings.abroad.types import SafTCountry

__all__ = [
    "SAF_T_CONFIGURATIONS",
    "PolishCreditMemo",
    "SafTConfiguration",
    "SafTCountry",
    "configuration_for",
    "get_polish_credit_memo",
    "set_polish_credit_memo",
    "signing_key_of",
]

"""The tax of supplies: by the tenant's rules, and where none says anything by law. The one determination there is. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from contor.kernel.money import ZERO
from contor.tax.determine import determine
from contor.tax.rules import TAXED, Rules
from contor.tax.supply import Determined, Supply

by_law: Final = lru_cache(maxsize=16384)(determine)
"""The tax of a supply where no rule is asked."""


def decide(supplies: Sequence[Supply], rules: Rules) -> list[Determined]:
    """The tax of each supply; supplies that are alike are decided once."""
    if not rules:
        return [by_law(supply) for supply in supplies]
    known = {supply: _decided(supply, rules) for supply in dict.fromkeys(supplies)}
    return [known[supply] for supply in supplies]


def _decided(supply: Supply, rules: Rules) -> Determined:
    found = rules.of(supply)
    if found is None:
        return by_law(supply)
    reason: tuple[str | None, str | None] = (found.exemption_code, found.exemption_reason)
    if found.category_code == "E" and reason == (None, None) and supply.exemption is not None:
        reason = supply.exemption
    rate = found.rate if found.category_code in TAXED else ZERO
    return Determined(rate, found.category_code, *reason, determined_by=found.path, code=found.code, name=found.name)

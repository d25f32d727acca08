"""How each billing group splits its documents."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.billing.papers.types import FIVE, Minimum, Switches
from contor.runtime.uow import Uow
from contor.settings.queries import billing_groups


def _minimums(entries: Sequence[Mapping[str, str | int | Decimal]]) -> dict[str, Minimum]:
    """By currency, from what the billing group says."""
    return {str(entry["currency"]): Minimum(Decimal(entry["amount"]), int(entry["most_periods"])) for entry in entries}


def switches_of(uow: Uow) -> dict[str, Switches]:
    """How each billing group splits its documents."""
    return {
        ident: Switches(
            **{name: bool((group.splitting_config or {}).get(name)) for name in FIVE},
            issue_zero=group.issue_zero,
            carry_credits=group.carry_credits,
            minimums=_minimums(group.minimum_amounts),
        )
        for ident, group in billing_groups(uow).items()
    }

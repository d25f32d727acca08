"""A billing group rounds the periods of its contracts in one way: else a period that is computed again, because its contract ends or to
check it, would differ from what was billed by what was rounded."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.settings.events import RoundingChanged


@on(RoundingChanged)
def keep_rounding(uow: Uow, fact: RoundingChanged) -> None:
    """Refuse another rounding of a currency in which periods of the group's contracts were proposed."""
    used = uow.column(
        str,
        "SELECT c AS currency FROM unnest(%s::text[]) c WHERE EXISTS (SELECT 1 FROM billable_item i"
        " WHERE i.billing_group_ident = %s AND i.currency = c AND NOT i.of_order AND i.kind <> 'LINE_ITEM') ORDER BY 1",
        (list(fact.currencies), fact.billing_group_ident),
    )
    if used:
        message = (
            "Periods of contracts were computed with the former rounding: it stays as it is; contracts of another group may differ."
        )
        problems = [Problem("rounding_in_use", message, "currencyRoundingOverrides", currency) for currency in used]
        raise Refused(Kind.CONFLICT, *problems)

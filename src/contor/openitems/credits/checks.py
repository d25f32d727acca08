"""Laws of credits."""

from collections.abc import Iterable

from contor.kernel.checks import check
from contor.runtime.uow import Uow


@check("openitems.credits_are_used_once")
def used_once(uow: Uow) -> Iterable[str]:
    """Nobody uses more than he was granted, and what is used is a decision that stands, of the same amount."""
    overdrawn = "SELECT DISTINCT customer_ident FROM customer_credit GROUP BY customer_ident, currency HAVING sum(amount) < 0"
    for customer in uow.column(str, overdrawn):
        yield f"customer {customer}: more credit was used than granted"
    unlike = (
        "SELECT c.decision_ident FROM customer_credit c LEFT JOIN opos_decision d ON d.tenant_id = c.tenant_id"
        " AND d.ident = c.decision_ident WHERE c.amount < 0 AND (d.amount IS NULL OR d.amount <> -c.amount) ORDER BY 1"
    )
    for decision in uow.column(str, unlike):
        yield f"decision {decision}: not of the amount of credit that it used"

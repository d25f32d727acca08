"""What must hold of changes of contracts: what took effect stands in the time line, and nothing else; what is to come is waited for."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Differing(NamedTuple):
    contract_ident: str
    change_id: int


@check("contracts.the_time_line_is_what_took_effect")
def time_lines(uow: Uow) -> Iterable[str]:
    """Each step of a contract is a change that is in effect; each of these that says quantities, prices or a plan is a step."""
    says = "jsonb_array_length(h.body -> 'option_quantities') + jsonb_array_length(h.body -> 'option_prices')"
    for row in uow.all(
        _Differing,
        "SELECT coalesce(s.contract_ident, h.contract_ident) AS contract_ident, coalesce(s.number, h.change_id) AS change_id"
        " FROM (SELECT c.tenant_id, c.contract_ident, (step ->> 'number')::bigint AS number FROM contract c,"
        " jsonb_array_elements(c.content -> 'amended' -> 'steps') step) s"
        f" FULL JOIN (SELECT h.tenant_id, h.contract_ident, h.change_id FROM contract_change h WHERE h.status = 'EFFECTIVE'"
        f" AND ({says} > 0 OR h.body ->> 'plan_ident' IS NOT NULL)) h ON h.tenant_id = s.tenant_id AND h.change_id = s.number"
        " WHERE s.number IS NULL OR h.change_id IS NULL ORDER BY 1, 2",
    ):
        yield f"contract {row.contract_ident}: change {row.change_id} is in its time line or in effect, not both"


@check("contracts.what_is_to_come_is_waited_for")
def pending(uow: Uow) -> Iterable[str]:
    """A contract knows the day of its next change, and is looked at then."""
    for ident in uow.column(
        str,
        "SELECT c.contract_ident FROM contract c LEFT JOIN (SELECT tenant_id, contract_id, min(effective_on) AS day,"
        " min(takes_effect_at) AS at FROM contract_change WHERE status = 'PENDING' GROUP BY 1, 2) p"
        " ON p.tenant_id = c.tenant_id AND p.contract_id = c.contract_id"
        " WHERE (c.content ->> 'pending_from')::date IS DISTINCT FROM p.day"
        " OR (c.end_kind IS DISTINCT FROM 'CANCELLED' AND coalesce(c.next_proposal_at, 'infinity') > p.at) ORDER BY 1",
    ):
        yield f"contract {ident}: the day of its next change is another, or nothing looks at it then"

"""Find what is sold by a number: every plan, and every option that is ordered and that no plan wants of all its contracts."""

from collections.abc import Collection
from typing import NamedTuple

from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.catalogue.types import Option, Plan
from contor.runtime.uow import Uow


class Article(NamedTuple):
    """A plan, or an option by itself; with all options that belong to it."""

    number: int
    """Of the plan or option."""
    ident: str
    plan: Plan | None
    options: dict[str, Option]
    offered_by: tuple[str, ...]
    """The plans that offer the option, by ident."""


class _Thing(NamedTuple):
    id: int
    ident: str
    is_plan: bool


class _Offer(NamedTuple):
    option_ident: str
    plan_ident: str


_ALONE = """
SELECT o.option_id AS id, o.option_ident AS ident, false AS is_plan, v.content -> 'properties' AS properties
FROM plan_option o CROSS JOIN LATERAL (SELECT content FROM plan_option_version v WHERE v.option_ident = o.option_ident
 ORDER BY v.valid_from DESC NULLS LAST, v.number DESC LIMIT 1) v
WHERE o.type IN ('ONETIME', 'RECURRING', 'QUANTITY') AND NOT EXISTS (
 SELECT 1 FROM plan_option_link l JOIN plan p USING (tenant_id, plan_id) CROSS JOIN jsonb_array_elements(p.content -> 'phases') phase
 CROSS JOIN jsonb_array_elements(phase -> 'linked_options') linked
 WHERE l.option_ident = o.option_ident AND linked ->> 'option_ident' = o.option_ident AND (linked ->> 'minimum')::int >= 1)
"""
"""What every contract of a plan has is part of that plan."""
_THINGS = f"""
SELECT plan_id AS id, plan_ident AS ident, true AS is_plan, content -> 'properties' AS properties FROM plan UNION ALL {_ALONE}
"""


def find_articles(
    uow: Uow,
    *,
    numbers: Collection[int] | None = None,
    idents: Collection[str] | None = None,
    property_holds: tuple[str, str] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Article]:
    """Those for which every condition that is given holds, the oldest first. `property_holds`: a key, and words that its value contains."""
    conditions, values = list[str](), list[object]()
    if numbers is not None:
        conditions.append("id = ANY (%s)")
        values.append(sorted(numbers))
    if idents is not None:
        conditions.append("ident = ANY (%s)")
        values.append(sorted(idents))
    if property_holds is not None:
        named = "one ->> 'key' = %s AND position(lower(%s) IN lower(one ->> 'value')) > 0"
        conditions.append(f"EXISTS (SELECT 1 FROM jsonb_array_elements(properties) one WHERE {named})")
        values += property_holds
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    things = uow.all(
        _Thing, f"SELECT id, ident, is_plan FROM ({_THINGS}) thing{where} ORDER BY id LIMIT %s OFFSET %s", (*values, limit, offset)
    )
    return _whole(uow, things)


def _whole(uow: Uow, things: list[_Thing]) -> list[Article]:
    plans = plans_by_id(uow, [thing.id for thing in things if thing.is_plan])
    alone = [thing.ident for thing in things if not thing.is_plan]
    linked = {link.option_ident for plan in plans.values() for phase in plan.content.phases for link in phase.linked_options}
    options = options_by_ident(uow, {*linked, *alone})
    sql = (
        "SELECT DISTINCT l.option_ident, p.plan_ident FROM plan_option_link l JOIN plan p USING (tenant_id, plan_id)"
        " WHERE l.option_ident = ANY (%s) ORDER BY 1, 2"
    )
    offers = uow.all(_Offer, sql, (sorted(alone),)) if alone else []
    found = []
    for thing in things:
        if thing.is_plan:
            plan = plans[thing.id]
            own = {link.option_ident for phase in plan.content.phases for link in phase.linked_options}
            found.append(Article(thing.id, thing.ident, plan, {ident: options[ident] for ident in own}, ()))
        else:
            by = tuple(offer.plan_ident for offer in offers if offer.option_ident == thing.ident)
            found.append(Article(thing.id, thing.ident, None, {thing.ident: options[thing.ident]}, by))
    return found

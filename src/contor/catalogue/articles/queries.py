"""Find what is sold by a number: every plan, and every option that is ordered and that no plan wants of all its contracts."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.catalogue.types import Option, Plan
from contor.runtime.query.paging.walks import remember, remembered
from contor.runtime.uow import Uow

FAR: Final = 1_000
"""Articles that are passed over one by one to reach a page."""


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


class _Branch(NamedTuple):
    """Plans, or options by themselves."""

    sql: str
    id: str
    ident: str
    properties: str
    """A condition on each of its properties, `one`."""


_HOLDS = "one ->> 'key' = %(key)s AND position(lower(%(words)s) IN lower(one ->> 'value')) > 0"
_BRANCHES = (
    _Branch(
        "SELECT p.plan_id AS id, p.plan_ident AS ident, true AS is_plan FROM plan p WHERE true",
        "p.plan_id",
        "p.plan_ident",
        f"EXISTS (SELECT 1 FROM jsonb_array_elements(p.content -> 'properties') one WHERE {_HOLDS})",
    ),
    # what every contract of a plan has is part of that plan
    _Branch(
        "SELECT o.option_id AS id, o.option_ident AS ident, false AS is_plan FROM plan_option o"
        " WHERE o.type IN ('ONETIME', 'RECURRING', 'QUANTITY') AND NOT EXISTS (SELECT 1 FROM plan_option_link l"
        " CROSS JOIN LATERAL (SELECT content -> 'phases' AS phases FROM plan WHERE tenant_id = l.tenant_id AND plan_id = l.plan_id"
        " OFFSET 0) p CROSS JOIN jsonb_array_elements(p.phases) phase"
        " CROSS JOIN jsonb_array_elements(phase -> 'linked_options') linked"
        " WHERE l.tenant_id = o.tenant_id AND l.option_ident = o.option_ident"
        " AND linked ->> 'option_ident' = o.option_ident AND (linked ->> 'minimum')::int >= 1 OFFSET 0)",
        "o.option_id",
        "o.option_ident",
        "EXISTS (SELECT 1 FROM (SELECT content -> 'properties' AS properties FROM plan_option_version v"
        " WHERE v.tenant_id = o.tenant_id AND v.option_ident = o.option_ident ORDER BY valid_from DESC NULLS LAST, number DESC LIMIT 1) v"
        f" CROSS JOIN jsonb_array_elements(v.properties) one WHERE {_HOLDS})",
    ),
)


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
    values: dict[str, object] = {}
    if numbers is not None:
        values["numbers"] = sorted(numbers)
    if idents is not None:
        values["idents"] = sorted(idents)
    if property_holds is not None:
        values["key"], values["words"] = property_holds
    said, after, skipped = f"articles {values!r}", 0, offset
    if offset > FAR and (known := remembered(uow, said, limit, offset)):
        after, skipped = int(known), 0
    # each for itself in the order of its index, and no further than the page: the catalogue is not read for a page of it
    parts = [
        f"({' AND '.join([one.sql, *_conditions(one, values)])} ORDER BY {one.id} LIMIT %(limit)s + %(skipped)s)"
        for one in _BRANCHES
    ]
    page = " ORDER BY id LIMIT %(limit)s OFFSET %(skipped)s"
    sql = f"SELECT id, ident, is_plan FROM ({' UNION ALL '.join(parts)}) thing{page}"
    things = uow.all(_Thing, sql, {**values, "after": after, "limit": limit, "skipped": skipped})
    if len(things) == limit and offset + limit > FAR:
        remember(uow, said, limit, offset + limit, str(things[-1].id))
    return _whole(uow, things)


# helpers in calling order


def _conditions(branch: _Branch, values: Mapping[str, object]) -> Iterator[str]:
    yield f"{branch.id} > %(after)s"
    if "numbers" in values:
        yield f"{branch.id} = ANY (%(numbers)s)"
    if "idents" in values:
        yield f"{branch.ident} = ANY (%(idents)s)"
    if "key" in values:
        yield branch.properties


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
        plan = plans.get(thing.id)
        own = {link.option_ident for phase in plan.content.phases for link in phase.linked_options} if plan else {thing.ident}
        if (thing.is_plan and plan is None) or not own <= options.keys():
            continue  # deleted by somebody else since it was found
        by = tuple(offer.plan_ident for offer in offers if offer.option_ident == thing.ident)
        found.append(Article(thing.id, thing.ident, plan, {ident: options[ident] for ident in own}, by))
    return found

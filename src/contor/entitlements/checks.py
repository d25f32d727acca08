"""What must hold of entitlements: of a feature a contract has one value at a time, and of now and later what follows from what it got."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.contracts.queries import contract_numbers, contracts_by_id
from contor.entitlements.granting import given_at, planned_of
from contor.entitlements.queries import copied_to, overrides_of, spans_after
from contor.kernel.checks import check
from contor.runtime.uow import Uow

BATCH = 500


class _Overlap(NamedTuple):
    contract_ident: str
    feature_ident: str


@check("entitlements.one_value_at_a_time")
def overlaps(uow: Uow) -> Iterable[str]:
    """Each span ends before, or when, the next one of its contract and feature begins, and after it began itself."""
    for row in uow.all(
        _Overlap,
        "SELECT DISTINCT contract_ident, feature_ident FROM (SELECT contract_ident, feature_ident, valid_from, valid_until,"
        " lead(valid_from) OVER (PARTITION BY contract_ident, feature_ident ORDER BY valid_from, entitlement_id) AS following"
        " FROM entitlement) x WHERE valid_until <= valid_from OR following < valid_until",
    ):
        yield f"contract {row.contract_ident} has two values of feature {row.feature_ident} at once, or one for no time"


@check("entitlements.follow_from_contracts")
def follow(uow: Uow) -> Iterable[str]:
    """What is written of now and later is what plan, options and overrides give on the days on which the contract runs."""
    last = ""
    sql = (
        "SELECT contract_ident FROM (SELECT contract_ident FROM contract_feature UNION SELECT contract_ident FROM entitlement_override"
        " UNION SELECT contract_ident FROM entitlement) x WHERE contract_ident > %s ORDER BY contract_ident LIMIT %s"
    )
    while idents := uow.column(str, sql, (last, BATCH)):
        last, now = idents[-1], uow.ctx.now()
        contracts = contracts_by_id(uow, contract_numbers(uow, idents).values())
        planned = planned_of(uow, contracts.values(), copied_to(uow, idents), overrides_of(uow, idents))
        stored: dict[str, set[tuple[object, ...]]] = {ident: set() for ident in idents}
        spans = spans_after(uow, idents, now)
        for row in spans:
            stored[row.contract_ident].add((*row[2:6], max(row.valid_from, now), row.valid_until))
        for one in planned:
            ident = one.contract.contract_ident
            if stored[ident] != {(*span[1:5], span.valid_from, span.valid_until) for span in one.spans}:
                gives, wanted = given_at(spans, now).get(ident), given_at(one.spans, now).get(ident)
                yield f"contract {ident} gives {gives}, and from now on {wanted} follows from it, or on other days"

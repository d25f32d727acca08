"""Read contracts as the API answers them."""

import datetime as dt

from contor.catalogue.plans import view_of as plan_view
from contor.catalogue.queries import plan_ident_of, plans_by_id
from contor.catalogue.types import PlanView
from contor.contracts import tables
from contor.contracts.calendar import AlignmentView, FormerEndView, Life, PauseView, PostponementView, Trial, TrialView, performance
from contor.contracts.changes import changes_of
from contor.contracts.coupons import redeemed_coupons
from contor.contracts.course import shown_quantities, terms_of
from contor.contracts.queries import contract_by_ident, contracts_by_id, plans_of
from contor.contracts.relations import related_contracts
from contor.contracts.terms import ContractChangeView, OptionQuantity, PhaseQuantities
from contor.contracts.types import (
    Contract,
    ContractContent,
    ContractStatus,
    ContractView,
    Places,
    RedeemedCoupon,
    RelatedContract,
)
from contor.customers.queries import country_at
from contor.documents.types import Location
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, replace, shape
from contor.runtime.query import searchable, worked_out
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import days_of_groups

DAY = dt.timedelta(days=1)
CONTRACT_TABLE = tables.contract
_NAMES = Places._fields
_HOME = country_at("contract")
_PLACE = f"coalesce(content -> '{{name}}', content -> '{{other}}', jsonb_build_object('country', {_HOME})) ->> '{{field}}'"
"""SQL: as `Contract.places`."""
_PENDING = (
    "EXISTS (SELECT FROM contract_change p WHERE p.contract_id = contract.contract_id AND p.status = 'PENDING'"
    " AND (contract.end_on IS NULL OR p.effective_on < contract.end_on))"
)
"""SQL: as `_is_to_come`."""
_BRIEF = Trial(until=dt.date.min)
_TRIAL = "CASE WHEN content #> '{{life,trial}}' IS NOT NULL THEN coalesce(content #>> '{{life,trial,{name}}}', '{default}') END"
"""SQL: what a trial leaves to its default is not stored."""
CONTRACTS = searchable(
    tables.contract,
    ContractView,
    (
        "contract_id",
        "contract_ident",
        "customer_ident",
        "plan_id",
        "business_segment_ident",
        "billing_group_ident",
        "signed_on",
        "start_on",
        "end_on",
        "end_kind",
        "created_at",
        "last_modified_at",
    ),
    default_sort="contract_id,desc",
    content=("content", ContractContent),
    places={
        "plan_ident": plan_ident_of(tables.contract.c.plan_id),
        "debtor_ident": "customer_ident",
        "date": "signed_on",
        "start_date": "start_on",
        "billing_start_date": "billing_start_on",
        "notice_date": "notice_on",
        "contract_price_adaptation": "price_adaptation_ident",
        "end_date": tables.contract.c.end_on - 1,
        "has_pending_change": worked_out(_PENDING, bool),
        "billing_anchor": "content.agreed_anchor",
        "trial.last_day": worked_out("(content #>> '{life,trial,until}')::date - 1", dt.date),
        **{
            f"trial.{name}": worked_out(_TRIAL.format(name=name, default=getattr(_BRIEF, name)), str)
            for name in ("anchor", "usages")
        },
        **{
            f"{name}.{field}": worked_out(_PLACE.format(name=name, other=other, field=field), str)
            for name, other in (_NAMES, _NAMES[::-1])
            for field in Location.__struct_fields__
        },
    },
)


@shape
class OneContractIdent:
    contract_ident: str


@operation("contract.terms", permission="contracts.read", reads=True)
def get_terms(uow: Uow, command: OneContractIdent) -> PlanView:
    """The contract's plan as it holds for this contract today."""
    contract = contract_by_ident(uow, command.contract_ident)
    plan = plans_by_id(uow, [contract.plan_id])[contract.plan_id]
    content = replace(contract.content, quantities=shown_quantities(contract, dt.date.max))
    return terms_of(plan_view(plan), replace(contract, content=content))


def require_contract(uow: Uow, contract_id: int, *, lock: bool = False) -> Contract:
    """Raises NOT_FOUND."""
    found = contracts_by_id(uow, [contract_id], lock=lock).get(contract_id)
    if found is None:
        raise not_found("contract", contract_id)
    return found


def views_of(uow: Uow, contracts: list[Contract]) -> list[ContractView]:
    plans = plans_of(uow, contracts)
    days = days_of_groups(uow)
    changes = changes_of(uow, contracts)
    coupons = redeemed_coupons(uow, [contract.contract_ident for contract in contracts if contract.has_allowances])
    related = related_contracts(uow, [c.contract_ident for c in contracts if plans[c.contract_id].content.type == "PARTNER"])
    return [
        view_of(
            contract,
            plans[contract.contract_id].plan_ident,
            days.today(contract.billing_group_ident),
            related.get(contract.contract_ident, ()),
            changes.get(contract.contract_id, ()),
            coupons.get(contract.contract_ident, ()),
        )
        for contract in contracts
    ]


def status_of(contract: Contract, today: dt.date) -> ContractStatus:
    """What the contract does today."""
    performing, life = performance(contract.start_on, contract.end_on, today), contract.life
    if life is None or performing != "RUNNING":
        return ContractStatus(performance_status=performing)
    if (pause := life.pause_on(today)) is not None:
        until = None if pause.until is None else pause.until - DAY
        return ContractStatus(performance_status=performing, condition="PAUSED", condition_until=until)
    if life.trial is not None and life.in_trial(today):
        return ContractStatus(performance_status=performing, condition="TRIAL", condition_until=life.trial.until - DAY)
    return ContractStatus(performance_status=performing)


def _life_of(contract: Contract) -> Fields:
    """What the view says of the contract's life."""
    life, content = contract.life or Life(), contract.content
    trial = life.trial
    return {
        "trial": None if trial is None else TrialView(last_day=trial.until - DAY, anchor=trial.anchor, usages=trial.usages),
        "billing_anchor": content.agreed_anchor,
        "pauses": tuple(
            PauseView(from_date=one.since, resume_date=one.until, missed_periods=one.missed, usages=one.usages, reason=one.reason)
            for one in life.pauses
        ),
        "postponements": tuple(PostponementView(from_date=one.since, to_date=one.until) for one in life.postponements),
        "alignments": tuple(AlignmentView(from_date=one.since, billing_date=one.anchor_on) for one in life.alignments),
        "former_ends": tuple(
            FormerEndView(
                end_date=one.ended_on - DAY,
                restart_date=one.restarts_on,
                end_kind=one.end_kind,
                notice_date=one.notice_on,
                reason=one.reason,
            )
            for one in life.former_ends
        ),
    }


def view_of(
    contract: Contract,
    plan_ident: str,
    today: dt.date,
    related: tuple[RelatedContract, ...],
    changes: tuple[ContractChangeView, ...],
    coupons: tuple[RedeemedCoupon, ...],
) -> ContractView:
    content = contract.content
    quantities = tuple(
        PhaseQuantities(
            phase_ident=phase,
            option_quantity=tuple(OptionQuantity(option_ident=ident, quantity=quantity) for ident, quantity in given.items()),
        )
        for phase, given in shown_quantities(contract, dt.date.max).items()
    )
    return ContractView(
        contract_id=contract.contract_id,
        contract_ident=contract.contract_ident,
        plan_ident=plan_ident,
        debtor_ident=contract.customer_ident,
        invoice_address_ident=content.invoice_address_ident,
        option_quantities=quantities,
        status=status_of(contract, today),
        business_segment_ident=contract.business_segment_ident,
        billing_group_ident=contract.billing_group_ident,
        language=content.language,
        date=contract.signed_on,
        start_date=contract.start_on,
        billing_start_date=contract.billing_start_on,
        end_date=contract.end_on - DAY if contract.end_on else None,
        end_kind=contract.end_kind,
        notice_date=contract.notice_on,
        reason=contract.reason,
        shipping_address_ident=content.shipping_address_ident,
        operating_site_ident=content.operating_site_ident,
        tax_location=contract.places.tax_location,
        performance_location=contract.places.performance_location,
        payment_information=content.payment_information,
        payment_term=content.payment_term,
        plan_modifiers=content.plan_modifiers,
        own_names=content.own_names,
        contract_price_adaptation=contract.price_adaptation_ident,
        related_contracts=related,
        coupons=coupons,
        properties=content.properties,
        joint_billing_ident=contract.joint_billing_ident,
        has_pending_change=any(it.status == "PENDING" and _is_to_come(contract, it) for it in changes),
        changes=changes,
        **_life_of(contract),
    )


def _is_to_come(contract: Contract, change: ContractChangeView) -> bool:
    """Of a contract that ends before, nothing is changed."""
    return contract.end_on is None or change.effective_date < contract.end_on

"""Offers, read and made into what is answered."""

import datetime as dt
from decimal import Decimal
from typing import Final

from contor.api.fynn.checkout.ids import made_uuid
from contor.api.fynn.checkout.things import plan_named, product_named
from contor.api.fynn.manners import known_when, money, money_or_none, when
from contor.api.fynn.offers.answers import (
    AcceptanceShown,
    ActivityShown,
    ApprovalShown,
    BillShown,
    BlockShown,
    LineShown,
    OfferCostsShown,
    OfferedPlanShown,
    OfferShown,
    PublicOfferShown,
    RecipientShown,
    RowShown,
    TemplateShown,
)
from contor.contracts.queries import contract_numbers
from contor.customers.queries import numbers_of
from contor.kernel.shapes import Fields
from contor.offers.proposals import (
    NUMBERED_TEMPLATES,
    AcceptanceView,
    Activity,
    Block,
    OfferedPlan,
    ProposalView,
    PublicOffer,
    RecipientView,
    ShownCosts,
    ShownDocument,
    TemplateContent,
    address_of,
)
from contor.runtime.execute import validated
from contor.runtime.uow import Uow

STATUS: Final = {
    "DRAFT": "draft",
    "APPROVAL": "open",
    "OPEN": "signing",
    "AWAITING_DETAILS": "awaiting_invoice_details",
    "SIGNED": "signed",
    "REJECTED": "rejected",
    "ARCHIVED": "archived",
}


def offer_shown(uow: Uow, one: ProposalView) -> OfferShown:
    currency, customer, contract = one.currency, one.customer_ident, one.contract_ident
    number = numbers_of(uow, [customer]).get(customer) if customer is not None else None
    signed = contract_numbers(uow, [contract]).get(contract) if contract is not None else None
    return OfferShown(
        id=made_uuid(uow, "proposal", one.proposal_id),
        number=one.number,
        title=one.title,
        status=STATUS[one.status],
        expired=one.expired,
        customer=made_uuid(uow, "customer", number) if number is not None else None,
        language=one.language,
        currency_code=currency,
        document=tuple(_block(uow, block, currency) for block in one.blocks),
        custom_variables={said.key: said.value for said in one.variables},
        acceptance_mode=one.acceptance_mode.lower(),
        creates=one.creates.lower(),
        auto_activation=one.auto_activate,
        valid_until=when(one.valid_until),
        deal_type=one.deal_type,
        approvers=one.approvers,
        quorum=one.quorum,
        version=one.version,
        published_version=one.published_version,
        sha256=one.sha256,
        contract_value=money_or_none(one.net, currency),
        recurring_value=money_or_none(one.recurring_net, currency),
        recipients=tuple(recipient_shown(uow, each, one.valid_until) for each in one.recipients),
        approvals=tuple(
            ApprovalShown(
                version=each.version,
                approver=each.approver,
                decision=each.decision.lower(),
                reason=each.reason,
                decided_at=known_when(each.decided_at),
            )
            for each in one.approvals
        ),
        acceptance=acceptance_shown(one.acceptance),
        reject_reason=one.reason,
        subscription=made_uuid(uow, "contract", signed) if signed is not None else None,
        order=one.order_ident,
        invoice_draft=one.draft_ident,
        created_at=known_when(one.created_at),
        updated_at=known_when(one.last_modified_at),
    )


def recipient_shown(uow: Uow, one: RecipientView, valid_until: dt.date | None) -> RecipientShown:
    return RecipientShown(
        id=made_uuid(uow, "recipient", one.recipient_id),
        email=one.email,
        first_name=one.first_name,
        last_name=one.last_name,
        role=one.role.lower(),
        url=(url := address_of(uow, one.recipient_id, valid_until)),
        token=url.partition("token=")[2],
        seen_at=when(one.seen_at),
        created_at=known_when(one.created_at),
    )


def activity_shown(uow: Uow, one: Activity) -> ActivityShown:
    return ActivityShown(
        id=made_uuid(uow, "activity", one.activity_id),
        type=one.kind.lower(),
        actor=one.actor,
        version=one.version,
        detail=one.detail,
        created_at=known_when(one.at),
    )


def public_shown(uow: Uow, one: PublicOffer) -> PublicOfferShown:
    said = one.content
    return PublicOfferShown(
        number=one.number,
        title=said.title,
        status=STATUS[one.status],
        role=one.role.lower(),
        email=one.email,
        company=said.company_name,
        customer=said.customer_name,
        language=said.language,
        document=tuple(_block(uow, block, said.currency) for block in said.blocks),
        acceptance_mode=said.acceptance_mode.lower(),
        valid_until=when(said.valid_until),
        version=one.version,
        sha256=one.sha256,
        now=tuple(_bill(each, said.currency) for each in said.costs.now),
        following=tuple(_bill(each, said.currency) for each in said.costs.following),
        provisional=said.provisional,
        acceptance=acceptance_shown(one.acceptance),
    )


def costs_shown(one: ShownCosts, currency: str) -> OfferCostsShown:
    return OfferCostsShown(
        now=tuple(_bill(each, currency) for each in one.now), following=tuple(_bill(each, currency) for each in one.following)
    )


def acceptance_shown(one: AcceptanceView | None) -> AcceptanceShown | None:
    if one is None:
        return None
    return AcceptanceShown(
        version=one.version,
        sha256=one.sha256,
        mode=one.mode.lower(),
        name=one.name,
        ip_address=one.address,
        accepted_at=known_when(one.accepted_at),
    )


def template_shown(uow: Uow, row: Fields) -> TemplateShown:
    content: TemplateContent = validated(TemplateContent, row["content"])
    return TemplateShown(
        id=made_uuid(uow, "proposal_template", NUMBERED_TEMPLATES.numbers(uow, [row["ident"]])[row["ident"]]),
        name=row["name"],
        title=content.title,
        currency_code=content.currency,
        document=tuple(_block(uow, block, content.currency) for block in content.blocks),
        custom_variables={said.key: said.value for said in content.variables},
        acceptance_mode=content.acceptance_mode.lower(),
        valid_days=content.valid_days,
        created_at=known_when(row["created_at"]),
        updated_at=known_when(row["last_modified_at"]),
    )


# helpers in calling order


def _block(uow: Uow, one: Block, currency: str) -> BlockShown:
    return BlockShown(
        type=one.type.lower(),
        headline=one.headline,
        text=one.text,
        rows=tuple(
            RowShown(
                name=row.name,
                description=row.description,
                quantity=_number(row.quantity),
                unit_price=money(row.unit_price_net, currency),
                tax_code=row.tax_code,
            )
            for row in one.rows
        ),
        plan=_plan(uow, one.plan, currency) if one.plan is not None else None,
    )


def _plan(uow: Uow, one: OfferedPlan, currency: str) -> OfferedPlanShown:
    plan = plan_named(uow, one.type, one.plan_ident, None)
    product = product_named(uow, one.type, one.plan_ident, None)
    return OfferedPlanShown(
        plan=plan.id if plan is not None else one.plan_ident,
        product=product.id if product is not None else None,
        tier=one.tier,
        quantity=_number(one.quantity),
        unit_price=money_or_none(one.unit_price, currency),
        trial_days=one.trial_days,
        start_date=when(one.start_date),
    )


def _bill(one: ShownDocument, currency: str) -> BillShown:
    return BillShown(
        date=known_when(one.day),
        lines=tuple(
            LineShown(
                name=line.name,
                quantity=_number(line.quantity),
                net_amount=money(line.net, currency),
                gross_amount=money(line.gross, currency),
            )
            for line in one.lines
        ),
        net_amount=money(one.net, currency),
        tax_amount=money(one.tax, currency),
        gross_amount=money(one.gross, currency),
    )


def _number(value: Decimal) -> int | Decimal:
    whole = value.to_integral_value()
    return int(whole) if whole == value else value.normalize()

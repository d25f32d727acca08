"""What is wrong with an offer, and what its recipients are shown of it: the words with their variables, the prices as they are now."""

import re
from collections.abc import Mapping
from typing import Final

from contor.catalogue.queries import plan_by_ident
from contor.catalogue.types import Plan, Price
from contor.contracts.sold import FrozenPrices, content_now, frozen_prices, main_option, options_of, quantity_findings, terms_mark
from contor.customers.queries import known_customers, names_of
from contor.documents.render import voice_of
from contor.kernel.errors import Problem
from contor.kernel.shapes import replace
from contor.offers.proposals.queries import ProposalRow
from contor.offers.proposals.types import Block, FrozenPlan, OfferedPlan, ProposalBody, ShownCosts, VersionContent
from contor.runtime.uow import Uow
from contor.settings.queries import default_site, sites

_VARIABLE: Final = re.compile(r"\{\{\s*([A-Za-z0-9_.-]{1,100})\s*\}\}")


def body_findings(uow: Uow, body: ProposalBody) -> list[Problem]:
    """What is wrong however unfinished it is."""
    problems = list[Problem]()
    if body.customer_ident is not None and not known_customers(uow, [body.customer_ident]):
        problems.append(Problem("customer_unknown", "does not exist", "customerIdent", body.customer_ident))
    plans = [(n, block.plan) for n, block in enumerate(body.blocks) if block.plan is not None]
    for n, block in enumerate(body.blocks):
        beside = {"TEXT": (block.rows, block.plan), "ROWS": (block.plan,), "PLAN": (block.rows,)}[block.type]
        if any(beside):
            problems.append(Problem("block_mixed", f"has what belongs to no block of type {block.type}", f"blocks[{n}]"))
        if block.type == "PLAN" and block.plan is None:
            problems.append(Problem("block_without_plan", "is required", f"blocks[{n}].plan"))
    if len(plans) > 1:
        problems.append(Problem("plans_too_many", "An offer has at most one plan, and rows beside it.", "blocks"))
    for n, one in plans:
        plan = plan_by_ident(uow, one.plan_ident)
        path = f"blocks[{n}].plan"
        if plan is None:
            problems.append(Problem("plan_unknown", "does not exist", f"{path}.planIdent", one.plan_ident))
            continue
        problems += quantity_findings(uow, plan, one.quantity, f"{path}.quantity")
        if plan.content.currency != body.currency:
            problems.append(Problem("currency_differs", f"The plan is in {plan.content.currency}.", "currency", body.currency))
        if body.creates == "DRAFT":
            problems.append(Problem("draft_of_plan", "A plan becomes a contract, never a draft.", "creates", body.creates))
    if body.quorum is not None and body.quorum > len(body.approvers):
        problems.append(Problem("quorum_too_large", "is more than there are approvers", "quorum", body.quorum))
    if len(set(body.approvers)) < len(body.approvers):
        problems.append(Problem("approver_repeated", "names somebody twice", "approvers"))
    return problems


def publish_findings(uow: Uow, row: ProposalRow, body: ProposalBody) -> list[Problem]:
    """What is wrong with one that is to go out."""
    problems = body_findings(uow, body)
    if body.customer_ident is None:
        problems.append(Problem("customer_missing", "is required before an offer goes out", "customerIdent"))
    if not any(block.plan is not None or block.rows for block in body.blocks):
        problems.append(Problem("offer_empty", "An offer has rows or a plan.", "blocks"))
    if body.valid_until is not None and body.valid_until < uow.ctx.today():
        problems.append(Problem("validity_over", f"is before today ({uow.ctx.today()})", "validUntil", body.valid_until))
    known = variables_of(uow, row, body)
    for n, block in enumerate(body.blocks):
        for field, text in (("headline", block.headline), ("text", block.text)):
            for name in _VARIABLE.findall(text or ""):
                if name not in known:
                    message = f"names {name}, which is no variable: known are {', '.join(sorted(known))}"
                    problems.append(Problem("variable_unknown", message, f"blocks[{n}].{field}", name))
    return problems


def variables_of(uow: Uow, row: ProposalRow, body: ProposalBody) -> Mapping[str, str]:
    """Those of the offer, before which the system's own go."""
    customer, company = _names(uow, body)
    voice = voice_of(body.language)
    system = {
        "customer.name": customer,
        "company.name": company,
        "offer.number": row.number,
        "offer.title": body.title,
        "offer.validUntil": voice.date(body.valid_until) if body.valid_until is not None else "",
        "today": voice.date(uow.ctx.today()),
    }
    return {**{one.key: one.value for one in body.variables}, **system}


def version_content(uow: Uow, row: ProposalRow, body: ProposalBody, costs: ShownCosts) -> VersionContent:
    """As it goes out now."""
    known = variables_of(uow, row, body)

    def written(text: str | None) -> str | None:
        return text if text is None else _VARIABLE.sub(lambda found: known[found[1]], text)

    blocks = tuple(replace(one, headline=written(one.headline), text=written(one.text)) for one in body.blocks)
    plan = offered_plan(body.blocks)
    customer, company = _names(uow, body)
    return VersionContent(
        number=row.number,
        title=body.title,
        language=body.language,
        currency=body.currency,
        customer_name=customer,
        company_name=company,
        blocks=blocks,
        valid_until=body.valid_until,
        acceptance_mode=body.acceptance_mode,
        creates=body.creates,
        auto_activate=body.auto_activate,
        plan=frozen_plan(uow, plan) if plan is not None else None,
        costs=costs,
    )


def offered_plan(blocks: tuple[Block, ...]) -> OfferedPlan | None:
    return next((one.plan for one in blocks if one.plan is not None), None)


def frozen_plan(uow: Uow, offered: OfferedPlan) -> FrozenPlan:
    """At the prices of the moment, and its own where it has one."""
    plan = plan_by_ident(uow, offered.plan_ident)
    assert plan is not None  # `body_findings` has seen it
    prices = frozen_prices(uow, plan)
    if offered.unit_price is not None:
        prices = _with_own(uow, plan, prices, offered)
    return FrozenPlan(plan_ident=plan.plan_ident, name=plan.content.name, prices=prices, mark=terms_mark(uow, plan))


def _with_own(uow: Uow, plan: Plan, prices: tuple[FrozenPrices, ...], offered: OfferedPlan) -> tuple[FrozenPrices, ...]:
    """The price of the article itself, net or gross and taxed as its own."""
    assert offered.unit_price is not None
    options = options_of(uow, plan)
    mains = {main_option(phase, options) for phase in plan.content.phases}
    made = []
    for one in prices:
        if one.option_ident in mains:
            usual = next(iter(content_now(uow, options[one.option_ident]).prices), None)
            own = Price(price=offered.unit_price) if usual is None else replace(usual, price=offered.unit_price, criteria=None)
            made.append(replace(one, prices=(own,)))
        else:
            made.append(one)
    return tuple(made)


def _names(uow: Uow, body: ProposalBody) -> tuple[str, str]:
    customer = body.customer_ident
    named = names_of(uow, [customer]).get(customer, []) if customer is not None else []
    found = sites(uow)
    site = found.get(default_site(uow) or "") or next(iter(found.values()), None)
    return (named[0] if named else customer or ""), (site.company_name if site is not None else "")

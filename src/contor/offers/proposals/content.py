"""What is wrong with an offer, and what its recipients are shown of it: the words with their variables, the prices as they are now."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from contor.catalogue.products import prices_by_ident
from contor.catalogue.queries import plan_by_ident
from contor.catalogue.types import Plan, Price
from contor.contracts.sold import (
    FrozenPrices,
    findings_of,
    frozen_items,
    frozen_prices,
    main_option,
    options_of,
    prices_in,
    quantity_findings,
    terms_mark,
)
from contor.customers.billed import billed
from contor.customers.queries import known_customers, names_of
from contor.documents.render import voice_of
from contor.kernel.errors import Problem
from contor.kernel.shapes import replace
from contor.offers.proposals.queries import ProposalRow, recipients_of
from contor.offers.proposals.types import Block, FrozenPlan, OfferedPlan, ProposalBody, ShownCosts, VersionContent
from contor.runtime.uow import Uow
from contor.settings.queries import default_site, sites

PRICED_EACH: Final = ("FLAT_FEE", "PER_UNIT")
"""Models of prices in place of which an offer can have one of its own."""
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
        problems += _plan_findings(uow, body, one, f"blocks[{n}].plan")
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
    if body.customer_ident is None and not any(one.role == "SIGN" for one in recipients_of(uow, [row.id])):
        message = (
            "is required before an offer goes out, unless a recipient is named who signs it and says himself where the bill goes"
        )
        problems.append(Problem("customer_missing", message, "customerIdent"))
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
    customer, company = _names(uow, row, body)
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
    customer, company = _names(uow, row, body)
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
        plan=frozen_plan(uow, plan, body.customer_ident) if plan is not None else None,
        costs=costs,
        provisional=invoice_address_of(uow, body.customer_ident) is None,
    )


def invoice_address_of(uow: Uow, customer: str | None) -> str | None:
    """Where bills of the customer go; None: nobody has said it yet."""
    found = billed(uow, [customer]).get(customer) if customer is not None else None
    return found.invoice_address_ident if found is not None else None


def offered_plan(blocks: tuple[Block, ...]) -> OfferedPlan | None:
    return next((one.plan for one in blocks if one.plan is not None), None)


def frozen_plan(uow: Uow, offered: OfferedPlan, customer: str | None) -> FrozenPlan:
    """At the prices of the moment, and its own where it has one."""
    if offered.type != "PLAN":
        return _frozen_prices(uow, offered, customer)
    plan = plan_by_ident(uow, offered.plan_ident)
    assert plan is not None  # `body_findings` has seen it
    prices = frozen_prices(uow, plan)
    if offered.unit_price is not None:
        prices = _with_own(uow, plan, prices, offered)
    return FrozenPlan(plan_ident=plan.plan_ident, name=plan.content.name, prices=prices, mark=terms_mark(uow, plan))


def _plan_findings(uow: Uow, body: ProposalBody, one: OfferedPlan, path: str) -> Iterator[Problem]:
    """Why it cannot be offered."""
    if one.type != "TIER" and one.tier is not None:
        yield Problem("tier_of_no_plan", "is said of plans in tiers alone", f"{path}.tier", one.tier)
    if one.type == "PLAN":
        plan = plan_by_ident(uow, one.plan_ident)
        if plan is None:
            yield Problem("plan_unknown", "does not exist", f"{path}.planIdent", one.plan_ident)
            return
        yield from quantity_findings(uow, plan, one.quantity, f"{path}.quantity")
        currencies = {plan.content.currency}
    else:
        found = findings_of(uow, one.sold, path, body.customer_ident)
        yield from (replace(it, field=f"{path}.planIdent") if it.field == f"{path}.ident" else it for it in found)
        if found:
            return
        prices = prices_by_ident(uow, [ident for ident, _ in prices_in(uow, one.sold)]).values()
        currencies = {it.currency for it in prices}
        if one.unit_price is not None and (len(prices) != 1 or any(it.model not in PRICED_EACH for it in prices)):
            message = "is said where there is one price, a flat fee or one for each unit"
            yield Problem("unit_price_unclear", message, f"{path}.unitPrice", one.unit_price)
    if currencies != {body.currency}:
        message = f"The plan is in {', '.join(sorted(currencies)) or 'no currency: it has optional prices alone'}."
        yield Problem("currency_differs", message, "currency", body.currency)


def _frozen_prices(uow: Uow, offered: OfferedPlan, customer: str | None) -> FrozenPlan:
    """Of products: each as it costs now."""
    items, _ = frozen_items(uow, [offered.sold], customer)
    if offered.unit_price is not None:
        (one,) = items  # `body_findings` has seen it
        items = (replace(one, prices=tuple(_owned(it, offered) if it.option_ident == one.main else it for it in one.prices)),)
    return FrozenPlan(plan_ident=offered.plan_ident, name=items[0].name, prices=(), mark="", items=items)


def _owned(one: FrozenPrices, offered: OfferedPlan) -> FrozenPrices:
    """With the offer's own price, net or gross and taxed as the usual one."""
    usual = next(iter(one.prices), None)
    own = Price(price=offered.unit_price) if usual is None else replace(usual, price=offered.unit_price, criteria=None)
    return replace(one, prices=(own,))


def _with_own(uow: Uow, plan: Plan, prices: tuple[FrozenPrices, ...], offered: OfferedPlan) -> tuple[FrozenPrices, ...]:
    """The price of the article itself."""
    options = options_of(uow, plan)
    mains = {main_option(phase, options) for phase in plan.content.phases}
    return tuple(_owned(one, offered) if one.option_ident in mains else one for one in prices)


def _names(uow: Uow, row: ProposalRow, body: ProposalBody) -> tuple[str, str]:
    """Of the customer, or of who signs as long as there is none; and of the company."""
    customer = body.customer_ident
    if customer is None:
        named = [one.name or one.email for one in recipients_of(uow, [row.id]) if one.role == "SIGN"]
    else:
        named = names_of(uow, [customer]).get(customer, [])
    found = sites(uow)
    site = found.get(default_site(uow) or "") or next(iter(found.values()), None)
    return (named[0] if named else customer or ""), (site.company_name if site is not None else "")

"""Plans that are made of prices of products: one for each contract, with one phase that offers them all."""

from collections.abc import Iterable, Iterator, Sequence

from contor.catalogue.plans import CreatePlan, LinkOption, PlanBody, create_plan, link_option
from contor.catalogue.products.queries import prices_by_ident, products_by_ident
from contor.catalogue.products.types import MAIN, MOST_PRICES, SETUP, Agreed, ProductPrice
from contor.catalogue.queries import plan_by_ident
from contor.catalogue.types import BillingConfig, Duration, LinkedOption, Phase, Plan, Transition
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.uow import Uow, not_found

ONCE = Duration(value=1, unit="MONTH")
"""The interval of a plan of which nothing recurs."""


def composed_plan(uow: Uow, name: str, price_idents: Sequence[str], agreed: Agreed, customer_ident: str | None) -> Plan:
    """The plan of one contract. `customer_ident`: who takes it; prices may be for one customer alone. Raises INVALID with what does not fit
    together, each finding at `prices[n]`."""
    prices, problems = _ordered(uow, price_idents, customer_ident)
    problems += list(_disagreements(prices, price_idents))
    _refuse(problems)
    made = create_plan(
        uow,
        CreatePlan(
            body=PlanBody(
                name=name,
                individual_plan=True,
                currency=prices[price_idents[0]].currency,
                phases=(
                    Phase(
                        ident=MAIN,
                        name=name,
                        billing_config=_billed(prices),
                        term_duration=agreed.term,
                        term_sync=False,
                        notice_period=agreed.notice,
                        transition=Transition(type="AUTO_RENEWAL" if agreed.term is not None and agreed.renewal else "NONE"),
                        linked_options=tuple([LinkedOption(option_ident=ident, minimum=0) for ident in _options(prices.values())]),
                    ),
                ),
            )
        ),
    )
    return _plan(uow, made.plan_ident)


def offer_also(uow: Uow, plan_ident: str, price_idents: Sequence[str], customer_ident: str | None) -> Plan:
    """Offer further prices in the plan of a contract, which has them as soon as its quantities name them. Raises INVALID where they do not
    fit its interval, currency or time of payment."""
    plan = _plan(uow, plan_ident)
    phase = plan.phase(MAIN)
    prices, problems = _ordered(uow, price_idents, customer_ident)
    _refuse(problems + list(_misfits(plan, phase, prices, price_idents)))
    offered = {link.option_ident for link in phase.linked_options}
    wanted = [ident for ident in _options(prices.values()) if ident not in offered]
    if len(offered) + len(wanted) > MOST_PRICES:
        raise Refused(Kind.INVALID, Problem("plan_full", f"A plan offers at most {MOST_PRICES} prices.", "prices"))
    for ident in wanted:
        link_option(uow, LinkOption(plan_ident=plan_ident, phase_ident=MAIN, body=LinkedOption(option_ident=ident, minimum=0)))
    return _plan(uow, plan_ident)


# helpers in calling order


def _ordered(uow: Uow, idents: Sequence[str], customer: str | None) -> tuple[dict[str, ProductPrice], list[Problem]]:
    """The prices in their order, and why some cannot be ordered."""
    if not idents:
        return {}, [Problem("prices_missing", "says what is ordered", "prices")]
    found = prices_by_ident(uow, idents)
    products = products_by_ident(uow, {price.product_ident for price in found.values()})
    problems = []
    for index, ident in enumerate(idents):
        where, price = f"prices[{index}]", found.get(ident)
        if price is None:
            problems.append(Problem("price_unknown", "does not exist", where, ident))
            continue
        if price.status != "ACTIVE":
            problems.append(Problem("price_not_active", f"is {price.status}: it is not ordered", where, ident))
        if products[price.product_ident].archived_at is not None:
            problems.append(Problem("product_archived", "is of a product that is archived", where, ident))
        if price.customer_ident not in (None, customer):
            problems.append(Problem("price_of_other_customer", "is for another customer alone", where, ident))
        if ident in idents[:index]:
            problems.append(Problem("price_repeated", "is ordered twice: say its quantity once", where, ident))
    return {ident: found[ident] for ident in idents if ident in found}, problems


def _disagreements(prices: dict[str, ProductPrice], idents: Sequence[str]) -> Iterator[Problem]:
    """What is not of one interval, one currency and one time of payment."""
    first = next((it for it in prices.values() if it.interval is not None), None)
    paid = next((it for it in prices.values() if _is_paid_for(it)), None)
    currency = next((it.currency for it in prices.values()), None)
    for index, ident in enumerate(idents):
        if (price := prices.get(ident)) is None:
            continue
        if first is not None and price.interval not in (None, first.interval):
            yield _other_interval(index, price)
        if paid is not None and _is_paid_for(price) and price.pay_in_advance != paid.pay_in_advance:
            yield _other_time(index, price)
        if price.currency != currency:
            yield _other_currency(index, price)


def _misfits(plan: Plan, phase: Phase, prices: dict[str, ProductPrice], idents: Sequence[str]) -> Iterator[Problem]:
    config = phase.billing_config
    for index, ident in enumerate(idents):
        if (price := prices.get(ident)) is None:
            continue
        if price.interval not in (None, config.billing_interval):
            yield _other_interval(index, price)
        if _is_paid_for(price) and price.pay_in_advance != (config.timing == "INTERVAL_START"):
            yield _other_time(index, price)
        if price.currency != plan.content.currency:
            yield _other_currency(index, price)


def _is_paid_for(price: ProductPrice) -> bool:
    """Whether the time of payment is its own: what is metered is known at the end alone."""
    return price.interval is not None and not price.is_metered


def _other_interval(index: int, price: ProductPrice) -> Problem:
    message = "has another interval than the others: what is billed at another interval is a contract of its own"
    return Problem("interval_differs", message, f"prices[{index}]", price.ident)


def _other_time(index: int, price: ProductPrice) -> Problem:
    message = "is paid at the other end of the interval than the others: that is a contract of its own"
    return Problem("payment_time_differs", message, f"prices[{index}]", price.ident)


def _other_currency(index: int, price: ProductPrice) -> Problem:
    return Problem("currency_differs", "is in another currency than the others", f"prices[{index}]", price.ident)


def _billed(prices: dict[str, ProductPrice]) -> BillingConfig:
    interval = next((it.interval for it in prices.values() if it.interval is not None), ONCE)
    in_advance = next((it.pay_in_advance for it in prices.values() if _is_paid_for(it)), True)
    return BillingConfig(billing_interval=interval, timing="INTERVAL_START" if in_advance else "INTERVAL_END")


def _options(prices: Iterable[ProductPrice]) -> list[str]:
    found: list[str] = []
    for price in prices:
        found += [price.ident, *([f"{price.ident}{SETUP}"] if price.setup_fee is not None else [])]
    return found


def _plan(uow: Uow, ident: str) -> Plan:
    plan = plan_by_ident(uow, ident)
    if plan is None:
        raise not_found("plan", ident, "ident")
    return plan


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)

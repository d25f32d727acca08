"""Subscriptions and what they name, found by their ids; and all that an answer says of them, in a fixed number of statements."""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace as replaced
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fynn.customers import customer_ident
from contor.api.fynn.ids import SUBSCRIPTION, uuids
from contor.api.fynn.manners import when
from contor.api.fynn.subscriptions.answers import BillingError, MeasurementValue
from contor.api.ids import DialectIds
from contor.billing.items import FailedPart, failed_parts, reasons_of_parked
from contor.catalogue.groups.stored import NUMBERED as GROUPS_NUMBERED
from contor.catalogue.products import PRICES_NUMBERED, PRODUCTS_NUMBERED, SETUP, Product, ProductPrice, prices_of_options
from contor.catalogue.products import products_by_ident as products_named
from contor.catalogue.queries import OPTIONS_NUMBERED, options_by_ident, plans_by_id
from contor.catalogue.types import Option, Phase, Plan
from contor.contracts.change import locked_contracts
from contor.contracts.course import phase_on, shown_quantities
from contor.contracts.joint import NUMBERED as JOINT_NUMBERED
from contor.contracts.labels import NOTHING, Label, labels_of
from contor.contracts.queries import contracts_by_id, contracts_by_ident_unlocked, plans_of
from contor.contracts.types import Contract
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import Days
from contor.settings.queries import days_of_groups

PRICE, PRODUCT = uuids(PRICES_NUMBERED), uuids(PRODUCTS_NUMBERED)
GROUP, JOINT = uuids(GROUPS_NUMBERED), uuids(JOINT_NUMBERED)
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, in which ULIDs are written."""
_BITS: Final = 63
_MASK: Final = (1 << _BITS) - 1
_ROUNDS: Final = range(4)
_RANK: Final = re.compile(r"\[(\d+)\]")


class Subscribed(NamedTuple):
    """A subscription with what its answer is made of."""

    contract: Contract
    course: Plan
    plan: Plan
    phase: Phase
    """That holds today."""
    taken: Mapping[str, Decimal]
    """Option: quantity, today."""
    options: Mapping[str, Option]
    prices: Mapping[str, ProductPrice]
    """By option, also those of setup fees."""
    products: Mapping[str, Product]
    label: Label

    @property
    def ident(self) -> str:
        return self.contract.contract_ident

    @property
    def is_draft(self) -> bool:
        return self.contract.start_on is None and self.contract.end_kind is None


class Item(NamedTuple):
    """An item of a subscription: an option that the contract has."""

    subscription: Subscribed
    option_ident: str
    quantity: Decimal

    @property
    def option(self) -> Option:
        return self.subscription.options[self.option_ident]

    @property
    def price(self) -> ProductPrice | None:
        return self.subscription.prices.get(self.option_ident)


def subscription_named(uow: Uow, text: str) -> str:
    """The contract's ident, of its id, its number or what another system calls it."""
    return SUBSCRIPTION.find(uow, [text])[text]


def subscription(uow: Uow, text: str, *, lock: bool = False) -> Subscribed:
    """Raises NOT_FOUND. `lock`: as it stays until the transaction ends, for whoever changes it."""
    ident = subscription_named(uow, text)
    if lock:
        return subscribed(uow, locked_contracts(uow, [ident]))[0]
    contracts = contracts_by_ident_unlocked(uow, [ident])
    if ident not in contracts:
        raise not_found("subscription", text)
    return subscribed(uow, [contracts[ident]])[0]


def again(uow: Uow, one: Subscribed) -> Subscribed:
    """As it is now."""
    return subscribed(uow, [contracts_by_id(uow, [one.contract.contract_id])[one.contract.contract_id]])[0]


def subscribed(uow: Uow, contracts: Sequence[Contract]) -> list[Subscribed]:
    plans = plans_by_id(uow, {one.plan_id for one in contracts})
    idents = {link.option_ident for plan in plans.values() for phase in plan.content.phases for link in phase.linked_options}
    options, prices = options_by_ident(uow, idents), prices_of_options(uow, idents)
    products = products_named(uow, {price.product_ident for price in prices.values()})
    courses, labels = plans_of(uow, contracts), labels_of(uow, [one.contract_id for one in contracts])
    days, found = days_of_groups(uow), []
    for one in contracts:
        plan, course = plans[one.plan_id], courses[one.contract_id]
        today = days.today(one.billing_group_ident)
        phase = phase_on(one, course, plan, today)
        taken = shown_quantities(one, max(today, one.start_on or today)).get(phase.ident, {})
        label = labels.get(one.contract_id, NOTHING)
        found.append(Subscribed(one, course, plan, phase, taken, options, prices, products, label))
    return found


def then(one: Subscribed, days: Days, at: dt.datetime) -> Subscribed:
    """With what it had, or will have, on the day of an instant; before its first day with that of the first one."""
    day = at.astimezone(days.zone(one.contract.billing_group_ident)).date()
    day = max(day, one.contract.start_on or day)
    phase = phase_on(one.contract, one.course, one.plan, day)
    return one._replace(phase=phase, taken=shown_quantities(one.contract, day).get(phase.ident, {}))


def items_of(one: Subscribed) -> list[Item]:
    """In the order of the plan; what is charged once follows what it belongs to, and goes with it."""
    named = [link.option_ident for link in one.phase.linked_options if _has(one, link.option_ident)]
    return [Item(one, ident, one.taken[ident]) for ident in named]


def _has(one: Subscribed, option_ident: str) -> bool:
    return option_ident in one.taken and setup_of(option_ident) in one.taken


def item_id_of(uow: Uow, contract_id: int, option: Option) -> str:
    return as_item_id(contract_id, option.option_id, str(uow.ctx.tenant_id))


def item(uow: Uow, text: str, *, lock: bool = False) -> Item:
    """The item of an id. Raises NOT_FOUND, also for what a subscription does not have any more."""
    numbers = of_item_id(text, str(uow.ctx.tenant_id))
    held = list(contracts_by_id(uow, [numbers[0]]).values()) if numbers is not None else []
    idents = OPTIONS_NUMBERED.idents(uow, [numbers[1]]) if numbers is not None and held else {}
    if numbers is None or not idents:
        raise not_found("subscription_item", text)
    one = subscribed(uow, locked_contracts(uow, [held[0].contract_ident]) if lock else held)[0]
    if not _has(one, ident := idents[numbers[1]]):
        raise not_found("subscription_item", text)
    return Item(one, ident, one.taken[ident])


def payers_of_items(uow: Uow, texts: Collection[str]) -> dict[str, str]:
    """By the ids of items, also of those that have ended, whose subscription each belongs to; what is no item is left out."""
    numbers = {text: pair for text in texts if (pair := of_item_id(text, str(uow.ctx.tenant_id))) is not None}
    contracts = contracts_by_id(uow, sorted({contract for contract, _ in numbers.values()})) if numbers else {}
    idents = OPTIONS_NUMBERED.idents(uow, {option for _, option in numbers.values()}) if contracts else {}
    held = {one.contract.contract_id: one for one in subscribed(uow, list(contracts.values()))}
    return {
        text: held[contract].contract.customer_ident
        for text, (contract, option) in numbers.items()
        if contract in held and idents.get(option) in held[contract].options
    }


def setup_of(option_ident: str) -> str:
    """The price of whose setup fee an option is; itself, where it is none."""
    return option_ident.removesuffix(SETUP)


def customer_named(uow: Uow, text: str, field: str = "customer") -> str:
    """Raises INVALID at the field."""
    try:
        return customer_ident(uow, text)
    except Refused:
        raise Refused(Kind.INVALID, Problem("customer_unknown", "does not exist", field, text[:100])) from None


def required(uow: Uow, ids: DialectIds, text: str, field: str) -> str:
    """The ident of what is named in a body. Raises INVALID at the field."""
    found = ids.find(uow, [text]).get(text)
    if found is None or not ids.things.numbers(uow, [found]):
        raise Refused(Kind.INVALID, Problem(f"{ids.things.kind}_unknown", "does not exist", field, text[:100]))
    return found


def named_all(uow: Uow, texts: Collection[str], field: str) -> list[str]:
    """The idents of subscriptions that are named in a body. Raises INVALID with each that does not exist."""
    idents = [subscription_named(uow, text) for text in texts]
    known = contracts_by_ident_unlocked(uow, idents)
    problems = [
        Problem("subscription_unknown", "does not exist", f"{field}[{index}]", text[:100])
        for index, (text, ident) in enumerate(zip(texts, idents, strict=True))
        if ident not in known
    ]
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return idents


@contextmanager
def told(names: Mapping[str, str]) -> Iterator[None]:
    """Findings of the core by the fields that were sent. `names`: the core's field without its ranks -> what was sent, with `[]` for each
    rank; the longest name that a field begins with counts."""
    try:
        yield
    except Refused as refused:
        problems = [replaced(problem, field=_told(names, problem.field)) for problem in refused.problems]
        raise Refused(refused.kind, *problems) from None


def _told(names: Mapping[str, str], field: str | None) -> str | None:
    if field is None:
        return None
    bare = re.sub(r"_(\w)", lambda found: found[1].upper(), _RANK.sub("", field))
    for name in sorted(names, key=len, reverse=True):
        if bare == name or bare.startswith(f"{name}."):
            said = names[name]
            for rank in _RANK.findall(field):
                said = said.replace("[]", f"[{rank}]", 1)
            return said.replace("[]", "")
    return field


def as_item_id(contract_id: int, option_id: int, scope: str) -> str:
    """A ULID of two numbers. Nothing is stored: both, 126 bits, are permuted by four Feistel rounds that are keyed by the tenant (`scope`),
    and a text that was not made here means two numbers that nothing has."""
    left, right = contract_id, option_id
    for number in _ROUNDS:
        left, right = right, left ^ _round(scope, number, right)
    bits = left << _BITS | right
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(125, -1, -5))


def of_item_id(text: str, scope: str) -> tuple[int, int] | None:
    """Contract and option; None where it is no ULID."""
    value = text.upper()
    if len(value) != 26 or any(digit not in ALPHABET for digit in value):
        return None
    bits = 0
    for digit in value:
        bits = bits << 5 | ALPHABET.index(digit)
    if bits >> 2 * _BITS:
        return None
    left, right = bits >> _BITS, bits & _MASK
    for number in reversed(_ROUNDS):
        left, right = right ^ _round(scope, number, left), left
    return left, right


def _round(scope: str, number: int, half: int) -> int:
    made = hashlib.blake2b(f"item:{scope}:{number}:{half}".encode(), digest_size=8).digest()
    return int.from_bytes(made) & _MASK


def measured(one: Item, identity: str) -> tuple[MeasurementValue, ...]:
    """How much is taken, and since when; what is metered is counted where it is billed."""
    contract, price = one.subscription.contract, one.price
    if one.option.type not in ("RECURRING", "QUANTITY"):
        return ()
    amended = contract.content.amended
    steps = [
        step.day
        for step in (amended.steps if amended is not None else ())
        if any(one.option_ident in given for given in step.quantities.values())
    ]
    code = price.measurement_code if price is not None else None
    since = steps[-1] if steps else contract.start_on
    return (MeasurementValue(id=identity, measurement=code or "quantity", quantity=one.quantity, measured_at=when(since)),)


def errors_shown(uow: Uow, found: Sequence[Subscribed]) -> list[list[BillingError]]:
    """Of each, what could not be billed of it, and why runs leave its customer out where they do."""
    parts = failed_parts(uow, [one.contract.contract_id for one in found])
    parked = reasons_of_parked(uow, {one.contract.customer_ident for one in found})
    shown: list[list[BillingError]] = []
    for one in found:
        shown.append([_error(uow, one, part) for part in parts if part.contract_id == one.contract.contract_id])
        if (why := parked.get(one.contract.customer_ident)) is not None:
            shown[-1].append(BillingError(code="CUSTOMER_PARKED", message=why))
    return shown


def _error(uow: Uow, one: Subscribed, part: FailedPart) -> BillingError:
    option, why = one.options.get(part.origin_ident), part.why
    return BillingError(
        code=why.code,
        message=why.text,
        item=item_id_of(uow, part.contract_id, option) if option is not None else None,
        date_from=when(part.since),
        date_to=when(max(part.since, part.until - dt.timedelta(days=1))),
    )

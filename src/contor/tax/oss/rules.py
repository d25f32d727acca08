"""Whether a supply to a consumer in another member state is taxed there: by the threshold, its waiver or the one-stop shop. Pure.

A determination asks once per batch for the `OssStatus` of who supplies (`oss_status`), and for each supply that concerns the threshold
(`concerns`) `destination_taxed(status, supply)`; of many at once `decided(status, supplies)`, which counts them one after another, so that
the very supply that crosses is the first to be taxed where it goes. What is issued is counted by `count_supplies`, in its transaction.

Source: section 3a (5) sentences 3 to 5, section 3c (4) UStG, section 18j UStG; Articles 33, 58, 59c of Directive 2006/112/EC: 10,000 EUR
net of all such supplies together, in the calendar year and in the one before, for who has places of business in one member state only.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from contor.kernel.money import ZERO, round_amount

THRESHOLD: Final = Decimal(10_000)
"""EUR, net."""
GOODS: Final = frozenset({"PHYSICAL_PRODUCT"})
"""Item categories of which a distance sale is one; electricity is taxed where it is used anyway (section 3g UStG)."""
ELECTRONIC: Final = frozenset({"DIGITAL_PRODUCT", "DIGITAL_PRODUCT_RENTAL"})
"""Item categories of telecommunication, broadcasting and electronic services; what is a SERVICE is taxed where its supplier is."""
EURO: Final = "EUR"
_OF_5_DECEMBER_2017: Final[Mapping[str, Decimal]] = {
    currency: Decimal(rate)
    for currency, rate in (
        ("BGN", "1.9558"),
        ("CZK", "25.653"),
        ("DKK", "7.4415"),
        ("HRK", "7.5543"),
        ("HUF", "313.96"),
        ("PLN", "4.2020"),
        ("RON", "4.6337"),
        ("SEK", "9.9680"),
    )
}
"""Units for one euro, as the European Central Bank published them on the day on which Directive (EU) 2017/2455 was adopted: by these, for
ever, the threshold is that of a state with another currency (Article 59c (5))."""
BINDING_YEARS: Final = 2
"""So many calendar years a waiver binds (section 3a (5) sentence 5, section 3c (4) sentence 3 UStG)."""

State = Literal["BELOW", "CROSSED", "CROSSED_LAST_YEAR", "WAIVED", "REGISTERED", "SEVERAL_STATES", "OUTSIDE_UNION"]
"""Of the threshold on a day. BELOW: supplies are taxed where they come from; with all others they are taxed where they go."""


class OssSupply(NamedTuple):
    """What concerns the threshold: to no business, goods or electronic services, from one member state to another."""

    day: dt.date
    """On which it is completed."""
    net: Decimal
    """EUR, without the tax that it bears where it comes from; negative: taken back."""
    counts: bool = True
    """False: nothing is supplied by it yet, as with a deposit."""


class Waiver(NamedTuple):
    """From when until when (inclusive; None: not ended) supplies are taxed where they go, though the threshold is not crossed."""

    valid_from: dt.date
    valid_until: dt.date | None = None


class OssStatus(NamedTuple):
    """How far one company is, as of now: what is issued, and what its transaction counted beside."""

    states: frozenset[str] = frozenset()
    """The member states in which the tenant has places of business."""
    registered_from: dt.date | None = None
    """From when on it declares by the union scheme, and so waives; None: it does not."""
    waivers: tuple[Waiver, ...] = ()
    sums: Mapping[int, Decimal] = MappingProxyType({})
    """By calendar year, EUR net."""
    crossed: Mapping[int, dt.date] = MappingProxyType({})
    """By calendar year, the day of the supply that crossed the threshold first; credits do not undo it within its year."""


def concerns(category: str, is_business: bool, seller_state: str | None, destination: str | None) -> bool:
    """Whether a supply counts towards the threshold. `seller_state`, `destination`: member states, of goods XI too; None: outside (see
    `territories`)."""
    if is_business or seller_state is None or destination is None or seller_state == destination:
        return False
    return category in GOODS or category in ELECTRONIC


def in_euro(net: Decimal, currency: str, ledger_currency: str, rate: Decimal | None) -> Decimal:
    """What an amount counts. `rate`: units of its currency for one of the ledger's, as its document has it; None: it is the ledger's."""
    if currency == EURO:
        return net
    fixed = Decimal(1) if ledger_currency == EURO else _OF_5_DECEMBER_2017.get(ledger_currency, Decimal(1))
    return round_amount(net / (rate or Decimal(1)) / fixed, EURO)


def state_on(status: OssStatus, day: dt.date) -> State:
    """Why supplies of a day are taxed where they go; BELOW: they are not, as far as is counted by now."""
    if not status.states:
        return "OUTSIDE_UNION"
    if len(status.states) > 1:
        return "SEVERAL_STATES"
    if status.registered_from is not None and status.registered_from <= day:
        return "REGISTERED"
    if any(one.valid_from <= day and (one.valid_until is None or day <= one.valid_until) for one in status.waivers):
        return "WAIVED"
    if status.sums.get(day.year - 1, ZERO) > THRESHOLD:
        return "CROSSED_LAST_YEAR"
    since = status.crossed.get(day.year)
    return "CROSSED" if since is not None and since <= day else "BELOW"


def destination_taxed(status: OssStatus, supply: OssSupply) -> bool:
    """Whether a supply is taxed where it goes: as the status says for its day, or because it crosses the threshold itself."""
    return state_on(status, supply.day) != "BELOW" or crosses(status, supply)


def crosses(status: OssStatus, supply: OssSupply) -> bool:
    """Whether the threshold of its year is crossed by this very supply."""
    year = supply.day.year
    return supply.counts and year not in status.crossed and status.sums.get(year, ZERO) + supply.net > THRESHOLD


def counted(status: OssStatus, supply: OssSupply) -> OssStatus:
    """The status with a supply counted."""
    if not supply.counts:
        return status
    year = supply.day.year
    crossed = {**status.crossed, year: supply.day} if crosses(status, supply) else status.crossed
    return status._replace(sums={**status.sums, year: status.sums.get(year, ZERO) + supply.net}, crossed=crossed)


def decided(status: OssStatus, supplies: Sequence[OssSupply]) -> tuple[bool, ...]:
    """Of supplies that are determined together, which are taxed where they go; parallel. They are counted by their days, those of a day in
    their order: from the one that crosses on, all are."""
    found = [False] * len(supplies)
    for position, supply in sorted(enumerate(supplies), key=lambda one: one[1].day):
        found[position] = destination_taxed(status, supply)
        status = counted(status, supply)
    return tuple(found)


def binding_until(valid_from: dt.date) -> dt.date:
    """The last day that a waiver binds at least: the end of the second calendar year."""
    return dt.date(valid_from.year + BINDING_YEARS - 1, 12, 31)

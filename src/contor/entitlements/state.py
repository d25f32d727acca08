"""What a customer may use, or one of his contracts gives, now and at any instant before: one statement."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Final, Literal, NamedTuple

from contor.contracts.queries import NUMBERED as CONTRACTS
from contor.contracts.queries import contract_by_ident
from contor.customers.keeping import NUMBERED as CUSTOMERS
from contor.customers.queries import known_customers
from contor.customers.standing import TOOK_A_PLACE, taken_over
from contor.entitlements.types import END, Choice, Entitlement, EntitlementState, FeatureType, Source
from contor.entitlements.values import rank
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.query.numbered import Numbered
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found

Owner = Literal["customer", "contract"]


class Numbers(NamedTuple):
    """Who shows ids that are made of numbers has them read with the rest."""

    key: int | None = None
    """What an id says, which goes before the ident."""


@shape
class StateOfCustomer:
    customer_ident: Ident
    at: str = ""
    """An instant with its offset from UTC, of the past; default: now."""
    feature: str = ""
    """Of this feature alone."""
    numbers: Numbers | None = None


@shape
class StateOfContract:
    contract_ident: Ident
    at: str = ""
    feature: str = ""
    numbers: Numbers | None = None


class _Row(NamedTuple):
    customer_ident: str
    contract_ident: str
    feature_ident: str
    value: str
    source: Source
    source_ident: str
    valid_from: dt.datetime
    valid_until: dt.datetime | None
    """None: it has no end."""
    name: str
    type: FeatureType
    unit: str | None
    choices: list[Mapping[str, str]] | None
    other_number: int | None
    """Of the contract where a customer was asked for, else of the customer; said once of rows of one that follow each other."""
    number: int | None
    """Of that by which it was asked for."""
    asked: str | None
    """By which ident, where that was found with the rest."""
    took_a_place: bool
    """Whether somebody was merged into the customer who was asked for."""


_STATE = (
    "SELECT e.customer_ident, e.contract_ident, e.feature_ident, e.value, e.source, e.source_ident, e.valid_from,"
    # most have neither end nor choices, and to write and read them takes longer than to find them
    f" nullif(e.valid_until, '{END:%Y-%m-%d}Z') AS valid_until, f.name, f.type, f.unit, nullif(f.choices, '[]') AS choices, {{}}"
    " FROM entitlement e"
    # one after the other by their key: a planner that knows nothing would read all features of the tenant
    " JOIN LATERAL (SELECT x.name, x.type, x.unit, x.choices FROM feature x"
    " WHERE x.tenant_id = e.tenant_id AND x.ident = e.feature_ident LIMIT 1) f ON true"
    " WHERE {} AND e.valid_until > %(at)s AND e.valid_from <= %(at)s"
)
_OF_FEATURE = " AND e.feature_ident = %(feature)s"
_UNNUMBERED = "NULL::bigint AS other_number, NULL::bigint AS number, NULL AS asked"
_OF_CONTRACTS = f"{_UNNUMBERED}, false AS took_a_place"
_NUMBERED: Final[Mapping[Owner, tuple[Numbered, Numbered]]] = {
    "customer": (CUSTOMERS, CONTRACTS),
    "contract": (CONTRACTS, CUSTOMERS),
}


@operation("entitlement.of_customer", permission="contracts.read", reads=True)
@few
def state_of_customer(uow: Uow, command: StateOfCustomer) -> EntitlementState:
    """What a customer may use by all of his contracts together: of each feature the most that any of them gives. His are also those of who
    was merged into him."""
    at = _instant(uow, command.at)
    ident, rows = _given(uow, "customer", command.customer_ident, command.numbers, at, command.feature)
    # contracts that ran when their customer was merged stay his, and are used by who took his place
    if (not rows or rows[0].took_a_place) and (others := taken_over(uow, [ident]).get(ident)):
        rows = _rows(uow, "customer", [ident, *others], at, command.feature)
    if not rows and not known_customers(uow, [ident]):
        raise not_found("customer", ident, "ident")
    return EntitlementState(customer_ident=ident, at=at, entitlements=_most(rows))


@operation("entitlement.of_contract", permission="contracts.read", reads=True)
@few
def state_of_contract(uow: Uow, command: StateOfContract) -> EntitlementState:
    """What one contract gives."""
    at = _instant(uow, command.at)
    ident, rows = _given(uow, "contract", command.contract_ident, command.numbers, at, command.feature)
    owner = rows[0].customer_ident if rows else contract_by_ident(uow, ident).customer_ident
    return EntitlementState(customer_ident=owner, contract_ident=ident, at=at, entitlements=_most(rows))


def states_at(uow: Uow, contract_idents: Iterable[str], at: dt.datetime) -> dict[str, tuple[Entitlement, ...]]:
    """What contracts give at an instant, by contract; one that gives nothing is not there."""
    found: dict[str, list[_Row]] = {}
    for row in _rows(uow, "contract", sorted(set(contract_idents)), at):
        found.setdefault(row.contract_ident, []).append(row)
    return {ident: _most(rows) for ident, rows in found.items()}


# helpers in calling order


def _instant(uow: Uow, text: str) -> dt.datetime:
    """What is to come may still change: it is shown by how long each entitlement is known to hold."""
    now = uow.ctx.now()
    if not text:
        return now
    try:
        at = dt.datetime.fromisoformat(text)
        at.astimezone(dt.UTC)  # the first and the last hours of the calendar are not there in UTC
    except (ValueError, OverflowError):
        at = None
    if at is None or at.tzinfo is None or at.year >= END.year:
        message = "is no instant with its offset from UTC, such as 2026-03-31T22:00:00Z"
        raise Refused(Kind.INVALID, Problem("parameter_malformed", message, "at", text[:100]))
    if at > now:
        raise Refused(Kind.INVALID, Problem("instant_to_come", f"is after now ({now:%Y-%m-%dT%H:%M:%SZ})", "at", text))
    return at


def _rows(uow: Uow, of: Owner, idents: list[str], at: dt.datetime, feature: str = "") -> list[_Row]:
    """What the contracts with these idents give, or all contracts of the customers with them."""
    return uow.all(_Row, _unnumbered(of, one=bool(feature)), {"idents": idents, "at": at, "feature": feature})


@cache
def _unnumbered(of: Owner, *, one: bool) -> str:
    """`one`: of one feature."""
    shown = (
        f"{_UNNUMBERED}, (SELECT {TOOK_A_PLACE.format('= ANY (%(idents)s)')}) AS took_a_place"
        if of == "customer"
        else _OF_CONTRACTS
    )
    return _STATE.format(shown, f"e.{of}_ident = ANY (%(idents)s)") + (_OF_FEATURE if one else "")


def _given(uow: Uow, of: Owner, ident: str, numbers: Numbers | None, at: dt.datetime, feature: str) -> tuple[str, list[_Row]]:
    """The ident that is meant, and what is given: one statement, where anything is."""
    if numbers is None:
        return ident, _rows(uow, of, [ident], at, feature)
    own, key = _NUMBERED[of][0], ident if numbers.key is None else numbers.key
    sql = _numbered(of, by_number=numbers.key is not None, one=bool(feature))
    if rows := uow.all(_Row, sql, {"key": key, "at": at, "feature": feature}):
        _learn(uow, of, rows)
        return rows[0].asked or ident, rows
    if numbers.key is None:
        return ident, rows
    found = own.idents(uow, [numbers.key]).get(numbers.key)
    return (found, rows) if found is not None else _given(uow, of, ident, Numbers(), at, feature)


@cache
def _numbered(of: Owner, *, by_number: bool, one: bool) -> str:
    """`one`: of one feature."""
    own, other = _NUMBERED[of]
    named = f'e."{other.ident}"'
    first = f"lag({named}) OVER () IS DISTINCT FROM {named}"
    other_number = f"CASE WHEN {first} THEN {other.number_beside('e')} END AS other_number"
    numbered = f"{other_number}, own.number, own.ident AS asked, own.took_a_place"
    given = _STATE.format(numbered, f"e.{of}_ident = own.ident") + (_OF_FEATURE if one else "")
    took = TOOK_A_PLACE.format("= o.ident") if of == "customer" else "false"
    chosen = own.chosen(own.number if by_number else own.ident)
    # OFFSET: one after the other stays so
    owner = f"(SELECT o.number, o.ident, {took} AS took_a_place FROM {chosen} o OFFSET 0)"
    return f"SELECT {columns(_Row, 's')} FROM {owner} own JOIN LATERAL ({given} OFFSET 0) s ON true"


def _learn(uow: Uow, of: Owner, rows: Iterable[_Row]) -> None:
    own, other = _NUMBERED[of]
    for row in rows:
        if row.number is not None and row.other_number is not None and row.asked is not None:
            own.learn(uow, [(row.number, row.asked)])
            other.learn(uow, [(row.other_number, row.contract_ident if of == "customer" else row.customer_ident)])


def _most(rows: Iterable[_Row]) -> tuple[Entitlement, ...]:
    """Of each feature the entitlement that gives the most, of equal ones that which lasts longest."""
    best: dict[str, _Row] = {}
    for row in rows:
        known = best.get(row.feature_ident)
        if known is None or _worth(row) > _worth(known):
            best[row.feature_ident] = row
    return tuple([_entitlement(best[ident]) for ident in sorted(best)])


def _worth(row: _Row) -> tuple[tuple[int, Decimal], dt.datetime, str]:
    return rank(row.type, [one["value"] for one in row.choices or ()], row.value), row.valid_until or END, row.contract_ident


def _entitlement(row: _Row) -> Entitlement:
    return Entitlement(
        feature_ident=row.feature_ident,
        name=row.name,
        type=row.type,
        unit=row.unit,
        value=row.value,
        label=_label(row.choices, row.value) if row.choices else None,
        source=row.source,
        source_ident=row.source_ident,
        contract_ident=row.contract_ident,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _label(choices: Iterable[Mapping[str, str]], value: str) -> str | None:
    return next((choice.label for one in choices if (choice := Choice(**one)).value == value), None)

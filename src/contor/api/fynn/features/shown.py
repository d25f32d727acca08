"""Features, their values and what may be used, from the core's to fynn's forms."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, cast

from contor.api.fynn.features.answers import (
    Choice,
    EntitlementShown,
    FeatureDetail,
    FeatureShown,
    FeatureStatus,
    FeatureValueShown,
    OverrideShown,
    StateShown,
    Value,
)
from contor.api.fynn.features.answers import FeatureType as FynnType
from contor.api.fynn.manners import known_when, when
from contor.entitlements.queries import Assignment, Uses
from contor.entitlements.types import Entitlement, EntitlementState, FeatureType
from contor.entitlements.values import OFF, ON, UNLIMITED, number_of
from contor.kernel.shapes import Fields

TYPES: Final[Mapping[FynnType, FeatureType]] = {
    "switch": "SWITCH",
    "quantity": "QUANTITY",
    "custom": "SELECTION",
    "range": "RANGE",
}
WORDS: Final[Mapping[str, str]] = {str(fynn): str(core) for fynn, core in TYPES.items()}
"""The same, as texts."""
_TYPES: Final[Mapping[str, FynnType]] = {core: fynn for fynn, core in TYPES.items()}


def text_of(value: bool | int | Decimal | str) -> str:
    """A value as the core reads it."""
    if isinstance(value, bool):
        return ON if value else OFF
    return value if isinstance(value, str) else f"{Decimal(value).normalize():f}"


def value_of(kind: FeatureType, value: str) -> Value:
    """A value as it is answered."""
    if kind == "SWITCH":
        return value == ON
    if kind != "SELECTION" and value.isdecimal():  # nearly every number
        return int(value)
    number = number_of(value) if kind != "SELECTION" and value != UNLIMITED else None
    return value if number is None else _plain(number)


def feature(row: Fields) -> FeatureShown:
    return FeatureShown(**_fields(row))


def detail(row: Fields, uses: Uses) -> FeatureDetail:
    return FeatureDetail(
        **_fields(row),
        product_assignments_count=uses.products,
        product_price_assignments_count=uses.options,
        entitlements_count=uses.contracts,
    )


def assignment(one: Assignment) -> FeatureValueShown:
    return FeatureValueShown(feature=one.feature_ident, type=_TYPES[one.type], value=value_of(one.type, one.value))


def override(row: Fields, kind: FeatureType) -> OverrideShown:
    return OverrideShown(
        id=row["ident"],
        feature=row["feature_ident"],
        value=None if row["value"] is None else value_of(kind, row["value"]),
        valid_from=known_when(row["valid_from"]),
        valid_until=when(row["valid_to"]),
        created_at=known_when(row["created_at"]),
    )


def state(found: EntitlementState, customers: Mapping[str, int | str], subscriptions: Mapping[str, int | str]) -> StateShown:
    """`customers`, `subscriptions`: the ids by which they are known, by their idents."""
    own = found.contract_ident
    return StateShown(
        customer=str(customers[found.customer_ident]),
        subscription=None if own is None else str(subscriptions[own]),
        at=known_when(found.at),
        entitlements=tuple([_entitlement(one, str(subscriptions[one.contract_ident])) for one in found.entitlements]),
    )


# helpers in calling order

_since = lru_cache(4096)(known_when)
"""What a contract gives mostly begins at once."""


def _plain(number: Decimal) -> int | Decimal:
    whole = number.to_integral_value()
    return int(whole) if whole == number else number.normalize()


def _fields(row: Fields) -> Fields:
    kind = cast(FeatureType, row["type"])
    return {
        "id": row["ident"],
        "name": row["name"],
        "description": row["description"],
        "status": cast(FeatureStatus, row["status"].lower()),
        "type": _TYPES[kind],
        "config": tuple([_choice(kind, one) for one in row["choices"]]),
        "unit": row["unit"],
        "min": None if row["minimum"] is None else _plain(row["minimum"]),
        "max": None if row["maximum"] is None else _plain(row["maximum"]),
        "unlimited": row["may_be_unlimited"],
    }


def _choice(kind: FeatureType, one: Fields) -> Choice:
    value = value_of(kind, one["value"])
    assert not isinstance(value, bool)
    return Choice(value=value, label=one.get("label"))


def _entitlement(one: Entitlement, subscription: str) -> EntitlementShown:
    return EntitlementShown(
        feature=one.feature_ident,
        name=one.name,
        type=_TYPES[one.type],
        unit=one.unit,
        value=value_of(one.type, one.value),
        label=one.label,
        source="override" if one.source == "OVERRIDE" else "price_plan",
        subscription=subscription,
        valid_from=_since(one.valid_from),
        valid_until=when(one.valid_until),
    )

"""A field that is accepted has an effect: every field of every body is read by something, told to who reads it again, or refused."""

import re
import sys
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.checkers.echoed import ECHOED
from tests.checkers.reading.kinds import fields_of, hints_of, members
from tests.checkers.reading.reads import Reads

from contor.api.fynn.routes import ROUTES as FYNN
from contor.api.management.routes import ROUTES as MANAGEMENT
from contor.api.platform.routes import ROUTES as PLATFORM
from contor.bookkeeping.types import Line
from contor.runtime.resource import Resource

SRC = Path(__file__).parents[2] / "src"
TOLD = frozenset({"properties", "metadata", "name", "description", "display_name", "key", "value"})
"""What the pages call information, whatever it belongs to: names, notes, the caller's own data. Whoever reads the thing reads it."""
STORED_AS: Mapping[str, str] = {
    "EndpointAddress": "EndpointFields",
    "SiteBankAccount": "AccountFields",
    "PaymentAccount": "AccountFields",
    "PostalAddress": "AddressFields",
    "ContactPerson": "ContactFields",
    "NumberOverride": "NumberFields",
    "RoundingOverride": "RoundingFields",
    "TaxClassification": "ClassificationFields",
    "CustomerDunning": "DunningFields",
    "ConfigurationChange": "AssignmentConfiguration",
    "RegexMatchingStrategyCreation": "RegexStrategy",
    "RegexMatchingStrategyUpdate": "RegexStrategy",
    "ContractAllowanceCreation": "Allowance",
    "ContractAllowanceUpdate": "Allowance",
    "CouponCreation": "Coupon",
    "CouponUpdate": "Coupon",
    "CustomerAccountBody": "PayingAccount",
    "DocumentSeries": "SeriesFields",
    "AccountGroup": "GroupFields",
    "TaxCode": "CodeFields",
}
"""What is stored as it came -> the class that it is read as."""
BY_NAME = frozenset(
    {
        *(
            "LocaleConfiguration",
            "TaxClassification",
            "TaxExemption",
            "RegionLanguages",
            "SplittingConfig",
            "MinimumAmount",
            "BillingStop",
            "CollectionConfig",
            "Completion",
        ),
        *("TaxRuleBody", "TaxRuleConditions"),
        *("CustomerProfile", "ContactProfile", "PaymentTerms", "PaymentAccount"),
        *("ContractTerms", "OrderTerms", "TenantChange", "CustomerSettings"),
    }
)
"""What is stored as it came, and asked for its names where it is read."""
TABLES: Mapping[str, tuple[str, str]] = {
    "AccountBody": ("booking_account", "bookkeeping"),
    "AccountChange": ("booking_account", "bookkeeping"),
    "OrganizationBody": ("organization", "organizations"),
    "OrganizationPatch": ("organization", "organizations"),
    "BillingOptions": ("organization", "organizations"),
    "ManagedConfiguration": ("organization", "organizations"),
    "BillingAddressBody": ("billing_address", "organizations"),
    "BillingAddressPatch": ("billing_address", "organizations"),
    "ApiKeyPatch": ("api_key", "organizations"),
    "SourceBody": ("settlement_source", "payments"),
    "Decided": ("tenant_setting", "settings"),
}
"""What is stored column by column -> its table and package; of a `Resource` its declaration says it."""
REFUSED: Mapping[str, str] = {}
"""Field -> why whoever says it is told that it is not taken."""


@cache
def reads() -> Reads:
    names = [str(path.relative_to(SRC).with_suffix("")).replace("/", ".") for path in sorted((SRC / "contor").rglob("*.py"))]
    skipped = re.compile(r"contor\.(cli|app|commands\..*|migrations\..*|.*__init__)|contor")
    found = Reads(name for name in names if not skipped.fullmatch(name))
    found.read |= {(Line, field) for field in fields_of(Line)}  # what stands in an entry is booked
    return found


def bodies() -> dict[type, None]:
    """Every class that a body is made of."""
    found: dict[type, None] = {}
    for row in (*PLATFORM, *MANAGEMENT, *FYNN):
        if row.body is not None and not row.upload and row.filterable is None:
            for kind in classes_in(row.body):
                found |= dict.fromkeys([kind, *held(kind, found)])
    return {getattr(kind, "__shape__", kind): None for kind in found}


def held(kind: type, known: Mapping[type, None]) -> Iterator[type]:
    if kind in known:
        return
    for hint in hints_of(kind).values():
        for inner in classes_in(hint):
            yield inner
            yield from held(inner, {**known, kind: None})


def classes_in(hint: Any) -> Iterator[type]:
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        if fields_of(hint):
            yield hint
        return
    for part in typing.get_args(hint):
        yield from classes_in(part)


@cache
def resources() -> Mapping[type, tuple[Resource, frozenset[str]]]:
    """By the classes of its bodies, each stored thing with the packages that know it."""
    known: dict[str, tuple[Resource, set[str]]] = {}
    for name, module in list(sys.modules.items()):
        for value in list(vars(module).values()) if name.startswith("contor.") else ():
            if isinstance(value, Resource):
                known.setdefault(value.name, (value, set()))[1].add(name.split(".")[1])
    return {kind: (it, frozenset(packages - {"api"})) for it, packages in known.values() for kind in (it.creation, it.update_body)}


def in_table(table: str, packages: Iterable[str], field: str) -> bool:
    """Whether a column is read: as a field of a row, by its name, or in SQL."""
    rows = any(reads().counts((row, field)) for row in reads().rows[table] if field in fields_of(row))
    asked = any(field in reads().keys[package] for package in packages)
    return rows or asked or any(re.search(rf"\b{table}\b", text) and re.search(rf"\b{field}\b", text) for text in reads().texts)


def is_read(kind: type, field: str) -> bool:
    """As it is, or as what it becomes; what becomes a field that only describes something describes it."""
    becomes = reads().becomes((kind, field))
    return any(is_read_as(*one) for one in becomes) or any(
        f"{other.__name__}.{name}" in ECHOED for other, name in becomes - {(kind, field)}
    )


def is_read_as(kind: type, field: str) -> bool:
    mine = [base for base in (*kind.__mro__, *changes().get(kind, ())) if field in fields_of(base)]
    heirs = [other for other, name in reads().read if name == field and issubclass(other, kind)]
    named = STORED_AS.get(kind.__name__)
    twins = [other for other, name in (*reads().read, *reads().handed) if name == field and other.__name__ == named]
    if any(reads().counts((other, field)) for other in (*mine, *heirs, *twins)):
        return True
    if kind.__name__ in BY_NAME:
        return any(field in asked for asked in reads().keys.values()) or any(
            field == text or f"'{field}'" in text for text in reads().texts
        )
    if kind.__name__ in TABLES:
        table, package = TABLES[kind.__name__]
        return in_table(table, [package], field)
    stored = next((resources()[base] for base in kind.__mro__ if base in resources()), None)
    return stored is not None and (field in stored[0].keys or in_table(stored[0].table.name, stored[1], field))


@cache
def changes() -> Mapping[type, list[type]]:
    """By shape, what is made of it to change things in part."""
    found: dict[type, list[type]] = {}
    for name, module in list(sys.modules.items()):
        for value in list(vars(module).values()) if name.startswith("contor.") else ():
            if isinstance(value, type) and (shape := getattr(value, "__shape__", None)) is not None:
                found.setdefault(shape, []).append(value)
    return found


def says_one_thing(kind: type, field: str) -> bool:
    """A field of one word refuses every other."""
    words = [part for hint in members(hints_of(kind)[field]) for part in typing.get_args(hint)]
    return len(words) == 1 and all(typing.get_origin(hint) is typing.Literal for hint in members(hints_of(kind)[field]))


def test_every_field_that_is_accepted_is_read() -> None:
    unread = {
        f"{kind.__name__}.{field}"
        for kind in bodies()
        for field in fields_of(kind)
        if field not in TOLD and not says_one_thing(kind, field) and not is_read(kind, field)
    }
    assert sorted(unread - ECHOED.keys() - REFUSED.keys()) == []
    assert sorted((ECHOED.keys() | REFUSED.keys()) - unread) == [], "has an effect by now"


def test_a_field_that_nothing_reads_is_found() -> None:
    """Handing a value on is not reading it; what is made of it is."""
    found = Reads(["tests.factories.unread"])
    from tests.factories import unread

    assert {name: found.counts((unread.Body, name)) for name in fields_of(unread.Body)} == {
        "priced": True,
        "told": False,
        "kept": True,
        "forgotten": False,
        "nested": True,
    }

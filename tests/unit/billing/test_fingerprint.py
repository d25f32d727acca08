"""Whether a bill is the one that was previewed: whatever its documents say otherwise is noticed, and named."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from tests.factories.billing_items import a_reduction, an_item, days_on, taxed

from contor.billing.items import Item
from contor.billing.papers import Paper, Switches, split
from contor.billing.runs.fingerprint import PARTS, differing, fingerprint, fingerprints
from contor.documents.types import Document, PaymentTerm
from contor.documents.types.versions import read

D = Decimal
TODAY = dt.date(2026, 2, 10)
DAY = dt.timedelta(days=1)
GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "documents").glob("*.json"))
DRAWN_ANEW = {("Document", "request_id"), ("Document", "created_at"), ("DocumentItem", "ident"), ("PostTaxItem", "ident")}
"""What each attempt has its own of."""


def golden(path: Path) -> Document:
    return read(json.dumps(json.loads(path.read_bytes())["frozen"]).encode())


def paper(*items: Item, rate: str = "19", day: dt.date = TODAY) -> list[Paper]:
    return split([taxed(item, rate) for item in items], {"group": Switches()}, days_on(day), dt.date(2020, 1, 1))[0]


def print_of(*items: Item, **more: Any) -> str:
    return fingerprint(paper(*items, **more), [], days_on(TODAY))


def of_document(document: Document, today: dt.date = TODAY) -> str:
    return fingerprint([], [SimpleNamespace(document=document, series=None)], days_on(today))  # type: ignore[list-item]


def test_the_same_bill_has_the_same_fingerprint_whatever_its_items_are_numbered() -> None:
    first, again = an_item("10"), an_item("10")
    assert first.item_id != again.item_id
    assert print_of(first) == print_of(again)
    assert print_of() != print_of(first)
    assert differing(print_of(), print_of(first)) == "its rows and amounts"
    assert differing(print_of(first), "") == "all of it"


@pytest.mark.parametrize(
    "other",
    [
        {"total": "10.01"},
        {"total": "10.00"},
        {"row": {"name": "Other"}},
        {"row": {"quantity": D(2)}},
        {"period_end": dt.date(2026, 3, 1)},
        {"origin_ident": "other"},
        {"contract_ident": "v-2"},
        {"business_case": "CORRECTION_CREATION"},
        {"header": {"invoice_address_ident": "branch"}},
        {"header": {"payment_term": PaymentTerm()}},
    ],
)
def test_another_bill_has_another_fingerprint(other: dict[str, Any]) -> None:
    changed = an_item(other.pop("total", "10"), **other)
    assert print_of(changed) != print_of(an_item("10"))


def test_the_rate_belongs_to_the_bill_and_its_date_where_it_is_not_the_days() -> None:
    item = an_item("10")
    assert print_of(item) != print_of(item, rate="7")
    assert print_of(item) != print_of(item, day=TODAY - DAY)
    assert fingerprint(paper(item, day=TODAY + DAY), [], days_on(TODAY + DAY)) == print_of(item)  # approved after midnight


def test_every_customer_has_one() -> None:
    ours, nothing, theirs = an_item("10"), an_item("0"), an_item("4", header={"customer_ident": "c-2"})
    credit = a_reduction("3")
    prints = fingerprints([*paper(ours, credit), *paper(theirs)], [], [ours, nothing, theirs], days_on(TODAY))
    assert prints == {"c-1": print_of(ours, credit), "c-2": print_of(theirs)}
    assert fingerprints([], [], [nothing], days_on(TODAY)) == {"c-1": print_of()}


def changed(value: Any) -> Any:
    """Another value of the same kind; None: there is no telling."""
    match value:
        case bool():
            return not value
        case str():
            return f"{value}~"
        case Decimal() | int():
            return value + 1
        case dt.datetime() | dt.date():
            return value + DAY
        case _:
            return None


def others(thing: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """Of a frozen thing: each field of it, and of what it holds, with the whole thing in which that one is another."""
    for field in thing.__struct_fields__:
        value = getattr(thing, field)
        name = (type(thing).__name__, field)
        if isinstance(value, msgspec.Struct):
            yield from ((inner, msgspec.structs.replace(thing, **{field: other})) for inner, other in others(value))
        elif isinstance(value, tuple) and value:
            yield name, msgspec.structs.replace(thing, **{field: value[:-1]})
            if isinstance(value[0], msgspec.Struct):
                for inner, other in others(value[0]):
                    yield inner, msgspec.structs.replace(thing, **{field: (other, *value[1:])})
        elif (other := changed(value)) is not None:
            yield name, msgspec.structs.replace(thing, **{field: other})


def test_whatever_a_document_says_otherwise_is_noticed() -> None:
    """Every field of every part of the documents that are kept for all releases."""
    seen: set[tuple[str, str]] = set()
    for path in GOLDEN:
        document = golden(path)
        honest = of_document(document)
        for field, other in others(document):
            if field in seen:
                continue
            seen.add(field)
            assert (of_document(other) == honest) is (field in DRAWN_ANEW), field
    assert seen >= DRAWN_ANEW
    named = {field for kind, field in seen if kind == "Document"}
    assert {field for fields in PARTS.values() for field in fields} <= named | set(Document.__struct_fields__)
    assert len(named) > 30 and len(seen) > 100


def test_what_differs_is_named() -> None:
    document = golden(GOLDEN[0])
    for words, field in (("its recipient", "customer"), ("the seller", "seller"), ("how it is paid", "payment_term")):
        (_, other), *_ = others(getattr(document, field))
        assert differing(of_document(document), of_document(msgspec.structs.replace(document, **{field: other}))) == words


def test_a_document_of_the_day_says_the_same_the_day_after() -> None:
    document = golden(GOLDEN[0])
    today = document.document_date
    later = {"document_date": today + DAY, "due_date": document.due_date + DAY, "tax_date": today + DAY}
    assert of_document(msgspec.structs.replace(document, **later), today + DAY) == of_document(document, today)
    assert of_document(msgspec.structs.replace(document, due_date=document.due_date + DAY), today) != of_document(document, today)

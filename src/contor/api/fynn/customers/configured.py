"""Groups of customers, and fields that the tenant declares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contor.api.fynn.customers.answers import FieldShown, GroupShown, OptionShown
from contor.api.fynn.customers.ids import FIELD, GROUP
from contor.api.fynn.customers.judged import said, sent
from contor.api.fynn.customers.types import FieldSent, GroupSent
from contor.api.fynn.customers.write import One
from contor.api.fynn.manners import known_when
from contor.api.ids import DialectIds
from contor.api.route import By, Sought
from contor.custom_fields.fields import CUSTOM_FIELDS
from contor.customers.standing import CUSTOMER_GROUPS
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Text255, replace, shape
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Resource, Written
from contor.runtime.uow import Uow

KINDS: Final = {"customer": "CUSTOMER", "product": "PRODUCT", "subscription": "SUBSCRIPTION", "invoice": "INVOICE"}
TYPES: Final = {
    "text": "TEXT",
    "number": "NUMBER",
    "date": "DATE",
    "selection": "SELECTION",
    "multi_selection": "MULTI_SELECTION",
    "list": "LIST",
    "checkbox": "CHECKBOX",
}
GROUPS_SOUGHT: Final = Sought(by={"name": By(field="name")}, order={"name": "name", "createdAt": "id"})
FIELDS_SOUGHT: Final = Sought(
    by={"entity": By(field="kind", words=KINDS), "key": By(field="key"), "type": By(field="type", words=TYPES)},
    order={"position": "position", "name": "name", "createdAt": "id"},
)


@dataclass(frozen=True, slots=True)
class Found:
    query: ListQuery


@shape
class PutGroup:
    id: Text255
    body: GroupSent


@shape
class PutField:
    id: Text255
    body: FieldSent


@operation("fynn.customer_group_list", permission="customers.read", reads=True)
def list_groups(uow: Uow, command: Found) -> Page:
    """All groups."""
    return _listed(uow, CUSTOMER_GROUPS, command.query, _groups)


@operation("fynn.customer_group_create", permission="customers.write")
def create_group(uow: Uow, body: GroupSent) -> GroupShown:
    """A further group."""
    made = sent(CUSTOMER_GROUPS.creation, {"name": body.name, "description": body.description})
    return _groups(uow, [CUSTOMER_GROUPS.create(uow, Written((), made))])[0]


@operation("fynn.customer_group_get", permission="customers.read", reads=True)
def get_group(uow: Uow, command: One) -> GroupShown:
    """One group."""
    return _groups(uow, [_one(uow, CUSTOMER_GROUPS, GROUP, command.id)])[0]


@operation("fynn.customer_group_update", permission="customers.write")
def update_group(uow: Uow, command: PutGroup) -> GroupShown:
    """Another name or description."""
    ident = _one(uow, CUSTOMER_GROUPS, GROUP, command.id)["ident"]
    made = sent(CUSTOMER_GROUPS.update_body, {"name": command.body.name, "description": command.body.description})
    return _groups(uow, [CUSTOMER_GROUPS.update(uow, Written((ident,), made))])[0]


@operation("fynn.customer_group_delete", permission="customers.write")
def delete_group(uow: Uow, command: One) -> None:
    """A group without customers goes."""
    CUSTOMER_GROUPS.delete(uow, Keyed((_one(uow, CUSTOMER_GROUPS, GROUP, command.id)["ident"],)))


@operation("fynn.custom_field_list", permission="settings.read", reads=True)
def list_fields(uow: Uow, command: Found) -> Page:
    """All declared fields."""
    return _listed(uow, CUSTOM_FIELDS, command.query, _fields)


@operation("fynn.custom_field_create", permission="settings.write")
def create_field(uow: Uow, body: FieldSent) -> FieldShown:
    """Declare a field."""
    with said():
        made = CUSTOM_FIELDS.create(uow, Written((), sent(CUSTOM_FIELDS.creation, _stored(body))))
    return _fields(uow, [made])[0]


@operation("fynn.custom_field_get", permission="settings.read", reads=True)
def get_field(uow: Uow, command: One) -> FieldShown:
    """One declared field."""
    return _fields(uow, [_one(uow, CUSTOM_FIELDS, FIELD, command.id)])[0]


@operation("fynn.custom_field_update", permission="settings.write")
def update_field(uow: Uow, command: PutField) -> FieldShown:
    """Another name, other options; entity, key and type stay."""
    ident = _one(uow, CUSTOM_FIELDS, FIELD, command.id)["ident"]
    with said():
        made = CUSTOM_FIELDS.update(uow, Written((ident,), sent(CUSTOM_FIELDS.update_body, _stored(command.body))))
    return _fields(uow, [made])[0]


@operation("fynn.custom_field_delete", permission="settings.write")
def delete_field(uow: Uow, command: One) -> None:
    """A field goes with its values."""
    CUSTOM_FIELDS.delete(uow, Keyed((_one(uow, CUSTOM_FIELDS, FIELD, command.id)["ident"],)))


def _listed(uow: Uow, things: Resource, query: ListQuery, read: Callable[[Uow, Sequence[Fields]], Sequence[object]]) -> Page:
    page: Page = things.list(uow, Listed((), query))
    rows: list[Fields] = [dict(row) for row in page.items if isinstance(row, Mapping)]
    return replace(page, items=tuple(read(uow, rows)))


def _one(uow: Uow, things: Resource, ids: DialectIds, text: str) -> Fields:
    return things.require(uow, (ids.find(uow, [text])[text],))


def _groups(uow: Uow, rows: Sequence[Fields]) -> list[GroupShown]:
    ids = GROUP.shown(uow, [row["ident"] for row in rows])
    return [GroupShown(id=str(ids[row["ident"]]), name=row["name"], description=row["description"]) for row in rows]


def _fields(uow: Uow, rows: Sequence[Fields]) -> list[FieldShown]:
    ids = FIELD.shown(uow, [row["ident"] for row in rows])
    kinds, types = ({code: word for word, code in words.items()} for words in (KINDS, TYPES))
    made = [
        {
            "id": str(ids[row["ident"]]),
            "entity": kinds[row["kind"]],
            "key": row["key"],
            "name": row["name"],
            "type": types[row["type"]],
            "options": tuple(OptionShown(value=one["value"], label=one["label"]) for one in row["options"] or ()),
            "description": row["description"],
            "position": row["position"],
            "created_at": known_when(row["created_at"]),
        }
        for row in rows
    ]
    return [FieldShown(**one) for one in made]


def _stored(body: FieldSent) -> Fields:
    return {
        "kind": KINDS[body.entity],
        "key": body.key,
        "name": body.name,
        "type": TYPES[body.type],
        "options": [{"value": one.value, "label": one.label} for one in body.options],
        "description": body.description,
        "position": body.position,
    }

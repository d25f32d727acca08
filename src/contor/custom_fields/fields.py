"""Which fields a tenant keeps of its things."""

from contor.custom_fields import tables
from contor.custom_fields.types import MOST_FIELDS
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow

NUMBERED = Numbered("custom_field", tables.custom_field)
_CHOSEN = ("SELECTION", "MULTI_SELECTION")


def _option_findings(row: Fields) -> list[Problem]:
    values = [option["value"] for option in row.get("options") or ()]
    if row["type"] not in _CHOSEN:
        return [Problem("options_without_selection", f"A field of type {row['type']} has no options.", "options")] if values else []
    if not values:
        return [Problem("options_missing", "A selection has at least one option.", "options")]
    return [
        Problem("option_repeated", "is the value of another option of the field", f"options[{n}].value", value)
        for n, value in enumerate(values)
        if value in values[:n]
    ]


def _new(uow: Uow, row: Fields) -> None:
    uow.lock("custom_field", [row["kind"]])  # two at once are judged one after the other
    problems = _option_findings(row)
    keys = uow.column(str, "SELECT key FROM custom_field WHERE kind = %s", (row["kind"],))
    if row["key"] in keys:
        problems.append(Problem("custom_field_exists", "is the key of another field of the kind", "key", row["key"]))
    if len(keys) >= MOST_FIELDS:
        problems.append(
            Problem("custom_fields_exceeded", f"A kind of thing has at most {MOST_FIELDS} fields.", "kind", row["kind"])
        )
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _change(uow: Uow, row: Fields) -> None:
    """Values that were written by the former options stay as they are."""
    if problems := _option_findings(row):
        raise Refused(Kind.INVALID, *problems)


def _forget(uow: Uow, row: Fields) -> None:
    uow.run("DELETE FROM custom_value WHERE field_ident = %s", (row["ident"],))


CUSTOM_FIELDS = Resource(
    "custom_field",
    tables.custom_field,
    permission="settings",
    keys=("ident",),
    writable=("kind", "key", "name", "type", "options", "description", "position"),
    immutable=("kind", "key", "type"),
    filterable=("id", "ident", "kind", "key", "name", "type", "position", "created_at"),
    before_create=_new,
    before_update=_change,
    before_delete=_forget,
)
"""A field that goes takes its values with it."""

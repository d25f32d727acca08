"""What things have in the fields that their tenant declares: judged here for every kind of thing, and stored here alone.

A package that has such things calls `kept` with what a caller sent, in the operation that writes the thing, and `values_of` for what it
answers; the values go with the thing by `forgotten`.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple, cast

from contor.custom_fields import tables
from contor.custom_fields.rules import judged
from contor.custom_fields.types import FieldOf, KnownField, Value, Values
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Kept(NamedTuple):
    ident: str
    key: str
    value: object


def fields_of(uow: Uow, kind: FieldOf) -> dict[str, KnownField]:
    """The fields of a kind by their keys, in the order in which they are shown."""
    sql = f"SELECT {columns(KnownField)} FROM custom_field WHERE kind = %s ORDER BY position, key"
    return {row.key: row for row in uow.readings.once(f"{sql}:{kind}", lambda: uow.all(KnownField, sql, (kind,)))}


def findings(uow: Uow, kind: FieldOf, values: Mapping[str, object], path: str = "customFields") -> list[Problem]:
    """What is wrong with values that were sent as `path`, each with its field; nothing, if nothing is."""
    return _judged(uow, kind, values, path)[1]


def validated(uow: Uow, kind: FieldOf, values: Mapping[str, object], path: str = "customFields") -> dict[str, Value | None]:
    """Values as they are stored, by the keys of the fields; None of what is to be unset (null, "" and an empty list are). Raises INVALID
    with every finding: a key that no field of the kind has, a value that its type does not allow."""
    made, problems = _judged(uow, kind, values, path)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return made


def kept(uow: Uow, kind: FieldOf, ident: str, values: Mapping[str, object], path: str = "customFields") -> None:
    """Store what a caller sent for the thing of this ident: keys that are not sent stay as they are. Raises as `validated`."""
    changed = validated(uow, kind, values, path)
    if not changed:
        return
    before = values_of(uow, kind, [ident])[ident]
    told = {key: value for key, value in changed.items() if before.get(key) != value}
    if not told:
        return
    fields = fields_of(uow, kind)
    sql = "DELETE FROM custom_value WHERE kind = %s AND ident = %s AND field_ident = ANY (%s)"
    uow.run(sql, (kind, ident, sorted(fields[key].ident for key in told)))
    now = uow.ctx.now()
    rows = [
        {"kind": kind, "ident": ident, "field_ident": fields[key].ident, "value": value, "created_at": now, "last_modified_at": now}
        for key, value in told.items()
        if value is not None
    ]
    uow.insert(tables.custom_value, rows)
    uow.audit("custom_value", ident, {"kind": kind, "before": {key: before.get(key) for key in told}, "after": told})


def values_of(uow: Uow, kind: FieldOf, idents: Collection[str]) -> dict[str, Values]:
    """What each of the things has, by its ident: `{}` where it has nothing. One statement for all."""
    found: dict[str, dict[str, Value]] = {ident: {} for ident in idents}
    rows = uow.all(
        _Kept,
        "SELECT v.ident, f.key, v.value FROM custom_value v JOIN custom_field f ON f.tenant_id = v.tenant_id AND f.ident = v.field_ident"
        " WHERE v.kind = %s AND v.ident = ANY (%s) ORDER BY v.ident, f.position, f.key",
        (kind, sorted(found)),
    )
    for row in rows:
        found[row.ident][row.key] = cast("Value", row.value)
    return {**found}


def forgotten(uow: Uow, kind: FieldOf, idents: Collection[str]) -> None:
    """The things are gone, and so is what was kept of them."""
    if idents:
        uow.run("DELETE FROM custom_value WHERE kind = %s AND ident = ANY (%s)", (kind, sorted(idents)))


def _judged(uow: Uow, kind: FieldOf, values: Mapping[str, object], path: str) -> tuple[dict[str, Value | None], list[Problem]]:
    fields = fields_of(uow, kind) if values else {}
    made: dict[str, Value | None] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        if (field := fields.get(key)) is None:
            message = f"is no field that is kept of {_NOUNS[kind]}: see /v2/custom-fields"
            problems.append(Problem("custom_field_unknown", message, f"{path}.{str(key)[:100]}"))
            continue
        made[key], wrong = judged(field, value)
        if wrong:
            problems.append(Problem("custom_value_invalid", wrong, f"{path}.{key}", value))
    return made, problems


_NOUNS: Mapping[FieldOf, str] = {
    "CUSTOMER": "customers",
    "PRODUCT": "products",
    "SUBSCRIPTION": "subscriptions",
    "INVOICE": "invoices",
}

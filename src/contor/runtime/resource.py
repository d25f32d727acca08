"""A stored thing is one declaration: `Resource(...)` makes its list, get, create, update and delete operations."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import msgspec
from psycopg.types.json import Jsonb
from pydantic import BaseModel, Field, create_model
from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.exact import exact
from contor.kernel.operations import Operation, Reference, register
from contor.kernel.shapes import MADE, Fields
from contor.runtime.execute import validated
from contor.runtime.query import FilterField, ListQuery, Page, searchable, worked_out
from contor.runtime.query.fields import REQUIRED, shape_of
from contor.runtime.query.filterable import field_type
from contor.runtime.query.listed import page_of
from contor.runtime.uow import Uow, not_found

Hook = Callable[[Uow, Fields], None]
SEALED = "(sealed)"
"""What the trail tells of a secret."""


class Parent(Protocol):
    """What things belong to: `require` raises NOT_FOUND where the keys name nothing."""

    def require(self, uow: Uow, keys: Sequence[str]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Keyed:
    """One thing: the values of its key columns, outermost first."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The things of a scope (the keys but the last)."""

    keys: tuple[str, ...]
    query: ListQuery


@dataclass(frozen=True, slots=True)
class Written:
    """A thing's new content; on creation without the last key."""

    keys: tuple[str, ...]
    body: Any


@dataclass(eq=False)
class Resource:
    """A stored thing of a tenant, declared; its five operations follow. Hooks run inside the transaction, get the row as a dict, and may
    change it or raise `Refused`."""

    name: str
    """What it is called in operations, findings and the trail, e.g. `operating_site`."""
    table: Table
    _: KW_ONLY
    permission: str
    """The noun of its permissions: `settings` for `settings.read` and `settings.write`."""
    writable: Sequence[str]
    """Columns that may be given on creation; those not `immutable` are also replaced by an update."""
    keys: Sequence[str] = ("ident",)
    """The key columns, outermost first; the last is the caller's ident (a random one when omitted on creation)."""
    immutable: Sequence[str] = ()
    correctable: Callable[[Uow, Fields], Collection[str]] | None = None
    """Which of the immutable ones may still be corrected, by the row as it is."""
    hidden: Sequence[str] = ()
    """Columns that are not shown."""
    secret: Sequence[str] = ()
    """Hidden columns that an update may leave out, as nobody can send back what is never shown: what is stored stays, and the row of the
    hook has no such field. The trail tells that it was said, not what it is, sealed or not: it is read, and exported, by many."""
    sealed: Sequence[str] = ()
    """Further hidden columns of which the trail tells no more."""
    filterable: Sequence[str] = ()
    """What lists are searched and sorted by beside what is answered."""
    sort: str = ""
    """How lists are sorted without a wish: `column` or `column,desc`; none: by the ident."""
    parent: Parent | None = None
    refers: tuple[Reference, ...] = ()
    """What else its bodies name."""
    before_create: Hook | None = None
    after_create: Hook | None = None
    """Sees the row as it was stored."""
    before_update: Hook | None = None
    before_delete: Hook | None = None
    shown: Callable[[Uow, list[Fields]], list[Fields]] | None = None
    """Changes what is read, e.g. adds the `computed` fields."""
    computed: Mapping[str, Any] = field(default_factory=dict)
    """Fields that no column has, as Pydantic declares them."""
    found_by: Mapping[str, tuple[str, object]] = field(default_factory=dict)
    """What fields that no column has are searched and sorted by: SQL of each row, and the shape of its value."""

    def __post_init__(self) -> None:
        key, columns = self.table.c[self.keys[-1]], self.table.columns
        visible = [c for c in columns if c.name not in ("tenant_id", "id", *self.hidden) or c.name in self.keys]
        self.columns = tuple(str(c.name) for c in visible)
        self._shape(visible, key)
        named = tuple(self.filterable) or self.keys[-1:]
        self.search = searchable(self.table, self.output, named, default_sort=self.sort or self.keys[-1])
        for name, (sql, shape) in self.found_by.items():
            self.search.fields[name] = FilterField(worked_out(sql, shape), *field_type(shape))
        if "id" in self.search.fields:  # other things call it so
            self.search.fields[f"{self.name}_id"] = self.search.fields["id"]
        read, write = f"{self.permission}.read", f"{self.permission}.write"
        self.list = self._operation("list", read, Listed, Page, self._list, reads=True)
        self.get = self._operation("get", read, Keyed, self.output, self._get, reads=True)
        self.create = self._operation("create", write, Written, self.output, self._create)
        self.update = self._operation("update", write, Written, self.output, self._update)
        self.delete = self._operation("delete", write, Keyed, None, self._delete)

    def _shape(self, visible: Sequence[Column[Any]], key: Column[Any]) -> None:
        """The bodies that create and update take, and what is answered."""
        table, title = self.table, "".join(part.capitalize() for part in self.name.split("_"))
        ident = {str(key.name): (exact(shape_of(key) | None), Field(None))} if key.name not in self.writable else {}
        self.creation: type[BaseModel] = _model(f"{title}Creation", [table.c[w] for w in self.writable], ident)
        kept = (*self.immutable, str(key.name))  # SQLAlchemy quotes names that SQL reserves, by a class of its own
        fixed = {name: (exact(shape_of(table.c[name]) | None), Field(None)) for name in (*kept, *self.secret)}
        self.update_body: type[BaseModel] = _model(f"{title}Update", [table.c[w] for w in self.writable if w not in fixed], fixed)
        self.output: type[BaseModel] = create_model(
            title, __config__=MADE, **{str(c.name): (shape_of(c), ...) for c in visible}, **self.computed
        )  # type: ignore[call-overload]  # pydantic types the fields of models by keyword alone

    def _operation(
        self, verb: str, permission: str, command: Any, output: Any, run: Callable[..., Any], reads: bool = False
    ) -> Any:
        refers = self.refers if command is Written else ()
        made: Operation[Any, Any] = Operation(f"{self.name}.{verb}", permission, command, output, run, reads, refers=refers)
        register(made)
        return made

    # reading

    def find(self, uow: Uow, keys: Sequence[str], *, lock: bool = False) -> Fields | None:
        """The row as a dict of its visible columns, or None."""
        sql = f"SELECT {self._names()} FROM {self.table.name} WHERE {self._where()}{' FOR UPDATE' if lock else ''}"
        return next(iter(uow.records(sql, tuple(keys))), None)

    def require(self, uow: Uow, keys: Sequence[str], *, lock: bool = False) -> Fields:
        """As `find`; raises NOT_FOUND."""
        found = self.find(uow, keys, lock=lock)
        if found is None:
            if self.parent and len(keys) > 1:  # say which of the two is missing
                self.parent.require(uow, keys[:-1])
            raise not_found(self.name, keys[-1])
        return found

    def _list(self, uow: Uow, command: Listed) -> Page:
        if self.parent:
            self.parent.require(uow, command.keys)
        scope = dict(zip(self.keys, command.keys, strict=False))
        rows, page = page_of(uow, self.table, command.query, self.search, self.columns, scope)
        return page(self._show(uow, rows))

    def _get(self, uow: Uow, command: Keyed) -> Fields:
        return self._show(uow, [self.require(uow, command.keys)])[0]

    # writing

    def _create(self, uow: Uow, command: Written) -> Fields:
        if self.parent:
            self.parent.require(uow, command.keys)
        body = _checked(self.creation, command.body)
        row = {**dict(zip(self.keys, command.keys, strict=False)), **stored(body)}
        if row.get(self.keys[-1]) is None:
            row[self.keys[-1]] = str(uow.new_uuid())
        self._stamp(uow, row, "created_at", "last_modified_at")
        self._run_hook("create", uow, row)
        # to name what exists; of two at once the key of the table refuses one
        if self.find(uow, [row[k] for k in self.keys]) is not None:
            raise self._exists(row)
        if "id" in self.table.c and "id" not in row:
            row["id"] = uow.next_id()
        uow.insert(self.table, [row])
        uow.audit(self.name, str(row[self.keys[-1]]), {"created": self._told(row)})
        if self.after_create:
            self.after_create(uow, row)
        return self._get(uow, Keyed(tuple(row[k] for k in self.keys)))

    def _update(self, uow: Uow, command: Written) -> Fields:
        body = _checked(self.update_body, command.body)
        before = self.require(uow, command.keys, lock=True)
        row = {**before, **{name: value for name, value in stored(body).items() if value is not None or name not in self.secret}}
        self._keep_fixed(uow, before, row)
        self._stamp(uow, row, "last_modified_at")
        self._run_hook("update", uow, row)
        changed = {name: value for name, value in row.items() if before.get(name) != value}
        if changed:
            names = ", ".join([f'"{name}" = %s' for name in changed])
            uow.run(
                f"UPDATE {self.table.name} SET {names} WHERE {self._where()}",
                (*(self._parameter(n, v) for n, v in changed.items()), *command.keys),
            )
        uow.audit(self.name, command.keys[-1], {"before": {n: before.get(n) for n in changed}, "after": self._told(changed)})
        return self._get(uow, Keyed(command.keys))

    def _delete(self, uow: Uow, command: Keyed) -> None:
        row = self.require(uow, command.keys, lock=True)
        self._run_hook("delete", uow, row)
        uow.run(f"DELETE FROM {self.table.name} WHERE {self._where()}", command.keys)
        uow.audit(self.name, command.keys[-1], {"deleted": row})

    # helpers in calling order

    def _told(self, row: Fields) -> Fields:
        """As the trail tells it."""
        unsaid = {name: SEALED for name in (*self.secret, *self.sealed) if row.get(name) is not None}
        return {**row, **unsaid} if unsaid else row

    def _names(self) -> str:
        return ", ".join(f'"{name}"' for name in self.columns)

    def _where(self) -> str:
        return " AND ".join(f"{key} = %s" for key in self.keys)

    def _show(self, uow: Uow, rows: list[Fields]) -> list[Fields]:
        return self.shown(uow, rows) if self.shown else rows

    def _keep_fixed(self, uow: Uow, before: Fields, row: Fields) -> None:
        """Key and immutable fields may be repeated, not changed."""
        free = self.correctable(uow, before) if self.correctable else ()
        fixed = [name for name in (*self.immutable, self.keys[-1]) if name not in free or row.get(name) is None]
        changed = [name for name in fixed if row.get(name) is not None and _as_stored(row[name]) != before[name]]
        if changed:
            problems = [Problem("field_immutable", "cannot be changed.", name, row[name]) for name in changed]
            raise Refused(Kind.INVALID, *problems)
        row.update({name: before[name] for name in fixed})

    def _run_hook(self, verb: str, uow: Uow, row: Fields) -> None:
        hook = {"create": self.before_create, "update": self.before_update, "delete": self.before_delete}[verb]
        if hook:
            hook(uow, row)

    def _stamp(self, uow: Uow, row: Fields, *columns: str) -> None:
        row.update({name: uow.ctx.now() for name in columns if name in self.table.c})

    def _parameter(self, name: str, value: Any) -> Any:
        return Jsonb(value) if isinstance(self.table.c[name].type, JSONB) and value is not None else value

    def _exists(self, row: Mapping[str, Any]) -> Refused:
        ident = row[self.keys[-1]]
        return Refused(
            Kind.CONFLICT,
            Problem(f"{self.name}_exists", f"A {self.name.replace('_', ' ')} {ident!r} exists already.", self.keys[-1], ident),
        )


def _checked(kind: type[BaseModel], body: Any) -> BaseModel:
    """The body as its shape; what came through a dialect is that already."""
    made: BaseModel = body if isinstance(body, BaseModel) else validated(kind, body)
    return made


def stored(body: BaseModel) -> Fields:
    """The content of a validated body as plain values: nested shapes as dicts, decimals as they are."""
    return {name: _plain(getattr(body, name)) for name in type(body).model_fields}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, int, dt.date)):
        return value
    return msgspec.to_builtins(value, builtin_types=_KEPT)


def _as_stored(value: Any) -> Any:
    """As it is read again: JSON knows no tuples."""
    if isinstance(value, dict):
        return {name: _as_stored(inner) for name, inner in value.items()}
    return [_as_stored(inner) for inner in value] if isinstance(value, (list, tuple)) else value


_KEPT = (dt.datetime, dt.date, Decimal, uuid.UUID)


def _model(title: str, columns: Sequence[Column[Any]], extra: Mapping[str, Any] | None = None) -> type[BaseModel]:
    fields: Fields = {name: (exact(kind), *default) for name, (kind, *default) in (extra or {}).items()}
    for column in columns:
        default = column.info.get("default", REQUIRED)
        fields[str(column.name)] = (exact(shape_of(column)), ... if default is REQUIRED else Field(default))
    made: type[BaseModel] = create_model(title, __config__=MADE, **fields)
    return made


def extended(title: str, base: type[BaseModel], **fields: Any) -> Any:
    """The model `base` with further fields, for things that are shown or created together with what belongs to them."""
    more: Fields = {name: (exact(kind), *default) for name, (kind, *default) in fields.items()}
    return create_model(title, __base__=base, **more)

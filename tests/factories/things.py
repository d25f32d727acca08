"""A thing of no business: one table, one event and a maker of operations, to try the machinery itself."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    Numeric,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON
from tests.factories.tenants import Tenant

from contor.kernel.context import Caller
from contor.kernel.events import EVENTS, event, transient
from contor.kernel.operations import Operation
from contor.kernel.shapes import Ident, shape
from contor.runtime.schema import METADATA, tenant_table
from contor.runtime.uow import Uow

THING = tenant_table(
    "a_thing",
    Column("id", BigInteger, primary_key=True),
    Column("name", Text),
    Column("quantity", Numeric(19, 4)),
    Column("price", Numeric(25, 10)),
    Column("content", JSON),
    Column("day", Date),
    Column("at", DateTime(timezone=True)),
    Column("yes", Boolean),
    Column("ident", Uuid),
    Column("bytes", LargeBinary),
    Column("stars", BigInteger, nullable=False, server_default=text("7")),
    Column("parent_id", BigInteger),
    ForeignKeyConstraint(["tenant_id", "parent_id"], ["a_thing.tenant_id", "a_thing.id"], deferrable=True, initially="DEFERRED"),
)
METADATA.remove(THING)  # it is no part of the product


@event("test.things_made")
class ThingsMade:
    ids: tuple[int, ...]
    hidden: tuple[str, ...] = transient()


del EVENTS["test.things_made"]


@shape
class ThingRow:
    id: int
    name: Ident
    quantity: Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4)] = Decimal(1)


@shape
class MakeThings:
    rows: tuple[ThingRow, ...]


@shape
class Made:
    ids: tuple[int, ...]
    instant: str


def make_things(uow: Uow, command: MakeThings) -> Made:
    """Write the rows, audit each, say that it happened."""
    uow.insert(THING, [{"id": r.id, "name": r.name, "quantity": r.quantity} for r in command.rows])
    for row in command.rows:
        uow.audit("a_thing", str(row.id), {"name": row.name})
    ids = tuple(row.id for row in command.rows)
    uow.emit(ThingsMade(ids=ids, hidden=("secret",)))
    return Made(ids=ids, instant=uow.ctx.now().isoformat())


def an_operation(
    function: Callable[[Uow, Any], Any] = make_things, name: str = "thing.make", **options: Any
) -> Operation[Any, Any]:
    """An operation that is not in the catalogue."""
    permission = options.pop("permission", "things.write")
    return Operation(name, permission, options.pop("input", MakeThings), options.pop("output", Made), function, **options)


def things(*ids: int) -> MakeThings:
    return MakeThings(rows=tuple(ThingRow(id=number, name=f"n-{number}") for number in ids))


def someone(tenant: Tenant, *permissions: str) -> Caller:
    return Caller("user:somebody", uuid.uuid4().hex, tenant.id, tenant.organization_id, "TEST", frozenset(permissions))

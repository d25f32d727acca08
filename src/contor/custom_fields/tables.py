"""Declared fields and their values as rows."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.custom_fields.types import FieldKey, FieldOf, FieldType, Options
from contor.kernel.shapes import Ident, Name255, Text
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import tenant_table

custom_field = tenant_table(
    "custom_field",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    field("kind", FieldOf),
    field("key", FieldKey),
    field("name", Name255),
    field("type", FieldType),
    field("options", Options, default=()),
    field("description", Text | None),
    Column("position", Integer, nullable=False, server_default=text("0"), info={"shape": int, "default": 0}),
    Index("custom_field_id_key", "tenant_id", "id", unique=True),
    Index("custom_field_key_key", "tenant_id", "kind", "key", unique=True),
    *timestamps(),
)
"""`position`: in which order the fields of a kind are shown."""

custom_value = tenant_table(
    "custom_value",
    field("kind", FieldOf, primary_key=True),
    field("ident", Ident, primary_key=True),
    field("field_ident", Ident, primary_key=True),
    Column("value", JSONB, nullable=False),
    *timestamps(),
    Index("custom_value_field_ix", "tenant_id", "field_ident"),
    ForeignKeyConstraint(["tenant_id", "field_ident"], ["custom_field.tenant_id", "custom_field.ident"]),
)
"""What a thing has in a field. `ident`: of the thing, by which its package names it."""

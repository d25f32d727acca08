"""What is told to other systems, to whom, and how that went, as rows."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import BigInteger, Column, Date, DateTime, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from contor.kernel.shapes import Ident, Text255
from contor.runtime.query.fields import field, timestamps
from contor.runtime.schema import NONE, QUEUE, counter_table, tenant_table

notification_configuration = tenant_table(
    "notification_configuration",
    Column("since", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    update=NONE,
)
"""One row while notifications are written. `since`: the number from which on they are."""

notification_counter = counter_table(
    "notification_counter", Column("next_sequence", BigInteger, nullable=False), counts="next_sequence"
)

notification = tenant_table(
    "notification",
    Column("sequence", BigInteger, primary_key=True),
    Column("ident", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index("notification_ident_key", "tenant_id", "ident", unique=True),
    Index("notification_created_ix", "tenant_id", "created_at", "sequence"),
    Index("notification_type_ix", "tenant_id", "type", "sequence"),
    Index("notification_subject_ix", "tenant_id", "subject", "sequence"),
    Index("notification_recorded_ix", "tenant_id", "recorded_at"),
    update=NONE,
)
"""Written in the transaction of what it tells. `sequence`: drawn last, so that its order is that of the commits. `payload`: the JSON
that is sent, byte for byte. `created_at` is of the tenant's clock, `recorded_at` real."""

Times = Annotated[int, Field(ge=0, le=20)]
FirstPause = Annotated[int, Field(ge=1, le=3600)]
Hours = Annotated[int, Field(ge=1, le=24)]
Pattern = Annotated[str, Field(min_length=1, max_length=4000)]
Url = Annotated[str, Field(min_length=1, max_length=2048)]
SigningSecret = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(min_length=1, max_length=4096)]
Format = Literal["PLATFORM", "FASTBILL_CLASSIC", "FASTBILL_AUTOMATIC", "FYNN"]
RouteStatus = Literal["ACTIVE", "PAUSED"]
From = Annotated[int, Field(ge=1, le=2**62)]
RESENDS, FIRST_PAUSE, WITHIN_HOURS = 3, 10, 24

notification_route = tenant_table(
    "notification_route",
    field("ident", Ident, primary_key=True),
    Column("id", BigInteger, nullable=False),
    Index("notification_route_id_key", "tenant_id", "id", unique=True),
    field("type", Pattern),
    field("url", Url),
    field("format", Format, default="PLATFORM"),
    field("description", Text255 | None),
    field("status", RouteStatus, default="ACTIVE"),
    field("paused_because", str | None),
    field("resends", Times, default=RESENDS),
    field("first_pause_seconds", FirstPause, default=FIRST_PAUSE),
    field("within_hours", Hours, default=WITHIN_HOURS),
    field("from_sequence", From | None),
    field("signing_secret", SigningSecret | None),
    Column("former_secret", Text, info={"shape": str | None}),
    Column("former_until", DateTime(timezone=True), info={"shape": dt.datetime | None}),
    field("user_name", Text255 | None),
    field("password", Password | None),
    *timestamps(),
)
"""Which notifications go where. `signing_secret` and `former_secret` are sealed; the former signs beside the new one until
`former_until`. `user_name` and `password`, sealed: by which this receiver knows us, whatever the others are told (Basic, RFC 7617)."""

notification_progress = tenant_table(
    "notification_progress",
    Column("route_ident", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("holder", Text),
    Column("held_until", DateTime(timezone=True)),
    storage=QUEUE,
)
"""How far a route has come: up to `position` every notification that it wants has its delivery. `failures`: one upon the other.
`holder`: the process that sends, alone, until `held_until` (real time) unless it says again that it does."""

notification_delivery = tenant_table(
    "notification_delivery",
    Column("route_ident", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("first_try_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("body", Text),
    Index("notification_delivery_sequence_ix", "tenant_id", "sequence"),
    Index("notification_delivery_status_ix", "tenant_id", "status", "sequence"),
    Index("notification_delivery_due_ix", "tenant_id", "route_ident", "sequence", postgresql_where=text("status = 'WAITING'")),
    Index("notification_delivery_subject_ix", "tenant_id", "route_ident", "subject", postgresql_where=text("status = 'WAITING'")),
    update=("status", "tries", "first_try_at", "due_at", "body"),
    storage=QUEUE,
)
"""A notification on a route: WAITING, DELIVERED or FAILED. `tries`: since it was to be sent, or to be sent again. Of one subject on one
route nothing is due before what comes before it. `body`: what is sent, from the first try on,
where the form of the route writes its own."""

notification_attempt = tenant_table(
    "notification_attempt",
    Column("sequence", BigInteger, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    Column("route_ident", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("http_status", Integer),
    Column("failure", Text),
    Column("answer", Text),
    Index("notification_attempt_at_ix", "tenant_id", "at"),
    update=NONE,
)
"""A try, in real time. `failure`: why there was no answer; `answer`: the first 2 KB of it."""

notification_term = tenant_table(
    "notification_term",
    Column("through", Date, nullable=False),
    Column("until", Date),
    Column("reached", BigInteger, nullable=False),
    storage=QUEUE,
)
"""One row: up to which day it was told that terms of contracts began anew or ended. `until`: up to which it is being told, of contracts up
to `reached`."""

notification_security = tenant_table(
    "notification_security",
    Column("content", JSONB, nullable=False),
    Column("secret", Text),
    Column("version", BigInteger, nullable=False),
    Column("last_modified_at", DateTime(timezone=True), nullable=False),
)
"""One row: how we say to receivers who we are. `secret`, sealed: of the client, or the password."""

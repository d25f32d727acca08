"""webhook.*: routes of notifications that speak as FastBill does, by number."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from contor.api.fastbill.ids import WEBHOOK, ident_of, numbers_of, unknown
from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Get, Id, Words, one_of, text
from contor.api.fastbill.refusals import said_as
from contor.api.fastbill.sent import sent
from contor.api.fastbill.writing import Fields, done, identifier, listed
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.notifications.routes import ROUTES
from contor.runtime.query import ListQuery, PageRequest
from contor.runtime.query.rsql import Comparison
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

FORMAT = "FASTBILL_CLASSIC"
_CORE = {"url": "ENDPOINT", "type": "EVENTS"}
_MOST = 100


def _events(value: object) -> str:
    """With commas between, or a list."""
    many = [text(one) for one in value] if isinstance(value, list) else text(value).split(",")
    return ",".join(dict.fromkeys(one.strip() for one in many if one.strip()))


_Type = Annotated[str, one_of("url")]


@shape
class WebhookFilter(Get):
    webhook_id: Id | None = None


@shape
class NewWebhook:
    type: _Type
    endpoint: Annotated[Words, Field(max_length=2_048)]
    events: Annotated[str, Field(min_length=1, max_length=1_000), BeforeValidator(_events), Also("evens")]


@shape
class OneWebhook:
    webhook_id: Id


@operation("fastbill.webhook_get", permission="notifications.read", reads=True)
def get(uow: Uow, where: WebhookFilter) -> Fields:
    """The webhooks, the oldest first."""
    query = ListQuery(Comparison.of("format", "==", FORMAT), page=PageRequest(_MOST, 0))
    rows: list[Fields] = list(ROUTES.list(uow, Listed((), query)).items)
    numbers = numbers_of(uow, WEBHOOK, [str(row["ident"]) for row in rows])
    found = sorted((numbers[str(row["ident"])], row) for row in rows)
    wanted = [one for one in found if where.webhook_id in (None, one[0])][where.offset : where.offset + where.limit]
    return listed("webhooks", [_shown(number, row) for number, row in wanted])


def _shown(number: int, row: Fields) -> Fields:
    """Under both spellings: a client of old reads the shorter one."""
    return {
        "webhook_id": identifier(number),
        "endpoint": row["url"],
        "type": "url",
        "events": row["type"],
        "evens": row["type"],
    }


@operation("fastbill.webhook_create", permission="notifications.write")
def create(uow: Uow, data: NewWebhook) -> Fields:
    """From now on the events are posted to the endpoint."""
    with said_as(_CORE):
        body = sent(
            ROUTES.creation,
            {"ident": f"webhook-{uow.new_uuid().hex}", "type": data.events, "url": data.endpoint.strip(), "format": FORMAT},
        )
        made = ROUTES.create(uow, Written((), body))
    ident = str(made["ident"])
    return done(webhook_id=numbers_of(uow, WEBHOOK, [ident])[ident])


@operation("fastbill.webhook_delete", permission="notifications.write")
def delete(uow: Uow, data: OneWebhook) -> Fields:
    """Nothing is posted there any more."""
    ident = ident_of(uow, WEBHOOK, data.webhook_id, "webhook_id")
    if ROUTES.get(uow, Keyed((ident,)))["format"] != FORMAT:
        raise unknown("webhook_id", data.webhook_id)
    ROUTES.delete(uow, Keyed((ident,)))
    return done()

"""The bodies of webhooks: `{"event": {"type", "id", "version", "created"}, "tenantId", "data"}`, the thing as its route answers it."""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, cast

from contor.api.codec import JSON
from contor.api.fynn.manners import known_when
from contor.api.fynn.push.things import THINGS
from contor.api.fynn.push.words import Event, Said, event_of, named_by_type
from contor.api.ids import as_uuid
from contor.notifications.formats import Format, Made, Told
from contor.runtime.execute import adapter
from contor.runtime.uow import Uow


class _Meant(NamedTuple):
    told: Told
    said: Said
    event: Event


def compose(uow: Uow, told: Sequence[Told]) -> Mapping[int, Made]:
    """What a receiver is told, by sequence: the things of a batch are read together."""
    meant = _once([_Meant(one, _payload(one), event) for one in told if (event := event_of(one.type)) is not None])
    tenant, made = as_uuid(uow.ctx.tenant_id, "tenant"), dict[int, Made]()
    for thing, show in THINGS.items():
        found = [one for one in meant if one.event.thing == thing]
        for one, shown in zip(found, show(uow, [(one.told, one.said) for one in found]) if found else (), strict=True):
            if shown is not None:
                made[one.told.sequence] = Made(one.event.name, _body(one, tenant, shown))
    return made


# helpers in calling order


def _payload(told: Told) -> Said:
    said = JSON.read(told.payload.encode())
    return said if isinstance(said, Mapping) else {}


def _once(meant: Sequence[_Meant]) -> list[_Meant]:
    """Without what another one of the same transaction says anew of the same thing: of what begins in it no change is told beside."""
    begun = {(one.told.subject, one.told.recorded_at) for one in meant if one.event.name.endswith(".created")}
    last = {(one.told.subject, one.told.recorded_at, one.event.name): one.told.sequence for one in meant}
    return [
        one
        for one in meant
        if last[one.told.subject, one.told.recorded_at, one.event.name] == one.told.sequence
        and not (one.event.name.endswith((".updated", ".changed")) and (one.told.subject, one.told.recorded_at) in begun)
    ]


def _body(one: _Meant, tenant: str, shown: object) -> str:
    event = {
        "type": one.event.name,
        "id": f"webhk_{one.told.ident.replace('-', '')}",
        "version": "v1",
        "created": known_when(one.told.created_at),
    }
    data = adapter(cast(Hashable, type(shown))).dump_python(shown, by_alias=True)
    return JSON.write({"event": event, "tenantId": tenant, "data": data}).decode()


FORM = Format(events=named_by_type(), compose=compose, agent="fynn", is_identified=False, signs_body_alone=True)

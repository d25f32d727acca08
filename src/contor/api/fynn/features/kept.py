"""Features: listed, made, changed, activated and archived."""

import re
from dataclasses import dataclass, replace
from typing import Final

from contor.api.fynn.catalogue import said_as
from contor.api.fynn.features.answers import FeatureDetail, FeatureSent
from contor.api.fynn.features.shown import TYPES, WORDS, detail, feature, text_of
from contor.api.fynn.lists import anywhere
from contor.api.route import By, Sought
from contor.entitlements.features import FEATURES, OneFeature, activate_feature, archive_feature
from contor.entitlements.queries import known_features, uses_of
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.query import ListQuery, Page
from contor.runtime.resource import Keyed, Listed, Written
from contor.runtime.uow import Uow

_STATUS: Final = {"draft": "DRAFT", "active": "ACTIVE", "archived": "ARCHIVED"}
SOUGHT: Final = Sought(
    by={
        "id": By(field="ident"),
        "name": By(field="name", form="PART"),
        "description": By(field="description", form="PART"),
        "status": By(field="status", words=_STATUS),
        "type": By(field="type", words=WORDS),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at", "name": "name", "id": "ident"},
    text=anywhere("ident", "name", "description"),
)
_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST = 90
_SAID: Final = {"ident": "id", "choices": "config", "minimum": "min", "maximum": "max", "mayBeUnlimited": "unlimited"}


@dataclass(frozen=True, slots=True)
class ListFeatures:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ById:
    id: str


@dataclass(frozen=True, slots=True)
class NewFeature:
    body: FeatureSent


@dataclass(frozen=True, slots=True)
class ChangedFeature:
    id: str
    body: FeatureSent


@operation("fynn.feature_list", permission="catalogue.read", reads=True)
def list_features(uow: Uow, command: ListFeatures) -> Page:
    """The features, without how often they are used."""
    page: Page = FEATURES.list(uow, Listed((), command.query))
    return replace(page, items=tuple([feature(row) for row in page.rows]))


@operation("fynn.feature_get", permission="catalogue.read", reads=True)
def get_feature(uow: Uow, command: ById) -> FeatureDetail:
    """One feature, with how often it is used."""
    return _detail(uow, FEATURES.require(uow, (command.id,)))


@operation("fynn.feature_create", permission="catalogue.write")
def create_feature(uow: Uow, command: NewFeature) -> FeatureDetail:
    """A draft: it can be assigned, and goes into no subscription until it is activated."""
    body = command.body
    with said_as(_SAID):
        row = FEATURES.create(uow, Written((), {**_content(body), "ident": body.id or _slug(uow, body.name)}))
    return _detail(uow, row)


@operation("fynn.feature_update", permission="catalogue.write")
def update_feature(uow: Uow, command: ChangedFeature) -> FeatureDetail:
    """What subscriptions have stays theirs."""
    content = {**_content(command.body), "ident": command.body.id}
    with said_as(_SAID):
        row = FEATURES.update(uow, Written((command.id,), content))
    return _detail(uow, row)


@operation("fynn.feature_activate", permission="catalogue.write")
def activate(uow: Uow, command: ById) -> FeatureDetail:
    """From now on subscriptions get what products and price plans give of it."""
    activate_feature(uow, OneFeature(feature_ident=command.id))
    return get_feature(uow, command)


@operation("fynn.feature_archive", permission="catalogue.write")
def archive(uow: Uow, command: ById) -> FeatureDetail:
    """No further subscription gets it."""
    archive_feature(uow, OneFeature(feature_ident=command.id))
    return get_feature(uow, command)


@operation("fynn.feature_delete", permission="catalogue.write")
def delete_feature(uow: Uow, command: ById) -> None:
    """Only one that nothing uses."""
    FEATURES.delete(uow, Keyed((command.id,)))


# helpers in calling order


def _detail(uow: Uow, row: Fields) -> FeatureDetail:
    return detail(row, uses_of(uow, [row["ident"]])[row["ident"]])


def _content(body: FeatureSent) -> Fields:
    return {
        "name": body.name,
        "description": body.description,
        "unit": body.unit,
        "type": TYPES[body.type],
        "choices": [{"value": text_of(one.value), "label": one.label} for one in body.config],
        "minimum": body.min,
        "maximum": body.max,
        "may_be_unlimited": body.unlimited,
    }


def _slug(uow: Uow, name: str) -> str:
    """Small letters and digits of the name, and a number where another one is called so."""
    plain = _SLUG.sub("-", name.lower()).strip("-")[:_LONGEST] or "feature"
    wanted = [plain, *(f"{plain}-{number}" for number in range(2, 100))]
    taken = known_features(uow, wanted)
    return next((one for one in wanted if one not in taken), uow.new_ident())

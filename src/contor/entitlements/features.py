"""Features: kept as any stored thing, with the life of a draft that becomes active and is archived one day."""

from contor.entitlements import tables
from contor.entitlements.events import FeaturesActivated, FeaturesArchived, FeaturesCreated
from contor.entitlements.queries import assigned_values
from contor.entitlements.types import Choice, Feature, FeatureStatus
from contor.entitlements.values import feature_findings, settled
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, Ident, shape
from contor.runtime.resource import Keyed, Resource
from contor.runtime.uow import Uow


def feature_of(row: Fields) -> Feature:
    """The feature that a row of `feature` is."""
    choices = tuple([str(one["value"]) for one in row["choices"] or ()])
    bounds = (row["minimum"], row["maximum"], row["may_be_unlimited"])
    return Feature(row["ident"], row["name"], row["type"], row["status"], row["unit"], choices, *bounds)


def _check(row: Fields) -> None:
    choices = [Choice(**one) for one in row["choices"] or ()]
    if problems := [*feature_findings(row["type"], choices, row["minimum"], row["maximum"], row["may_be_unlimited"])]:
        raise Refused(Kind.INVALID, *problems)


def _new(uow: Uow, row: Fields) -> None:
    _check(row)
    row["status"], row["feature_id"] = "DRAFT", uow.next_id()
    uow.emit(FeaturesCreated(feature_idents=(row["ident"],)))


def _changed(uow: Uow, row: Fields) -> None:
    """Values that are assigned stay values of it; those that contracts have stay theirs."""
    _check(row)
    feature = feature_of(row)
    lost = sorted({value for value in assigned_values(uow, feature.ident) if settled(feature, value) is None})
    if lost:
        message = f"leaves out what is assigned to plans or options: {', '.join(lost[:20])}"
        field = "choices" if feature.type in ("QUANTITY", "SELECTION") else "minimum"
        raise Refused(Kind.CONFLICT, Problem("feature_value_in_use", message, field))


FEATURES = Resource(
    "feature",
    tables.feature,
    permission="catalogue",
    writable=("name", "description", "unit", "type", "choices", "minimum", "maximum", "may_be_unlimited"),
    immutable=("type",),
    filterable=("ident", "feature_id", "name", "type", "status", "created_at", "last_modified_at"),
    sort="ident",
    before_create=_new,
    before_update=_changed,
)


@shape
class OneFeature:
    feature_ident: Ident


@operation("feature.activate", permission="catalogue.write")
def activate_feature(uow: Uow, command: OneFeature) -> FEATURES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """From now on contracts get what plans and options give of it; those that there are do not."""
    _turn(uow, command.feature_ident, "ACTIVE")
    uow.emit(FeaturesActivated(feature_idents=(command.feature_ident,)))
    return FEATURES.get(uow, Keyed((command.feature_ident,)))


@operation("feature.archive", permission="catalogue.write")
def archive_feature(uow: Uow, command: OneFeature) -> FEATURES.output:  # type: ignore[name-defined]  # a shape that the resource has made
    """No further contract gets it; those that have it keep it. It can be activated again."""
    _turn(uow, command.feature_ident, "ARCHIVED")
    uow.emit(FeaturesArchived(feature_idents=(command.feature_ident,)))
    return FEATURES.get(uow, Keyed((command.feature_ident,)))


def _turn(uow: Uow, ident: str, status: FeatureStatus) -> None:
    row = FEATURES.require(uow, (ident,), lock=True)
    if row["status"] == status:
        message = f"The feature is {status.lower()} already."
        raise Refused(Kind.ILLEGAL_STATE, Problem(f"feature_{status.lower()}", message, "status", status))
    uow.run("UPDATE feature SET status = %s, last_modified_at = %s WHERE ident = %s", (status, uow.ctx.now(), ident))
    uow.audit("feature", ident, {"before": {"status": row["status"]}, "after": {"status": status}})

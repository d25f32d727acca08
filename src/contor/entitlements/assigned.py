"""What plans, options and products give of features. It goes into contracts that are made, or get the plan or option, from then on."""

from collections.abc import Sequence

from contor.catalogue.queries import known_plans, options_by_ident
from contor.entitlements import tables
from contor.entitlements.features import FEATURES, feature_of
from contor.entitlements.values import settled, value_problem
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow


def _settle(uow: Uow, row: Fields) -> list[Problem]:
    """The value as it is stored, or why the feature cannot be assigned with it."""
    # held until the commit: nobody changes what its values are meanwhile
    feature = feature_of(FEATURES.require(uow, (row["feature_ident"],), lock=True))
    if feature.status == "ARCHIVED":
        raise Refused(
            Kind.ILLEGAL_STATE, Problem("feature_archived", f"The feature {feature.ident} is archived: activate it first.")
        )
    if (problem := value_problem(feature, row["value"])) is not None:
        return [problem]
    row["value"] = settled(feature, row["value"])
    return []


def _of_plan(uow: Uow, row: Fields) -> None:
    problems = _settle(uow, row)
    if not known_plans(uow, [row["plan_ident"]]):
        problems.append(Problem("plan_unknown", "does not exist", "plan_ident", row["plan_ident"]))
    _refuse(problems)


def _of_option(uow: Uow, row: Fields) -> None:
    problems = _settle(uow, row)
    if not options_by_ident(uow, [row["option_ident"]]):
        problems.append(Problem("plan_option_unknown", "does not exist", "option_ident", row["option_ident"]))
    _refuse(problems)


def _of_product(uow: Uow, row: Fields) -> None:
    """A product is what options name: one that none names gives nobody anything."""
    _refuse(_settle(uow, row))


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)


PLAN_FEATURES = Resource(
    "plan_feature",
    tables.plan_feature,
    permission="catalogue",
    keys=("feature_ident", "plan_ident"),
    parent=FEATURES,
    writable=("plan_ident", "value"),
    refers=(Reference("planIdent", "plan_unknown", known_plans),),
    filterable=("plan_ident", "value", "created_at"),
    before_create=_of_plan,
    before_update=_of_plan,
)
OPTION_FEATURES = Resource(
    "option_feature",
    tables.option_feature,
    permission="catalogue",
    keys=("feature_ident", "option_ident"),
    parent=FEATURES,
    writable=("option_ident", "value"),
    refers=(Reference("optionIdent", "plan_option_unknown", options_by_ident),),
    filterable=("option_ident", "value", "created_at"),
    before_create=_of_option,
    before_update=_of_option,
)
PRODUCT_FEATURES = Resource(
    "product_feature",
    tables.product_feature,
    permission="catalogue",
    keys=("feature_ident", "product_ident"),
    parent=FEATURES,
    writable=("product_ident", "value"),
    filterable=("product_ident", "value", "created_at"),
    before_create=_of_product,
    before_update=_of_product,
)

"""Options, plans, price adaptations and features, in `/v2`."""

from contor.api.kit import resource, resource_route, route
from contor.api.route import Route
from contor.catalogue import options, plans
from contor.catalogue.adaptations import PRICE_ADAPTATIONS, VALUES
from contor.catalogue.coupons.stored import COUPONS, withdraw_coupon
from contor.catalogue.groups.stored import PRODUCT_GROUPS
from contor.catalogue.types import PlanView
from contor.contracts import coupons
from contor.entitlements import features, state
from contor.entitlements.assigned import OPTION_FEATURES, PLAN_FEATURES, PRODUCT_FEATURES
from contor.entitlements.overrides import OVERRIDES

_OPTIONS = "/v2/billing/plan-options"
_ADAPTATION = "/v2/price-adaptations/{ident}"
_VALUE = f"{_ADAPTATION}/values/{{valueIdent}}"
_FEATURES = "/v2/features"
_FEATURE = f"{_FEATURES}/{{featureIdent}}"
_SAID = {"at": ("at", ""), "feature": ("feature", "")}

CATALOGUE_ROUTES: list[Route] = [
    route("GET", _OPTIONS, options.list_options, filterable=options.OPTIONS, output=options.OptionView),
    route("POST", _OPTIONS, options.create_option, 201, body="body"),
    route("GET", f"{_OPTIONS}/{{optionIdent}}", options.get_option),
    route("PUT", f"{_OPTIONS}/{{optionIdent}}", options.update_option, body="body"),
    route("DELETE", f"{_OPTIONS}/{{optionIdent}}", options.delete_option, 204),
    route(
        "GET",
        "/v2/plans",
        plans.list_plans,
        filterable=plans.PLANS,
        output=PlanView,
        array=True,
        deprecated=True,
        id="listPlansArray",
    ),
    route("POST", "/v2/plans", plans.create_plan, 201, body="body"),
    route("GET", "/v2/plans/pageable", plans.list_plans, filterable=plans.PLANS, output=PlanView),
    route("POST", "/v2/plans/{planIdent}/phases/{phaseIdent}/options", plans.link_option, 201, body="body", id="linkOptionToPlan"),
    route("GET", "/v2/plans/{planId}", plans.get_plan),
    route("PUT", "/v2/plans/{planId}", plans.update_plan, body="body"),
    route("DELETE", "/v2/plans/{planId}", plans.delete_plan, 204),
    *resource("/v2/coupons", COUPONS, member="code"),
    route("POST", "/v2/coupons/{code}/actions/check", coupons.check_coupon, body="body", may_be_empty=True),
    route("POST", "/v2/coupons/{code}/actions/withdraw", withdraw_coupon),
    *resource("/v2/product-groups", PRODUCT_GROUPS),
    resource_route("GET", "/v2/price-adaptations", PRICE_ADAPTATIONS, "list", 200),
    resource_route("POST", "/v2/price-adaptations", PRICE_ADAPTATIONS, "create", 201),
    resource_route("GET", _ADAPTATION, PRICE_ADAPTATIONS, "get", 200),
    resource_route("DELETE", _ADAPTATION, PRICE_ADAPTATIONS, "delete", 204),
    resource_route("GET", f"{_ADAPTATION}/values", VALUES, "list", 200),
    resource_route("POST", f"{_ADAPTATION}/values", VALUES, "create", 201),
    resource_route("GET", _VALUE, VALUES, "get", 200),
    resource_route("PUT", _VALUE, VALUES, "update", 200),
    resource_route("DELETE", _VALUE, VALUES, "delete", 204),
]

ENTITLEMENT_ROUTES: list[Route] = [
    *resource(_FEATURES, features.FEATURES),
    route("POST", f"{_FEATURE}/actions/activate", features.activate_feature),
    route("POST", f"{_FEATURE}/actions/archive", features.archive_feature),
    *resource(f"{_FEATURE}/plans", PLAN_FEATURES, member="planIdent"),
    *resource(f"{_FEATURE}/options", OPTION_FEATURES, member="optionIdent"),
    *resource(f"{_FEATURE}/products", PRODUCT_FEATURES, member="productIdent"),
    *resource("/v2/contracts/{contractIdent}/entitlement-overrides", OVERRIDES),
    route("GET", "/v2/contracts/{contractIdent}/entitlements", state.state_of_contract, parameters=_SAID),
    route("GET", "/v2/customers/{customerIdent}/entitlements", state.state_of_customer, parameters=_SAID),
]

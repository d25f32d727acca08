"""Features and entitlements, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.entitlements import features, state
from contor.entitlements.assigned import OPTION_FEATURES, PLAN_FEATURES
from contor.entitlements.overrides import OVERRIDES

_FEATURES = "/v2/features"
_FEATURE = f"{_FEATURES}/{{featureIdent}}"
_SAID = {"at": ("at", ""), "feature": ("feature", "")}

ENTITLEMENT_ROUTES: list[Route] = [
    *resource(_FEATURES, features.FEATURES),
    route("POST", f"{_FEATURE}/actions/activate", features.activate_feature),
    route("POST", f"{_FEATURE}/actions/archive", features.archive_feature),
    *resource(f"{_FEATURE}/plans", PLAN_FEATURES, member="planIdent"),
    *resource(f"{_FEATURE}/options", OPTION_FEATURES, member="optionIdent"),
    *resource("/v2/contracts/{contractIdent}/entitlement-overrides", OVERRIDES),
    route("GET", "/v2/contracts/{contractIdent}/entitlements", state.state_of_contract, parameters=_SAID),
    route("GET", "/v2/customers/{customerIdent}/entitlements", state.state_of_customer, parameters=_SAID),
]

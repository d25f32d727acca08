"""Categories of payments, the rules that give them, and what a person does with payments that wait, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.assignment import by_hand, categories, reasons

_CATEGORY = "/v2/payment-categories/{paymentCategoryName}"
_ACCOUNT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
_PAYMENT = f"{_ACCOUNT}/payments/{{paymentIdent}}"
_SUGGESTIONS = "/v2/payments/{paymentIdent}/suggestions"
_MANY = "/v2/payment-assignments/actions"

ASSIGNMENT_ROUTES: list[Route] = [
    route(
        "GET",
        "/v2/payment-categories",
        categories.list_categories,
        filterable=categories.CATEGORIES,
        output=categories.CategoryView,
    ),
    route("POST", "/v2/payment-categories", categories.create_category, 201, body="body"),
    route("GET", _CATEGORY, categories.get_category),
    route("PATCH", _CATEGORY, categories.change_category, body="body"),
    route("DELETE", _CATEGORY, categories.delete_category, 204),
    *resource(f"{_ACCOUNT}/payment-transaction-categorization-rules", categories.RULES, member="ruleIdent"),
    route("PATCH", _PAYMENT, by_hand.change_payment, body="body"),
    route("POST", f"{_PAYMENT}/actions/update-status", by_hand.update_status, body="body"),
    route("GET", "/v2/payments/{paymentIdent}/decisions", reasons.list_decisions),
    route("GET", _SUGGESTIONS, by_hand.list_suggestions),
    route("POST", f"{_SUGGESTIONS}/actions/accept", by_hand.accept_suggestions, body="body"),
    route("POST", f"{_SUGGESTIONS}/actions/refuse", by_hand.refuse_suggestions, body="body"),
    route("POST", f"{_SUGGESTIONS}/actions/refresh", by_hand.refresh_suggestions),
    route("POST", "/v2/documents/{documentIdent}/actions/pay", by_hand.pay_document, 201, body="body", may_be_empty=True),
    route("POST", f"{_MANY}/split", by_hand.create_many, 201, body="body"),
    route("POST", f"{_MANY}/upload", by_hand.upload_many, 201, upload="file"),
]

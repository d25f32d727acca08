"""How FastBill speaks (classic and Automatic): the service in the body, FILTER and DATA, an answer beside the echo of its request."""

from collections.abc import Mapping, Sequence
from typing import Final

from contor.api.codec import JSON, Codec, XmlCodec
from contor.api.fastbill.authentication import Holder, holder_of
from contor.api.fastbill.names import echoed, is_given, names_of, read, said, upper
from contor.api.fastbill.reading import DEFAULT_ROWS, rows
from contor.api.fastbill.refusals import sentences
from contor.api.limits import Allowed
from contor.api.route import Plain, Route
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.rights import PLANS
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page, PageRequest
from contor.runtime.query.rsql import All, Comparison

CONTAINERS: Final[Mapping[str, str]] = {
    "ADDONS": "ADDON",
    "ARTICLES": "ARTICLE",
    "COMMENTS": "COMMENT",
    "CONTACTS": "ELEMENT",  # as the vendor writes it
    "COUPONS": "COUPON",
    "CUSTOMERS": "CUSTOMER",
    "DOCUMENTS": "DOCUMENT",
    "ERRORS": "ERROR",
    "ESTIMATES": "ESTIMATE",
    "EXPENSES": "EXPENSE",
    "FEATURES": "FEATURE",
    "INVOICES": "INVOICE",
    "ITEMS": "ITEM",
    "PAYMENTS": "PAYMENT",
    "PROJECTS": "PROJECT",
    "REMINDERS": "REMINDER",
    "REVENUES": "REVENUE",
    "SHIPMENTS": "SHIPMENT",
    "SUBSCRIPTIONS": "SUBSCRIPTION",
    "TASKS": "TASK",
    "TEMPLATES": "TEMPLATE",
    "TIMES": "TIME",
    "TRANSLATIONS": "TRANSLATION",
    "VAT_ITEMS": "VAT_ITEM",
    "WEBHOOKS": "WEBHOOK",
}
"""The member element of each container in XML."""
OF_AUTOMATIC: Final[Mapping[str, frozenset[str]]] = {
    "ARTICLE": frozenset(
        {
            *("SETUP_FEE", "ALLOW_MULTIPLE", "IS_ADDON", "IS_DIGITAL", "ASSIGNED_ARTICLES", "TRANSLATIONS", "FEATURES"),
            *("SUBSCRIPTION_INTERVAL", "SUBSCRIPTION_NUMBER_EVENTS", "SUBSCRIPTION_TRIAL", "SUBSCRIPTION_DURATION"),
            *("SUBSCRIPTION_DURATION_FOLLOW", "SUBSCRIPTION_CANCELLATION", "RETURN_URL_SUCCESS", "RETURN_URL_CANCEL"),
        }
    ),
    "CUSTOMER": frozenset(
        {
            *("CUSTOMER_EXT_UID", "TITLE_ACADEMIC", "COMMENT", "STATE", "EMAIL_CC", "BIRTHDAY", "TAX_ID", "LANGUAGE_CODE", "GLN"),
            *("BANK_ACCOUNT_MANDATE_REFERENCE_DATE", "BANK_ACCOUNT_OWNER_ADDRESS", "BANK_ACCOUNT_OWNER_CITY", "X_ATTRIBUTES"),
            *("BANK_ACCOUNT_OWNER_ZIPCODE", "BANK_ACCOUNT_OWNER_EMAIL", "PAYMENT_MAIL_ADDRESS", "PAYMENT_PROVIDER", "AFFILIATE"),
            *("INVOICE_DELIVERY_METHOD", "ALLOWED_PAYMENT_TYPES", "CREDIT_BALANCE"),
        }
    ),
    "ELEMENT": frozenset({"STATE"}),
    "ESTIMATE": frozenset({"DISCOUNT"}),
    "INVOICE": frozenset(
        {
            *("INVOICE_EXT_UID", "SUBSCRIPTION_INVOICE_COUNTER", "PAYPAL_URL", "SHIPMENTS", "TRANSACTION_ID", "EU_DELIVERY"),
            *("CUSTOMER_ACCOUNTING_NOTE", "CONTRACT_REFERENCE", "CUSTOMER_ORDER_REFERENCE", "ORDER_REFERENCE", "WAITING_REASON"),
        }
    ),
    "ITEM": frozenset({"IS_GROSS"}),
    "TIME": frozenset({"TASK_ID", "ARTICLE_NUMBER"}),
}
"""What the classic client in PHP does not know, by the thing that has it: it gives a notice for every such element, and as many for each
thing of a list. In XML it is therefore said only where there is something to say; JSON has it always."""
_STATUS: Final = {Kind.UNAUTHENTICATED: 401, Kind.TOO_MANY: 429, Kind.UNAVAILABLE: 503}
"""Whatever else is refused is answered with 200, as clients expect: they read ERRORS."""


class FastbillVoice:
    """The dialect of `/api/1.0/api.php`."""

    name = "fastbill"
    prefix = "/api/1.0/api.php"
    title = "FastBill API"
    version = "1.0"
    description = "The services of FastBill and FastBill Automatic: one address, POST only, JSON or XML."
    camel = False
    nulls, root = False, "/"
    challenge = 'Basic realm="FastBill API"'
    codecs: Sequence[Codec] = (JSON, XmlCodec("FBAPI", CONTAINERS, unsaid=OF_AUTOMATIC))
    envelope_part, file_part = "httpbody", "document"

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Caller:
        """Who holds the e-mail and API key of the Basic credentials."""
        return holder_of(runtime, headers, request_id, at_once=at_once)

    def allowed(self, caller: Caller) -> Allowed | None:
        """What the plan of the caller's tenant allows."""
        plan = PLANS[caller.plan] if isinstance(caller, Holder) else None
        return Allowed(*plan) if plan is not None else None

    def service(self, content: object) -> str:
        named = said(content, "SERVICE")
        return named.strip() if isinstance(named, str) else ""

    def content(self, route: Route, content: object) -> object:
        """DATA, of which what a service does not know is left out: clients send whole things back. For what reads FILTER with LIMIT and
        OFFSET; where FILTER says nothing and the service must know something, DATA. A list ignores it: the classic client in PHP repeats
        there what it wrote before."""
        if route.filterable is not None:
            return content
        names = names_of(route.body)
        if not (route.operation.reads or route.operation.undone):  # what is undone is asked for, too
            return read(_object(content, "DATA"), names)
        where = _object(content, "FILTER")
        by_filter = bool(where) or not names.needed
        asked = read(_without_paging(where if by_filter else _object(content, "DATA")), names, strict=by_filter)
        paging = {field: said(content, field.upper()) for field in ("limit", "offset") if field in names.fields}
        return (
            {**asked, **{field: value for field, value in paging.items() if is_given(value)}} if isinstance(asked, dict) else asked
        )

    def named_query(self, route: Route, content: object) -> ListQuery:
        wire = route.wire.names if route.wire is not None else {}
        where = _without_paging(_object(content, "FILTER"))
        given = {str(name).lower(): value for name, value in where.items() if is_given(value)} if isinstance(where, Mapping) else {}
        terms = [Comparison.of(wire.get(name, name), "==", *_texts(name, value)) for name, value in given.items()]
        limit, offset = said(content, "LIMIT"), said(content, "OFFSET")
        page = PageRequest(
            _whole("LIMIT", limit, rows) if is_given(limit) else DEFAULT_ROWS,
            _whole("OFFSET", offset, lambda value: max(0, int(str(value)))) if is_given(offset) else 0,
        )
        return ListQuery(All(tuple(terms)) if len(terms) > 1 else terms[0] if terms else None, page=page)

    def enveloped(self, content: object, answer: object) -> Plain:
        """The answer beside what was sent; `REQUEST` names the service always."""
        echo = echoed(content) if isinstance(content, Mapping) else {}
        request = echo if isinstance(echo, dict) else {}
        shown = upper(answer) if isinstance(answer, Mapping) else {"STATUS": "success"}
        return {"REQUEST": {**request, "SERVICE": request.get("SERVICE") or ""}, "RESPONSE": shown}

    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]:
        return _STATUS.get(refused.kind, 200), {"errors": sentences(refused)}

    def crash(self, path: str, request_id: str) -> tuple[int, Plain]:
        """Nothing internal is shown; the request's id finds the entry in the server's log."""
        return 500, {"errors": [f"An unexpected error occurred (request {request_id})."]}

    def with_status(self, body: Plain, status: int) -> Plain:
        return body

    def page(self, route: Route, page: Page, rows: list[object]) -> Plain:
        """In the container that the service is named after: `article.get` answers ARTICLES."""
        return {f"{route.service.partition('.')[0]}s": rows}

    def headers(self, request_id: str, seconds: float) -> dict[str, str]:
        return {
            "X-Request-Id": request_id,
            "X-Response-Time": f"{seconds:.6f}",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }

    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> ListQuery:
        raise LookupError("requests name their filters in the body")

    def error_schema(self) -> Plain:
        return {"type": "object", "properties": {"ERRORS": {"type": "array", "items": {"type": "string"}}}}

    def page_schema(self, route: Route, item: Plain) -> Plain:
        return {"type": "array", "items": item}

    def security_schemes(self) -> Plain:
        return {"basic": {"type": "http", "scheme": "basic"}}

    def security(self, permission: str) -> list[Plain]:
        return [{"basic": []}]

    def list_parameters(self, route: Route) -> list[Plain]:
        return []


def _object(content: object, name: str) -> object:
    """What stands under the name; an empty list is an empty object."""
    found = said(content, name)
    if found is None or found in ([], ""):
        return {}
    if not isinstance(found, Mapping):
        raise Refused(Kind.INVALID, Problem("object_expected", "must be an object", name))
    return found


def _without_paging(where: object) -> object:
    """Some clients say how many they want among the filters, where it never counted."""
    if not isinstance(where, Mapping):
        return where
    return {name: value for name, value in where.items() if str(name).upper() not in ("LIMIT", "OFFSET")}


def _texts(name: str, value: object) -> list[str]:
    many = value if isinstance(value, list) else [value]
    if not many or not all(isinstance(one, (str, int)) and not isinstance(one, bool) for one in many):
        raise Refused(Kind.INVALID, Problem("text_expected", "must be a text or a number", name))
    return [str(one).strip() for one in many]


def _whole(name: str, value: object, read_as: object) -> int:
    try:
        return int(read_as(value))  # type: ignore[operator]  # one of the two readers above
    except ValueError:
        raise Refused(Kind.INVALID, Problem("whole_number_expected", "must be a whole number", name)) from None


FASTBILL = FastbillVoice()

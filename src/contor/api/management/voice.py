"""How the management API speaks (fiskaly 0.12.0): snake_case, epoch seconds, its own error envelope and list form."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from contor.api.http import STATUS, authorization
from contor.api.route import Plain, Route
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import caller_of
from contor.organizations.types import Listing
from contor.runtime.execute import Runtime
from contor.runtime.query import Page

_CODES = {Kind.INVALID: "E_FAILED_SCHEMA_VALIDATION", Kind.FORBIDDEN: "E_ACCESS_DENIED"}
_WITHOUT_CODE = frozenset(
    {"not_found", "path_not_found", "method_not_allowed", "token_missing", "token_invalid", "token_expired", "token_revoked"}
)
ORDERS: dict[str, tuple[tuple[str, ...], int]] = {
    "organization": (
        (
            "name",
            "id",
            "address_line1",
            "zip",
            "town",
            "display_name",
            "vat_id",
            "address_line2",
            "state",
            "tax_number",
            "economy_id",
        ),
        5000,
    ),
    "api_key": (("created_at", "name", "status"), 100),
    "user": (("email", "id", "first_name", "last_name"), 5000),
    "billing_address": (("created_at",), 5000),
    "directory_entry": (("at", "actor", "operation", "subject_kind", "subject_ident"), 1000),
}
"""Noun -> (what a list is ordered by, the default first; its largest limit)."""
UNPAGED = frozenset({"billing_address"})
"""Lists whose callers know no pages: where no limit is said, all are answered."""
FILTERS: dict[str, dict[str, tuple[str, ...] | None]] = {
    "organization": {"env": ("TEST", "LIVE"), "type": ("MANAGED_ORGANIZATION", "ORGANIZATION"), "managed_by_organization_id": None},
    "api_key": {"status": ("enabled", "disabled")},
    "user": {"email": None, "first_name": None, "last_name": None},
    "billing_address": {},
    "directory_entry": {"actor": None, "operation": None, "subject_kind": None, "subject_ident": None},
}
"""Noun -> filter -> its values, or None: any text."""


class ManagementVoice:
    """The dialect object of `/api/v0`."""

    name = "management"
    prefix = "/api/v0"
    title = "Contor Management API"
    version = "0.12.0"
    description = (
        "Organizations, their environments TEST and LIVE, API keys, users and billing addresses.\n\n"
        "`POST /auth` answers a token, which further requests bring as a bearer token. Instants are seconds since 1970. What has no value "
        "is left out of an answer."
    )
    camel = False
    nulls, root = False, "/"
    challenge = "Bearer"

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Caller:
        token = authorization(headers, "bearer")
        if not token:
            raise Refused(Kind.UNAUTHENTICATED, Problem("token_missing", "missing bearer token"))
        try:
            return caller_of(runtime, token, request_id, at_once=at_once)
        except Refused as refused:
            if refused.problems[0].code == "token_revoked":
                raise
            if refused.problems[0].code == "token_expired":
                raise Refused(Kind.UNAUTHENTICATED, Problem("token_expired", "jwt is expired")) from None
            # answers are logged: what is nearly a credential stays with its owner
            shown = token if len(token) <= 16 else f"{token[:12]}..."
            message = f"could not parse jwt: '{shown}'"
            raise Refused(Kind.UNAUTHENTICATED, Problem("token_invalid", message)) from None

    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> Any:
        """`order_by`, `order`, `limit`, `offset` and the list's own filters; every wrong one is named."""
        noun = route.operation.noun
        orders, most = ORDERS[noun]
        filters = FILTERS[noun]
        problems: list[Problem] = []
        given = dict(query)
        for name in given:
            if name not in ("order_by", "order", "limit", "offset", *filters):
                problems.append(Problem("parameter_unknown", f"unknown query parameter {name[:60]!r}", name[:60]))
        order_by = given.get("order_by", orders[0])
        if order_by not in orders:
            problems.append(
                Problem("parameter_invalid", f"order_by must be one of {', '.join(orders)}", "order_by", order_by[:100])
            )
        order = given.get("order", "asc")
        if order not in ("asc", "desc"):
            problems.append(Problem("parameter_invalid", "order must be asc or desc", "order", order[:100]))
        limit = _whole(given.get("limit"), "limit", most if noun in UNPAGED else min(100, most), 1, most, problems)
        offset = _whole(given.get("offset"), "offset", 0, 0, 10_000_000, problems)
        wanted = []
        for name, values in filters.items():
            if name in given:
                words = {word.lower(): word for word in values or ()}
                if values is not None and given[name].lower() not in words:
                    problems.append(
                        Problem("parameter_invalid", f"{name} must be one of {', '.join(values)}", name, given[name][:100])
                    )
                wanted.append((name, words.get(given[name].lower(), given[name])))
        if problems:
            raise Refused(Kind.INVALID, *problems)
        return Listing(order_by, order == "desc", limit, offset, tuple(wanted))

    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]:
        status = STATUS[refused.kind]
        first = refused.problems[0]
        message = "; ".join(f"{p.field}: {p.message}" if p.field else p.message for p in refused.problems)[:4000]
        if first.code == "credentials_invalid":  # recorded: this key order, no code
            return status, {"message": message, "status_code": status, "error": HTTPStatus(status).phrase}
        body: Plain = {"status_code": status, "error": HTTPStatus(status).phrase}
        if first.code not in _WITHOUT_CODE:
            body["code"] = _CODES.get(refused.kind) or f"E_{first.code.upper()}"
        body["message"] = message
        return status, body

    def crash(self, path: str, request_id: str) -> tuple[int, Plain]:
        return 500, {
            "status_code": 500,
            "error": "Internal Server Error",
            "message": f"Something went wrong here; {request_id} names it in the server's log.",
        }

    def with_status(self, body: Plain, status: int) -> Plain:
        return {**body, "status_code": status, "error": HTTPStatus(status).phrase}

    def page(self, route: Route, page: Page, rows: list[object]) -> Plain:
        return {"data": rows, "count": page.total, "_type": f"{route.operation.noun.upper()}_LIST"}

    def headers(self, request_id: str, seconds: float) -> dict[str, str]:
        took = f"{seconds:.6f}"
        return {
            "X-Request-Id": request_id,
            "X-Response-Time": took,
            "Response-Time": took,
            "Strict-Transport-Security": "max-age=15724800; includeSubDomains",
            "Vary": "Accept-Encoding",
            "Cache-Control": "no-store",
        }

    def error_schema(self) -> Plain:
        text = {"type": "string"}
        return {
            "type": "object",
            "required": ["status_code", "error", "message"],
            "properties": {"status_code": {"type": "integer"}, "error": text, "code": text, "message": text},
        }

    def page_schema(self, route: Route, item: Plain) -> Plain:
        return {
            "type": "object",
            "required": ["data", "count", "_type"],
            "properties": {
                "data": {"type": "array", "items": item},
                "count": {"type": "integer", "minimum": 0, "description": "How many there are over all pages."},
                "_type": {"const": f"{route.operation.noun.upper()}_LIST"},
            },
        }

    def security_schemes(self) -> Plain:
        return {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}

    def security(self, permission: str) -> list[Plain]:
        return [{"bearer": []}]

    def list_parameters(self, route: Route) -> list[Plain]:
        noun = route.operation.noun
        orders, most = ORDERS[noun]
        made: list[Plain] = [
            {"name": "order_by", "in": "query", "schema": {"type": "string", "enum": list(orders)}},
            {"name": "order", "in": "query", "schema": {"type": "string", "enum": ["asc", "desc"]}},
            {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": most}},
            {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}},
        ]
        for name, values in FILTERS[noun].items():
            schema = {"type": "string", "enum": list(values)} if values else {"type": "string"}
            made.append({"name": name, "in": "query", "schema": schema})
        return made


def _whole(text: str | None, name: str, default: int, least: int, most: int, problems: list[Problem]) -> int:
    if text is None:
        return default
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    problems.append(Problem("parameter_invalid", f"{name} must be a whole number from {least} to {most}", name, text[:100]))
    return default


MANAGEMENT = ManagementVoice()

"""Two small dialects over the same core: one names its operations in the body (XML, JSON, multipart), one has paths and other ids."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contor.api.codec import JSON, XmlCodec
from contor.api.http import STATUS
from contor.api.ids import DialectIds
from contor.api.kit import route, service
from contor.api.limits import Allowed
from contor.api.route import IdsOf, Plain, Route, Wire
from contor.customers import customers, tables
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.files import FileContent
from contor.kernel.operations import Operation
from contor.kernel.shapes import Name255, shape
from contor.organizations.access import authenticate, caller_of
from contor.organizations.access.authenticate import Authenticate
from contor.organizations.types import ApiKeyCredentials
from contor.runtime.execute import Runtime
from contor.runtime.query import ListQuery, Page, PageRequest
from contor.runtime.query.numbered import Numbered
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.uow import Uow

CUSTOMER = Numbered("customer", tables.customer, "customer_ident")
ADDRESS = Numbered("address", tables.address, "address_ident")


def _credentials(headers: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, encoded = headers.get("authorization", "").partition(" ")
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        name = secret = ""
    if scheme.lower() != "basic" or not name or not secret:
        raise Refused(Kind.UNAUTHENTICATED, Problem("credentials_missing", "Basic credentials are required."))
    return name, secret


class Voice:
    """What both say alike."""

    nulls, root = False, "/"
    name, title, version, camel, challenge = "coming", "A coming dialect", "1", False, 'Basic realm="contor"'
    description = "A dialect that is not there yet."

    def authenticate(self, runtime: Runtime, headers: Mapping[str, str], request_id: str, *, at_once: bool) -> Caller:
        key, secret = _credentials(headers)
        credentials = ApiKeyCredentials(api_key=key, api_secret=secret)
        tokens = runtime.execute(authenticate, Authenticate(credentials), Caller("anyone", request_id))
        return caller_of(runtime, tokens.access_token, request_id)

    def list_query(self, route: Route, query: Sequence[tuple[str, str]]) -> ListQuery:
        terms = [Comparison.of(name, "==", value) for name, value in query if name not in ("page", "limit")]
        given = dict(query)
        size = int(given.get("limit", 30))
        where = All(tuple(terms)) if len(terms) > 1 else terms[0] if terms else None
        return ListQuery(where, page=PageRequest(size, size * (max(int(given.get("page", 1)), 1) - 1)))

    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]:
        found: list[Plain] = [{"propertyPath": p.field, "message": p.message} for p in refused.problems]
        return STATUS[refused.kind], {"title": "An error occurred", "violations": found}

    def with_status(self, body: Plain, status: int) -> Plain:
        return body

    def crash(self, path: str, request_id: str) -> tuple[int, Plain]:
        return 500, {"title": "An error occurred"}

    def page(self, route: Route, page: Page, rows: list[object]) -> Plain:
        return {"data": rows, "meta": {"pagination": {"totalItems": page.total, "currentPage": page.number + 1}}}

    def headers(self, request_id: str, seconds: float) -> dict[str, str]:
        return {"X-Request-Id": request_id}

    def error_schema(self) -> Plain:
        return {"type": "object"}

    def page_schema(self, route: Route, item: Plain) -> Plain:
        return {"type": "object"}

    def security_schemes(self) -> Plain:
        return {"basic": {"type": "http", "scheme": "basic"}}

    def security(self, permission: str) -> list[Plain]:
        return [{"basic": []}]

    def list_parameters(self, route: Route) -> list[Plain]:
        return []


class NamedVoice(Voice):
    """One address; `SERVICE`, `FILTER` and `DATA` in whatever case; the request is echoed beside the response."""

    prefix = "/api/1.0/api.php"
    codecs = (JSON, XmlCodec("FBAPI", {"CUSTOMERS": "CUSTOMER", "ERRORS": "ERROR"}))
    envelope_part, file_part = "httpbody", "document"

    def service(self, content: object) -> str:
        return str(_lower(content).get("service") or "").lower()

    def content(self, route: Route, content: object) -> object:
        said = _lower(content)
        return said if route.filterable is not None else _lower(said.get("data"))

    def named_query(self, route: Route, content: object) -> ListQuery:
        said = _lower(content)
        terms = [Comparison.of(NAMES.get(n, n), "==", str(v)) for n, v in _lower(said.get("filter")).items() if v not in (None, "")]
        where = All(tuple(terms)) if len(terms) > 1 else terms[0] if terms else None
        return ListQuery(where, page=PageRequest(min(int(str(said.get("limit") or 10)), 100), int(str(said.get("offset") or 0))))

    def refuse(self, refused: Refused, path: str, request_id: str) -> tuple[int, Plain]:
        """Everything but wrong credentials is a 200 that says so."""
        said = [f"missing / invalid field: {p.field.upper()}" if p.field else p.message for p in refused.problems]
        return 401 if refused.kind is Kind.UNAUTHENTICATED else 200, {"errors": said}

    def page(self, route: Route, page: Page, rows: list[object]) -> Plain:
        return {"customers": rows}

    def allowed(self, caller: Caller) -> Allowed | None:
        return None

    def enveloped(self, content: object, answer: object) -> Plain:
        return {"REQUEST": content if content is not None else {}, "RESPONSE": _upper(answer)}


def _lower(content: object) -> Plain:
    return {str(name).lower(): value for name, value in content.items()} if isinstance(content, Mapping) else {}


def _upper(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name).upper(): _upper(inner) for name, inner in value.items()}
    return [_upper(inner) for inner in value] if isinstance(value, (list, tuple)) else value


@shape
class PaperBody:
    title: Name255


@dataclass(frozen=True, slots=True)
class KeepPaper:
    body: PaperBody
    file: FileContent


def _keep(uow: Uow, command: KeepPaper) -> dict[str, str | int]:
    uow.audit("paper", command.body.title, {"kept": command.file.name})
    return {"sha256": uow.runtime.blobs.put(uow.ctx.tenant_id, command.file.content), "bytes": len(command.file.content)}


KEEP_PAPER = Operation("paper.keep", "documents.write", KeepPaper, dict[str, str | int], _keep)
NAMES = {"customer_id": "customer_ident", "organization": "company"}
INTEGER_IDS = DialectIds(CUSTOMER, ("INTEGER",))
UUIDS = DialectIds(CUSTOMER, ("UUID", "EXTERNAL"))
ULIDS = DialectIds(ADDRESS, ("ULID",))
NUMBERED = Wire(
    names={**NAMES, "credit": "properties"},
    constants={"customer_type": "B2B"},
    hidden=frozenset({"created_at", "last_modified_at", "customer_type", "billing_stop"}),
)
SERVICES = [
    service(
        "customer.get",
        customers.CUSTOMERS.list,
        filterable=customers.CUSTOMERS.search,
        output=customers.CUSTOMERS.output,
        constants={"keys": ()},
        wire=NUMBERED,
        ids=IdsOf(query={"customer_ident": INTEGER_IDS}, answer={"customer_ident": INTEGER_IDS}),
    ),
    service(
        "customer.create",
        customers.create_customer,
        body="body",
        answer=lambda made: {"status": "success", "customer_ident": made["customer_ident"]},
        wire=NUMBERED,
        ids=IdsOf(answer={"customer_ident": INTEGER_IDS}),
    ),
    service("document.create", KEEP_PAPER, body="body", file="file"),
]
"""Operations told apart by name; ids are whole numbers."""


class PathVoice(Voice):
    prefix, camel = "", True


_NAMED = Wire(names={"id": "customerIdent", "companyName": "company"})
_BY_UUID = IdsOf(path={"id": UUIDS}, query={"id": UUIDS}, answer={"customerIdent": UUIDS, "addresses.addressIdent": ULIDS})
PATHS = [
    route("GET", "/customers/{id}", customers.get_customer, rename={"id": "customer_ident"}, wire=_NAMED, ids=_BY_UUID),
    route("POST", "/customers", customers.create_customer, 201, body="body", wire=_NAMED, ids=_BY_UUID),
    route(
        "GET",
        "/customers",
        customers.CUSTOMERS.list,
        filterable=customers.CUSTOMERS.search,
        output=customers.CUSTOMERS.output,
        constants={"keys": ()},
        wire=_NAMED,
        ids=IdsOf(query={"customerIdent": UUIDS, "customer_ident": UUIDS}, answer={"customerIdent": UUIDS}),
    ),
]
"""Operations told apart by path; ids are UUIDs, or what the caller called the thing; addresses have ULIDs."""

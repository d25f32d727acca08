"""The pages that a customer reaches by a link of his own: his documents, and his data. Without account, cookie or script."""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contor.customers.keeping import (
    PATHS,
    ChangeOwnData,
    OneNumber,
    OwnData,
    Purpose,
    change_own_data,
    get_own_data,
    read_link_token,
)
from contor.documents.after import ListDocuments, ReadFile, get_file, list_documents
from contor.documents.render import voice_of
from contor.documents.types import DocumentType, DocumentView
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import Runtime, validated
from contor.runtime.query import ListQuery, Order, PageRequest
from contor.runtime.query.rsql import All, Comparison
from contor.runtime.secrets import Linked
from contor.ui.customer_texts import CUSTOMER_TEXTS
from contor.ui.shell import OF_FILES, WIDE, Guard, Read, answered, form, html, said, submitted
from contor.ui.texts import Language

FILE_PATH = "/customer/file"
LONGEST = 200
MOST = 100
"""Documents on the page, the latest."""
CREDITING = frozenset({DocumentType.CREDIT_MEMO, DocumentType.DEPOSIT_INVOICE_CORRECTION})
_SEES: frozenset[str] = frozenset({"customers.read", "documents.read"})
_RIGHTS: Mapping[Purpose, frozenset[str]] = {"dashboard": _SEES, "data": frozenset({"customers.read", "customers.write"})}
_FIELDS = (
    "company",
    "first_name",
    "last_name",
    "email",
    "phone",
    "vat_id",
    "street",
    "street_no",
    "address_addition",
    "zip",
    "city",
)
_INPUT = """<label for="{name}">{label}</label><input id="{name}" name="{name}" maxlength="255" value="{value}">
"""


def customer_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language) -> _Page:
        return _Page(runtime, language)

    async def documents(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.documents(request.query_params.get("token", "")))

    async def file(request: Request) -> Response:
        asked = request.query_params
        return await answered(request, guard, page, lambda made: made.file(asked.get("token", ""), asked.get("document", "")))

    async def own_data(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.own_data(request.query_params.get("token", "")))

    async def change(request: Request) -> Response:
        return await submitted(request, guard, read, runtime.config.read_seconds, page, _Page.changed)

    return [
        Route(PATHS["dashboard"], documents, methods=["GET"]),
        Route(FILE_PATH, file, methods=["GET"]),
        Route(PATHS["data"], own_data, methods=["GET"]),
        Route(PATHS["data"], change, methods=["POST"]),
    ]


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language, self.texts = runtime, language, CUSTOMER_TEXTS[language]
        self.voice = voice_of(language)

    def documents(self, token: str) -> Response:
        """The latest of the customer's documents; of each that has one its picture."""
        link, caller = self._opened(token, "dashboard")
        ident = self.runtime.execute(get_own_data, OneNumber(number=link.number), caller).customer_ident
        query = ListQuery(Comparison.of("customer_ident", "==", ident), (Order("created_at", "desc"),), PageRequest(MOST, 0))
        views = self._views(query, caller)
        texts = self.texts
        heads = "".join(f"<th>{escape(head)}</th>" for head in (texts.number, texts.date, texts.amount, texts.state))
        rows = "".join(self._row(view, token) for view in views)
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        return self.html(texts.documents, table if rows else f"<p>{escape(texts.none)}</p>")

    def file(self, token: str, number: str) -> Response:
        """The picture of one of his documents; what is another's is not there."""
        link, caller = self._opened(token, "dashboard")
        ident = self.runtime.execute(get_own_data, OneNumber(number=link.number), caller).customer_ident
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise Refused(Kind.NOT_FOUND, Problem("document_not_found", "No such document."))
        own = All((Comparison.of("customer_ident", "==", ident), Comparison.of("document_id", "==", number)))
        pictures = [file for view in self._views(ListQuery(own), caller) for file in view.files if file.type == "PDF"]
        if not pictures:
            raise Refused(Kind.NOT_FOUND, Problem("document_not_found", "No such document."))
        content = self.runtime.execute(get_file, ReadFile(file_ident=pictures[0].file_ident), caller)
        disposition = f"inline; filename*=UTF-8''{quote(content.name)}"
        return Response(content.content, 200, {**OF_FILES, "Content-Disposition": disposition}, content.media_type)

    def own_data(self, token: str) -> Response:
        link, caller = self._opened(token, "data")
        return self._form(token, self.runtime.execute(get_own_data, OneNumber(number=link.number), caller).data)

    def changed(self, given: Mapping[str, str]) -> Response:
        """Saved, or the form again with what is wrong."""
        token = given.get("token", "")[:LONGEST]
        link, caller = self._opened(token, "data")
        fields = {name: given[name] for name in _FIELDS if given.get(name, "").strip()}
        try:
            changed = validated(OwnData, fields)
            self.runtime.execute(change_own_data, ChangeOwnData(number=link.number, data=changed), caller)
        except Refused as refused:
            if refused.kind is not Kind.INVALID:
                raise
            labels = [self._label(problem) for problem in refused.problems[:10]]
            note = self.texts.unfit.format(fields=", ".join(dict.fromkeys(labels)))
            shown = OwnData(**{name: value[:255] for name, value in fields.items()})
            return self._form(token, shown, note, 400)
        return self.html(self.texts.data, f"<p>{escape(self.texts.saved)}</p>")

    def refused(self, refused: Refused) -> Response:
        texts = self.texts
        if refused.kind is Kind.UNAUTHENTICATED:
            return self._said(texts.link_invalid, 404)
        if refused.kind is Kind.NOT_FOUND:
            return self._said(texts.not_there, 404)
        return self._said(texts.not_now, 429 if refused.kind is Kind.TOO_MANY else 413 if refused.kind is Kind.TOO_LARGE else 503)

    def html(self, title: str, content: str, status: int = 200) -> Response:
        return html(self.language, title, content, status, width=WIDE)

    def _said(self, text: str, status: int) -> Response:
        return self.html(self.texts.documents, said(text), status)

    def _opened(self, token: str, purpose: Purpose) -> tuple[Linked, Caller]:
        """Who holds the link, and what he may. Raises UNAUTHENTICATED."""
        link = read_link_token(self.runtime, token[:LONGEST], (purpose,))
        return link, Caller("link", self.runtime.new_uuid().hex, link.tenant_id, permissions=_RIGHTS[purpose])

    def _views(self, query: ListQuery, caller: Caller) -> list[DocumentView]:
        items = self.runtime.execute(list_documents, ListDocuments(query=query), caller).items
        return [view for view in items if isinstance(view, DocumentView)]

    def _row(self, view: DocumentView, token: str) -> str:
        number = escape(view.ident)
        if any(file.type == "PDF" for file in view.files):
            target = f"{FILE_PATH}?token={quote(token)}&document={view.document_id}"
            number = f'<a href="{escape(target, quote=True)}">{number}</a>'
        # what is credited is owed to the customer
        sign = -1 if view.document_type in CREDITING else 1
        state = self.texts.settled
        if view.outstanding:
            open_words = self.texts.to_your_credit if sign < 0 else self.texts.open
            state = open_words.format(amount=self.voice.money(view.outstanding, view.currency), day=self.voice.date(view.due_date))
        amount = escape(self.voice.money(sign * view.totals.gross, view.currency))
        cells = "".join(f'<td class="fact">{cell}</td>' for cell in (number, self.voice.date(view.document_date), amount))
        return f"<tr>{cells}<td>{escape(state)}</td></tr>"

    def _form(self, token: str, data: OwnData, note: str = "", status: int = 200) -> Response:
        fields = "".join(
            _INPUT.format(
                name=name,
                label=escape(getattr(self.texts, name)),
                value=escape(getattr(data, name) or "", quote=True),
            )
            for name in _FIELDS
        )
        content = (said(note) if note else "") + form(PATHS["data"], token, fields, self.texts.save)
        return self.html(self.texts.data, content, status)

    def _label(self, problem: Problem) -> str:
        name = (problem.field or "").rpartition(".")[2]
        return str(getattr(self.texts, name, problem.message)) if name in _FIELDS else problem.message

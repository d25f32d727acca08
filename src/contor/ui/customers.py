"""The pages that a customer reaches by a link of his own: his documents, and his data. Without account, cookie or script."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from html import escape
from urllib.parse import parse_qsl, quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from contor.customers.keeping import (
    PATHS,
    ChangeOwnData,
    Linked,
    OneNumber,
    OwnData,
    Purpose,
    change_own_data,
    get_own_data,
    read_link_token,
)
from contor.documents.after import ListDocuments, ReadFile, get_file, list_documents
from contor.documents.types import DocumentView
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import worded
from contor.runtime.execute import Runtime, validated
from contor.runtime.query import ListQuery, Order, PageRequest
from contor.runtime.query.rsql import All, Comparison
from contor.ui.customer_texts import CUSTOMER_TEXTS
from contor.ui.texts import Language, wanted_language

Read = Callable[[Request, int, float], Awaitable[bytes]]
"""How a body is read: the request, the most bytes, the most seconds. Raises `Refused`."""
Guard = Callable[[Request], AbstractContextManager[None]]
"""How often who asks may ask, and try links that do not work. Raises `Refused` (TOO_MANY)."""
FILE_PATH = "/customer/file"
LIMIT, LONGEST = 16_384, 200
MOST = 100
"""Documents on the page, the latest."""
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
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}
_SAVED = {**_HEADERS, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f5f5f3; color: #1c1c1a; }}
main {{ max-width: 46rem; margin: 8vh auto; padding: 2rem; background: #fff; border: 1px solid #dcdcd6; border-radius: 8px; }}
h1 {{ font-size: 1.3rem; margin: 0 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #dcdcd6; }}
label {{ display: block; margin: .8rem 0 .3rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .7rem; border: 1px solid #8a8a82; border-radius: 5px; }}
button {{ margin-top: 1rem; background: #14532d; border-color: #14532d; color: #fff; cursor: pointer; }}
p.said {{ padding: .6rem .8rem; background: #fdf3d8; border-radius: 5px; }}
</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"""
_INPUT = """<label for="{name}">{label}</label><input id="{name}" name="{name}" maxlength="255" value="{value}">
"""


def customer_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    async def answered(request: Request, what: Callable[["_Page"], Response]) -> Response:
        page = _Page(runtime, wanted_language(request.headers.get("accept-language", "")))
        try:
            with guard(request):
                return await to_thread.run_sync(what, page)
        except Refused as refused:
            return page.refused(refused)

    async def documents(request: Request) -> Response:
        return await answered(request, lambda page: page.documents(request.query_params.get("token", "")))

    async def file(request: Request) -> Response:
        asked = request.query_params
        return await answered(request, lambda page: page.file(asked.get("token", ""), asked.get("document", "")))

    async def own_data(request: Request) -> Response:
        return await answered(request, lambda page: page.own_data(request.query_params.get("token", "")))

    async def change(request: Request) -> Response:
        try:
            raw = await read(request, LIMIT, runtime.config.read_seconds)
        except Refused as refused:
            return _Page(runtime, wanted_language(request.headers.get("accept-language", ""))).refused(refused)
        form = dict(parse_qsl(raw.decode("utf-8", "replace")))
        return await answered(request, lambda page: page.changed(form))

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
        return Response(content.content, 200, {**_SAVED, "Content-Disposition": disposition}, content.media_type)

    def own_data(self, token: str) -> Response:
        link, caller = self._opened(token, "data")
        return self._form(token, self.runtime.execute(get_own_data, OneNumber(number=link.number), caller).data)

    def changed(self, form: Mapping[str, str]) -> Response:
        """Saved, or the form again with what is wrong."""
        token = form.get("token", "")[:LONGEST]
        link, caller = self._opened(token, "data")
        given = {name: form[name] for name in _FIELDS if form.get(name, "").strip()}
        try:
            changed = validated(OwnData, given)
            self.runtime.execute(change_own_data, ChangeOwnData(number=link.number, data=changed), caller)
        except Refused as refused:
            if refused.kind is not Kind.INVALID:
                raise
            labels = [self._label(problem) for problem in refused.problems[:10]]
            said = self.texts.unfit.format(fields=", ".join(dict.fromkeys(labels)))
            shown = OwnData(**{name: value[:255] for name, value in given.items()})
            return self._form(token, shown, said, 400)
        return self.html(self.texts.data, f"<p>{escape(self.texts.saved)}</p>")

    def refused(self, refused: Refused) -> Response:
        texts = self.texts
        if refused.kind is Kind.UNAUTHENTICATED:
            return self._said(texts.link_invalid, 404)
        if refused.kind is Kind.NOT_FOUND:
            return self._said(texts.not_there, 404)
        return self._said(texts.not_now, 429 if refused.kind is Kind.TOO_MANY else 413 if refused.kind is Kind.TOO_LARGE else 503)

    def html(self, title: str, content: str, status: int = 200) -> Response:
        return HTMLResponse(_PAGE.format(language=self.language, title=escape(title), content=content), status, _HEADERS)

    def _said(self, text: str, status: int) -> Response:
        return self.html(self.texts.documents, f'<p class="said">{escape(text)}</p>', status)

    def _opened(self, token: str, purpose: Purpose) -> tuple[Linked, Caller]:
        """Who holds the link, and what he may. Raises UNAUTHENTICATED."""
        link = read_link_token(self.runtime, token[:LONGEST])
        if link is None or link.purpose != purpose:
            raise Refused(Kind.UNAUTHENTICATED, Problem("link_invalid", "This link does not work."))
        return link, Caller("link", self.runtime.new_uuid().hex, link.tenant_id, permissions=_RIGHTS[purpose])

    def _views(self, query: ListQuery, caller: Caller) -> list[DocumentView]:
        items = self.runtime.execute(list_documents, ListDocuments(query=query), caller).items
        return [view for view in items if isinstance(view, DocumentView)]

    def _row(self, view: DocumentView, token: str) -> str:
        day = view.document_date.strftime(self.texts.day)
        number = escape(view.ident)
        if any(file.type == "PDF" for file in view.files):
            target = f"{FILE_PATH}?token={quote(token)}&document={view.document_id}"
            number = f'<a href="{escape(target, quote=True)}">{number}</a>'
        state = self.texts.settled
        if view.outstanding:
            due = view.due_date.strftime(self.texts.day)
            state = self.texts.open.format(amount=worded(view.outstanding, view.currency), day=due)
        amount = worded(view.totals.gross, view.currency)
        return f"<tr><td>{number}</td><td>{day}</td><td>{escape(amount)}</td><td>{escape(state)}</td></tr>"

    def _form(self, token: str, data: OwnData, said: str = "", status: int = 200) -> Response:
        fields = "".join(
            _INPUT.format(
                name=name,
                label=escape(getattr(self.texts, name)),
                value=escape(getattr(data, name) or "", quote=True),
            )
            for name in _FIELDS
        )
        note = f'<p class="said">{escape(said)}</p>' if said else ""
        hidden = f'<input type="hidden" name="token" value="{escape(token, quote=True)}">'
        button = f'<button type="submit">{escape(self.texts.save)}</button>'
        content = f'{note}<form method="post" action="{PATHS["data"]}">{hidden}{fields}{button}</form>'
        return self.html(self.texts.data, content, status)

    def _label(self, problem: Problem) -> str:
        name = (problem.field or "").rpartition(".")[2]
        return str(getattr(self.texts, name, problem.message)) if name in _FIELDS else problem.message

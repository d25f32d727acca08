"""The picture behind a link: of a document, a letter, an offer or a paper from outside, for whoever has the link, as long as it holds."""

from html import escape
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from contor.documents.papers import PATH, OpenPicture, open_picture, opened, reader
from contor.dunning.letters import OpenLetter, open_letter
from contor.expenses.opening import OpenPaper, open_paper
from contor.kernel.errors import Kind, Refused
from contor.kernel.files import FileContent
from contor.offers.offers import OpenOffer, open_offer
from contor.runtime.execute import Runtime

_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}
_STATUS = {Kind.NOT_READY: 503, Kind.NOT_FOUND: 404}
_PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{said}</title>
<style>body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 12vh auto; padding: 0 1rem; }}</style></head>
<body><p>{said}</p></body></html>"""
_MAKING = "Das Dokument wird gerade erstellt; bitte in einer Minute noch einmal versuchen. It is being made; try again in a minute."


def paper_routes(runtime: Runtime) -> list[Route]:
    """To be served beside the dialects."""

    async def show(request: Request) -> Response:
        return await to_thread.run_sync(_picture, runtime, request.query_params.get("token", ""))

    return [Route(PATH, show, methods=["GET"])]


def _picture(runtime: Runtime, token: str) -> Response:
    try:
        file = _file(runtime, token)
    except Refused as refused:
        making = refused.kind is Kind.NOT_READY
        said = _MAKING if making else refused.problems[0].message
        more = {"Retry-After": "60"} if making else {}
        return HTMLResponse(_PAGE.format(said=escape(said)), _STATUS.get(refused.kind, 404), {**_HEADERS, **more})
    named = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name)}"}  # RFC 6266
    return Response(file.content, 200, {**_HEADERS, **named}, file.media_type)


def _file(runtime: Runtime, token: str) -> FileContent:
    link = opened(runtime.secrets, token, runtime.clock())
    caller = reader(link.tenant_id, runtime.new_uuid().hex)
    if link.kind == "letter":
        return runtime.execute(open_letter, OpenLetter(letter_id=link.number), caller)
    if link.kind == "offer":
        return runtime.execute(open_offer, OpenOffer(offer_id=link.number), caller)
    if link.kind == "expense":
        return runtime.execute(open_paper, OpenPaper(kind="expense", number=link.number), caller)
    if link.kind == "revenue":
        return runtime.execute(open_paper, OpenPaper(kind="revenue", number=link.number), caller)
    return runtime.execute(open_picture, OpenPicture(document_id=link.number), caller)

"""The picture behind a link: of a document, a letter, an offer or a paper from outside, for whoever has the link, as long as it holds."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contor.documents.papers import PATH, OpenPicture, open_picture, opened, reader
from contor.dunning.letters import OpenLetter, open_letter
from contor.expenses.opening import OpenPaper, open_paper
from contor.kernel.errors import Kind, Refused
from contor.kernel.files import FileContent
from contor.offers.offers import OpenOffer, open_offer
from contor.runtime.execute import Runtime
from contor.ui.shell import OF_FILES, Guard, answered, html, said
from contor.ui.texts import Language

LONGEST = 200

_TEXTS: Mapping[Language, tuple[str, str, str]] = {
    "de": (
        "Dokument",
        "Das Dokument wird gerade erstellt; bitte in einer Minute noch einmal versuchen.",
        "Dieser Link führt zu keinem Dokument, oder er gilt nicht mehr. Wer ihn geschickt hat, kann einen neuen schicken.",
    ),
    "en": (
        "Document",
        "The document is being made; try again in a minute.",
        "This link leads to no document, or it holds no more. Who sent it can send a new one.",
    ),
}
_NOT_NOW: Mapping[Language, str] = {
    "de": "Gerade geht das nicht; bitte später noch einmal.",
    "en": "Not just now; try again later.",
}


def paper_routes(runtime: Runtime, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language) -> _Page:
        return _Page(runtime, language)

    async def show(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.shown(request.query_params.get("token", "")))

    return [Route(PATH, show, methods=["GET"])]


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language = runtime, language

    def shown(self, token: str) -> Response:
        """The file. Raises UNAUTHENTICATED where the link is none, NOT_READY while it is being made."""
        file = _file(self.runtime, token[:LONGEST])
        named = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name)}"}  # RFC 6266
        return Response(file.content, 200, {**OF_FILES, **named}, file.media_type)

    def refused(self, refused: Refused) -> Response:
        title, making, gone = _TEXTS[self.language]
        if refused.kind is Kind.NOT_READY:
            answer = html(self.language, title, said(making), 503)
            answer.headers["Retry-After"] = "60"
            return answer
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return html(self.language, title, said(gone), 404)
        return html(self.language, title, said(_NOT_NOW[self.language]), 429 if refused.kind is Kind.TOO_MANY else 503)


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

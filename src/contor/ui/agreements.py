"""The pages behind links of contracts: add-ons, cancellation, continuation. Looking changes nothing; a button does, once pressed.

In German or English, as the browser asks. No cookie and no script: the link is the only key, and it holds for a few days.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from html import escape
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from contor.contracts.linked import (
    PATH,
    Agreement,
    AgreementOf,
    ChooseOptions,
    Opened,
    TakeUp,
    choose_options,
    get_agreement,
    give_notice,
    holder,
    opened,
    take_up,
)
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import Runtime, validated
from contor.ui.agreement_texts import AGREEMENT_TEXTS
from contor.ui.texts import Language, wanted_language

Read = Callable[[Request, int, float], Awaitable[bytes]]
"""How a body is read: the request, the most bytes, the most seconds. Raises `Refused`."""
Guard = Callable[[Request], AbstractContextManager[None]]
"""How often who asks may ask, and try links that do not work. Raises `Refused` (TOO_MANY)."""
LIMIT = 16_384
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f5f5f3; color: #1c1c1a; }}
main {{ max-width: 30rem; margin: 10vh auto; padding: 2rem; background: #fff; border: 1px solid #dcdcd6; border-radius: 8px; }}
h1 {{ font-size: 1.3rem; margin: 0 0 1rem; }}
label {{ display: block; margin: .8rem 0 .3rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .7rem; border: 1px solid #8a8a82; border-radius: 5px; }}
button {{ margin-top: 1rem; background: #14532d; border-color: #14532d; color: #fff; cursor: pointer; }}
p.said {{ padding: .6rem .8rem; background: #fdf3d8; border-radius: 5px; }}
</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"""
_FORM = """<form method="post" action="{path}"><input type="hidden" name="token" value="{token}">
{fields}<button type="submit">{button}</button></form>"""
_QUANTITY = """<label for="{name}">{label}</label>
<input id="{name}" name="{name}" type="number" min="0" max="1000000" step="any" value="{value}">
"""


def agreement_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    async def answered(request: Request, what: Callable[["_Page"], Response]) -> Response:
        page = _Page(runtime, wanted_language(request.headers.get("accept-language", "")))
        try:
            with guard(request):
                return await to_thread.run_sync(what, page)
        except Refused as refused:
            return page.refused(refused)

    async def show(request: Request) -> Response:
        return await answered(request, lambda page: page.shown(request.query_params.get("token", "")))

    async def submit(request: Request) -> Response:
        try:
            raw = await read(request, LIMIT, runtime.config.read_seconds)
        except Refused as refused:
            return _Page(runtime, wanted_language(request.headers.get("accept-language", ""))).refused(refused)
        form = dict(parse_qsl(raw.decode("utf-8", "replace")))
        return await answered(request, lambda page: page.submitted(form))

    return [Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language, self.texts = runtime, language, AGREEMENT_TEXTS[language]

    def shown(self, token: str) -> Response:
        """What the link is for, and its button. Raises UNAUTHENTICATED where the link is none."""
        link, caller = self._opened(token)
        agreement = self.runtime.execute(get_agreement, AgreementOf(contract_id=link.contract_id), caller)
        return self.html(self._title(link), self._form(link, token, agreement))

    def submitted(self, form: Mapping[str, str]) -> Response:
        """It is done, or why not."""
        link, caller = self._opened(form.get("token", ""))
        try:
            return self.html(self._title(link), f"<p>{escape(self._done(link, caller, form))}</p>")
        except Refused as refused:
            reasons = "<br>".join(escape(problem.message) for problem in refused.problems[:10])
            return self.html(self._title(link), f'<p class="said">{escape(self.texts.refused)}<br>{reasons}</p>', 400)

    def refused(self, refused: Refused) -> Response:
        """Without a contract to speak of."""
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return self.html(self.texts.options_title, _said(self.texts.gone), 404)
        status = {Kind.TOO_LARGE: 413, Kind.TOO_MANY: 429}.get(refused.kind, 503)
        return self.html(self.texts.options_title, _said(self.texts.too_large if status == 413 else self.texts.not_now), status)

    def html(self, title: str, content: str, status: int = 200) -> Response:
        return HTMLResponse(_PAGE.format(language=self.language, title=escape(title), content=content), status, _HEADERS)

    def _opened(self, token: str) -> tuple[Opened, Caller]:
        link = opened(self.runtime.secrets, token[:500], self.runtime.clock())
        return link, holder(link.tenant_id, self.runtime.new_uuid().hex)

    def _title(self, link: Opened) -> str:
        titles = (self.texts.options_title, self.texts.terminate_title, self.texts.reactivate_title)
        return dict(zip(("options", "terminate", "reactivate"), titles, strict=True))[link.action]

    def _form(self, link: Opened, token: str, agreement: Agreement) -> str:
        texts, fields = self.texts, ""
        if link.action == "options":
            if not agreement.choices:
                return _said(texts.no_options)
            intro, button = texts.options_intro.format(name=agreement.name), texts.options_button
            fields = "".join(
                _QUANTITY.format(
                    name=escape(f"option.{one.option_ident}", quote=True),
                    label=escape(texts.quantity.format(name=one.name)),
                    value=f"{one.quantity.normalize():f}",
                )
                for one in agreement.choices
            )
        elif link.action == "terminate":
            day = agreement.would_end_on.strftime(texts.day)
            intro, button = texts.terminate_intro.format(name=agreement.name, day=day), texts.terminate_button
        else:
            intro, button = texts.reactivate_intro.format(name=agreement.name), texts.reactivate_button
        form = _FORM.format(path=PATH, token=escape(token[:500], quote=True), fields=fields, button=escape(button))
        return f"<p>{escape(intro)}</p>{form}"

    def _done(self, link: Opened, caller: Caller, form: Mapping[str, str]) -> str:
        execute = self.runtime.execute
        if link.action == "terminate":
            ended = execute(give_notice, AgreementOf(contract_id=link.contract_id), caller)
            return self.texts.terminate_done.format(day=ended.strftime(self.texts.day))
        if link.action == "reactivate":
            execute(take_up, TakeUp(contract_id=link.contract_id), caller)
            return self.texts.reactivate_done
        quantities = [
            {"option_ident": name.removeprefix("option."), "quantity": value or "0"}
            for name, value in form.items()
            if name.startswith("option.")
        ]
        command = validated(ChooseOptions, {"contract_id": link.contract_id, "quantities": quantities})
        execute(choose_options, command, caller)
        return self.texts.options_done


def _said(text: str) -> str:
    return f'<p class="said">{escape(text)}</p>'

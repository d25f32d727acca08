"""What the pages that are reached by a link share: their form, their headers, and how one is asked for. No cookie, no script."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from html import escape
from typing import Final, Protocol, TypeVar
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from contor.kernel.errors import Refused
from contor.ui.texts import Language, wanted_language

Read = Callable[[Request, int, float], Awaitable[bytes]]
"""How a body is read: the request, the most bytes, the most seconds. Raises `Refused`."""
Guard = Callable[[Request], AbstractContextManager[None]]
"""How often who asks may ask, and try links that do not work. Raises `Refused` (TOO_MANY)."""
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}
OF_FILES: Final[Mapping[str, str]] = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
"""What somebody uploaded must not act in the name of this host."""
_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{tab}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f5f5f3; color: #1c1c1a; }}
body {{ overflow-wrap: break-word; hyphens: auto; }}
main {{ max-width: {width}rem; margin: 10vh auto; padding: 2rem; background: #fff; border: 1px solid #dcdcd6; border-radius: 8px; }}
h1 {{ font-size: 1.3rem; margin: 0 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #dcdcd6; }}
td.fact {{ white-space: nowrap; font-variant-numeric: tabular-nums; }}
@media (max-width: 40rem) {{
main {{ margin: 0; padding: 1rem; border: 0; border-radius: 0; }}
table:not(.costs) thead {{ display: none; }}
table:not(.costs) tr {{ display: block; padding: .6rem 0; border-bottom: 1px solid #dcdcd6; }}
table:not(.costs) td {{ display: inline-block; padding: 0 .8rem 0 0; border: 0; }}
}}
label {{ display: block; margin: .8rem 0 .3rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .7rem; border: 1px solid #8a8a82; border-radius: 5px; }}
button {{ margin-top: 1rem; background: #14532d; border-color: #14532d; color: #fff; cursor: pointer; }}
input.tick {{ width: auto; }}
label.tick {{ display: inline; }}
h2 {{ font-size: 1.1rem; margin: 1.2rem 0 .4rem; }}
fieldset {{ border: 1px solid #dcdcd6; border-radius: 5px; margin: 1rem 0 0; padding: .2rem .8rem .8rem; }}
canvas {{ border: 1px solid #8a8a82; border-radius: 5px; width: 100%; height: 10rem; touch-action: none; }}
button.quiet {{ background: #fff; color: #14532d; }}
.price {{ margin: 0 0 .3rem; color: #55554e; font-size: .9rem; }}
.costs {{ margin: 1.2rem 0; }}
.costs th, .costs td {{ padding: .4rem 0; overflow-wrap: anywhere; }}
.costs .sum {{ padding-left: .8rem; overflow-wrap: normal; }}
.costs caption {{ text-align: left; font-weight: 600; padding: .3rem 0; }}
.costs .sum {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; vertical-align: top; }}
.costs .words {{ white-space: normal; width: 60%; }}
.costs tfoot th {{ font-weight: 400; }}
.costs .total > * {{ font-weight: 600; }}
p.said {{ padding: .6rem .8rem; background: #fdf3d8; border-radius: 5px; }}
</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"""
_FORM = """<form method="post" action="{path}"><input type="hidden" name="token" value="{token}">
{fields}<button type="submit"{kind}>{button}</button></form>"""
LIMIT: Final = 16_384
"""Bytes of a form."""
NARROW, WIDE = 30, 46
"""How wide a page is, in rem."""


class Refusing(Protocol):
    """A page that says what cannot be done."""

    def refused(self, refused: Refused) -> Response: ...


def html(language: Language, title: str, content: str, status: int = 200, *, width: int = NARROW, tab: str = "") -> HTMLResponse:
    """A page. `content` is HTML, the texts are not."""
    page = _PAGE.format(language=language, tab=escape(tab or title), title=escape(title), content=content, width=width)
    return HTMLResponse(page, status, HEADERS)


def said(text: str) -> str:
    """A sentence that stands out."""
    return f'<p class="said">{escape(text)}</p>'


def form(path: str, token: str, fields: str, button: str, *, quiet: bool = False) -> str:
    """A form that sends the link's token back; `fields` is HTML. `quiet`: its button is the lesser one of the page."""
    kind = ' class="quiet"' if quiet else ""
    return _FORM.format(path=path, token=escape(token[:500], quote=True), fields=fields, button=escape(button), kind=kind)


P = TypeVar("P", bound=Refusing)


async def answered(request: Request, guard: Guard, page: Callable[[Language], P], what: Callable[[P], Response]) -> Response:
    """What the page answers, in the language that the browser wants; or why not."""
    made = page(wanted_language(request.headers.get("accept-language", "")))
    try:
        with guard(request):
            return await to_thread.run_sync(what, made)
    except Refused as refused:
        return made.refused(refused)


async def submitted(
    request: Request,
    guard: Guard,
    read: Read,
    seconds: float,
    page: Callable[[Language], P],
    what: Callable[[P, Mapping[str, str]], Response],
) -> Response:
    """As `answered`, of a form that was sent."""
    return await submitted_up_to(LIMIT, request, guard, read, seconds, page, what)


async def submitted_up_to(
    most: int,
    request: Request,
    guard: Guard,
    read: Read,
    seconds: float,
    page: Callable[[Language], P],
    what: Callable[[P, Mapping[str, str]], Response],
) -> Response:
    """As `submitted`, of a form of so many bytes."""
    try:
        raw = await read(request, most, seconds)
    except Refused as refused:
        return page(wanted_language(request.headers.get("accept-language", ""))).refused(refused)
    given = dict(parse_qsl(raw.decode("utf-8", "replace")))
    return await answered(request, guard, page, lambda made: what(made, given))

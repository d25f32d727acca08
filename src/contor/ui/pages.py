"""The page by which an invited user sets the password, behind a one-time link."""

from html import escape
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from contor.kernel.context import Caller
from contor.kernel.errors import Refused
from contor.organizations.access import PASSWORD_MINIMUM, SetPassword, set_password
from contor.runtime.execute import Runtime

PATH = "/account/password"
LIMIT = 8_192
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Contor: set your password</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 0; background: #f5f5f3; color: #1c1c1a; }}
main {{ max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #dcdcd6; border-radius: 8px; }}
h1 {{ font-size: 1.3rem; margin: 0 0 1rem; }}
label {{ display: block; margin-bottom: .3rem; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .7rem; border: 1px solid #8a8a82; border-radius: 5px; }}
button {{ margin-top: 1rem; background: #14532d; border-color: #14532d; color: #fff; cursor: pointer; }}
p.said {{ padding: .6rem .8rem; background: #fdf3d8; border-radius: 5px; }}
</style></head><body><main><h1>{title}</h1>{content}</main></body></html>"""
_FORM = """{said}<form method="post" action="{path}"><input type="hidden" name="token" value="{token}">
<label for="password">New password, {least} characters or more</label>
<input id="password" name="password" type="password" minlength="{least}" maxlength="1024" autocomplete="new-password" required autofocus>
<button type="submit">Set password</button></form>"""


def page_routes(runtime: Runtime) -> list[Route]:
    """The pages, to be served beside the dialects."""

    async def show(request: Request) -> Response:
        return _form(request.query_params.get("token", ""), "")

    async def submit(request: Request) -> Response:
        raw = b""
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > LIMIT:
                return _html("That was too much", "<p>The form is too large.</p>", 413)
        form = dict(parse_qsl(raw.decode("utf-8", "replace")))
        return await to_thread.run_sync(_set, runtime, form.get("token", ""), form.get("password", ""))

    return [Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


def _set(runtime: Runtime, token: str, password: str) -> Response:
    caller = Caller("link", runtime.new_uuid().hex)
    try:
        runtime.execute(set_password, SetPassword(token=token, password=password), caller)
    except Refused as refused:
        return _form(token, refused.problems[0].message, 400)
    return _html("Your password is set", "<p>You can sign in with it now. This link is used up.</p>")


def _form(token: str, said: str, status: int = 200) -> Response:
    shown = f'<p class="said">{escape(said)}</p>' if said else ""
    content = _FORM.format(said=shown, path=PATH, token=escape(token[:200], quote=True), least=PASSWORD_MINIMUM)
    return _html("Set your password", content, status)


def _html(title: str, content: str, status: int = 200) -> Response:
    return HTMLResponse(_PAGE.format(title=escape(title), content=content), status, _HEADERS)

"""The page behind a one-time link: who is invited joins, a member sets the password. In German or English, as the browser asks."""

from html import escape
from urllib.parse import parse_qsl

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Refused
from contor.organizations.access import (
    LINK_PATH,
    PASSWORD_MAXIMUM,
    PASSWORD_MINIMUM,
    LinkView,
    ReadLink,
    UseLink,
    read_link,
    use_link,
)
from contor.runtime.execute import Runtime, validated
from contor.ui.shell import LIMIT, Read, form, html, said
from contor.ui.texts import TEXTS, Language, wanted_language

PATH = LINK_PATH
_NAME = """<label for="{name}">{label}</label>
<input id="{name}" name="{name}" maxlength="255" autocomplete="{fills}" value="{value}">
"""
_PASSWORD = """<label for="password">{label}</label>
<input id="password" name="password" type="password" minlength="{least}" maxlength="1024" autocomplete="new-password" required autofocus>
"""


def page_routes(runtime: Runtime, read: Read) -> list[Route]:
    """The pages, to be served beside the dialects."""

    async def show(request: Request) -> Response:
        page = _Page(runtime, wanted_language(request.headers.get("accept-language", "")))
        return await to_thread.run_sync(page.form, request.query_params.get("token", ""))

    async def submit(request: Request) -> Response:
        page = _Page(runtime, wanted_language(request.headers.get("accept-language", "")))
        try:
            raw = await read(request, LIMIT, runtime.config.read_seconds)
        except Refused as refused:
            status = 413 if refused.kind is Kind.TOO_LARGE else 408
            return page.html(page.texts.too_much, f"<p>{escape(page.texts.too_large)}</p>", status)
        return await to_thread.run_sync(page.submitted, dict(parse_qsl(raw.decode("utf-8", "replace"))))

    return [Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language, self.texts = runtime, language, TEXTS[language]

    def form(self, token: str, note: str = "", status: int = 200) -> Response:
        """What the link asks for, or that it does not work."""
        try:
            link = self._read(token)
        except Refused as refused:
            return self._refused(refused, 404)
        title = self.texts.set_title if link.organization is None else self.texts.join_title
        intro = "" if link.organization is None else f"<p>{escape(self.texts.invited.format(organization=link.organization))}</p>"
        button = self.texts.set_button if link.organization is None else self.texts.join_button
        content = intro + (said(note) if note else "") + form(PATH, token, self._fields(link), button)
        return self.html(title, content, status)

    def submitted(self, given: dict[str, str]) -> Response:
        """The link is used, or the form comes again with what is wrong."""
        token = given.get("token", "")
        caller = Caller("link", self.runtime.new_uuid().hex)
        try:
            link = self._read(token)
            fields = {name: given[name] for name in ("password", "first_name", "last_name") if given.get(name)}
            self.runtime.execute(use_link, validated(UseLink, {"token": token, **fields}), caller)
        except Refused as refused:
            problem = refused.problems[0]
            if problem.code == "password_too_short":
                return self.form(token, self.texts.password_too_short.format(least=PASSWORD_MINIMUM), 400)
            if problem.code == "password_too_long":
                return self.form(token, self.texts.password_too_long.format(most=PASSWORD_MAXIMUM), 400)
            is_name = refused.kind is Kind.INVALID and problem.field in ("first_name", "last_name")
            return self.form(token, self.texts.name_unfit, 400) if is_name else self._refused(refused, 400)
        title = self.texts.password_set if link.organization is None else self.texts.joined
        return self.html(title, f"<p>{escape(self.texts.sign_in)}</p>" if link.wants_password else "")

    def html(self, title: str, content: str, status: int = 200) -> Response:
        return html(self.language, title, content, status, tab=self.texts.title)

    def _read(self, token: str) -> LinkView:
        return self.runtime.execute(read_link, ReadLink(token=token), Caller("link", self.runtime.new_uuid().hex))

    def _fields(self, link: LinkView) -> str:
        if not link.wants_password:
            return ""
        names = (
            ("first_name", self.texts.first_name, "given-name", link.first_name),
            ("last_name", self.texts.last_name, "family-name", link.last_name),
        )
        shown = "".join(
            _NAME.format(name=name, label=escape(label), fills=fills, value=escape(value, quote=True))
            for name, label, fills, value in names
            if link.organization is not None
        )
        return shown + _PASSWORD.format(label=escape(self.texts.password.format(least=PASSWORD_MINIMUM)), least=PASSWORD_MINIMUM)

    def _refused(self, refused: Refused, status: int) -> Response:
        """The link does not work; or something else does not, for a while, and the link is none the worse for it."""
        if refused.problems[0].code == "link_invalid":
            return self._said(self.texts.link_invalid, status)
        return self._said(self.texts.not_now, 503)

    def _said(self, text: str, status: int) -> Response:
        return self.html(self.texts.set_title, said(text), status)

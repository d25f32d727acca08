"""The pages behind links of contracts: add-ons, cancellation, continuation. Looking changes nothing; a button does, once pressed.

In German or English, as the browser asks. No cookie and no script: the link is the only key, and it holds for a few days.
"""

from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contor.contracts.linked import (
    PATH,
    Agreement,
    AgreementOf,
    ChooseOptions,
    TakeUp,
    choose_options,
    get_agreement,
    give_notice,
    holder,
    opened,
    take_up,
)
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import Runtime, validated
from contor.runtime.secrets import Linked
from contor.ui.agreement_texts import AGREEMENT_TEXTS
from contor.ui.shell import Guard, Read, answered, form, html, said, submitted
from contor.ui.texts import Language

_QUANTITY = """<label for="{name}">{label}</label>
<input id="{name}" name="{name}" type="number" min="0" max="1000000" step="any" value="{value}">
"""


def agreement_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language) -> _Page:
        return _Page(runtime, language)

    async def show(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.shown(request.query_params.get("token", "")))

    async def submit(request: Request) -> Response:
        return await submitted(request, guard, read, runtime.config.read_seconds, page, _Page.submitted)

    return [Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language, self.texts = runtime, language, AGREEMENT_TEXTS[language]

    def shown(self, token: str) -> Response:
        """What the link is for, and its button. Raises UNAUTHENTICATED where the link is none."""
        link, caller = self._opened(token)
        agreement = self.runtime.execute(get_agreement, AgreementOf(contract_id=link.number), caller)
        return self.html(self._title(link), self._form(link, token, agreement))

    def submitted(self, given: Mapping[str, str]) -> Response:
        """It is done, or why not."""
        link, caller = self._opened(given.get("token", ""))
        try:
            return self.html(self._title(link), f"<p>{escape(self._done(link, caller, given))}</p>")
        except Refused as refused:
            reasons = "<br>".join(dict.fromkeys(escape(self._reason(problem)) for problem in refused.problems[:10]))
            return self.html(self._title(link), f'<p class="said">{escape(self.texts.refused)}<br>{reasons}</p>', 400)

    def refused(self, refused: Refused) -> Response:
        """Without a contract to speak of."""
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return self.html(self.texts.options_title, said(self.texts.gone), 404)
        status = {Kind.TOO_LARGE: 413, Kind.TOO_MANY: 429}.get(refused.kind, 503)
        return self.html(self.texts.options_title, said(self.texts.too_large if status == 413 else self.texts.not_now), status)

    def html(self, title: str, content: str, status: int = 200) -> Response:
        return html(self.language, title, content, status)

    def _opened(self, token: str) -> tuple[Linked, Caller]:
        link = opened(self.runtime.secrets, token[:500], self.runtime.clock())
        return link, holder(link.tenant_id, self.runtime.new_uuid().hex)

    def _title(self, link: Linked) -> str:
        titles = (self.texts.options_title, self.texts.terminate_title, self.texts.reactivate_title)
        return dict(zip(("options", "terminate", "reactivate"), titles, strict=True))[link.kind]

    def _reason(self, problem: Problem) -> str:
        """In the page's language, as far as it has words for it."""
        if problem.field is not None and problem.field.endswith("quantity") and problem.code not in self.texts.reasons:
            return self.texts.quantity_unfit
        return self.texts.reasons.get(problem.code, problem.message)

    def _form(self, link: Linked, token: str, agreement: Agreement) -> str:
        texts, fields = self.texts, ""
        if link.kind == "options":
            if not agreement.choices:
                return said(texts.no_options)
            intro, button = texts.options_intro.format(name=agreement.name), texts.options_button
            fields = "".join(
                _QUANTITY.format(
                    name=escape(f"option.{one.option_ident}", quote=True),
                    label=escape(texts.quantity.format(name=one.name)),
                    value=f"{one.quantity.normalize():f}",
                )
                for one in agreement.choices
            )
        elif link.kind == "terminate":
            day = agreement.would_end_on.strftime(texts.day)
            intro, button = texts.terminate_intro.format(name=agreement.name, day=day), texts.terminate_button
        else:
            intro, button = texts.reactivate_intro.format(name=agreement.name), texts.reactivate_button
        return f"<p>{escape(intro)}</p>{form(PATH, token, fields, button)}"

    def _done(self, link: Linked, caller: Caller, given: Mapping[str, str]) -> str:
        execute = self.runtime.execute
        if link.kind == "terminate":
            ended = execute(give_notice, AgreementOf(contract_id=link.number), caller)
            return self.texts.terminate_done.format(day=ended.strftime(self.texts.day))
        if link.kind == "reactivate":
            execute(take_up, TakeUp(contract_id=link.number), caller)
            return self.texts.reactivate_done
        quantities = [
            {"option_ident": name.removeprefix("option."), "quantity": value or "0"}
            for name, value in given.items()
            if name.startswith("option.")
        ]
        command = validated(ChooseOptions, {"contract_id": link.number, "quantities": quantities})
        execute(choose_options, command, caller)
        return self.texts.options_done

"""The pages behind links of contracts: add-ons, cancellation, continuation. Looking changes nothing; a button does, once pressed. What
costs something says what, and the button does that or nothing: where the costs are others by now they are shown again.

In German or English, as the browser asks. No cookie and no script: the link is the only key, and it holds for a few days.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contor.billing.outlook import ContractChange, ContractPreview, PreviewBody, PreviewContract, preview_contract
from contor.contracts.life import Reactivation
from contor.contracts.linked import (
    PATH,
    Agreement,
    AgreementOf,
    Choice,
    ChooseOptions,
    TakeUp,
    changed_choices,
    choose_options,
    get_agreement,
    give_notice,
    holder,
    opened,
    take_up,
)
from contor.contracts.terms import ChangeBody, OptionQuantity
from contor.documents.render import voice_of
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import replace
from contor.runtime.execute import Runtime, validated
from contor.runtime.secrets import Linked
from contor.ui.agreement_costs import DOCUMENTS, costs_of, in_words, is_known, mark_of
from contor.ui.agreement_texts import AGREEMENT_TEXTS
from contor.ui.shell import Guard, Read, answered, form, html, said, submitted
from contor.ui.texts import Language

OPTION = "option."
NOTHING: Mapping[str, str] = {}
_QUANTITY = """<label for="{name}">{label}</label><p class="price" id="price.{name}">{price}</p>
<input id="{name}" name="{name}" type="number" min="0" max="1000000" step="{step}" inputmode="{keys}" value="{value}" required
 aria-describedby="price.{name}">
"""
_HIDDEN = '<input type="hidden" name="{name}" value="{value}">'


def agreement_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language) -> _Page:
        return _Page(runtime, language)

    async def show(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.shown(request.query_params.get("token", "")))

    async def submit(request: Request) -> Response:
        return await submitted(request, guard, read, runtime.config.read_seconds, page, _Page.submitted)

    return [Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


class _Visit(NamedTuple):
    """Who has come, by which link, to what."""

    link: Linked
    token: str
    caller: Caller
    agreement: Agreement


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language, self.texts = runtime, language, AGREEMENT_TEXTS[language]
        self.voice = voice_of(language)

    def shown(self, token: str) -> Response:
        """What the link is for, and its button. Raises UNAUTHENTICATED where the link is none."""
        visit = self._visit(token)
        if visit.link.kind == "options":
            return self._choosing(visit)
        if visit.link.kind == "reactivate":
            return self._answered(visit, lambda: self._review(visit, self._taking_up(visit)))
        day, texts = self.voice.date(visit.agreement.would_end_on), self.texts
        intro = texts.terminate_intro.format(name=visit.agreement.name, day=day)
        return self._html(visit, f"<p>{escape(intro)}</p>{form(PATH, visit.token, '', texts.terminate_button)}")

    def submitted(self, given: Mapping[str, str]) -> Response:
        """It is done, or what it costs, or why not."""
        visit = self._visit(given.get("token", ""))
        does = {"options": self._chosen, "terminate": self._ended, "reactivate": self._taken_up}[visit.link.kind]
        return self._answered(visit, lambda: does(visit, given), given)

    def refused(self, refused: Refused) -> Response:
        """Without a contract to speak of."""
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return self.html(self.texts.options_title, said(self.texts.gone), 404)
        status = {Kind.TOO_LARGE: 413, Kind.TOO_MANY: 429}.get(refused.kind, 503)
        return self.html(self.texts.options_title, said(self.texts.too_large if status == 413 else self.texts.not_now), status)

    def html(self, title: str, content: str, status: int = 200) -> Response:
        return html(self.language, title, content, status)

    def _visit(self, token: str) -> _Visit:
        link = opened(self.runtime.secrets, token[:500], self.runtime.clock())
        caller = holder(link.tenant_id, self.runtime.new_uuid().hex)
        return _Visit(link, token, caller, self.runtime.execute(get_agreement, AgreementOf(contract_id=link.number), caller))

    def _html(self, visit: _Visit, content: str, status: int = 200) -> Response:
        titles = (self.texts.options_title, self.texts.terminate_title, self.texts.reactivate_title)
        return self.html(dict(zip(("options", "terminate", "reactivate"), titles, strict=True))[visit.link.kind], content, status)

    def _answered(self, visit: _Visit, what: Callable[[], Response], given: Mapping[str, str] = NOTHING) -> Response:
        """Or the reasons why not; of quantities with the form, to be mended."""
        try:
            return what()
        except Refused as refused:
            reasons = "<br>".join(dict.fromkeys(escape(self._reason(visit, problem)) for problem in refused.problems[:10]))
            note = f'<p class="said" role="alert">{escape(self.texts.refused)}<br>{reasons}</p>'
            return self._choosing(visit, given, note, 400) if visit.link.kind == "options" else self._html(visit, note, 400)

    def _reason(self, visit: _Visit, problem: Problem) -> str:
        """In the page's language, as far as it has words for it."""
        if problem.field is not None and problem.field.endswith("quantity") and problem.code not in self.texts.reasons:
            return self.texts.quantity_unfit
        names = {one.option_ident: one.name for one in visit.agreement.choices}
        return self.texts.reasons.get(problem.code, problem.message).format(name=names.get(str(problem.rejected_value), ""))

    # add-ons

    def _choosing(self, visit: _Visit, given: Mapping[str, str] = NOTHING, note: str = "", status: int = 200) -> Response:
        """The quantities, each with its price, and the way to what they cost."""
        texts, agreement = self.texts, visit.agreement
        if not agreement.choices:
            return self._html(visit, said(texts.no_options), status)
        fields = "".join(self._field(agreement, one, given) for one in agreement.choices)
        intro = f"<p>{escape(texts.options_intro.format(name=agreement.name))}</p>"
        return self._html(visit, f"{note}{intro}{form(PATH, visit.token, fields, texts.review_button)}", status)

    def _field(self, agreement: Agreement, one: Choice, given: Mapping[str, str]) -> str:
        name, texts = f"{OPTION}{one.option_ident}", self.texts
        price = texts.by_quantity
        if one.unit_price is not None:
            tax = texts.inclusive if one.includes_tax else texts.net
            money = self.voice.money(one.unit_price, agreement.currency)
            price = texts.each.format(price=money, tax=tax, interval=in_words(agreement.interval, texts))
        whole = one.in_pieces and one.quantity == one.quantity.to_integral_value()
        return _QUANTITY.format(
            name=escape(name, quote=True),
            label=escape(texts.quantity.format(name=one.name)),
            price=escape(price),
            step="1" if whole else "any",
            keys="numeric" if whole else "decimal",
            value=escape(given.get(name, f"{one.quantity.normalize():f}")[:32], quote=True),
        )

    def _chosen(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        """What they cost; what was seen to cost that is done, once."""
        texts, agreement = self.texts, visit.agreement
        named = [(name.removeprefix(OPTION), value) for name, value in given.items() if name.startswith(OPTION)]
        if "back" in given:
            return self._choosing(visit, given)
        quantities = [{"option_ident": ident, "quantity": value} for ident, value in named]
        command = validated(ChooseOptions, {"contract_id": visit.link.number, "quantities": quantities})
        wanted, seen = changed_choices(agreement.choices, command.quantities), given.get("seen", "")
        if not wanted:  # a second press finds what the first one did
            return self._done(visit, texts.options_done) if seen else self._choosing(visit, given, said(texts.unchanged))
        had = tuple(OptionQuantity(option_ident=one.option_ident, quantity=one.quantity) for one in agreement.choices)
        costs = self._costs(visit, ContractChange(change=ChangeBody(option_quantities=wanted)))
        review = _Review(
            costs, mark_of(costs, had, command.quantities), texts.review_intro, texts.options_button, tuple(named), wanted
        )
        if seen != review.mark or not is_known(review.costs):
            return self._review(visit, review, seen)
        try:
            self.runtime.execute(choose_options, replace(command, seen=had), visit.caller)
        except Refused as refused:
            if refused.problems[0].code != "contract_changed_meanwhile":
                raise
            return self._chosen(self._visit(visit.token), given)
        return self._done(visit, texts.options_done)

    # cancellation, continuation

    def _ended(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        ended = self.runtime.execute(give_notice, AgreementOf(contract_id=visit.link.number), visit.caller)
        return self._done(visit, self.texts.terminate_done.format(day=self.voice.date(ended)))

    def _taking_up(self, visit: _Visit) -> "_Review":
        change = ContractChange(reactivate=Reactivation()) if visit.agreement.is_over else ContractChange(withdraw_termination=True)
        costs = self._costs(visit, change)
        intro = self.texts.reactivate_intro.format(name=visit.agreement.name)
        return _Review(costs, mark_of(costs, (), ()), intro, self.texts.reactivate_button)

    def _taken_up(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        review, seen = self._taking_up(visit), given.get("seen", "")
        if seen != review.mark or not is_known(review.costs):
            return self._review(visit, review, seen)
        self.runtime.execute(take_up, TakeUp(contract_id=visit.link.number), visit.caller)
        return self._done(visit, self.texts.reactivate_done)

    # what both cost

    def _costs(self, visit: _Visit, change: ContractChange) -> ContractPreview:
        body = PreviewBody(change=change, n=DOCUMENTS)
        command = PreviewContract(contract_ident=visit.agreement.contract_ident, body=body)
        return self.runtime.execute(preview_contract, command, visit.caller)

    def _review(self, visit: _Visit, review: "_Review", seen: str = "") -> Response:
        """What it costs, and behind it the button that does it."""
        texts, agreement, number = self.texts, visit.agreement, self.voice.number
        note = said(texts.stale) if seen else ""
        intro = f"{note}<p>{escape(review.intro)}</p>"
        if not is_known(review.costs):
            return self._html(visit, intro + said(texts.no_price))
        of = {one.option_ident: one for one in agreement.choices}
        changes = [
            texts.from_to.format(name=of[ident].name, old=number(of[ident].quantity), new=number(quantity))
            for ident, quantity in ((one.option_ident, one.quantity) for one in review.changed)
        ]
        listed = f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in changes)}</ul>" if changes else ""
        costs = costs_of(review.costs, agreement.interval, self.voice, texts)
        kept = "".join(_hidden(f"{OPTION}{ident}", value) for ident, value in review.named)
        does = form(PATH, visit.token, kept + _hidden("seen", review.mark), review.button)
        again = form(PATH, visit.token, kept + _hidden("back", "1"), texts.back, quiet=True) if changes else ""
        return self._html(visit, f"{intro}{listed}{costs}{does}{again}", 409 if seen else 200)

    def _done(self, visit: _Visit, text: str) -> Response:
        return self._html(visit, f'<p role="status">{escape(text)}</p>')


def _hidden(name: str, value: str) -> str:
    return _HIDDEN.format(name=escape(name, quote=True), value=escape(value[:100], quote=True))


class _Review(NamedTuple):
    """A change with what it costs."""

    costs: ContractPreview
    mark: str
    intro: str
    button: str
    named: Sequence[tuple[str, str]] = ()
    """The quantities as they were sent."""
    changed: Sequence[OptionQuantity] = ()

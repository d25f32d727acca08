"""The page of an offer: its recipient reads what stands there, accepts it by one button, signed where that is asked for, or declines.

In German or English, as the browser asks. No cookie; one script of our own, where a signature is drawn. The link is the only key.
"""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from contor.checkout.paying import SellerOf, SellerView, get_seller
from contor.documents.render import voice_of
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Refused
from contor.offers.proposals import (
    PATH,
    AcceptProposal,
    Block,
    PublicOffer,
    RecipientOf,
    RejectProposal,
    accept_proposal,
    open_proposal,
    opened,
    reader,
    reject_proposal,
    tenant_of,
)
from contor.runtime.execute import Runtime, validated
from contor.ui.ordering.cart_form import hidden
from contor.ui.ordering.costs import lasting, offered_costs
from contor.ui.ordering.details import STEPS, DetailsForm, Signed
from contor.ui.ordering.offer_texts import OFFER_TEXTS
from contor.ui.shell import HEADERS, WIDE, Guard, Read, answered, form, html, said, submitted_up_to
from contor.ui.texts import Language

SCRIPT: Final = f"{PATH}/sign.js"
NOTHING: Final[Mapping[str, str]] = {}
LARGEST: Final = 400_000
"""Bytes of a form with a signature."""
SCRIPTED: Final = HEADERS["Content-Security-Policy"].replace("default-src 'none'", "default-src 'none'; script-src 'self'")
_NAME = (
    '<label for="name">{label}</label><input id="name" name="name" required maxlength="255" autocomplete="name" value="{value}">'
)
_SIGNATURE = (
    '<p id="signature.label">{label}</p><canvas id="canvas" width="800" height="240" role="img" aria-labelledby="signature.label"></canvas>'
    '<input type="hidden" id="signature" name="signature" value="">'
)
_REASON = '<label for="reason">{label}</label><input id="reason" name="reason" maxlength="255" autocomplete="off" value="">'


def offer_routes(runtime: Runtime, read: Read, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language, address: str = "") -> "_Page":
        return _Page(runtime, language, address)

    async def show(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.shown(request.query_params.get("token", "")))

    async def submit(request: Request) -> Response:
        address = request.client.host if request.client is not None else ""

        def of(language: Language) -> "_Page":
            return page(language, address)

        return await submitted_up_to(LARGEST, request, guard, read, runtime.config.read_seconds, of, _Page.submitted)

    async def script(request: Request) -> Response:
        content = files("contor.ui.ordering").joinpath("sign.js").read_bytes()
        return Response(content, 200, {**HEADERS, "Cache-Control": "max-age=3600"}, "text/javascript; charset=utf-8")

    return [Route(SCRIPT, script, methods=["GET"]), Route(PATH, show, methods=["GET"]), Route(PATH, submit, methods=["POST"])]


class _Visit(NamedTuple):
    """Who has come to which offer."""

    token: str
    caller: Caller
    number: int
    offer: PublicOffer


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language, address: str) -> None:
        self.runtime, self.language, self.address = runtime, language, address
        self.texts, self.voice = OFFER_TEXTS[language], voice_of(language)
        self.token, self.details = "", DetailsForm(runtime, language)

    def shown(self, token: str, note: str = "", status: int = 200, given: Mapping[str, str] = NOTHING) -> Response:
        """The offer, and what can be done with it. Raises UNAUTHENTICATED where the link is none, GONE after its last day."""
        visit = self._visit(token)
        offer = visit.offer
        content = f"{note}{self._content(offer)}{self._acting(visit, given)}"
        return self._html(self.texts.title.format(number=offer.number), content, status, is_scripted=_is_drawn(offer))

    def submitted(self, given: Mapping[str, str]) -> Response:
        """Accepted, declined, or why not."""
        visit = self._visit(given.get("token", ""))
        if given.get("step") in STEPS:
            return self._settling(visit, given)
        try:
            if given.get("step") == "reject":
                said_ = {"recipient_id": visit.number, "body": {"reason": given.get("reason", "").strip()[:255] or None}}
                self.runtime.execute(reject_proposal, validated(RejectProposal, said_), visit.caller)
            else:
                body = {
                    "name": given.get("name", "").strip()[:255] or None,
                    "sha256": given.get("sha256", ""),
                    "signature": given.get("signature") or None,
                }
                command = {"recipient_id": visit.number, "body": body, "address": self.address[:64] or None}
                self.runtime.execute(accept_proposal, validated(AcceptProposal, command), visit.caller)
        except Refused as refused:
            if refused.kind in (Kind.GONE, Kind.NOT_READY, Kind.NOT_FOUND, Kind.UNAVAILABLE):
                raise
            if refused.problems[0].code == "offer_changed_meanwhile":
                return self.shown(visit.token, said(self.texts.stale), 409)
            return self.shown(visit.token, self._reasons(refused), 400, given)
        return self.shown(visit.token)

    def refused(self, refused: Refused) -> Response:
        """Without an offer to speak of."""
        texts, title = self.texts, self.texts.title.format(number="").strip()
        if refused.kind is Kind.GONE:
            return self._html(title, said(texts.expired) + self._whom_to_ask(), 410)
        if refused.kind is Kind.NOT_READY:
            return self._html(title, said(texts.writing), 409)
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return self._html(title, said(texts.gone), 404)
        return self._html(title, said(texts.not_now), {Kind.TOO_LARGE: 413, Kind.TOO_MANY: 429}.get(refused.kind, 503))

    # helpers in calling order

    def _settling(self, visit: _Visit, given: Mapping[str, str]) -> Response:
        """Where the bill goes of what is signed already."""
        if not _waits(visit.offer) or given.get("step") == "edit":
            return self.shown(visit.token, given=given)
        who = Signed(visit.token, visit.caller, visit.number, visit.offer, self._seller(visit), self.address)
        try:
            told = self.details.answered(who, given)
        except Refused as refused:
            if refused.kind in (Kind.GONE, Kind.NOT_FOUND, Kind.UNAVAILABLE):
                raise
            return self.shown(visit.token, self.details.form.reasons(refused.problems), 400, given=given)
        if told is None:
            return self.shown(visit.token)
        return self._html(self.texts.title.format(number=visit.offer.number), *told)

    def _seller(self, visit: _Visit) -> SellerView:
        return self.runtime.execute(get_seller, SellerOf(currency=visit.offer.content.currency), visit.caller)

    def _visit(self, token: str) -> _Visit:
        self.token = token = token[:200]
        link = opened(self.runtime.secrets, token, self.runtime.clock())
        caller = reader(link.tenant_id, self.runtime.new_uuid().hex)
        return _Visit(
            token, caller, link.number, self.runtime.execute(open_proposal, RecipientOf(recipient_id=link.number), caller)
        )

    def _whom_to_ask(self) -> str:
        """Who made the link can make another one."""
        number = tenant_of(self.runtime.secrets, self.token)
        seller = self.runtime.execute(get_seller, SellerOf(currency="EUR"), reader(number, self.runtime.new_uuid().hex))
        who = ", ".join(filter(None, (seller.company, seller.address)))
        return f"<p>{escape(self.texts.whom.format(who=who))}</p>" if who else ""

    def _content(self, offer: PublicOffer) -> str:
        """What is offered, in its own words, with all prices."""
        texts, content = self.texts, offer.content
        heads = f"<p>{escape(texts.of.format(company=content.company_name, customer=content.customer_name))}</p>"
        if content.valid_until is not None:
            heads += f"<p>{escape(texts.until.format(day=self.voice.date(content.valid_until)))}</p>"
        note = texts.provisional if offer.status in ("OPEN", "AWAITING_DETAILS") else texts.was_provisional
        provisional = said(note) if content.provisional else ""
        blocks = "".join(self._block(one) for one in content.blocks)
        costs = content.costs
        following = costs.following[-1:] if costs.following else ()
        prices = offered_costs(texts.now, costs.now, content.currency, self.voice, self.language)
        prices += offered_costs(texts.following, following, content.currency, self.voice, self.language)
        lines = list[str]()
        if costs.interval is not None:
            lines.append(texts.no_term if costs.term is None else texts.term.format(term=lasting(costs.term, self.language)))
            if costs.notice_period is not None:
                lines.append(texts.notice.format(notice=lasting(costs.notice_period, self.language)))
        terms = f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in lines)}</ul>" if lines else ""
        return f"<h2>{escape(content.title)}</h2>{heads}{blocks}<h2>{escape(texts.costs)}</h2>{provisional}{terms}{prices}"

    def _block(self, one: Block) -> str:
        head = f"<h2>{escape(one.headline)}</h2>" if one.headline else ""
        text = "".join(f"<p>{escape(part)}</p>" for part in (one.text or "").split("\n\n") if part.strip())
        rows = "".join(
            f"<li>{escape(f'{self.voice.number(row.quantity)} × {row.name}')}"
            f"{f'<br><small>{escape(row.description)}</small>' if row.description else ''}</li>"
            for row in one.rows
        )
        return head + text + (f"<ul>{rows}</ul>" if rows else "")

    def _acting(self, visit: _Visit, given: Mapping[str, str]) -> str:
        """What can be done with it."""
        texts, offer = self.texts, visit.offer
        if offer.acceptance is not None:
            day = self.voice.date(offer.acceptance.accepted_at.date())
            signed = f'<p role="status">{escape(texts.signed.format(name=offer.acceptance.name, day=day))}</p>'
            return signed + (self.details.asked(visit.token, offer, self._seller(visit), given) if _waits(offer) else "")
        if offer.status == "REJECTED":
            return f'<p role="status">{escape(texts.rejected)}</p>'
        if offer.role != "SIGN":
            return said(texts.reads)
        fields = f"<p>{escape(texts.sign_intro)}</p>" + hidden("step", "accept") + hidden("sha256", offer.sha256)
        fields += _NAME.format(label=escape(texts.name), value=escape(given.get("name", "")[:255] or offer.name, quote=True))
        is_drawn = _is_drawn(offer)
        if is_drawn:
            fields += _SIGNATURE.format(label=escape(texts.signature))
        button = texts.orders_button if is_drawn else texts.sign_button
        refusing = hidden("step", "reject") + _REASON.format(label=escape(texts.reason))
        rejecting = form(PATH, visit.token, refusing, texts.reject_button, quiet=True)
        return f"{form(PATH, visit.token, fields, button)}<h2>{escape(texts.reject_title)}</h2>{rejecting}"

    def _reasons(self, refused: Refused) -> str:
        lines = dict.fromkeys(escape(self.texts.reasons.get(one.code, one.message)) for one in refused.problems[:10])
        return f'<p class="said" role="alert">{escape(self.texts.refused)}<br>{"<br>".join(lines)}</p>'

    def _html(self, title: str, content: str, status: int = 200, *, is_scripted: bool = False) -> HTMLResponse:
        if is_scripted:
            content += f'<script src="{SCRIPT}" defer></script>'
        made = html(self.language, title, content, status, width=WIDE)
        if is_scripted:
            made.headers["Content-Security-Policy"] = SCRIPTED
        return made


def _waits(offer: PublicOffer) -> bool:
    return offer.role == "SIGN" and offer.status == "AWAITING_DETAILS"


def _is_drawn(offer: PublicOffer) -> bool:
    can = offer.role == "SIGN" and offer.acceptance is None and offer.status == "OPEN"
    return can and offer.content.acceptance_mode == "SIGNATURE"

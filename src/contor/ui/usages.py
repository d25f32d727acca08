"""What was used behind the rows of a document, for whoever has the link, as long as it holds. No account, no script."""

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contor.billing.breakdown import PATH, Breakdown, OpenBreakdown, UsedRow, open_breakdown, opened, reader
from contor.documents.render import Voice, voice_of
from contor.documents.types import UNIT_CODES
from contor.kernel.errors import Kind, Refused
from contor.runtime.execute import Runtime
from contor.ui.shell import WIDE, Guard, answered, html, said
from contor.ui.texts import Language

LONGEST = 200


class UsageTexts(NamedTuple):
    title: str
    """{number}: of the document."""
    what: str
    when: str
    quantity: str
    all_of_it: str
    untold: str
    """What nothing tells from others."""
    left_out: str
    """{count}: groups that are not shown."""
    sum: str
    none: str
    not_now: str
    period: str
    """{first}, {last}: days."""


_TEXTS: Mapping[Language, UsageTexts] = {
    "de": UsageTexts(
        title="Nutzung zu {number}",
        what="Was",
        when="Wann",
        quantity="Menge",
        all_of_it="Zusammen",
        untold="Nutzung",
        left_out="{count} weitere Gruppen",
        sum="Betrag: {amount}",
        none="Dieser Link führt zu keiner Nutzung, oder er gilt nicht mehr. Wer ihn geschickt hat, kann einen neuen schicken.",
        not_now="Gerade geht das nicht; bitte später noch einmal.",
        period="{first} bis {last}",
    ),
    "en": UsageTexts(
        title="Usage of {number}",
        what="What",
        when="When",
        quantity="Quantity",
        all_of_it="In total",
        untold="Usage",
        left_out="{count} further groups",
        sum="Amount: {amount}",
        none="This link leads to no usage, or it holds no more. Who sent it can send a new one.",
        not_now="Not just now; try again later.",
        period="{first} to {last}",
    ),
}
_TABLE = (
    '<table class="costs"><caption>{caption}</caption><thead><tr><th scope="col">{what}</th><th scope="col">{when}</th>'
    '<th scope="col" class="sum">{quantity}</th></tr></thead><tbody>{rows}</tbody><tfoot><tr class="total"><th scope="row" colspan="2">'
    '{all_of_it}</th><td class="sum">{total}</td></tr></tfoot></table><p>{sum}</p>'
)
_ROW = '<tr><th scope="row">{name}</th><td>{when}</td><td class="sum">{quantity}</td></tr>'


def usage_routes(runtime: Runtime, guard: Guard) -> list[Route]:
    """To be served beside the dialects."""

    def page(language: Language) -> _Page:
        return _Page(runtime, language)

    async def show(request: Request) -> Response:
        return await answered(request, guard, page, lambda made: made.shown(request.query_params.get("token", "")))

    return [Route(PATH, show, methods=["GET"])]


class _Page:
    """One answer, in one language."""

    def __init__(self, runtime: Runtime, language: Language) -> None:
        self.runtime, self.language, self.texts = runtime, language, _TEXTS[language]

    def shown(self, token: str) -> Response:
        """What was used. Raises UNAUTHENTICATED where the link is none."""
        link = opened(self.runtime.secrets, token[:LONGEST], self.runtime.clock())
        caller = reader(link.tenant_id, self.runtime.new_uuid().hex)
        found: Breakdown = self.runtime.execute(open_breakdown, OpenBreakdown(document_id=link.number), caller)
        voice = voice_of(self.language)
        content = "".join(self._table(row, found.currency, voice) for row in found.rows)
        return html(self.language, self.texts.title.format(number=found.number), content, width=WIDE)

    def refused(self, refused: Refused) -> Response:
        title = self.texts.title.format(number="").strip()
        if refused.kind in (Kind.UNAUTHENTICATED, Kind.NOT_FOUND):
            return html(self.language, self.texts.untold, said(self.texts.none), 404)
        return html(self.language, title, said(self.texts.not_now), 429 if refused.kind is Kind.TOO_MANY else 503)

    def _table(self, row: UsedRow, currency: str, voice: Voice) -> str:
        texts, unit = self.texts, UNIT_CODES.get(row.unit, row.unit)
        lines = [
            _ROW.format(
                name=escape(group.said or texts.untold),
                when=voice.date(group.first_on)
                if group.first_on == group.last_on
                else escape(texts.period.format(first=voice.date(group.first_on), last=voice.date(group.last_on))),
                quantity=escape(voice.quantity(group.quantity, unit)),
            )
            for group in row.groups
        ]
        if row.left_out:
            name = escape(texts.left_out.format(count=row.left_out))
            lines.append(_ROW.format(name=name, when="", quantity=""))
        period = texts.period.format(first=voice.date(row.period_start), last=voice.date(row.period_end))
        return _TABLE.format(
            caption=escape(f"{row.name}, {period}"),
            what=texts.what,
            when=texts.when,
            quantity=texts.quantity,
            rows="".join(lines),
            all_of_it=texts.all_of_it,
            total=escape(voice.quantity(row.quantity, unit)),
            sum=escape(texts.sum.format(amount=voice.money(row.total, currency))),
        )

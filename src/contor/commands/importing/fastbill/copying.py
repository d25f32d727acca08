"""Take an account of FastBill over, thing by thing, each in a transaction of its own with the note that it was taken: killed anywhere, it
is begun again and takes what is left. Every thing is compared with what it became, at each run."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Never

from contor.api.fastbill.invoices.get import get_invoices
from contor.api.fastbill.names import said, upper
from contor.api.fastbill.subscriptions.create import get_upcoming_amount
from contor.api.fastbill.taking import CLAIM, CUSTOMER, INVOICE, REVENUE, SUBSCRIPTION, Take, amount_of, open_of, sums_of, word
from contor.api.fastbill.taking.papers import take_file
from contor.commands.importing.fastbill.comparing import open_here
from contor.commands.importing.fastbill.kinds import KINDS, Content, Kind
from contor.commands.importing.fastbill.report import Finding, Level, Outcome, Total
from contor.commands.importing.fastbill.source import Source
from contor.kernel.context import Caller
from contor.kernel.errors import Problem, Refused
from contor.kernel.files import FileContent, is_file_name
from contor.kernel.operations import Operation
from contor.runtime.execute import Runtime
from contor.settings.queries import sites
from contor.takeovers.taking import Ask, Taken, known

Advance = Callable[[str, int], None]
"""(kind, so many more of it)."""
_ENDED: Final = frozenset({"canceled", "cancelled", "closed"})
ZERO: Final = Decimal(0)


class Copying:
    def __init__(self, runtime: Runtime, caller: Caller, source: Source, name: str, advance: Advance) -> None:
        """`name`: the account's, by which what was taken of it is known again."""
        self._runtime, self._caller, self._source, self._name, self._advance = runtime, caller, source, name, advance
        self.outcome = Outcome()
        self._customers: dict[str, tuple[str, str]] = {}
        """Name and country, by number there."""
        self._open: defaultdict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        """What is open of each customer, there and here."""
        self._sums: defaultdict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        self._upcoming: dict[str, tuple[str, str]] = {}
        self._claims: dict[str, str] = {}
        """Invoices that are open items here: their numbers there and here."""

    def run(self) -> Outcome:
        """Everything that the account has. Raises `Refused` where it cannot be read."""
        for kind in KINDS:
            self._all(kind)
        self._templates()
        self._recurring()
        self._totals()
        return self.outcome

    def execute(self, operation: Operation[Never, Any], command: object) -> Any:
        return self._runtime.execute(operation, command, self._caller)

    def _all(self, kind: Kind) -> None:
        met: set[str] = set()
        self.outcome.found[kind.title] += 0
        try:
            for rows in self._source.pages(kind.service, kind.container, kind.where):
                page = {kind.number(row): row for row in rows if kind.takes(row) and kind.number(row)}
                fresh = {number: row for number, row in page.items() if number not in met}  # pages move where something goes there
                met.update(fresh)
                self._page(kind, fresh)
        except LookupError:
            self.outcome.found.pop(kind.title)  # the two products of FastBill have different services

    def _page(self, kind: Kind, rows: Mapping[str, Content]) -> None:
        there = self.execute(known, Ask(self._name, kind.name, tuple(rows)))
        if kind.name == INVOICE:
            there |= self._claimed(tuple(rows))
        for number, content in rows.items():
            self.outcome.found[kind.title] += 1
            if kind.name == CUSTOMER:
                self._customers[number] = (kind.name_of(content), word(content, "COUNTRY_CODE"))
            target = there.get(number)
            if target is not None:
                self.outcome.known[kind.title] += 1
            elif reason := kind.left(content):
                self._note("note", kind, content, remark=reason)
            else:
                target = self._taken(kind, number, content)
            self._judge(kind, content, target)
            self._advance(kind.title, 1)

    def _taken(self, kind: Kind, number: str, content: Content) -> str | None:
        """The number here; None where it is refused."""
        file = self._file(kind, content) if kind.has_file else None
        take = Take(self._name, number, dict(content), file if isinstance(file, FileContent) else None)
        try:
            try:
                made: Taken = self.execute(kind.take, take)
            except Refused as refused:
                if take.file is None or not any((one.field or "").startswith("file") for one in refused.problems):
                    raise
                file = _told(refused.problems)
                made = self.execute(kind.take, Take(self._name, number, dict(content)))
        except Refused as refused:
            self.outcome.refused[kind.title] += 1
            self._note("refused", kind, content, remark=_told(refused.problems))
            return None
        if isinstance(file, str):
            self._note("difference", kind, content, made.target, ("DOCUMENT_URL", word(content, "DOCUMENT_URL"), ""), remark=file)
        self.outcome.taken[kind.title] += 1
        if kind.name == INVOICE:
            self._claimed((number,))
        return made.target

    def _claimed(self, numbers: tuple[str, ...]) -> dict[str, str]:
        """Those of the invoices that are open items here."""
        found: dict[str, str] = self.execute(known, Ask(self._name, CLAIM, numbers))
        self._claims.update(found)
        return found

    def _file(self, kind: Kind, content: Content) -> FileContent | str:
        """The PDF of a paper, or why there is none."""
        url = word(content, "DOCUMENT_URL")
        if not url:
            return "The account says no address of its file."
        name = f"{kind.name_of(content) or kind.number(content)}.pdf".replace("/", "-")
        return self._source.file(url, name if is_file_name(name) else f"{kind.number(content)}.pdf")

    def _judge(self, kind: Kind, content: Content, target: str | None) -> None:
        """Compare what it became; what was not taken counts in the sums there."""
        is_claim = kind.name == INVOICE and kind.number(content) in self._claims
        reading = kind._replace(service="invoice.get", get=get_invoices, name=CLAIM) if is_claim else kind
        here = self._here(reading, target) if target is not None else None
        if kind.name in (INVOICE, REVENUE):
            self._add(content, here)
        if target is None:
            return
        if here is None:
            self._note("difference", kind, content, target, remark="It was taken, and is not there any more.")
            return
        for found in kind.compare(content, here):
            self._note("difference", kind, content, target, found)
        if kind.has_file and not word(here, "DOCUMENT_URL") and self._is_old(kind, content):
            self._late_file(kind, content, target)
        if kind.name == SUBSCRIPTION and word(content, "STATUS").lower() not in _ENDED:
            self._next_amount(kind, content, target)

    def _here(self, kind: Kind, target: str) -> Content | None:
        answer = upper(
            self.execute(kind.get, {kind.by: [target] if kind.service == "invoice.get" and kind.name != INVOICE else target})
        )
        found = next((value for value in answer.values() if isinstance(value, list)), []) if isinstance(answer, dict) else []
        return found[0] if found and isinstance(found[0], Mapping) else None

    def _is_old(self, kind: Kind, content: Content) -> bool:
        """Whether nothing was said of its file in this run yet."""
        number = kind.number(content)
        return not any(
            one.number == number and one.kind == kind.name and one.field == "DOCUMENT_URL" for one in self.outcome.findings
        )

    def _late_file(self, kind: Kind, content: Content, target: str) -> None:
        file = self._file(kind, content)
        if isinstance(file, FileContent):
            try:
                self.execute(take_file, Take(self._name, kind.number(content), {}, file))
                return
            except Refused as refused:
                file = _told(refused.problems)
        self._note("difference", kind, content, target, ("DOCUMENT_URL", word(content, "DOCUMENT_URL"), ""), remark=file)

    def _add(self, content: Content, here: Content | None) -> None:
        customer = self._open[word(content, "CUSTOMER_ID")]
        customer[0] += open_of(content)
        for tag, amount in zip(("SUB_TOTAL", "VAT_TOTAL", "TOTAL"), sums_of(content), strict=True):
            self._sums[tag][0] += amount
        if here is not None:
            made = sums_of(here)
            customer[1] += open_here(here)
            for tag, amount in zip(("SUB_TOTAL", "VAT_TOTAL", "TOTAL"), made, strict=True):
                self._sums[tag][1] += amount

    def _next_amount(self, kind: Kind, content: Content, target: str) -> None:
        """What a subscription to the same would cost anew: by the prices of the articles, there and here."""
        addons = said(content, "ADDONS")
        asked: dict[str, object] = {
            "ARTICLE_NUMBER": word(content, "ARTICLE_NUMBER"),
            "QUANTITY": word(content, "QUANTITY") or "1",
            "ADDONS": [
                {"ARTICLE_NUMBER": word(one, "ARTICLE_NUMBER"), "QUANTITY": word(one, "QUANTITY")}
                for one in (addons if isinstance(addons, list) else [])
                if isinstance(one, Mapping)
            ],
        }
        if country := self._customers.get(word(content, "CUSTOMER_ID"), ("", ""))[1]:
            asked["COUNTRY_CODE"] = country
        key = repr(asked)
        if key not in self._upcoming:
            self._upcoming[key] = (self._amount_there(asked), self._amount_here(asked))
        there, here = self._upcoming[key]
        if there != here:
            self._note("difference", kind, content, target, ("UPCOMING_AMOUNT", there, here))

    def _amount_there(self, asked: Mapping[str, object]) -> str:
        try:
            answer = self._source.ask({"SERVICE": "subscription.getupcomingamount", "FILTER": asked, "DATA": asked})
        except (Refused, LookupError) as error:
            return _told(error.problems) if isinstance(error, Refused) else str(error)
        return f"{amount_of(said(answer, 'TOTAL')):.2f}"

    def _amount_here(self, asked: Mapping[str, object]) -> str:
        plain = {
            name.lower(): [{tag.lower(): inner for tag, inner in one.items()} for one in value]
            if isinstance(value, list)
            else value
            for name, value in asked.items()
        }
        try:
            answer = self.execute(get_upcoming_amount, plain)
        except Refused as refused:
            return _told(refused.problems)
        return f"{amount_of(answer['total']):.2f}"

    def _templates(self) -> None:
        """How documents look is what an operating site says: none is made of a template, and one of the same name stands for it."""
        with self._runtime.transaction(self._caller, reads=True) as uow:
            names = {site.name for site in sites(uow).values()}
        remark = "What documents look like is said by operating sites (and document texts): make one like it by hand."
        self._left("Templates", "template.get", "TEMPLATES", "TEMPLATE_ID", "TEMPLATE_NAME", names, remark)

    def _recurring(self) -> None:
        remark = "Recurring invoices are not taken: stop it there, and make it here from its next date on."
        self._left("Recurring invoices", "recurring.get", "INVOICES", "INVOICE_ID", "INVOICE_TITLE", (), remark)

    def _left(
        self, title: str, service: str, container: str, key: str, name: str, known_names: Sequence[str] | set[str], remark: str
    ) -> None:
        """What the account has and is made here by hand."""
        try:
            for rows in self._source.pages(service, container):
                for row in rows:
                    self.outcome.found[title] += 1
                    called = word(row, name)
                    if called not in known_names:
                        finding = Finding("note", title, word(row, key), called, remark=remark)
                        self.outcome.findings.append(finding)
                    self._advance(title, 1)
        except LookupError:
            return

    def _totals(self) -> None:
        for tag, (there, here) in self._sums.items():
            self.outcome.totals.append(Total(f"{tag} of issued invoices", f"{there:.2f}", f"{here:.2f}"))
        there = sum((one[0] for one in self._open.values()), ZERO)
        here = sum((one[1] for one in self._open.values()), ZERO)
        self.outcome.totals.append(Total("open amounts of customers", f"{there:.2f}", f"{here:.2f}"))
        for number, (one, other) in self._open.items():
            if one != other:
                name = self._customers.get(number, ("", ""))[0]
                finding = Finding("difference", CUSTOMER, number, name, "", "OPEN_AMOUNT", f"{one:.2f}", f"{other:.2f}")
                self.outcome.findings.append(finding)

    def _note(
        self,
        level: Level,
        kind: Kind,
        content: Content,
        target: str = "",
        found: tuple[str, str, str] = ("", "", ""),
        remark: str = "",
    ) -> None:
        number, name = kind.number(content), kind.name_of(content)
        self.outcome.findings.append(Finding(level, kind.name, number, name, target, *found, remark))


# helpers in calling order


def _told(problems: Sequence[Problem]) -> str:
    return "; ".join(one.of(one.field) if one.field else one.message for one in problems)[:1000]

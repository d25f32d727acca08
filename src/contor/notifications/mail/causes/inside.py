"""What is written to people of the company itself: invitations, paused routes, and once a day what to look at."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from contor.kernel.events import on
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.kernel.work import Work, work
from contor.notifications.events import RoutesPaused
from contor.notifications.mail.causes.declared import Company, company_of, mailed
from contor.notifications.mail.configuration import configured, posting_of
from contor.notifications.mail.kinds import MOST_ROWS
from contor.notifications.mail.queue import Wanted, queue_mails
from contor.notifications.mail.wording import day
from contor.organizations.events import UserInvited
from contor.runtime.execute import Runtime
from contor.runtime.transaction import enter_tenant
from contor.runtime.uow import Uow
from contor.runtime.work.checking import last_check
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

DIGEST_HOURS = 24


class _Route(NamedTuple):
    ident: str
    url: str
    paused_because: str | None


class _Trouble(NamedTuple):
    about: str
    text: str


@mailed(RoutesPaused, "ROUTE_PAUSED")
def routes_paused(uow: Uow, fact: RoutesPaused, company: Company) -> Iterator[Wanted]:
    sql = "SELECT ident, url, paused_because FROM notification_route WHERE ident = ANY (%s) ORDER BY ident"
    for route in uow.all(_Route, sql, (list(fact.route_idents),)):
        for recipient in company.configuration.notice_recipients:
            facts = {"ident": route.ident, "url": route.url, "reason": route.paused_because}
            yield Wanted(
                kind="ROUTE_PAUSED",
                about=f"route:{route.ident}:{uow.ctx.now().isoformat()}",
                recipient=recipient,
                language=company.language,
                facts={"company": company.facts, "route": facts},
            )


@on(UserInvited)
def user_invited(uow: Uow, fact: UserInvited) -> None:
    """In the queue of a tenant of the organization, where there is a server; its link is made when it is sent. Without one the link is
    made by the command line, and handed over otherwise."""
    invited = fact.invited
    if invited is None or invited.tenant_id is None:
        return
    tenant = enter_tenant(uow, invited.tenant_id)
    if posting_of(tenant, is_of_installation=True) is None:
        return
    facts = {
        "company": {"name": invited.organization},
        "user": {"firstName": invited.first_name, "lastName": invited.last_name},
        "invitation": {"organizationId": str(fact.organization_id)},
    }
    wanted = Wanted(
        kind="USER_INVITATION",
        about=f"user:{fact.user_id}:{fact.organization_id}:{uow.ctx.now().isoformat()}",
        recipient=invited.email,
        recipient_name=" ".join(filter(None, (invited.first_name, invited.last_name))) or None,
        language="de" if invited.country in ("DE", "AT", "CH", "LI") else "en",
        facts=facts,
    )
    queue_mails(tenant, [wanted])


@shape
class Digest:
    findings: int
    """Of the last nightly check."""


@operation("mail.digest", permission="notifications.write")
def digest(uow: Uow, command: Digest) -> int:
    """Mail to who is named for it what a person should look at of the last day; to how many. Nothing where there is nothing."""
    configuration = configured(uow)
    if configuration is None or "DIGEST" not in configuration.kinds:
        return 0
    troubles = list(_troubles(uow, command.findings))
    if not troubles:
        return 0
    company, today = company_of(uow, configuration), uow.ctx.today()
    rows = [{"about": one.about, "text": one.text} for one in troubles[:MOST_ROWS]]
    facts = {"company": company.facts, "digest": {"date": day(today, company.language), "troubles": rows}}
    wanted = [
        Wanted("DIGEST", f"digest:{today.isoformat()}", recipient, company.language, facts)
        for recipient in configuration.notice_recipients
    ]
    made = queue_mails(uow, wanted)
    if made:
        uow.audit("mail", "digest", {"troubles": len(troubles), "mails": len(made)})
    return len(made)


def _troubles(uow: Uow, findings: int) -> Iterator[_Trouble]:
    since = uow.ctx.now() - dt.timedelta(hours=DIGEST_HOURS)
    yield from uow.all(
        _Trouble,
        "SELECT coalesce(document_ident, CASE kind WHEN 'DUNNING_LETTER' THEN split_part(about, ':', 2) ELSE kind END) AS about,"
        " concat_ws(': ', status, reason) AS text FROM mail"
        " WHERE status IN ('REFUSED', 'FAILED', 'HELD') AND last_modified_at > %s ORDER BY last_modified_at, ident LIMIT %s",
        (since, MOST_ROWS),
    )
    yield from uow.all(
        _Trouble,
        "SELECT ident AS about, coalesce(paused_because, 'paused') AS text FROM notification_route WHERE status = 'PAUSED' ORDER BY ident",
    )
    failed = uow.scalar(
        int,
        "SELECT count(*) FROM notification_delivery WHERE status = 'FAILED' AND first_try_at > %s",
        (uow.runtime.clock() - dt.timedelta(hours=DIGEST_HOURS),),
    )
    if failed:
        yield _Trouble("notifications", f"{failed} not delivered (GET /v2/notifications?search=status==FAILED)")
    if findings:
        yield _Trouble("contor check", f"{findings} findings (contor check --last)")


def look(runtime: Runtime, tenant_id: int) -> None:
    """Once a day, after the nightly check."""
    found = last_check(runtime, tenant_id)
    runtime.execute(digest, Digest(findings=found.found if found is not None else 0), caller("mail_digest", tenant_id))


every_tenant(
    work(Work(name="mail_digest", look=look, place="files")), every=dt.timedelta(days=1), at=dt.timedelta(hours=4, minutes=30)
)

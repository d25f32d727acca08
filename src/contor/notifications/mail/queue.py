"""Mails come into the queue in the transaction of what they are about, once for each thing, kind and recipient."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from contor.kernel.shapes import Frozen
from contor.notifications.mail import tables
from contor.notifications.mail.addresses import address_problem
from contor.notifications.mail.letters import follow
from contor.notifications.mail.templates import Values
from contor.notifications.mail.work import MAILING
from contor.runtime.uow import Uow

SECRET = frozenset({"ONE_TIME_PASSWORD", "PASSWORD_RESET"})
"""Kinds of which what they say is sealed while it waits, and forgotten when it is sent."""
UNTOLD = SECRET | {"USER_INVITATION"}
"""Kinds of which nothing that a template wrote is kept, not even the subject: it may name the link, or the password."""


class MailFile(NamedTuple):
    """What is attached: a file that is kept."""

    name: str
    media_type: str
    sha256: str
    size: int


class Own(Frozen, frozen=True):
    """What a person says of a mail in the place of its template, and to whom it goes beside its recipient."""

    subject: str | None = None
    text: str | None = None
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    receipt: bool = False
    """A confirmation is asked for that it was read."""


class Wanted(NamedTuple):
    """A mail that is to be sent. Of two that agree in `kind`, `about` and recipient there is one."""

    kind: str
    about: str
    """E.g. `contract:c-1:2026-12-31`; of a document by its id, for two companies of a tenant may give one number."""
    recipient: str
    language: str
    facts: Values
    recipient_name: str | None = None
    customer_ident: str | None = None
    document_ident: str | None = None
    document_id: int | None = None
    files: Sequence[MailFile] = ()
    held_because: str | None = None
    """It is not sent until a person says so."""
    own: Own | None = None
    template_ident: str | None = None
    """By which it is written; None: by the usual one."""


class _Found(NamedTuple):
    recipient: str
    """In small letters as the database makes them of it: its are not Python's for every letter, and by its own it keeps mails apart."""
    is_known: bool


_FOUND = (
    "SELECT lower(w.recipient) AS recipient, EXISTS (SELECT FROM mail m WHERE m.about = w.about AND m.kind = w.kind"
    " AND lower(m.recipient) = lower(w.recipient)) AS is_known"
    " FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS w(about, kind, recipient, place) ORDER BY w.place"
)


def queue_mails(uow: Uow, wanted: Sequence[Wanted]) -> Mapping[tuple[str, str, str], str]:
    """Let them be sent; those that there are already stay as they are. The ident of each that is new, by about, kind and recipient in small
    letters."""
    if not wanted:
        return {}
    uow.lock("mail", {mail.about for mail in wanted})
    given = tuple([getattr(mail, name) for mail in wanted] for name in ("about", "kind", "recipient"))
    fresh: dict[tuple[str, str, str], Wanted] = {}
    for mail, found in zip(wanted, uow.all(_Found, _FOUND, given), strict=True):
        if not found.is_known:
            fresh.setdefault((mail.about, mail.kind, found.recipient), mail)
    idents = {key: uow.new_ident() for key in fresh}
    uow.insert(tables.mail, [_row(uow, idents[key], mail) for key, mail in fresh.items()])
    if fresh:
        follow(uow, [idents[key] for key, mail in fresh.items() if mail.kind == "DUNNING_LETTER"])
        uow.mark(MAILING)
    return idents


def _row(uow: Uow, ident: str, mail: Wanted) -> dict[str, object]:
    now = uow.ctx.now()
    problem = address_problem(mail.recipient)
    reason = mail.held_because or (f"{mail.recipient} {problem}" if problem else None)
    return {
        "ident": ident,
        "kind": mail.kind,
        "about": mail.about,
        "recipient": mail.recipient,
        "recipient_name": mail.recipient_name,
        "language": mail.language,
        "document_ident": mail.document_ident,
        "document_id": mail.document_id,
        "customer_ident": mail.customer_ident,
        "facts": {"sealed": _sealed(uow, ident, mail.facts)} if mail.kind in SECRET else dict(mail.facts),
        "files": [file._asdict() for file in mail.files],
        "own": mail.own,
        "template_ident": mail.template_ident,
        "status": "HELD" if reason else "WAITING",
        "reason": reason,
        "tries": 0,
        "resends": 0,
        "due_at": uow.runtime.clock(),
        "is_ending": False,
        "created_at": now,
        "last_modified_at": now,
    }


def _sealed(uow: Uow, ident: str, facts: Values) -> str:
    return uow.runtime.secrets.seal(msgspec.json.encode(facts).decode(), _place(uow, ident))


def opened(uow: Uow, ident: str, facts: Values) -> Values:
    """What is said, in clear: to be written, never for answers or logs."""
    sealed = facts.get("sealed")
    if not isinstance(sealed, str):
        return facts
    return msgspec.json.decode(uow.runtime.secrets.unseal(sealed, _place(uow, ident)), type=dict[str, object])


def _place(uow: Uow, ident: str) -> str:
    return f"{uow.ctx.tenant_id}/mail/{ident}"

"""Which template a mail is written by: the tenant's own in its language, else the one that is shipped; and what comes of it."""

import datetime as dt
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from contor.notifications.mail.templates.language import TemplateFailed, Values, written
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

SHIPPED_LANGUAGE = "en"
"""In which a mail is written whose language has no template."""
LONGEST_SUBJECT = 500


class Wording(NamedTuple):
    subject: str
    text: str
    html: str | None


class Said(NamedTuple):
    """What a mail says."""

    subject: str
    text: str
    html: str | None


class StoredTemplate(NamedTuple):
    """One of the tenant's own."""

    ident: str
    kind: str
    language: str
    name: str | None
    subject: str
    text: str
    html: str | None
    created_at: dt.datetime
    last_modified_at: dt.datetime


class _Row(NamedTuple):
    kind: str
    language: str
    subject: str
    text: str
    html: str | None


@cache
def shipped() -> Mapping[tuple[str, str], Wording]:
    """The templates of every kind that come with Contor, by kind and language."""
    read = tomllib.loads(files(__package__).joinpath("defaults.toml").read_text(encoding="utf-8"))
    return {
        (kind, language): Wording(template["subject"], template["text"].lstrip("\n"), None)
        for kind, languages in read.items()
        for language, template in languages.items()
    }


def wordings_of(uow: Uow, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Wording]:
    """The template of each kind and language, e.g. `de-AT`: the tenant's own, of the very language or the one that it is a form of; else
    that which is shipped; else both in English."""
    rows = uow.all(
        _Row,
        "SELECT kind, language, subject, text, html FROM mail_template WHERE kind = ANY (%s) AND name IS NULL",
        (sorted({kind for kind, _ in wanted}),),
    )
    own = {(row.kind, row.language.lower()): Wording(row.subject, row.text, row.html) for row in rows}
    found = {}
    for kind, language in wanted:
        named = language.lower()
        tried = (named, named.partition("-")[0], SHIPPED_LANGUAGE)
        found[kind, language] = next(
            one for name in tried for one in (own.get((kind, name)), shipped().get((kind, name))) if one is not None
        )
    return found


def wording_chosen(uow: Uow, ident: str | None) -> Wording | None:
    """The template of this ident; None: none is chosen, or it is gone."""
    sql = "SELECT subject, text, html FROM mail_template WHERE ident = %s"
    return None if ident is None else uow.first(Wording, sql, (ident,))


def templates_named(uow: Uow, idents: Collection[str]) -> dict[str, StoredTemplate]:
    """Those that exist, by ident."""
    sql = f"SELECT {columns(StoredTemplate)} FROM mail_template WHERE ident = ANY (%s)"
    return {row.ident: row for row in uow.all(StoredTemplate, sql, (sorted(idents),))} if idents else {}


def said(wording: Wording, values: Values) -> Said:
    """Raises TemplateFailed."""
    try:
        subject = " ".join(written(wording.subject, values).split())
    except TemplateFailed as error:
        raise TemplateFailed(f"subject: {error}") from None
    try:
        text = written(wording.text, values)
    except TemplateFailed as error:
        raise TemplateFailed(f"text: {error}") from None
    try:
        html = None if wording.html is None else written(wording.html, values, is_html=True)
    except TemplateFailed as error:
        raise TemplateFailed(f"html: {error}") from None
    return Said(subject[:LONGEST_SUBJECT], text, html)

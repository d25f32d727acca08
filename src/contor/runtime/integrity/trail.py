"""What the trail said last of things, for checks of columns that change."""

from typing import NamedTuple

from contor.runtime.uow import Uow


class _Said(NamedTuple):
    subject_ident: str
    said: str | None


def said_last(uow: Uow, subject_kind: str, key: str, beside: str | None = None) -> dict[str, str | None]:
    """The last value of `key` in the changes of each thing of a kind, as text; `beside`: of changes that say this key, too."""
    return dict(
        uow.all(
            _Said,
            "SELECT DISTINCT ON (subject_ident) subject_ident, change->>%(key)s AS said FROM audit_entry WHERE subject_kind = %(kind)s"
            " AND change->>%(beside)s IS NOT NULL ORDER BY subject_ident, id DESC",
            {"kind": subject_kind, "key": key, "beside": beside or key},
        )
    )

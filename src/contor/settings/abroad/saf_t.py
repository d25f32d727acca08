"""SAF-T configurations: one counts for a country and company on a day."""

from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow
from contor.settings.abroad import tables
from contor.settings.abroad.configurations import place_of
from contor.settings.abroad.types import problems_of
from contor.settings.queries import known_sites

KEY_BITS: Final = 1024
"""Portaria 363/2010: the signature (base64) has 172 characters, which only a key of this length gives."""


def _checked(uow: Uow, row: Fields) -> None:
    """All findings at once; then the key is sealed."""
    problems = problems_of(row)
    if row.get("signing_key") is not None and not problems and (wrong := _key_problem(row["signing_key"])) is not None:
        problems.append(wrong)
    if row.get("operating_site_ident") is not None and not known_sites(uow, [row["operating_site_ident"]]):
        problems.append(Problem("reference_unknown", "is no operating site", "operatingSiteIdent", row["operating_site_ident"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    _alone(uow, row)
    if row.get("signing_key") is not None:
        row["signing_key"] = uow.runtime.secrets.seal(row["signing_key"], place_of(uow, row["ident"]))


def _key_problem(pem: str) -> Problem | None:
    message = f"is an RSA private key of {KEY_BITS} bits in PEM, without a password"
    wrong = Problem("signing_key_invalid", message, "signingKey")
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return wrong
    return None if isinstance(key, RSAPrivateKey) and key.key_size == KEY_BITS else wrong


def _alone(uow: Uow, row: Fields) -> None:
    """Two that count for one country and company on one day would be two answers to one question."""
    uow.lock("saf-t", [row["country"]])
    other = uow.scalar(
        str,
        "SELECT ident FROM saf_t_configuration WHERE country = %(country)s AND ident <> %(ident)s"
        " AND operating_site_ident IS NOT DISTINCT FROM %(operating_site_ident)s"
        " AND daterange(valid_from, valid_to, '[]') && daterange(%(valid_from)s, %(valid_to)s, '[]') ORDER BY ident LIMIT 1",
        {name: row.get(name) for name in ("country", "ident", "operating_site_ident", "valid_from", "valid_to")},
    )
    if other is not None:
        message = f"meets the validity of {other}: on one day one configuration counts for a country and company"
        raise Refused(Kind.CONFLICT, Problem("saf_t_configurations_overlap", message, "validFrom", row["valid_from"]))


SAF_T_CONFIGURATIONS = Resource(
    "saf_t_configuration",
    tables.saf_t_configuration,
    permission="settings",
    writable=(
        "country",
        "operating_site_ident",
        "taxpayer_number",
        "software_certificate",
        "product_id",
        "product_taxpayer_number",
        "series",
        "taxonomy_reference",
        "account_groups",
        "tax_codes",
        "signing_key",
        "key_version",
        "valid_from",
        "valid_to",
    ),
    immutable=("country",),
    hidden=("signing_key",),
    secret=("signing_key",),
    filterable=("ident", "country", "operating_site_ident", "valid_from", "created_at"),
    refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),),
    before_create=_checked,
    before_update=_checked,
)

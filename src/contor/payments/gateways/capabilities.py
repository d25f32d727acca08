"""What each provider can do from here, and which credentials it needs. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from contor.kernel.errors import Problem
from contor.payments.gateways.types import Capabilities, Credential, CredentialName, ProviderName, SourceBody

CAPABILITIES: Mapping[str, Capabilities] = {
    "SEPA_FILE": Capabilities(methods=("DIRECT_DEBIT",), currencies=("EUR",), refunds=True, partial_refunds=True, payouts=True),
    "STRIPE": Capabilities(methods=("DIRECT_DEBIT", "CREDIT_CARD"), refunds=True, partial_refunds=True),
    "GOCARDLESS": Capabilities(methods=("DIRECT_DEBIT",), currencies=("EUR", "GBP"), refunds=True, partial_refunds=True),
    "SIMULATED": Capabilities(methods=("DIRECT_DEBIT", "CREDIT_CARD", "PAY_PAL"), refunds=True, partial_refunds=True, payouts=True),
}
KEEPING: Final[frozenset[ProviderName]] = frozenset(
    {"STRIPE", "GOCARDLESS", "ADYEN", "MOLLIE", "KLARNA", "PAYPAL", "OPTILE", "WORLDLINE"}
)
"""Payment providers that keep what they collect for us until they pay it out; of the others it stands at a bank."""
NEEDED: Mapping[str, tuple[CredentialName, ...]] = {
    "STRIPE": ("apiKey", "webhookSecret"),
    "GOCARDLESS": ("accessToken", "webhookSecret"),
}
"""Credentials that a provider is asked with; of the others none is used."""
OPTIONAL: Mapping[str, tuple[CredentialName, ...]] = {"STRIPE": ("publishableKey", "accountId")}
"""What it may have beside them: a customer's browser hands a card to Stripe by the publishable key, and by the number of
a connected account."""


def capabilities_of(name: ProviderName) -> Capabilities:
    """Of a provider that moves no money from here: none."""
    return CAPABILITIES.get(name, Capabilities())


def credential_problems(
    given: Sequence[Credential],
    needed: Sequence[CredentialName],
    known: Sequence[str] = (),
    optional: Sequence[CredentialName] = (),
) -> list[Problem]:
    """What is wrong with the credentials given for who needs these. `known`: those that it has already."""
    problems, names = [], [credential.name for credential in given]
    for n, name in enumerate(names):
        if name not in (*needed, *optional):
            expected = f"expected are {', '.join((*needed, *optional))}" if needed else "none is needed"
            problems.append(Problem("credential_unused", f"is not used here: {expected}", f"credentials[{n}].name", name))
        elif name in names[:n]:
            problems.append(Problem("credential_repeated", "is given twice", f"credentials[{n}].name", name))
    missing = [name for name in needed if name not in (*names, *known)]
    problems += [Problem("credential_missing", f"lack {_WORDS.get(name, name)}", "credentials") for name in missing]
    return problems


_WORDS: Final[Mapping[CredentialName, str]] = {"password": "password or privateKey"}
"""What is asked for in the place of one that another may stand for (`_of_sftp`)."""


_SFTP_PORT = 22
_FOLDER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
MOVED_TO: Final[Mapping[str, str]] = {"READ": "done", "KEPT_ASIDE": "aside", "REFUSED": "refused"}
"""What became of a file -> the folder beside it that it is moved to."""


def source_problems(body: SourceBody, known: Sequence[str]) -> list[Problem]:
    """What is wrong with a source. `known`: the credentials that it has already."""
    problems: list[Problem] = []
    server = {"host": body.host, "user_name": body.user_name, "host_key": body.host_key}
    if body.type == "SFTP":
        problems += [
            Problem("field_required", "is required of an SFTP server", name) for name, said in server.items() if said is None
        ]
        return problems + credential_problems(body.credentials, _of_sftp(body, known), known)
    said_in_vain = {name: said for name, said in server.items() if said is not None}
    if body.port != _SFTP_PORT:
        said_in_vain["port"] = str(body.port)
    if body.remove:
        said_in_vain["remove"] = "true"
    if body.directory is not None and body.type != "DIRECTORY":
        said_in_vain["directory"] = body.directory
    problems += [Problem("field_unused", "belongs to an SFTP server", name, said) for name, said in said_in_vain.items()]
    if body.type == "API":
        message = "No provider is asked for reports or statements: let their files come by SFTP, DIRECTORY or UPLOAD."
        problems.append(Problem("source_not_offered", message, "type", body.type))
    if body.type == "DIRECTORY" and (
        body.directory is None or not _FOLDER.fullmatch(body.directory) or body.directory in MOVED_TO.values()
    ):
        message = "names a folder within the tenant's watched directory: letters, digits, . _ -, and none of done, aside, refused"
        problems.append(Problem("directory_malformed", message, "directory", body.directory))
    if body.type == "UPLOAD" and body.schedule != "MANUAL":
        problems.append(
            Problem("schedule_unused", "What is uploaded comes when somebody sends it: MANUAL.", "schedule", body.schedule)
        )
    return problems + credential_problems(body.credentials, ())


def _of_sftp(body: SourceBody, known: Sequence[str]) -> tuple[CredentialName, ...]:
    """By what it signs in: the key, where one is given or there, else the password."""
    names = [credential.name for credential in body.credentials] or known
    return ("privateKey",) if "privateKey" in names else ("password",)

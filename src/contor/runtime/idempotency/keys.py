"""Idempotency keys: a request that comes again under the same key is answered as it was, and done once.

A key belongs to a tenant, in the directory to an organization. What the directory answered is sealed: it may hold the secret of a key.
"""

import hashlib
from decimal import Decimal
from typing import Any, NamedTuple, Never

import msgspec
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Operation
from contor.runtime.db import ENCODER
from contor.runtime.uow import Uow


class _First(NamedTuple):
    """What was answered to the first use of a tenant's key."""

    input_hash: bytes
    answer: dict[str, object]


class _FirstSealed(NamedTuple):
    input_hash: bytes
    answer: str


def may_be_keyed(operation: Operation[Never, object], caller: Caller) -> bool:
    """Whether a key has an owner here: to read or to look ahead twice is harmless, and before the login there is nobody."""
    return not (operation.reads or operation.undone) and (not operation.directory or caller.organization_id is not None)


def known_answer(uow: Uow, operation: Operation[Never, object], command: object, key: str) -> dict[str, object] | None:
    """Take the key, waiting for a concurrent holder; `{"answer": ...}` if it was used before with the same input.

    Raises CONFLICT when it was used with another one.
    """
    digest = hashlib.sha256(operation.name.encode() + b"\0" + _HASHED.encode(command)).digest()
    taken, found = (_taken_in_directory if operation.directory else _taken)(uow, operation.name, key, digest)
    if taken:
        return None
    if found is None or found.input_hash != digest:
        raise Refused(
            Kind.CONFLICT,
            Problem("idempotency_key_reused", "The idempotency key was used with another request.", "Idempotency-Key", key),
        )
    if isinstance(found, _First):
        return found.answer
    opened: dict[str, object] = _DECODER.decode(uow.runtime.secrets.unseal(found.answer, _place(uow, key)))
    return opened


def keep_answer(uow: Uow, operation: Operation[Never, object], key: str, answer: object) -> None:
    """Store what the first use of the key answered; an answer of nothing is an answer, too."""
    kept = {"answer": answer}
    if not operation.directory:
        uow.run("UPDATE idempotency_key SET answer = %s WHERE key = %s", (Jsonb(kept), key))
        return
    sealed = uow.runtime.secrets.seal(ENCODER.encode(kept).decode(), _place(uow, key))
    sql = "UPDATE directory.idempotency_key SET answer = %s WHERE organization_id = %s AND key = %s"
    uow.run(sql, (sealed, uow.ctx.caller.organization_id, key))


def _taken(uow: Uow, name: str, key: str, digest: bytes) -> tuple[bool, _First | None]:
    taken = uow.run(
        "INSERT INTO idempotency_key (tenant_id, key, operation, input_hash, at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (uow.ctx.tenant_id, key, name, digest, uow.ctx.now()),
    )
    if taken:
        return True, None
    return False, uow.first(_First, "SELECT input_hash, answer FROM idempotency_key WHERE key = %s", (key,))


def _taken_in_directory(uow: Uow, name: str, key: str, digest: bytes) -> tuple[bool, _FirstSealed | None]:
    owner = uow.ctx.caller.organization_id
    taken = uow.run(
        "INSERT INTO directory.idempotency_key (organization_id, key, operation, input_hash, at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (owner, key, name, digest, uow.ctx.now()),
    )
    if taken:
        return True, None
    sql = "SELECT input_hash, answer FROM directory.idempotency_key WHERE organization_id = %s AND key = %s"
    return False, uow.first(_FirstSealed, sql, (owner, key))


def _place(uow: Uow, key: str) -> str:
    return f"{uow.ctx.caller.organization_id}/idempotency/{key}"


def _plain(value: Any) -> dict[str, object]:
    """What msgspec does not know: the bodies that Pydantic made."""
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    raise TypeError(f"{type(value)} cannot be part of a command")


_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_HASHED = msgspec.json.Encoder(decimal_format="number", order="deterministic", enc_hook=_plain)

"""What a server is signed in to with: sealed where it is stored, and only there read again."""

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.uow import Uow


def host_key_problem(host_key: str) -> Problem | None:
    """Of a key that no server's could be compared with."""
    import asyncssh

    try:
        asyncssh.import_public_key(host_key)
    except asyncssh.KeyImportError:
        message = "is no public key of a server, as `ssh-keyscan` prints it behind the host's name"
        return Problem("host_key_invalid", message, "hostKey", host_key[:100])
    return None


def sealed_secret(uow: Uow, host_key: str, secret: str, place: str) -> str:
    """The secret is never shown again. Raises `Refused` where the key is none that a server's could be compared with."""
    if (problem := host_key_problem(host_key)) is not None:
        raise Refused(Kind.INVALID, problem)
    return uow.runtime.secrets.seal(secret, f"{uow.ctx.tenant_id}/{place}")


def secret_of_another_server(field: str) -> Problem:
    """What was given for one server is not told to another: who may change its address would learn it so."""
    return Problem("secret_of_another_server", "is to be said again for a server with another key (hostKey)", field)


def unsealed_secret(uow: Uow, stored: str, place: str) -> str:
    """In clear: for the server, never for answers or logs."""
    return uow.runtime.secrets.unseal(stored, f"{uow.ctx.tenant_id}/{place}")

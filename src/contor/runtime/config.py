"""How one installation of Contor is set up: read once from the environment, a plain value afterwards."""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contor.kernel.errors import Kind, Problem, Refused

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one installation. Everything has a default, so that `Config(home=path)` is a working one."""

    home: Path
    """`CONTOR_HOME` (default `var`): data only. Absolute; it need not exist yet."""
    host: str = "127.0.0.1"
    """`CONTOR_HOST`: the address to bind. Local unless the operator says otherwise: TLS is the reverse proxy's."""
    port: int = 8000
    """`CONTOR_PORT`."""
    public_url: str | None = None
    """`CONTOR_PUBLIC_URL`: how others reach this installation, e.g. `https://billing.example.com`; links begin with it."""
    fynn_hosts: str = ""
    """`CONTOR_FYNN_HOSTS`: hosts at whose root the fynn dialect answers, parted by commas; `*.coreapi.example`: all hosts below that."""
    database_url: str | None = field(default=None, repr=False)
    """`DATABASE_URL`: a PostgreSQL to use instead of the embedded one. It may carry a password."""
    pg_bin: Path | None = None
    """`CONTOR_PG_BIN`: the folder that holds `initdb` and `postgres` for the embedded server."""
    secret: str | None = field(default=None, repr=False)
    """`CONTOR_SECRET`: the signing and sealing key, 32 characters or more; otherwise `secret.key` in `home`."""
    max_body_bytes: int = 2 * MIB
    """`CONTOR_MAX_BODY_BYTES`: a larger request is refused unread."""
    read_seconds: int = 30
    """`CONTOR_READ_SECONDS`: within so many seconds the headers of a request arrive, and within as many more its body."""
    trusted_proxies: str = "127.0.0.1"
    """`CONTOR_TRUSTED_PROXIES`: addresses whose `X-Forwarded-For` is believed, parted by commas; `*`: all."""
    tenant_rate: int = 60_000
    """`CONTOR_TENANT_RATE`: requests of one tenant per minute and API process; a sixth of them may come at once."""
    address_rate: int = 60_000
    """`CONTOR_ADDRESS_RATE`: requests of one address per minute and API process."""
    login_tries: int = 120
    """`CONTOR_LOGIN_TRIES`: wrong credentials per minute of one address, and with the name of one user, in one API process."""
    statement_seconds: int = 60
    """`CONTOR_STATEMENT_SECONDS`: a statement of an API process that runs longer is cancelled."""
    servers: int = 1
    """`CONTOR_SERVERS`: API server processes."""
    workers: int | None = None
    """`CONTOR_WORKERS`: processes that issue documents and run jobs; None: as many as there are cores."""
    file_workers: int = 1
    """`CONTOR_FILE_WORKERS`: processes that render files, at idle priority."""
    pool_size: int = 10
    """`CONTOR_POOL_SIZE`: database connections of each process, at most."""
    statements: Path | None = None
    """`CONTOR_STATEMENTS`: a directory with a folder for each realm, into which banks' statements are put."""
    local_servers: bool = False
    """`CONTOR_LOCAL_SERVERS`: whether tenants' servers (SFTP) may be this machine or its link, such as 127.0.0.1 and 169.254.169.254."""
    private_servers: bool = True
    """`CONTOR_PRIVATE_SERVERS`: whether they may be in a private network, as a bank's gateway in one's own."""
    outbound_networks: str = ""
    """`CONTOR_OUTBOUND_NETWORKS`: networks that tenants' servers and receivers of notifications may be in beside public ones, parted by
    commas: `10.1.0.0/16,192.168.7.9/32`; only these are also called without TLS."""
    vies_url: str = "https://ec.europa.eu/taxation_customs/vies/rest-api"
    """`CONTOR_VIES_URL`: where VAT numbers are confirmed by the European Commission."""
    evatr_url: str = "https://api.evatr.vies.bzst.de/app/v1"
    """`CONTOR_EVATR_URL`: ... and by the Bundeszentralamt für Steuern (section 18e UStG)."""
    avalara_url: str = "https://rest.avatax.com"
    """`CONTOR_AVALARA_URL`: the tax provider AVALARA."""
    avalara_sandbox_url: str = "https://sandbox-rest.avatax.com"
    """`CONTOR_AVALARA_SANDBOX_URL`: ... for tenants that say `environment` SANDBOX, and for those of TEST."""
    smtp_url: str | None = field(default=None, repr=False)
    """`CONTOR_SMTP_URL`: the installation's mail server and sender, which invitations of users come from:
    `smtp+starttls://user:password@mail.example.com:587?from=billing@example.com`; also `smtps://`, and `smtp://` without TLS."""
    fints_product: str | None = None
    """`CONTOR_FINTS_PRODUCT`: the number under which this installation is registered with the German banks; without it FinTS is off."""
    log_level: str = "info"
    """`CONTOR_LOG_LEVEL`: debug, info, warning or error."""

    log_format: str = "text"
    """`CONTOR_LOG_FORMAT`: text, or json: an object a line, also for each request."""
    metrics_token: str | None = field(default=None, repr=False)
    """`CONTOR_METRICS_TOKEN`: who brings it as bearer may read `/metrics`; without it only the machine itself may."""

    @property
    def processes(self) -> int:
        """How many open connections to the database."""
        return self.servers + (self.workers or 1) + self.file_workers

    @property
    def base_url(self) -> str:
        """What links and the demo begin with: the public URL, else the address that is bound; without a slash at its end."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # an address to bind, not one to go to
        host = everywhere.get(self.host, f"[{self.host}]" if ":" in self.host else self.host)
        return self.public_url or f"http://{host}:{self.port}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """The settings that `environ` (default: the process's) names. An empty variable counts as absent.

        Raises `Refused` with every wrong variable at once.
        """
        given = {name: value for name, value in (os.environ if environ is None else environ).items() if value.strip()}
        settings: dict[str, Any] = {"home": _path("var")}
        problems: list[Problem] = []
        for variable, (name, read) in _VARIABLES.items():
            if variable not in given:
                continue
            try:
                settings[name] = read(given[variable].strip())
            except (ValueError, RuntimeError) as error:  # RuntimeError: `~` of a user without a home
                shown = (
                    None if name in ("database_url", "secret", "metrics_token", "smtp_url") else given[variable][:100]
                )  # findings are printed
                problems.append(Problem("setting_invalid", f"{variable} {error}.", variable, shown))
        if problems:
            raise Refused(Kind.INVALID, *problems)
        return cls(**settings)

    def shown(self) -> dict[str, str]:
        """Every variable with its value as it may be shown: no key, no password; empty where there is none."""
        found = {variable: getattr(self, name) for variable, (name, _) in _VARIABLES.items()}
        values = {variable: "" if value is None else str(value) for variable, value in found.items()}
        if self.secret is not None:
            values["CONTOR_SECRET"] = "***"
        if self.database_url is not None:
            values["DATABASE_URL"] = _without_password(self.database_url)
        if self.smtp_url is not None:
            values["CONTOR_SMTP_URL"] = _without_password(self.smtp_url)
        return values

    def environment(self) -> dict[str, str]:
        """The variables that give a child process these settings: the inverse of `from_environment`."""
        variables = {}
        for variable, (name, _) in _VARIABLES.items():
            value = getattr(self, name)
            if value is not None:
                variables[variable] = str(value)
        return variables


def unknown_variables(environ: Mapping[str, str] | None = None) -> dict[str, str | None]:
    """Variables that begin as ours do and are none of them, each with the one that may have been meant."""
    given = os.environ if environ is None else environ
    unknown = sorted(name for name in given if name.startswith("CONTOR_") and name not in _VARIABLES)
    return {name: next(iter(difflib.get_close_matches(name, _VARIABLES, 1)), None) for name in unknown}


def _without_password(url: str) -> str:
    """As given, but for what is secret: in the address, or among its parameters."""
    shown = re.sub(r"(://[^:/@?]*):[^/?]*@", r"\1:***@", url)
    return re.sub(r"(?i)([?&](?:ssl)?password=)[^&]*", r"\1***", shown)


def _path(text: str) -> Path:
    if "\0" in text:
        raise ValueError("is not a path")
    return Path(text).expanduser().absolute()


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 18 and least <= int(text) <= most):
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("must be true or false")
    return text.lower() == "true"


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("must be debug, info, warning or error")
    return text.lower()


def _form(text: str) -> str:
    if text.lower() not in ("text", "json"):
        raise ValueError("must be text or json")
    return text.lower()


def _database_url(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    return text


_SENDER = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    sender = dict(parse_qsl(parts.query)).get("from", "")
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname or not _SENDER.fullmatch(sender):
        raise ValueError("must be such as smtp+starttls://user:password@mail.example.com:587?from=billing@example.com")
    if parts.port == 0:
        raise ValueError("has a port that does not exist")
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address such as https://billing.example.com")
    return text.rstrip("/")


def _host(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z.:_\-]{1,255}", text):
        raise ValueError("must be an address or a host's name, without a port")
    return text


def _hosts(text: str) -> str:
    hosts = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not all(re.fullmatch(r"(\*\.)?[0-9a-z_\-]+(\.[0-9a-z_\-]+)*", host) for host in hosts):
        raise ValueError("must be names of hosts such as api.example.com,*.coreapi.example, without ports")
    return ",".join(hosts)


def _networks(text: str) -> str:
    try:
        return ",".join(str(ipaddress.ip_network(part.strip())) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("must be networks such as 10.1.0.0/16,192.168.7.9/32") from None


def _product(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z]{1,25}", text):
        raise ValueError("must be the number of a registration: 25 letters and digits at most")
    return text


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have 32 characters or more")
    return text


_VARIABLES: dict[str, tuple[str, Callable[[str], object]]] = {
    "CONTOR_HOME": ("home", _path),
    "CONTOR_HOST": ("host", _host),
    "CONTOR_PORT": ("port", _whole(1, 65535)),
    "CONTOR_PUBLIC_URL": ("public_url", _public_url),
    "CONTOR_FYNN_HOSTS": ("fynn_hosts", _hosts),
    "DATABASE_URL": ("database_url", _database_url),
    "CONTOR_PG_BIN": ("pg_bin", _path),
    "CONTOR_STATEMENTS": ("statements", _path),
    "CONTOR_SECRET": ("secret", _secret),
    "CONTOR_MAX_BODY_BYTES": ("max_body_bytes", _whole(1024, 1024 * MIB)),
    "CONTOR_READ_SECONDS": ("read_seconds", _whole(1, 3600)),
    "CONTOR_TRUSTED_PROXIES": ("trusted_proxies", str),
    "CONTOR_TENANT_RATE": ("tenant_rate", _whole(1, 10**9)),
    "CONTOR_ADDRESS_RATE": ("address_rate", _whole(1, 10**9)),
    "CONTOR_LOGIN_TRIES": ("login_tries", _whole(1, 10**9)),
    "CONTOR_STATEMENT_SECONDS": ("statement_seconds", _whole(1, 86_400)),
    "CONTOR_SERVERS": ("servers", _whole(1, 64)),
    "CONTOR_WORKERS": ("workers", _whole(1, 64)),
    "CONTOR_FILE_WORKERS": ("file_workers", _whole(1, 64)),
    "CONTOR_POOL_SIZE": ("pool_size", _whole(1, 90)),
    "CONTOR_LOCAL_SERVERS": ("local_servers", _truth),
    "CONTOR_PRIVATE_SERVERS": ("private_servers", _truth),
    "CONTOR_OUTBOUND_NETWORKS": ("outbound_networks", _networks),
    "CONTOR_VIES_URL": ("vies_url", _public_url),
    "CONTOR_EVATR_URL": ("evatr_url", _public_url),
    "CONTOR_AVALARA_URL": ("avalara_url", _public_url),
    "CONTOR_AVALARA_SANDBOX_URL": ("avalara_sandbox_url", _public_url),
    "CONTOR_SMTP_URL": ("smtp_url", _smtp_url),
    "CONTOR_FINTS_PRODUCT": ("fints_product", _product),
    "CONTOR_LOG_FORMAT": ("log_format", _form),
    "CONTOR_METRICS_TOKEN": ("metrics_token", str),
    "CONTOR_LOG_LEVEL": ("log_level", _level),
}

"""What must stay secret: the server's key, tokens, API secrets, passwords, links that work once, credentials at rest.

API secrets and link tokens are random, so a plain hash keeps them; passwords are chosen by people, so argon2 does. Credentials
of providers have to be read again, so they are sealed, bound to the place where they are stored.
"""

import base64
import binascii
import contextlib
import datetime as dt
import hashlib
import hmac
import logging
import os
import re
import secrets
import string
import threading
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import argon2
import jwt
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.runtime.config import Config
from contor.runtime.schema import APP_ROLE

Use = Literal["access", "refresh"]
_LINK = re.compile(r"([1-9][0-9]{0,17})-([a-z]{1,20})-([1-9][0-9]{0,17})-([1-9][0-9]{0,6})-([0-9a-f]{40})", re.ASCII)

log = logging.getLogger("contor")

ISSUER = "contor"
LONGEST: Mapping[Use, int] = {"access": 300, "refresh": 30 * 86_400}
"""Seconds that a token may live."""
LONGEST_TOKEN = 4096
"""Characters; a longer one was not made here."""
MOST_TOKENS = 2_000
"""Whose claims one process keeps."""
CLOCK_SKEW = 60
"""Seconds by which another server's clock may be ahead."""
_SEAL = "v1."
_KEY_BYTES = 32


class SealBroken(RuntimeError):
    """A sealed text was changed, moved to another place, or sealed with another key."""


class Linked(NamedTuple):
    """What a link leads to, for whoever has it."""

    tenant_id: int
    kind: str
    number: int


class Secrets:
    """What is made with the server's key."""

    def __init__(self, master: bytes) -> None:
        self._token_key = _derived(master, "token")
        self._login = _derived(master, "database login")
        self._seal = AESGCM(_derived(master, "seal"))
        self._index = _derived(master, "index")
        self._signed_here: dict[tuple[str, str], Fields] = {}
        """The claims of tokens, by audience, whose signature was found to be ours: that stays so. Whether they still hold is asked anew."""

    @classmethod
    def load(cls, config: Config) -> "Secrets":
        """With the key of `CONTOR_SECRET`, else of `secret.key` in the home, made at the first start."""
        if config.secret is not None:
            return cls(config.secret.encode())
        return cls(_key_file(config.home / "secret.key"))

    def database_login(self) -> tuple[str, str]:
        """Name and password of the database login of this installation's processes."""
        return f"{APP_ROLE}_{self._login[:6].hex()}", base64.urlsafe_b64encode(self._login[6:]).decode()

    def sign(self, use: Use, claims: Mapping[str, object], *, audience: str, now: dt.datetime, seconds: int) -> str:
        """A token (JWT, HS256) that carries `claims` to `audience` until `now` + `seconds`."""
        if not 0 < seconds <= LONGEST[use]:
            raise ValueError(f"{use} tokens live at most {LONGEST[use]} seconds")
        issued = int(now.timestamp())
        own = {"iss": ISSUER, "aud": audience, "use": use, "iat": issued, "exp": issued + seconds}
        return jwt.encode({**claims, **own}, self._token_key, algorithm="HS256")

    def verified(self, use: Use, token: str, *, audience: str, now: dt.datetime) -> Fields:
        """The claims of a token that was signed here for this use and audience and has not expired.

        Raises `Refused` (UNAUTHENTICATED): `token_invalid`, `token_expired`.
        """
        claims = self._claims(token, audience)
        instant = now.timestamp()
        if claims is None or claims.get("use") != use or claims["iat"] > instant + CLOCK_SKEW:
            raise Refused(Kind.UNAUTHENTICATED, Problem("token_invalid", "The token is not valid."))
        if claims["exp"] <= instant:
            raise Refused(Kind.UNAUTHENTICATED, Problem("token_expired", "The token has expired."))
        return claims

    def _claims(self, token: str, audience: str) -> Fields | None:
        known = self._signed_here.get((audience, token))
        if known is None and (known := self._claims_if_signed(token, audience)) is not None:
            if len(self._signed_here) >= MOST_TOKENS:
                self._signed_here.clear()
            self._signed_here[audience, token] = known
        return known

    def _claims_if_signed(self, token: str, audience: str) -> Fields | None:
        if len(token) > LONGEST_TOKEN or not _is_canonical(token):
            return None
        # Time is the caller's to tell, so the library's own clock stays out of it.
        options: Any = {"require": ["iss", "aud", "iat", "exp"], "verify_exp": False, "verify_iat": False, "verify_nbf": False}
        try:
            return jwt.decode(token, self._token_key, algorithms=["HS256"], audience=audience, issuer=ISSUER, options=options)
        except (jwt.InvalidTokenError, RecursionError):
            return None

    def keyed(self, text: str) -> str:
        """What stands for `text` in an index (HMAC-SHA-256, hex): alike for alike texts, and not to be guessed without the server's key."""
        return hmac.digest(self._index, text.encode(), "sha256").hex()

    def link_token(self, link: "Linked", last: dt.date) -> str:
        """What stands in the link: nothing is stored, nobody else can make one, and it works until the end of the day `last` (UTC)."""
        said = f"{link.tenant_id}-{link.kind}-{link.number}-{last.toordinal()}"
        return f"{said}-{self._mark(said)}"

    def linked(self, token: str, kinds: Collection[str], now: dt.datetime) -> "Linked":
        """What a link that was made here leads to, if it is of one of the kinds. Raises UNAUTHENTICATED."""
        found = _LINK.fullmatch(token)
        if found is None or found[2] not in kinds or not hmac.compare_digest(self._mark(token.rpartition("-")[0]), found[5]):
            raise Refused(Kind.UNAUTHENTICATED, Problem("link_unknown", "This link leads nowhere."))
        if now.astimezone(dt.UTC).date().toordinal() > int(found[4]):
            raise Refused(Kind.UNAUTHENTICATED, Problem("link_expired", "This link holds no more: ask who sent it for a new one."))
        return Linked(int(found[1]), found[2], int(found[3]))

    def _mark(self, said: str) -> str:
        return self.keyed(f"link {said}")[:40]

    def seal(self, text: str, place: str) -> str:
        """`text` encrypted (AES-256-GCM), to be stored at `place`, e.g. `7/provider/stripe`; only there it can be read again."""
        nonce = os.urandom(12)
        return _SEAL + base64.b64encode(nonce + self._seal.encrypt(nonce, text.encode(), place.encode())).decode()

    def unseal(self, sealed: str, place: str) -> str:
        """The text that was sealed for `place`. Raises `SealBroken`."""
        try:
            raw = base64.b64decode(sealed.removeprefix(_SEAL), validate=True)
            return self._seal.decrypt(raw[:12], raw[12:], place.encode()).decode()
        except (binascii.Error, InvalidTag, ValueError):
            raise SealBroken(f"the credential at {place} cannot be read with this server's key") from None


def _is_canonical(token: str) -> bool:
    """Whether a token is written as it was made: base64url says one signature in several ways, padded or with idle bits at its end."""
    signature = token.rpartition(".")[2]
    try:
        made = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (binascii.Error, ValueError):
        return False
    return token.isascii() and base64.urlsafe_b64encode(made).rstrip(b"=").decode() == signature


# What needs no key


def new_secret(prefix: str = "") -> str:
    """A random secret of 256 bits: an API secret, or the token of a link that works once. It is shown once and kept as hash."""
    return prefix + secrets.token_urlsafe(32)


def new_name(length: int = 24) -> str:
    """Random lower-case letters and digits, for the public part of an API key."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(length))


def hash_of(secret: str) -> str:
    """What is stored of a random secret: its SHA-256 in hex. Never for passwords."""
    # JSON may carry halves of characters: a wrong secret, no crash
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def secret_matches(secret: str, stored: str | None) -> bool:
    """Whether `secret` is the one that was stored as hash, in a time that tells nothing."""
    return hmac.compare_digest(hash_of(secret), stored or hash_of("")) and stored is not None


_HASHER = argon2.PasswordHasher()


def hash_of_password(password: str) -> str:
    """What is stored of a password: argon2id with a salt of its own."""
    return _HASHER.hash(password.encode(errors="surrogatepass"))


def password_matches(password: str, stored: str | None) -> bool:
    """Whether it is the password that was stored. With None (no such user) it takes as long, and answers False."""
    try:
        return _HASHER.verify(stored or _nobodys_password(), password.encode(errors="surrogatepass")) and stored is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def password_is_outdated(stored: str) -> bool:
    """Whether the hash should be made anew at the next login, because it was made with weaker parameters."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys_password() -> str:
    return hash_of_password(new_secret())


# The server's key


def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=f"contor {purpose} v1".encode()).derive(master)


def _key_file(path: Path) -> bytes:
    """The key in `path`, made if there is none. Of two processes that start together one makes it, both read the same."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        handle = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, os.urandom(_KEY_BYTES).hex().encode() + b"\n")
            os.fsync(handle)
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(arriving)  # unlike a rename it never replaces a key
        finally:
            os.close(handle)
            arriving.unlink()
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    if path.stat().st_mode & 0o077:
        log.warning("%s can be read by others: it signs every token and seals every credential", path)
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise Refused(
            Kind.INVALID,
            Problem("secret_key_damaged", f"{path} is not a key of Contor; bring it back from a backup.", "CONTOR_HOME"),
        )
    return key

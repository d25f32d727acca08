"""A caller of the fynn API: his tenant and key, requests, and what an answer is compared with."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from starlette.testclient import TestClient
from tests.factories.due import work_off
from tests.factories.tenants import Tenant
from tests.factories.worked import jobs_done

from contor.api.codec import JSON
from contor.customers.one_time import customer_reached, issue
from contor.documents.after import ArchiveDocuments, archive
from contor.documents.drafts import CreateDraft, DraftCreation, create_draft
from contor.dunning.letters import MakeFiles, make_files
from contor.dunning.runs import dun_tenant
from contor.kernel.context import Caller
from contor.organizations.access import MakeLink, UseLink, bearer_secret, make_link, use_link
from contor.runtime.execute import validated

CASES: Final = Path(__file__).parents[1] / "dialects" / "fynn" / "cases"
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00")
_KINDS: Final[Mapping[str, Any]] = {"int": int, "str": str, "list": list, "object": dict, "number": (int, Decimal)}


@dataclass
class Fynn:
    """A tenant as fynn knows it."""

    tenant: Tenant
    http: TestClient
    kept: dict[str, Any] = field(default_factory=dict)
    """What earlier answers said, by the name of its placeholder."""
    token: str = ""
    """Empty: that of the tenant's first key, which may do everything."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token or bearer_secret(self.tenant.api_key, self.tenant.api_secret)}"}

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Any:
        """The bare response."""
        content = raw if raw is not None else JSON.write(body) if body is not None else None
        kind = {"Content-Type": "application/json"} if content is not None and "Content-Type" not in headers else {}
        return self.http.request(method, path, content=content, headers={**self.headers, **kind, **headers})

    def call(self, method: str, path: str, body: Any = None, status: int | None = None, **headers: str) -> Any:
        """What is answered, read exactly; `status`: the one that is expected, else any of success."""
        answer = self.send(method, path, body, **headers)
        expected = [status] if status is not None else [200, 201, 202, 204]
        assert answer.status_code in expected, f"{method} {path}: {answer.status_code} {answer.text}"
        return JSON.read(answer.content) if answer.content else None

    def turn(self, instant: str | dt.datetime) -> None:
        """Set the clock: `2026-04-01T10:00:00+00:00`; a plain day is its noon (UTC)."""
        at = (
            dt.datetime.fromisoformat(instant if "T" in instant else f"{instant}T12:00:00") if isinstance(instant, str) else instant
        )
        self.tenant.turn_clock(at if at.tzinfo else at.replace(tzinfo=dt.UTC))

    def work(self) -> None:
        """Issue what waits, and do the jobs of the tenant, until nothing is left."""
        work_off(self.tenant)

    def mailed(self) -> Any:
        """What the last mail that waits is given to say, in clear."""
        ((ident, facts),) = self.tenant.rows("SELECT ident, facts FROM mail ORDER BY created_at DESC, ident DESC LIMIT 1")
        sealed = facts.get("sealed")
        if sealed is None:
            return facts
        return json.loads(self.tenant.runtime.secrets.unseal(sealed, f"{self.tenant.id}/mail/{ident}"))

    def file(self) -> None:
        """Make the files of documents and of letters that wait for them."""
        tenant = self.tenant
        if waiting := [number for (number,) in tenant.rows("SELECT id FROM document WHERE status = 'CREATED' ORDER BY id")]:
            tenant.execute(archive, ArchiveDocuments(document_ids=tuple(waiting)))
        sql = "SELECT letter_id FROM dunning_letter WHERE made_at IS NOT NULL AND file_sha256 IS NULL ORDER BY letter_id"
        if letters := [number for (number,) in tenant.rows(sql)]:
            tenant.execute(make_files, MakeFiles(letter_ids=tuple(letters)))

    def write(self, content: Mapping[str, Any]) -> None:
        """Somebody else than the key writes a draft."""
        self.tenant.execute(create_draft, CreateDraft(body=validated(DraftCreation, content)))

    def dun(self) -> None:
        """Remind of what is overdue today."""
        dun_tenant(self.tenant.runtime, self.tenant.caller())

    def accept(self, email: str) -> None:
        """Who is invited becomes a member, with the password `ein gutes Passwort`."""
        made = self.tenant.execute(make_link, MakeLink(organization_id=self.tenant.organization_id, email=email))
        command = UseLink(token=made.token, password="ein gutes Passwort", first_name="Anna", last_name="Amt")
        self.tenant.runtime.execute(use_link, command, Caller("anyone", "accept"))

    def password(self, email: str) -> None:
        """Keep the one-time password of the customer."""
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            customer = customer_reached(uow, email)
            assert customer is not None
            self.kept["otp"] = issue(uow, customer, "login").code

    def given(self, step: Mapping[str, Any]) -> None:
        """A step before a case: `{"request": [method, path, body]}`, `{"platform": [method, path, body]}` (to `/v2`), with `keep`: {name:
        path in the answer}; `{"clock": instant}`, `{"work": true}`, `{"files": true}`, `{"dun": true}`, `{"jobs": [operations]}`,
        `{"draft": content}` (somebody else writes it),
        `{"accept": e-mail}` (who is invited becomes a member), `{"otp": e-mail}` (a customer's password, kept as `otp`), or
        `{"mailed": path, "as": name}` (of what the last mail says)."""
        done: dict[str, Callable[[], object]] = {
            "clock": lambda: self.turn(step["clock"]),
            "work": self.work,
            "files": self.file,
            "dun": self.dun,
            "draft": lambda: self.write(filled(step["draft"], self.kept)),
            "jobs": lambda: jobs_done(self.tenant, *step["jobs"]),
            "accept": lambda: self.accept(step["accept"]),
            "otp": lambda: self.password(step["otp"]),
            "mailed": lambda: self.kept.update({step["as"]: at(self.mailed(), step["mailed"])}),
        }
        for name in done.keys() & step.keys():
            done[name]()
            return
        if "platform" in step:
            method, path, *body = filled(step["platform"], self.kept)
            answer = self.tenant.call(method, path, body[0] if body else None)
            assert answer.status < 300, answer.body
            said = answer.body
        else:
            method, path, *body = filled(step["request"], self.kept)
            raw = step["raw"].encode() if "raw" in step else None
            answer = self.send(method, path, body[0] if body else None, raw=raw, **step.get("headers", {}))
            assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
            said = JSON.read(answer.content) if answer.content else None
        for name, where in step.get("keep", {}).items():
            self.kept[name] = at(said, where)


def filled(value: Any, kept: Mapping[str, Any]) -> Any:
    """A request with its placeholders filled: `"{id}"` is what was kept, as it was; within a text it is written into it."""
    if isinstance(value, dict):
        return {name: filled(inner, kept) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, kept) for inner in value]
    if isinstance(value, str):
        if (whole := _PLACEHOLDER.fullmatch(value)) and whole[1] in kept:
            return kept[whole[1]]
        return _PLACEHOLDER.sub(lambda found: str(kept.get(found[1], found[0])), value)
    return value


def differences(expected: Any, found: Any, kept: Mapping[str, Any], path: str = "") -> list[str]:
    """Where an answer is not as expected. Placeholders: `{any}`, `{any:int}` (str, number, list, object), `{uuid}`, `{ulid}`, `{when}`,
    `{url}`, and what was kept. An object with `"...": true` may hold more than is said."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [f"{path}: {found!r} is no object"]
        open_ended = expected.get("...") is True
        names = expected.keys() - {"..."}
        odd = [f"{path}.{name}: not there" for name in names - found.keys()]
        if not open_ended:
            odd += [f"{path}.{name}: not expected ({found[name]!r})" for name in found.keys() - names]
        return odd + [
            line for name in names & found.keys() for line in differences(expected[name], found[name], kept, f"{path}.{name}")
        ]
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return [f"{path}: {found!r} has not {len(expected)} members"]
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for number, (one, other) in pairs for line in differences(one, other, kept, f"{path}[{number}]")]
    return [] if _alike(expected, found, kept) else [f"{path}: {found!r}, expected {filled(expected, kept)!r}"]


def _alike(expected: Any, found: Any, kept: Mapping[str, Any]) -> bool:
    if isinstance(expected, str) and (named := _PLACEHOLDER.fullmatch(expected)):
        name, kind = named.groups()
        if name in kept:
            return bool(found == kept[name])
        if name == "any":
            return found not in (None, "") and (kind is None or (isinstance(found, _KINDS[kind]) and not isinstance(found, bool)))
        forms = {"uuid": _UUID, "ulid": _ULID, "when": _WHEN}
        if name in forms:
            return isinstance(found, str) and forms[name].fullmatch(found) is not None
        if name == "url":
            return isinstance(found, str) and found.startswith(("http://", "https://"))
        raise LookupError(f"{{{name}}} was not kept")
    if isinstance(expected, str) and isinstance(found, str):
        return bool(filled(expected, kept) == found)
    # true is no 1
    return isinstance(expected, bool) is isinstance(found, bool) and bool(expected == found)


def at(said: Any, path: str) -> Any:
    """`data.0.id` of an answer."""
    for part in path.split(".") if path else ():
        said = said[int(part)] if part.isdigit() else said[part]
    return said


def read_cases(path: Path) -> list[dict[str, Any]]:
    made = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    assert isinstance(made, list), path.name
    return made

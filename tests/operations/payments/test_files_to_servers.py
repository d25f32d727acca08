"""Files are put to a bank's server, once, whatever is lost on the way; a part of a file is never taken."""

import datetime as dt
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from starlette.testclient import TestClient
from tests.checkers.waiting import until
from tests.factories.bank_servers import BankServer, a_bank_server
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, Creditor
from tests.factories.nests import Nest
from tests.factories.tenants import Tenant

from contor.kernel.work import Elsewhere
from contor.payments.files import submitting, wait_after

TARGETS = "/v2/merchant-payment-accounts/bank/file-targets"


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[BankServer]:
    with a_bank_server(tmp_path / "bank") as made:
        yield made


@pytest.fixture
def creditor(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]], bank: BankServer) -> Creditor:
    made = Creditor(furnished, client, bearer(furnished)).furnish("SEPA_FILE")
    made.mandate()
    return made


def written(creditor: Creditor, bank: BankServer | None, **more: Any) -> str:
    """A file, and the server that it is put to."""
    if bank is not None:
        creditor.call("POST", TARGETS, bank.body(**more), 201)
    creditor.document(**AT_ONCE)
    assert creditor.collect().intents == 1
    (file,) = creditor.write().files
    return file


def send(creditor: Creditor) -> None:
    tenant = creditor.tenant
    until(lambda: submitting.look(tenant.runtime, tenant.id) is not Elsewhere.BUSY, "another worker holds them")


def later(creditor: Creditor) -> None:
    """When it is tried again."""
    creditor.turn(dt.date.fromisoformat(day_here()) + dt.timedelta(days=1))
    send(creditor)


def shown(creditor: Creditor, file: str) -> Any:
    return creditor.call("GET", f"/v2/payment-files/{file}")


def there(creditor: Creditor, bank: BankServer, file: str) -> None:
    """It lies there whole, under its name, and nothing beside it."""
    assert bank.names() == [f"{file}.xml"]
    assert (bank.root / f"{file}.xml").read_bytes() == creditor.file(file)
    assert shown(creditor, file)["status"] == "SENT"


def test_a_file_is_put_there_once(creditor: Creditor, bank: BankServer) -> None:
    file = written(creditor, bank)
    send(creditor)
    there(creditor, bank, file)
    assert "sentAt" in shown(creditor, file)
    writes = bank.writes
    (bank.root / f"{file}.xml").unlink()  # the bank took it
    later(creditor)
    assert (bank.names(), bank.writes) == ([], writes)
    creditor.call("POST", f"/v2/payment-files/{file}/actions/confirm", status=400)
    creditor.sound()


def test_another_server_gets_nothing(creditor: Creditor, bank: BankServer) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    file = written(creditor, bank, hostKey=other)
    send(creditor)
    told = shown(creditor, file)
    assert (told["status"], told["tries"], bank.names()) == ("CREATED", 1, [])
    assert "could not be reached and signed in to as the one whose key is pinned" in told["reason"]
    assert told["tryAt"] > told["createdAt"]
    send(creditor)
    assert shown(creditor, file)["tries"] == 1, "it waits"
    creditor.call("PUT", f"{TARGETS}/own", bank.body())
    later(creditor)
    there(creditor, bank, file)
    creditor.sound()


@pytest.mark.parametrize(("moment", "status", "names"), [("write", "CREATED", ["{}.xml.part"]), ("rename", "UPLOADED", ["{}.xml"])])
@pytest.mark.parametrize("taken", [False, True])
def test_a_lost_connection(creditor: Creditor, bank: BankServer, moment: str, status: str, names: list[str], taken: bool) -> None:
    """Half a file is only there under its temporary name; a renaming that was not answered is asked for, also when the bank has taken the
    file meanwhile."""
    file = written(creditor, bank)
    bank.faults.append(moment)
    send(creditor)
    told = shown(creditor, file)
    assert (told["status"], told["tries"]) == (status, 1)
    assert told["reason"].startswith("It could not be put to the server 127.0.0.1: ")
    assert bank.names() == [name.format(file) for name in names]
    writes = bank.writes
    if taken:
        (bank.root / bank.names()[0]).unlink()
    later(creditor)
    if moment == "rename":
        assert bank.writes == writes, "it is not written again"
    if taken and moment == "rename":
        told = shown(creditor, file)
        assert (told["status"], bank.names()) == ("SENT", [])
        assert "the bank has taken it" in told["reason"]
    else:
        there(creditor, bank, file)
    creditor.sound()


def test_another_file_under_its_name_stays(creditor: Creditor, bank: BankServer) -> None:
    file = written(creditor, bank)
    (bank.root / f"{file}.xml").write_bytes(b"other")
    send(creditor)
    assert "another file of 5 bytes" in shown(creditor, file)["reason"]
    assert (bank.root / f"{file}.xml").read_bytes() == b"other"
    creditor.call("POST", f"/v2/payment-files/{file}/actions/confirm")
    later(creditor)
    assert shown(creditor, file)["status"] == "SENT"
    creditor.sound()


def test_files_of_before_are_given_by_hand(creditor: Creditor, bank: BankServer) -> None:
    """They may have been given to the bank by its portal."""
    file = written(creditor, None)
    creditor.call("POST", TARGETS, bank.body(), 201)
    later(creditor)
    assert (shown(creditor, file)["status"], bank.names()) == ("CREATED", [])
    creditor.sound()


def test_one_server_of_an_account_that_is_shown_without_its_secret(creditor: Creditor, bank: BankServer) -> None:
    made = creditor.call("POST", TARGETS, bank.body(), 201)
    assert "password" not in made
    assert "secret" not in str(creditor.tenant.rows("SELECT * FROM payment_file_target"))
    told = str(creditor.tenant.rows("SELECT change::text FROM audit_entry"))
    (stored,) = creditor.tenant.rows("SELECT password FROM payment_file_target")
    assert ("secret" in told, stored.password in told) == (False, False)
    assert "one server" in str(creditor.call("POST", TARGETS, bank.body(ident="other"), 409))
    assert "hostKey" in str(creditor.call("PUT", f"{TARGETS}/own", bank.body(hostKey="ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAA"), 400))
    creditor.call("PUT", f"{TARGETS}/own", bank.body(active=False))
    file = written(creditor, None)
    send(creditor)
    assert (shown(creditor, file)["status"], bank.names()) == ("CREATED", [])
    creditor.sound()


def test_it_is_tried_again_ever_less() -> None:
    minutes = [wait_after(tries).total_seconds() / 60 for tries in (1, 2, 3, 9, 10, 10_000)]
    assert minutes == [1, 2, 4, 256, 360, 360]


CHILD = """
import os, signal, sys
from pathlib import Path
import asyncssh
from contor.app import make_runtime
from contor.payments.files import submitting
from contor.runtime.config import Config

home, dsn, tenant, step = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home), local_servers=True), dsn)
runtime.database.open()

def dying(name):
    if step == name:
        os.kill(os.getpid(), signal.SIGKILL)

execute = runtime.execute
def executed(operation, *arguments):
    dying(f"before {operation.name}")
    answer = execute(operation, *arguments)
    dying(f"after {operation.name}")
    return answer
runtime.execute = executed
rename = asyncssh.SFTPClient.rename
async def renamed(*arguments, **more):
    dying("before rename")
    await rename(*arguments, **more)
    dying("after rename")
asyncssh.SFTPClient.rename = renamed
submitting.look(runtime, int(tenant))
print("it came to its end")
"""
STEPS = [
    *(f"{when} payment_file.{verb}" for verb in ("submit", "uploaded", "sent") for when in ("before", "after")),
    "before rename",
    "after rename",
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("taken", [False, True])
def test_killed_at_every_step_it_is_given_once(
    creditor: Creditor, bank: BankServer, nest: Nest, process_dsn: str, step: str, taken: bool
) -> None:
    """`taken`: the bank takes what lies there under its name before somebody asks for it."""
    file = written(creditor, bank)
    runtime = creditor.tenant.runtime
    ended = nest.run(CHILD, str(runtime.config.home), process_dsn, str(creditor.tenant.id), step)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors
    got = [(bank.root / name).read_bytes() for name in bank.names() if not name.endswith(".part")]
    if taken:
        (bank.root / f"{file}.xml").unlink(missing_ok=True)
    send(creditor)
    assert shown(creditor, file)["status"] == "SENT"
    if taken:
        got += [(bank.root / name).read_bytes() for name in bank.names()]
        assert got == [creditor.file(file)], "the bank got it twice, or not at all"
    else:
        there(creditor, bank, file)
    creditor.sound()


FAULTS = [
    "UPDATE payment_file SET status = 'SENT'",
    "UPDATE payment_file SET sent_at = now()",
    "UPDATE payment_file SET status = 'UPLOADED'",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(creditor: Creditor, fault: str) -> None:
    written(creditor, None)
    creditor.sound()
    with creditor.tenant.runtime.transaction(creditor.tenant.caller()) as uow:
        assert uow.run(fault) == 1
    assert "payments.a_file_holds_its_attempts" in {found.check for found in creditor.tenant.broken()}


def end(creditor: Creditor, status: int = 200) -> Any:
    """Nothing comes of the debit, says a person after its day."""
    (intent,) = creditor.intents()
    creditor.turn(dt.date.fromisoformat(intent["attempts"][0]["collectedOn"]) + dt.timedelta(days=1))
    return creditor.act(intent["paymentIntentIdent"], "end", status, {"reason": "The bank never had the file."})


def test_a_file_that_was_given_up_is_put_to_no_server(creditor: Creditor, bank: BankServer) -> None:
    file = written(creditor, bank)
    end(creditor)
    later(creditor)
    shown = creditor.call("GET", f"/v2/payment-files/{file}")
    assert (shown["status"], bank.names()) == ("GIVEN_UP", [])
    creditor.sound()


@pytest.mark.parametrize("status", ["SUBMITTING", "UPLOADED"])
def test_what_is_on_its_way_to_the_server_is_not_ended(creditor: Creditor, bank: BankServer, status: str) -> None:
    """Nobody knows yet whether the bank has it. A try that has failed is over."""
    file = written(creditor, bank)
    runtime, who = creditor.tenant.runtime, creditor.tenant.caller()
    runtime.execute(submitting.take_files, submitting.TakeFiles(), who)
    if status == "UPLOADED":
        runtime.execute(submitting.file_uploaded, submitting.FileUp(ident=file), who)
    assert "on its way to the bank's server right now" in str(end(creditor, 400))
    runtime.execute(submitting.file_not_sent, submitting.FileSent(ident=file, reason="It is off."), who)
    end(creditor)
    assert creditor.call("GET", f"/v2/payment-files/{file}")["status"] == "GIVEN_UP"
    creditor.sound()

"""Letters of paper by workers that are killed between every two steps: each is posted once by itself, none is lost, each costs one credit.

A process of its own hands over what is due and is killed by SIGKILL at one step; when the letter is nobody's any more, another one looks.
"""

import signal
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.factories.killed import AT_STEP
from tests.factories.mailing import Mailing
from tests.factories.nests import Nest
from tests.factories.tenants import Tenant

from contor.notifications.post.handing import HAND_SECONDS, look

CHILD = (
    AT_STEP
    + """
from contor.app import make_runtime
from contor.notifications.post import handing
from contor.notifications.post.providers import SimulatedPost
from contor.runtime.config import Config

home, dsn, tenant, step = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home)), dsn)
runtime.database.open()

watch(runtime)
SimulatedPost.submit = dying("the call", SimulatedPost.submit)
handing.look(runtime, int(tenant))
print("it came to its end")
"""
)
STEPS = (
    "before post_letter.claim",
    "after post_letter.claim",
    "before the call",
    "before simulated_letter.make",
    "after simulated_letter.make",
    "after the call",
    "before post_letter.record",
    "after post_letter.record",
)
CREDITS = 5


@pytest.fixture
def company(furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]) -> Mailing:
    made = Mailing(furnished, client, bearer(furnished))
    made.change_customer(invoiceDelivery="POST")
    made.call("PUT", "/v2/post/configuration", {"provider": "SIMULATED"})
    made.call("POST", "/v2/post/credits", {"credits": CREDITS, "note": "R-1"}, 201)
    return made


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_every_step_a_letter_is_posted_once(company: Mailing, process_dsn: str, nest: Nest, step: str) -> None:
    idents = [company.issued(), company.issued()]
    runtime = company.tenant.runtime
    ended = nest.run(CHILD, str(runtime.config.home), process_dsn, str(company.tenant.id), step)
    assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors
    company.sound()
    with company.later(seconds=HAND_SECONDS + 1):
        look(runtime, company.tenant.id)
    letters = company.call("GET", "/v2/post/letters?sort=createdAt")["_embedded"]
    assert [one["documentIdent"] for one in letters] == idents
    assert {one["status"] for one in letters} <= {"ACCEPTED", "PRINTED"}
    assert len(company.tenant.rows("SELECT key FROM simulated_letter")) == len(idents), "the provider has each once"
    assert company.call("GET", "/v2/post/configuration")["remainingCredits"] == CREDITS - len(idents)
    company.sound()

"""One try: the request that is made of a notification, and what its answer means."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from contor.notifications.delivering.bodies import Due
from contor.notifications.delivering.claiming import Claimed
from contor.notifications.delivering.mailing import mailed
from contor.notifications.delivering.outcomes import LONGEST_ANSWER, Outcome
from contor.notifications.delivering.plan import after, pause_asked
from contor.notifications.delivering.signing import body_alone, headers_of
from contor.notifications.delivering.tokens import Tokens
from contor.notifications.formats import FORMATS
from contor.runtime.execute import Runtime
from contor.runtime.outbound import AGENT, Answer, Call, NotReached, Outbound, target_of
from contor.runtime.work.tenants import described

log = logging.getLogger("contor.notifications")


@dataclass(frozen=True, slots=True)
class Trying:
    """What tries of one process share."""

    runtime: Runtime
    outbound: Outbound
    tokens: Tokens
    seconds: int
    """For a whole try."""

    async def once(self, tenant_id: int, turn: Claimed, due: Due) -> Outcome:
        """Send it, and say what becomes of it."""
        at = self.runtime.clock()
        first, tries = due.first_try_at or at, due.tries + 1
        answer: Answer | None = None
        failure: str | None = None
        try:
            answer = await self._answer(tenant_id, turn, due)
            milliseconds = answer.milliseconds
        except NotReached as error:
            failure, milliseconds = error.message, error.milliseconds
        except Exception as error:  # a fault of ours: it counts as a try, or it would be sent for ever and nothing behind it
            log.exception("notification %s of tenant %s could not be sent", due.told.sequence, tenant_id)
            failure, milliseconds = f"It could not be sent: {described(error)}", 0
        status = answer.status if answer is not None else None
        asked = pause_asked(answer.headers.get("retry-after", "")) if answer is not None else 0
        following = after(status, tries, first, self.runtime.clock(), turn.policy, asked)
        return Outcome(
            sequence=due.told.sequence,
            subject=due.subject,
            tries=tries,
            first_try_at=first,
            at=at,
            milliseconds=milliseconds,
            verdict=following.verdict,
            due_at=following.due_at,
            http_status=status,
            failure=failure,
            answer=answer.body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
            if answer is not None
            else None,
        )

    async def _answer(self, tenant_id: int, turn: Claimed, due: Due) -> Answer:
        """A token that the receiver takes no more is replaced once."""
        if turn.mailing is not None:
            return await mailed(self.outbound, turn.url, turn.mailing, due, self.seconds)
        authorization = await self._authorization(tenant_id, turn)
        answer = await self._called(turn, due, authorization)
        if answer.status == 401 and authorization and turn.credentials is not None and turn.credentials.said.type == "OAUTH2":
            self.tokens.forget(tenant_id, turn.credentials, authorization)
            answer = await self._called(turn, due, await self._authorization(tenant_id, turn))
        return answer

    async def _authorization(self, tenant_id: int, turn: Claimed) -> Mapping[str, str]:
        return await self.tokens.headers(tenant_id, turn.credentials, target_of(turn.url).host)

    async def _called(self, turn: Claimed, due: Due, authorization: Mapping[str, str]) -> Answer:
        form, body = FORMATS[turn.format], due.body.encode()
        timestamp = int(self.runtime.clock().timestamp())
        identified: Mapping[str, str] = {}
        if form.signs_body_alone:
            identified = body_alone(body, turn.keys[0]) if turn.keys else {}
        elif turn.keys or form.is_identified:
            identified = headers_of(due.told.ident, timestamp, body, turn.keys)
        headers = {"Content-Type": "application/json", **identified, **authorization}
        call = Call(turn.url, body, headers, seconds=self.seconds, longest=LONGEST_ANSWER, cut=True, agent=form.agent or AGENT)
        return await self.outbound.answer(call)

"""What the reason of a return or rejection means for the account, the mandate and the next try (ISO 20022 external codes). Pure."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Next = Literal["ASK_CUSTOMER", "RETRY", "RETRY_ONCE", "STOP", "LIST", "NONE", "IGNORE"]


class Consequence(NamedTuple):
    """What follows."""

    means: str
    wrong: bool = False
    """There is no such account, or it is closed or blocked: nothing is paid to it either."""
    unhealthy: bool = False
    """Nothing is collected from the account until somebody says that it works."""
    revoked: bool = False
    """The mandate is no longer one."""
    next: Next = "LIST"
    """RETRY: by the schedule. RETRY_ONCE: one more time. LIST: the case is open again, and somebody looks. STOP: somebody must look first.
    IGNORE: it is no return."""


CONSEQUENCES: Final[Mapping[str, Consequence]] = {
    "AC01": Consequence("the account number is wrong", wrong=True, unhealthy=True, next="ASK_CUSTOMER"),
    "AC04": Consequence("the account is closed", wrong=True, unhealthy=True, next="ASK_CUSTOMER"),
    "AC06": Consequence("the account is blocked", wrong=True, unhealthy=True, next="ASK_CUSTOMER"),
    "AC13": Consequence("the account is a consumer's, and the mandate one between businesses", unhealthy=True, next="ASK_CUSTOMER"),
    "AM04": Consequence("there are not enough funds", next="RETRY"),
    "AM05": Consequence("it was collected already", next="STOP"),
    "MD01": Consequence("there is no valid mandate", revoked=True, next="NONE"),
    "MD06": Consequence("the customer asked for the money back", next="NONE"),
    "MD07": Consequence("the holder of the account has died", unhealthy=True, next="LIST"),
    "MS02": Consequence("the customer refused it", next="LIST"),
    "MS03": Consequence("the bank does not say why", next="RETRY_ONCE"),
    "SL01": Consequence("the customer's bank has a list that refuses it", unhealthy=True, next="LIST"),
    "0000": Consequence("it succeeded", next="IGNORE"),
}
RETRIED_AFTER: Final = (3, 7, 14)
"""Days after which what came back for lack of funds is tried again, unless the account says otherwise."""


def consequence_of(code: str) -> Consequence:
    """Of AG01, AG02, BE05, CNOR, DNOR, FOCR, RC01, RR01 to RR04, TM01 and every other one: the case is open again, and somebody looks."""
    return CONSEQUENCES.get(code, Consequence("the bank gave it back"))

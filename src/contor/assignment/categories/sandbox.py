"""A process of its own that evaluates JSONata, and nothing else: what an expression takes in time or memory ends it, not its parent.

Started as a script, so that it imports nothing of Contor. A line of JSON in: an expression and the payments it is asked of; a byte out for
each: `T` true, `F` false, `N` nothing, `X` no boolean, `E` it failed; `S` at once where the expression cannot be read, with the reason.
"""

import os
import resource
import signal
import sys

import msgspec

MILLISECONDS, DEPTH, MEMORY = 300, 200, 512 * 1024 * 1024
"""Of processor time and of calls within each other for one payment; of memory in all."""
TOO_MUCH = ("D1011", "D1012")
"""How JSONata says that an expression went too deep or took too long."""
REASON = 300
"""Characters of it."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # which ends the process, in whatever code it is
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.setrecursionlimit(5_000)
    for line in sys.stdin.buffer:
        asked = msgspec.json.decode(line, type=Asked)  # numbers are what they are to JSONata: floats
        answer(asked.expression, asked.payments)


class Asked(msgspec.Struct):
    expression: str
    payments: list[object]


def answer(expression: str, payments: list[object]) -> None:
    """One byte for each payment, as soon as it is known."""
    from jsonata import Jsonata  # where the rest of Contor imports this file, it needs none

    bounded(True)
    try:
        read = Jsonata(expression, timeout=MILLISECONDS, stack=DEPTH)
        if read.errors:
            raise read.errors[0]
    except (Exception, RecursionError) as error:
        bounded(False)
        said = " ".join(str(error).split())[:REASON].encode()
        os.write(1, b"S" + len(said).to_bytes(2, "big") + said)
        return
    for payment in payments:
        bounded(True)
        try:
            found = read.evaluate(payment)
        except Exception as error:
            if isinstance(error, (RecursionError, MemoryError)) or getattr(error, "error", "") in TOO_MUCH:
                os._exit(1)  # as if it had been ended: it is not asked of the next ones
            found = Exception
        bounded(False)
        os.write(
            1,
            b"E" if found is Exception else b"T" if found is True else b"F" if found is False else b"N" if found is None else b"X",
        )


def bounded(on: bool) -> None:
    """From now on for so long."""
    signal.setitimer(signal.ITIMER_PROF, MILLISECONDS / 1000 if on else 0)


if __name__ == "__main__":
    main()

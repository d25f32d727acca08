"""Work in a thread beside an event loop, which hears of it however it ends."""

import asyncio
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_OF_THE_LOOP = (StopIteration, StopAsyncIteration, CancelledError)
"""What an event loop takes for its own: raised in a thread, it would end nothing, or more than what was waited for."""


async def in_thread(run: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run it in a thread and wait for it. Raises what it raised; what is no failure to an event loop, as a RuntimeError."""

    def failing() -> T:
        try:
            return run(*args, **kwargs)
        except BaseException as error:
            if isinstance(error, Exception) and not isinstance(error, _OF_THE_LOOP):
                raise
            raise RuntimeError(f"it ended by {type(error).__name__}: {error}") from error

    return await asyncio.to_thread(failing)

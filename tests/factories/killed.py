"""Beginnings of the source of a process that is to be killed (SIGKILL) in the middle of what it does."""

AT_STEP = """
import os, signal, sys
from pathlib import Path

def dying(wanted, function):
    # `step`, which the process is told: "before" or "after" what is wanted
    def call(*arguments, **more):
        if step == f"before {wanted}":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **more)
        if step == f"after {wanted}":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return call

def watch(runtime):
    execute = runtime.execute
    def executed(operation, *arguments):
        return dying(operation.name, lambda *given: execute(operation, *given))(*arguments)
    runtime.execute = executed
"""
"""`watch` lets it die at operations by their names, `dying` at any other function."""

AT_COUNT = """
import os, signal, sys
from pathlib import Path
from contor.runtime.uow import Uow

def watch(runtime, where, times, kind, is_meant):
    left, audit, execute = times, Uow.audit, runtime.execute

    def counted():
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(uow, touched, ident, change=None):
        audit(uow, touched, ident, change)
        if where == "within" and touched == kind:
            counted()

    def executed(operation, *arguments, **more):
        answer = execute(operation, *arguments, **more)
        if where == "between" and is_meant(operation.name):
            counted()
        return answer

    Uow.audit, runtime.execute = audited, executed
"""
"""`watch` lets it die at so many of the transactions that are meant, "between" them, or "within" when they touch a thing of the kind."""

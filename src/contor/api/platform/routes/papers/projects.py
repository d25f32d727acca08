"""Projects, their tasks and times, in `/v2`: ours."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.projects import bill, projects, times

_PROJECTS = "/v2/projects"
_PROJECT = f"{_PROJECTS}/{{projectIdent}}"

PROJECT_ROUTES: list[Route] = [
    *resource(_PROJECTS, projects.PROJECTS),
    *resource(f"{_PROJECT}/tasks", projects.TASKS, member="taskIdent"),
    route("POST", f"{_PROJECT}/actions/bill-times", bill.bill_times, body="body", may_be_empty=True),
    *resource("/v2/times", times.TIMES, member="timeIdent"),
]

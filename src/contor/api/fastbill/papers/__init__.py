"""project.*, task.*, time.*, expense.*, revenue.*, document.*, estimate.*: what stands before and beside the documents."""

from contor.api.fastbill.papers import documents, estimates, expenses, projects, revenues, times
from contor.api.fastbill.papers.filed import with_file
from contor.api.kit import service
from contor.api.route import Route

SERVICES: list[Route] = [
    service("project.get", projects.get, body="*"),
    service("project.create", projects.create, body="*"),
    service("project.update", projects.update, body="*"),
    service("project.delete", projects.delete, body="*"),
    service("task.get", projects.get_tasks, body="*"),
    service("time.get", times.get, body="*"),
    service("time.create", times.create, body="*"),
    service("time.update", times.update, body="*"),
    service("time.delete", times.delete, body="*"),
    service("expense.get", expenses.get, body="*"),
    with_file("expense.create", expenses.create),
    service("revenue.get", revenues.get, body="*"),
    with_file("revenue.create", revenues.create),
    service("revenue.setpaid", revenues.set_paid, body="*"),
    service("revenue.delete", revenues.delete, body="*"),
    service("document.get", documents.get, body="*"),
    with_file("document.create", documents.create),
    service("estimate.get", estimates.get, body="*"),
    service("estimate.create", estimates.create, body="*"),
    service("estimate.sendbyemail", estimates.send, body="*"),
    service("estimate.createinvoice", estimates.create_draft, body="*"),
    service("estimate.delete", estimates.delete, body="*"),
]

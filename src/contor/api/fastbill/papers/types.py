"""What clients send of projects, times, papers and estimates, and by what they look for them. Pure."""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from contor.api.fastbill.customers.types import Currency
from contor.api.fastbill.mailed import Mailed
from contor.api.fastbill.names import Also
from contor.api.fastbill.reading import Day, Flag, Get, Id, Line, Moment, Number, Sought, Whole, Words, whole
from contor.kernel.shapes import shape

MOST_ROWS: Final = 100
_Month = Annotated[Whole, Field(ge=1, le=12)]
_Year = Annotated[Whole, Field(ge=1900, le=2999)]
_Category = Annotated[object, Field(description="A text, or a list of texts.")]


@shape
class ProjectFilter(Get):
    project_id: Id | None = None
    project_number: Sought | None = None
    customer_id: Id | None = None


@shape
class ProjectFields:
    project_number: Line | None = None
    customer_costcenter_id: Annotated[Line | None, Also("customer_cost_center_id")] = None
    hour_price: Number | None = None
    currency_code: Currency | None = None
    vat_percent: Number | None = None
    start_date: Day | None = None
    end_date: Day | None = None


@shape
class NewProject(ProjectFields):
    project_name: Line
    customer_id: Id


@shape
class ChangedProject(ProjectFields):
    project_id: Id
    project_name: Line | None = None
    customer_id: Id | None = None


@shape
class OneProjectData:
    project_id: Id


@shape
class TaskFilter(Get):
    task_id: Id | None = None
    project_id: Id | None = None


@shape
class TimeFilter(Get):
    customer_id: Id | None = None
    project_id: Id | None = None
    task_id: Id | None = None
    time_id: Id | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    date: Day | None = None


@shape
class TimeFields:
    task_id: Id | None = None
    date: Day | None = None
    end_time: Moment | None = None
    minutes: Whole | None = None
    billable_minutes: Whole | None = None
    comment: Words | None = None
    article_number: Line | None = None


@shape
class NewTime(TimeFields):
    customer_id: Id
    project_id: Id
    start_time: Moment


@shape
class ChangedTime(TimeFields):
    time_id: Id
    customer_id: Id | None = None
    project_id: Id | None = None
    start_time: Moment | None = None


@shape
class OneTimeData:
    time_id: Id


@shape
class PaperItem:
    """A row of an expense or a revenue."""

    description: Words | None = None
    quantity: Number | None = None
    unit_price: Number | None = None
    net_value: Annotated[Number | None, Also("complete_net")] = None
    vat_percent: Number | None = None
    vat_value: Number | None = None
    article_number: Line | None = None
    category: _Category = None


@shape
class PaperFields:
    """What expenses and revenues have alike."""

    invoice_date: Day
    sub_total: Number
    vat_total: Number | None = None
    currency_code: Currency | None = None
    due_date: Day | None = None
    invoice_number: Line | None = None
    service_period_start: Day | None = None
    service_period_end: Day | None = None
    comment: Annotated[Words | None, Also("note", "comment_")] = None
    paid_date: Day | None = None
    items: Annotated[tuple[PaperItem, ...], Field(max_length=MOST_ROWS)] = ()


@shape
class NewExpense(PaperFields):
    organization: Line
    customer_id: Id | None = None
    project_id: Id | None = None
    category: _Category = None


@shape
class NewRevenue(PaperFields):
    customer_id: Id
    invoice_title: Line | None = None


@shape
class ExpenseFilter(Get):
    invoice_id: Id | None = None
    invoice_number: Sought | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    start_paid_date: Day | None = None
    end_paid_date: Day | None = None
    month: _Month | None = None
    year: _Year | None = None


@shape
class RevenueFilter(Get):
    invoice_id: Annotated[Id | None, Also("revenue_id")] = None
    invoice_number: Annotated[Sought | None, Also("revenue_number")] = None
    invoice_title: Annotated[Sought | None, Also("revenue_title")] = None
    customer_id: Id | None = None
    start_date: Day | None = None
    end_date: Day | None = None
    start_due_date: Day | None = None
    end_due_date: Day | None = None
    start_paid_date: Day | None = None
    end_paid_date: Day | None = None
    month: _Month | None = None
    year: _Year | None = None


@shape
class PaidRevenue:
    invoice_id: Annotated[Id, Also("revenue_id")]
    paid_date: Day | None = None


@shape
class OneRevenueData:
    invoice_id: Annotated[Id, Also("revenue_id")]


@shape
class DocumentFilter(Get):
    folder_id: Annotated[int, BeforeValidator(whole), Field(ge=0, lt=2**63)] | None = None
    """0 is none."""


@shape
class NewDocument:
    type: Line
    title: Line
    date: Day
    note: Words | None = None
    folder_id: Id | None = None


@shape
class EstimateItem:
    description: Words
    unit_price: Number
    quantity: Number | None = None
    vat_percent: Number | None = None
    article_number: Line | None = None
    unit: Line | None = None
    is_gross: Flag | None = None


@shape
class EstimateFilter(Get):
    estimate_id: Id | None = None
    estimate_number: Sought | None = None
    customer_id: Id | None = None
    start_estimate_date: Annotated[Day | None, Also("start_date")] = None
    end_estimate_date: Annotated[Day | None, Also("end_date")] = None


@shape
class NewEstimate:
    customer_id: Id
    items: Annotated[tuple[EstimateItem, ...], Field(min_length=1, max_length=MOST_ROWS)]
    template_id: Line | None = None
    template_hash: Line | None = None
    introtext: Words | None = None
    invoice_title: Line | None = None
    estimate_date: Day | None = None
    due_date: Day | None = None
    currency_code: Currency | None = None
    is_gross: Flag | None = None
    discount: Annotated[Annotated[Number, Field(ge=0, le=100)] | None, Also("discount_percent")] = None
    """Percent off the whole; 0: nothing is taken off."""


@shape
class OneEstimateData:
    estimate_id: Id


@shape
class SentEstimate(Mailed):
    """An estimate, and the mail that brings it."""

    estimate_id: Id

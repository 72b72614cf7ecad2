"""The people behind every figure: (event, person) rows, as many as the figure says, traces of moved people included."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.db.models import Q, QuerySet

from candidates.models import StageEvent
from candidates.pipeline import STAGES, Stage, Status
from reports.figures import attention, counted, standing
from reports.figures.counted import Remainder
from reports.figures.periods import Period, Window
from reports.figures.scope import Reach
from targets.models import AdmissionPlan


@dataclass(frozen=True)
class Figure:
    """One figure that opens a list: its word in addresses, its title, the words for the day of its events."""

    key: str
    slug: str
    title: str
    day: str
    rows: Callable[[Reach, Period, AdmissionPlan | None], QuerySet[StageEvent]]
    window: Window | None = None  # whose opening balances belong to it
    of_rest: Callable[[Remainder], int] = attrgetter("rest")  # how many of a remainder belong to it

    @property
    def tells_background(self) -> bool:
        """Whether being in the list says what only readers of the background may know (design: religion)."""
        return self.key == "religion"


def _admitted(which: Window, test: str = ""):
    def rows(reach: Reach, period: Period, plan) -> QuerySet[StageEvent]:
        days = period.window(which, plan)
        if days is None:
            return StageEvent.objects.none()
        events = counted.with_decision(counted.admissions(reach, plan, *days), plan)
        return events.filter(counted.BREAKDOWNS[test](counted.snapshot_path(plan))) if test else events

    return rows


def _official(reach: Reach, period: Period, plan) -> QuerySet[StageEvent]:
    return counted.recognitions(reach, period.year_start, period.as_of)


def _standing(condition: Callable[[date], Q]):
    return lambda reach, period, plan: standing.standing(reach, period.as_of).filter(condition(period.as_of))


def _stock(name: str):
    return _standing(lambda day: standing.in_stock(name))


def _stage(stage: Stage):
    return _standing(lambda day: Q(to_stage=stage, to_status=Status.OPEN))


_FROM = "Ở bước này từ"
_FOLLOWED = Q(to_status=Status.RETURNED) | (Q(to_status=Status.OPEN) & ~Q(to_stage=Stage.OFFICIAL))
FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure("period", "trong-ky", "Đã kết nạp trong kỳ", "Kết nạp", _admitted(Window.PERIOD), Window.PERIOD),
        Figure("year", "nam", "Lũy kế năm", "Kết nạp", _admitted(Window.YEAR), Window.YEAR),
        Figure("term", "nhiem-ky", "Lũy kế nhiệm kỳ", "Kết nạp", _admitted(Window.TERM), Window.TERM),
        Figure("last_year", "cung-ky", "Cùng kỳ năm trước", "Kết nạp", _admitted(Window.LAST_YEAR), Window.LAST_YEAR),
        Figure(
            "women",
            "nu",
            "Kết nạp trong năm: nữ",
            "Kết nạp",
            _admitted(Window.YEAR, "women"),
            Window.YEAR,
            lambda remainder: remainder.women or 0,
        ),
        Figure("union", "doan-vien", "Kết nạp trong năm: đoàn viên", "Kết nạp", _admitted(Window.YEAR, "union")),
        Figure("religion", "ton-giao", "Kết nạp trong năm: có đạo", "Kết nạp", _admitted(Window.YEAR, "religion")),
        Figure(
            "enterprise",
            "doanh-nghiep",
            "Kết nạp trong năm: lao động doanh nghiệp ngoài nhà nước",
            "Kết nạp",
            _admitted(Window.YEAR, "enterprise"),
        ),
        Figure("official", "chinh-thuc", "Chuyển chính thức trong năm", "Công nhận", _official),
        Figure("trained", "da-hoc-lop", "Đã học lớp nhận thức về Đảng", _FROM, _stock("trained")),
        Figure("dossier", "dang-lam-ho-so", "Hồ sơ đang làm", _FROM, _stock("dossier")),
        Figure("submitted", "da-gui", "Đã gửi Ban Tổ chức", _FROM, _stock("submitted")),
        Figure("followed", "dang-theo-doi", "Đang theo dõi", _FROM, _standing(lambda day: _FOLLOWED)),
        Figure("returned", "bi-tra-lai", "Bị trả lại", "Trả lại", _standing(lambda day: Q(to_status="returned"))),
        Figure("stopped", "tam-dung", "Tạm dừng theo dõi", "Tạm dừng", _standing(lambda day: Q(to_status="stopped"))),
        Figure(
            "returned_long",
            "tra-lai-lau",
            "Bị trả lại hơn 30 ngày chưa gửi lại",
            "Trả lại",
            _standing(standing.returned_long),
        ),
        Figure(
            "submitted_long",
            "gui-lau",
            "Đã ở Ban Tổ chức hơn 60 ngày",
            _FROM,
            _standing(standing.submitted_long),
        ),
        Figure(
            "certificates",
            "giay-chung-nhan",
            "Giấy chứng nhận hết giá trị trong 90 ngày, hoặc đã hết",
            _FROM,
            lambda reach, period, plan: attention.certificates(reach, period.as_of),
        ),
        Figure(
            "probation",
            "het-du-bi",
            "Hết 12 tháng dự bị, chi bộ chưa đề nghị công nhận",
            _FROM,
            lambda reach, period, plan: attention.probation(reach, period.as_of),
        ),
        *(
            Figure(f"stage_{stage}", "buoc-" + stage.value.replace("_", "-"), stage.label, _FROM, _stage(stage))
            for stage in STAGES
        ),
    )
}
BY_SLUG = {figure.slug: figure for figure in FIGURES.values()}


def people_behind(
    user, figure: str, period: Period, plan: AdmissionPlan | None, only: str = ""
) -> QuerySet[StageEvent]:
    """The events a figure counts, one a person, people and units loaded; their number is the figure's people part."""
    return (
        FIGURES[figure]
        .rows(Reach(user, only), period, plan)
        .select_related("candidate__unit__grassroots", "unit__grassroots")
        .order_by("unit__grassroots__kind", "unit__grassroots__order", "unit__order", "candidate__sort_key", "pk")
    )


def openings_behind(
    user, figure: str, period: Period, plan: AdmissionPlan | None, only: str = ""
) -> list[tuple[Remainder, int]]:
    """The remainders of opening balances in a figure, each with how many people of it: one line a document."""
    found = FIGURES[figure]
    days = period.window(found.window, plan) if found.window else None
    if days is None:
        return []
    balances = counted.openings(Reach(user, only), plan, days[1])
    rows = [(row, found.of_rest(row)) for balance in balances.values() for row in balance.rows if days[0] <= row.to_on]
    return [(row, people) for row, people in rows if people]

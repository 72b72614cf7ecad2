"""Tổng quan: the district, a group or a unit as of a day."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from candidates.pipeline import Stage
from organizations.permissions import Permission
from organizations.scope import needs
from reports.figures import Period, current_plan, progress_table
from reports.figures.attention import counts
from reports.figures.behind import FIGURES
from reports.figures.counted import term_years
from reports.figures.fates import Span
from reports.figures.overview import unit_overview
from reports.figures.progress import term_of, year_of
from reports.figures.rows import ProgressTable
from reports.figures.scope import Reach
from reports.figures.training import training_total
from reports.figures.training_rows import NUMBERS
from reports.forms import FiguresForm, Part, address
from reports.forms_training import Part as TrainingPart
from reports.forms_training import address as training_address
from targets.progress import LABELS, State
from vuthu_recruit.dates import show_day
from vuthu_recruit.templatetags.ui import percent1, vn_number

ATTENTION = (
    ("returned_long", "returned", "Bị trả lại hơn 30 ngày chưa gửi lại"),
    ("submitted_long", "late", "Đã ở Ban Tổ chức hơn 60 ngày"),
    ("certificates", "soon", "Giấy chứng nhận hết giá trị trong 90 ngày, hoặc đã hết"),
    ("probation", "soon", "Hết 12 tháng dự bị, chi bộ chưa đề nghị công nhận"),
    ("slow", "soon", "Đơn vị còn chậm so với mốc"),
    ("not_entered", "missing", "Đơn vị chưa nhập số liệu"),
    ("no_admission", "later", "Chi bộ 3 năm chưa kết nạp"),
)
UNIT_LISTS = {"slow": "don-vi-cham", "not_entered": "don-vi-chua-nhap", "no_admission": "chi-bo-chua-ket-nap"}
STATUS = {
    State.OUTSIDE: ("idle", "none"),
    State.NOT_YET: ("idle", "none"),
    State.NO_TARGET: ("idle", "none"),
    State.BELOW: ("doing", "moved"),
    State.IN_RANGE: ("done", "done"),
    State.ABOVE: ("done", "above"),
}
DOSSIER_NOTE = "gồm đang làm hồ sơ, chi bộ và đảng ủy đã có nghị quyết"
STAGE_WORDS = {
    Stage.TRAINED: "Đã học lớp nhận thức",
    Stage.COMMITTEE_PASSED: "Đảng ủy đã có nghị quyết",
    Stage.ADMITTED: "Đảng viên dự bị",
    Stage.RECOGNITION_PROPOSED: "Đề nghị công nhận",
}


@dataclass(frozen=True)
class Links:
    """Addresses of the lists behind the figures of one look."""

    period: Period
    only: str = ""
    reads_background: bool = False

    def to(self, key: str, *, only: str | None = None, period: Period | None = None, part: str = "") -> str:
        if key in FIGURES and FIGURES[key].tells_background and not self.reads_background:
            return ""  # the number alone
        slug = FIGURES[key].slug if key in FIGURES else UNIT_LISTS[key]
        query = address(period or self.period, self.only if only is None else only) | ({"phan": part} if part else {})
        return f"{reverse('reports:rows', args=[slug])}?{urlencode(query)}"


@require_safe
@needs(Permission.FIGURES_VIEW)
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of a day; days and scope stand in the address."""
    form = FiguresForm(request.GET, user=request.user)
    if not form.is_valid():
        form.offer(Reach(request.user).grassroots().in_order())
        context = {"form": form, "plan": current_plan(), "title": "Tổng quan"}
        return render(request, "reports/dashboard.html", context, status=422)
    table = progress_table(request.user, form.period, only=form.only)
    units = [row.organization for row in table.rows]
    shown = form.settled(Reach(request.user).grassroots().in_order() if form.only else units)
    return render(request, "reports/dashboard.html", {"form": shown} | page(request.user, table, form.only))


def page(user, table: ProgressTable, only: str) -> dict:
    """What the dashboard shows of a table."""
    reach, plan = Reach(user, only), table.plan
    links = Links(table.period, only, table.tells_religion)
    is_district = not only and plan is not None and reach.is_whole(plan.organization)
    return {
        "title": title(table, only, is_district),
        "plan": plan,
        "table": table,
        "as_of": table.period.as_of,
        "since": table.period.since,
        "is_district": is_district,
        "term": term_card(table, links, with_goal=is_district),
        "year": year_card(table, links),
        "funnel": funnel_card(table, links),
        "training": training_card(reach, table),
        "attention": attention_items(reach, table, links),
        "groups": [unit_group(group, links) for group in table.groups if group.rows],
        "total": total_cells(table.total, links),
        "downloads": downloads(table.period),
    }


def title(table: ProgressTable, only: str, is_district: bool) -> str:
    if is_district:
        return "Tổng quan toàn huyện"
    if only in ("I", "II"):
        return f"Tổng quan: {'khối xã, thị trấn' if only == 'I' else 'khối cơ quan, đơn vị'}"
    if len(table.rows) == 1:
        return f"Tổng quan: {table.rows[0].name}"
    return "Tổng quan các đơn vị"


def term_card(table: ProgressTable, links: Links, *, with_goal: bool) -> dict | None:
    """The term: opening part apart, then each year; the district's goal only to readers of the whole district."""
    term = term_of(table, with_goal=with_goal)
    if term is None:
        return None
    opening = term.count.opening
    rows = _opening_row(opening, links, "term")
    years = term_years(table.period.windows(table.plan))
    for index, (year, count) in enumerate(term.years.items()):
        within = links.to("period", period=Period(*years[year]), part=Part.NAMED)
        kind = "result-2" if index % 2 else "result"
        rows.append({"kind": kind, "label": f"Năm {year}", "value": count.people, "url": within})
    scale = max(500, term.goal or 0, -(-term.count.total // 100) * 100) if with_goal else _scale(term.count.total)
    return {
        "term": term,
        "url": links.to("term"),
        "scale": scale,
        "parts": [count.people for count in term.years.values()],
        "rows": rows,
        "behind_words": f"{term.behind} người so với mốc" if term.behind else "",
    }


def _opening_row(opening: int, links: Links, key: str) -> list[dict]:
    """The part known without names, which opens its documents."""
    url = links.to(key, part=Part.OPENING)
    return [{"kind": "opening", "label": "Số dư đầu kỳ", "value": opening, "url": url}] if opening else []


def _scale(most: int) -> int:
    """The end of an axis with four or five even intervals."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000):
        if most <= step * 4:
            return step * 4
    return -(-most // 4000) * 4000


def year_card(table: ProgressTable, links: Links) -> dict:
    year = year_of(table)
    named = links.to("year", part=Part.NAMED)
    rows = [{"kind": "result", "label": "Đã kết nạp", "value": year.count.people, "url": named}]
    rows += _opening_row(year.count.opening, links, "year")
    if year.units:
        spread = f"{year.minimum}–{year.maximum}"
        day = show_day(table.period.as_of)
        rows.append({"kind": "band", "label": "Khung chỉ tiêu", "value": spread})
        rows.append({"kind": "mark", "label": f"Mốc đến {day}", "value": year.expected})
    return {
        "year": year,
        "rows": rows + _breakdown(table, links),
        "number": str(year.year),
        "last_year_number": str(year.year - 1),
        "percent": f"{year.percent}%".replace(".", ",") if year.percent is not None else "",
        "behind_words": f"{year.behind} người so với mốc" if year.behind else "",
        "url": links.to("year"),
        "last_year_url": links.to("last_year"),
        "scale": _scale(max(year.maximum, year.count.total, 1)),
        "covers": bool(table.plan and table.plan.covers(table.period.as_of)),
        "no_range": _no_range(table),
    }


def _breakdown(table: ProgressTable, links: Links) -> list[dict]:
    """Of which, as known on the day of the decision; the unnamed part is said beside it."""
    total = table.total
    unknown = f"{total.unknown} người không rõ" if total.unknown else ""
    women = f"{total.unknown_women} người không rõ" if total.unknown_women else ""
    if total.women.opening:
        women = f"{total.women.people} đã có tên{'; ' + women if women else ''}"
    found = [{"label": "Trong đó nữ", "value": total.women.total, "url": links.to("women"), "note": women}]
    for key, label in (("union", "Đoàn viên"), ("religion", "Có đạo"), ("enterprise", "Lao động doanh nghiệp")):
        if key == "religion" and not table.tells_religion:
            continue
        found.append({"label": label, "value": getattr(total, key), "url": links.to(key), "note": unknown})
    found.append({"label": "Chuyển chính thức", "value": total.official, "url": links.to("official")})
    return found


def _no_range(table: ProgressTable) -> str:
    """Why there is no range to compare with, in the words of its state."""
    states = {row.progress.state for row in table.rows if row.progress and not row.progress.has_target}
    if any(row.progress is None for row in table.rows):
        return "Chỉ tiêu giao cho cả đơn vị, không phải cho chi bộ."
    return f"{LABELS[next(iter(states))]}." if len(states) == 1 else "Không có chỉ tiêu."


def funnel_card(table: ProgressTable, links: Links) -> dict:
    funnel = table.funnel
    stages = [
        {"name": STAGE_WORDS.get(Stage(key), Stage(key).label), "people": people, "url": links.to(f"stage_{key}")}
        for key, people in funnel.stages.items()
    ]
    beside = [
        {"label": "Bị trả lại", "value": funnel.returned, "url": links.to("returned")},
        {"label": "Tạm dừng", "value": funnel.stopped, "url": links.to("stopped")},
        {"label": "Đã là đảng viên chính thức", "value": funnel.official, "url": links.to("stage_official")},
    ]
    return {"funnel": funnel, "stages": stages, "beside": beside, "url": links.to("followed")}


def training_card(reach: Reach, table: ProgressTable) -> dict:
    """The awareness classes of the year so far. One query."""
    span = Span.year_of(table.period.as_of)
    figures = training_total(reach, span, table.plan)
    tally, converted = figures.tally, figures.conversion
    query = training_address(span, reach.only)

    def to(key: str) -> str:
        return f"{reverse('reports:training_rows')}?{urlencode(query | {'so': NUMBERS[key].slug})}"

    places = f"{percent1(figures.use_of_places)} của {vn_number(figures.places)} chỗ" if figures.places else ""
    passed = f"{percent1(tally.pass_rate)} người đã có kết quả" if tally.judged else ""
    rate = f"{percent1(converted.rate)} người có giấy" if converted.people else ""
    rows = [
        {"label": "Có chỗ trong lớp", "value": tally.seated, "url": to("seated"), "note": places},
        {"label": "Đạt", "value": tally.passed, "url": to("passed"), "note": passed},
        {"label": "Giấy chứng nhận", "value": tally.certified, "url": to("certificates")},
        {"label": "Có giấy, đã kết nạp", "value": converted.admitted, "url": to("admitted"), "note": rate},
        {"label": "Có giấy, chưa kết nạp", "value": converted.waiting, "url": to("waiting")},
        {"label": "Có giấy, không còn theo dõi", "value": converted.gone, "url": to("gone"), "note": "kể cả tạm dừng"},
    ]
    query |= {"muc": TrainingPart.CONVERSION.value}
    return {
        "year": str(span.as_of.year),
        "rows": [row if row["value"] else row | {"url": ""} for row in rows],
        "sent": tally.sent,
        "sent_url": to("sent"),
        "url": f"{reverse('reports:training')}?{urlencode(query)}",
        "is_empty": not tally.sent,
    }


def attention_items(reach: Reach, table: ProgressTable, links: Links) -> list[dict]:
    """What needs attention, each with its list; nothing that counts nobody."""
    found = counts(reach, table.period.as_of) | table.standing_still
    found["slow"] = sum(row.is_slow for row in table.rows)
    found["not_entered"] = sum(not row.is_entered and not row.is_closed for row in table.rows)
    return [
        {"url": links.to(key), "icon": icon, "label": label, "count": found[key]}
        for key, icon, label in ATTENTION
        if found[key]
    ]


def unit_group(group, links: Links) -> dict:
    return {"group": group, "rows": [unit_row(row, links) for row in group.rows], "total": total_cells(group.total)}


def unit_row(row, links: Links) -> dict:
    """A unit of the dense tables: bar, result, range, state in words."""
    target = row.target if row.has_target else None
    return {
        "row": row,
        "value": row.year.total if row.is_entered else None,
        "minimum": target.minimum if target else None,
        "maximum": target.maximum if target else None,
        "expected": row.progress.expected if target else None,
        "status": status_of(row),
        "url": links.to("year", only=row.organization.slug),
    }


def status_of(row) -> tuple[str, str, str]:
    """Word, kind, shape of where a unit stands. Nothing entered, no target and 0 are three things."""
    if row.progress is None:
        return "Chỉ tiêu theo đơn vị", "idle", "none"
    if not row.is_entered:
        return "Chưa nhập", "idle", "missing"
    if row.is_slow:
        return "Còn chậm", "soon", "soon"
    word = "Đúng tiến độ" if row.progress.state == State.BELOW and not row.is_closed else row.progress.label
    return (word, *STATUS[row.progress.state])


def unit_card(user, organization, as_of) -> dict | None:
    """What _unit_overview.html shows of a grassroots unit; None when the user may read no figure of it."""
    found = unit_overview(user, organization, as_of)
    if found is None:
        return None
    links, row = Links(found.period, organization.slug), found.row
    lines = [
        {"label": "Lũy kế nhiệm kỳ", "value": row.term.total, "url": links.to("term"), "note": _named(row.term)},
        {"label": "Trong tháng này", "value": row.period.total, "url": links.to("period"), "note": _named(row.period)},
        {"label": "Cùng kỳ năm trước", "value": row.last_year.total, "url": links.to("last_year")},
        {"label": "Đã học lớp nhận thức", "value": row.trained, "url": links.to("trained")},
        {"label": "Hồ sơ đang làm", "value": row.dossier, "url": links.to("dossier"), "note": DOSSIER_NOTE},
        {"label": "Đã gửi Ban Tổ chức", "value": row.submitted, "url": links.to("submitted")},
        {"label": "Chuyển chính thức trong năm", "value": row.official, "url": links.to("official")},
    ]
    attention = [
        {"url": links.to(key), "icon": icon, "label": label, "count": found.attention[key]}
        for key, icon, label in ATTENTION
        if found.attention.get(key)
    ]
    return {
        "row": unit_row(row, links),
        "lines": lines,
        "attention": attention,
        "as_of": as_of,
        "basis": found.basis or "ngày quyết định kết nạp",
        "url": f"{reverse('reports:dashboard')}?{urlencode(address(found.period, organization.slug))}",
    }


def _named(count) -> str:
    return f"trong đó {count.people} đã có tên" if count.opening else ""


def total_cells(total, links: Links | None = None) -> dict:
    return {"total": total} | ({"url": links.to("year"), "period_url": links.to("period")} if links else {})


def downloads(period: Period) -> list[dict]:
    """The workbook of the Standing Committee, when there is one."""
    found = []
    for name, label, icon in (
        ("reports:standing_committee", "Biểu tiến độ", "print"),
        ("reports:standing_committee_xlsx", "Tải Excel", "download"),
    ):
        try:
            found.append({"url": f"{reverse(name)}?{urlencode(address(period))}", "label": label, "icon": icon})
        except NoReverseMatch:
            continue
    return found

"""The sentences of the progress table: notes under it, what to know about its data, how each column is counted."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from reports.figures import Count, Window
from reports.figures.progress import term_of
from reports.figures.rows import ProgressTable
from vuthu_recruit.templatetags.ui import vn_number

NAMED_AT_MOST = 6  # units listed by name; more are counted


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def named(count: Count) -> str:
    """ "12, trong đó 9 đã có tên"."""
    return f"{vn_number(count.total)}, trong đó {vn_number(count.people)} đã có tên"


def term_days(table: ProgressTable) -> str:
    """The term window, with its mark as long as nobody has confirmed it."""
    plan = table.plan
    mark = "" if plan.term_is_confirmed else " (ngày nhiệm kỳ chưa xác nhận)"
    return f"{_day(plan.term_starts_on)}–{_day(plan.term_ends_on)}{mark}"


def remarks(table: ProgressTable, *, whole: bool) -> Iterator[str]:
    """Under the table: what a reader of the paper alone must know."""
    period, plan, year = table.period, table.plan, table.period.as_of.year
    yield f"Trong kỳ: từ {_day(period.since)} đến hết {_day(period.as_of)}. Lũy kế năm: từ {_day(period.year_start)}."
    if plan is None:
        yield "Chưa có kế hoạch nên không có chỉ tiêu và lũy kế nhiệm kỳ."
    else:
        yield f"Tính theo {table.basis}. % chỉ tiêu: lũy kế năm so với mức tối thiểu của năm {year}."
        if any(row.progress and not row.has_target and row.figures.year.total for row in table.rows):
            yield "Hàng cộng của % chỉ tiêu không tính số người ở đơn vị không giao chỉ tiêu."
        yield f"Nhiệm kỳ: {term_days(table)}."
        if not plan.covers(period.as_of):
            yield f"Ngày {_day(period.as_of)} ngoài giai đoạn giao chỉ tiêu nên không tính % chỉ tiêu."
        if table.total.term.opening:
            rest = vn_number(table.total.term.opening)
            yield f"Lũy kế nhiệm kỳ gồm {rest} người của số dư đầu kỳ chưa có tên."
    yield "Hồ sơ đang làm: gồm đang làm hồ sơ, chi bộ và đảng ủy cơ sở đã có nghị quyết."
    yield from _counted_members(table)
    if any(row.progress is None for row in table.rows):
        yield "Chỉ tiêu, tổng số đảng viên và số dư đầu kỳ là của cả đơn vị, không ghi cho từng chi bộ."
    if whole and plan:
        yield from _two_yardsticks(table)
    yield "Dấu “–”: không có hoặc chưa có số liệu; ô trống: đơn vị chưa nhập."


def _counted_members(table: ProgressTable) -> Iterator[str]:
    """Of when the figures of members are, and how many units the sum leaves out."""
    days = sorted({row.members.on for row in table.rows if row.members})
    if not days:
        return
    span = f"ngày {_day(days[0])}" if len(days) == 1 else f"từ ngày {_day(days[0])} đến ngày {_day(days[-1])}"
    missing = sum(1 for row in table.rows if row.progress and not row.members)
    left_out = f"; {missing} đơn vị chưa có số liệu, không tính trong hàng cộng" if missing else ""
    yield f"Tổng số đảng viên: theo số liệu {span} của từng đơn vị{left_out}."


def _two_yardsticks(table: ProgressTable) -> Iterator[str]:
    term = term_of(table, with_goal=True)
    total = table.total
    if total.has_target:
        yield (
            f"Tổng chỉ tiêu năm của {total.target.units} đơn vị ({total.target.minimum}–{total.target.maximum} người) "
            f"và mục tiêu cả nhiệm kỳ của toàn Đảng bộ (từ {vn_number(term.goal)} người trở lên, đến nay "
            f"{vn_number(term.count.total)}) là hai thước đo riêng."
        )


def data_notes(table: ProgressTable) -> Iterator[str]:
    """What may surprise in the data themselves: dates of facts, openings, units that closed or entered nothing."""
    plan = table.plan
    if plan and not plan.term_is_confirmed:
        yield f"Ngày đầu và cuối nhiệm kỳ ({_day(plan.term_starts_on)}–{_day(plan.term_ends_on)}) chưa xác nhận."
    yield from _members(table)
    for row in table.rows:
        for which, words in ((Window.YEAR, "lũy kế năm"), (Window.TERM, "lũy kế nhiệm kỳ")):
            count = getattr(row.figures, which.value)
            if count.opening:
                yield f"{row.name}, {words}: {named(count)}; phần còn lại là số dư đầu kỳ, không rõ cơ cấu."
        for balance in row.named_beyond:
            yield (
                f"{row.name}: đã có tên {balance.named} người, nhiều hơn số dư {balance.count} người của khoảng "
                f"{_day(balance.from_on)}–{_day(balance.to_on)}. Cần kiểm tra lại."
            )
    closed = [row for row in table.rows if row.is_closed]
    yield from (f"{row.name}: {'; '.join(row.notes)}." for row in closed)
    empty = [row.name for row in table.rows if not row.is_entered]
    if empty:
        yield f"Chưa nhập số liệu: {_list(empty)}. Chỉ tiêu của các đơn vị này vẫn tính trong hàng cộng."


def _members(table: ProgressTable) -> Iterator[str]:
    days: dict[date, list[str]] = defaultdict(list)
    for row in table.rows:
        if row.members:
            days[row.members.on].append(row.name)
    for day, names in sorted(days.items()):
        yield f"Tổng số đảng viên theo số liệu ngày {_day(day)}: {_list(names)}."
    missing = [row.name for row in table.rows if row.progress and not row.members]
    if missing:
        yield f"Chưa có tổng số đảng viên: {_list(missing)}."


def _list(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= NAMED_AT_MOST else f"{len(names)} đơn vị"


def definitions(table: ProgressTable) -> list[tuple[str, str]]:
    """Each column and how it is counted, in the words of design 6."""
    period, year = table.period, table.period.as_of.year
    day, first = _day(period.as_of), _day(period.year_start)
    basis = table.basis or "ngày quyết định kết nạp"
    at_day = f"ngày {day}, theo đơn vị của ngày đó, kể cả hồ sơ đang bị trả lại; không kể người tạm dừng"
    rest = "cộng phần chưa có tên của số dư đầu kỳ kết thúc trong khoảng đó"
    term = f"nhiệm kỳ {term_days(table)}" if table.plan else "nhiệm kỳ (chưa có kế hoạch)"
    snapshot = "Trong số lũy kế năm, theo hồ sơ lúc có quyết định kết nạp. Phần chưa có tên: không rõ{}."
    return [
        ("Tổng số đảng viên", f"Số liệu gần nhất của đơn vị đến ngày {day}. Chưa có số liệu: “–”."),
        ("Số chi bộ trực thuộc", f"Chi bộ đang hoạt động ngày {day}. Chi bộ cơ sở không có chi bộ trực thuộc: “–”."),
        (
            "Chỉ tiêu năm",
            f"Mức tối thiểu và tối đa của năm {year} theo quyết định giao hoặc điều chỉnh gần nhất đến ngày {day}. "
            "Hàng cộng: cộng các mức tối thiểu và cộng các mức tối đa của những đơn vị có chỉ tiêu.",
        ),
        ("Đã học lớp nhận thức", f"Người đã có giấy chứng nhận, chưa bắt đầu hồ sơ, tính {at_day}."),
        ("Hồ sơ đang làm", f"Người đang làm hồ sơ, chi bộ hoặc đảng ủy cơ sở đã có nghị quyết, tính {at_day}."),
        ("Đã gửi BTC", f"Người có hồ sơ đã gửi Ban Tổ chức hoặc đã thẩm định, chờ quyết định, tính {at_day}."),
        (
            "Đã kết nạp trong kỳ",
            f"Người có {basis} từ {_day(period.since)} đến hết {day}, tính cho đơn vị của người đó lúc ấy; {rest}.",
        ),
        ("Lũy kế năm", f"Như trên, từ {first} đến hết {day}."),
        (
            "% chỉ tiêu",
            "Lũy kế năm chia cho mức tối thiểu, một chữ số thập phân, không giới hạn ở 100%. Hàng cộng: chỉ lấy những "
            "đơn vị có chỉ tiêu, ở cả số người và mức tối thiểu.",
        ),
        ("Lũy kế nhiệm kỳ", f"Như lũy kế năm, tính trong {term}."),
        ("Trong đó: nữ", snapshot.format(", trừ khi số dư ghi số nữ")),
        ("Trong đó: đoàn viên", snapshot.format("")),
        ("Trong đó: tôn giáo", snapshot.format("")),
        ("Trong đó: doanh nghiệp", "Lao động doanh nghiệp ngoài nhà nước. " + snapshot.format("")),
        ("Chuyển chính thức", f"Quyết định công nhận đảng viên chính thức từ {first} đến hết {day}."),
    ]

"""Writes a report to a file."""

import os
import tempfile
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organizations.models import User
from organizations.permissions import Permission
from organizations.scope import holds
from reports import standing_people, workbooks
from reports.console import Console
from reports.figures import Period
from reports.standing_committee import report_for
from vuthu_recruit import clock
from vuthu_recruit.dates import DateError, parse_day, show_day


def standing_committee(reader, period: Period) -> tuple[bytes, str]:
    report = report_for(reader, period)
    people = standing_people.people(reader, report.table) if standing_people.may_have(reader) else None
    total = report.table.total
    words = f"{len(report.lines)} đơn vị, lũy kế năm {report.year}: {total.year.total} người"
    return workbooks.standing_committee(report, people), words


REPORTS = {"standing-committee": standing_committee}


class Command(BaseCommand):
    help = (
        "Xuất báo cáo ra tệp Excel. Tên báo cáo: standing-committee (biểu tiến độ kết nạp đảng viên). "
        "Số liệu tính đến hết ngày --as-of; “trong kỳ” tính từ ngày --from, không ghi thì từ ngày đầu của tháng đó. "
        "Không có --as: toàn bộ các đơn vị; có --as: đúng phạm vi và quyền của tài khoản ấy. "
        "Danh sách người chỉ kèm khi người đọc được xem và được xuất; không bao giờ có số định danh. "
        "Không ghi gì vào cơ sở dữ liệu. Sai tham số: báo lỗi và kết thúc với mã 1."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help=f"tên báo cáo: {', '.join(REPORTS)}")
        parser.add_argument("--as-of", required=True, help="tính đến hết ngày, dạng 2024-11-18 hoặc 18/11/2024")
        parser.add_argument("--from", dest="since", help="trong kỳ từ ngày (mặc định: đầu tháng của --as-of)")
        parser.add_argument("--output", required=True, help="tệp .xlsx sẽ ghi; tệp cũ cùng tên bị thay")
        parser.add_argument("--as", dest="username", help="xuất theo phạm vi của tài khoản này")

    def handle(self, *, name, as_of, since, output, username, **options):
        if name not in REPORTS:
            raise CommandError(f"Không có báo cáo “{name}”. Các báo cáo: {', '.join(REPORTS)}.")
        period = _period(as_of, since)
        path = Path(output)
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise CommandError(f"Không ghi được vào {output}: đường dẫn không phải là một tệp trong thư mục có sẵn.")
        content, words = REPORTS[name](_reader(username), period)
        _write(path, content)
        self.stdout.write(f"Đã ghi {output}: {words}.")


def _period(as_of: str, since: str | None) -> Period:
    last = _day("--as-of", as_of)
    if last > clock.today():
        raise CommandError(f"--as-of: ngày {show_day(last)} chưa đến; hôm nay là {show_day(clock.today())}.")
    if since is None:
        return Period.month_of(last)
    first = _day("--from", since)
    if first > last:
        raise CommandError(f"--from: ngày {show_day(first)} sau ngày --as-of {show_day(last)}.")
    return Period(first, last)


def _day(option: str, text: str) -> date:
    try:
        return parse_day(text)
    except DateError as refusal:
        raise CommandError(f"{option}: {refusal.for_label('Ngày')}")


def _reader(username: str | None):
    if username is None:
        return Console()
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"Không có tài khoản “{username}”.")
    if not (holds(user, Permission.FIGURES_VIEW) and holds(user, Permission.EXPORT)):
        raise CommandError(f"Tài khoản “{username}” không có quyền xem và xuất số liệu.")
    return user


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: beside the target first, then in its place. Readable by its owner, as it may hold names."""
    beside = None
    try:
        handle, beside = tempfile.mkstemp(dir=path.absolute().parent, prefix=".", suffix=".xlsx")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except OSError as fault:
        if beside:
            Path(beside).unlink(missing_ok=True)
        raise CommandError(f"Không ghi được vào {path}: {fault.strerror or fault}.")
